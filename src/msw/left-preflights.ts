/** Why the handlers of `withCors` left a preflight to others: `enforceCors` says it where nobody else took it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { sharedState } from '../subject/shared-state.js'

/** None of the handlers takes the request that the preflight asks for, or it goes to where their API is not. */
export type LeftBecause = 'no-handler' | { readonly notBelow: string }

/** What is known of a preflight that is with the mock. */
export interface LeftPreflight {
  because?: LeftBecause
  /** Whether one of the handlers takes the request that it asks for, so that none is missing. */
  isTaken?: boolean
}

interface Shared {
  /** Of all copies of this package: `withCors` may be another's. */
  preflights?: AsyncLocalStorage<LeftPreflight>
}

/** Is told of it while `run` asks the mock. */
export function watchingPreflight<T>(left: LeftPreflight, run: () => T): T {
  const shared = sharedState<Shared>()
  shared.preflights ??= new AsyncLocalStorage()
  return shared.preflights.run(left, run)
}

/** That none of the handlers takes it says more than that others are for elsewhere. */
export function leavePreflight(because: LeftBecause): void {
  const left = sharedState<Shared>().preflights?.getStore()
  if (left !== undefined && left.because !== 'no-handler') left.because = because
}

/** One of the handlers takes the request, even if the preflight is left to an `http.options()`. */
export function takePreflight(): void {
  const left = sharedState<Shared>().preflights?.getStore()
  if (left !== undefined) left.isTaken = true
}
