import timers from 'node:timers'
import { sharedState } from './shared-state.js'

/** `setTimeout` takes no more: beyond that it fires at once. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1

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
