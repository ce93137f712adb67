/**
 * The byte-level vocabulary of HTTP that the Fetch Standard builds on: tokens, HTTP whitespace, quoted strings.
 * Values are isomorphic-decoded strings: one character per byte.
 */

/** 1 for each byte that a token may hold. A table, for every name and list element of every verdict passes through it. */
const TOKEN_BYTES = new Uint8Array(256)
for (const character of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
  TOKEN_BYTES[character.charCodeAt(0)] = 1
}

/** Whether a token may hold this byte. @see https://httpwg.org/specs/rfc9110.html#tokens */
export function isTokenByte(code: number): boolean {
  return TOKEN_BYTES[code] === 1
}

/** Whether `value` matches the `token` production of HTTP: a method, a header name.
 * @see https://httpwg.org/specs/rfc9110.html#tokens */
export function isToken(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (!isTokenByte(value.charCodeAt(i))) return false
  return value !== ''
}

/** Whether `code` is HTTP tab or space. @see https://fetch.spec.whatwg.org/#http-tab-or-space */
export function isHttpTabOrSpace(code: number): boolean {
  return code === 0x09 || code === 0x20
}

/** Whether `code` is HTTP whitespace: LF, CR, tab or space. @see https://fetch.spec.whatwg.org/#http-whitespace */
export function isHttpWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

/** `value` without leading and trailing characters that satisfy `isBlank`. Linear, unlike an anchored `\s+$` expression. */
export function stripEnds(value: string, isBlank: (code: number) => boolean): string {
  let start = 0
  let end = value.length
  while (start < end && isBlank(value.charCodeAt(start))) start++
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--
  return start === 0 && end === value.length ? value : value.slice(start, end)
}

/** `value` without trailing characters that satisfy `isBlank`. */
export function stripEnd(value: string, isBlank: (code: number) => boolean): string {
  let end = value.length
  while (end > 0 && isBlank(value.charCodeAt(end - 1))) end--
  return end === value.length ? value : value.slice(0, end)
}

/** Removes leading and trailing HTTP whitespace. @see https://fetch.spec.whatwg.org/#concept-header-value-normalize */
export function normalizeHeaderValue(value: string): string {
  if (value === '') return value
  // Most values have none at all.
  if (value.charCodeAt(0) > 0x20 && value.charCodeAt(value.length - 1) > 0x20) return value
  return stripEnds(value, isHttpWhitespace)
}

/** Whether `value` may be a header value: no NUL, CR or LF, one byte per character, no HTTP whitespace at the ends.
 * @see https://fetch.spec.whatwg.org/#header-value */
export function isHeaderValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code === 0 || code === 0x0a || code === 0x0d || code > 0xff) return false
  }
  return normalizeHeaderValue(value) === value
}

/** ASCII lower-casing; bytes above 0x7F stay as they are, which `String.prototype.toLowerCase` does not promise.
 * @see https://infra.spec.whatwg.org/#byte-lowercase */
export function byteLowercase(value: string): string {
  let upper = false
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code >= 0x80) return value.replace(/[A-Z]+/g, (run) => run.toLowerCase())
    if (code >= 0x41 && code <= 0x5a) upper = true
  }
  return upper ? value.toLowerCase() : value
}

/** ASCII upper-casing. @see https://infra.spec.whatwg.org/#byte-uppercase */
export function byteUppercase(value: string): string {
  let lower = false
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code >= 0x80) return value.replace(/[a-z]+/g, (run) => run.toUpperCase())
    if (code >= 0x61 && code <= 0x7a) lower = true
  }
  return lower ? value.toUpperCase() : value
}

/** Whether two names are equal but for ASCII case. @see https://infra.spec.whatwg.org/#byte-case-insensitive */
export function equalsIgnoringCase(a: string, b: string): boolean {
  return a.length === b.length && (a === b || isSameUpTo(a.length, a, b))
}

/** Whether `value` begins with `prefix` but for ASCII case. */
export function startsIgnoringCase(value: string, prefix: string): boolean {
  return value.length >= prefix.length && isSameUpTo(prefix.length, value, prefix)
}

function isSameUpTo(length: number, a: string, b: string): boolean {
  // From the end: the names of CORS headers begin alike.
  for (let i = length - 1; i >= 0; i--) {
    let x = a.charCodeAt(i)
    let y = b.charCodeAt(i)
    if (x === y) continue
    if (x >= 0x41 && x <= 0x5a) x += 0x20
    if (y >= 0x41 && y <= 0x5a) y += 0x20
    if (x !== y) return false
  }
  return true
}

/** A collected quoted string and where the collection stopped. */
export interface QuotedString {
  /** The text: with `extractValue` what the quotes stand for, else the raw characters including the quotes. */
  readonly value: string
  /** The position after the last character consumed. */
  readonly end: number
}

/**
 * Collects an HTTP quoted string. `input[start]` must be `"`.
 * @see https://fetch.spec.whatwg.org/#collect-an-http-quoted-string
 */
export function collectHttpQuotedString(input: string, start: number, extractValue: boolean): QuotedString {
  const parts: string[] = []
  // 3-4. Assert: it is U+0022; advance.
  let position = start + 1
  for (;;) {
    const from = position
    // 5.1. A sequence of code points that are not U+0022 (") or U+005C (\).
    while (position < input.length && input[position] !== '"' && input[position] !== '\\') position++
    if (position > from) parts.push(input.slice(from, position))
    // 5.2-5.4. If position is past the end, then break; let quoteOrBackslash be the code point, and advance.
    if (position >= input.length) break
    const quoteOrBackslash = input[position]
    position++
    // 5.6. Otherwise: quoteOrBackslash is U+0022: break.
    if (quoteOrBackslash === '"') break
    // 5.5. If it is U+005C: append what is escaped, or itself at the end.
    if (position >= input.length) {
      parts.push('\\')
      break
    }
    parts.push(input[position] as string)
    position++
  }
  // 6-7. If extract-value is true, then value; else the code points from positionStart.
  return { value: extractValue ? parts.join('') : input.slice(start, position), end: position }
}
