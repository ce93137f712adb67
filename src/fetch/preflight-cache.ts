/** The CORS-preflight cache: what a browser remembers of preflight responses. */
import { type Deviations, noDeviations } from './deviations.js'
import { getHeader, getNonEmptyLines, type HeaderList } from './header-list.js'
import { equalsIgnoringCase } from './http-tokens.js'
import { isCorsSafelistedMethod } from './methods.js'
import type { PreflightGrant } from './preflight.js'
import { isCorsNonWildcardRequestHeaderName } from './request-headers.js'

/** How long a response without a usable `Access-Control-Max-Age` is kept, in seconds. */
export const DEFAULT_MAX_AGE = 5

/** Which request an entry is for. */
export interface CacheKey {
  /** The serialized request origin. */
  readonly origin: string
  /** The request's current URL. */
  readonly url: string
  /** Whether the credentials mode is `include`. */
  readonly credentials: boolean
}

/** One thing a preflight response permitted: a method or a header name. @see https://fetch.spec.whatwg.org/#cache-entry */
export interface CacheEntry extends CacheKey {
  /** When the entry expires, in milliseconds of the cache's clock. */
  expires: number
  /** A method, `*`, or null where the entry is for a header. */
  readonly method: string | null
  /** A header name, `*`, or null where the entry is for a method. */
  readonly headerName: string | null
}

/** What the cache is asked. */
export interface CacheQuery extends CacheKey {
  readonly method: string
  readonly unsafeHeaderNames: readonly string[]
  /** The request's use-CORS-preflight flag. */
  readonly useCorsPreflight: boolean
}

/** @see https://fetch.spec.whatwg.org/#cors-preflight-cache */
export class PreflightCache {
  #entries: CacheEntry[] = []
  readonly #now: () => number

  /** @param now the clock, in milliseconds */
  constructor(now: () => number = () => Date.now()) {
    this.#now = now
  }

  /** The entries that have not expired. */
  entries(): readonly CacheEntry[] {
    const now = this.#now()
    this.#entries = this.#entries.filter((entry) => entry.expires > now)
    return this.#entries
  }

  /** Whether what is remembered makes a preflight unnecessary. @see https://fetch.spec.whatwg.org/#concept-http-fetch */
  covers(query: CacheQuery, deviations: Deviations = noDeviations): boolean {
    const entries = this.entries().filter((entry) => matches(entry, query, deviations))
    const covered =
      entries.length > 0 &&
      (!needsMethodEntry(query, deviations) ||
        entries.some((entry) => isMethodMatch(entry, query, deviations))) &&
      query.unsafeHeaderNames.every((name) =>
        entries.some((entry) => isHeaderNameMatch(entry, name, query, deviations)),
      )
    // DEVIATION: what does not cover a request is dropped.
    if (!covered && deviations.cache.keepsOneResponse) this.clearEntries(query.origin, query.url)
    return covered
  }

  /**
   * Stores what a preflight response permitted, for `maxAge` seconds.
   * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch steps 7.8 to 7.15
   */
  createEntries(
    query: CacheQuery,
    grant: PreflightGrant,
    maxAge: number,
    deviations: Deviations = noDeviations,
  ): void {
    // 7.11. A user agent that does not provide for a cache has none of these. TODO: the network partition key, because a page has one partition.
    // DEVIATION: the next response takes the place of the last.
    if (deviations.cache.keepsOneResponse) this.clearEntries(query.origin, query.url)
    const expires = this.#now() + maxAge * 1000
    const methods = grant.methods ?? unnamedMethods(query, deviations)
    const { origin, url, credentials } = query
    const own = this.entries().filter((entry) => matches(entry, query, deviations))
    // 7.12-7.13. For each method in methods: set the matching entry's max-age, or create a new cache entry.
    for (const method of methods) {
      const known = own.filter((entry) => entry.method === method)
      for (const entry of known) entry.expires = expires
      if (known.length === 0)
        this.#entries.push({ origin, url, credentials, expires, method, headerName: null })
    }
    // 7.14-7.15. For each headerName in headerNames likewise.
    for (const headerName of grant.headerNames ?? []) {
      const known = own.filter(
        (entry) => entry.headerName !== null && equalsIgnoringCase(entry.headerName, headerName),
      )
      for (const entry of known) entry.expires = expires
      if (known.length === 0)
        this.#entries.push({ origin, url, credentials, expires, method: null, headerName })
    }
  }

  /** Forgets all, as a browser whose data is cleared. */
  clear(): void {
    this.#entries = []
  }

  /** Clears the entries of an origin and URL. @see https://fetch.spec.whatwg.org/#concept-cache-clear */
  clearEntries(origin: string, url: string): void {
    this.#entries = this.#entries.filter((entry) => entry.origin !== origin || entry.url !== url)
  }
}

/**
 * 7.4. A preflight for an upload listener or a stream is cached by its method although the response names none. An engine that keeps whole
 * responses keeps one that names none, too; it then covers the methods that need no permission.
 */
function unnamedMethods(query: CacheQuery, deviations: Deviations): readonly string[] {
  // DEVIATION: a whole response is kept, whatever it names.
  if (deviations.cache.keepsOneResponse) return [isCorsSafelistedMethod(query.method) ? query.method : 'GET']
  return query.useCorsPreflight ? [query.method] : []
}

/** @see https://fetch.spec.whatwg.org/#concept-cache-match */
function matches(entry: CacheEntry, query: CacheQuery, deviations: Deviations): boolean {
  if (entry.origin !== query.origin || entry.url !== query.url) return false
  // DEVIATION: an entry made with credentials does not count without them.
  return deviations.cache.separatesCredentials
    ? entry.credentials === query.credentials
    : entry.credentials || !query.credentials
}

/** HTTP fetch, step 4.1: the method is not CORS-safelisted, or request's use-CORS-preflight flag is set. @see https://fetch.spec.whatwg.org/#concept-http-fetch */
function needsMethodEntry(query: CacheQuery, deviations: Deviations): boolean {
  // DEVIATION: HEAD must be among the entries.
  if (deviations.cache.needsHeadEntry && query.method === 'HEAD') return true
  if (!isCorsSafelistedMethod(query.method)) return true
  return query.useCorsPreflight && !deviations.cache.keepsOneResponse && !deviations.cache.needsHeadEntry
}

/**
 * With credentials `*` names only a method called `*`, as in the check of a fresh response. (The text of the standard leaves that condition out where it
 * looks entries up; every engine has it.)
 * @see https://fetch.spec.whatwg.org/#concept-cache-match-method
 */
function isMethodMatch(entry: CacheEntry, query: CacheQuery, deviations: Deviations): boolean {
  if (entry.method === query.method) return true
  // DEVIATION: `*` is not honored in a cached response.
  return entry.method === '*' && !query.credentials && !deviations.cache.ignoresWildcards
}

/** @see https://fetch.spec.whatwg.org/#concept-cache-match-header */
function isHeaderNameMatch(
  entry: CacheEntry,
  name: string,
  query: CacheQuery,
  deviations: Deviations,
): boolean {
  if (entry.headerName === null) return false
  if (equalsIgnoringCase(entry.headerName, name)) return true
  // DEVIATION: `*` is not honored in a cached response.
  if (entry.headerName !== '*' || query.credentials || deviations.cache.ignoresWildcards) return false
  if (!isCorsNonWildcardRequestHeaderName(name)) return true
  // DEVIATION: `*` covers `Authorization`, though in some engines in a fresh response only.
  return deviations.preflight.wildcardCoversAuthorization && !deviations.cache.wildcardLeavesOutAuthorization
}

/**
 * How long a preflight response is kept, in seconds: `Access-Control-Max-Age`, 5 where it is absent or malformed, never more than
 * the engine's limit.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch steps 7.8 to 7.10
 */
export function preflightMaxAge(headers: HeaderList, deviations: Deviations = noDeviations): number {
  const name = 'access-control-max-age'
  // DEVIATION: empty lines are dropped.
  const combined = deviations.responses.dropsEmptyLines
    ? getNonEmptyLines(headers, name)
    : getHeader(headers, name)
  // 7.8-7.9. If max-age is failure or null, then set max-age to 5.
  if (combined === null) return DEFAULT_MAX_AGE
  const value = readableMaxAge(combined, deviations)
  if (!/^-?[0-9]+$/.test(value)) {
    // DEVIATION: a malformed value keeps nothing.
    return deviations.cache.malformedMaxAge === 'no-cache' && value !== '' ? 0 : DEFAULT_MAX_AGE
  }
  const seconds = Number(value)
  // The production has no sign; engines read one and keep nothing.
  if (seconds <= 0)
    // DEVIATION: a negative value keeps nothing.
    return value.startsWith('-') && deviations.cache.negativeMaxAge === 'default' ? DEFAULT_MAX_AGE : 0
  // DEVIATION: what overflows is malformed.
  if (seconds > Number.MAX_SAFE_INTEGER && deviations.cache.overflowingMaxAge === 'default')
    return DEFAULT_MAX_AGE
  // 7.10. If max-age is greater than an imposed limit, then set max-age to the imposed limit.
  // DEVIATION: each engine imposes its own; the standard names none.
  return Math.min(seconds, deviations.cache.maxAgeLimit)
}

/** The value without what an engine overlooks in it. */
function readableMaxAge(value: string, deviations: Deviations): string {
  // DEVIATION: controls and a plus sign are overlooked.
  const trimmed = deviations.cache.maxAgeMayHaveControls
    ? value.replace(/^[\v\f\t ]+|[\v\f\t ]+$/g, '')
    : value
  return deviations.cache.maxAgeMayHavePlusSign ? trimmed.replace(/^\+(?=[0-9])/, '') : trimmed
}
