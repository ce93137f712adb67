/** What Vitest's `expect` returns for our matchers, in place of what it would return. */
import { type LiveAssertion, takeBegun } from '../matchers/assert/begun.js'
import { sharedState } from '../subject/shared-state.js'
import { awaiting } from './awaiting.js'
import { type FileHooks, register, type Task } from './vitest-tests.js'

interface Shared {
  /** The assertions whose `resolves` and `rejects` are watched. */
  settling?: object
}

/** Where a matcher is called. */
interface Place {
  stack?: string
}

/** Watches an assertion, and gives what it returns. */
type Watched = (
  assertion: object,
  live: LiveAssertion,
  args: readonly unknown[],
  outcome: unknown,
  place: Place,
) => Promise<unknown>

type Method = (this: object, ...args: unknown[]) => unknown

/** Registers matchers with Vitest, so that they return promises that are watched. */
export function extendExpect(
  { chai, expect }: Pick<typeof import('vitest'), 'chai' | 'expect'>,
  matchers: Readonly<Record<string, Method>>,
  hooks: FileHooks,
): void {
  const prototype: object = chai.Assertion.prototype
  const { flag } = chai.util
  const names = Object.keys(matchers)
  /** Where the matcher is called that is called now. */
  let call: Place = {}
  let caller: (() => Method) | undefined

  /** The function above which the test's own line is: where assertions make up others, Chai has locked the first of them. */
  const callerOf = (assertion: object, method: Method): Method =>
    flag(assertion, 'lockSsfi') ? (flag(assertion, 'ssfi') as Method) : method

  const watched: Watched = (assertion, live, args, outcome, place) => {
    const { WatchedAssertion } = awaiting()
    const watched = new WatchedAssertion(outcome as PromiseLike<unknown>, live, args, place)
    if (register(watched, flag(assertion, 'vitest-test') as Task | undefined, hooks)) watched.toBeEnded()
    return watched.promise
  }

  for (const [name, matcher] of Object.entries(matchers)) {
    expect.extend({
      [name](...args: unknown[]) {
        const result = matcher.apply(this, args)
        if (!(result instanceof Promise)) return result as never
        call = {}
        Error.captureStackTrace(call, caller?.())
        return awaiting().placed(result, call) as never
      },
    })
    const judge = Reflect.get(prototype, name) as Method
    // Not addMethod(), which would make a method of a method: each of Chai's looks up and sets flags through proxies.
    const method: Method = function (this: object, ...args) {
      caller = () => callerOf(this, method)
      takeBegun()
      let outcome: unknown
      try {
        // Not judge.apply(): Chai's methods are proxies, which look every property up.
        outcome = Reflect.apply(judge, this, args)
      } catch (error) {
        // The first line of its stack is the test's.
        if (error instanceof Error) Error.captureStackTrace(error, callerOf(this, method))
        throw error
      }
      const live = takeBegun()
      // After `resolves` it is the whole that is watched.
      return live === undefined || flag(this, 'promise') ? outcome : watched(this, live, args, outcome, call)
    }
    Reflect.set(prototype, name, method)
  }
  watchSettling(chai, names, watched)
}

/** Has an assertion on what a promise settles with watched as a whole. */
function watchSettling(
  chai: Pick<typeof import('vitest'), 'chai'>['chai'],
  names: readonly string[],
  watched: Watched,
): void {
  const prototype: object = chai.Assertion.prototype
  const { flag, overwriteProperty } = chai.util
  // A module that is evaluated again replaces the matchers, and would add to these.
  const shared = sharedState<Shared>()
  if (shared.settling === prototype) return
  shared.settling = prototype
  for (const promise of ['resolves', 'rejects'] as const) {
    overwriteProperty(
      prototype,
      promise,
      (settles: () => object) =>
        function (this: object): object {
          const judging = settles.call(this)
          const error: unknown = flag(this, 'error')
          if (error instanceof Error) Error.captureStackTrace(error, flag(this, 'ssfi') as Method)
          const proxy: object = new Proxy(judging, {
            get: (target, key) => {
              const value: unknown = Reflect.get(target, key)
              // `.not` is the assertion again.
              if (value === target) return proxy
              if (typeof value !== 'function' || !names.includes(key as string)) return value
              return function called(...args: unknown[]): unknown {
                // The matcher begins when the promise has settled: there is nothing to abandon before.
                const live: LiveAssertion = {
                  context: { isNot: flag(target, 'negate') === true, promise },
                  name: String(key),
                  abandon: () => {},
                }
                const place = {}
                Error.captureStackTrace(place, called)
                return watched(target, live, args, value(...args), place)
              }
            },
          })
          return proxy
        },
    )
  }
}
