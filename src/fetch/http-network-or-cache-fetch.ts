/** HTTP-network-or-cache fetch, as far as it concerns the HTTP cache: a coroutine that hands out what is to go over the network, and does no I/O. */
import type { Deviations } from './deviations.js'
import type { FetchRequest, RequestCache } from './fetch-request.js'
import { containsHeader, type Header, type HeaderList } from './header-list.js'
import type { HttpCache } from './http-cache.js'
import {
  askedByRequest,
  canBeValidated,
  freshenedHeaders,
  freshnessOf,
  isStorable,
  matchesVary,
  type StoredResponse,
  validatingHeaders,
  varyingHeaders,
} from './http-caching.js'
import { isSafeMethod } from './methods.js'
import { isRedirectStatus } from './redirect.js'
import { isConditionalRequestHeaderName } from './request-headers.js'
import type { ResponseHead } from './response.js'
import type { RequestHead } from './sent-headers.js'

/** A request that is about to be served from the cache or to leave. */
export interface CachedRequest {
  readonly request: FetchRequest
  /** With every header that the browser adds, but for those of the cache. */
  readonly head: RequestHead
  /** What is compared with the headers that `Vary` names. */
  readonly varied: HeaderList
  /** Under what its response is kept. */
  readonly key: string
}

/** What came over the network. */
export interface Forwarded<Content> {
  readonly response: ResponseHead
  readonly content: Content
}

/** @see https://fetch.spec.whatwg.org/#concept-response-cache-state */
export type CacheState = '' | 'local' | 'validated'

/** What a fetch goes on with. */
export interface CacheOutcome<Content> extends Forwarded<Content> {
  /** The request as it was or would have been sent. */
  readonly head: RequestHead
  readonly cacheState: CacheState
  /** What was stored of it now; null for nothing. */
  readonly stored: StoredResponse<Content> | null
  /** What is to be sent in the background, so that the next finds it fresh. */
  readonly revalidation: RequestHead | null
}

/**
 * Steps 8.16 to 10; null is the network error of `only-if-cached`.
 * @see https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
 */
export function* httpNetworkOrCacheFetch<Content>(
  cached: CachedRequest,
  cache: HttpCache<Content>,
  deviations: Deviations,
): Generator<RequestHead, CacheOutcome<Content> | null, Forwarded<Content>> {
  const { request, key } = cached
  const { method } = request
  const saidMode = cacheMode(request)
  const mode = usedMode(cached, deviations)
  const headers: Header[] = [
    ...cached.head.headers,
    ...cacheHeaders(cached.head.headers, saidMode, request, deviations),
  ]
  let head: RequestHead = { ...cached.head, headers }
  // 8.25. If httpRequest's cache mode is neither "no-store" nor "reload", then set storedResponse to the result of selecting a response.
  const selected = usesCache(cached, deviations) ? select(cached, mode, cache, deviations) : null
  if (selected?.use === 'local' || selected?.use === 'stale-while-revalidate') {
    const { response, content } = selected.stored
    // 8.25.2.1. If storedResponse is a stale-while-revalidate response, then revalidate in parallel.
    const isStale = selected.use === 'stale-while-revalidate'
    const revalidation = isStale ? revalidationOf(head, response, deviations) : null
    return { head, response, content, cacheState: 'local', stored: null, revalidation }
  }
  // 10.1. If httpRequest's cache mode is "only-if-cached", then return a network error.
  // DEVIATION: the server is asked instead.
  if (mode === 'only-if-cached' && !deviations.schemes.ignoresOnlyIfCached) return null
  // 8.25.2.3. If the revalidatingFlag is set, append `If-None-Match` and `If-Modified-Since`.
  if (selected?.use === 'validate' || selected?.use === 'validate-by-etag') {
    const condition = validatingHeaders(selected.stored.response.headers, selected.use === 'validate-by-etag')
    head = { ...head, headers: [...headers, ...condition] }
  }
  // 10.2. Let forwardResponse be the result of running HTTP-network fetch.
  const forwarded = yield head
  const { response, content } = forwarded
  // 10.3. If httpRequest's method is unsafe and forwardResponse's status is 200 to 399, invalidate appropriate stored responses.
  if (invalidates(method, response.status, deviations)) cache.drop(key)
  // 10.4. If the revalidatingFlag is set and forwardResponse's status is 304, then update storedResponse's header list.
  if (selected !== null && response.status === 304 && confirms(selected, deviations)) {
    const { stored } = selected
    freshen(stored, response, cache)
    return {
      head,
      response: stored.response,
      content: stored.content,
      cacheState: 'validated',
      stored: null,
      revalidation: null,
    }
  }
  // 10.5. Store httpRequest and forwardResponse in httpCache.
  const keeps = mode !== 'no-store' && mayStore(cached, deviations)
  const stored = keeps ? store(cached, forwarded, cache, deviations) : null
  // What a HEAD did not confirm is outdated.
  if (selected !== null && !keeps) cache.drop(key, selected.stored)
  return { head, response, content, cacheState: '', stored, revalidation: null }
}

/** 8.16. A conditional request of the page's own asks the server, and the response to it is not kept. */
function cacheMode({ cache, headers }: FetchRequest): RequestCache {
  const isConditional = headers.some(([name]) => isConditionalRequestHeaderName(name))
  return cache === 'default' && isConditional ? 'no-store' : cache
}

/** The cache mode, where the page's own headers have a say. */
function usedMode({ request, head }: CachedRequest, deviations: Deviations): RequestCache {
  const mode = cacheMode(request)
  return mode === 'default' ? (askedByRequest(head.headers, deviations) ?? mode) : mode
}

/** Whether a request may be served from the cache. @see https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch */
export function usesCache(cached: CachedRequest, deviations: Deviations): boolean {
  const mode = usedMode(cached, deviations)
  return mode !== 'no-store' && mode !== 'reload' && maySatisfy(cached, deviations)
}

/** Whether a stored response may satisfy a request. @see https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches */
function maySatisfy({ request: { method }, head }: CachedRequest, { httpCache }: Deviations): boolean {
  // DEVIATION: HEAD asks the server.
  const isKnownMethod = method === 'GET' || (method === 'HEAD' && httpCache.headIsServedBy !== 'server')
  return isKnownMethod && (httpCache.keepsRangeResponses || !containsHeader(head.headers, 'range'))
}

/** Whether the response to a request may be stored. @see https://httpwg.org/specs/rfc9111.html#response.cacheability */
function mayStore({ request: { method }, head }: CachedRequest, { httpCache }: Deviations): boolean {
  // DEVIATION: the response to a HEAD has its own place.
  const isKeptMethod = method === 'GET' || (method === 'HEAD' && httpCache.headIsServedBy === 'head')
  // DEVIATION: a part has its own place.
  return isKeptMethod && (httpCache.keepsRangeResponses || !containsHeader(head.headers, 'range'))
}

/** 8.17-8.18. What tells caches on the way. */
function cacheHeaders(
  headers: HeaderList,
  mode: RequestCache,
  { cache }: FetchRequest,
  { httpCache }: Deviations,
): Header[] {
  const lines: Header[] = []
  const add = (name: string, value: string): void => {
    if (!containsHeader(headers, name)) lines.push([name, value])
  }
  // DEVIATION: a conditional request of the page's own says as much as "no-cache".
  const saysMaxAge = mode === 'no-cache' || (mode !== cache && httpCache.conditionalRequestsSayMaxAge)
  if (saysMaxAge) add('Cache-Control', 'max-age=0')
  else if (mode === 'no-store' || mode === 'reload') {
    add('Pragma', 'no-cache')
    add('Cache-Control', 'no-cache')
  }
  return lines
}

interface Selected<Content> {
  readonly stored: StoredResponse<Content>
  /** As it is; as it is, to be refreshed; after a validation, or one by its entity tag alone; or not unless the server says so. */
  readonly use: 'local' | 'stale-while-revalidate' | 'validate' | 'validate-by-etag' | 'none'
}

/** What is stored for a request, and how it may be used. @see https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches */
function select<Content>(
  { varied, key }: CachedRequest,
  mode: RequestCache,
  cache: HttpCache<Content>,
  deviations: Deviations,
): Selected<Content> | null {
  const stored = cache.get(key)
  if (stored === undefined) return null
  const { response } = stored
  const isValidatable = canBeValidated(response, deviations)
  // Request header fields nominated by the stored response match those presented.
  if (!matchesVary(stored, varied)) {
    // DEVIATION: a variant of another request is validated by its entity tag.
    const byETag = deviations.httpCache.validatesOtherVariants && isValidatable
    return { stored, use: byETag ? 'validate-by-etag' : 'none' }
  }
  // DEVIATION: `only-if-cached` is `default`.
  const isOnlyIfCached = mode === 'only-if-cached' && !deviations.schemes.ignoresOnlyIfCached
  if (mode === 'force-cache' || isOnlyIfCached) return { stored, use: 'local' }
  const freshness = freshnessOf(stored, cache.now(), deviations)
  if (mode !== 'no-cache' && freshness !== 'stale')
    return { stored, use: freshness === 'fresh' ? 'local' : freshness }
  return { stored, use: isValidatable ? 'validate' : 'none' }
}

/** Whether a 304 is about what was selected. @see https://httpwg.org/specs/rfc9111.html#freshening.responses */
function confirms({ use }: Selected<unknown>, { httpCache }: Deviations): boolean {
  // DEVIATION: even if nobody had asked.
  return use !== 'none' || httpCache.takesUnaskedNotModified
}

/** The request of a revalidation: with the cache mode "no-cache", but not its header. */
function revalidationOf(
  head: RequestHead,
  { headers }: ResponseHead,
  { httpCache }: Deviations,
): RequestHead {
  // DEVIATION: with its header.
  const own: Header[] = httpCache.revalidationSaysMaxAge ? [['Cache-Control', 'max-age=0']] : []
  return { ...head, headers: [...head.headers, ...own, ...validatingHeaders(headers, false)] }
}

/**
 * Takes what a revalidation in the background came to. @see https://httpwg.org/specs/rfc5861.html
 * @returns what was stored of it anew
 */
export function takeRevalidation<Content>(
  cached: CachedRequest,
  forwarded: Forwarded<Content>,
  cache: HttpCache<Content>,
  deviations: Deviations,
): StoredResponse<Content> | null {
  if (forwarded.response.status !== 304) return store(cached, forwarded, cache, deviations)
  const stored = cache.get(cached.key)
  if (stored !== undefined) freshen(stored, forwarded.response, cache)
  return null
}

/** @see https://httpwg.org/specs/rfc9111.html#freshening.responses */
function freshen(stored: StoredResponse<unknown>, validation: ResponseHead, cache: HttpCache<unknown>): void {
  const { status, headers } = stored.response
  stored.response = { status, headers: freshenedHeaders(headers, validation.headers) }
  stored.storedAt = cache.now()
}

/** @see https://httpwg.org/specs/rfc9111.html#invalidation */
function invalidates(method: string, status: number, { httpCache }: Deviations): boolean {
  const { invalidatedBy } = httpCache
  // DEVIATION: whatever is not a GET does, unless it is redirected.
  if (invalidatedBy === 'other-methods') return method !== 'GET' && !isRedirectStatus(status)
  // DEVIATION: which methods do.
  const isUnsafe = invalidatedBy === 'unsafe-methods' ? !isSafeMethod(method) : invalidatedBy.has(method)
  return isUnsafe && status >= 200 && status < 400
}

function store<Content>(
  { varied, key }: CachedRequest,
  { response, content }: Forwarded<Content>,
  cache: HttpCache<Content>,
  deviations: Deviations,
): StoredResponse<Content> | null {
  const storedAt = cache.now()
  if (!isStorable(response, storedAt, deviations)) {
    cache.drop(key)
    return null
  }
  // DEVIATION: headers with empty values are lost.
  const headers = deviations.httpCache.losesEmptyHeaders
    ? response.headers.filter(([, value]) => value !== '')
    : response.headers
  const kept = { status: response.status, headers }
  const stored = { response: kept, content, varying: varyingHeaders(kept, varied), storedAt }
  cache.put(key, stored)
  return stored
}
