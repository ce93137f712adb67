/** An observed response, whatever client observed it. */

import type { RequestCredentials } from '../fetch/fetch-request.js'
import { getHeader, type Header } from '../fetch/header-list.js'
import type { ResponseHead } from '../fetch/response-head.js'
import { CorsUsageError } from '../text/usage-error.js'
import { readResponseHead } from '../verdict/response-input.js'
import { axiosResponse } from './axios-response.js'
import { fetchResponse } from './fetch-response.js'
import { gotResponse } from './got-response.js'
import { http2Headers } from './http2-headers.js'
import { incomingMessage } from './incoming-message.js'
import { lightMyRequestResponse } from './light-my-request-response.js'
import { type ObservedFacts, observedOf } from './observed.js'
import { plainResponse } from './plain-response.js'
import { playwrightResponse } from './playwright-response.js'
import type { Reader, Reading } from './reading.js'
import { hasMembers, type Members, stringOf } from './shape.js'
import { superagentResponse } from './superagent-response.js'
import { undiciResponse } from './undici-response.js'

/** A response that was observed, and what is known of its request. */
export interface ResponseSubject {
  readonly kind: 'response'
  readonly head: ResponseHead
  /** `fetch Response`, `undici`, `supertest`, `node:http`, `{ status, headers }`, …. */
  readonly client: string
  /** The `Origin` it was requested with; null where it is known that none was sent; absent where it is not known. */
  readonly sentOrigin?: string | null
  readonly sentMethod?: string
  readonly sentCredentials?: RequestCredentials
  readonly url?: string
  /** Whether the client has joined lines of the same name: two `Access-Control-Allow-Origin` look like one `a, b`. */
  readonly joinsLines: boolean
  /** Whether a page of ours fetched it. */
  readonly ownPage: boolean
}

/** In order: the more a client tells, the earlier. */
const readers: readonly Reader[] = [
  fetchResponse,
  superagentResponse,
  gotResponse,
  axiosResponse,
  lightMyRequestResponse,
  undiciResponse,
  incomingMessage,
  playwrightResponse,
  http2Headers,
  plainResponse,
]

/**
 * What a page's `fetch` puts on its responses: `true`, or an object that tells of the request (`origin`, `method`, `credentials`), whether it was
 * `sameOrigin`, and which header lines were `received`.
 */
const PAGE_RESPONSE = Symbol.for('expect-cors.pageResponse')

/**
 * Reads a response of any client; undefined for a value that is no response.
 * @throws CorsUsageError for a response that CORS cannot be judged by
 */
export function readResponse(value: unknown): ResponseSubject | undefined {
  const facts = observedOf(value)
  const response = facts === undefined ? value : facts.response
  if (!hasMembers(response) || typeof response === 'function') return undefined
  const page = (response as { [PAGE_RESPONSE]?: unknown })[PAGE_RESPONSE]
  const reading = asReceived(firstReading(response), page)
  if (reading === undefined) return undefined
  const head = judgeFit(reading, page !== undefined)
  const subject = subjectOf(reading, head, page)
  return facts === undefined ? subject : { ...subject, ...agree(facts, reading) }
}

function firstReading(value: Members): Reading | undefined {
  for (const read of readers) {
    const reading = read(value)
    if (reading !== undefined) return reading
  }
  return undefined
}

/** A page's own response shows a script less than the page received; it followed redirects itself, and judged each. */
function asReceived(reading: Reading | undefined, page: unknown): Reading | undefined {
  if (reading === undefined || !hasMembers(page) || !Array.isArray(page.received)) return reading
  if (page.sameOrigin === true) {
    throw new CorsUsageError(
      `this response is from the page's own origin: a page there needs no CORS, so there is nothing to judge`,
    )
  }
  return { ...reading, lines: page.received as Header[], joinsLines: false, followedRedirects: false }
}

function subjectOf(reading: Reading, head: ResponseHead, page: unknown): ResponseSubject {
  const told = hasMembers(page) ? page : undefined
  const sentOrigin = stringOf(told, 'origin') ?? reading.sentOrigin
  const sentMethod = stringOf(told, 'method') ?? reading.sentMethod
  const sentCredentials = stringOf(told, 'credentials') as RequestCredentials | undefined
  const subject: Mutable<ResponseSubject> = {
    kind: 'response',
    head,
    client: reading.client,
    joinsLines: reading.joinsLines,
    ownPage: page !== undefined,
  }
  if (sentOrigin !== undefined) subject.sentOrigin = sentOrigin
  if (sentMethod !== undefined) subject.sentMethod = sentMethod
  if (sentCredentials !== undefined) subject.sentCredentials = sentCredentials
  if (reading.url !== undefined) subject.url = reading.url
  return subject
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** @throws CorsUsageError */
function judgeFit(reading: Reading, ownPage: boolean): ResponseHead {
  const { client, status, lines } = reading
  if (reading.followedRedirects === true) {
    throw new CorsUsageError(
      `this response (${client}) came after redirects that its client followed, and CORS is judged on each of them: request it without following redirects, or give the URL or the app itself, expect('https://…')`,
    )
  }
  if (reading.filtered !== undefined && !ownPage) {
    throw new CorsUsageError(
      `this response (${client}) cannot be judged: ${reading.filtered}, not what the server sent. Request it with a client that is no browser, or give the URL itself, expect('https://…')`,
    )
  }
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) {
    throw new CorsUsageError(
      ownPage
        ? `a page's opaque response tells nothing (its status is ${String(status)}): inspect the request with page.inspect() instead`
        : `a response's status must be an integer from 100 to 599; got ${typeof status === 'string' ? JSON.stringify(status) : String(status)}`,
    )
  }
  if (lines === undefined) {
    throw new CorsUsageError(
      `the headers of this response (${client}) cannot be read: give { status, headers } with a record, pairs, a Headers object or raw lines${client === 'Playwright' ? ', for instance { status: response.status(), headers: await response.headersArray() }' : ''}`,
    )
  }
  const location = getHeader(lines, 'location')
  if (status >= 300 && status <= 399 && location !== null) {
    throw new CorsUsageError(
      `this response (${client}) is a redirect (${status} with Location), which a browser follows and judges hop by hop: give the URL or the app itself, expect('https://…')`,
    )
  }
  return readResponseHead({ status, headers: lines }, 'response')
}

/** What was said with `observed()` wins, unless it contradicts what the client knows. */
function agree(facts: ObservedFacts, reading: Reading): Partial<ResponseSubject> {
  const { origin, method, credentials } = facts
  if (origin !== undefined && reading.sentOrigin !== undefined && origin !== reading.sentOrigin) {
    throw new CorsUsageError(
      `observed() says that the request was sent ${withOrigin(origin)}, but ${reading.client} sent it ${withOrigin(reading.sentOrigin)}`,
    )
  }
  if (method !== undefined && reading.sentMethod !== undefined && method !== reading.sentMethod) {
    throw new CorsUsageError(
      `observed() says that the method was ${method}, but ${reading.client} sent ${reading.sentMethod}`,
    )
  }
  return {
    ...(origin === undefined ? {} : { sentOrigin: origin }),
    ...(method === undefined ? {} : { sentMethod: method }),
    ...(credentials === undefined ? {} : { sentCredentials: credentials }),
  }
}

function withOrigin(origin: string | null): string {
  return origin === null ? 'without an Origin' : `with Origin: ${origin}`
}
