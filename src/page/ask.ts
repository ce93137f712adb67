/** Sending what browsers would send to an endpoint, once for all engines that would send the same. */

import { diagnosis } from '../diagnose/diagnosis.js'
import { engineNames } from '../diagnose/engines.js'
import { defaultEngines, deviationsOf, type Profile } from '../engines/profiles.js'
import type { RequestBody } from '../fetch/body.js'
import { attributeState, type CorsElementKind, heedsCrossorigin } from '../fetch/element-request.js'
import type { CorsFailureCode } from '../fetch/failure.js'
import { type Client, FetchRequest } from '../fetch/fetch-request.js'
import { containsHeader, type Header, type HeaderList, HeaderNames } from '../fetch/header-list.js'
import type { Send } from '../fetch/main-fetch.js'
import { isSafeMethod, normalizeMethod } from '../fetch/methods.js'
import { createRequest, type RequestArguments } from '../fetch/page-request.js'
import { isRedirectStatus } from '../fetch/redirect.js'
import type { ResponseHead } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { getConfiguration } from '../subject/configure.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import { REDACTED } from '../text/redact.js'
import { CorsUsageError } from '../text/usage-error.js'
import { discardBody, type Transport } from '../transport/transport.js'
import { undiciTransport } from '../transport/undici-transport.js'
import { checkEngine, clientAt } from '../verdict/client.js'
import type { CorsRequest } from '../verdict/cors-request.js'
import type { Exchange, Journey } from '../verdict/verdict.js'
import { bodyBytes } from './body-bytes.js'
import { browserHeaders } from './browser-headers.js'
import { refuseEndInSelfRedirect, refuseLoop } from './self-redirect.js'
import { requestArguments, Traveller, type Trip } from './travel.js'

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

/** What a matcher says of a request itself. */
type OwnToMatcher = Pick<CorsRequest, 'credentials' | 'mode' | 'redirect'>

/** The request of a page at that origin, as the endpoint and the assertion's options say. @throws CorsUsageError for what no element can be told */
export function requestTo(
  { url, options }: EndpointSubject,
  origin: string,
  own: OwnToMatcher = {},
): CorsRequest {
  const { as, method, headers, credentials, body } = options
  const said = { method, headers, credentials, body, ...own }
  return as === undefined
    ? { origin, url: url.href, ...said }
    : { origin, url: url.href, as, crossorigin: crossoriginOf(as, said) }
}

/** What `credentials` are to an element. @throws CorsUsageError for what none can be told */
function crossoriginOf(as: CorsElementKind, said: Omit<CorsRequest, 'origin' | 'url'>): string {
  const scripts = (['method', 'headers', 'body', 'mode', 'redirect'] as const).find(
    (name) => said[name] !== undefined,
  )
  if (scripts !== undefined) {
    throw new CorsUsageError(
      `${scripts} is not for what asks as '${as}': an element asks with GET and headers of its own, and follows redirects`,
    )
  }
  if (said.credentials !== 'include') return 'anonymous'
  if (heedsCrossorigin(as)) return 'use-credentials'
  throw new CorsUsageError(
    `browsers ask other origins without credentials as '${as}', where no crossorigin attribute says otherwise: credentials cannot be 'include'`,
  )
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
  const isEmpty = request.body === null || request.body === undefined
  const sender = new Sender(endpoint, isEmpty ? null : await bodyBytes(request.body), signal)
  const client = clientAt(request.origin, request.page, endpoint.mixedContent)
  const read = requestArguments(request)
  const { httpVersion } = request
  const asking = engines.filter((engine) => asksWithCors(engine, client, read))
  const notes = leftOutNote(engines, asking, request)
  const travelEach = async (cookie?: Header): Promise<EngineRun[]> => {
    const runs: EngineRun[] = []
    for (const engine of asking) {
      const before: Sent[] = []
      const traveller = new Traveller<ResponseHead>({ client, request, engine, httpVersion }, read)
      for (let send = traveller.next; send !== null; send = traveller.next) {
        if (send.phase === 'request' && options.preflightOnly === true) break
        const head = sender.withCookie(traveller.head(send), send, cookie)
        let sent = sender.known(head, send, before)
        try {
          sent ??= await sender.send(head, send)
        } catch (error) {
          throw traveller.lost(error)
        }
        before.push(sent)
        const { trip } = sent
        if (!followsLoops && send.request.redirect === 'follow' && isRedirectStatus(trip.response.status))
          refuseLoop({ kind: send.phase, request: trip.sent, response: trip.response }, endpoint)
        traveller.take(send, trip)
      }
      const { verdict, exchanges } = traveller.arrive()
      if (!followsLoops) refuseEndInSelfRedirect(verdict, exchanges, endpoint)
      runs.push({ engine, journey: { verdict, exchanges: namingServer(endpoint, exchanges) } })
    }
    return runs
  }
  const runs = await travelEach()
  refuseUnsent(runs, options.unsentCode)
  notes.push(...sentTwiceNote(sender.first, asking))
  if (options.refusalHolds === true && mayDependOnCookie(endpoint, request, runs)) {
    const withCookie = await travelEach(PROBE_COOKIE)
    if (withCookie.some(({ journey }) => journey.verdict.outcome === 'allowed'))
      return { runs: withCookie, notes: [DEPENDS_ON_COOKIE, ...notes] }
  }
  return { runs, notes }
}

/** Whether what an engine asks as an element is judged by CORS. */
function asksWithCors(engine: Profile, client: Client, read: RequestArguments): boolean {
  if (read.element === undefined) return true
  const request = createRequest(client, read, deviationsOf(engine))
  return !(request instanceof FetchRequest) || request.mode === 'cors'
}

/** @throws CorsUsageError where none is left */
function leftOutNote(engines: readonly Profile[], asking: readonly Profile[], { as }: CorsRequest): string[] {
  const others = engines.filter((engine) => !asking.includes(engine))
  if (others.length === 0) return []
  const names = engineNames(others)
  if (asking.length === 0)
    throw new CorsUsageError(
      `a request as '${as}' is made without CORS in ${names}, where nothing refuses it`,
    )
  return [`Not judged in ${names}, where a request as '${as}' is made without CORS.`]
}

/** Nobody's session: what counts is that there is a cookie. */
const PROBE_COOKIE: Header = ['Cookie', 'expect-cors=1']

const DEPENDS_ON_COOKIE =
  'Refused without a cookie, allowed as soon as a Cookie arrives: the endpoint was asked once more with `Cookie: expect-cors=1`, because a request with credentials carries the cookies that its user has.'

/** Whether a response that refuses says nothing yet, because the server may respond differently as soon as there is a cookie. Nothing that changes state is repeated. */
function mayDependOnCookie(
  { options }: EndpointSubject,
  { credentials, crossorigin, method = 'GET' }: CorsRequest,
  runs: readonly EngineRun[],
): boolean {
  return (
    (credentials === 'include' || attributeState(crossorigin) === 'Use Credentials') &&
    isSafeMethod(normalizeMethod(method)) &&
    !containsHeader(options.extraHeaders, 'cookie') &&
    runs.every(({ journey }) => journey.verdict.outcome === 'blocked')
  )
}

/** Says what is known of the app, where it is what responded. */
function namingServer({ server, url }: EndpointSubject, exchanges: readonly Exchange[]): readonly Exchange[] {
  if (server === undefined) return exchanges
  return exchanges.map((exchange) =>
    new URL(exchange.request.url).origin === url.origin ? { ...exchange, server } : exchange,
  )
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

/** Sends and remembers, so that an engine that would send the same gets the same response. */
class Sender {
  /** The distinct first requests that were sent. */
  readonly first: RequestHead[] = []
  private readonly endpoint: EndpointSubject
  private readonly body: Uint8Array | ReadableStream<Uint8Array> | null
  private readonly signal: AbortSignal
  private readonly all: Sent[] = []

  constructor(
    endpoint: EndpointSubject,
    body: Uint8Array | ReadableStream<Uint8Array> | null,
    signal: AbortSignal,
  ) {
    this.endpoint = endpoint
    this.body = body
    this.signal = signal
  }

  /** The request with a cookie of the endpoint's, which only requests to itself carry. */
  withCookie(head: RequestHead, { phase }: Send, cookie: Header | undefined): RequestHead {
    if (cookie === undefined || phase !== 'request' || !isOwn(this.endpoint, head)) return head
    return { ...head, headers: [...head.headers, cookie] }
  }

  /**
   * What has been sent already, if it is the same.
   * @param before what the same engine has sent before on this journey: one may ask for the same twice, and get a different response, so that
   * its second is another engine's second
   */
  known(head: RequestHead, { phase }: Send, before: readonly Sent[]): Sent | undefined {
    return this.all.find(
      (each) => each.phase === phase && isSameHead(each.head, head) && !before.includes(each),
    )
  }

  async send(head: RequestHead, send: Send): Promise<Sent> {
    const { endpoint } = this
    const { phase, request } = send
    // What a browser says of where the request comes from is the same in all of them, as far as a server goes by it.
    const headers = head.headers.concat(browserHeaders(send, 'standard'))
    const body = phase === 'request' && request.body !== null ? await sendable(this.body, request.body) : null
    const said = { method: head.method, url: head.url, headers }
    const sent: Sent = { phase, head, trip: await sendOnce(endpoint, said, body, this.signal) }
    this.all.push(sent)
    if (phase === 'request' && head.url === urlWithoutFragment(endpoint.url)) this.first.push(head)
    return sent
  }
}

function isSameHead(one: RequestHead, other: RequestHead): boolean {
  if (one.url !== other.url || one.method !== other.method) return false
  const headers = saidOfPage(one)
  const others = saidOfPage(other)
  return (
    headers.length === others.length &&
    headers.every(([name, value], at) => name === others[at]?.[0] && value === others[at][1])
  )
}

/** What one engine may take where another does not: nothing that tells a page apart from another. */
const OF_THE_ENGINE = new HeaderNames(['accept', 'icy-metadata'])

function saidOfPage({ headers }: RequestHead): HeaderList {
  return headers.filter(([name]) => !OF_THE_ENGINE.has(name))
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
  const { href, origin } = endpoint.url
  return url === href || (url.startsWith(origin) && url[origin.length] === '/')
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
  const { method, url } = head
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
  const response = await transport.send({ method, url, headers: kept.concat(extra), body, signal })
  discardBody(response.body)
  // A message may show what was sent, and these are secrets whatever they are called.
  const shown = kept.concat(extra.map(([name]): Header => [name, REDACTED]))
  return {
    sent: { method, url, headers: shown },
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
  const [exchange] = namingServer(endpoint, [{ kind, request: sent, response }])
  return exchange as Exchange
}

function sentTwiceNote(sent: readonly RequestHead[], engines: readonly Profile[]): string[] {
  if (sent.length < 2) return []
  return [
    `The request itself was sent ${sent.length} times, because ${engineNames(engines)} would not all send the same: ask one engine with { engines: ['${engines[0]}'] } where that matters.`,
  ]
}
