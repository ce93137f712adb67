/** Redirects: which statuses are, where they lead. */
import { type HeaderList, headerLines } from './header-list.js'

/** @see https://fetch.spec.whatwg.org/#redirect-status */
export function isRedirectStatus(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/** @see https://fetch.spec.whatwg.org/#ok-status */
export function isOkStatus(status: number): boolean {
  return status >= 200 && status <= 299
}

/** How often a request may be redirected. @see https://fetch.spec.whatwg.org/#http-redirect-fetch */
export const REDIRECT_LIMIT = 20

/**
 * How several `Location` lines are read: as a failure, since `Location` is a single value; as one where they are equal, and as a failure
 * where they differ; or as one value, joined by `, `.
 */
export type LocationLines = 'single' | 'equal' | 'joined'

/**
 * Step 1 is the caller's: the status is a redirect status. The location URL of a redirect: null where there is no `Location`, `'failure'` where there are several or it does not parse.
 * @see https://fetch.spec.whatwg.org/#concept-response-location-url
 */
export function locationUrl(
  headers: HeaderList,
  base: URL,
  lines: LocationLines = 'single',
): URL | null | 'failure' {
  // 2. Let location be the result of extracting header list values given `Location`: null, failure where it is not a single value, or that.
  // DEVIATION: several lines are one.
  const values = headerLines(headers, 'location')
  if (values.length === 0) return null
  if (lines === 'single' && values.length > 1) return 'failure'
  if (lines === 'equal' && values.some((value) => value !== values[0])) return 'failure'
  const value = lines === 'joined' ? values.join(', ') : (values[0] as string)
  // 3. If location is a header value, then set location to the result of parsing location with response's URL.
  let url: URL
  try {
    url = new URL(decodeLocation(value), base)
  } catch {
    return 'failure'
  }
  // 4. If location is a URL whose fragment is null, then set location's fragment to requestFragment.
  if (url.hash === '' && base.hash !== '') url.hash = base.hash
  return url
}

/** Header values are bytes: those beyond ASCII are kept as they are, whether they are UTF-8 or not. */
function decodeLocation(value: string): string {
  return value.replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`)
}
