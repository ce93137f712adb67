/** Drives the pure steps over something that responds: one request of a page, in one engine, from its call to its end. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import type { BlobEntry } from '../fetch/blob-url.js'
import type { Failure } from '../fetch/failure.js'
import { type Client, FetchRequest } from '../fetch/fetch-request.js'
import type { Logins } from '../fetch/http-authentication.js'
import type { Send } from '../fetch/main-fetch.js'
import { createRequest, type RequestArguments } from '../fetch/page-request.js'
import type { PreflightCache } from '../fetch/preflight-cache.js'
import type { LocalResponse, ResponseHead } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { isCorsNetworkError } from '../transport/network-error.js'
import { afterRedirect } from '../transport/no-response.js'
import { unsentVerdict, verdictOf } from '../verdict/build-verdict.js'
import { type AskedRequest, argumentsOf, type CorsRequest } from '../verdict/cors-request.js'
import { urlOf } from '../verdict/remembered.js'
import { Run } from '../verdict/run.js'
import type { Exchange, Journey, Verdict } from '../verdict/verdict.js'

/** One request of a journey as it was sent, and what came back. */
export interface Trip<R extends ResponseHead> {
  readonly sent: RequestHead
  readonly response: R
  /** How the HTTP cache had a hand in it. */
  readonly cacheState?: Exchange['cacheState']
}

/** One request of a page, about to leave. */
export interface Departure<R extends ResponseHead> {
  readonly client: Client
  readonly request: AskedRequest
  readonly engine: Profile
  readonly httpVersion?: CorsRequest['httpVersion']
  readonly cache?: PreflightCache | undefined
  readonly logins?: Logins | undefined
  /** What stands behind a `blob:` URL. */
  readonly blob?: BlobEntry | null | undefined
  /** What counts against the quota of `keepalive`. */
  readonly keepaliveBytes?: number | undefined
  /** Whether what is sent may be served from the HTTP cache. */
  readonly hasHttpCache?: boolean | undefined
  /** Sends one request of the journey; null ends the journey before it, a failure refuses it. */
  readonly send: (head: RequestHead, send: Send) => Promise<Trip<R> | { readonly failure: Failure } | null>
}

/** A journey that has ended, with what the page needs to make a response of it. */
export interface Arrival<R extends ResponseHead> extends Journey {
  /** The request as the page's API made it; null where the API refused. */
  readonly request: FetchRequest | null
  /** The last response, where there was one. */
  readonly response: R | null
  /** What the URL itself holds, where it needs no server. */
  readonly local: LocalResponse | null
}

/** Sends what the engine would send, until it has a response or a reason to refuse. */
export async function travel<R extends ResponseHead>(departure: Departure<R>): Promise<Arrival<R>> {
  const traveller = new Traveller<R>(departure, requestArguments(departure.request))
  for (let send = traveller.next; send !== null; send = traveller.next) {
    let trip: Awaited<ReturnType<typeof departure.send>>
    try {
      trip = await departure.send(traveller.head(send), send)
    } catch (error) {
      throw traveller.lost(error)
    }
    if (trip === null) break
    if ('failure' in trip) traveller.refuse(trip)
    else traveller.take(send, trip)
  }
  return traveller.arrive()
}

/** What a script asks for, checked: the same for every engine. @throws CorsUsageError */
export function requestArguments(request: AskedRequest): RequestArguments {
  return argumentsOf(request, urlOf(request.url))
}

/** One request of a page on its way. Whether responses are at hand or have to be waited for is up to the caller. */
export class Traveller<R extends ResponseHead> {
  /** Every request and its response so far. */
  readonly exchanges: Exchange[] = []
  private readonly run: Run | undefined
  private readonly unsent: Verdict | undefined
  private response: R | null = null

  constructor(
    {
      client,
      request,
      engine,
      httpVersion,
      cache,
      logins,
      hasHttpCache = false,
      keepaliveBytes = 0,
      blob = null,
    }: Omit<Departure<R>, 'send'>,
    read: RequestArguments,
  ) {
    const made = createRequest(client, read, deviationsOf(engine))
    if (made instanceof FetchRequest) {
      made.keepaliveBytes = keepaliveBytes
      made.blob = blob
      this.run = new Run(engine, made, httpVersion, cache, logins, hasHttpCache)
    } else this.unsent = unsentVerdict(engine, client, request, made)
  }

  /** What is to be sent next, or null at the end of the journey. */
  get next(): Send | null {
    return this.run === undefined ? null : this.run.next
  }

  /** The request that is to be sent. */
  head(send: Send): RequestHead {
    return (this.run as Run).head(send)
  }

  /** Takes the response to what was to be sent next. */
  take({ phase }: Send, { sent, response, cacheState }: Trip<R>): void {
    this.response = response
    const { status, headers } = response
    const exchange: Exchange = { kind: phase, request: sent, response: { status, headers } }
    this.exchanges.push(cacheState ? { ...exchange, cacheState } : exchange)
    this.run?.take(response)
  }

  /** Takes the refusal of what was to be sent next. */
  refuse(refusal: { readonly failure: Failure }): void {
    this.run?.refuse(refusal)
  }

  /** The error of a request that got no response, with where a redirect to it came from. */
  lost(error: unknown): unknown {
    const redirect =
      (this.run?.request.redirectCount ?? 0) > 0
        ? this.exchanges.findLast(({ kind }) => kind === 'request')
        : undefined
    return redirect !== undefined && isCorsNetworkError(error)
      ? afterRedirect(error, { url: redirect.request.url, status: redirect.response.status })
      : error
  }

  /** What has come of it, at its end or wherever it is left. */
  arrive(): Arrival<R> {
    const { run, exchanges, response } = this
    if (run === undefined) {
      const verdict = this.unsent as Verdict
      return { verdict, exchanges, request: null, response: null, local: null }
    }
    const { request } = run
    const verdict = verdictOf(run)
    if (run.next !== null) return { verdict, exchanges, request, response, local: null }
    const { outcome } = run
    const local = 'type' in outcome && 'content' in outcome.response ? outcome.response : null
    return { verdict, exchanges, request, response, local }
  }
}
