/** Fails the test that left an assertion pending. */
import { pendingMessage, takePendingAssertions } from '../matchers/pending.js'

interface Hooks {
  beforeEach(run: () => void): unknown
  afterEach(run: () => void): unknown
  afterAll(run: () => void): unknown
}

/**
 * Registers the hooks that do so.
 *
 * Where tests run side by side nobody can tell whose assertion is pending until the last one ends, unless the runner tells.
 *
 * @param currentTest the name of the test that ends, as a matcher's context tells it
 */
export function failForgottenAwaits(hooks: Hooks, currentTest?: () => string | undefined): void {
  let running = 0
  hooks.beforeEach(() => {
    running++
  })
  hooks.afterEach(() => {
    running--
    if (running === 0) refusePending(currentTest?.())
  })
  // Jest 30 runs no other hooks for concurrent tests.
  hooks.afterAll(() => refusePending())
}

function refusePending(test?: string): void {
  const pending = takePendingAssertions(test)
  if (pending.length > 0) throw new Error(pendingMessage(pending))
}
