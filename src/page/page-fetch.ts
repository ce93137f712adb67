/** `fetch` and `inspect`: one request of a page's script, from its call to what the script gets. */
import { resolveObjectURL } from 'node:buffer'
import { deviationsOf } from '../engines/profiles.js'
import type { BlobEntry } from '../fetch/blob-url.js'
import { ownBody } from '../fetch/body.js'
import type { Client, FetchRequest } from '../fetch/fetch-request.js'
import { visibleUrl } from '../fetch/filtered-response.js'
import type { Send } from '../fetch/main-fetch.js'
import { createRequest } from '../fetch/page-request.js'
import type { LocalResponse, ResponseHead } from '../fetch/response.js'
import { startTimer } from '../subject/clock.js'
import { type CorsUsageError, isCorsUsageError } from '../text/usage-error.js'
import { anySignal, discardBody, type TransportResponse } from '../transport/transport.js'
import { type AskedRequest, argumentsOf, type CorsRequest } from '../verdict/cors-request.js'
import type { Journey } from '../verdict/verdict.js'
import { bodyBytes } from './body-bytes.js'
import type { Browser } from './browser.js'
import { type CorsError, corsErrorOf } from './cors-error.js'
import { callError, isCallError, networkError } from './engine-errors.js'
import { LoginPromptError } from './login-prompt-error.js'
import type { Leaving } from './outliving.js'
import { PageHops, type SentBody } from './page-hops.js'
import { marked, NO_PRELOAD, type Preloads, preloadFor, settlePreloaded } from './preloads.js'
import type { Call } from './request-class.js'
import { scriptHeaderLines } from './response-body.js'
import { createPageResponse, type VisibleResponse } from './response-class.js'
import { type Arrival, type Departure, travel } from './travel.js'
import { visibleBody } from './visible-body.js'

/** A page, as its APIs share it: what it has itself, and what it shares with the others of its browser. */
export interface PageState extends Browser {
  readonly client: Client
  /** Milliseconds for one request with all its hops; undefined for no limit. */
  readonly timeout: number | undefined
  /** Ends every request of the page. */
  readonly signal: AbortSignal
  readonly leaving: Leaving
  /** Ends what outlives the page as well. */
  readonly userSignal: AbortSignal | undefined
  /** The bytes of the bodies that are under way with `keepalive`. */
  keepaliveBytes: number
  /** What was blocked so far, in order. */
  readonly blocked: Journey[]
  readonly preloads: Preloads
  /** The URLs of modules that were loaded: what imports them has them. @see https://html.spec.whatwg.org/multipage/webappapis.html#module-map */
  readonly modules: Set<string>
  /** Watches what scripts ask, which may not see why it failed; undefined where the caller holds the error. */
  readonly watch?: (() => CallWatcher) | undefined
}

/** Is told what became of one call. */
export interface CallWatcher {
  /** It was blocked, or could not be sent. */
  failed(error: CorsError | CorsUsageError | LoginPromptError): void
  /** It has ended, however. It may be told more than once. */
  ended(): void
}

/** A head that came over a transport, with its body still to be read. */
export type OpenResponse = ResponseHead & Pick<TransportResponse, 'statusText' | 'body' | 'bytes'>

/** What became of a call, for the API that made it. */
export interface SettledFetch {
  readonly journey: Journey
  readonly request: FetchRequest | null
  /** The last response, where there was one. */
  readonly response: ResponseHead | null
  /** What the script may see; null where it was blocked. */
  readonly visible: VisibleResponse | null
}

/** Sends a request of the page. Rejects where no response came, never for CORS. */
export function send(
  page: PageState,
  request: AskedRequest,
  signal: AbortSignal | undefined,
  onSend?: (send: Send) => void,
  watcher: CallWatcher | undefined = page.watch?.(),
): Promise<SettledFetch> {
  const sent = sendWatched(page, request, signal, onSend, watcher)
  const settled = request.keepalive === true ? untilLeft(page, sent) : sent
  return watcher === undefined ? settled : settled.finally(() => watcher.ended())
}

/** What outlives the page goes on; its script does not. */
function untilLeft<T>(page: PageState, sent: Promise<T>): Promise<T> {
  page.outliving.add(sent)
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(page.signal.reason)
    if (page.signal.aborted) leave()
    page.signal.addEventListener('abort', leave, { once: true })
    const forget = (): void => page.signal.removeEventListener('abort', leave)
    sent.finally(forget).then(resolve, reject)
  })
}

async function sendWatched(
  page: PageState,
  request: AskedRequest,
  signal: AbortSignal | undefined,
  onSend: ((send: Send) => void) | undefined,
  watcher: CallWatcher | undefined,
): Promise<SettledFetch> {
  const ahead = page.preloads.isEmpty ? NO_PRELOAD : await preloadFor(page, request, signal)
  if (ahead.preloaded !== undefined) {
    const settled = settlePreloaded(ahead.use, ahead.preloaded)
    if (settled.visible === null) reportBlocked(page, settled.journey, watcher)
    return settled
  }
  const blob = /^blob:/i.test(request.url) ? await readBlob(request.url) : null
  const body = request.body === undefined || request.body === null ? null : await sentBody(page, request.body)
  const ends = endOf(page, signal, request.keepalive === true)
  // A beacon has counted its own.
  const counts = request.keepalive === true && request.initiator !== 'beacon'
  const size = counts && body !== null && 'byteLength' in body ? body.byteLength : 0
  page.keepaliveBytes += size
  const hops = new PageHops(page, body, ends, onSend)
  const departure: Departure<OpenResponse> = {
    client: page.client,
    request,
    engine: page.engine,
    // It decides on streams only.
    httpVersion: body === null || ArrayBuffer.isView(body) ? undefined : httpVersionFor(page, request.url),
    cache: page.cache,
    logins: page.logins,
    hasHttpCache: page.httpCache !== undefined,
    keepaliveBytes: page.keepaliveBytes,
    blob,
    send: (head, sending) => hops.send(head, sending),
  }
  let arrival: Arrival<OpenResponse>
  try {
    arrival = await travel(departure)
  } catch (error) {
    hops.settle(false)
    if (isCorsUsageError(error)) watcher?.failed(error)
    throw error
  } finally {
    page.keepaliveBytes -= size
  }
  const settled = settle(page, marked(arrival, ahead), signal)
  const { journey, visible } = settled
  hops.settle(visible === null)
  if (journey.verdict.outcome === 'prompt') watcher?.failed(new LoginPromptError(journey))
  else if (visible === null && !isCallError(journey.verdict))
    reportBlocked(page, journey, watcher, hops.withoutResponse)
  return settled
}

/** Adds to what was blocked. @param reason where it is not the verdict's */
export function reportBlocked(
  page: PageState,
  journey: Journey,
  watcher?: CallWatcher,
  reason?: string,
): void {
  page.blocked.push(journey)
  watcher?.failed(reason === undefined ? corsErrorOf(journey) : corsErrorOf(journey, reason))
}

/** What `URL.createObjectURL` made a URL of; null where it made none, or where that was revoked. */
async function readBlob(url: string): Promise<BlobEntry | null> {
  const blob = resolveObjectURL(url.replace(/#.*$/s, ''))
  return blob === undefined ? null : { type: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) }
}

/** The bytes of a body as this engine sends it. */
async function sentBody(page: PageState, body: CorsRequest['body']): Promise<SentBody> {
  const own = ownBody(body)
  const bytes = await bodyBytes(own)
  // DEVIATION: a stream is its string conversion.
  if (bytes === null || ArrayBuffer.isView(bytes) || deviationsOf(page.engine).bodies.streams === 'stream')
    return bytes
  return bodyBytes(String(own))
}

/** What ends a request: the page's signal, its own, and the page's patience. */
function endOf(page: PageState, signal: AbortSignal | undefined, outlives: boolean): AbortSignal {
  if (signal === undefined && page.timeout === undefined && !outlives) return page.signal
  const signals = [outlives ? page.outliving.signal : page.signal]
  if (outlives && page.userSignal !== undefined) signals.push(page.userSignal)
  if (signal !== undefined) signals.push(signal)
  if (page.timeout !== undefined) signals.push(timeLimit(page.timeout))
  return anySignal(signals)
}

/** `AbortSignal.timeout` by the real clock, which no fake timers stop. */
function timeLimit(milliseconds: number): AbortSignal {
  const patience = new AbortController()
  const runOut = new DOMException(`no full response within ${milliseconds} ms`, 'TimeoutError')
  startTimer(() => patience.abort(runOut), milliseconds).unref()
  return patience.signal
}

/** What a script sees where no response came, or where its body broke off: why it ended the request itself, or the engine's network error. */
function failureOf(page: PageState, signal: AbortSignal | undefined, error: unknown): unknown {
  if (signal?.aborted === true) return signal.reason
  if (page.signal.aborted) return page.signal.reason
  if (isCorsUsageError(error)) return error
  return networkError(page.engine, error)
}

function httpVersionFor(page: PageState, url: string): '1.1' | '2' {
  const isHttp = URL.canParse(url, page.client.url.href) && new URL(url, page.client.url).protocol === 'http:'
  return isHttp ? '1.1' : page.httpVersion
}

function settle(
  page: PageState,
  arrival: Arrival<OpenResponse>,
  signal: AbortSignal | undefined,
): SettledFetch {
  const { verdict, exchanges, request, response, local } = arrival
  const journey: Journey = { verdict, exchanges }
  if (verdict.type === undefined || request === null) {
    discardBody(response?.body)
    return { journey, request, response, visible: null }
  }
  const { type } = verdict
  const opaque = type === 'opaque' || type === 'opaqueredirect'
  const deviations = deviationsOf(page.engine)
  // https://fetch.spec.whatwg.org/#null-body-status: those that HTTP allows a body.
  // DEVIATION: a 205 has a body.
  const hasNullBody = response?.status === 205 && !deviations.responses.resetContentHasBody
  if (opaque || hasNullBody) discardBody(response?.body)
  const received = local === null ? (response as OpenResponse) : responseOf(local)
  const visible: VisibleResponse = {
    type,
    url: type === 'opaque' ? '' : visibleUrl(request, deviations),
    redirected: !opaque && request.urlList.length > 1,
    status: opaque ? 0 : received.status,
    statusText: opaque ? '' : received.statusText,
    headers: scriptHeaderLines(received.headers, deviations, verdict.exposedHeaders),
    body: opaque || hasNullBody ? null : visibleBody(received, (error) => failureOf(page, signal, error)),
    requested: {
      origin: verdict.hop.origin,
      method: request.history.initialMethod,
      credentials: request.credentials,
      sameOrigin: type === 'basic',
      received: opaque ? undefined : received.headers,
    },
  }
  return { journey, request, response: received, visible }
}

function responseOf({ status, headers, content }: LocalResponse): OpenResponse {
  return {
    status,
    statusText: status === 206 ? 'Partial Content' : 'OK',
    headers,
    body: null,
    bytes: async () => content,
  }
}

/** What is wrong with a call, which is said even where it was aborted before; undefined where nothing is. */
function mistakeOf(page: PageState, { request }: Call): Error | undefined {
  const given = argumentsOf(request)
  const made = createRequest(page.client, given, deviationsOf(page.engine))
  if (!('code' in made)) return undefined
  return callError(page.engine, made, 'fetch', request, undefined)
}

/** `window.fetch`. */
export async function pageFetch(page: PageState, call: Call, watcher?: CallWatcher): Promise<Response> {
  const { request, signal } = call
  if (signal?.aborted === true) throw mistakeOf(page, call) ?? signal.reason
  let settled: SettledFetch
  try {
    settled = await send(page, request, signal, undefined, watcher)
  } catch (error) {
    throw failureOf(page, signal, error)
  }
  const { journey, visible } = settled
  if (visible !== null) return createPageResponse(visible)
  if (journey.verdict.outcome === 'prompt') throw new LoginPromptError(journey)
  const cause = corsErrorOf(journey)
  const { code, header, value, part } = journey.verdict
  if (!isCallError({ code })) throw networkError(page.engine, cause)
  const failure = { code, blockedAt: 'request', header, value, part } as Parameters<typeof callError>[1]
  throw callError(page.engine, failure, 'fetch', request, cause)
}
