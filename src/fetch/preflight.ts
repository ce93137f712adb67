/** The CORS preflight: the question a browser asks, and whether a response permits the request. */
import { corsCheck } from './cors-check.js'
import { type Deviations, noDeviations } from './deviations.js'
import type { Failure } from './failure.js'
import { type Warning, warn } from './fetch-context.js'
import { extractHeaderListValues, getHeader, type Header, type HeaderList } from './header-list.js'
import { equalsIgnoringCase } from './http-tokens.js'
import { isCorsSafelistedMethod } from './methods.js'
import { isOkStatus, isRedirectStatus } from './redirect.js'
import { isCorsNonWildcardRequestHeaderName, sortedNames, type UnsafeHeader } from './request-headers.js'
import type { ResponseHead } from './response.js'

/** What a preflight asks about. */
export interface PreflightedRequest {
  /** The serialized request origin. */
  readonly origin: string
  /** Whether the request's credentials mode is `include`. */
  readonly credentials: boolean
  readonly method: string
  /** The request's CORS-unsafe headers, duplicates kept. */
  readonly unsafeHeaders: readonly UnsafeHeader[]
  /** The request's use-CORS-preflight flag: an upload listener or a stream body. Default false. */
  readonly useCorsPreflight?: boolean
}

/**
 * The header lines that make a CORS preflight: `Accept`, `Access-Control-Request-Method`, and, where there are CORS-unsafe headers,
 * `Access-Control-Request-Headers` with their names lower case, sorted, each once, joined by `,` without a space; then `Origin`.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function corsPreflightHeaders(
  preflighted: PreflightedRequest,
  deviations: Deviations = noDeviations,
): Header[] {
  // 1. The preflight is this list, OPTIONS, and the request's current URL: preflightRequestHead. 2-3.
  const accept: Header = ['Accept', '*/*']
  const method: Header = ['Access-Control-Request-Method', preflighted.method]
  // 6. HTTP-network-or-cache fetch, step 8.12: append a request `Origin` header.
  const origin: Header = ['Origin', preflighted.origin]
  if (preflighted.unsafeHeaders.length === 0) return [accept, method, origin]
  // 4-5. If headers is not empty, then: the items separated by `,`, not combined with `, `.
  const names = sortedNames(preflighted.unsafeHeaders, deviations).join(',')
  return [accept, method, ['Access-Control-Request-Headers', names], origin]
}

/** What an acceptable preflight response grants; input for the preflight cache. */
export interface PreflightGrant {
  readonly failure: null
  readonly methods: readonly string[] | null
  readonly headerNames: readonly string[] | null
}

/** A response that does not permit the request. */
export interface PreflightRefusal {
  readonly failure: Failure
  /** What the response permits other requests; null where it is unusable. */
  readonly grant: PreflightGrant | null
}

/**
 * Checks the response to a CORS preflight: not a redirect, CORS check, ok status, methods, headers.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 */
export function checkPreflightResponse(
  preflighted: PreflightedRequest,
  response: ResponseHead,
  deviations: Deviations = noDeviations,
  warnings?: Warning[],
): PreflightGrant | PreflightRefusal {
  const { headers, status } = response
  // 7-8. A redirect status is not an ok status, so that a preflight is not followed anywhere. It has a code of its own because it is fixed otherwise.
  if (isRedirectStatus(status)) {
    const location = getHeader(headers, 'Location')
    if (location !== null)
      return refuse('preflight-redirect', { status, header: 'Location', value: location })
  }
  // 7. If a CORS check for request and response returns success and response's status is an ok status, then: 8. Otherwise, return a network error.
  const check = corsCheck(preflighted, headers, deviations, warnings)
  if (check !== null) return refuse(check.code, { header: check.header, value: check.value })
  if (!isOkStatus(status)) return refuse('preflight-status', { status })
  // 7.1-7.3. Extract header list values; if either is failure, return a network error.
  const methods = extractHeaderListValues(headers, 'Access-Control-Allow-Methods')
  if (methods.values === 'failure') {
    return refuse(
      'invalid-allow-methods',
      listFault('Access-Control-Allow-Methods', headers, methods.invalid),
    )
  }
  const names = extractHeaderListValues(headers, 'Access-Control-Allow-Headers')
  if (names.values === 'failure') {
    return refuse('invalid-allow-headers', listFault('Access-Control-Allow-Headers', headers, names.invalid))
  }
  // 7.4. If methods is null and request's use-CORS-preflight flag is set, then set methods to request's method.
  // DEVIATION: the flag alone grants no method.
  const flagGrants = preflighted.useCorsPreflight === true && !deviations.preflight.flagGrantsNoMethod
  const allowed = methods.values ?? (flagGrants ? [preflighted.method] : null)
  const grant: PreflightGrant = { failure: null, methods: allowed, headerNames: names.values }
  // 7.5. If request's method is not in methods and is not a CORS-safelisted method, return a network error.
  if (!isCorsSafelistedMethod(preflighted.method) && !permitsMethod(preflighted, allowed)) {
    return refuse(
      'method-not-allowed',
      listFault('Access-Control-Allow-Methods', headers, preflighted.method),
      grant,
    )
  }
  // 7.6-7.7. If a CORS non-wildcard request-header name or another unsafeName is not in headerNames, return a network error.
  for (const unsafe of preflighted.unsafeHeaders) {
    if (permitsHeader(preflighted, unsafe.name, names.values, deviations, warnings)) continue
    return refuse(
      'header-not-allowed',
      listFault('Access-Control-Allow-Headers', headers, unsafe.name),
      grant,
    )
  }
  return grant
}

/** Step 7.5: it is in methods, or methods contains `*` and the credentials mode is not "include". */
function permitsMethod(preflighted: PreflightedRequest, methods: readonly string[] | null): boolean {
  if (methods === null) return false
  return methods.includes(preflighted.method) || (!preflighted.credentials && methods.includes('*'))
}

/** Steps 7.6 and 7.7, for one name: `*` counts where the credentials mode is not "include", and never for `Authorization`. */
function permitsHeader(
  preflighted: PreflightedRequest,
  name: string,
  names: readonly string[] | null,
  deviations: Deviations,
  warnings: Warning[] | undefined,
): boolean {
  if (names === null) return false
  for (const item of names) if (equalsIgnoringCase(item, name)) return true
  if (preflighted.credentials || !names.includes('*')) return false
  if (!isCorsNonWildcardRequestHeaderName(name)) return true
  // DEVIATION: `*` covers `Authorization`.
  if (!deviations.preflight.wildcardCoversAuthorization) return false
  if (warnings !== undefined) {
    warn(warnings, {
      code: 'wildcard-does-not-cover-authorization',
      header: 'Access-Control-Allow-Headers',
      value: names.join(', '),
      section: 'https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name',
    })
  }
  return true
}

function refuse(
  code: Failure['code'],
  detail: Omit<Failure, 'code' | 'blockedAt'>,
  grant: PreflightGrant | null = null,
): PreflightRefusal {
  return { failure: { code, blockedAt: 'preflight', ...detail }, grant }
}

function listFault(
  header: string,
  headers: HeaderList,
  part: string | undefined,
): Omit<Failure, 'code' | 'blockedAt'> {
  const value = getHeader(headers, header)
  return part === undefined ? { header, value } : { header, value, part }
}
