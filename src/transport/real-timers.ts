/** Whether a test has put fakes in the place of the timers that undici calls. */
import { runInThisContext } from 'node:vm'
import { CorsUsageError } from '../text/usage-error.js'

// undici and Node itself live outside of a sandbox such as Jest's, whose own timers are no concern of theirs.
const scope = runInThisContext('globalThis') as typeof globalThis

const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, queueMicrotask } =
  scope

const wereFaked = [
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
  queueMicrotask,
].some(isFake)

/**
 * Whether the timers in force are not those that were there when this was first loaded, which a runner's entry does before any test.
 * undici takes them from the global object as it needs them: it reuses a connection only after a `setImmediate`. Each by its name: it is asked before
 * each request.
 */
export function areTimersFaked(): boolean {
  return (
    wereFaked ||
    scope.setTimeout !== setTimeout ||
    scope.clearTimeout !== clearTimeout ||
    scope.setInterval !== setInterval ||
    scope.clearInterval !== clearInterval ||
    scope.setImmediate !== setImmediate ||
    scope.clearImmediate !== clearImmediate ||
    scope.queueMicrotask !== queueMicrotask
  )
}

const nextTick = scope.process.nextTick

/** @throws CorsUsageError where `process.nextTick` is a fake: nothing that Node sends or receives gets anywhere */
export function checkNextTick(): void {
  const { process } = scope
  if (process.nextTick === nextTick && !isFake(nextTick)) return
  throw new CorsUsageError(
    "process.nextTick is faked, and without it Node neither sends nor receives anything: leave it out of the fake timers, for instance with toFake: ['setTimeout', 'Date']",
  )
}

/**
 * @throws CorsUsageError where `queueMicrotask` is a fake: the body of a `Request` or `Response` of Node's then has no end, and whoever reads it
 * never lets anything else run
 */
export function checkMicrotasks(): void {
  if (scope.queueMicrotask === queueMicrotask && !isFake(queueMicrotask)) return
  throw new CorsUsageError(
    "queueMicrotask is faked, and without it the body of a Request or Response has no end: leave it out of the fake timers, for instance with toFake: ['setTimeout', 'Date']",
  )
}

/** What `@sinonjs/fake-timers` installs, in Vitest and Jest too, knows its clock; this may have been loaded after that. */
function isFake(timer: object): boolean {
  return Object.hasOwn(timer, 'clock')
}
