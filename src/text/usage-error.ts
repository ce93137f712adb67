import { callSite, placeAt } from './call-site.js'
import { errorMessage } from './message.js'
import { literal, shown } from './shown.js'

const BRAND = Symbol.for('expect-cors.CorsUsageError')

/**
 * Thrown for input that cannot be judged: the message names the value and the fix. Recognized by brand, so that the two builds
 * of this package know each other's errors.
 */
export class CorsUsageError extends TypeError {
  override readonly name = 'CorsUsageError'
  readonly [BRAND] = true

  constructor(message: string, options?: ErrorOptions) {
    super(errorMessage(message), options)
    placeAt(this, callSite())
  }
}

/** Whether a value is a {@link CorsUsageError} of any copy of this package. */
export function isCorsUsageError(value: unknown): value is CorsUsageError {
  return hasBrand(value, BRAND)
}

/** How all errors of this package are recognized, whichever copy of it they are from. */
export function hasBrand(value: unknown, brand: symbol): boolean {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true
}

/** What a value is, in a few words for a message: never the contents of an object, which may be secret or long. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return value === '' ? 'the empty string' : `the string ${literal(value)}`
  if (typeof value === 'function')
    return value.name === '' ? 'a function' : `the function ${shown(String(value.name))}`
  if (typeof value !== 'object') return `the ${typeof value} ${shown(String(value))}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  const name: unknown = value.constructor?.name
  if (typeof name === 'string' && name !== '' && name !== 'Object') return `an object of class ${shown(name)}`
  const keys = Object.keys(value)
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${keys
        .slice(0, 5)
        .map((key) => shown(key))
        .join(', ')}${keys.length > 5 ? ', …' : ''}`
}
