/** Which test of Jest an assertion was made in, and how that test learns that it forgot the assertion. */

import { takeBegun } from '../matchers/assert/begun.js'
import type { MatcherContext } from '../matchers/assert/context.js'
import { awaiting } from './awaiting.js'
import type { WatchedAssertion } from './forgotten-await.js'
import { matchersOnDemand } from './matchers-on-demand.js'

/** What is used of Jest, from its globals or from `@jest/globals`. */
interface Jest {
  readonly expect: { extend(matchers: object): void; getState(): { currentTestName?: string } }
  afterEach(run: () => void): void
  afterAll(run: () => void): void
}

type Matcher = (this: MatcherContext, ...args: unknown[]) => unknown

/** Registers the matchers, and the hooks that ask of each assertion whether anything waited for it. */
export function registerWithJest(jest: Jest): void {
  /** With the name of the test that ran, and of the test that asserts, which is known where tests run side by side. */
  const open = new Map<WatchedAssertion, { running: string | undefined; own: string | undefined }>()
  let over = false

  const end = (assertions: Iterable<WatchedAssertion>): void => {
    const ending = [...assertions]
    if (ending.length === 0) return
    for (const assertion of ending) open.delete(assertion)
    const error = awaiting().endAll(ending)
    if (error !== undefined) throw error
  }
  jest.afterEach(() => {
    const { currentTestName } = jest.expect.getState()
    end(
      [...open].flatMap(([assertion, { running, own }]) =>
        (own ?? running) === currentTestName ? [assertion] : [],
      ),
    )
  })
  // Of tests side by side and of hooks; Jest 30 runs no other hook for `test.concurrent`.
  jest.afterAll(() => {
    over = true
    for (const [assertion, { own }] of open) assertion.test = own
    end(open.keys())
  })

  jest.expect.extend(
    Object.fromEntries(
      Object.entries(matchersOnDemand as unknown as Record<string, Matcher>).map(([name, matcher]) => [
        name,
        function called(this: MatcherContext, received: unknown, ...args: unknown[]): unknown {
          takeBegun()
          const result = matcher.call(this, received, ...args)
          const begun = takeBegun()
          // What is forgotten in an afterAll of the test file itself, after ours, is not seen.
          if (begun === undefined || over) return result
          const call = {}
          Error.captureStackTrace(call, called)
          return watchedBy(result as Promise<unknown>, (outcome) => {
            const { WatchedAssertion } = awaiting()
            const assertion = new WatchedAssertion(outcome, begun, args, call)
            assertion.toBeEnded()
            open.set(assertion, { running: this.currentTestName, own: this.currentConcurrentTestName?.() })
            return assertion.promise
          })
        },
      ]),
    ),
  )
}

/** Jest gives the test what `result.then(…).catch(…)` returns: that is what has to be watched. */
function watchedBy(
  result: Promise<unknown>,
  watch: (outcome: Promise<unknown>) => Promise<unknown>,
): Promise<unknown> {
  const then = (...judge: Parameters<typeof result.then>): Promise<unknown> => {
    const judged = Promise.prototype.then.apply(result, judge)
    return Object.defineProperty(judged, 'catch', {
      value: (refuse: (reason: unknown) => unknown) => watch(judged.then(undefined, refuse)),
    })
  }
  return Object.defineProperty(result, 'then', { value: then })
}
