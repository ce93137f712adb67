/** Timers that no test can fake. */
import { realClock } from './shared-state.js'

/** `setTimeout` takes no more: beyond that it fires at once. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1

export const { setTimeout: startTimer, clearTimeout: stopTimer } = realClock()
