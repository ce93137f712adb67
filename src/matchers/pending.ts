/** Live assertions under way, so that one that nobody awaits can be reported by the test that forgot it. */
import { sharedState } from '../subject/shared-state.js'
import { CorsUsageError } from '../text/usage-error.js'
import { nextTurn } from './clock.js'
import type { MatcherContext, MatcherResult } from './context.js'

interface Pending {
  readonly name: string
  /** The test it belongs to, where the runner tells. */
  readonly test: string | undefined
  readonly abort: AbortController
}

interface Shared {
  pending?: Set<Pending>
}

/** All copies of this package share what is pending. */
function pendingAssertions(): Set<Pending> {
  const shared = sharedState<Shared>()
  shared.pending ??= new Set()
  return shared.pending
}

/**
 * Runs a live assertion: registers it until it settles, and returns a promise that an asymmetric matcher cannot mistake for a result.
 */
export function live(
  context: MatcherContext,
  name: string,
  run: (signal: AbortSignal) => Promise<MatcherResult>,
): Promise<MatcherResult> {
  const pending = pendingAssertions()
  const entry: Pending = {
    name: `${context.isNot === true ? 'not.' : ''}${name}`,
    test: context.currentConcurrentTestName?.(),
    abort: new AbortController(),
  }
  pending.add(entry)
  // An app in this process may answer before the test has ended, forgotten or not: it is pending for one turn at least.
  const turn = new Promise((resolve) => nextTurn(resolve))
  const settled = run(entry.abort.signal)
    .finally(() => turn)
    .finally(() => pending.delete(entry))
  // An abandoned assertion was reported already; it must not surface a second time as an unhandled rejection.
  const promise = new Promise<MatcherResult>((resolve, reject) => {
    const unlessAbandoned =
      <T>(settle: (value: T) => void) =>
      (value: T): void => {
        if (!entry.abort.signal.aborted) settle(value)
      }
    settled.then(unlessAbandoned(resolve), unlessAbandoned(reject))
  })
  Object.defineProperty(promise, 'pass', {
    get(): never {
      // Said at once, so not a second time when the test ends.
      pending.delete(entry)
      entry.abort.abort()
      throw new CorsUsageError(
        `expect.${name}() cannot be used as an asymmetric matcher on an endpoint, for its answer comes later: write await expect(endpoint).${name}(…)`,
      )
    },
  })
  return promise
}

/**
 * The names of the live assertions that are still under way; they are abandoned. A runner's `afterEach` fails the test with them.
 * @param test leaves those be that are known to belong to another test
 */
export function takePendingAssertions(test?: string): string[] {
  const pending = pendingAssertions()
  const taken = [...pending].filter((entry) => test === undefined || (entry.test ?? test) === test)
  for (const entry of taken) {
    pending.delete(entry)
    entry.abort.abort()
  }
  return taken.map(({ name }) => name)
}

/** What a test is told that left assertions pending. */
export function pendingMessage(names: readonly string[]): string {
  const calls = names.map((name) => `expect(…).${name}(…)`).join(', ')
  return `The test ended while ${calls} ${names.length === 1 ? 'was' : 'were'} still waiting for an answer: put \`await\` before it. An assertion on an endpoint is a promise; without \`await\` it asserts nothing.`
}
