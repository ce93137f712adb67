/** What is thrown when no valid HTTP response came: an error, never a verdict. */
import { callSite, placeAt } from '../text/call-site.js'
import { errorMessage, harmlessError } from '../text/message.js'
import { hasBrand } from '../text/usage-error.js'

const BRAND = Symbol.for('expect-cors.CorsNetworkError')

/**
 * Thrown when a request got no valid HTTP response: nothing listens, TLS failed, time ran out, what came was not HTTP. It says nothing
 * about CORS, so no assertion holds or fails because of it. `cause` is the error of the client. Recognized by brand, so that the two
 * builds of this package know each other's errors.
 */
export class CorsNetworkError extends Error {
  override readonly name = 'CorsNetworkError'
  readonly [BRAND] = true
  /** The URL asked for, redacted. */
  readonly url: string
  /** The client's error code: `ECONNREFUSED`, `HPE_INVALID_HEADER_TOKEN`, …. */
  readonly code: string | undefined

  constructor(message: string, details: { url: string; code?: string | undefined; cause?: unknown }) {
    super(
      errorMessage(message),
      details.cause === undefined ? undefined : { cause: harmlessError(details.cause) },
    )
    this.url = details.url
    this.code = details.code
    placeAt(this, callSite())
  }
}

/** Whether a value is a {@link CorsNetworkError} of any copy of this package. */
export function isCorsNetworkError(value: unknown): value is CorsNetworkError {
  return hasBrand(value, BRAND)
}
