/** Whether a test has put fakes in the place of the timers that undici calls. */
import { runInThisContext } from 'node:vm'

// undici and Node itself live outside of a sandbox such as Jest's, whose own timers do not concern them.
const scope = runInThisContext('globalThis') as typeof globalThis

const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate, queueMicrotask } =
  scope
const { nextTick } = scope.process

const wereFaked = [
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
  queueMicrotask,
].some(isFake)

/** Those of undici, which no test has faked where {@link areTimersFaked} says so. */
export const realTimers = { setTimeout, clearTimeout }

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

/** Whether `process.nextTick` is a fake. */
export function isNextTickFaked(): boolean {
  return scope.process.nextTick !== nextTick || isFake(nextTick)
}

/** Whether `queueMicrotask` is a fake. */
export function isMicrotaskFaked(): boolean {
  return scope.queueMicrotask !== queueMicrotask || isFake(queueMicrotask)
}

/** What `@sinonjs/fake-timers` installs, in Vitest and Jest too, knows its clock; this may have been loaded after that. */
function isFake(timer: object): boolean {
  return Object.hasOwn(timer, 'clock')
}
