/** Which response headers a script may read. */
import {
  extractHeaderListValues,
  type HeaderList,
  HeaderNames,
  headerLines,
  parseTokenList,
  sortedOnce,
} from './header-list.js'
import { byteLowercase, equalsIgnoringCase } from './http-tokens.js'

const SAFELISTED = new HeaderNames([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
])

/** Whether a CORS response always shows this header. @see https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name */
export function isCorsSafelistedResponseHeaderName(name: string): boolean {
  return SAFELISTED.has(name)
}

function includesName(names: readonly string[], name: string): boolean {
  for (const other of names) if (equalsIgnoringCase(other, name)) return true
  return false
}

/** Whether no script ever sees this header. @see https://fetch.spec.whatwg.org/#forbidden-response-header-name */
export function isForbiddenResponseHeaderName(name: string): boolean {
  return equalsIgnoringCase(name, 'set-cookie') || equalsIgnoringCase(name, 'set-cookie2')
}

/**
 * The names of a CORS response's headers that a script may read: lower case, sorted, each once, and only those that are
 * present.
 *
 * @see https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
 * @param credentials whether the credentials mode is `include`: then `*` names only a header called `*`
 * @param lenientWildcard whether `*` counts although an element after it is not a token
 * @example corsExposedHeaderNames([['X-Total', '7'], ['Access-Control-Expose-Headers', 'x-total']], false) // ['x-total']
 */
export function corsExposedHeaderNames(
  headers: HeaderList,
  credentials: boolean,
  lenientWildcard = false,
): string[] {
  // Main fetch, step 14.1.1. Let headerNames be the result of extracting header list values.
  const { values } = extractHeaderListValues(headers, 'Access-Control-Expose-Headers')
  const exposed = values === null || values === 'failure' ? NONE : values
  // 14.1.2. If request's credentials mode is not "include" and headerNames contains `*`, then the list is all unique header names.
  const all =
    !credentials &&
    (exposed.includes('*') || (lenientWildcard && values === 'failure' && startsWithWildcard(headers)))
  // 14.1.3. Otherwise the list is headerNames; beside it, a CORS-safelisted response-header name, never a forbidden response-header name.
  // A long list is looked up in a set; the usual one is faster looked through.
  const set = exposed.length > 16 ? new Set(exposed.map(byteLowercase)) : null
  const names: string[] = []
  for (const line of headers) {
    const name = line[0]
    if (!all && !SAFELISTED.has(name)) {
      if (set === null ? !includesName(exposed, name) : !set.has(byteLowercase(name))) continue
    }
    if (!isForbiddenResponseHeaderName(name)) names.push(byteLowercase(name))
  }
  return sortedOnce(names)
}

const NONE: readonly string[] = []

/** Whether `*` stands before the first element that is not a token. */
function startsWithWildcard(headers: HeaderList): boolean {
  const lines = headerLines(headers, 'Access-Control-Expose-Headers')
  return parseTokenList(lines.join(',')).values.includes('*')
}

/** The names a same-origin (`basic`) response shows: all but `Set-Cookie`. @see https://fetch.spec.whatwg.org/#concept-filtered-response-basic */
export function basicHeaderNames(headers: HeaderList): string[] {
  const names = new Set<string>()
  for (const [name] of headers) if (!isForbiddenResponseHeaderName(name)) names.add(byteLowercase(name))
  return [...names].sort()
}
