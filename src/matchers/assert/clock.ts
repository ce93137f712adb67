import timers from 'node:timers'
import { sharedState } from '../../subject/shared-state.js'

type Clock = Pick<typeof timers, 'setTimeout' | 'clearTimeout'>

interface Shared {
  clock?: Clock
}

/**
 * The clock as it was when this was first called, which a runner's entry does before any test can fake it: fake timers must neither stop a
 * live assertion nor time it out.
 */
export function realClock(): Clock {
  const { setTimeout, clearTimeout } = timers
  const shared = sharedState<Shared>()
  shared.clock ??= { setTimeout, clearTimeout }
  return shared.clock
}

export const { setTimeout: startTimer, clearTimeout: stopTimer } = realClock()
