/** The `Range` request header, as far as it can be CORS-safelisted. */

import { byteLowercase } from './http-tokens.js'

/** A single byte range; null where an end is left open. */
export interface SingleRange {
  readonly start: bigint | null
  readonly end: bigint | null
}

/** How a range value is read. */
export interface RangeOptions {
  /** Accept `bytes` in any case; the standard is case-sensitive. */
  readonly ignoreCase?: boolean
  /** Refuse larger numbers; the standard has no limit. */
  readonly limit?: bigint | null
  /** Accept a plus sign before a number; the standard has none. */
  readonly plusSigns?: boolean
}

const RANGE = /^bytes=([0-9]*)-([0-9]*)$/
const SIGNED_RANGE = /^bytes=((?:\+?[0-9]+)?)-((?:\+?[0-9]+)?)$/

/**
 * Parses a single range header value, without white space; null for a failure.
 * @see https://fetch.spec.whatwg.org/#simple-range-header-value
 */
export function parseSingleRange(value: string, options: RangeOptions = {}): SingleRange | null {
  const range = options.plusSigns === true ? SIGNED_RANGE : RANGE
  const match = range.exec(options.ignoreCase === true ? byteLowercase(value) : value)
  // 2-16. "bytes", U+003D (=), digits, U+002D (-), digits, and no more; else failure.
  if (match === null) return null
  const start = readNumber(match[1] as string)
  const end = readNumber(match[2] as string)
  // 17. If rangeEndValue and rangeStartValue are null, then return failure. 18. Or where the start is greater than the end.
  if (start === null && end === null) return null
  if (start !== null && end !== null && start > end) return null
  // DEVIATION: numbers have a limit.
  const { limit = null } = options
  if (limit !== null && ((start ?? 0n) > limit || (end ?? 0n) > limit)) return null
  return { start, end }
}

function readNumber(text: string): bigint | null {
  return text === '' ? null : BigInt(text.replace('+', ''))
}

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n }

/**
 * The normal form of a single byte range that is read as leniently as an HTTP cache reads it, or null where it is none: blanks, plus
 * signs, leading zeros and empty list elements go, and so does a last position of -1.
 */
export function normalRange(value: string): string | null {
  const unit = /^[\t ]*bytes[\t ]*=/i.exec(value)
  if (unit === null) return null
  const elements = value
    .slice(unit[0].length)
    .split(',')
    .filter((element) => /[^\t ]/.test(element))
  const match = /^[\t ]*(\+?[0-9]+)?[\t ]*-[\t ]*([+-]?[0-9]+)?[\t ]*$/.exec(elements[0] ?? '')
  if (elements.length !== 1 || match === null) return null
  const start = readNumber(match[1] ?? '')
  const last = readNumber(match[2] ?? '')
  for (const number of [start, last]) {
    if (number !== null && (number < INT64.min || number > INT64.max)) return null
  }
  if (start === null) return last !== null && last > 0n ? `bytes=-${last}` : null
  if (last === null || last === -1n) return `bytes=${start}-`
  return last < start ? null : `bytes=${start}-${last}`
}
