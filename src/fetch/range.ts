/** The `Range` request header, as far as it can be CORS-safelisted. */

const INT64_MAX = 2n ** 63n - 1n

/** A single byte range; null where an end is left open. */
export interface SingleRange {
  readonly start: bigint | null
  readonly end: bigint | null
}

/** How a range value is read. */
export interface RangeOptions {
  /** Accept `bytes` in any case; the standard is case-sensitive. */
  readonly ignoreCase?: boolean
  /** Refuse ends that do not fit a signed 64-bit integer; the standard has no limit. */
  readonly fits64Bits?: boolean
}

/**
 * Parses a single range header value, without white space; null for a failure.
 * @see https://fetch.spec.whatwg.org/#simple-range-header-value
 */
export function parseSingleRange(value: string, options: RangeOptions = {}): SingleRange | null {
  const match = (
    options.ignoreCase === true ? /^bytes=([0-9]*)-([0-9]*)$/i : /^bytes=([0-9]*)-([0-9]*)$/
  ).exec(value)
  if (match === null) return null
  const start = match[1] === '' ? null : BigInt(match[1] as string)
  const end = match[2] === '' ? null : BigInt(match[2] as string)
  if (start === null && end === null) return null
  if (start !== null && end !== null && start > end) return null
  if (options.fits64Bits === true && ((start ?? 0n) > INT64_MAX || (end ?? 0n) > INT64_MAX)) return null
  return { start, end }
}
