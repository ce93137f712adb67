/**
 * Main fetch, HTTP fetch, CORS-preflight fetch and HTTP-redirect fetch, as far as they concern origins: a coroutine that hands out each
 * request to send and is given each response head. It does no I/O, so that the evaluator, the page and the tests all run this one.
 */
import { corsCheck } from './cors-check.js'
import type { Deviations } from './deviations.js'
import type { BlockedAt, CorsFailureCode, Failure } from './failure.js'
import { type FetchRequest, includesCredentials } from './fetch-request.js'
import type { ResponseType } from './filtered-response.js'
import { containsHeader, getHeader, headerLines } from './header-list.js'
import { isCorsSafelistedMethod } from './methods.js'
import { isBadPort, isLoopbackHost, isPotentiallyTrustworthyUrl } from './mixed-content.js'
import { isHttpScheme } from './origin.js'
import { checkPreflightResponse, type PreflightGrant, type PreflightSubject } from './preflight.js'
import { type PreflightCache, preflightMaxAge } from './preflight-cache.js'
import { isRedirectStatus, locationUrl, REDIRECT_LIMIT } from './redirect.js'
import {
  corsUnsafeRequestHeaders,
  isCorsNonWildcardRequestHeaderName,
  isRequestBodyHeaderName,
  sortedNames,
  type UnsafeHeader,
} from './request-headers.js'
import type { ResponseHead } from './response-head.js'
import type { Warning } from './warning.js'

/** Why a request is preflighted: each reason on its own. */
export type PreflightReason =
  | { readonly kind: 'method'; readonly method: string }
  | {
      readonly kind: 'header'
      readonly name: string
      /** As the page spelt it. */
      readonly spelling: string
      readonly value: string
      readonly reason: UnsafeHeader['reason']
    }
  | { readonly kind: 'upload-listener' }
  | { readonly kind: 'stream-body' }
  /** An engine that preflighted the request before a redirect does so again after it. */
  | { readonly kind: 'redirect' }

/** What is to be sent next. */
export interface Send {
  readonly phase: 'preflight' | 'request'
  readonly request: FetchRequest
  /** What the preflight asks for, where the phase is `preflight`. */
  readonly preflight?: PreflightSubject
}

/** How a fetch ended. */
export type FetchOutcome =
  | { readonly failure: Failure }
  | { readonly failure: null; readonly type: ResponseType; readonly response: ResponseHead }

/** What a fetch leaves behind and draws on beside its request. */
export interface FetchContext {
  readonly deviations: Deviations
  readonly cache?: PreflightCache | undefined
  /** `1.1` refuses stream bodies. */
  readonly httpVersion?: '1.1' | '2' | '3' | undefined
  readonly warnings: Warning[]
  /** Filled in for the first hop: why a preflight is due, empty where none is. */
  preflightReasons: readonly PreflightReason[] | null
  /** The first hop's preflight, where one is due, also when the cache spares it. */
  preflight: PreflightSubject | null
}

function fail(
  code: CorsFailureCode,
  blockedAt: BlockedAt,
  detail: Omit<Failure, 'code' | 'blockedAt'> = {},
): FetchOutcome {
  return { failure: { code, blockedAt, ...detail } }
}

/** @see https://fetch.spec.whatwg.org/#concept-main-fetch */
export function* mainFetch(
  request: FetchRequest,
  context: FetchContext,
): Generator<Send, FetchOutcome, ResponseHead> {
  for (;;) {
    const step = yield* httpFetchForCurrentUrl(request, context)
    if (step !== 'redirected') return step
  }
}

/** One turn of main fetch: the request's current URL, up to a response or another URL. */
function* httpFetchForCurrentUrl(
  request: FetchRequest,
  context: FetchContext,
): Generator<Send, FetchOutcome | 'redirected', ResponseHead> {
  const { deviations } = context
  const url = request.currentUrl
  const scheme = url.protocol.slice(0, -1)
  const blockedAt: BlockedAt = request.redirectCount === 0 ? 'request' : 'redirect'

  // 7. Bad port, mixed content.
  if (isBadPort(scheme, url.port === '' ? null : Number(url.port)))
    return fail('bad-port', blockedAt, { part: url.port })
  if (isMixedContent(request, url, scheme, deviations))
    return fail('mixed-content', blockedAt, { part: url.href })

  // 12. The response tainting.
  const { origin } = request.client
  const sameOrigin = origin.kind === 'tuple' && origin.serialized === request.currentOrigin
  if ((sameOrigin && request.responseTainting === 'basic') || scheme === 'data') {
    request.responseTainting = 'basic'
    if (!isHttpScheme(scheme)) return schemeFetch(url, scheme)
    return yield* httpFetch(request, context, false)
  }
  if (request.mode === 'same-origin') return fail('same-origin-mode', blockedAt, { part: url.href })
  if (request.mode === 'no-cors') {
    if (request.redirect !== 'follow')
      return fail('no-cors-redirect-mode', blockedAt, { part: request.redirect })
    request.responseTainting = 'opaque'
    if (!isHttpScheme(scheme)) return schemeFetch(url, scheme)
    return yield* httpFetch(request, context, false)
  }
  if (!isHttpScheme(scheme)) return fail('unsupported-scheme', blockedAt, { part: `${scheme}:` })
  request.responseTainting = 'cors'
  const outcome = yield* httpFetch(request, context, true)
  if (outcome !== 'redirected' && outcome.failure !== null && !deviations.keepsCacheOnFailure) {
    context.cache?.clear(request.serializedOrigin, request.currentUrl.href)
  }
  return outcome
}

/** @see https://w3c.github.io/webappsec-mixed-content/#should-block-fetch */
function isMixedContent(request: FetchRequest, url: URL, scheme: string, deviations: Deviations): boolean {
  if (!request.client.secure || !request.client.mixedContent) return false
  if (scheme === 'https') return false
  if (deviations.localhostIsMixedContent && isHttpScheme(scheme) && isLoopbackHost(url.hostname)) return true
  return isHttpScheme(scheme) && !isPotentiallyTrustworthyUrl(scheme, url.hostname)
}

/** Schemes that need no server. @see https://fetch.spec.whatwg.org/#scheme-fetch */
function schemeFetch(url: URL, scheme: string): FetchOutcome {
  if (scheme === 'data') {
    const comma = url.pathname.indexOf(',')
    if (comma === -1) return fail('invalid-url', 'request', { part: url.href })
    const mediaType = url.pathname.slice(0, comma).replace(/;\s*base64$/i, '')
    const contentType =
      mediaType === ''
        ? 'text/plain;charset=US-ASCII'
        : mediaType.startsWith(';')
          ? `text/plain${mediaType}`
          : mediaType
    return {
      failure: null,
      type: 'basic',
      response: { status: 200, headers: [['Content-Type', contentType]] },
    }
  }
  return fail('unsupported-scheme', 'request', { part: `${scheme}:` })
}

/** @see https://fetch.spec.whatwg.org/#concept-http-fetch */
function* httpFetch(
  request: FetchRequest,
  context: FetchContext,
  cors: boolean,
): Generator<Send, FetchOutcome | 'redirected', ResponseHead> {
  const { deviations } = context
  if (cors) {
    const refused = yield* preflightIfDue(request, context)
    if (refused !== null) return { failure: refused }
  } else if (context.preflightReasons === null) context.preflightReasons = []

  // A body without a source cannot be sent over HTTP/1.1. https://fetch.spec.whatwg.org/#http-network-fetch
  if (request.body?.kind === 'stream' && context.httpVersion === '1.1')
    return fail('stream-needs-http2', 'request')

  const response = yield { phase: 'request', request }

  const redirects = isRedirectStatus(response.status)
  if (redirects && deviations.judgesLocationBeforeCorsCheck && request.redirect === 'follow') {
    const refused = redirectTarget(request, response, deviations)
    if (
      refused !== null &&
      'failure' in refused &&
      refused.failure?.code !== 'redirect-to-unsupported-scheme'
    )
      return refused
  }
  if (request.responseTainting === 'cors') {
    const credentials =
      request.credentials === 'include' ||
      (redirects &&
        deviations.judgesCredentialsOfLaterRedirects &&
        request.startedSameOrigin &&
        request.credentials === 'same-origin')
    const check = corsCheck({ origin: request.serializedOrigin, credentials }, response.headers, deviations)
    if (check !== null)
      return fail(check.code, redirects ? 'redirect' : 'response', {
        header: check.header,
        value: check.value,
      })
  }
  if (!redirects) return { failure: null, type: request.responseTainting, response }
  switch (request.redirect) {
    case 'error':
      return fail('redirect-mode-error', 'redirect', { status: response.status })
    case 'manual':
      return { failure: null, type: 'opaqueredirect', response }
    default:
      return httpRedirectFetch(request, response, deviations)
  }
}

/** Why the request's current state needs a preflight. @see https://fetch.spec.whatwg.org/#concept-main-fetch step 12 */
function preflightReasonsOf(
  request: FetchRequest,
  unsafeHeaders: readonly UnsafeHeader[],
): PreflightReason[] {
  const reasons: PreflightReason[] = []
  if (request.useCorsPreflight)
    reasons.push({ kind: request.body?.kind === 'stream' ? 'stream-body' : 'upload-listener' })
  if (request.unsafeRequest) {
    if (!isCorsSafelistedMethod(request.method)) reasons.push({ kind: 'method', method: request.method })
    for (const header of unsafeHeaders) reasons.push({ kind: 'header', ...header })
  }
  return reasons
}

/** CORS-preflight fetch where the request needs one and the cache does not spare it; null where the request may go ahead. */
function* preflightIfDue(
  request: FetchRequest,
  context: FetchContext,
): Generator<Send, Failure | null, ResponseHead> {
  const { deviations, cache } = context
  const redirected = request.redirectCount > 0
  const judged =
    redirected && deviations.redirectedPreflightHeaders !== 'current'
      ? request.initialHeaders
      : request.headers
  let unsafeHeaders = request.unsafeRequest ? corsUnsafeRequestHeaders(judged, deviations) : []
  let reasons = preflightReasonsOf(request, unsafeHeaders)
  if (redirected) {
    if (deviations.redirectedPreflightHeaders === 'initial-but-removed') {
      unsafeHeaders = unsafeHeaders.filter((header) => !request.lastRemoved(header.name))
    }
    if (reasons.length === 0 && deviations.preflightSticksAfterRedirect && request.preflightWasDue)
      reasons = [{ kind: 'redirect' }]
  }
  if (context.preflightReasons === null) context.preflightReasons = reasons
  if (reasons.length === 0) return request.refusal
  request.preflightWasDue = true

  const credentials = request.credentials === 'include'
  const origin = request.serializedOrigin
  const subject: PreflightSubject = {
    origin: deviations.preflightKeepsOriginAfterRedirect ? request.client.origin.serialized : origin,
    credentials,
    method: request.method,
    unsafeHeaders,
  }
  if (context.preflight === null) context.preflight = subject
  const query = {
    origin,
    url: request.currentUrl.href,
    credentials,
    method: request.method,
    unsafeHeaderNames: sortedNames(unsafeHeaders, deviations),
    useCorsPreflight: request.useCorsPreflight,
  }
  if (cache !== undefined && !bypassesCache(request, deviations) && cache.covers(query, deviations))
    return request.refusal

  const response = yield { phase: 'preflight', request, preflight: subject }
  const answer = checkPreflightResponse(subject, response, deviations, context.warnings)
  if (answer.failure === null || (deviations.cachesRefusingAnswers && answer.grant !== null)) {
    const grant = answer.failure === null ? answer : (answer.grant as PreflightGrant)
    cache?.store(query, grant, preflightMaxAge(response.headers, deviations), deviations)
  }
  if (answer.failure !== null) return answer.failure
  return request.refusal
}

function bypassesCache(request: FetchRequest, deviations: Deviations): boolean {
  return (
    deviations.cacheModeBypassesPreflightCache && ['reload', 'no-store', 'no-cache'].includes(request.cache)
  )
}

/** Where a redirect leads: the response itself where it has no location, a refusal, or the location URL. */
function redirectTarget(
  request: FetchRequest,
  response: ResponseHead,
  deviations: Deviations,
): FetchOutcome | URL | null {
  const { status, headers } = response
  const value = getHeader(headers, 'location')
  // 3-4. The location URL; without one the response stands.
  if (deviations.emptyLocation === 'none' && headerLines(headers, 'location').every((line) => line === ''))
    return null
  if (deviations.emptyLocation === 'invalid' && value === '') {
    return fail('redirect-invalid-location', 'redirect', { header: 'Location', value, status })
  }
  const location = locationUrl(headers, request.currentUrl, deviations.joinsLocationLines ? 'joined' : 'all')
  if (location === null) return null
  // 5-6.
  if (location === 'failure')
    return fail('redirect-invalid-location', 'redirect', { header: 'Location', value, status })
  const fault = { header: 'Location', value, part: location.href, status }
  if (!isHttpScheme(location.protocol.slice(0, -1)))
    return fail('redirect-to-unsupported-scheme', 'redirect', fault)
  // 7.
  if (request.redirectCount === REDIRECT_LIMIT) return fail('too-many-redirects', 'redirect', fault)
  return location
}

/** @see https://fetch.spec.whatwg.org/#concept-http-redirect-fetch */
function httpRedirectFetch(
  request: FetchRequest,
  response: ResponseHead,
  deviations: Deviations,
): FetchOutcome | 'redirected' {
  const { status } = response
  const location = redirectTarget(request, response, deviations)
  if (location === null) return { failure: null, type: request.responseTainting, response }
  if (!(location instanceof URL)) return location
  // 8.
  request.redirectCount++
  const { origin } = request.client
  const isPageOrigin = (serialized: string): boolean =>
    origin.kind === 'tuple' && origin.serialized === serialized
  // 9-10. User info.
  if (includesCredentials(location)) {
    const isCors =
      (request.mode === 'cors' && !isPageOrigin(location.origin)) || request.responseTainting === 'cors'
    if (isCors || deviations.refusesAnyRedirectUserInfo) {
      const value = getHeader(response.headers, 'location')
      const refusal: Failure = {
        code: isCors ? 'redirect-with-credentials' : 'redirect-with-credentials-outside-cors',
        blockedAt: 'redirect',
        header: 'Location',
        value,
        part: location.href,
        status,
      }
      if (!deviations.preflightsBeforeRefusingUserInfo || request.responseTainting === 'cors')
        return { failure: refusal }
      request.refusal = refusal
    }
  }
  // 11. A stream cannot be sent a second time.
  if (status !== 303 && request.body?.kind === 'stream')
    return fail('redirect-stream-body', 'redirect', { status })
  // 12-13. What becomes of the method and the headers.
  const crossOriginHop = request.currentOrigin !== location.origin
  carryOver(request, status, crossOriginHop, deviations)
  // 18. Append to the URL list, and note the redirect-taint.
  if (crossOriginHop && !isPageOrigin(request.currentOrigin)) request.tainted = true
  request.urlList.push(location)
  request.currentOrigin = location.origin
  return 'redirected'
}

/** Steps 12 and 13: a POST may become a GET without a body, and `Authorization` does not leave the origin it was for. */
function carryOver(
  request: FetchRequest,
  status: number,
  crossOriginHop: boolean,
  deviations: Deviations,
): void {
  const becomesGet = changesMethodToGet(status, request.method)
  if (crossOriginHop) request.leftAnOrigin = true
  const removed = (name: string): boolean =>
    (becomesGet && isRequestBodyHeaderName(name)) ||
    (crossOriginHop && isCorsNonWildcardRequestHeaderName(name))
  request.lastRemoved = removed
  switch (deviations.removedHeaders) {
    case 'stay-away':
      request.headers = request.headers.filter(([name]) => !removed(name))
      break
    case 'body-returns':
      request.headers = request.initialHeaders.filter(
        ([name]) => !removed(name) && !(request.leftAnOrigin && isCorsNonWildcardRequestHeaderName(name)),
      )
      break
    case 'all-return': {
      const kept = request.headers.filter(([name]) => !removed(name))
      const firstBecomesGet = changesMethodToGet(status, request.initialMethod)
      const returning = request.authorHeaders.filter(
        ([name]) =>
          !containsHeader(kept, name) &&
          !(firstBecomesGet && isRequestBodyHeaderName(name)) &&
          !(crossOriginHop && isCorsNonWildcardRequestHeaderName(name)),
      )
      request.headers = [...kept, ...returning]
      break
    }
  }
  const deleteBecomesGet =
    deviations.crossOriginRedirectMakesDeleteGet && crossOriginHop && request.method === 'DELETE'
  if (!becomesGet && !deleteBecomesGet) return
  request.method = 'GET'
  request.body = null
  request.methodChanged = true
}

function changesMethodToGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}
