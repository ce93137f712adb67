/** HTTP-redirect fetch: where a redirect leads, and what of the request goes along. */
import type { Deviations } from './deviations.js'
import { type Failure, type FetchOutcome, fail } from './failure.js'
import { type FetchRequest, includesCredentials } from './fetch-request.js'
import { containsHeader, getHeader, type Header, headerLines } from './header-list.js'
import { byteLowercase, equalsIgnoringCase } from './http-tokens.js'
import { isHttpScheme, isOrigin } from './origin.js'
import { locationUrl, REDIRECT_LIMIT } from './redirect.js'
import { followReferrerPolicy } from './referrer.js'
import { isCorsNonWildcardRequestHeaderName, isRequestBodyHeaderName } from './request-headers.js'
import type { ResponseHead } from './response.js'

/**
 * Steps 3 to 7: where a redirect leads, which is nowhere (null) where it has no location, a refusal, or the location URL.
 * @see https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
 */
export function redirectTarget(
  request: FetchRequest,
  response: ResponseHead,
  deviations: Deviations,
): FetchOutcome | URL | null {
  const { status, headers } = response
  const value = getHeader(headers, 'location')
  // 3-4. Let locationURL be internalResponse's location URL; if it is null, then return response.
  // DEVIATION: to the standard an empty `Location` is the same URL again.
  if (
    deviations.redirect.emptyLocation === 'none' &&
    headerLines(headers, 'location').every((line) => line === '')
  )
    return null
  if (deviations.redirect.emptyLocation === 'invalid' && value === '') {
    return fail('redirect-invalid-location', 'redirect', { header: 'Location', value, status })
  }
  const location = locationUrl(headers, request.currentUrl, deviations.redirect.locationLines)
  if (location === null) return null
  // 5-6. If locationURL is failure, or its scheme is not an HTTP(S) scheme, then return a network error.
  if (location === 'failure')
    return fail('redirect-invalid-location', 'redirect', { header: 'Location', value, status })
  const fault = { header: 'Location', value, part: location.href, status }
  if (!isHttpScheme(location.protocol.slice(0, -1)))
    return fail('redirect-to-unsupported-scheme', 'redirect', fault)
  // 7. If request's redirect count is 20, then return a network error.
  if (request.redirectCount === REDIRECT_LIMIT) return fail('too-many-redirects', 'redirect', fault)
  return location
}

/** @see https://fetch.spec.whatwg.org/#concept-http-redirect-fetch */
export function httpRedirectFetch(
  request: FetchRequest,
  response: ResponseHead,
  deviations: Deviations,
): FetchOutcome | 'redirected' {
  const { status } = response
  const location = redirectTarget(request, response, deviations)
  if (location === null) return { failure: null, type: request.responseTainting, response }
  if ('failure' in location) return location
  // 8. Increase request's redirect count by 1.
  request.redirectCount++
  const { origin } = request.client
  const isPageOrigin = (serialized: string): boolean => isOrigin(origin, serialized)
  // 9-10. If locationURL includes credentials where CORS has a say, then return a network error.
  if (includesCredentials(location)) {
    const isCors =
      (request.mode === 'cors' && !isPageOrigin(location.origin)) || request.responseTainting === 'cors'
    // DEVIATION: whatever the mode.
    if (isCors || (deviations.redirect.refusesAnyUserInfo && request.initiator !== 'xhr')) {
      const value = getHeader(response.headers, 'location')
      const refusal: Failure = {
        code: isCors ? 'redirect-with-credentials' : 'redirect-with-credentials-outside-cors',
        blockedAt: 'redirect',
        header: 'Location',
        value,
        part: location.href,
        status,
      }
      // DEVIATION: after the preflight.
      if (!deviations.redirect.preflightsBeforeRefusingUserInfo || request.responseTainting === 'cors')
        return { failure: refusal }
      request.history.refusal = refusal
    }
  }
  // 11. If internalResponse's status is not 303, and request's body's source is null, then return a network error.
  if (status !== 303 && request.body?.kind === 'stream')
    return fail('redirect-stream-body', 'redirect', { status })
  // 12-13. What becomes of the method and the headers.
  const crossOriginHop = request.currentOrigin !== location.origin
  const leavesPage = isPageOrigin(request.currentOrigin) && crossOriginHop
  const startsOver =
    request.mode === 'cors' && (request.responseTainting === 'cors' || !isPageOrigin(location.origin))
  carryOver(
    request,
    status,
    { crossOriginHop, leavesPage, leadsHome: isPageOrigin(location.origin), startsOver },
    deviations,
  )
  // 19. Invoke set request's referrer policy on redirect.
  followReferrerPolicy(request, response.headers, deviations)
  // 18. Append to the URL list, and note the redirect-taint.
  if (crossOriginHop && !isPageOrigin(request.currentOrigin)) request.tainted = true
  request.urlList.push(location)
  request.currentOrigin = location.origin
  // 22. Main fetch is run again: the next turn of its loop.
  return 'redirected'
}

interface Hop {
  readonly crossOriginHop: boolean
  /** Whether it leads from the page's origin to another. */
  readonly leavesPage: boolean
  /** Whether it leads to the page's origin. */
  readonly leadsHome: boolean
  /** Whether it is subject to CORS, which in some engines makes a request of its own of it. */
  readonly startsOver: boolean
}

/** Steps 12 and 13: a POST may become a GET without a body, and `Authorization` does not leave the origin it was for. */
function carryOver(
  request: FetchRequest,
  status: number,
  { crossOriginHop, startsOver, leavesPage, leadsHome }: Hop,
  deviations: Deviations,
): void {
  const becomesGet = changesMethodToGet(status, request.method)
  if (crossOriginHop) request.history.leftAnOrigin = true
  // 12.2. For each headerName of request-body-header name, 13. and of CORS non-wildcard request-header name, delete headerName.
  // DEVIATION: client hints go, too.
  const removed = (name: string): boolean =>
    (becomesGet && isRequestBodyHeaderName(name)) ||
    (crossOriginHop && isCorsNonWildcardRequestHeaderName(name)) ||
    (!leadsHome && deviations.redirect.removesClientHints && isRemovedHint(byteLowercase(name), deviations))
  request.history.lastRemoved = removed
  // DEVIATION: to the standard what a redirect removed stays away.
  switch (deviations.redirect.removedHeaders) {
    case 'stay-away':
      request.headers = request.headers.filter(([name]) => !removed(name))
      break
    case 'body-returns':
      request.headers = startsOver
        ? request.history.initialHeaders.filter(
            ([name]) =>
              !removed(name) && !(request.history.leftAnOrigin && isCorsNonWildcardRequestHeaderName(name)),
          )
        : withReturningType(request, removed, status === 307 || status === 308)
      break
    case 'all-return': {
      const firstBecomesGet = changesMethodToGet(status, request.history.initialMethod)
      const kept = request.headers.filter(
        ([name]) => !removed(name) && !(firstBecomesGet && isRequestBodyHeaderName(name)),
      )
      const returning = request.history.authorHeaders.filter(
        ([name]) =>
          !containsHeader(kept, name) &&
          !(firstBecomesGet && isRequestBodyHeaderName(name)) &&
          !(crossOriginHop && isCorsNonWildcardRequestHeaderName(name)),
      )
      request.headers = [...kept, ...returning]
      break
    }
  }
  if (leavesPage && request.credentials === 'same-origin' && !containsHeader(request.headers, 'content-type'))
    request.history.bodyForgotten = true
  // DEVIATION: a cross-origin redirect makes a GET of a DELETE.
  const deleteBecomesGet =
    deviations.redirect.crossOriginMakesDeleteGet && crossOriginHop && request.method === 'DELETE'
  // 12.1. Set request's method to `GET` and request's body to null.
  if (becomesGet || deleteBecomesGet) {
    request.method = 'GET'
    request.body = null
    request.history.methodChanged = true
  }
  if (crossOriginHop && request.history.methodChanged) request.history.leftAnOriginAsGet = true
}

/** The headers that a redirect leaves, and the `Content-Type` that an earlier one removed, from the first that keeps the method on. */
function withReturningType(
  request: FetchRequest,
  removed: (name: string) => boolean,
  keepsMethod: boolean,
): Header[] {
  const kept = request.headers.filter(([name]) => !removed(name))
  if (!keepsMethod || request.history.bodyForgotten || containsHeader(kept, 'content-type')) return kept
  return [
    ...kept,
    ...request.history.initialHeaders.filter(([name]) => equalsIgnoringCase(name, 'content-type')),
  ]
}

/** DEVIATION: a legacy client hint that a redirect to another origin removes. */
function isRemovedHint(name: string, { requestHeaders }: Deviations): boolean {
  return name !== 'save-data' && requestHeaders.safelistedClientHints.has(name)
}

/** Step 12: whether a redirect makes a GET of the request. @see https://fetch.spec.whatwg.org/#concept-http-redirect-fetch */
export function changesMethodToGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}
