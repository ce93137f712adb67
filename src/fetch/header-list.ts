/** Header lists: names and values as they came, line by line, duplicates kept. */
import {
  collectHttpQuotedString,
  equalsIgnoringCase,
  isHttpTabOrSpace,
  isTokenByte,
  normalizeHeaderValue,
  stripEnds,
} from './http-tokens.js'

/** One header line. The value is an isomorphic-decoded byte string: one character per byte. */
export type Header = readonly [name: string, value: string]

/** A list of header lines in the order they were sent or received; duplicates are kept.
 * @see https://fetch.spec.whatwg.org/#concept-header-list */
export type HeaderList = readonly Header[]

/**
 * A line of a response as every reader takes it in: parsers differ in whether they leave the white space around a value on it, and
 * browsers never do.
 */
export function receivedLine(name: string, value: string): Header {
  return [name, normalizeHeaderValue(value)]
}

/** Whether the list holds a header of that name. @see https://fetch.spec.whatwg.org/#header-list-contains */
export function containsHeader(list: HeaderList, name: string): boolean {
  for (const line of list) if (equalsIgnoringCase(line[0], name)) return true
  return false
}

/** A set of header names to be asked in any case: by length first, for few names are equally long. */
export class HeaderNames {
  private readonly byLength: (readonly string[] | undefined)[] = []

  constructor(names: readonly string[]) {
    for (const name of names) this.byLength[name.length] = [...(this.byLength[name.length] ?? []), name]
  }

  has(name: string): boolean {
    for (const other of this.byLength[name.length] ?? NO_NAMES)
      if (equalsIgnoringCase(other, name)) return true
    return false
  }
}

const NO_NAMES: readonly string[] = []

/** Sorted, each once: a few names are faster put in their places one by one. */
export function sortedOnce(names: readonly string[]): string[] {
  if (names.length > 16) return [...new Set(names)].sort()
  const sorted: string[] = []
  for (const name of names) {
    let place = sorted.length
    while (place > 0 && (sorted[place - 1] as string) > name) place--
    if (place > 0 && sorted[place - 1] === name) continue
    for (let i = sorted.length; i > place; i--) sorted[i] = sorted[i - 1] as string
    sorted[place] = name
  }
  return sorted
}

/** The values of every line with that name, in order. @see https://fetch.spec.whatwg.org/#concept-header-list-get */
export function headerLines(list: HeaderList, name: string): string[] {
  const values: string[] = []
  for (const line of list) if (equalsIgnoringCase(line[0], name)) values.push(line[1])
  return values
}

/**
 * Gets a header's value: the values of all lines with that name joined by `, `, or null where there is none.
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get
 */
export function getHeader(list: HeaderList, name: string): string | null {
  let combined: string | null = null
  for (const line of list) {
    if (!equalsIgnoringCase(line[0], name)) continue
    combined = combined === null ? line[1] : `${combined}, ${line[1]}`
  }
  return combined
}

/** DEVIATION: gets a header's value from a response without the empty ones among its lines. */
export function getNonEmptyLines(list: HeaderList, name: string): string | null {
  const values = headerLines(list, name)
  return values.length === 0 ? null : values.filter((value) => value !== '').join(', ')
}

/**
 * Gets, decodes, and splits a header's combined value at commas outside quoted strings.
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get-decode-split
 */
export function getDecodeAndSplit(list: HeaderList, name: string): string[] | null {
  const value = getHeader(list, name)
  return value === null ? null : decodeAndSplit(value)
}

/** Splits an isomorphic-decoded header value at commas outside quoted strings.
 * @see https://fetch.spec.whatwg.org/#header-value-get-decode-and-split */
export function decodeAndSplit(input: string): string[] {
  const values: string[] = []
  let start = 0
  let position = 0
  // 5. While true:
  for (;;) {
    // 5.1. A sequence of code points that are not U+0022 (") or U+002C (,).
    while (position < input.length && input[position] !== '"' && input[position] !== ',') position++
    // 5.2. If the code point at position is U+0022, then append an HTTP quoted string, and continue.
    if (position < input.length && input[position] === '"') {
      position = collectHttpQuotedString(input, position, false).end
      if (position < input.length) continue
    }
    // 5.3-5.5. Remove all HTTP tab or space from the start and end, and append the value.
    values.push(stripEnds(input.slice(start, position), isHttpTabOrSpace))
    // 5.6-5.8. If position is past the end, return values; else advance past the U+002C.
    if (position >= input.length) return values
    position++
    start = position
  }
}

/** What an `#element` list header came to. */
export interface ListHeader {
  /** The values, or null where the header is absent, or `'failure'` where a line does not match the production. */
  readonly values: readonly string[] | null | 'failure'
  /** The first element that does not match the production, where the extraction failed. */
  readonly invalid?: string
}

/**
 * Parses the `#token` production over one value and adds its elements to `values`, up to the first that is not a token. Empty elements are allowed
 * and dropped.
 * @see https://httpwg.org/specs/rfc9110.html#abnf.extension
 */
export function parseTokenList(
  value: string,
  values: string[] = [],
): { readonly values: string[]; readonly invalid?: string } {
  const { length } = value
  let position = 0
  while (position < length) {
    while (position < length && isHttpTabOrSpace(value.charCodeAt(position))) position++
    const start = position
    while (position < length && isTokenByte(value.charCodeAt(position))) position++
    const end = position
    while (position < length && isHttpTabOrSpace(value.charCodeAt(position))) position++
    if (position < length && value[position] !== ',') {
      const comma = value.indexOf(',', position)
      const element = value.slice(start, comma === -1 ? length : comma)
      return { values, invalid: stripEnds(element, isHttpTabOrSpace) }
    }
    if (end > start) values.push(value.slice(start, end))
    position++
  }
  return { values }
}

/**
 * Extracts header list values for a header whose production is a list of tokens
 * (`Access-Control-Allow-Methods`, `-Allow-Headers`, `-Expose-Headers`): each line is parsed on its own, one that does not
 * parse makes the whole a failure.
 * @see https://fetch.spec.whatwg.org/#extract-header-list-values
 */
export function extractHeaderListValues(list: HeaderList, name: string): ListHeader {
  let values: string[] | null = null
  for (const line of list) {
    if (!equalsIgnoringCase(line[0], name)) continue
    // 4. For each header list's header whose name is name: extract header values.
    if (values === null) values = []
    const { invalid } = parseTokenList(line[1], values)
    // 4.2. If extract is failure, then return failure.
    if (invalid !== undefined) return { values: 'failure', invalid }
  }
  return { values }
}
