/** Scheme fetch: URLs that need no server. */
import type { Deviations } from './deviations.js'
import { type FetchOutcome, fail } from './failure.js'
import type { Initiator } from './fetch-request.js'
import type { Header } from './header-list.js'

/** @see https://fetch.spec.whatwg.org/#scheme-fetch */
export function schemeFetch(
  url: URL,
  type: 'basic' | 'opaque',
  initiator: Initiator,
  deviations: Deviations,
): FetchOutcome {
  const found = (contentType: string, length = 0): FetchOutcome => {
    const headers: Header[] = [['Content-Type', contentType]]
    if (url.protocol === 'data:' && initiator === 'fetch' && deviations.dataUrlHasContentLength)
      headers.push(['Content-Length', String(length)])
    return { failure: null, type, response: { status: 200, headers } }
  }
  if (url.protocol === 'about:' && url.pathname === 'blank' && !deviations.refusesAboutBlank)
    return found('text/html;charset=utf-8')
  if (url.protocol !== 'data:') return fail('unsupported-scheme', 'request', { part: url.protocol })
  const contents = url.pathname + url.search
  const comma = contents.indexOf(',')
  if (comma === -1) return fail('invalid-url', 'request', { part: url.href })
  const mediaType = contents.slice(0, comma)
  const length = bodyLength(contents.slice(comma + 1), BASE64.test(mediaType))
  if (length === null) return fail('invalid-url', 'request', { part: url.href })
  return found(mediaTypeOf(mediaType), length)
}

const BASE64 = /; *base64 *$/i

/** How many bytes a data: URL holds; null where it is to be base64 and is not. @see https://infra.spec.whatwg.org/#forgiving-base64-decode */
function bodyLength(encoded: string, base64: boolean): number | null {
  const bytes = encoded.replace(/%[0-9a-f]{2}/gi, (escaped) =>
    String.fromCharCode(Number.parseInt(escaped.slice(1), 16)),
  )
  if (!base64) return bytes.length
  let text = bytes.replace(/[\t\n\f\r ]+/g, '')
  if (text.length % 4 === 0) text = text.replace(/={1,2}$/, '')
  if (text.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(text)) return null
  return Math.floor((text.length * 3) / 4)
}

/** The type a data: URL names. @see https://fetch.spec.whatwg.org/#data-url-processor */
function mediaTypeOf(text: string): string {
  const mediaType = text.replace(BASE64, '')
  if (mediaType === '') return 'text/plain;charset=US-ASCII'
  return mediaType.startsWith(';') ? `text/plain${mediaType}` : mediaType
}
