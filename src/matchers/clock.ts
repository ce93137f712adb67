/** The real clock, as it is when this loads: a test with fake timers must neither stop a live assertion nor time it out. */
import timers from 'node:timers'

export const { setTimeout: startTimer, clearTimeout: stopTimer, setImmediate: nextTurn } = timers
