/** Sending what browsers would send to an endpoint, once for all engines that would send the same. */

import { diagnosis } from '../diagnose/diagnosis.js'
import { engineNames } from '../diagnose/engines.js'
import { defaultEngines, type Profile } from '../engines/profiles.js'
import type { RequestBody } from '../fetch/body.js'
import type { CorsFailureCode } from '../fetch/failure.js'
import { containsHeader, type Header, type HeaderList, HeaderNames } from '../fetch/header-list.js'
import type { Send } from '../fetch/main-fetch.js'
import { normalizeMethod } from '../fetch/methods.js'
import type { ResponseHead } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { getConfiguration } from '../subject/configure.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import { REDACTED } from '../text/redact.js'
import { CorsUsageError } from '../text/usage-error.js'
import { discardBody, type Transport } from '../transport/transport.js'
import { undiciTransport } from '../transport/undici-transport.js'
import { checkEngine, createClient } from '../verdict/client.js'
import type { CorsRequest } from '../verdict/cors-request.js'
import type { Exchange, Journey } from '../verdict/verdict.js'
import { bodyBytes } from './body-bytes.js'
import { browserHeaders } from './browser-headers.js'
import { refuseEndInSelfRedirect, refuseLoop } from './self-redirect.js'
import { type Trip, travel } from './travel.js'

/** One engine's journey. */
export interface EngineRun {
  readonly engine: Profile
  readonly journey: Journey
}

/** What all engines together did. */
export interface LiveRuns {
  readonly runs: readonly EngineRun[]
  /** Said where the request itself had to be sent more than once. */
  readonly notes: readonly string[]
}

/** The engines an assertion must hold in. @throws CorsUsageError for one that is unknown, or none at all */
export function enginesOf(
  options: { readonly engines?: readonly Profile[] | undefined } | undefined,
): readonly Profile[] {
  const { engines: configured, strict } = getConfiguration()
  const engines = options?.engines ?? configured ?? defaultEngines
  if (!Array.isArray(engines) || engines.length === 0) {
    throw new CorsUsageError(
      "engines must name at least one engine, such as ['chromium', 'firefox', 'webkit']",
    )
  }
  for (const engine of engines) checkEngine(engine)
  return strict === true && !engines.includes('standard') ? [...engines, 'standard'] : engines
}

/** The request of a page at that origin, as the endpoint and the assertion's options say. */
export function requestTo({ url, options }: EndpointSubject, origin: string): CorsRequest {
  const { method, headers, credentials, body } = options
  return { origin, url: url.href, method, headers, credentials, body }
}

/** How the engines ask. */
export interface TravelOptions {
  /** Whether to stop before the request itself. */
  readonly preflightOnly?: boolean
  /** The code for which a request that no browser sends may be judged; `any` for all of them. */
  readonly unsentCode?: CorsFailureCode | 'any' | undefined
  /** Whether the assertion would hold because of a refusal: with credentials, one counts only where a cookie does not change it. */
  readonly refusalHolds?: boolean
  /** Whether a redirect to the URL itself is followed as a browser would, to be explained, and not refused. */
  readonly followsLoops?: boolean
}

/** Sends one request of a page through each engine, in turn; identical requests are sent once. */
export async function travelAll(
  endpoint: EndpointSubject,
  request: CorsRequest,
  engines: readonly Profile[],
  signal: AbortSignal,
  options: TravelOptions = {},
): Promise<LiveRuns> {
  const { followsLoops = false } = options
  const sender = createSender(endpoint, await bodyBytes(request.body), signal)
  const client = createClient(request.origin, request.page, endpoint.mixedContent)
  const travelEach = async (cookie?: Header): Promise<EngineRun[]> => {
    const runs: EngineRun[] = []
    for (const engine of engines) {
      const before = new Set<Sent>()
      const { verdict, exchanges } = await travel({
        client,
        request,
        engine,
        send: async (head, send) => {
          if (send.phase === 'request' && options.preflightOnly === true) return null
          const trip = await sender.send(head, send, before, cookie)
          const exchange = { kind: send.phase, request: trip.sent, response: trip.response }
          if (!followsLoops && send.request.redirect === 'follow') refuseLoop(exchange, endpoint)
          return trip
        },
      })
      if (!followsLoops) refuseEndInSelfRedirect(verdict, exchanges, endpoint)
      runs.push({
        engine,
        journey: { verdict, exchanges: exchanges.map((exchange) => namingServer(endpoint, exchange)) },
      })
    }
    return runs
  }
  const runs = await travelEach()
  refuseUnsent(runs, options.unsentCode)
  const notes = sentTwiceNote(sender.sent, engines)
  if (options.refusalHolds === true && mayDependOnCookie(endpoint, request, runs)) {
    const withCookie = await travelEach(PROBE_COOKIE)
    if (withCookie.some(({ journey }) => journey.verdict.outcome === 'allowed'))
      return { runs: withCookie, notes: [DEPENDS_ON_COOKIE, ...notes] }
  }
  return { runs, notes }
}

/** Nobody's session: what counts is that there is a cookie. */
const PROBE_COOKIE: Header = ['Cookie', 'expect-cors=1']

const DEPENDS_ON_COOKIE =
  'Refused without a cookie, allowed as soon as a Cookie arrives: the endpoint was asked once more with `Cookie: expect-cors=1`, because a request with credentials carries the cookies that its user has.'

/** Whether a response that refuses says nothing yet, because the server may respond differently as soon as there is a cookie. Nothing that changes state is repeated. */
function mayDependOnCookie(
  { options }: EndpointSubject,
  { credentials, method = 'GET' }: CorsRequest,
  runs: readonly EngineRun[],
): boolean {
  return (
    credentials === 'include' &&
    ['GET', 'HEAD'].includes(normalizeMethod(method)) &&
    !containsHeader(options.extraHeaders, 'cookie') &&
    runs.every(({ journey }) => journey.verdict.outcome === 'blocked')
  )
}

/** Says what is known of the app, where it is what responded. */
function namingServer({ server, url }: EndpointSubject, exchange: Exchange): Exchange {
  return server === undefined || new URL(exchange.request.url).origin !== url.origin
    ? exchange
    : { ...exchange, server }
}

/** Where no browser sends anything, nothing was asked of the server, and nothing can be said of it. @throws CorsUsageError */
function refuseUnsent(runs: readonly EngineRun[], unsentCode: TravelOptions['unsentCode']): void {
  if (unsentCode === 'any') return
  const unsent = runs.find(({ journey }) => journey.verdict.blockedAt === 'request')
  if (unsent === undefined || runs.some(({ journey }) => journey.exchanges.length > 0)) return
  if (runs.some(({ journey }) => journey.verdict.code === unsentCode)) return
  throw new CorsUsageError(
    `no browser sends this request, so the server was not asked: ${diagnosis().explainCors(unsent.journey).explanation} (${unsent.journey.verdict.code})`,
  )
}

/** A request that was sent, and what came back. */
interface Sent {
  readonly phase: Send['phase']
  readonly head: RequestHead
  readonly trip: Trip<ResponseHead>
}

interface Sender {
  /** @param before what the same engine has sent before on this journey */
  send(head: RequestHead, send: Send, before: Set<Sent>, cookie?: Header): Promise<Trip<ResponseHead>>
  /** The distinct first requests that were sent. */
  readonly sent: readonly RequestHead[]
}

/** Sends and remembers, so that an engine that would send the same gets the same response. */
function createSender(
  endpoint: EndpointSubject,
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Sender {
  const all: Sent[] = []
  const sent: RequestHead[] = []
  return {
    sent,
    async send(page, send, before, cookie) {
      const { phase } = send
      const carries = cookie !== undefined && phase === 'request' && isOwn(endpoint, page)
      const head = carries ? { ...page, headers: [...page.headers, cookie] } : page
      // A journey may ask for the same twice, and get a different response: its second is another engine's second.
      const known = all.find(
        (each) => !before.has(each) && each.phase === phase && isSameHead(each.head, head),
      )
      if (known !== undefined) {
        before.add(known)
        return known.trip
      }
      // What a browser says of where the request comes from is the same in all of them, as far as a server goes by it.
      const said = { ...head, headers: [...head.headers, ...browserHeaders(send, 'standard')] }
      const sentBody =
        phase === 'request' && send.request.body !== null ? await sendable(body, send.request.body) : null
      const trip = await sendOnce(endpoint, said, sentBody, signal)
      const made: Sent = { phase, head, trip }
      all.push(made)
      before.add(made)
      if (phase === 'request' && !carries && head.url === urlWithoutFragment(endpoint.url)) sent.push(head)
      return trip
    },
  }
}

function isSameHead(one: RequestHead, other: RequestHead): boolean {
  const { method, url, headers } = one
  return (
    url === other.url &&
    method === other.method &&
    headers.length === other.headers.length &&
    headers.every(([name, value], at) => name === other.headers[at]?.[0] && value === other.headers[at][1])
  )
}

/** Streams that have been sent. */
const spent = new WeakSet<object>()

/** What an engine sends of a body. @throws CorsUsageError for a stream that is gone */
async function sendable(
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  { kind }: RequestBody,
): Promise<Uint8Array | ReadableStream<Uint8Array> | null> {
  if (body === null || !('getReader' in body)) return body
  // An engine without stream bodies sends the text that the object makes.
  if (kind !== 'stream') return bodyBytes(String(body))
  if (spent.has(body) || body.locked) {
    throw new CorsUsageError(
      'the body is a stream, which can be sent only once, and it has been: give bytes or a string where a request is sent more than once',
    )
  }
  spent.add(body)
  return body
}

function urlWithoutFragment(url: URL): string {
  return url.href.replace(/#.*$/s, '')
}

/** Whether a request goes to the endpoint itself, and not where it redirects. */
function isOwn(endpoint: EndpointSubject, { url }: RequestHead): boolean {
  const { origin } = endpoint.url
  return url.startsWith(origin) && url[origin.length] === '/'
}

function withoutNames(lines: HeaderList, names: readonly string[]): HeaderList {
  if (names.length === 0) return lines
  const left = new HeaderNames(names)
  return lines.filter(([name]) => !left.has(name))
}

async function sendOnce(
  endpoint: EndpointSubject,
  head: RequestHead,
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<Trip<ResponseHead>> {
  const own = isOwn(endpoint, head)
  // extraHeaders are for the endpoint alone: a redirect must not carry a token elsewhere.
  const extra = own ? endpoint.options.extraHeaders : []
  // One that the page sets has the value given for it: a token that only the environment knows.
  const kept = withoutNames(
    head.headers,
    extra.map(([name]) => name),
  )
  const { dispatcher } = endpoint.options
  const transport: Transport =
    own || !endpoint.inProcess
      ? endpoint.transport
      : undiciTransport(dispatcher === undefined ? {} : { dispatcher })
  const response = await transport.send({
    method: head.method,
    url: head.url,
    headers: [...kept, ...extra],
    body,
    signal,
  })
  discardBody(response.body)
  // A message may show what was sent, and these are secrets whatever they are called.
  const shown = [...kept, ...extra.map(([name]): Header => [name, REDACTED])]
  return {
    sent: { ...head, headers: shown },
    response: { status: response.status, headers: response.headers },
  }
}

/** Sends one request as it is, whose response is judged by nobody. */
export async function askOnce(
  endpoint: EndpointSubject,
  kind: Exchange['kind'],
  head: RequestHead,
  signal: AbortSignal,
): Promise<Exchange> {
  const { sent, response } = await sendOnce(endpoint, head, null, signal)
  return namingServer(endpoint, { kind, request: sent, response })
}

function sentTwiceNote(sent: readonly RequestHead[], engines: readonly Profile[]): string[] {
  if (sent.length < 2) return []
  return [
    `The request itself was sent ${sent.length} times, because ${engineNames(engines)} would not all send the same: ask one engine with { engines: ['${engines[0]}'] } where that matters.`,
  ]
}
