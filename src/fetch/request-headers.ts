/** Which request headers a page may set, and which of them make a request non-simple. */
import { type Deviations, noDeviations } from './deviations.js'
import { decodeAndSplit, type Header, type HeaderList, HeaderNames, sortedOnce } from './header-list.js'
import {
  byteLowercase,
  equalsIgnoringCase,
  isHttpTabOrSpace,
  startsIgnoringCase,
  stripEnd,
} from './http-tokens.js'
import { isForbiddenMethod } from './methods.js'
import { hasEssence } from './mime-type.js'
import { parseSingleRange } from './range.js'

/** Why a request header is not CORS-safelisted. */
export type UnsafeHeaderReason =
  /** No value of this name is safelisted. */
  | 'name'
  /** The value holds a byte that the standard does not let through. */
  | 'unsafe-byte'
  /** The value is longer than 128 bytes. */
  | 'value-length'
  /** The `Content-Type` does not parse, or is not one of the three a form can send. */
  | 'content-type'
  /** The `Range` is not a single `bytes=first-` or `bytes=first-last`. */
  | 'range'
  /** All safelisted values together are longer than 1,024 bytes. */
  | 'total-length'

/** The longest value of a CORS-safelisted request-header, in bytes. */
export const SAFELISTED_VALUE_LIMIT = 128
/** The most bytes that all CORS-safelisted request-headers' values may have together. */
export const SAFELISTED_TOTAL_LIMIT = 1024

/** 1 for each byte that a safelisted value may not hold. */
const UNSAFE_BYTES = new Uint8Array(256)
for (let code = 0; code < 0x20; code++) UNSAFE_BYTES[code] = code === 0x09 ? 0 : 1
for (const character of '"():<>?@[\\]{}\u007f') UNSAFE_BYTES[character.charCodeAt(0)] = 1

/** Bytes that a safelisted value may not hold. @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte */
export function isCorsUnsafeRequestHeaderByte(code: number): boolean {
  return UNSAFE_BYTES[code] === 1
}

function hasUnsafeByte(value: string, deviations: Deviations): boolean {
  const { nonAsciiValueIsUnsafe } = deviations.requestHeaders
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (isCorsUnsafeRequestHeaderByte(code)) return true
    // DEVIATION: bytes above 0x7F are unsafe.
    if (nonAsciiValueIsUnsafe && code >= 0x80) return true
  }
  return false
}

const LANGUAGE_BYTES = /^[0-9A-Za-z *,\-.;=]*$/
const FORM_CONTENT_TYPES = new HeaderNames([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
])

/**
 * Why a request header is not CORS-safelisted, or null where it is.
 * @param name lower case
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
function unsafeReason(name: string, value: string, deviations: Deviations): UnsafeHeaderReason | null {
  // 1. If value's length is greater than 128, then return false.
  const tooLong = value.length > SAFELISTED_VALUE_LIMIT
  // 2. Byte-lowercase name and switch on the result.
  switch (name) {
    case 'accept':
      if (tooLong) return 'value-length'
      return hasUnsafeByte(value, deviations) ? 'unsafe-byte' : null
    case 'accept-language':
    case 'content-language':
      if (tooLong) return 'value-length'
      return LANGUAGE_BYTES.test(value) ? null : 'unsafe-byte'
    case 'content-type': {
      if (tooLong) return 'value-length'
      if (hasUnsafeByte(value, deviations)) return 'unsafe-byte'
      // DEVIATION: a type that begins with a blank is unsafe.
      if (deviations.requestHeaders.blankBeforeContentTypeIsUnsafe && value.startsWith(' '))
        return 'content-type'
      // DEVIATION: a comma makes a type unsafe.
      if (deviations.requestHeaders.contentTypeWithCommaIsUnsafe && value.includes(',')) return 'content-type'
      return hasEssence(value, FORM_CONTENT_TYPES) ? null : 'content-type'
    }
    case 'range': {
      if (tooLong) return 'value-length'
      // DEVIATION: the unit in any case, a largest number, plus signs.
      const range = parseSingleRange(value, {
        ignoreCase: deviations.requestHeaders.rangeUnitIgnoresCase,
        limit: deviations.requestHeaders.rangeLimit,
        plusSigns: deviations.requestHeaders.rangeMayHavePlusSigns,
      })
      return range !== null && range.start !== null ? null : 'range'
    }
    default: {
      // DEVIATION: legacy client hints are safelisted.
      const hint = deviations.requestHeaders.safelistedClientHints.get(name)
      return hint?.test(value) === true && !tooLong ? null : 'name'
    }
  }
}

/** Why a request header is not CORS-safelisted, or null where it is. @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
export function unsafeRequestHeaderReason(
  name: string,
  value: string,
  deviations: Deviations = noDeviations,
): UnsafeHeaderReason | null {
  return unsafeReason(byteLowercase(name), value, deviations)
}

/** Whether a request header is CORS-safelisted. @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
export function isCorsSafelistedRequestHeader(
  name: string,
  value: string,
  deviations: Deviations = noDeviations,
): boolean {
  return unsafeRequestHeaderReason(name, value, deviations) === null
}

/** A request header that makes a preflight necessary. */
export interface UnsafeHeader {
  /** Lower case, as `Access-Control-Request-Headers` lists it. */
  readonly name: string
  /** As the page spelt it. */
  readonly spelling: string
  readonly value: string
  readonly reason: UnsafeHeaderReason
}

const NONE: readonly UnsafeHeader[] = []

/**
 * The CORS-unsafe request-headers of a list, in the list's order, each with the reason; duplicates are kept.
 * {@link corsUnsafeRequestHeaderNames} makes the sorted set of names from it.
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 */
export function corsUnsafeRequestHeaders(
  list: HeaderList,
  deviations: Deviations = noDeviations,
): readonly UnsafeHeader[] {
  if (list.length === 0) return NONE
  // 1-3. Let unsafeNames and potentiallyUnsafeNames be new lists, and safelistValueSize 0.
  // DEVIATION: lines of one name are judged as one.
  const judged = deviations.requestHeaders.judgesCombined ? combineByName(list) : list
  const unsafe: UnsafeHeader[] = []
  let potentiallyUnsafe: UnsafeHeader[] | undefined
  let safelistValueSize = 0
  // 4. For each header of headers: append name to one or the other, and increase safelistValueSize by value's length.
  for (const [spelling, combined] of judged) {
    // DEVIATION: white space at the end is not judged.
    const value = deviations.requestHeaders.judgesCombinedTrimmed
      ? stripEnd(combined, isHttpTabOrSpace)
      : combined
    const name = byteLowercase(spelling)
    const reason = unsafeReason(name, value, deviations)
    if (reason !== null) unsafe.push({ name, spelling, value, reason })
    else {
      safelistValueSize += value.length
      if (potentiallyUnsafe === undefined) potentiallyUnsafe = []
      potentiallyUnsafe.push({ name, spelling, value, reason: 'total-length' })
    }
  }
  // 5. If safelistValueSize is greater than 1024, then append potentiallyUnsafeNames.
  return safelistValueSize > SAFELISTED_TOTAL_LIMIT
    ? unsafe.concat(potentiallyUnsafe as UnsafeHeader[])
    : unsafe
}

/** Whether a name may stand twice: a long list is not looked through for it. */
function hasRepeatedName(list: HeaderList): boolean {
  if (list.length > 16) return true
  for (let i = 1; i < list.length; i++)
    for (let j = 0; j < i; j++)
      if (equalsIgnoringCase((list[i] as Header)[0], (list[j] as Header)[0])) return true
  return false
}

/** One line per name, the values joined by `, `. @see https://fetch.spec.whatwg.org/#concept-header-list-combine */
export function combineByName(list: HeaderList): HeaderList {
  if (!hasRepeatedName(list)) return list
  const combined = new Map<string, Header>()
  for (const line of list) {
    const name = byteLowercase(line[0])
    const first = combined.get(name)
    combined.set(name, first === undefined ? line : [first[0], `${first[1]}, ${line[1]}`])
  }
  return [...combined.values()]
}

/**
 * The names of `headers` that a preflight must ask for: lower case, sorted, each once.
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 * @example corsUnsafeRequestHeaderNames([['X-Token', '1'], ['Content-Type', 'application/json']]) // ['content-type', 'x-token']
 */
export function corsUnsafeRequestHeaderNames(
  list: HeaderList,
  deviations: Deviations = noDeviations,
): string[] {
  return sortedNames(corsUnsafeRequestHeaders(list, deviations), deviations)
}

/** Step 6 of the CORS-unsafe request-header names. @see https://fetch.spec.whatwg.org/#convert-header-names-to-a-sorted-lowercase-set */
export function sortedNames(headers: readonly UnsafeHeader[], deviations: Deviations): string[] {
  const names: string[] = []
  for (const header of headers) names.push(header.name)
  // DEVIATION: the standard's set has each name once.
  return deviations.requestHeaders.listsNamesAgain ? names.sort() : sortedOnce(names)
}

const FORBIDDEN_REQUEST_HEADERS = new HeaderNames([
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])

const METHOD_OVERRIDES = new HeaderNames(['x-http-method', 'x-http-method-override', 'x-method-override'])

/**
 * Whether a page may not set this header: the browser drops it without a word.
 * @see https://fetch.spec.whatwg.org/#forbidden-request-header
 */
export function isForbiddenRequestHeader(
  name: string,
  value: string,
  deviations: Deviations = noDeviations,
): boolean {
  // 1. If name is a byte-case-insensitive match for one of these, then return true.
  if (FORBIDDEN_REQUEST_HEADERS.has(name)) return true
  // 2. If name when byte-lowercased starts with `proxy-` or `sec-`, then return true.
  if (startsIgnoringCase(name, 'proxy-') || startsIgnoringCase(name, 'sec-')) return true
  // DEVIATION: `User-Agent` is forbidden.
  if (equalsIgnoringCase(name, 'user-agent')) return deviations.requestHeaders.forbidsUserAgent
  // 3. If name overrides the method, then: if one of the parsed values is a forbidden method, return true.
  return METHOD_OVERRIDES.has(name) && decodeAndSplit(value).some(isForbiddenMethod)
}

/** Whether `name` can be a no-CORS-safelisted request-header. @see https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name */
export function isNoCorsSafelistedRequestHeaderName(name: string): boolean {
  switch (byteLowercase(name)) {
    case 'accept':
    case 'accept-language':
    case 'content-language':
    case 'content-type':
      return true
    default:
      return false
  }
}

/** Whether a `no-cors` request may carry this header. @see https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header */
export function isNoCorsSafelistedRequestHeader(
  name: string,
  value: string,
  deviations: Deviations = noDeviations,
): boolean {
  return isNoCorsSafelistedRequestHeaderName(name) && isCorsSafelistedRequestHeader(name, value, deviations)
}

/** Whether `*` in `Access-Control-Allow-Headers` does not cover this name: `Authorization`.
 * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name */
export function isCorsNonWildcardRequestHeaderName(name: string): boolean {
  return equalsIgnoringCase(name, 'authorization')
}

/** Whether this header makes a request conditional. @see https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch step 8.16 */
export function isConditionalRequestHeaderName(name: string): boolean {
  switch (byteLowercase(name)) {
    case 'if-match':
    case 'if-modified-since':
    case 'if-none-match':
    case 'if-range':
    case 'if-unmodified-since':
      return true
    default:
      return false
  }
}

/** Whether a redirect that changes the method to GET removes this header. @see https://fetch.spec.whatwg.org/#request-body-header-name */
export function isRequestBodyHeaderName(name: string): boolean {
  switch (byteLowercase(name)) {
    case 'content-encoding':
    case 'content-language':
    case 'content-location':
    case 'content-type':
      return true
    default:
      return false
  }
}
