import type { Header, HeaderList } from '../fetch/header-list.js'
import { type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import { isHttpWhitespace, normalizeHeaderValue } from '../fetch/http-tokens.js'
import type { ResponseHead } from '../fetch/response-head.js'
import { CorsUsageError } from './usage-error.js'

/**
 * Reads a response head: the status must be one, header values lose the white space around them, as on the wire.
 * @throws CorsUsageError
 */
export function readResponseHead(
  input: { status: number; headers: HeadersLike },
  what: string,
): ResponseHead {
  if (typeof input !== 'object' || input === null)
    throw new CorsUsageError(`the ${what}'s answer must be { status, headers }; got ${String(input)}`)
  const { status } = input
  if (!Number.isInteger(status) || status < 100 || status > 999) {
    throw new CorsUsageError(
      `the ${what}'s status must be an integer such as 200; got ${JSON.stringify(status)}`,
    )
  }
  if (typeof input.headers !== 'object' || input.headers === null) {
    throw new CorsUsageError(
      `the ${what}'s headers must be a record, pairs or a Headers object; got ${String(input.headers)}`,
    )
  }
  return { status, headers: normalizeLines(input.headers) }
}

function normalizeLines(input: HeadersLike): HeaderList {
  const lines: Header[] | HeaderList = isLines(input) ? input : readHeaders(input)
  for (const line of lines) {
    const value = line[1]
    if (value === '') continue
    if (isHttpWhitespace(value.charCodeAt(0)) || isHttpWhitespace(value.charCodeAt(value.length - 1))) {
      return lines.map(([name, text]) => [name, normalizeHeaderValue(text)])
    }
  }
  return lines
}

function isLines(input: HeadersLike): input is HeaderList {
  if (!Array.isArray(input)) return false
  for (const line of input as readonly unknown[]) {
    if (
      !Array.isArray(line) ||
      line.length !== 2 ||
      typeof line[0] !== 'string' ||
      typeof line[1] !== 'string'
    )
      return false
  }
  return true
}
