/** Scheme fetch: URLs that need no server. */
import { type FetchOutcome, fail } from './failure.js'

/** @see https://fetch.spec.whatwg.org/#scheme-fetch */
export function schemeFetch(url: URL): FetchOutcome {
  if (url.protocol !== 'data:') return fail('unsupported-scheme', 'request', { part: url.protocol })
  const comma = url.pathname.indexOf(',')
  if (comma === -1) return fail('invalid-url', 'request', { part: url.href })
  return {
    failure: null,
    type: 'basic',
    response: { status: 200, headers: [['Content-Type', mediaTypeOf(url.pathname.slice(0, comma))]] },
  }
}

/** The type a data: URL names. @see https://fetch.spec.whatwg.org/#data-url-processor */
function mediaTypeOf(text: string): string {
  const mediaType = text.replace(/;\s*base64$/i, '')
  if (mediaType === '') return 'text/plain;charset=US-ASCII'
  return mediaType.startsWith(';') ? `text/plain${mediaType}` : mediaType
}
