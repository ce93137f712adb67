/** Drives the pure steps over something that responds: one request of a page, in one engine, from its call to its end. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import { type Client, FetchRequest } from '../fetch/fetch-request.js'
import type { Send } from '../fetch/main-fetch.js'
import type { PreflightCache } from '../fetch/preflight-cache.js'
import type { LocalResponse, ResponseHead } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { afterRedirect, isCorsNetworkError } from '../transport/network-error.js'
import { unsentVerdict, verdictOf } from '../verdict/build-verdict.js'
import { type CorsRequest, toFetchRequest } from '../verdict/cors-request.js'
import { urlOf } from '../verdict/remembered.js'
import { Run } from '../verdict/run.js'
import type { Exchange, Journey } from '../verdict/verdict.js'

/** One request of a journey as it was sent, and what came back. */
export interface Trip<R extends ResponseHead> {
  readonly sent: RequestHead
  readonly response: R
}

/** One request of a page, about to leave. */
export interface Departure<R extends ResponseHead> {
  readonly client: Client
  readonly request: CorsRequest
  readonly engine: Profile
  readonly cache?: PreflightCache | undefined
  /** Sends one request of the journey; null ends the journey before it. */
  readonly send: (head: RequestHead, send: Send) => Promise<Trip<R> | null>
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
  const { client, engine } = departure
  const request = toFetchRequest(
    client,
    departure.request,
    deviationsOf(engine),
    urlOf(departure.request.url),
  )
  const exchanges: Exchange[] = []
  if (!(request instanceof FetchRequest)) {
    const verdict = unsentVerdict(engine, client, departure.request, request)
    return { verdict, exchanges, request: null, response: null, local: null }
  }
  const run = new Run(engine, request, departure.request.httpVersion, departure.cache)
  let response: R | null = null
  for (let send = run.next; send !== null; send = run.next) {
    const trip = await departure.send(run.head(send), send).catch((error: unknown) => {
      const redirect =
        request.redirectCount > 0 ? exchanges.findLast(({ kind }) => kind === 'request') : undefined
      throw redirect !== undefined && isCorsNetworkError(error)
        ? afterRedirect(error, { url: redirect.request.url, status: redirect.response.status })
        : error
    })
    if (trip === null) return { verdict: verdictOf(run), exchanges, request, response, local: null }
    response = trip.response
    const { status, headers } = response
    exchanges.push({ kind: send.phase, request: trip.sent, response: { status, headers } })
    run.take(response)
  }
  const { outcome } = run
  const local = outcome.failure === null && 'content' in outcome.response ? outcome.response : null
  return { verdict: verdictOf(run), exchanges, request, response, local }
}
