/** Refuses fakes without which nothing gets anywhere. */
import { CorsUsageError } from '../text/usage-error.js'
import { isMicrotaskFaked, isNextTickFaked } from './real-timers.js'

/** @throws CorsUsageError where `process.nextTick` is a fake: nothing that Node sends or receives gets anywhere */
export function checkNextTick(): void {
  if (!isNextTickFaked()) return
  throw new CorsUsageError(
    "process.nextTick is faked, and without it Node neither sends nor receives anything: leave it out of the fake timers, for instance with toFake: ['setTimeout', 'Date']",
  )
}

/**
 * @throws CorsUsageError where `queueMicrotask` is a fake: the body of a `Request` or `Response` of Node's then has no end, and whoever reads it
 * never lets anything else run
 */
export function checkMicrotasks(): void {
  if (!isMicrotaskFaked()) return
  throw new CorsUsageError(
    "queueMicrotask is faked, and without it the body of a Request or Response has no end: leave it out of the fake timers, for instance with toFake: ['setTimeout', 'Date']",
  )
}
