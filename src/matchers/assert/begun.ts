/** How a runner's entry learns of an assertion on an endpoint. */
import { sharedState } from '../../subject/shared-state.js'
import type { MatcherContext } from './context.js'

export interface LiveAssertion {
  readonly context: MatcherContext
  /** The matcher's name. */
  readonly name: string
  /** Nobody waits for its outcome any longer: what is under way is aborted, and its promise never settles. */
  abandon(): void
}

interface Shared {
  begun?: LiveAssertion | undefined
}

export function begin(assertion: LiveAssertion): void {
  sharedState<Shared>().begun = assertion
}

/** The assertion that began since this was last called, in any copy of this package. */
export function takeBegun(): LiveAssertion | undefined {
  const shared = sharedState<Shared>()
  const { begun } = shared
  shared.begun = undefined
  return begun
}
