/** The requests of one call on their way to the network or the HTTP cache: what a browser adds to each, and what it keeps of its response. */
import { deviationsOf, engineOf } from '../engines/profiles.js'
import { type Failure, fail } from '../fetch/failure.js'
import { sendsCredentials } from '../fetch/fetch-request.js'
import { containsHeader, type Header } from '../fetch/header-list.js'
import type { Send } from '../fetch/main-fetch.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { discardBody } from '../transport/transport.js'
import { browserHeaders } from './browser-headers.js'
import { setsCookies } from './cookies.js'
import { PreflightWithoutResponse } from './cors-error.js'
import { isLost, sendLast } from './outliving.js'
import type { OpenResponse, PageState } from './page-fetch.js'
import { type CachedTrip, type PageHttpCache, throughCache } from './through-cache.js'
import type { Trip } from './travel.js'

/** The body of a call. */
export type SentBody = Uint8Array | ReadableStream<Uint8Array> | null

/** What became of a request: null where nothing responds, which ends the journey before it. */
type Sent = Trip<OpenResponse> | { readonly failure: Failure } | null

export class PageHops {
  /** Why the last preflight has no response. */
  withoutResponse: string | undefined
  private readonly page: PageState
  private readonly body: SentBody
  private readonly ends: AbortSignal
  private readonly onSend: ((send: Send) => void) | undefined
  private hasSent = false
  /** The last response, which nobody has read yet. */
  private open: OpenResponse | undefined
  /** The last that went through the HTTP cache. */
  private trip: CachedTrip | null = null

  /** @param ends ends them; @param onSend is told of each */
  constructor(
    page: PageState,
    body: SentBody,
    ends: AbortSignal,
    onSend: ((send: Send) => void) | undefined,
  ) {
    this.page = page
    this.body = body
    this.ends = ends
    this.onSend = onSend
  }

  async send(head: RequestHead, sending: Send): Promise<Sent> {
    const { page } = this
    this.settle(false)
    discardBody(this.open?.body)
    this.onSend?.(sending)
    const cookie = carriesCookies(page, sending) ? await page.cookies.header(sending.request) : null
    const sent = withBrowserHeaders(page, head, sending, cookie)
    if (isLost(page, sending.request)) {
      if (!this.hasSent) sendLast(page, { body: this.bodyOf(sending), ...sent })
      throw page.signal.reason
    }
    this.hasSent = true
    return page.httpCache === undefined || sending.phase === 'preflight'
      ? this.overNetwork(sent, sending)
      : this.throughCache(page.httpCache, sent, sending)
  }

  /** Is told, once it is known, whether the last response was refused. */
  settle(refused: boolean): void {
    this.trip?.settle(refused)
  }

  private async overNetwork(sent: RequestHead, sending: Send): Promise<Sent> {
    try {
      this.open = await this.forward(sent, sending)
      return { sent, response: this.open }
    } catch (error) {
      if (!(error instanceof PreflightWithoutResponse)) throw error
      this.withoutResponse = error.message
      return null
    }
  }

  private async throughCache(cache: PageHttpCache, sent: RequestHead, sending: Send): Promise<Sent> {
    const forward = (head: RequestHead): Promise<OpenResponse> => this.forward(head, sending)
    this.trip = await throughCache(this.page, cache, sending.request, sent, forward, this.ends)
    if (this.trip === null) return fail('not-in-http-cache', 'request', { part: sent.url })
    this.open = this.trip.response
    return this.trip
  }

  private async forward({ method, url, headers }: RequestHead, sending: Send): Promise<OpenResponse> {
    const { page, ends: signal } = this
    const response = await page.network.send({ method, url, headers, body: this.bodyOf(sending), signal })
    if (
      sending.phase === 'request' &&
      setsCookies(response.headers) &&
      sendsCredentials(sending.request, deviationsOf(page.engine))
    ) {
      await page.cookies.store(sending.request, response.headers)
    }
    return response
  }

  private bodyOf({ phase, request }: Send): SentBody {
    return phase === 'request' && request.body !== null ? this.body : null
  }
}

function carriesCookies(page: PageState, { phase, request }: Send): boolean {
  return (
    phase === 'request' && page.cookies.mayHaveAny && sendsCredentials(request, deviationsOf(page.engine))
  )
}

function withBrowserHeaders(
  page: PageState,
  head: RequestHead,
  sending: Send,
  cookie: string | null,
): RequestHead {
  const headers: Header[] = [...head.headers, ...browserHeaders(sending, page.engine)]
  const { userAgent, languages } = engineOf(page.engine)
  // https://fetch.spec.whatwg.org/#concept-fetch step 13, and https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch step 8.15.
  if (!containsHeader(headers, 'accept-language')) headers.push(['Accept-Language', languages])
  if (!containsHeader(headers, 'user-agent')) headers.push(['User-Agent', userAgent])
  if (cookie !== null) headers.push(['Cookie', cookie])
  return { method: head.method, url: head.url, headers }
}
