/** Filtered responses: what a script sees of what the server sent. */
import type { Deviations } from './deviations.js'
import { basicHeaderNames, corsExposedHeaderNames } from './exposed-headers.js'
import type { FetchRequest } from './fetch-request.js'
import type { HeaderList } from './header-list.js'
import { byteLowercase } from './http-tokens.js'
import type { ResponseType } from './response.js'

/**
 * Whether `*` exposes headers to a request although an element after it is not a token.
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch step 14.1
 */
export function hasLenientWildcard({ initiator }: FetchRequest, deviations: Deviations): boolean {
  // DEVIATION: `*` counts in a list that does not parse.
  return deviations.responses.wildcardExposesBeforeInvalidName && initiator === 'fetch'
}

/**
 * The URL of a response as a script reads it: serialized with exclude fragment set to true.
 * @see https://fetch.spec.whatwg.org/#dom-response-url
 */
export function visibleUrl({ currentUrl, initiator, urlList }: FetchRequest, deviations: Deviations): string {
  // DEVIATION: user info is hidden.
  const hidesUserInfo = initiator === 'xhr' && urlList.length === 1 && deviations.responses.urlHidesUserInfo
  // Most have nothing to hide, and a URL takes long to copy.
  if (!hidesUserInfo && !currentUrl.href.includes('#')) return currentUrl.href
  const shown = new URL(currentUrl)
  shown.hash = ''
  if (hidesUserInfo) {
    shown.username = ''
    shown.password = ''
  }
  return shown.href
}

/**
 * The names a script may read on a response of that type: lower case, sorted.
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch step 14.2
 */
export function visibleHeaderNames(
  type: ResponseType,
  headers: HeaderList,
  credentials: boolean,
  lenientWildcard = false,
): string[] {
  switch (type) {
    case 'basic':
      return basicHeaderNames(headers)
    case 'cors':
      return corsExposedHeaderNames(headers, credentials, lenientWildcard)
    default:
      return []
  }
}

/**
 * The header lines a script may read on a response of that type, in the order they were received.
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response
 */
export function visibleHeaders(
  type: ResponseType,
  headers: HeaderList,
  credentials: boolean,
  lenientWildcard = false,
): HeaderList {
  const names = new Set(visibleHeaderNames(type, headers, credentials, lenientWildcard))
  return headers.filter((line) => names.has(byteLowercase(line[0])))
}
