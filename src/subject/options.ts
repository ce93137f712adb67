/** The options of a live assertion. */

import { type CorsBody, extractBody } from '../fetch/body.js'
import {
  type CorsElementKind,
  corsElementKinds,
  type ElementKind,
  elementKinds,
} from '../fetch/element-request.js'
import type { RequestCredentials } from '../fetch/fetch-request.js'
import type { Header } from '../fetch/header-list.js'
import { type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import { byteLowercase, isHeaderValue, isToken } from '../fetch/http-tokens.js'
import { isForbiddenRequestHeader } from '../fetch/request-headers.js'
import { nearest } from '../text/nearest.js'
import { argument, literal } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { checkEngine } from '../verdict/client.js'
import type { Verdict } from '../verdict/verdict.js'
import { LONGEST_TIMEOUT } from './clock.js'
import { hasMembers, hasMethods, type Members } from './shape.js'

/** What a live assertion takes besides what it asserts. */
export interface LiveOptions {
  /** Appended below the endpoint's own path. */
  readonly path?: string | undefined
  /** Default `GET`. */
  readonly method?: string | undefined
  /** What the page's script sets, and is judged: a `HeadersInit`, or names alone, each then taken as CORS-unsafe. */
  readonly headers?: HeadersLike | undefined
  /** Sent with every request to this endpoint, preflights included; never judged, never sent to another origin, always redacted. */
  readonly extraHeaders?: HeadersLike | undefined
  readonly body?: CorsBody
  /** Default: what the matcher is about. */
  readonly credentials?: RequestCredentials | undefined
  /** The element that asks: its mode and headers are its own, and `crossorigin` is as {@link LiveOptions.credentials} say. Default: a script's `fetch`. */
  readonly as?: CorsElementKind | undefined
  /** In which engines it must hold. Default `['chromium', 'firefox', 'webkit']`. */
  readonly engines?: readonly Verdict['engine'][] | undefined
  /** Milliseconds for the whole journey. Default 4000, below the 5 s of test runners. */
  readonly timeout?: number | undefined
  /** Where an app in this process is judged to be served, `https://api.example.com`; a path is kept. */
  readonly baseUrl?: string | URL | undefined
  /** Whether an https page is refused an http endpoint. Default true, except for an http endpoint on this machine, which stands for the deployed one. */
  readonly mixedContent?: boolean | undefined
  /** Whether an assertion that has failed asks again, harmlessly, to tell the cause. Default true. */
  readonly diagnose?: boolean | undefined
  /** A dispatcher of undici that reaches the network. */
  readonly dispatcher?: unknown
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds a live assertion takes at most, unless said otherwise. */
export const DEFAULT_TIMEOUT = 4000

type Check = (value: unknown, where: string) => void

const CREDENTIALS = ['omit', 'same-origin', 'include']

/** What each option must be. */
export const optionChecks = {
  path(value, where) {
    if (typeof value !== 'string') refuse(where, 'path', "a string such as '/orders?page=2'", value)
    if (/^[a-z][a-z0-9+.-]*:/i.test(value)) {
      throw new CorsUsageError(
        `${where}: path is appended below the endpoint's own; got the URL ${literal(value)}. Make that URL the subject: expect(${literal(value)})`,
      )
    }
  },
  method(value, where) {
    if (typeof value !== 'string' || !isToken(value))
      refuse(where, 'method', "an HTTP method such as 'PUT'", value)
  },
  headers(value, where) {
    refuseForbidden(readLines(value, where), where)
  },
  extraHeaders(value, where) {
    readExtraHeaders(value, where)
  },
  body(value, where) {
    if (extractBody(value) !== 'unknown') return
    throw new CorsUsageError(
      `${where}: body must be what fetch takes as one, a string, URLSearchParams, FormData, Blob, bytes or a ReadableStream; got ${describeValue(value)}, which a browser would send as the text ${literal(textOf(value))}. For JSON, write body: JSON.stringify(…) and headers: { 'content-type': 'application/json' }`,
    )
  },
  credentials(value) {
    checkCredentials(value)
  },
  as(value, where) {
    if (corsElementKinds.includes(value as CorsElementKind)) return
    const known = corsElementKinds.map((kind) => `'${kind}'`).join(', ')
    if (!elementKinds.includes(value as ElementKind)) refuse(where, 'as', `one of ${known}`, value)
    throw new CorsUsageError(
      value === 'fetch'
        ? `${where}: as: 'fetch' is what is asked without as: leave it out`
        : `${where}: what loads as ${argument(value as string)} is not judged by CORS; as must be one of ${known}`,
    )
  },
  engines(value, where) {
    if (!Array.isArray(value) || value.length === 0) {
      refuse(
        where,
        'engines',
        "a list with at least one engine, such as ['chromium', 'firefox', 'webkit']",
        value,
      )
    }
    for (const engine of value as readonly Verdict['engine'][]) checkEngine(engine)
  },
  timeout(value, where) {
    if (typeof value !== 'number' || !(value > 0 && value <= LONGEST_TIMEOUT)) {
      refuse(where, 'timeout', 'a positive number of milliseconds', value)
    }
  },
  baseUrl(value, where) {
    const text = String(value)
    if (
      !(typeof value === 'string' || Object.prototype.toString.call(value) === '[object URL]') ||
      !/^https?:\/\//i.test(text) ||
      !URL.canParse(text)
    ) {
      refuse(where, 'baseUrl', "an absolute http(s) URL such as 'https://api.example.com'", value)
    }
  },
  mixedContent(value, where) {
    if (typeof value !== 'boolean') refuse(where, 'mixedContent', 'true or false', value)
  },
  diagnose(value, where) {
    if (typeof value !== 'boolean') refuse(where, 'diagnose', 'true or false', value)
  },
  dispatcher(value, where) {
    if (!hasMethods(value, 'dispatch', 'request')) {
      refuse(where, 'dispatcher', 'a dispatcher of undici, such as new Agent() or new MockAgent()', value)
    }
  },
  signal(value, where) {
    if (!hasMethods(value, 'addEventListener') || typeof value.aborted !== 'boolean')
      refuse(where, 'signal', 'an AbortSignal', value)
  },
} satisfies Record<keyof LiveOptions, Check>

/**
 * Checks the options of a live assertion.
 * @param where what the options were given to, as messages name it: `toAllowCorsRequest()`
 * @param others further option names that are known there, checked elsewhere
 * @throws CorsUsageError for an unknown name or a value that is not of its type
 */
export function checkLiveOptions(options: unknown, where: string, others: readonly string[] = []): void {
  if (options === undefined) return
  if (!hasMembers(options) || Array.isArray(options)) {
    const path =
      typeof options === 'string' && options.startsWith('/') ? `; write { path: ${argument(options)} }` : ''
    throw new CorsUsageError(`${where}: the options must be an object; got ${describeValue(options)}${path}`)
  }
  checkNames(options, [...Object.keys(optionChecks), ...others], where)
  for (const [name, check] of Object.entries(optionChecks) as [string, Check][]) {
    if (options[name] !== undefined && !others.includes(name)) check(options[name], where)
  }
}

/** What an option of a call's own must be, in words, and whether a value is that. */
export type OwnCheck = readonly [expected: string, isValid: (value: unknown) => boolean]

/** The options that a call takes. */
interface CallOptions {
  readonly own?: Readonly<Record<string, OwnCheck>>
  /** Those that a live assertion takes as well. */
  readonly live: readonly (keyof LiveOptions)[]
  /** Those that are checked elsewhere. */
  readonly others?: readonly string[]
}

/** @throws CorsUsageError for an unknown name or a value that is not of its type */
export function checkCallOptions(
  options: Members,
  { own = {}, live, others = [] }: CallOptions,
  where: string,
): void {
  checkNames(options, [...others, ...Object.keys(own), ...live], where)
  for (const [name, [expected, isValid]] of Object.entries(own)) {
    const value = options[name]
    if (value !== undefined && !isValid(value))
      throw new CorsUsageError(`${where}: ${name} must be ${expected}; got ${describeValue(value)}`)
  }
  for (const name of live) if (options[name] !== undefined) optionChecks[name](options[name], where)
}

/** @throws CorsUsageError for a name that is not among the known ones, with the nearest of them */
export function checkNames(options: object, known: readonly string[], where: string): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    throw new CorsUsageError(
      `${where}: unknown option ${literal(name)}${near === undefined ? `; known are ${known.join(', ')}` : `; did you mean ${JSON.stringify(near)}?`}`,
    )
  }
}

/** @throws CorsUsageError, which for a boolean names what it stands for */
export function checkCredentials(value: unknown): void {
  if (value === undefined || CREDENTIALS.includes(value as string)) return
  const hint = typeof value === 'boolean' ? ` (for ${value}, write ${value ? "'include'" : "'omit'"})` : ''
  throw new CorsUsageError(
    `credentials must be one of 'omit', 'same-origin', 'include'; got ${describeValue(value)}${hint}`,
  )
}

/** What a browser makes of a body that is none. */
function textOf(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function'
    ? Object.prototype.toString.call(value)
    : String(value)
}

/** Reads lines that are read again for each request. @throws CorsUsageError */
function readLines(value: unknown, where: string): Header[] {
  if (isOneShot(value)) {
    throw new CorsUsageError(
      `${where}: the headers are an iterator, which can be read only once: write a list, [...headers]`,
    )
  }
  try {
    return readHeaders(value as HeadersLike)
  } catch (error) {
    throw new CorsUsageError(`${where}: ${(error as Error).message}`)
  }
}

function isOneShot(value: unknown): boolean {
  const iterator = (value as Partial<Iterable<unknown>> | null)?.[Symbol.iterator]
  return typeof iterator === 'function' && (iterator.call(value) as unknown) === value
}

/** A browser drops them without a word; an assertion about a request that carries them would be about another. @throws CorsUsageError */
function refuseForbidden(lines: readonly Header[], where: string): void {
  const name = lines.find(([each, value]) => isForbiddenRequestHeader(each, value))?.[0]
  if (name === undefined) return
  const way = JUDGED.has(byteLowercase(name))
    ? "The browser sets it: say the assertion's origin, method or headers instead (extraHeaders cannot set it either)"
    : `To send it with every request to an endpoint, unjudged, write extraHeaders: { ${literal(name)}: … }`
  throw new CorsUsageError(
    `${where}: headers must not set ${name}, which no page may set: a browser drops it. ${way}`,
  )
}

/** Headers that say what CORS is judged by: an assertion sets them, nobody else. */
const JUDGED = new Set(['origin', 'access-control-request-method', 'access-control-request-headers'])

/** Reads `extraHeaders` into lines. @throws CorsUsageError */
export function readExtraHeaders(value: unknown, where: string): Header[] {
  // Nothing of them is shown: whatever they are called, they are secrets.
  const isPairs = !Array.isArray(value) || value.every((entry) => Array.isArray(entry) && entry.length === 2)
  if (typeof value === 'string' || !isPairs) {
    throw new CorsUsageError(
      `${where}: extraHeaders are sent as they are, so each needs a value: { 'X-Gate': 'open' }`,
    )
  }
  const lines = readLines(value, `${where}: extraHeaders`)
  for (const [name, text] of lines) {
    if (!isToken(name))
      throw new CorsUsageError(`${where}: extraHeaders: ${literal(name)} is not a valid header name`)
    if (!isHeaderValue(text))
      throw new CorsUsageError(`${where}: extraHeaders: the value of ${name} is not a valid header value`)
    if (JUDGED.has(byteLowercase(name))) {
      throw new CorsUsageError(
        `${where}: extraHeaders must not set ${name}, which the page's request decides: say the origin, method or headers of the assertion instead`,
      )
    }
  }
  return lines
}

function refuse(where: string, name: string, expected: string, value: unknown): never {
  throw new CorsUsageError(`${where}: ${name} must be ${expected}; got ${describeValue(value)}`)
}
