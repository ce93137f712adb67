/**
 * Main fetch and HTTP fetch, as far as they concern origins: a coroutine that hands out each request to send and is given each response
 * head. It does no I/O, so that the evaluator, the page and the tests all run this one.
 */
import { corsCheck } from './cors-check.js'
import { duePreflight, takePreflightAnswer } from './cors-preflight-fetch.js'
import type { Deviations } from './deviations.js'
import { type FetchOutcome, fail } from './failure.js'
import type { FetchContext, PreflightReason } from './fetch-context.js'
import type { FetchRequest } from './fetch-request.js'
import { httpRedirectFetch, redirectTarget } from './http-redirect-fetch.js'
import { isBadPort, isLoopbackHost, isPotentiallyTrustworthyUrl } from './mixed-content.js'
import type { PreflightSubject } from './preflight.js'
import { isRedirectStatus } from './redirect.js'
import type { ResponseHead } from './response-head.js'
import { schemeFetch } from './scheme-fetch.js'

/** What is to be sent next. */
export interface Send {
  readonly phase: 'preflight' | 'request'
  readonly request: FetchRequest
  /** What the preflight asks for, where the phase is `preflight`. */
  readonly preflight?: PreflightSubject
}

const NO_REASONS: readonly PreflightReason[] = []

/**
 * Runs a fetch. Each turn of the loop is main fetch for the request's current URL; a redirect makes the next turn.
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 * @see https://fetch.spec.whatwg.org/#concept-http-fetch
 */
export function* mainFetch(
  request: FetchRequest,
  context: FetchContext,
): Generator<Send, FetchOutcome, ResponseHead> {
  for (;;) {
    const settled = settleBeforeSending(request, context.deviations)
    if (settled !== null) return ended(request, context, settled)

    if (request.responseTainting !== 'cors') context.preflightReasons ??= NO_REASONS
    else {
      const preflight = duePreflight(request, context)
      if (preflight !== null) {
        const answer = yield { phase: 'preflight', request, preflight }
        const failure = takePreflightAnswer(request, context, preflight, answer)
        if (failure !== null) return ended(request, context, { failure })
      }
      if (request.refusal !== null) return ended(request, context, { failure: request.refusal })
    }
    // A body without a source cannot be sent over HTTP/1.1. https://fetch.spec.whatwg.org/#http-network-fetch
    if (request.body?.kind === 'stream' && context.httpVersion === '1.1')
      return ended(request, context, fail('stream-needs-http2', 'request'))

    const response = yield { phase: 'request', request }
    const outcome = takeResponse(request, response, context)
    if (outcome !== 'redirected') return ended(request, context, outcome)
  }
}

/** "If corsWithPreflightResponse is a network error, then clear cache entries using request." What follows a redirect is part of that response. */
function ended(request: FetchRequest, context: FetchContext, outcome: FetchOutcome): FetchOutcome {
  const { cache, deviations } = context
  if (outcome.failure !== null && cache !== undefined && failureClearsCache(request, deviations))
    cache.clear(request.serializedOrigin, request.currentUrl.href)
  return outcome
}

function failureClearsCache(request: FetchRequest, deviations: Deviations): boolean {
  switch (deviations.failureClearsCache) {
    case 'preflighted':
      return request.preflightWasDue
    case 'any':
      return request.responseTainting === 'cors'
    case 'never':
      return false
  }
}

/** Steps 7 to 12 of main fetch: what is refused or answered without a server; else the response tainting is set, and null. */
function settleBeforeSending(request: FetchRequest, deviations: Deviations): FetchOutcome | null {
  const url = request.currentUrl
  const { protocol } = url
  const isHttp = protocol === 'https:' || protocol === 'http:'
  const blockedAt = request.redirectCount === 0 ? 'request' : 'redirect'

  // 7. Bad port, mixed content.
  if (isHttp && url.port !== '' && isBadPort(protocol.slice(0, -1), Number(url.port))) {
    return fail('bad-port', blockedAt, { part: url.port })
  }
  if (protocol === 'http:' && isMixedContent(request, url, deviations)) {
    return fail('mixed-content', blockedAt, { part: url.href })
  }

  // 12. The response tainting.
  const { origin } = request.client
  const sameOrigin = origin.kind === 'tuple' && origin.serialized === request.currentOrigin
  if ((sameOrigin && request.responseTainting === 'basic') || protocol === 'data:') {
    request.responseTainting = 'basic'
    return isHttp ? null : schemeFetch(url, 'basic', deviations)
  }
  if (request.mode === 'same-origin') return fail('same-origin-mode', blockedAt, { part: url.href })
  if (request.mode === 'no-cors') {
    if (request.redirect !== 'follow')
      return fail('no-cors-redirect-mode', blockedAt, { part: request.redirect })
    request.responseTainting = 'opaque'
    return isHttp ? null : schemeFetch(url, 'opaque', deviations)
  }
  if (!isHttp) return fail('unsupported-scheme', blockedAt, { part: protocol })
  request.responseTainting = 'cors'
  return null
}

/** @see https://w3c.github.io/webappsec-mixed-content/#should-block-fetch */
function isMixedContent({ client }: FetchRequest, url: URL, deviations: Deviations): boolean {
  if (!client.secure || !client.mixedContent) return false
  if (deviations.localhostIsMixedContent && isLoopbackHost(url.hostname)) return true
  return !isPotentiallyTrustworthyUrl('http', url.hostname)
}

/** HTTP fetch from the response on: the CORS check, then the redirect mode. */
function takeResponse(
  request: FetchRequest,
  response: ResponseHead,
  { deviations, warnings }: FetchContext,
): FetchOutcome | 'redirected' {
  const redirects = isRedirectStatus(response.status)
  if (redirects && deviations.judgesLocationBeforeCorsCheck && request.redirect === 'follow') {
    const target = redirectTarget(request, response, deviations)
    const failure = target !== null && 'failure' in target ? target.failure : null
    if (failure !== null && failure.code !== 'redirect-to-unsupported-scheme') return { failure }
  }
  if (request.responseTainting === 'cors') {
    const credentials =
      request.credentials === 'include' || (redirects && judgesAsCredentialed(request, deviations))
    const asker = { origin: request.serializedOrigin, credentials }
    const check = corsCheck(asker, response.headers, deviations, warnings)
    if (check !== null) {
      const { code, header, value } = check
      return fail(code, redirects ? 'redirect' : 'response', { header, value })
    }
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

function judgesAsCredentialed(request: FetchRequest, deviations: Deviations): boolean {
  return (
    deviations.judgesCredentialsOfLaterRedirects &&
    request.startedSameOrigin &&
    request.credentials === 'same-origin'
  )
}
