/** A live assertion: within its time, and never forgotten. */

import type { EndpointSubject } from '../../subject/endpoint.js'
import { startTimer, stopTimer } from '../../subject/shared-state.js'
import { CorsNetworkError } from '../../transport/network-error.js'
import { anySignal } from '../../transport/transport.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { live } from './pending.js'

/**
 * Asks an endpoint, within its time, as a live assertion that nobody may forget.
 * @throws CorsNetworkError when the endpoint's `timeout` has passed
 */
export function askLive(
  context: MatcherContext,
  name: string,
  endpoint: EndpointSubject,
  run: (signal: AbortSignal) => Promise<MatcherResult>,
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
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { timeout, signal } = endpoint.options
  endpoint.transport.open?.()
  const timer = new AbortController()
  let handle: NodeJS.Timeout | undefined
  const ranOut = new Promise<never>((_, reject) => {
    handle = startTimer(() => {
      const url = endpoint.shownUrl
      const message = `${url} gave no full answer within ${timeout} ms, which says nothing about CORS; { timeout } gives it more`
      reject(new CorsNetworkError(message, { url }))
      timer.abort(new DOMException(message, 'TimeoutError'))
    }, timeout)
  })
  try {
    const signals = [timer.signal, abandoned, ...(signal === undefined ? [] : [signal])]
    return await Promise.race([run(anySignal(signals)), ranOut])
  } finally {
    stopTimer(handle)
    void endpoint.transport.close()
  }
}
