/** `evaluateCors`: a request and the answers observed for it, judged. Pure, synchronous, no I/O. */
import { type Profile, profiles } from '../engines/profiles.js'
import type { CorsBody } from '../fetch/body.js'
import type { Deviations } from '../fetch/deviations.js'
import type { Failure } from '../fetch/failure.js'
import {
  type Client,
  FetchRequest,
  type Initiator,
  type RequestCache,
  type RequestCredentials,
  type RequestMode,
  type RequestRedirect,
} from '../fetch/fetch-request.js'
import { visibleHeaderNames } from '../fetch/filtered-response.js'
import type { HeaderList } from '../fetch/header-list.js'
import { type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import {
  type FetchContext,
  type FetchOutcome,
  mainFetch,
  type PreflightReason,
  type Send,
} from '../fetch/main-fetch.js'
import { createRequest } from '../fetch/page-request.js'
import type { ResponseHead } from '../fetch/response-head.js'
import { preflightRequestHead, type RequestHead, requestHead } from '../fetch/sent-headers.js'
import { createClient } from './client.js'
import { eventStreamFailure } from './event-stream.js'
import { isSecretHeader, REDACTED, redactUserInfo } from './redact.js'
import { readResponseHead } from './response-input.js'
import { CorsUsageError } from './usage-error.js'
import type { Hop, Verdict } from './verdict.js'

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
  /** The body; its type decides which `Content-Type` it brings along. */
  readonly body?: CorsBody
  /** Whether an XHR has listeners on its `upload`. */
  readonly uploadListeners?: boolean | undefined
  /** Which API makes the request. Default `fetch`. */
  readonly initiator?: Initiator | undefined
  /** What the connection speaks; `1.1` refuses stream bodies. Default: not known. */
  readonly httpVersion?: '1.1' | '2' | '3' | undefined
}

/** A response head as it was observed. Duplicate header lines count: give pairs where there are any. */
export interface ResponseHeadInput {
  readonly status: number
  readonly headers: HeadersLike
}

/** What {@link evaluateCors} judges. */
export interface EvaluateCorsInput {
  readonly request: CorsRequest
  /** The answer to the preflight, if one was sent. */
  readonly preflight?: ResponseHeadInput | undefined
  /** The answer to the request itself. */
  readonly response?: ResponseHeadInput | undefined
  /** Whose behaviour. Default `standard`. */
  readonly engine?: Profile | undefined
}

const NO_REASONS: readonly PreflightReason[] = []
const NO_NAMES: readonly string[] = []

/**
 * Judges a request and its answers as a browser would.
 *
 * Where what was given does not decide, the outcome is `incomplete` and `needs` and `next` say what to send; a redirect that a browser would follow
 * is such a case.
 *
 * @throws CorsUsageError for an origin that is not in its canonical form, a value that is not of its type, or an unknown engine
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 * @example
 * const verdict = evaluateCors({
 *   request: { origin: 'https://app.example.com', url: 'https://api.example.com/orders' },
 *   response: { status: 200, headers: { 'Access-Control-Allow-Origin': '*' } },
 * })
 * verdict.outcome // 'allowed'
 */
export function evaluateCors(input: EvaluateCorsInput): Verdict {
  const engine = input.engine ?? 'standard'
  const deviations = deviationsOf(engine)
  const client = createClient(input.request.origin, input.request.page)
  return judge(engine, deviations, client, input)
}

/** As {@link evaluateCors}, for a page that is already known. */
export function judge(
  engine: Profile,
  deviations: Deviations,
  client: Client,
  input: EvaluateCorsInput,
): Verdict {
  const request = createPageRequest(client, input.request, deviations)
  if (!(request instanceof FetchRequest)) return unsentVerdict(engine, client, input.request, request)
  const context: FetchContext = {
    deviations,
    httpVersion: input.request.httpVersion,
    warnings: [],
    preflightReasons: null,
    preflight: null,
  }
  const run = mainFetch(request, context)
  let step = run.next()
  let status: number | undefined
  const firstHead = step.done === true ? null : headOfPreflight(request, step.value, deviations)
  while (step.done !== true) {
    const send = step.value
    const answer =
      request.redirectCount > 0 ? undefined : send.phase === 'preflight' ? input.preflight : input.response
    if (answer === undefined) return incompleteVerdict(engine, request, context, firstHead, send)
    const head = readResponseHead(answer, send.phase)
    status = head.status
    step = run.next(head)
  }
  return finalVerdict(engine, request, context, firstHead, step.value, status)
}

/** The switches of an engine. @throws CorsUsageError for a name that is none */
export function deviationsOf(engine: Profile): Deviations {
  const deviations = Object.hasOwn(profiles, engine) ? profiles[engine] : undefined
  if (deviations === undefined) {
    throw new CorsUsageError(
      `unknown engine ${JSON.stringify(engine)}: use one of ${Object.keys(profiles).join(', ')}`,
    )
  }
  return deviations
}

/** The request the page's API makes of a {@link CorsRequest}, or why it throws. */
export function createPageRequest(
  client: Client,
  request: CorsRequest,
  deviations: Deviations,
): FetchRequest | Failure {
  checkRequest(request)
  return createRequest(
    client,
    {
      url: request.url,
      method: request.method,
      headers: readHeaders(request.headers),
      credentials: request.credentials,
      mode: request.mode,
      redirect: request.redirect,
      cache: request.cache,
      body: request.body,
      uploadListeners: request.uploadListeners,
      initiator: request.initiator,
    },
    deviations,
  )
}

const CHOICES = {
  credentials: ['omit', 'same-origin', 'include'],
  mode: ['cors', 'no-cors', 'same-origin'],
  redirect: ['follow', 'error', 'manual'],
  initiator: ['fetch', 'xhr', 'eventsource'],
} as const

function checkRequest(request: CorsRequest): void {
  if (typeof request.url !== 'string')
    throw new CorsUsageError(`request.url must be a string; got ${typeof request.url}`)
  for (const key in CHOICES) {
    const value: unknown = request[key as keyof typeof CHOICES]
    if (value === undefined) continue
    const choices: readonly unknown[] = CHOICES[key as keyof typeof CHOICES]
    if (!choices.includes(value)) {
      const hint =
        key === 'credentials' && typeof value === 'boolean'
          ? ` (for ${value}, write ${value ? "'include'" : "'omit'"})`
          : ''
      throw new CorsUsageError(
        `${key} must be one of ${choices.map((choice) => `'${choice}'`).join(', ')}; got ${JSON.stringify(value)}${hint}`,
      )
    }
  }
}

function headOfPreflight(request: FetchRequest, send: Send, deviations: Deviations): RequestHead | null {
  return send.preflight === undefined ? null : preflightRequestHead(request, send.preflight, deviations)
}

function preflightPart(context: FetchContext, head: RequestHead | null): Verdict['preflight'] {
  const reasons = context.preflightReasons ?? NO_REASONS
  if (reasons.length === 0) return { required: false, reasons: NO_REASONS }
  const shown = reasons.map((reason) =>
    reason.kind === 'header' && isSecretHeader(reason.name) ? { ...reason, value: REDACTED } : reason,
  )
  return head === null
    ? { required: true, reasons: shown }
    : { required: true, reasons: shown, request: head }
}

function finalVerdict(
  engine: Profile,
  request: FetchRequest,
  context: FetchContext,
  head: RequestHead | null,
  outcome: FetchOutcome,
  status: number | undefined,
): Verdict {
  const credentials = request.credentials === 'include'
  const base = {
    engine,
    origin: request.client.origin.serialized,
    page: redactUserInfo(request.client.url),
    initiator: request.initiator,
    url: redactUserInfo(request.urlList[0] as URL),
    method: request.method,
    credentials,
    hop: hopOf(request, status),
    preflight: preflightPart(context, head),
    warnings: context.warnings,
  }
  const failure =
    outcome.failure ?? eventStreamFailure(request, (outcome as { response: ResponseHead }).response)
  if (failure !== null) return { ...base, outcome: 'blocked', ...failure, exposedHeaders: NO_NAMES }
  const { type, response } = outcome as Exclude<FetchOutcome, { failure: Failure }>
  return {
    ...base,
    outcome: type === 'opaque' || type === 'opaqueredirect' ? 'opaque' : 'allowed',
    type,
    exposedHeaders: visibleHeaderNames(type, response.headers as HeaderList, credentials),
  }
}

function incompleteVerdict(
  engine: Profile,
  request: FetchRequest,
  context: FetchContext,
  head: RequestHead | null,
  send: Send,
): Verdict {
  const next =
    send.preflight === undefined
      ? requestHead(request, context.deviations)
      : preflightRequestHead(request, send.preflight, context.deviations)
  return {
    engine,
    outcome: 'incomplete',
    origin: request.client.origin.serialized,
    page: redactUserInfo(request.client.url),
    initiator: request.initiator,
    url: redactUserInfo(request.urlList[0] as URL),
    method: request.method,
    credentials: request.credentials === 'include',
    hop: hopOf(request, undefined),
    preflight: preflightPart(context, head),
    exposedHeaders: NO_NAMES,
    needs: request.redirectCount > 0 ? 'redirect' : send.phase === 'preflight' ? 'preflight' : 'response',
    next,
    warnings: context.warnings,
  }
}

/** Where a request is now, `status` being that of the last answer. */
export function hopOf(request: FetchRequest, status: number | undefined): Hop {
  const hop = { url: redactUserInfo(request.currentUrl), origin: request.serializedOrigin }
  return status === undefined ? hop : { ...hop, status }
}

/** The page's own API refused: nothing is ever sent. */
function unsentVerdict(engine: Profile, client: Client, request: CorsRequest, failure: Failure): Verdict {
  const origin = client.origin.serialized
  const url = URL.canParse(request.url, client.url.href)
    ? redactUserInfo(new URL(request.url, client.url))
    : request.url
  return {
    engine,
    outcome: 'blocked',
    origin,
    page: redactUserInfo(client.url),
    initiator: request.initiator ?? 'fetch',
    url,
    method: request.method ?? 'GET',
    credentials: request.credentials === 'include',
    hop: { url, origin },
    preflight: { required: false, reasons: NO_REASONS },
    ...failure,
    exposedHeaders: NO_NAMES,
    warnings: [],
  }
}
