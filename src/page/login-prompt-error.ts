import { diagnosis } from '../diagnose/diagnosis.js'
import { hasBrand } from '../text/usage-error.js'
import type { Journey, Verdict } from '../verdict/verdict.js'

const BRAND = Symbol.for('expect-cors.LoginPromptError')

/**
 * What a page's script would still be waiting for: the browser asks the user for a name and a password. No browser rejects here, nor does a test do well to
 * wait; so this says it. Recognized by brand, as {@link CorsError} is.
 */
export class LoginPromptError extends Error {
  override readonly name = 'LoginPromptError'
  readonly [BRAND] = true
  readonly verdict: Verdict
  readonly journey: Journey

  constructor(journey: Journey) {
    super(diagnosis().loginPromptText(journey.verdict))
    this.verdict = journey.verdict
    this.journey = journey
    Object.defineProperties(this, { verdict: { enumerable: false }, journey: { enumerable: false } })
  }
}

/** Whether a value is a {@link LoginPromptError} of any copy of this package. */
export function isLoginPromptError(value: unknown): value is LoginPromptError {
  return hasBrand(value, BRAND)
}
