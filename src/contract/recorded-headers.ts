/** What is written down of a response's headers. */

import { isCorsSafelistedResponseHeaderName } from '../fetch/exposed-headers.js'
import { getHeader } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import type { ResponseHead } from '../fetch/response.js'
import type { PolicyResponse } from './policy-asker.js'

/** Headers that every server sends, or that are of the connection: `Access-Control-Expose-Headers: *` exposes them, and nobody means that. */
const NOBODY_MEANS =
  /^(?:access-control-.*|connection|date|keep-alive|server|transfer-encoding|vary|via|age|alt-svc)$/

/** Response headers that a script may read, besides those that every script may: sorted. */
export function recordedExposed({ exposed }: PolicyResponse): string[] {
  return exposed
    .map(byteLowercase)
    .filter((name) => !isCorsSafelistedResponseHeaderName(name) && !NOBODY_MEANS.test(name))
    .sort()
}

/** Seconds that a preflight's response says; null where it says none that all browsers read. */
export function recordedMaxAge(preflight: ResponseHead | undefined): number | null {
  const value = preflight === undefined ? null : getHeader(preflight.headers, 'access-control-max-age')
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : null
}
