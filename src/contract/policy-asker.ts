/** Asking a server what it allows: for what is written down of it, as a policy or as a contract. */

import type { Profile } from '../engines/profiles.js'
import type { RequestCredentials } from '../fetch/fetch-request.js'
import { type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import type { ResponseHead } from '../fetch/response.js'
import { enginesOf, travelAll } from '../page/ask.js'
import { type EndpointSubject, resolveEndpoint } from '../subject/endpoint.js'
import { DEFAULT_TIMEOUT } from '../subject/options.js'
import { shownUrl } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { CorsNetworkError } from '../transport/network-error.js'
import { whileOpen } from '../transport/transport.js'
import { checkOrigin } from '../verdict/client.js'
import { isBusyStatus, sharedRequests, TargetSender } from './contract-sender.js'

/** How a server is asked what it allows. */
export interface AskPolicyOptions {
  /** Sent with every request, preflights included; never written down. */
  readonly extraHeaders?: HeadersLike | undefined
  /** Who must let a page in. @default ['chromium', 'firefox', 'webkit'] */
  readonly engines?: readonly Profile[] | undefined
  /** Milliseconds for each request. @default 4000 */
  readonly timeout?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** One request of a page. */
export interface PolicyRequest {
  readonly path: string
  readonly method: string
  readonly headers?: HeadersLike
  readonly credentials?: RequestCredentials
}

/** What a page at an origin was allowed. */
export interface PolicyResponse {
  /** Whether every engine lets the page read the response, or send the request where only its preflight was sent. */
  readonly allowed: boolean
  /** Whether any engine sends a preflight. */
  readonly preflighted: boolean
  /** To the preflight, where one was sent. */
  readonly preflight: ResponseHead | undefined
  /** To the request itself, where it was sent. */
  readonly response: ResponseHead | undefined
  /** What a script may read in every engine. */
  readonly exposed: readonly string[]
}

/** Asks one target, one request after the other. */
export class PolicyAsker {
  private readonly subject: unknown
  private readonly options: AskPolicyOptions
  private readonly sender: TargetSender
  private readonly engines: readonly Profile[]
  private readonly signal: AbortSignal
  private readonly shared = sharedRequests(true)

  constructor(subject: unknown, options: AskPolicyOptions) {
    this.subject = subject
    this.options = options
    this.engines = enginesOf(options)
    this.signal = options.signal ?? new AbortController().signal
    const { signal } = this
    const { timeout = DEFAULT_TIMEOUT } = options
    const limits = { timeout, maxRequests: Number.POSITIVE_INFINITY, concurrency: 1, rate: undefined, signal }
    this.sender = new TargetSender(limits, { requests: 0 })
  }

  /** Asks within what keeps connections for the time. */
  during<T>(ask: () => Promise<T>): Promise<T> {
    return whileOpen(resolveEndpoint(this.subject).transport, ask)
  }

  /** @throws CorsNetworkError where the server does not respond, or asks to come back later */
  async ask(request: PolicyRequest, origin: string, preflightOnly = false): Promise<PolicyResponse> {
    const { path, method, headers = [], credentials = 'omit' } = request
    const endpoint = this.endpoint(path, origin)
    const asked = { origin, url: endpoint.url.href, method, headers, credentials }
    const { runs } = await travelAll(endpoint, asked, this.engines, this.signal, {
      preflightOnly,
      refusalHolds: !preflightOnly,
    })
    const journeys = runs.map(({ journey }) => journey)
    const exchanges = journeys.flatMap((journey) => journey.exchanges)
    for (const { response, request: sent } of exchanges) refuseBusy(response, sent.url)
    return {
      allowed: journeys.every(
        ({ verdict }) => verdict.outcome === 'allowed' || verdict.outcome === 'incomplete',
      ),
      preflighted: journeys.some(({ verdict }) => verdict.preflight.required),
      preflight: exchanges.find(({ kind }) => kind === 'preflight')?.response,
      response: exchanges.findLast(({ kind }) => kind === 'request')?.response,
      exposed: (journeys[0]?.verdict.exposedHeaders ?? []).filter((name) =>
        journeys.every(({ verdict }) => verdict.exposedHeaders.includes(name)),
      ),
    }
  }

  /** The status that the request gets where no page makes it. */
  async plainStatus({ path, method, headers = [] }: PolicyRequest): Promise<number> {
    const { transport, url, options } = this.endpoint(path, undefined)
    const lines = [...readHeaders(headers), ...options.extraHeaders]
    const response = await transport.send({ method, url: url.href, headers: lines, body: null })
    refuseBusy(response, url.href)
    return response.status
  }

  private endpoint(path: string, origin: string | undefined): EndpointSubject {
    const { extraHeaders } = this.options
    const endpoint = resolveEndpoint(
      this.subject,
      { path, ...(extraHeaders === undefined ? {} : { extraHeaders }) },
      origin,
    )
    const route = { shared: this.shared, pace: undefined, status: undefined }
    return { ...endpoint, transport: this.sender.through(endpoint.transport, route) }
  }
}

/** Of a server that asks to come back later nothing is written down. @throws CorsNetworkError */
function refuseBusy({ status }: ResponseHead, url: string): void {
  if (!isBusyStatus(status)) return
  throw new CorsNetworkError(
    `${shownUrl(url)} responded with ${status} to the last, which says nothing about CORS`,
    {
      url: shownUrl(url),
    },
  )
}

/** @throws CorsUsageError for what is not a list of origins */
export function checkOrigins(origins: unknown, where: string): readonly string[] {
  if (!Array.isArray(origins) || origins.length === 0)
    throw new CorsUsageError(`${where}: origins must list at least one origin to ask as`)
  for (const origin of origins) checkOrigin(origin)
  return [...new Set(origins as string[])]
}
