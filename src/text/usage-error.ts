import { errorMessage } from './message.js'

const BRAND = Symbol.for('expect-cors.CorsUsageError')

/**
 * Thrown for input that cannot be judged: the message names the value and the way out. Recognised by brand, so that the two builds
 * of this package know each other's errors.
 */
export class CorsUsageError extends TypeError {
  override readonly name = 'CorsUsageError'
  readonly [BRAND] = true

  constructor(message: string, options?: ErrorOptions) {
    super(errorMessage(message), options)
  }
}

/** Whether a value is a {@link CorsUsageError} of any copy of this package. */
export function isCorsUsageError(value: unknown): value is CorsUsageError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true
}
