/** An observed response, whatever client observed it. */

import type { RequestCredentials } from '../fetch/fetch-request.js'
import { getHeader, type Header, type HeaderList, headerLines } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import type { ResponseHead } from '../fetch/response.js'
import { literal, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { ownOriginError } from '../verdict/client.js'
import { readResponseHead } from '../verdict/read-input.js'
import { axiosResponse } from './axios-response.js'
import { fetchResponse } from './fetch-response.js'
import { gotResponse } from './got-response.js'
import { http2Headers } from './http2-headers.js'
import { incomingMessage } from './incoming-message.js'
import { lambdaResponse } from './lambda-response.js'
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
  /** What the request asked permission for, as a preflight does; absent where it is not known. */
  readonly asked?: AskedPermission
  readonly sentCredentials?: RequestCredentials
  readonly url?: string
  /** Whether the client has joined lines of the same name: two `Access-Control-Allow-Origin` look like one `a, b`. */
  readonly joinsLines: boolean
  /** Whether a page of ours fetched it. */
  readonly ownPage: boolean
}

/** `Access-Control-Request-Method` and `-Headers` as they were sent. */
export interface AskedPermission {
  /** Null where it is known that none was sent. */
  readonly method: string | null
  /** In lower case. */
  readonly headers: readonly string[]
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
  lambdaResponse,
  plainResponse,
]

/**
 * What a page's `fetch` puts on its responses: `true`, or an object that tells of the request (`origin`, `method`, `credentials`), whether it was
 * `sameOrigin`, and which header lines were `received`.
 */
const PAGE_RESPONSE = Symbol.for('expect-cors.pageResponse')

/**
 * Reads a response of any client; undefined for a value that is not a response.
 * @throws CorsUsageError for a response that CORS cannot be judged by
 */
export function readResponse(value: unknown): ResponseSubject | undefined {
  const facts = observedOf(value)
  const response = facts === undefined ? value : facts.response
  if (!hasMembers(response) || typeof response === 'function') return undefined
  const page = (response as { [PAGE_RESPONSE]?: unknown })[PAGE_RESPONSE]
  const reading = asReceived(firstReading(response), page)
  if (reading === undefined) return undefined
  const head = judgeFit(reading, page !== undefined, facts)
  const subject = subjectOf(reading, head, page)
  return facts === undefined ? subject : { ...subject, ...agree(facts, subject) }
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
    throw ownOriginError('this response')
  }
  return { ...reading, lines: page.received as Header[], joinsLines: false, followedRedirects: false }
}

function subjectOf(reading: Reading, head: ResponseHead, page: unknown): ResponseSubject {
  const told = hasMembers(page) ? page : undefined
  const { sent } = reading
  const sentOrigin = stringOf(told, 'origin') ?? reading.sentOrigin ?? (sent && originAmong(sent))
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
  // A script cannot set what only a preflight sends.
  if (page !== undefined) subject.asked = NOTHING_ASKED
  else if (sent !== undefined) subject.asked = askedAmong(sent)
  if (sentCredentials !== undefined) subject.sentCredentials = sentCredentials
  if (reading.url !== undefined) subject.url = reading.url
  return subject
}

const NOTHING_ASKED: AskedPermission = { method: null, headers: [] }

/** The `Origin` that was sent; null where none was. */
function originAmong(sent: HeaderList): string | null {
  return headerLines(sent, 'origin')[0] ?? null
}

function askedAmong(sent: HeaderList): AskedPermission {
  return {
    method: headerLines(sent, 'access-control-request-method')[0] ?? null,
    headers: headerLines(sent, 'access-control-request-headers')
      .flatMap((line) => line.split(','))
      .map((name) => byteLowercase(name.trim()))
      .filter((name) => name !== ''),
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** @throws CorsUsageError */
function judgeFit(reading: Reading, ownPage: boolean, facts: ObservedFacts | undefined): ResponseHead {
  const { client, status, lines } = reading
  if (reading.followedRedirects === true) {
    throw new CorsUsageError(
      `this response (${client}) came after redirects that its client followed, and CORS is judged on each of them: request it without following redirects, or give the URL or the app itself, expect('https://…')`,
    )
  }
  if (reading.followedRedirects === 'unseen' && facts === undefined) {
    throw new CorsUsageError(
      `this response (${client}) may have come after redirects that its client followed unseen, and CORS is judged on each of them: request it without following redirects (maxRedirects: 0) and say how it was requested, expect(observed(response, { origin: 'https://app.example.com' })), or give the URL or the app itself, expect('https://…')`,
    )
  }
  if (reading.filtered !== undefined && !ownPage) {
    throw new CorsUsageError(
      `this response (${client}) cannot be judged: ${reading.filtered}, not what the server sent. Request it with a client that is not a browser, or give the URL itself, expect('https://…')`,
    )
  }
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    throw new CorsUsageError(
      ownPage
        ? `a page's opaque response reveals nothing (its status is ${String(status)}): inspect the request with page.inspect() instead`
        : `a response's status must be an integer from 200 to 599 (a 1xx only announces a response); got ${typeof status === 'string' ? literal(status) : shown(String(status))}`,
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

/** What was said with `observed()` completes what the client knows, and must not contradict it. */
function agree(facts: ObservedFacts, known: ResponseSubject): Partial<ResponseSubject> {
  const { method, credentials, headers } = facts
  const asked = headers === undefined ? undefined : askedAmong(headers)
  const origin =
    facts.origin === undefined && headers !== undefined
      ? (originAmong(headers) ?? known.sentOrigin ?? null)
      : facts.origin
  contradict(
    origin !== undefined && known.sentOrigin !== undefined && origin !== known.sentOrigin,
    () =>
      `the request was sent ${withOrigin(origin as string | null)}, but ${known.client} sent it ${withOrigin(known.sentOrigin as string | null)}`,
  )
  contradict(
    method !== undefined && known.sentMethod !== undefined && method !== known.sentMethod,
    () =>
      `the method was ${shown(String(method))}, but ${known.client} sent ${shown(String(known.sentMethod))}`,
  )
  contradict(
    asked !== undefined && known.asked !== undefined && askedWords(asked) !== askedWords(known.asked),
    () =>
      `it was sent ${askedWords(asked as AskedPermission)}, but ${known.client} sent it ${askedWords(known.asked as AskedPermission)}`,
  )
  return {
    ...(origin === undefined ? {} : { sentOrigin: origin }),
    ...(method === undefined ? {} : { sentMethod: method }),
    ...(asked === undefined ? {} : { asked }),
    ...(credentials === undefined ? {} : { sentCredentials: credentials }),
  }
}

/** @throws CorsUsageError */
function contradict(differs: boolean, sentence: () => string): void {
  if (differs) throw new CorsUsageError(`observed() says that ${sentence()}`)
}

/** What was asked, in a message: `with Access-Control-Request-Method: PUT`. */
export function askedWords({ method, headers }: AskedPermission): string {
  const lines = [
    method === null ? '' : `Access-Control-Request-Method: ${shown(method)}`,
    headers.length === 0 ? '' : `Access-Control-Request-Headers: ${shown(headers.join(','))}`,
  ].filter((line) => line !== '')
  return lines.length === 0 ? 'without Access-Control-Request-Method' : `with ${lines.join(' and ')}`
}

function withOrigin(origin: string | null): string {
  return origin === null ? 'without an Origin' : `with Origin: ${shown(origin)}`
}
