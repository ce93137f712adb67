/** A live assertion: within its time, and never forgotten. */

import { startTimer, stopTimer } from '../../subject/clock.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import { CorsNetworkError } from '../../transport/network-error.js'
import { anySignal } from '../../transport/transport.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { live } from './pending.js'

/** The time that a live assertion has. */
export interface LiveTime {
  /** Aborted where nobody waits any longer. */
  readonly signal: AbortSignal
  /** Aborted before that, while there is still time to say what is known. */
  readonly spare: AbortSignal
}

/** The share of its time that an assertion keeps for what it has to say. */
const KEPT = 0.1

/**
 * Asks an endpoint, within its time, as a live assertion that nobody may forget.
 * @throws CorsNetworkError when the endpoint's `timeout` has passed
 */
export function askLive(
  context: MatcherContext,
  name: string,
  endpoint: EndpointSubject,
  run: (time: LiveTime) => Promise<MatcherResult>,
): Promise<MatcherResult> {
  return live(context, name, (abandoned) => withinTime(endpoint, abandoned, run))
}

/**
 * Runs within the time a live assertion has for its whole journey. Running out of it is an error, never a verdict.
 * @throws CorsNetworkError when the endpoint's `timeout` has passed, even where what is asked ignores its signal
 */
async function withinTime<T>(
  endpoint: EndpointSubject,
  abandoned: AbortSignal,
  run: (time: LiveTime) => Promise<T>,
): Promise<T> {
  const { timeout, signal } = endpoint.options
  endpoint.transport.open?.()
  const timer = new AbortController()
  const spare = new AbortController()
  const spareHandle = startTimer(() => spare.abort(), timeout * (1 - KEPT))
  let handle: NodeJS.Timeout | undefined
  const ranOut = new Promise<never>((_, reject) => {
    handle = startTimer(() => {
      const url = endpoint.shownUrl
      const message = `${url} gave no full response within ${timeout} ms, which says nothing about CORS; { timeout } gives it more`
      reject(new CorsNetworkError(message, { url }))
      timer.abort(new DOMException(message, 'TimeoutError'))
    }, timeout)
  })
  try {
    const signals = [timer.signal, abandoned, ...(signal === undefined ? [] : [signal])]
    const any = anySignal(signals)
    return await Promise.race([run({ signal: any, spare: anySignal([any, spare.signal]) }), ranOut])
  } finally {
    stopTimer(spareHandle)
    stopTimer(handle)
    void endpoint.transport.close()
  }
}
