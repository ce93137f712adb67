/**
 * Main fetch and HTTP fetch, as far as they concern origins: a coroutine that hands out each request to send and is given each response
 * head. It does no I/O, so that the evaluator, the page and the tests all run this one.
 */

import { type CorsCheckFailure, corsCheck } from './cors-check.js'
import { cacheOrigin, corsPreflightFetch, neededPreflight } from './cors-preflight-fetch.js'
import { isBlockedByResourcePolicy } from './cross-origin-resource-policy.js'
import type { Deviations } from './deviations.js'
import { type Failure, type FetchOutcome, fail } from './failure.js'
import type { FetchContext, PreflightReason } from './fetch-context.js'
import { type FetchRequest, includesCredentials, isDataWorker } from './fetch-request.js'
import { getHeader, headerLines } from './header-list.js'
import { networkFetch } from './http-authentication.js'
import { httpRedirectFetch, redirectTarget } from './http-redirect-fetch.js'
import { isBadPort, isLoopbackHost, isPotentiallyTrustworthyUrl } from './mixed-content.js'
import { isOrigin } from './origin.js'
import type { PreflightedRequest } from './preflight.js'
import { isRedirectStatus } from './redirect.js'
import { conflictingLines, type ResponseHead } from './response.js'
import { schemeFetch } from './scheme-fetch.js'

/** What is to be sent next. */
export interface Send {
  readonly phase: 'preflight' | 'request'
  readonly request: FetchRequest
  /** What the preflight asks for, where the phase is `preflight`. */
  readonly preflight?: PreflightedRequest
}

/** In bytes. */
const KEEPALIVE_QUOTA = 64 * 1024

const NO_REASONS: readonly PreflightReason[] = []

/**
 * Runs a fetch. Each turn of the loop is main fetch for the request's current URL; a redirect makes the next turn.
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 * @see https://fetch.spec.whatwg.org/#concept-http-fetch
 */
export function* mainFetch(
  request: FetchRequest,
  context: FetchContext,
): Generator<Send, FetchOutcome, ResponseHead | { readonly failure: Failure }> {
  for (;;) {
    const settled = settleBeforeSending(request, context)
    if (settled !== null) return ended(request, context, settled)

    if (request.responseTainting !== 'cors') context.preflightReasons ??= NO_REASONS
    else {
      const preflight = neededPreflight(request, context)
      if (preflight !== null) {
        const send: Send = { phase: 'preflight', request, preflight }
        const response = context.logins === undefined ? yield send : yield* networkFetch(send, context)
        if ('failure' in response) return ended(request, context, response)
        const failure = corsPreflightFetch(request, context, preflight, response)
        if (failure !== null) return ended(request, context, { failure })
      }
      if (request.history.refusal !== null)
        return ended(request, context, { failure: request.history.refusal })
    }
    // A body without a source cannot be sent over HTTP/1.1. https://fetch.spec.whatwg.org/#http-network-fetch
    if (request.body?.kind === 'stream' && context.httpVersion === '1.1')
      return ended(request, context, fail('stream-needs-http2', 'request'))

    const send: Send = { phase: 'request', request }
    const response = context.logins === undefined ? yield send : yield* networkFetch(send, context)
    if ('failure' in response) return ended(request, context, response)
    const outcome = takeResponse(request, response, context)
    if (outcome !== 'redirected') return ended(request, context, outcome)
  }
}

/** "If corsWithPreflightResponse is a network error, then clear cache entries using request." What follows a redirect is part of that response. */
function ended(request: FetchRequest, context: FetchContext, outcome: FetchOutcome): FetchOutcome {
  const { cache, deviations } = context
  if (outcome.failure !== null && cache !== undefined && failureClearsCache(request, deviations)) {
    const origin = cacheOrigin(request, deviations)
    if (origin !== null) cache.clearEntries(origin, request.currentUrl.href)
  }
  return outcome
}

function failureClearsCache(request: FetchRequest, deviations: Deviations): boolean {
  // DEVIATION: the standard clears where a preflight was due; engines do so for any CORS request, or never.
  switch (deviations.cache.failureClears) {
    case 'preflighted':
      return request.history.preflightWasDue
    case 'any':
      return request.responseTainting === 'cors'
    case 'never':
      return false
  }
}

/**
 * Steps 4 to 12 of main fetch: what is refused or served without a server; else the response tainting is set, and null.
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 */
function settleBeforeSending(
  request: FetchRequest,
  { deviations, hasHttpCache = false }: FetchContext,
): FetchOutcome | null {
  // 4. Upgrade request to a potentially trustworthy URL, if appropriate.
  upgradeMixedMedia(request, deviations)
  const url = request.currentUrl
  const { protocol } = url
  const isHttp = protocol === 'https:' || protocol === 'http:'
  const blockedAt = request.redirectCount === 0 ? 'request' : 'redirect'

  // 7. If should request be blocked due to a bad port, or as mixed content, returns blocked, then set response to a network error.
  // TODO: Content Security Policy and HSTS, which the standard has here, are not simulated.
  if (isHttp && url.port !== '' && isBadPort(protocol.slice(0, -1), Number(url.port))) {
    return fail('bad-port', blockedAt, { part: url.port })
  }
  if (protocol === 'http:' && isMixedContent(request, url, deviations)) {
    const refusal = fail('mixed-content', blockedAt, { part: url.href })
    // DEVIATION: after a redirect the preflight comes first.
    const preflightComesFirst = deviations.schemes.preflightsBeforeMixedContent && request.redirectCount > 0
    if (!preflightComesFirst || request.mode !== 'cors') return refusal
    request.history.refusal = refusal.failure
  }

  // DEVIATION: elements have no user info.
  if (
    deviations.login.refusesUrlsOfElements &&
    request.initiator === 'element' &&
    request.mode !== 'cors' &&
    includesCredentials(url)
  )
    return fail('url-with-credentials', blockedAt)

  // HTTP-network-or-cache fetch, step 8.10.5: if the sum of contentLength and inflightKeepaliveBytes is greater than 64 kibibytes, then return a network error.
  // DEVIATION: there is no limit.
  if (request.keepalive && request.keepaliveBytes > KEEPALIVE_QUOTA && !deviations.keepalive.hasNoQuota)
    return fail('keepalive-quota', blockedAt, { part: String(request.keepaliveBytes) })

  // 12. Set response based on the first matching statement.
  // A blob: URL that there is is the page's own.
  // DEVIATION: some workers have none.
  const { client, blob } = request
  const hasBlob = blob !== null && !(isDataWorker(client) && deviations.schemes.dataWorkersReadNoBlobs)
  const sameOrigin = isOrigin(client.origin, request.currentOrigin) || (protocol === 'blob:' && hasBlob)
  // DEVIATION: outside CORS a data: URL asks for redirect mode "follow", too.
  const mustFollow = request.mode === 'no-cors' && deviations.schemes.noCorsDataUrlMustFollow
  if (protocol === 'data:' && mustFollow && request.redirect !== 'follow')
    return fail('no-cors-redirect-mode', blockedAt, { part: request.redirect })
  // Its current URL's origin is same origin with request's origin, and its response tainting is "basic"; or its scheme is "data"; or
  // request's mode is "navigate".
  // TODO: mode "websocket", which belongs to no API of the page.
  if (
    (sameOrigin && request.responseTainting === 'basic') ||
    protocol === 'data:' ||
    request.mode === 'navigate'
  ) {
    request.responseTainting = 'basic'
    if (!isHttp) return schemeFetch(request, 'basic', deviations)
    // HTTP-network-or-cache fetch, step 10: if httpRequest's cache mode is "only-if-cached", then return a network error.
    // Whoever sends has a cache to look into, or there is nothing to be found.
    // DEVIATION: the server is asked instead.
    return request.cache === 'only-if-cached' && !hasHttpCache && !deviations.schemes.ignoresOnlyIfCached
      ? fail('not-in-http-cache', blockedAt, { part: url.href })
      : null
  }
  // Request's mode is "same-origin": return a network error.
  if (request.mode === 'same-origin') return fail('same-origin-mode', blockedAt, { part: url.href })
  // Request's mode is "no-cors": its redirect mode must be "follow"; the response tainting is "opaque".
  if (request.mode === 'no-cors') {
    if (request.redirect !== 'follow')
      return fail('no-cors-redirect-mode', blockedAt, { part: request.redirect })
    request.responseTainting = 'opaque'
    return isHttp ? null : schemeFetch(request, 'opaque', deviations)
  }
  // Request's current URL's scheme is not an HTTP(S) scheme: return a network error.
  if (!isHttp) return fail('unsupported-scheme', blockedAt, { part: protocol })
  // Otherwise the response tainting is "cors"; whether a preflight is due is asked next.
  request.responseTainting = 'cors'
  return null
}

/** @see https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm */
function upgradeMixedMedia(request: FetchRequest, deviations: Deviations): void {
  const { destination, currentUrl: url } = request
  if (destination !== 'image' && destination !== 'audio' && destination !== 'video') return
  if (url.protocol !== 'http:' || !isMixedContent(request, url, deviations) || isIpAddress(url.hostname))
    return
  const upgraded = new URL(url)
  upgraded.protocol = 'https:'
  request.urlList[request.urlList.length - 1] = upgraded
  request.currentOrigin = upgraded.origin
}

function isIpAddress(host: string): boolean {
  return host.startsWith('[') || /^[0-9.]+$/.test(host)
}

/** @see https://w3c.github.io/webappsec-mixed-content/#should-block-fetch */
function isMixedContent({ client }: FetchRequest, url: URL, deviations: Deviations): boolean {
  if (!client.secure || !client.mixedContent) return false
  // DEVIATION: loopback hosts are potentially trustworthy to the standard.
  if (deviations.schemes.localhostIsMixedContent && isLoopbackHost(url.hostname)) return true
  return !isPotentiallyTrustworthyUrl('http', url.hostname)
}

/**
 * HTTP fetch from the response on: the CORS check, then the redirect mode.
 * TODO: service workers (step 3) and the TAO check (4.5) are not simulated.
 * @see https://fetch.spec.whatwg.org/#concept-http-fetch
 */
function takeResponse(
  request: FetchRequest,
  response: ResponseHead,
  { deviations, warnings }: FetchContext,
): FetchOutcome | 'redirected' {
  const redirects = isRedirectStatus(response.status)
  // DEVIATION: no proxy was asked.
  if (response.status === 407 && deviations.login.refusesProxyAuthentication)
    return fail('proxy-authentication-required', 'response', { status: 407 })
  // DEVIATION: lines that contradict each other make a network error.
  const conflict = conflictingLines(response.headers, deviations)
  if (conflict !== null) return refuseConflict(conflict, redirects, response)
  const followed = request.redirect === 'follow'
  const locationMatters =
    followed || (request.redirect === 'manual' && deviations.redirect.manualModeNeedsValidLocation)
  // DEVIATION: the location URL is judged before the CORS check, not by HTTP-redirect fetch after it.
  if (redirects && locationMatters && deviations.redirect.judgesLocationBeforeCorsCheck) {
    const failure = locationFailure(request, response, deviations)
    if (failure !== null && (followed || failure.code === 'redirect-invalid-location')) return { failure }
  }
  // 4.4. If request's response tainting is "cors" and a CORS check returns failure, then return a network error.
  if (request.responseTainting === 'cors') {
    const asker = { origin: request.serializedOrigin, credentials: request.credentials === 'include' }
    let check = corsCheck(asker, response.headers, deviations, warnings)
    if (check !== null) return corsFailure(check, redirects)
    // DEVIATION: on a later redirect `same-origin` credentials are judged as `include`.
    if (redirects && judgesAsCredentialed(request, deviations) && !hasNoLocation(response)) {
      check = corsCheck({ ...asker, credentials: true }, response.headers, deviations)
      if (check !== null) {
        const refusal = corsFailure(check, redirects)
        if (!request.history.preflightWasDue) return refusal
        request.history.refusal = refusal.failure
      }
    }
  }
  // 5. If request's response tainting is "opaque", and the cross-origin resource policy check returns blocked, then return a network error.
  if (request.responseTainting === 'opaque' && isBlockedByResourcePolicy(request, response)) {
    const value = getHeader(response.headers, 'cross-origin-resource-policy')
    const blockedAt = redirects ? 'redirect' : 'response'
    return fail('resource-policy', blockedAt, { header: 'Cross-Origin-Resource-Policy', value })
  }
  if (!redirects) return { failure: null, type: request.responseTainting, response }
  // 6. If internalResponse's status is a redirect status, switch on request's redirect mode.
  switch (request.redirect) {
    case 'error':
      // DEVIATION: what has no `Location` is not a redirect.
      if (deviations.redirect.errorModeNeedsLocation && hasNoLocation(response))
        return { failure: null, type: request.responseTainting, response }
      return fail('redirect-mode-error', 'redirect', { status: response.status })
    case 'manual':
      return (
        refusedScheme(request, response, deviations) ?? { failure: null, type: 'opaqueredirect', response }
      )
    default:
      return httpRedirectFetch(request, response, deviations)
  }
}

function corsFailure(
  { code, header, value }: CorsCheckFailure,
  redirects: boolean,
): { readonly failure: Failure } {
  return fail(code, redirects ? 'redirect' : 'response', { header, value })
}

function refuseConflict(
  conflict: NonNullable<ReturnType<typeof conflictingLines>>,
  redirects: boolean,
  { status }: ResponseHead,
): FetchOutcome {
  return redirects && conflict.header === 'Location'
    ? fail('redirect-invalid-location', 'redirect', { ...conflict, status })
    : fail('conflicting-header-lines', redirects ? 'redirect' : 'response', { ...conflict, status })
}

/** What is wrong with where a redirect leads; another scheme may still be refused by the CORS check. */
function locationFailure(
  request: FetchRequest,
  response: ResponseHead,
  deviations: Deviations,
): Failure | null {
  const target = redirectTarget(request, response, deviations)
  const failure = target !== null && 'failure' in target ? target.failure : null
  return failure?.code === 'redirect-to-unsupported-scheme' ? null : failure
}

/** DEVIATION: a manual redirect that is refused for its scheme all the same. */
function refusedScheme(
  request: FetchRequest,
  response: ResponseHead,
  deviations: Deviations,
): FetchOutcome | null {
  const { manualModeRefusesSchemes } = deviations.redirect
  if (manualModeRefusesSchemes.size === 0) return null
  const target = redirectTarget(request, response, deviations)
  const failure = target !== null && 'failure' in target ? target.failure : null
  if (failure?.code !== 'redirect-to-unsupported-scheme' || failure.part === undefined) return null
  return manualModeRefusesSchemes.has(new URL(failure.part).protocol) ? { failure } : null
}

function hasNoLocation({ headers }: ResponseHead): boolean {
  return headerLines(headers, 'location').every((line) => line === '')
}

/** DEVIATION: see where it is asked. */
function judgesAsCredentialed(request: FetchRequest, deviations: Deviations): boolean {
  return (
    deviations.redirect.judgesCredentialsOfLaterRedirects &&
    request.history.startedSameOrigin &&
    request.credentials === 'same-origin'
  )
}
