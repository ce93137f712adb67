/** Live assertions: what is under way until it settles or nobody waits for it any longer. */
import { type CallSite, callSite, placeAt } from '../../text/call-site.js'
import { CorsUsageError, isCorsUsageError } from '../../text/usage-error.js'
import { isCorsNetworkError } from '../../transport/network-error.js'
import { begin } from './begun.js'
import type { MatcherContext, MatcherResult } from './context.js'

/**
 * Runs a live assertion, and returns a promise that an asymmetric matcher cannot mistake for a result.
 */
export function live(
  context: MatcherContext,
  name: string,
  run: (signal: AbortSignal) => Promise<MatcherResult>,
): Promise<MatcherResult> {
  const abort = new AbortController()
  const site = callSite()
  const settled = run(abort.signal)
  const promise = new Promise<MatcherResult>((resolve, reject) => {
    const unlessAbandoned =
      <T>(settle: (value: T) => void) =>
      (value: T): void => {
        if (!abort.signal.aborted) settle(value)
      }
    settled.then(
      unlessAbandoned(resolve),
      unlessAbandoned((error) => reject(placed(error, site))),
    )
  })
  Object.defineProperty(promise, 'pass', {
    get(): never {
      // Said at once, so it must not surface later as an unhandled rejection.
      abort.abort()
      throw new CorsUsageError(
        `expect.${name}() cannot be used as an asymmetric matcher on an endpoint, because its response arrives later: write await expect(endpoint).${name}(…)`,
      )
    },
  })
  begin({ context, name, abandon: () => abort.abort() })
  return promise
}

/** What an assertion rejects with comes from a timer or a socket: where it was made is known here only. */
function placed(error: unknown, site: CallSite): unknown {
  if (isCorsUsageError(error) || isCorsNetworkError(error)) placeAt(error, site)
  return error
}
