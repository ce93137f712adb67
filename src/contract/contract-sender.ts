/** How a check sends: each request once, at its pace, within its time, and patient with a server that asks for patience. */

import type { Header } from '../fetch/header-list.js'
import { getHeader } from '../fetch/header-list.js'
import { isSafeMethod } from '../fetch/methods.js'
import { startTimer, stopTimer } from '../subject/clock.js'
import { shownUrl } from '../text/shown.js'
import { isCorsNetworkError } from '../transport/network-error.js'
import {
  discardBody,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from '../transport/transport.js'
import type { ContractCode } from './contract-report.js'
import { Pace, pause } from './pace.js'

/** Why something could not be judged. */
export class NotJudged extends Error {
  readonly code: ContractCode

  constructor(code: ContractCode, explanation: string) {
    super(explanation)
    this.code = code
  }
}

/** How a run sends, to all its targets. */
export interface SendingLimits {
  /** Milliseconds for each request. */
  readonly timeout: number
  /** How many requests may be sent, to all targets together. */
  readonly maxRequests: number
  /** How many are under way at a time, to each target. */
  readonly concurrency: number
  /** Requests in a second, to each target. */
  readonly rate: number | undefined
  readonly signal: AbortSignal
}

/** How many requests a run has sent. */
export interface RequestCount {
  requests: number
}

/** Milliseconds that a server may ask to wait; one that asks for more is not asked again. */
const LONGEST_WAIT = 30_000
const TRIES = 5
const FIRST_WAIT = 100
/** So many requests in a row without a response, or without the status asked for, and the rest of their kind is not sent. */
const TOLERATED = 3
const RESET_CODES: readonly (string | undefined)[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

/** Statuses that ask to come back later, or by which a gateway says that the server behind it does not respond. */
export function isBusyStatus(status: number): boolean {
  return status === 429 || status === 503 || isGatewayStatus(status)
}

/** @see https://httpwg.org/specs/rfc9110.html#status.502 */
export function isGatewayStatus(status: number): boolean {
  return status === 502 || status === 504
}

/** The requests to one URL: what several cells would send is sent once. */
export interface SharedRequests {
  /** Undefined where no other cell would send any of them. */
  readonly responses: Map<string, Promise<TransportResponse>> | undefined
  /** How many in a row got no response in time. */
  silent: number
  /** How many were told to come back later until nobody tried again. */
  busy: number
}

export function sharedRequests(bySeveral: boolean): SharedRequests {
  return { responses: bySeveral ? new Map() : undefined, silent: 0, busy: 0 }
}

/** What is particular to the requests of one route. */
interface RouteSending {
  readonly shared: SharedRequests
  readonly pace: Pace | undefined
  /** The status that is meant to come: that one is not tried again. */
  readonly status: number | undefined
}

export class TargetSender {
  private readonly limits: SendingLimits
  private readonly count: RequestCount
  private readonly pace: Pace
  private readonly underWay = new Set<AbortController>()
  /** To be used again: most requests end without having been aborted. */
  private readonly unused: AbortController[] = []
  private silent = 0
  private busy = 0
  /** Why nothing is sent any more. */
  private end: NotJudged | undefined

  constructor(limits: SendingLimits, count: RequestCount) {
    this.limits = limits
    this.count = count
    this.pace = new Pace(limits.rate)
    const { signal } = limits
    signal.addEventListener('abort', () => {
      for (const each of this.underWay) each.abort(signal.reason)
    })
  }

  /** The transport, as the requests of a route go through it. */
  through(transport: Transport, route: RouteSending): Transport {
    const { responses } = route.shared
    const send = (request: TransportRequest): Promise<TransportResponse> => {
      if (responses === undefined || (request.body !== null && request.body !== undefined))
        return this.send(transport, request, route)
      const key = `${request.method} ${request.url} ${JSON.stringify(request.headers)}`
      let response = responses.get(key)
      if (response === undefined) {
        response = this.send(transport, request, route)
        responses.set(key, response)
      }
      return response
    }
    return { ...transport, send }
  }

  private async send(
    transport: Transport,
    request: TransportRequest,
    { shared, pace, status }: RouteSending,
  ): Promise<TransportResponse> {
    const isSafe = isSafeMethod(request.method)
    for (let attempt = 1; ; attempt++) {
      if (pace !== undefined || !this.pace.isFree) await this.turn(pace)
      this.admit(request, shared)
      let response: TransportResponse
      try {
        response = await this.sendOnce(transport, request, shared)
      } catch (error) {
        if (isSafe && attempt === 1 && isCorsNetworkError(error) && RESET_CODES.includes(error.code)) continue
        throw error
      }
      if (!isBusyStatus(response.status) || response.status === status) {
        this.busy = 0
        shared.busy = 0
        return response
      }
      const asked = retryAfter(response.headers)
      if (asked !== undefined && asked > LONGEST_WAIT)
        this.end ??= new NotJudged(
          'rate-limited',
          `The server responded with ${response.status} and asked to wait ${Math.ceil(asked / 1000)} s, so nothing more was sent to it.`,
        )
      if (!isSafe || this.end !== undefined || attempt === TRIES || shared.busy >= TOLERATED) {
        this.toldToComeBack(shared, response.status)
        return response
      }
      if (asked === undefined) await pause(FIRST_WAIT * 2 ** (attempt - 1), this.limits.signal)
      else this.pace.hold(asked)
    }
  }

  private toldToComeBack(shared: SharedRequests, status: number): void {
    shared.busy++
    this.busy++
    if (this.busy >= 2 * this.limits.concurrency)
      this.end ??= new NotJudged(
        'rate-limited',
        `The server kept responding with ${status}, so nothing more was sent to it.`,
      )
  }

  /** Waits until a request may be sent. */
  private async turn(pace: Pace | undefined): Promise<void> {
    const { signal } = this.limits
    if (pace !== undefined) await pace.turn(signal)
    if (!this.pace.isFree) await this.pace.turn(signal)
  }

  /** Counts a request that is about to be sent. @throws NotJudged where it may not */
  private admit(request: TransportRequest, shared: SharedRequests): void {
    const { signal, maxRequests } = this.limits
    if (signal.aborted) throw runEnded()
    if (this.end !== undefined) throw this.end
    if (shared.silent >= TOLERATED)
      throw new NotJudged(
        'network-error',
        `${shownUrl(request.url)} was not sent: the requests before it got no response in time.`,
      )
    if (this.count.requests >= maxRequests)
      throw new NotJudged('not-asked', `Not asked: the run may send no more (maxRequests: ${maxRequests}).`)
    this.count.requests++
  }

  private async sendOnce(
    transport: Transport,
    request: TransportRequest,
    shared: SharedRequests,
  ): Promise<TransportResponse> {
    const { timeout, signal, concurrency } = this.limits
    const controller = this.unused.pop() ?? new AbortController()
    this.underWay.add(controller)
    let isLate = false
    const timer = startTimer(() => {
      isLate = true
      controller.abort(new DOMException(`no full response within ${timeout} ms`, 'TimeoutError'))
    }, timeout)
    try {
      const { method, url, headers, body } = request
      const response = await transport.send({
        method,
        url,
        headers,
        body,
        headOnly: true,
        signal: controller.signal,
      })
      shared.silent = 0
      this.silent = 0
      discardBody(response.body)
      return response
    } catch (error) {
      if (signal.aborted) throw runEnded()
      if (isLate) {
        shared.silent++
        this.silent++
        if (this.silent >= 2 * concurrency)
          this.end ??= new NotJudged(
            'network-error',
            `The server stopped responding: ${this.silent} requests in a row got no response within ${timeout} ms, so nothing more was sent to it.`,
          )
      }
      throw error
    } finally {
      stopTimer(timer)
      this.underWay.delete(controller)
      // A Fetch request in this process follows its signal for as long as it is not collected.
      if (transport.joinsLines !== true && !controller.signal.aborted) this.unused.push(controller)
    }
  }
}

function runEnded(): NotJudged {
  return new NotJudged('not-asked', 'Not sent: the run was ended first.')
}

/** Milliseconds, of seconds or a date. @see https://httpwg.org/specs/rfc9110.html#field.retry-after */
function retryAfter(headers: readonly Header[]): number | undefined {
  const value = getHeader(headers, 'retry-after')?.trim()
  if (value === undefined) return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now())
}
