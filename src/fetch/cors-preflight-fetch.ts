/** CORS-preflight fetch: whether a preflight is due, what it asks, and what its response comes to. */

import { type Deviations, noDeviations } from './deviations.js'
import type { Failure } from './failure.js'
import { type FetchContext, type PreflightReason, warn } from './fetch-context.js'
import type { FetchRequest } from './fetch-request.js'
import { containsHeader, type Header, type HeaderList } from './header-list.js'
import { equalsIgnoringCase } from './http-tokens.js'
import { isCorsSafelistedMethod } from './methods.js'
import { checkPreflightResponse, type PreflightedRequest } from './preflight.js'
import { type CacheQuery, preflightMaxAge } from './preflight-cache.js'
import {
  corsUnsafeRequestHeaders,
  isConditionalRequestHeaderName,
  sortedNames,
  type UnsafeHeader,
} from './request-headers.js'
import { conflictingLines, type ResponseHead } from './response.js'

const NO_HEADERS: readonly UnsafeHeader[] = []

/**
 * HTTP fetch, step 4.1: the preflight that must be sent before the request goes to its current URL; null where none is due or the cache spares it.
 * @see https://fetch.spec.whatwg.org/#concept-http-fetch
 */
export function neededPreflight(request: FetchRequest, context: FetchContext): PreflightedRequest | null {
  const { deviations, cache } = context
  const redirected = request.redirectCount > 0
  // DEVIATION: after a redirect it is due for the headers the request began with.
  const now =
    redirected && deviations.preflight.headersAfterRedirect !== 'current'
      ? request.history.initialHeaders
      : request.headers
  // DEVIATION: a `Content-Type` is judged as the page set it.
  const judged = deviations.bodies.xhrJudgesTypeAsSet ? withTypeAsSet(now, request) : now
  // Main fetch, step 12: request's use-CORS-preflight flag is set, or its unsafe-request flag is and its method or a header is not CORS-safelisted.
  let unsafeHeaders = request.unsafeRequest ? corsUnsafeRequestHeaders(judged, deviations) : NO_HEADERS
  const reasons = preflightReasons(request, unsafeHeaders)
  if (deviations !== noDeviations) {
    if (unsafeHeaders.length < judged.length && request.unsafeRequest)
      warnOfHeadersNotAsked(judged, unsafeHeaders, context)
    if (reasons.length === 0 && request.history.hasIdleUploadListener) {
      const section = 'https://xhr.spec.whatwg.org/#the-send()-method'
      warn(context.warnings, { code: 'standard-requires-preflight', section })
    }
  }
  if (redirected) {
    // DEVIATION: what the redirect removed is not listed, but for the type of a body.
    if (deviations.preflight.headersAfterRedirect === 'initial-but-removed') {
      unsafeHeaders = unsafeHeaders.filter(
        ({ name }) =>
          !request.history.lastRemoved(name) ||
          (deviations.preflight.keepsBodyTypeAfterRedirect &&
            request.history.preflightWasDue &&
            !containsHeader(request.history.authorHeaders, name)),
      )
    }
    // DEVIATION: a request that was preflighted once is preflighted after every redirect.
    if (reasons.length === 0 && deviations.preflight.sticksAfterRedirect && request.history.preflightWasDue) {
      reasons.push({ kind: 'redirect' })
    }
  }
  if (context.preflightReasons === null) context.preflightReasons = reasons
  if (reasons.length === 0) return null
  request.history.preflightWasDue = true

  const preflighted: PreflightedRequest = {
    origin: preflightOrigin(request, deviations),
    credentials: request.credentials === 'include',
    method: request.method,
    unsafeHeaders,
    useCorsPreflight: request.useCorsPreflight,
  }
  if (context.preflight === null) context.preflight = preflighted
  // There is no method cache entry match for request's method, or no header-name cache entry match for one of the names.
  const query = cache === undefined ? null : cacheQuery(request, preflighted, deviations)
  if (query === null || bypassesCache(request, deviations)) return preflighted
  return cache?.covers(query, deviations) === true ? null : preflighted
}

/** An XHR's headers with the `Content-Type` that its page set, before XHR named the body's charset in it. */
function withTypeAsSet(
  headers: readonly Header[],
  { initiator, history: { authorHeaders } }: FetchRequest,
): readonly Header[] {
  if (initiator !== 'xhr') return headers
  const isType = ([name]: Header): boolean => equalsIgnoringCase(name, 'content-type')
  const set = authorHeaders.find(isType)
  return set === undefined ? headers : headers.map((line) => (isType(line) ? set : line))
}

/** Why the request's current state needs a preflight. @see https://fetch.spec.whatwg.org/#concept-main-fetch step 12 */
function preflightReasons(request: FetchRequest, unsafeHeaders: readonly UnsafeHeader[]): PreflightReason[] {
  const reasons: PreflightReason[] = []
  if (request.useCorsPreflight)
    reasons.push({ kind: request.body?.kind === 'stream' ? 'stream-body' : 'upload-listener' })
  if (!request.unsafeRequest) return reasons
  if (!isCorsSafelistedMethod(request.method)) reasons.push({ kind: 'method', method: request.method })
  for (const { name, spelling, value, reason } of unsafeHeaders) {
    reasons.push({ kind: 'header', name, spelling, value, reason })
  }
  return reasons
}

/** Headers that the standard has a preflight ask for, and this engine does not. */
function warnOfHeadersNotAsked(
  list: HeaderList,
  asked: readonly UnsafeHeader[],
  { warnings }: FetchContext,
): void {
  const required = corsUnsafeRequestHeaders(list)
  if (required.length === 0) return
  const names = new Set(asked.map((header) => header.name))
  for (const { name, spelling, value } of required) {
    if (names.has(name)) continue
    warn(warnings, {
      code: 'standard-requires-preflight',
      header: spelling,
      value,
      section: 'https://fetch.spec.whatwg.org/#cors-safelisted-request-header',
    })
  }
}

/** Whether a preflight is sent whatever is cached. */
function bypassesCache(request: FetchRequest, deviations: Deviations): boolean {
  // DEVIATION: the standard looks its cache up whatever the cache mode.
  if (deviations.cache.modesThatPreflight.has(request.cache)) return true
  const { conditionalRequestsPreflight: which } = deviations.cache
  if (which === 'never' || request.cache !== 'default') return false
  if (which === 'fetch' && request.initiator !== 'fetch') return false
  return request.headers.some(([name]) => isConditionalRequestHeaderName(name))
}

/** The origin under which responses are cached, or null where none are. @see https://fetch.spec.whatwg.org/#concept-cache-origin */
export function cacheOrigin(request: FetchRequest, deviations: Deviations): string | null {
  const { client, tainted } = request
  // DEVIATION: the standard keys its cache by the serialized origin alone.
  if (tainted && deviations.cache.taintedOriginsAreUncached) return null
  const ofOpaquePage = client.origin.kind === 'opaque'
  const { opaqueOriginsShare: which } = deviations.cache
  if ((ofOpaquePage || tainted) && which !== 'all' && !(which === 'pages' && ofOpaquePage))
    return request.ownOpaqueOrigin
  return preflightOrigin(request, deviations)
}

/** What a preflight sends as its origin. */
function preflightOrigin(request: FetchRequest, deviations: Deviations): string {
  // DEVIATION: a redirect that taints the request does not change it.
  return deviations.preflight.keepsOriginAfterRedirect
    ? request.client.origin.serialized
    : request.serializedOrigin
}

/** What the cache is asked about a preflight; null where it has no responses for the request's origin. */
function cacheQuery(
  request: FetchRequest,
  preflighted: PreflightedRequest,
  deviations: Deviations,
): CacheQuery | null {
  const origin = cacheOrigin(request, deviations)
  if (origin === null) return null
  return {
    origin,
    url: request.currentUrl.href,
    credentials: preflighted.credentials,
    method: preflighted.method,
    unsafeHeaderNames: sortedNames(preflighted.unsafeHeaders, deviations),
    useCorsPreflight: request.useCorsPreflight,
  }
}

/**
 * Steps 7 and 8, once the response is there: creates cache entries for what it grants, and returns why it refuses, or null.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function corsPreflightFetch(
  request: FetchRequest,
  context: FetchContext,
  preflighted: PreflightedRequest,
  response: ResponseHead,
): Failure | null {
  const { deviations, cache } = context
  // DEVIATION: no proxy was asked.
  if (response.status === 407 && deviations.login.refusesProxyAuthentication)
    return { code: 'proxy-authentication-required', blockedAt: 'preflight', status: 407 }
  // DEVIATION: lines that contradict each other make a network error.
  const conflict = conflictingLines(response.headers, deviations)
  if (conflict !== null) {
    const { status } = response
    return { code: 'conflicting-header-lines', blockedAt: 'preflight', ...conflict, status }
  }
  // 7.1-7.7, 8.
  const checked = checkPreflightResponse(preflighted, response, deviations, context.warnings)
  // DEVIATION: what passes the CORS check is kept although it refuses this request.
  const grant =
    checked.failure === null ? checked : deviations.cache.keepsRefusingResponses ? checked.grant : null
  // 7.8-7.15
  if (
    cache !== undefined &&
    grant !== null &&
    // DEVIATION: `no-store` is for preflights, too.
    !(deviations.cache.noStoreKeepsNothing && request.cache === 'no-store')
  ) {
    const query = cacheQuery(request, preflighted, deviations)
    if (query !== null)
      cache.createEntries(query, grant, preflightMaxAge(response.headers, deviations), deviations)
  }
  // 7.16. Return response.
  return checked.failure
}
