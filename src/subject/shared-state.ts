/** What all copies of this package share: its two builds, and those that a test runner's module registry makes. */
const KEY = Symbol.for('expect-cors')

/** The one state there is; each part of the package knows its own members of it. */
export function sharedState<State extends object>(): State {
  const scope = globalThis as { [KEY]?: object }
  if (scope[KEY] === undefined)
    Object.defineProperty(scope, KEY, { value: {}, configurable: true, writable: true })
  return scope[KEY] as State
}
