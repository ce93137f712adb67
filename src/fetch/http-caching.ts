/** HTTP Caching, as a private cache does it: what may be kept, for how long it is fresh, and what a 304 changes. @see https://httpwg.org/specs/rfc9111.html */
import type { Deviations } from './deviations.js'
import { decodeAndSplit, getHeader, type Header, type HeaderList } from './header-list.js'
import { byteLowercase, equalsIgnoringCase } from './http-tokens.js'
import type { ResponseHead } from './response.js'

/** A response as a cache keeps it. @see https://httpwg.org/specs/rfc9111.html#response.cacheability */
export interface StoredResponse<Content> {
  /** Its head; a validation changes it. */
  response: ResponseHead
  /** Its body, as whoever reads it keeps it. */
  readonly content: Content
  /** What the request had of the headers that `Vary` names, lower-case name to value. */
  readonly varying: ReadonlyMap<string, string | null>
  /** When it came or was validated, in milliseconds of the cache's clock. */
  storedAt: number
}

/**
 * The directives of `Cache-Control`, or of a field of its kind, by lower-case name, with their arguments in order.
 * @see https://httpwg.org/specs/rfc9111.html#field.cache-control
 */
export function cacheDirectives(
  headers: HeaderList,
  { httpCache }: Deviations,
  field = 'cache-control',
): ReadonlyMap<string, readonly string[]> {
  const value = getHeader(headers, field)
  if (value === null) return NONE
  const directives = new Map<string, string[]>()
  for (const directive of decodeAndSplit(value)) {
    const [spelling = '', text = ''] = directive.split(/=(.*)/s)
    const isQuoted = text.trim().startsWith('"')
    // DEVIATION: arguments in quotes are not read, and nothing after the first.
    const argument = isQuoted && httpCache.quotedArguments === 'read' ? text.trim().slice(1, -1) : text
    // DEVIATION: white space may stand before the `=`.
    const name = byteLowercase(httpCache.lenientMaxAge ? spelling.trim() : spelling)
    if (name !== '') directives.set(name, [...(directives.get(name) ?? []), argument])
    if (isQuoted && httpCache.quotedArguments === 'last') break
  }
  return directives
}

const NONE: ReadonlyMap<string, readonly string[]> = new Map()

/** `delta-seconds`; null where it is not. @see https://httpwg.org/specs/rfc9111.html#delta-seconds */
function deltaSeconds(value: string | undefined): number | null {
  return value !== undefined && /^[0-9]+$/.test(value) ? Number(value) : null
}

/** The `max-age` of a response; null where it has none. @see https://httpwg.org/specs/rfc9111.html#cache-response-directive.max-age */
function maxAge(headers: HeaderList, deviations: Deviations): number | null {
  const { lenientMaxAge, maxAgeLimit, negativeMaxAgeIsZero, lastMaxAgeCounts } = deviations.httpCache
  const given = cacheDirectives(headers, deviations).get('max-age')
  // "either the first occurrence should be used or the response should be considered stale"
  // DEVIATION: or the last.
  const text = lastMaxAgeCounts ? given?.at(-1) : given?.[0]
  // DEVIATION: what follows the digits is overlooked.
  const value = lenientMaxAge ? text?.trim().replace(/^([0-9]+).*/s, '$1') : text
  // DEVIATION: a negative value is 0.
  if (negativeMaxAgeIsZero && value?.startsWith('-') === true) return 0
  const seconds = deltaSeconds(value)
  // DEVIATION: too large a value is not one.
  return seconds !== null && seconds > maxAgeLimit ? null : seconds
}

/** A date in milliseconds; null where it is not one, such as `0`. @see https://httpwg.org/specs/rfc9110.html#http.date */
function httpDate(headers: HeaderList, name: string): number | null {
  const value = getHeader(headers, name)
  if (value === null || !/[a-z]/i.test(value)) return null
  const time = Date.parse(value)
  return Number.isNaN(time) ? null : time
}

/** Whether the response to a GET may be stored. @see https://httpwg.org/specs/rfc9111.html#response.cacheability */
export function isStorable(response: ResponseHead, storedAt: number, deviations: Deviations): boolean {
  const { status, headers } = response
  const { keptStatuses, explicitStatuses, keepsOnlyReusable } = deviations.httpCache
  if (status === 304) return false
  // The no-store cache directive is not present in the response.
  if (cacheDirectives(headers, deviations).has('no-store')) return false
  // At least one of: an explicit lifetime; or a status code that is defined as heuristically cacheable.
  // DEVIATION: each engine has statuses of its own.
  const explicit = explicitLifetime(headers, storedAt, deviations) !== null
  if (!isAmong(keptStatuses, status) && !(explicit && isAmong(explicitStatuses, status))) return false
  // DEVIATION: what can be neither fresh nor validated is not kept.
  return !keepsOnlyReusable || isReusable({ response, storedAt }, deviations)
}

function isAmong(statuses: ReadonlySet<number> | 'any', status: number): boolean {
  return statuses === 'any' || statuses.has(status)
}

/** Seconds that the server itself names; null where it names none. @see https://httpwg.org/specs/rfc9111.html#calculating.freshness.lifetime */
function explicitLifetime(headers: HeaderList, storedAt: number, deviations: Deviations): number | null {
  // 2. If the max-age response directive is present, use its value. (1. s-maxage is for shared caches.)
  const seconds = maxAge(headers, deviations)
  if (seconds !== null) return seconds
  // 3. If the Expires response header field is present, use its value minus the value of the Date response header field.
  const text = getHeader(headers, 'expires')
  if (text === null) return null
  const expires = httpDate(headers, 'expires')
  if (expires !== null) return Math.max(0, (expires - (httpDate(headers, 'date') ?? storedAt)) / 1000)
  // "A cache recipient MUST interpret invalid date formats, especially the value "0", as representing a time in the past". @see https://httpwg.org/specs/rfc9111.html#field.expires
  // DEVIATION: an invalid date is ignored.
  const { invalidExpires } = deviations.httpCache
  return invalidExpires === 'past' || (invalidExpires === 'past-if-zero' && text.trim() === '0') ? 0 : null
}

/** How many seconds a response stays fresh. @see https://httpwg.org/specs/rfc9111.html#calculating.freshness.lifetime */
function freshnessLifetime(
  { status, headers }: ResponseHead,
  storedAt: number,
  deviations: Deviations,
): number {
  const { httpCache } = deviations
  // no-cache, or its form from before there was Cache-Control: never without validation.
  if (saysNoCache(headers, deviations)) return 0
  // DEVIATION: some statuses are never fresh.
  if (!isAmong(httpCache.freshStatuses, status)) return 0
  const explicit = explicitLifetime(headers, storedAt, deviations)
  if (explicit !== null) return explicit
  // 4. Otherwise, a heuristic freshness lifetime might be applicable: a tenth of the time since the last modification.
  // @see https://httpwg.org/specs/rfc9111.html#heuristic.freshness
  if (httpCache.lastingStatuses.has(status)) return Number.POSITIVE_INFINITY
  if (!httpCache.heuristicStatuses.has(status)) return 0
  // DEVIATION: not where a stale response must be validated.
  if (httpCache.mustRevalidateNeedsLifetime && cacheDirectives(headers, deviations).has('must-revalidate'))
    return 0
  const modified = httpDate(headers, 'last-modified')
  if (modified === null) return 0
  return Math.max(0, ((httpDate(headers, 'date') ?? storedAt) - modified) / 10_000)
}

/** Whether a response must not be used without validation, as its server says or said before there was Cache-Control. */
function saysNoCache(headers: HeaderList, deviations: Deviations): boolean {
  const given = cacheDirectives(headers, deviations).get('no-cache')
  // DEVIATION: with the names of headers it says nothing.
  const counts = deviations.httpCache.ignoresQualifiedNoCache ? given?.includes('') : given !== undefined
  return counts === true || saysOldNoCache(headers)
}

/** @see https://httpwg.org/specs/rfc9111.html#field.pragma */
function saysOldNoCache(headers: HeaderList): boolean {
  return /(^|[,\s])no-cache\b/i.test(getHeader(headers, 'pragma') ?? '')
}

/** Seconds since the response was generated or validated. @see https://httpwg.org/specs/rfc9111.html#age.calculations */
function currentAge({ response: { headers }, storedAt }: StoredResponse<unknown>, now: number): number {
  const date = httpDate(headers, 'date')
  const apparentAge = date === null ? 0 : Math.max(0, (storedAt - date) / 1000)
  const ageValue = deltaSeconds(getHeader(headers, 'age')?.trim()) ?? 0
  return Math.max(apparentAge, ageValue) + (now - storedAt) / 1000
}

/**
 * Whether a stored response may be used as it is, after a validation, or at once while it is validated in the background.
 * @see https://httpwg.org/specs/rfc9111.html#expiration.model
 */
export function freshnessOf(
  stored: StoredResponse<unknown>,
  now: number,
  deviations: Deviations,
): 'fresh' | 'stale' | 'stale-while-revalidate' {
  const lifetime = freshnessLifetime(stored.response, stored.storedAt, deviations)
  const age = currentAge(stored, now)
  if (lifetime > age) return 'fresh'
  // https://httpwg.org/specs/rfc5861.html#n-the-stale-while-revalidate-cache-control-extension
  const directives = cacheDirectives(stored.response.headers, deviations)
  const grace = deltaSeconds(directives.get('stale-while-revalidate')?.[0])
  // DEVIATION: must-revalidate does not forbid it.
  const { staleDespiteMustRevalidate } = deviations.httpCache
  const forbidden =
    saysNoCache(stored.response.headers, deviations) ||
    (directives.has('must-revalidate') && !staleDespiteMustRevalidate)
  return grace !== null && !forbidden && lifetime + grace > age ? 'stale-while-revalidate' : 'stale'
}

/** Whether a validation can be asked for. @see https://httpwg.org/specs/rfc9111.html#validation.sent */
export function canBeValidated({ status, headers }: ResponseHead, { httpCache }: Deviations): boolean {
  // DEVIATION: some statuses are asked for anew.
  return isAmong(httpCache.validatedStatuses, status) && validatingHeaders(headers, false).length > 0
}

/** Whether a stored response can be fresh or validated. @see https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches */
export function isReusable(
  { response, storedAt }: Pick<StoredResponse<unknown>, 'response' | 'storedAt'>,
  deviations: Deviations,
): boolean {
  return canBeValidated(response, deviations) || freshnessLifetime(response, storedAt, deviations) > 0
}

/** What makes a request conditional on a stored response being outdated. @see https://httpwg.org/specs/rfc9111.html#validation.sent */
export function validatingHeaders(headers: HeaderList, onlyETag: boolean): Header[] {
  const lines: Header[] = []
  const etag = getHeader(headers, 'etag')
  if (etag !== null && etag !== '') lines.push(['If-None-Match', etag])
  const modified = getHeader(headers, 'last-modified')
  if (modified !== null && !onlyETag) lines.push(['If-Modified-Since', modified])
  return lines
}

/** What a request has of the headers that the response's `Vary` names. @see https://httpwg.org/specs/rfc9111.html#caching.negotiated.responses */
export function varyingHeaders({ headers }: ResponseHead, request: HeaderList): Map<string, string | null> {
  const names = (getHeader(headers, 'vary') ?? '').split(',').map((name) => byteLowercase(name.trim()))
  return new Map(names.filter((name) => name !== '').map((name) => [name, getHeader(request, name)]))
}

/** Whether a request has the same of what the stored response varies on; never for `*`. @see https://httpwg.org/specs/rfc9111.html#caching.negotiated.responses */
export function matchesVary({ varying }: StoredResponse<unknown>, request: HeaderList): boolean {
  for (const [name, value] of varying) if (name === '*' || getHeader(request, name) !== value) return false
  return true
}

/**
 * The headers of a stored response after a 304: those it has replace the stored ones, but for what says how the stored body was made. Every engine
 * keeps its `ETag`, too.
 * @see https://httpwg.org/specs/rfc9111.html#update
 */
export function freshenedHeaders(stored: HeaderList, validation: HeaderList): HeaderList {
  const updates = validation.filter(([name]) => !isOfStoredBody(name))
  const kept = stored.filter(([name]) => !updates.some(([other]) => equalsIgnoringCase(other, name)))
  return [...kept, ...updates]
}

function isOfStoredBody(name: string): boolean {
  const lower = byteLowercase(name)
  return HOP_BY_HOP.has(lower) || /^(etag|content-(encoding|length|location|md5|range|type))$/.test(lower)
}

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** How a request's own headers have the cache treat it. @see https://httpwg.org/specs/rfc9111.html#cache-request-directive */
export function askedByRequest(
  headers: HeaderList,
  deviations: Deviations,
): 'no-cache' | 'reload' | 'no-store' | null {
  const { noCacheReloads, noStoreAsksServer, ignoresRequestPragma } = deviations.httpCache
  const directives = cacheDirectives(headers, deviations)
  // DEVIATION: the response is not even asked for under a condition.
  const noCache = noCacheReloads ? 'reload' : 'no-cache'
  if (directives.has('no-cache')) return noCache
  // DEVIATION: Pragma says nothing.
  if (!ignoresRequestPragma && saysOldNoCache(headers)) return noCache
  if (directives.get('max-age')?.[0] === '0') return 'no-cache'
  // DEVIATION: what is stored does not count.
  return noStoreAsksServer && directives.has('no-store') ? 'no-store' : null
}
