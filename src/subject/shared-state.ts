import { clearTimeout, setTimeout } from 'node:timers'

/** What all copies of this package share: its two builds, and those that a test runner's module registry makes. */
const KEY = Symbol.for('expect-cors')

/** The one state there is; each part of the package knows its own members of it. */
export function sharedState<State extends object>(): State {
  const scope = globalThis as { [KEY]?: object }
  if (scope[KEY] === undefined)
    Object.defineProperty(scope, KEY, { value: {}, configurable: true, writable: true })
  return scope[KEY] as State
}

interface Clock {
  readonly setTimeout: typeof setTimeout
  readonly clearTimeout: typeof clearTimeout
}

interface Shared {
  clock?: Clock
}

/**
 * The clock as it was when this was first called, which a runner's entry does before any test can fake it: fake timers must neither stop a
 * live assertion nor time it out.
 */
export function realClock(): Clock {
  const shared = sharedState<Shared>()
  shared.clock ??= { setTimeout, clearTimeout }
  return shared.clock
}
