/** The header lines of a request as it leaves the page: what the script set, and what the browser adds about origins. */
import type { Deviations } from './deviations.js'
import { type FetchRequest, isDataWorker, type RequestDestination } from './fetch-request.js'
import { containsHeader, type Header } from './header-list.js'
import { byteLowercase, equalsIgnoringCase } from './http-tokens.js'
import { isOrigin } from './origin.js'
import { corsPreflightHeaders, type PreflightedRequest } from './preflight.js'
import { normalRange } from './range.js'
import { effectiveReferrerPolicy } from './referrer.js'
import { combineByName, isConditionalRequestHeaderName } from './request-headers.js'

/** A request as it is put on the wire. */
export interface RequestHead {
  readonly method: string
  readonly url: string
  /** The header lines that concern origins and those the page set, in order. `Host`, `User-Agent` and the like are the transport's. */
  readonly headers: readonly Header[]
}

/** The CORS-preflight request that a browser sends before `request`. @see https://fetch.spec.whatwg.org/#cors-preflight-fetch */
export function preflightRequestHead(
  request: FetchRequest,
  preflighted: PreflightedRequest,
  deviations: Deviations,
): RequestHead {
  const headers = corsPreflightHeaders(preflighted, deviations)
  // DEVIATION: a preflight has a `User-Agent` of the page's.
  if (deviations.sentHeaders.preflightCarriesUserAgent) {
    const agent = request.headers.filter((line) => equalsIgnoringCase(line[0], 'user-agent'))
    headers.push(...combineByName(agent))
  }
  return { method: 'OPTIONS', url: urlWithoutFragment(request.currentUrl), headers }
}

/** The request itself. @see https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch */
export function requestHead(request: FetchRequest, deviations: Deviations): RequestHead {
  const headers = pageHeadersAsSent(request, deviations)
  // https://fetch.spec.whatwg.org/#concept-fetch step 12. If request's header list does not contain `Accept`, then:
  if (!containsHeader(headers, 'accept')) headers.unshift(['Accept', acceptedFor(request, deviations)])
  // 8.12. Append a request `Origin` header.
  // TODO: `Accept-Encoding` (8.20), which says nothing of origins, is not sent; `Cache-Control` and `Pragma` (8.17, 8.18) only where there is an HTTP cache.
  // DEVIATION: what is sent tells caches on the way.
  const { beaconsSayMaxAge, formsSayMaxAge } = deviations.keepalive
  if (
    (request.initiator === 'beacon' && beaconsSayMaxAge) ||
    (request.initiator === 'form' && formsSayMaxAge)
  )
    headers.push(['Cache-Control', 'max-age=0'])
  if (request.authorization !== null) setAuthorization(headers, request.authorization)
  const origin = originHeader(request, deviations)
  if (origin !== null) headers.push(['Origin', origin])
  return { method: request.method, url: urlWithoutFragment(request.currentUrl), headers }
}

/** 8.24. A login of the browser's, instead of what the page set. */
function setAuthorization(headers: Header[], value: string): void {
  const index = headers.findIndex(([name]) => equalsIgnoringCase(name, 'authorization'))
  if (index !== -1) headers.splice(index, 1)
  headers.push(['Authorization', value])
}

/** What the standard accepts for a destination, where that is not everything. @see https://fetch.spec.whatwg.org/#concept-fetch step 12 */
const ACCEPTED: ReadonlyMap<RequestDestination, string> = new Map([
  ['iframe', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
  ['image', 'image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5'],
  ['style', 'text/css,*/*;q=0.1'],
])

function acceptedFor({ destination, element }: FetchRequest, { elements }: Deviations): string {
  // DEVIATION: each engine has types that it likes better.
  const svg = element === 'svg' ? elements.accepts.get('svg') : undefined
  return svg ?? elements.accepts.get(destination) ?? ACCEPTED.get(destination) ?? '*/*'
}

/**
 * The value of the `Origin` header, or null where none is sent.
 * @see https://fetch.spec.whatwg.org/#append-a-request-origin-header
 */
function originHeader(request: FetchRequest, deviations: Deviations): string | null {
  // 2. Let serializedOrigin be the result of byte-serializing a request origin.
  const serialized = request.serializedOrigin
  // 3. If request's response tainting is "cors", then append it.
  if (request.responseTainting === 'cors') return serialized
  // DEVIATION: elements say it at home, too.
  if (saysOriginAtHome(request, deviations)) return serialized
  // 4. Otherwise, if request's method is neither `GET` nor `HEAD`, then:
  const isGetOrHead = request.method === 'GET' || request.method === 'HEAD'
  if (isGetOrHead) {
    // DEVIATION: a redirect that makes a GET of another method leaves it.
    return request.history.methodChanged &&
      !request.history.leftAnOriginAsGet &&
      deviations.sentHeaders.keepsOriginAfterMethodChange
      ? serialized
      : null
  }
  // 4.1. If request's mode is not "cors", then switch on request's referrer policy.
  if (request.mode !== 'cors' && policyHidesOrigin(request, deviations)) return 'null'
  // DEVIATION: a redirect that leaves an origin hides the page's.
  if (
    request.mode !== 'cors' &&
    request.history.leftAnOrigin &&
    deviations.sentHeaders.noCorsRedirectHidesOrigin
  )
    return 'null'
  // DEVIATION: a worker acts for its page.
  const { client } = request
  if (
    request.mode !== 'cors' &&
    isDataWorker(client) &&
    deviations.sentHeaders.dataWorkersActForPage &&
    !request.tainted
  )
    return client.parent?.origin.serialized ?? serialized
  // 4.2
  return serialized
}

/** Step 4.1. */
function policyHidesOrigin(request: FetchRequest, deviations: Deviations): boolean {
  // DEVIATION: it hides the origin of navigations only.
  if (deviations.sentHeaders.policyHidesOriginOfNavigationsOnly && request.mode !== 'navigate') return false
  const { client, currentUrl } = request
  switch (effectiveReferrerPolicy(request, deviations)) {
    case 'no-referrer':
      return true
    // If request's origin is a tuple origin, its scheme is "https", and request's current URL's scheme is not "https".
    case 'no-referrer-when-downgrade':
    case 'strict-origin':
    case 'strict-origin-when-cross-origin':
      return (
        client.origin.kind === 'tuple' && client.origin.scheme === 'https' && currentUrl.protocol !== 'https:'
      )
    // If request's origin is not same origin with request's current URL's origin.
    case 'same-origin':
      return !isOrigin(client.origin, request.currentOrigin)
    default:
      return false
  }
}

function saysOriginAtHome(
  { element, mode, destination }: FetchRequest,
  { elements: { sayOriginAtHome } }: Deviations,
): boolean {
  // DEVIATION: elements with CORS say their origin at home, too.
  if (element === null || mode !== 'cors' || sayOriginAtHome === 'none') return false
  return sayOriginAtHome === 'all' || (destination !== 'audio' && destination !== 'video')
}

/** The URL as it is requested: without fragment and user info. */
function urlWithoutFragment(url: URL): string {
  const { href } = url
  if (!href.includes('#') && !href.includes('@')) return href
  const copy = new URL(href)
  copy.hash = ''
  copy.username = ''
  copy.password = ''
  return copy.href
}

/** What the page set, one line per name, where an engine rewrites a value on the way. */
function pageHeadersAsSent(request: FetchRequest, deviations: Deviations): Header[] {
  if (request.headers.length === 0) return []
  // DEVIATION: of several `Content-Type` lines one is sent.
  const lines = deviations.sentHeaders.oneContentType ? keepOneContentType(request) : request.headers
  // DEVIATION: a `Range` is sent in normal form.
  const rewritesRange = deviations.sentHeaders.rewritesRange && mayBeCached(request)
  return combineByName(withoutReplaced(lines, request, deviations)).map(([name, value]): Header => {
    let sent = value
    if (rewritesRange && equalsIgnoringCase(name, 'range')) sent = normalRange(value) ?? value
    // DEVIATION: values are UTF-8.
    return [name, deviations.sentHeaders.encodesAsUtf8 ? utf8Bytes(sent) : sent]
  })
}

function keepOneContentType(request: FetchRequest): readonly Header[] {
  const types = request.headers.filter((line) => equalsIgnoringCase(line[0], 'content-type'))
  if (types.length < 2) return request.headers
  const kept = request.body === null || request.redirectCount > 0 ? types.at(-1) : types[0]
  return request.headers.filter((line) => line === kept || !types.includes(line))
}

/** Whether the HTTP cache may have a say in a request. */
function mayBeCached({ method, cache, headers }: FetchRequest): boolean {
  return (
    method === 'GET' &&
    cache !== 'no-store' &&
    !headers.some(([name]) => isConditionalRequestHeaderName(name))
  )
}

/** The lines of a fetch without those that another of their name replaces. */
function withoutReplaced(
  lines: readonly Header[],
  { initiator }: FetchRequest,
  { sentHeaders: { singleHeaders, emptyValueReplaces } }: Deviations,
): readonly Header[] {
  if (lines.length < 2 || initiator !== 'fetch') return lines
  // DEVIATION: a line replaces those of its name.
  if (singleHeaders.size === 0 && !emptyValueReplaces) return lines
  const kept = new Map<string, Header[]>()
  for (const line of lines) {
    const name = byteLowercase(line[0])
    const before = kept.get(name)
    const single = singleHeaders.get(name)
    if (before === undefined) kept.set(name, [line])
    else if (single === 'last') kept.set(name, [line])
    else if (single === 'first') continue
    else if (emptyValueReplaces && (line[1] === '' || before[0]?.[1] === '')) kept.set(name, [line])
    else before.push(line)
  }
  return [...kept.values()].flat()
}

/** The UTF-8 bytes of a text, one character per byte. */
function utf8Bytes(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text)) return text
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
}
