/** Fails the test that left an assertion pending. */
import { pendingMessage, takePendingAssertions } from '../matchers/pending.js'

type Hook = (run: () => void) => unknown

/**
 * Registers the hooks that do so.
 *
 * Where tests run side by side nobody can tell whose assertion is pending until the last one ends.
 */
export function failForgottenAwaits(beforeEach: Hook, afterEach: Hook): void {
  let running = 0
  beforeEach(() => {
    running++
  })
  afterEach(() => {
    running--
    if (running > 0) return
    const pending = takePendingAssertions()
    if (pending.length > 0) throw new Error(pendingMessage(pending))
  })
}
