import { diagnosis } from '../diagnose/diagnosis.js'
import { hasBrand } from '../text/usage-error.js'
import type { Journey, Verdict } from '../verdict/verdict.js'

const BRAND = Symbol.for('expect-cors.CorsError')

/**
 * Why a page's request was blocked: the `cause` of the `TypeError` that its `fetch` rejects with. The message is the explanation that no browser gives;
 * the verdict and every exchange are its data. Recognized by brand, so that the two builds of this package know each other's errors.
 */
export class CorsError extends Error {
  override readonly name = 'CorsError'
  readonly [BRAND] = true
  readonly verdict: Verdict
  readonly journey: Journey

  constructor(journey: Journey, message = diagnosis().explainCors(journey).explanation) {
    super(message)
    this.verdict = journey.verdict
    this.journey = journey
    // Data for the test, with what was sent as it was: runners and consoles that print an error whole leave it out.
    Object.defineProperties(this, { verdict: { enumerable: false }, journey: { enumerable: false } })
  }

  /** What a runner prints of it besides its message. */
  toJSON(): { name: string; message: string; code: string | undefined } {
    return { name: this.name, message: this.message, code: this.verdict.code }
  }
}

const errors = new WeakMap<Journey, CorsError>()

/** The error of a journey that was blocked: one, whoever asks for it. Its words are found only then, unless they are given. */
export function corsErrorOf(journey: Journey, message?: string): CorsError {
  let error = errors.get(journey)
  if (error === undefined) {
    error = new CorsError(journey, message)
    errors.set(journey, error)
  }
  return error
}

/** What a network rejects with where nothing responds to a preflight, and it knows why: the request has no verdict, and is blocked. */
export class PreflightWithoutResponse extends Error {}

/** Whether a value is a {@link CorsError} of any copy of this package. */
export function isCorsError(value: unknown): value is CorsError {
  return hasBrand(value, BRAND)
}
