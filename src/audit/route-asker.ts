/** Asking one URL as pages at many origins: each request once, at most forty, and nothing beyond the URL's own origin. */

import { isBusyStatus, NotJudged, sharedRequests, TargetSender } from '../contract/contract-sender.js'
import { parseRate } from '../contract/notations.js'
import { freshUrl } from '../diagnose/cache-signs.js'
import type { Profile } from '../engines/profiles.js'
import type { Header } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { type EngineRun, enginesOf, travelAll } from '../page/ask.js'
import { type EndpointSubject, resolveEndpoint } from '../subject/endpoint.js'
import { shownUrl } from '../text/shown.js'
import { isCorsUsageError } from '../text/usage-error.js'
import { isCorsNetworkError } from '../transport/network-error.js'
import { type Transport, whileOpen } from '../transport/transport.js'
import type { Exchange } from '../verdict/verdict.js'
import type { AuditOptions } from './audit-options.js'

/** So many requests at most go to a route. */
export const MOST_REQUESTS = 40

/** How a page asks: by GET with a cookie or without, or by a preflight alone. */
export type AskedHow = 'cookie' | 'plain' | 'preflight'

/** What else is particular to a request. */
export interface AskedWith {
  /** Of the request, or of the one that the preflight is for. @default 'GET', 'PUT' */
  readonly method?: string
  /** What the page's script sets. */
  readonly headers?: readonly Header[]
  /** Instead of the audited URL's path; below the same origin. */
  readonly path?: string
  /** Whether it is sent without `Authorization`, which browsers leave out of preflights, and users that are logged out do not have. */
  readonly bare?: boolean
  /** Whether it is sent though the same has been sent before. */
  readonly again?: boolean
}

/** What asking as one origin came to. */
export interface AskedOrigin {
  readonly origin: string
  readonly how: AskedHow
  /** Each engine's journey, of a request with credentials. Its preflight alone where that was all that was sent. */
  readonly credentialed: readonly EngineRun[]
  /** The same response, as a request without credentials is judged. */
  readonly anonymous: readonly EngineRun[]
  /** The last exchange with the server. */
  readonly last: Exchange
}

/** Nobody's session: what counts is that there is a cookie. */
const COOKIE: Header = ['Cookie', 'expect-cors=1']

export class RouteAsker {
  /** Where it asks. */
  readonly endpoint: EndpointSubject
  readonly engines: readonly Profile[]
  private readonly sender: TargetSender
  private readonly count = { requests: 0 }
  readonly signal: AbortSignal
  private readonly shared = sharedRequests(true)
  private readonly cookie: Header
  /** Whether each is asked at a URL of its own, that no cache has heard of. */
  bustsCaches = false
  /** Whether a URL of its own was asked at, and made no difference. */
  isUncached = false
  private busted = 0
  /** Whether an origin that it does not know makes the server fail each time. */
  throwsAtStrangers = false
  /** How many requests one asking takes, where the server redirects. */
  cost = 1

  constructor(subject: unknown, { path, extraHeaders, engines, timeout, rate, signal }: AuditOptions) {
    this.endpoint = resolveEndpoint(subject, {
      ...(path === undefined ? {} : { path }),
      ...(extraHeaders === undefined ? {} : { extraHeaders }),
      ...(timeout === undefined ? {} : { timeout }),
    })
    this.engines = enginesOf({ engines: engines ?? this.endpoint.options.engines })
    this.signal = signal ?? new AbortController().signal
    this.cookie = this.endpoint.options.extraHeaders.find(isCookie) ?? COOKIE
    this.sender = new TargetSender(
      {
        timeout: this.endpoint.timeout,
        maxRequests: MOST_REQUESTS,
        concurrency: 4,
        rate: rate === undefined ? undefined : parseRate(rate),
        signal: this.signal,
      },
      this.count,
    )
  }

  /** How many requests were sent. */
  get requests(): number {
    return this.count.requests
  }

  /** The endpoint without a cookie, of which every request is sent, and counts. */
  get unshared(): EndpointSubject {
    return this.through('plain', {}, sharedRequests(false))
  }

  /** Whether what is sent along is of a user. */
  get isOfUser(): boolean {
    return this.endpoint.options.extraHeaders.some((line) => isCookie(line) || isAuthorization(line))
  }

  /** How many more may be. */
  get left(): number {
    return MOST_REQUESTS - this.count.requests
  }

  /** Asks within what keeps connections for the time. */
  during<T>(ask: () => Promise<T>): Promise<T> {
    return whileOpen(this.endpoint.transport, ask)
  }

  /**
   * Asks as a page at an origin; what was asked before is not sent again.
   * @throws NotJudged, CorsNetworkError, CorsUsageError where there is no response that says anything
   */
  async ask(origin: string, how: AskedHow, asked: AskedWith = {}): Promise<AskedOrigin> {
    const { method, headers = [] } = asked
    const preflightOnly = how === 'preflight'
    const endpoint = this.through(how, asked)
    const request = {
      origin,
      url: endpoint.url.href,
      method: method ?? (preflightOnly ? 'PUT' : 'GET'),
      headers,
    }
    const travelled = async (credentials: 'include' | 'omit'): Promise<readonly EngineRun[]> => {
      const sent = { ...request, credentials }
      return (await travelAll(endpoint, sent, this.engines, this.signal, { preflightOnly })).runs
    }
    const credentialed = await travelled('include')
    const anonymous = await travelled('omit')
    const last = credentialed.flatMap(({ journey }) => journey.exchanges).at(-1)
    if (last === undefined)
      throw new NotJudged('not-asked', `Nothing is sent for ${method} without a preflight.`)
    const { status } = last.response
    this.cost = Math.max(this.cost, ...credentialed.map(({ journey }) => journey.exchanges.length))
    if (isBusyStatus(status))
      throw new NotJudged(
        'rate-limited',
        `The server responded with ${status}, which is about its load and not about CORS.`,
      )
    return { origin, how, credentialed, anonymous, last }
  }

  /** Sends a GET, or another harmless request, of no page: without Origin and without a cookie, unless they are given. */
  async askAsNoPage(path?: string, headers: readonly Header[] = [], method = 'GET'): Promise<Exchange> {
    const endpoint = this.through('plain', path === undefined ? {} : { path })
    const { href: url } = endpoint.url
    const lines = [...headers, ...endpoint.options.extraHeaders]
    const { status, headers: received } = await endpoint.transport.send({
      method,
      url,
      headers: lines,
      body: null,
    })
    return {
      kind: 'request',
      request: { method, url, headers: [...headers] },
      response: { status, headers: received },
    }
  }

  private through(
    how: AskedHow,
    { path, again = false, bare = false }: AskedWith,
    shared = again ? sharedRequests(true) : this.shared,
  ): EndpointSubject {
    const { endpoint } = this
    const others = endpoint.options.extraHeaders.filter(
      (line) => !isCookie(line) && !(bare && isAuthorization(line)),
    )
    const extraHeaders = how === 'cookie' ? [...others, this.cookie] : others
    const own = new URL(path ?? '', endpoint.url)
    const url = this.bustsCaches
      ? new URL(freshUrl(own.href, `${Date.now().toString(36)}-${++this.busted}`))
      : own
    const route = { shared, pace: undefined, status: undefined }
    return {
      ...endpoint,
      url,
      shownUrl: shownUrl(url),
      // Even what an app in this process redirects to elsewhere goes this way, and no further.
      inProcess: false,
      transport: this.sender.through(confined(endpoint.transport, endpoint.url), route),
      extraHeaders,
      options: { ...endpoint.options, extraHeaders },
    }
  }
}

function isAuthorization([name]: Header): boolean {
  return equalsIgnoringCase(name, 'authorization')
}

function isCookie([name]: Header): boolean {
  return equalsIgnoringCase(name, 'cookie')
}

/** Sends to one origin alone. @throws NotJudged from `send` for any other */
function confined(transport: Transport, { origin }: URL): Transport {
  return {
    ...transport,
    async send(request) {
      if (new URL(request.url).origin === origin) return transport.send(request)
      throw new NotJudged(
        'not-asked',
        `It redirects to ${shownUrl(request.url)}, where nothing was sent: audit that URL itself.`,
      )
    },
  }
}

/** Why something could not be judged. Throws on what is a bug. */
export function whyUnjudged(error: unknown): string {
  if (error instanceof NotJudged || isCorsNetworkError(error) || isCorsUsageError(error)) return error.message
  throw error
}
