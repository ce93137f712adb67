/** Asking one URL as pages at many origins: each request once, at most forty, and nothing beyond the URL's own origin. */

import { isBusyStatus, NotJudged, sharedRequests, TargetSender } from '../contract/contract-sender.js'
import { parseRate } from '../contract/notations.js'
import { diagnosis } from '../diagnose/diagnosis.js'
import type { Profile } from '../engines/profiles.js'
import type { Header } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { type EngineRun, enginesOf, travelAll } from '../page/ask.js'
import { type EndpointSubject, resolveEndpoint } from '../subject/endpoint.js'
import { shownUrl } from '../text/shown.js'
import { isCorsUsageError } from '../text/usage-error.js'
import { isCorsNetworkError } from '../transport/network-error.js'
import type { Transport } from '../transport/transport.js'
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
}

/** What asking as one origin came to. */
export interface Asked {
  readonly origin: string
  readonly how: AskedHow
  /** Each engine's journey, of a request with credentials. Its preflight alone where that was all that was sent. */
  readonly credentialed: readonly EngineRun[]
  /** The same response, as a request without credentials is judged. */
  readonly anonymous: readonly EngineRun[]
  /** The last exchange with the server. */
  readonly last: Exchange
}

/** Whether a browser, any of those asked, lets the page in. */
export function isLetIn(runs: readonly EngineRun[]): boolean {
  return runs.some(isAllowed)
}

/** Whether every browser does. */
export function isLetInByAll(runs: readonly EngineRun[]): boolean {
  return runs.every(isAllowed)
}

/** A journey that stopped after its preflight passed is incomplete. */
function isAllowed({ journey: { verdict } }: EngineRun): boolean {
  return verdict.outcome === 'allowed' || verdict.outcome === 'incomplete'
}

/** Nobody's session: what counts is that there is a cookie. */
const COOKIE: Header = ['Cookie', 'expect-cors=1']

export class RouteAsker {
  /** Where it asks. */
  readonly endpoint: EndpointSubject
  readonly engines: readonly Profile[]
  private readonly sender: TargetSender
  private readonly count = { requests: 0 }
  private readonly signal: AbortSignal
  private readonly shared = sharedRequests(true)
  private readonly cookie: Header

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
        concurrency: 1,
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

  /** How many more may be. */
  get left(): number {
    return MOST_REQUESTS - this.count.requests
  }

  /** Asks within what keeps connections for the time. */
  async during<T>(ask: () => Promise<T>): Promise<T> {
    const { transport } = this.endpoint
    transport.open?.()
    try {
      return await ask()
    } finally {
      await transport.close()
    }
  }

  /**
   * Asks as a page at an origin; what was asked before is not sent again.
   * @throws NotJudged, CorsNetworkError, CorsUsageError where there is no response that says anything
   */
  async ask(origin: string, how: AskedHow, { method, headers = [], path }: AskedWith = {}): Promise<Asked> {
    const preflightOnly = how === 'preflight'
    const endpoint = this.through(how, path)
    const request = {
      origin,
      url: endpoint.url.href,
      method: method ?? (preflightOnly ? 'PUT' : 'GET'),
      headers,
    }
    const travelled = async (credentials: 'include' | 'omit'): Promise<readonly EngineRun[]> => {
      const asked = { ...request, credentials }
      return (await travelAll(endpoint, asked, this.engines, this.signal, { preflightOnly })).runs
    }
    const credentialed = await travelled('include')
    const anonymous = await travelled('omit')
    const last = credentialed.flatMap(({ journey }) => journey.exchanges).at(-1)
    if (last === undefined)
      throw new NotJudged('not-asked', `Nothing is sent for ${method} without a preflight.`)
    const { status } = last.response
    if (isBusyStatus(status))
      throw new NotJudged(
        'rate-limited',
        `The server responded with ${status}, which is about its load and not about CORS.`,
      )
    return { origin, how, credentialed, anonymous, last }
  }

  /** Sends a GET, or another harmless request, of no page: without Origin and without a cookie, unless they are given. */
  async askAsNoPage(path?: string, headers: readonly Header[] = [], method = 'GET'): Promise<Exchange> {
    const endpoint = this.through('plain', path)
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

  private through(how: AskedHow, path: string | undefined): EndpointSubject {
    const { endpoint } = this
    const others = endpoint.options.extraHeaders.filter((line) => !isCookie(line))
    const extraHeaders = how === 'cookie' ? [...others, this.cookie] : others
    const url = path === undefined ? endpoint.url : new URL(path, endpoint.url)
    const route = { shared: this.shared, pace: undefined, status: undefined }
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

/** Why a journey was refused. */
export function whyRefused(runs: readonly EngineRun[]): string {
  const refused = runs.find((run) => !isAllowed(run))
  return refused === undefined ? '' : diagnosis().explainCors(refused.journey).explanation
}
