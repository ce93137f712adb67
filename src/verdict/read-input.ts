import { type Header, type HeaderList, receivedLine } from '../fetch/header-list.js'
import { HeadersInitError, type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import { normalizeHeaderValue } from '../fetch/http-tokens.js'
import type { ResponseHead } from '../fetch/response.js'
import { literal, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'

/**
 * Reads a response head: the status must be one, header values lose the white space around them, as on the wire.
 * @throws CorsUsageError
 */
export function readResponseHead(
  input: { status: number; headers: HeadersLike },
  what: string,
): ResponseHead {
  if (typeof input !== 'object' || input === null)
    throw new CorsUsageError(
      `the ${what}'s response must be { status, headers }; got ${shown(String(input))}`,
    )
  const { status } = input
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw new CorsUsageError(
      `the ${what}'s status must be an integer such as 200; got ${typeof status === 'string' ? literal(status) : shown(String(status))}`,
    )
  }
  if (typeof input.headers !== 'object' || input.headers === null) {
    throw new CorsUsageError(
      `the ${what}'s headers must be a record, pairs or a Headers object; got ${shown(String(input.headers))}`,
    )
  }
  return { status, headers: normalizeLines(input.headers, what) }
}

/** Pairs that are fit already are taken as they are; anything else is read into new ones. */
function normalizeLines(input: HeadersLike, what: string): HeaderList {
  if (Array.isArray(input) && areFitLines(input)) return input
  const lines = readHeaderLines(withoutAbsent(input), what)
  return lines.every(isFitLine) ? lines : lines.map(([name, value]) => receivedLine(name, value))
}

/** Node's own record of a response's headers may name what is not there. */
function withoutAbsent(input: HeadersLike): HeadersLike {
  if (typeof (input as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function') return input
  if (!Object.values(input).includes(undefined)) return input
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}

function areFitLines(input: readonly unknown[]): input is HeaderList {
  for (const line of input) if (!isFitLine(line)) return false
  return true
}

function isFitLine(line: unknown): boolean {
  if (!Array.isArray(line) || line.length !== 2 || typeof line[0] !== 'string') return false
  const value: unknown = line[1]
  return typeof value === 'string' && normalizeHeaderValue(value) === value
}

/** Reads header lines. @throws CorsUsageError that says whose headers they are and which entry is neither a name nor a pair */
export function readHeaderLines(headers: HeadersLike | undefined | null, whose: string): Header[] {
  try {
    return readHeaders(headers)
  } catch (error) {
    if (!(error instanceof HeadersInitError)) throw error
    throw new CorsUsageError(`the ${whose}'s headers: ${error.message}`)
  }
}
