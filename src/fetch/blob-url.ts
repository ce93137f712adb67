/** `blob:` URLs: what stands behind them, whole or in part. */
import { type FetchOutcome, fail } from './failure.js'
import type { FetchRequest } from './fetch-request.js'
import { getHeader, type Header } from './header-list.js'
import { parseSingleRange } from './range.js'

/** @see https://url.spec.whatwg.org/#concept-url-blob-entry */
export interface BlobEntry {
  readonly type: string
  readonly bytes: Uint8Array
}

/** Step 3, "blob". @see https://fetch.spec.whatwg.org/#scheme-fetch */
export function blobFetch({ blob, method, headers, currentUrl }: FetchRequest): FetchOutcome {
  // 1-2. If request's method is not `GET` or blobURLEntry is null, then return a network error.
  if (blob === null || method !== 'GET')
    return fail('unsupported-scheme', 'request', { part: currentUrl.protocol })
  const { type, bytes } = blob
  const found = (status: number, content: Uint8Array, more: readonly Header[] = []): FetchOutcome => ({
    failure: null,
    type: 'basic',
    response: {
      status,
      headers: [['Content-Length', String(content.length)], ['Content-Type', type], ...more],
      content,
    },
  })
  // 12. If request's header list does not contain `Range`, then:
  const rangeHeader = getHeader(headers, 'range')
  if (rangeHeader === null) return found(200, bytes)
  // 13.3-4. Let rangeValue be the result of parsing a single range header value given rangeHeader and true; if it is failure, return a network error.
  const range = parseSingleRange(rangeHeader.replace(/[\t ]+/g, ''))
  if (range === null) return fail('unsupported-scheme', 'request', { part: currentUrl.protocol })
  const full = BigInt(bytes.length)
  // 13.6-7. If rangeStart is null, count from the end; if it is greater than or equal to fullLength, then return a network error.
  const start = range.start ?? (range.end !== null && range.end < full ? full - range.end : 0n)
  if (start >= full) return fail('unsupported-scheme', 'request', { part: currentUrl.protocol })
  const last = range.start === null || range.end === null || range.end >= full ? full - 1n : range.end
  const content = bytes.subarray(Number(start), Number(last) + 1)
  return found(206, content, [['Content-Range', `bytes ${start}-${last}/${full}`]])
}
