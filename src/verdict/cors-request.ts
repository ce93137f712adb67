/** What a caller says of a request, checked, and made into the request that a page's API would make. */

import type { CorsBody } from '../fetch/body.js'
import type { Deviations } from '../fetch/deviations.js'
import { type ElementKind, elementKinds } from '../fetch/element-request.js'
import type { Failure } from '../fetch/failure.js'
import type {
  Client,
  FetchRequest,
  Initiator,
  RequestCache,
  RequestCredentials,
  RequestMode,
  RequestRedirect,
} from '../fetch/fetch-request.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import { createRequest, type RequestArguments } from '../fetch/page-request.js'
import { type ReferrerPolicy, referrerPolicies } from '../fetch/referrer.js'
import { literal, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { readHeaderLines } from './read-input.js'

/** A request as a page's script would make it. */
export interface CorsRequest {
  /** The page's serialized origin: `https://app.example.com`, `capacitor://localhost`, or `null` for an opaque one. */
  readonly origin: string
  /** An absolute URL, or one relative to `page`. */
  readonly url: string
  /** The page's URL, where it matters: relative URLs, mixed content for an opaque origin. Default: the origin. */
  readonly page?: string | undefined
  /** Default `GET`. */
  readonly method?: string | undefined
  /** What the script sets: a `HeadersInit`, or names alone, each then taken as CORS-unsafe. */
  readonly headers?: HeadersLike | undefined
  /** Default `same-origin`, as in `fetch`. For `xhr` and `eventsource`, `include` is `withCredentials`. */
  readonly credentials?: RequestCredentials | undefined
  /** Default `cors`. */
  readonly mode?: RequestMode | undefined
  /** Default `follow`. */
  readonly redirect?: RequestRedirect | undefined
  /** The request cache mode. Default `default`. */
  readonly cache?: RequestCache | undefined
  /** Where the request says it comes from: a URL of the page's origin, or empty for nothing. Default: the page. */
  readonly referrer?: string | undefined
  /** How much of it is said. Default: the page's policy. */
  readonly referrerPolicy?: ReferrerPolicy | undefined
  /** Whether the request outlives its page. */
  readonly keepalive?: boolean | undefined
  /** The body; its type decides which `Content-Type` it brings along. */
  readonly body?: CorsBody
  /** Whether an XHR has listeners on its `upload`. */
  readonly uploadListeners?: boolean | undefined
  /** Which API makes the request. Default `fetch`. */
  readonly initiator?: Initiator | undefined
  /**
   * The element that asks, whose mode, credentials and headers are its own. Instead of `method`, `headers`, `credentials`, `mode`, `redirect`, `cache`,
   * `body` and `initiator`.
   */
  readonly as?: ElementKind | undefined
  /** The element's `crossorigin` attribute: `anonymous`, `use-credentials`, or any other value, which counts as `anonymous`. Default: it has none. */
  readonly crossorigin?: string | null | undefined
  /** The URL of the module that imports this one, as a `module`: the referrer. */
  readonly importer?: string | undefined
  /** Whether a `<link rel="preload">` asks, ahead of the element. */
  readonly preload?: boolean | undefined
  /** What the connection speaks; `1.1` refuses stream bodies. Default: not known. */
  readonly httpVersion?: '1.1' | '2' | '3' | undefined
}

/** The same of a page that is there, which says itself where it is and what its connections speak. */
export type AskedRequest = Omit<CorsRequest, 'origin' | 'page' | 'httpVersion'>

/**
 * The request the page's API makes of a {@link CorsRequest}, or why it throws.
 * @param url the request's, where it has been parsed already
 */
export function toFetchRequest(
  client: Client,
  request: AskedRequest,
  deviations: Deviations,
  url?: URL,
): FetchRequest | Failure {
  return createRequest(client, argumentsOf(request, url), deviations)
}

/** What the page's API is given, checked. @param url the request's, where it has been parsed already */
export function argumentsOf(request: AskedRequest, url: string | URL = request.url): RequestArguments {
  if (typeof request.url !== 'string')
    throw new CorsUsageError(`request.url must be a string; got ${typeof request.url}`)
  if (request.as !== undefined) return elementArgumentsOf(request, request.as, url)
  const { method, headers, credentials, mode, redirect, cache, body, uploadListeners, initiator } = request
  const { referrer, referrerPolicy, keepalive } = request
  const init: RequestArguments = {
    url,
    method,
    headers: readHeaderLines(headers, 'request'),
    credentials,
    mode,
    redirect,
    cache,
    referrer,
    referrerPolicy,
    keepalive,
    body,
    uploadListeners,
    initiator,
  }
  checkInit(init)
  return init
}

/** @throws CorsUsageError for what no element can be told */
function elementArgumentsOf(
  request: AskedRequest,
  element: ElementKind,
  url: string | URL,
): RequestArguments {
  const { crossorigin, preload, referrerPolicy, importer } = request
  checkChoice('as', element, elementKinds)
  checkReferrerPolicy(referrerPolicy)
  checkCrossorigin(crossorigin)
  const own = SCRIPTS_OWN.find((name) => request[name] !== undefined)
  if (own !== undefined)
    throw new CorsUsageError(
      `${own} is not for a request as '${element}': an element asks in its own way, and crossorigin says the rest`,
    )
  if (importer !== undefined && !(element === 'module' && URL.canParse(importer)))
    throw new CorsUsageError(
      `importer is the URL of a module that imports a module; got ${literal(importer)}`,
    )
  return { url, headers: [], element, crossorigin, preload, referrerPolicy, importer }
}

/** What a script says of its requests, and no element. */
const SCRIPTS_OWN = [
  'method',
  'headers',
  'credentials',
  'mode',
  'redirect',
  'cache',
  'referrer',
  'keepalive',
  'body',
  'uploadListeners',
  'initiator',
] as const satisfies readonly (keyof AskedRequest)[]

/** @throws CorsUsageError for a referrer policy that there is not */
export function checkReferrerPolicy(value: unknown): void {
  checkChoice('referrerPolicy', value, REFERRER_POLICIES)
}

/** @throws CorsUsageError for what is not an attribute's value */
export function checkCrossorigin(value: unknown): void {
  if (value === undefined || value === null || typeof value === 'string') return
  throw new CorsUsageError(
    `crossorigin is the attribute's value, 'anonymous' or 'use-credentials', and null where there is none; got ${shown(String(value))}`,
  )
}

const CREDENTIALS: readonly unknown[] = ['omit', 'same-origin', 'include']
const MODES: readonly unknown[] = ['cors', 'no-cors', 'same-origin']
const REDIRECTS: readonly unknown[] = ['follow', 'error', 'manual']
const REFERRER_POLICIES: readonly unknown[] = ['', ...referrerPolicies]
const INITIATORS: readonly unknown[] = ['fetch', 'xhr', 'eventsource', 'beacon', 'form']

function checkInit({
  method,
  credentials,
  mode,
  redirect,
  referrerPolicy,
  initiator,
}: RequestArguments): void {
  if (method !== undefined && typeof method !== 'string')
    throw new CorsUsageError(`request.method must be a string such as 'PUT'; got ${typeof method}`)
  checkChoice('credentials', credentials, CREDENTIALS)
  checkChoice('mode', mode, MODES)
  checkChoice('redirect', redirect, REDIRECTS)
  checkReferrerPolicy(referrerPolicy)
  checkChoice('initiator', initiator, INITIATORS)
}

function checkChoice(name: string, value: unknown, choices: readonly unknown[]): void {
  if (value === undefined || choices.includes(value)) return
  const known = choices.map((choice) => `'${String(choice)}'`)
  const hint =
    name === 'credentials' && typeof value === 'boolean'
      ? ` (for ${value}, write ${value ? "'include'" : "'omit'"})`
      : ''
  throw new CorsUsageError(
    `${name} must be one of ${known.join(', ')}; got ${typeof value === 'string' ? literal(value) : shown(String(value))}${hint}`,
  )
}
