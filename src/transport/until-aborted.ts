/** Waiting no longer than a request's signal lets it. */
import { type FailedRequest, toNetworkError } from './network-error.js'

/**
 * What a sender makes of a request, or the end that its signal puts to it: neither a handler nor a client that is still connecting has to
 * listen to that.
 * @throws CorsNetworkError where the signal came first
 */
export async function untilAborted<T>(request: FailedRequest, run: () => Promise<T>): Promise<T> {
  const { signal } = request
  if (signal === undefined) return run()
  if (signal.aborted) throw toNetworkError(signal.reason, request)
  let abort = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(toNetworkError(signal.reason, request))
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([run(), aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
