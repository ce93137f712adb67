/** Scheme fetch: URLs that need no server. */
import type { Deviations } from './deviations.js'
import { type FetchOutcome, fail } from './failure.js'
import type { Header } from './header-list.js'

/** @see https://fetch.spec.whatwg.org/#scheme-fetch */
export function schemeFetch(url: URL, type: 'basic' | 'opaque', deviations: Deviations): FetchOutcome {
  const found = (contentType: string): FetchOutcome => {
    const headers: Header[] = [['Content-Type', contentType]]
    return { failure: null, type, response: { status: 200, headers } }
  }
  if (url.protocol === 'about:' && url.pathname === 'blank' && !deviations.refusesAboutBlank)
    return found('text/html;charset=utf-8')
  if (url.protocol !== 'data:') return fail('unsupported-scheme', 'request', { part: url.protocol })
  const comma = url.pathname.indexOf(',')
  if (comma === -1) return fail('invalid-url', 'request', { part: url.href })
  return found(mediaTypeOf(url.pathname.slice(0, comma)))
}

/** The type a data: URL names. @see https://fetch.spec.whatwg.org/#data-url-processor */
function mediaTypeOf(text: string): string {
  const mediaType = text.replace(/;\s*base64$/i, '')
  if (mediaType === '') return 'text/plain;charset=US-ASCII'
  return mediaType.startsWith(';') ? `text/plain${mediaType}` : mediaType
}
