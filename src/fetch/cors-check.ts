/** The CORS check: may this origin read this response? */
import { type Deviations, noDeviations } from './deviations.js'
import type { corsCheckCodes } from './failure.js'
import { type Warning, warn } from './fetch-context.js'
import { getHeader, getNonEmptyLines, type HeaderList } from './header-list.js'

/** What the CORS check needs of a request. */
export interface CorsCheckRequest {
  /** The serialized request origin, `null` once a redirect has tainted it. */
  readonly origin: string
  /** Whether the credentials mode is `include`. */
  readonly credentials: boolean
}

/** Why the CORS check failed. */
export interface CorsCheckFailure {
  readonly code: (typeof corsCheckCodes)[number]
  readonly header: 'Access-Control-Allow-Origin' | 'Access-Control-Allow-Credentials'
  /** The combined value, or null where the header is absent. */
  readonly value: string | null
}

/**
 * Performs a CORS check; null means success.
 *
 * @see https://fetch.spec.whatwg.org/#concept-cors-check
 * @example corsCheck({ origin: 'https://a.example', credentials: true }, [['Access-Control-Allow-Origin', '*']])
 * // { code: 'wildcard-allow-origin-with-credentials', header: 'Access-Control-Allow-Origin', value: '*' }
 */
export function corsCheck(
  request: CorsCheckRequest,
  headers: HeaderList,
  deviations: Deviations = noDeviations,
  warnings?: Warning[],
): CorsCheckFailure | null {
  // 1. Let origin be the result of getting `Access-Control-Allow-Origin`.
  const origin = getAllowOrigin(headers, deviations, warnings)
  // 2. If origin is null, then return failure. (Null is not `null`.)
  if (origin === null) return originFailure('missing-allow-origin', null)
  // 3. Without credentials `*` is success.
  if (origin === '*') {
    return request.credentials ? originFailure('wildcard-allow-origin-with-credentials', origin) : null
  }
  // 4. The serialized request origin must be the value, byte for byte.
  if (origin !== request.origin) return originFailure(whyNotEqual(origin), origin)
  // 5. Without credentials that is enough.
  if (!request.credentials) return null
  // 6-8. With credentials `Access-Control-Allow-Credentials` must be exactly `true`.
  const credentials = getHeader(headers, 'Access-Control-Allow-Credentials')
  if (credentials === 'true') return null
  // DEVIATION: empty lines are dropped.
  if (
    deviations.responses.dropsEmptyLines &&
    getNonEmptyLines(headers, 'Access-Control-Allow-Credentials') === 'true'
  ) {
    warnOfEmptyLine('Access-Control-Allow-Credentials', credentials as string, warnings)
    return null
  }
  return { code: 'invalid-allow-credentials', header: 'Access-Control-Allow-Credentials', value: credentials }
}

/** The combined value, without empty lines where the engine drops them. */
function getAllowOrigin(
  headers: HeaderList,
  deviations: Deviations,
  warnings: Warning[] | undefined,
): string | null {
  const origin = getHeader(headers, 'Access-Control-Allow-Origin')
  // DEVIATION: empty lines are dropped.
  if (!deviations.responses.dropsEmptyLines || origin?.includes(', ') !== true) return origin
  const spelledOut = headers.filter((line) => line[0] === 'Access-Control-Allow-Origin').length
  if (deviations.responses.countsAllowOriginLines && spelledOut > 1) return origin
  const lenient = getNonEmptyLines(headers, 'Access-Control-Allow-Origin')
  if (lenient !== origin) warnOfEmptyLine('Access-Control-Allow-Origin', origin, warnings)
  return lenient
}

function warnOfEmptyLine(
  header: CorsCheckFailure['header'],
  value: string,
  warnings: Warning[] | undefined,
): void {
  if (warnings === undefined) return
  const section = 'https://fetch.spec.whatwg.org/#concept-header-list-get'
  warn(warnings, { code: 'empty-duplicate-line', header, value, section })
}

function originFailure(code: CorsCheckFailure['code'], value: string | null): CorsCheckFailure {
  return { code, header: 'Access-Control-Allow-Origin', value }
}

/** What needs no URL parser to be seen to be a URL. */
const PLAIN_ORIGIN = /^https?:\/\/(?:[a-z0-9]+\.)*[a-z][a-z0-9]*(?::[0-9]{1,4})?$/

/** The standard knows one failure; three kinds of it have three cures, and Chromium names them so. */
function whyNotEqual(
  value: string,
): 'multiple-allow-origin' | 'invalid-allow-origin' | 'allow-origin-mismatch' {
  if (/[ ,]/.test(value)) return 'multiple-allow-origin'
  if (value === 'null' || PLAIN_ORIGIN.test(value) || URL.canParse(value)) return 'allow-origin-mismatch'
  return 'invalid-allow-origin'
}
