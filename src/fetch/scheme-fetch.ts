/** Scheme fetch: URLs that need no server. */
import { blobFetch } from './blob-url.js'
import { processDataUrl } from './data-url.js'
import type { Deviations } from './deviations.js'
import { type FetchOutcome, fail } from './failure.js'
import type { FetchRequest } from './fetch-request.js'
import type { Header } from './header-list.js'

/** @see https://fetch.spec.whatwg.org/#scheme-fetch */
export function schemeFetch(
  request: FetchRequest,
  type: 'basic' | 'opaque',
  deviations: Deviations,
): FetchOutcome {
  const { currentUrl: url, initiator, method } = request
  const found = (contentType: string, body: Uint8Array, more: readonly Header[] = []): FetchOutcome => {
    // Main fetch, step 21: a HEAD has no body.
    const content = method === 'HEAD' ? NOTHING : body
    return {
      failure: null,
      type,
      response: { status: 200, headers: [['Content-Type', contentType], ...more], content },
    }
  }
  // 3. Switch on request's current URL's scheme.
  switch (url.protocol) {
    case 'blob:':
      return blobFetch(request)
    case 'about:':
      // DEVIATION: about:blank cannot be fetched.
      if (url.pathname !== 'blank' || deviations.schemes.refusesAboutBlank) break
      return found('text/html;charset=utf-8', NOTHING)
    case 'data:': {
      // DEVIATION: no event stream is read from a data: URL.
      if (initiator === 'eventsource' && deviations.eventStreams.needServer) break
      // If dataURLStruct is failure, then return a network error.
      const data = processDataUrl(url, deviations)
      if (data === null) return fail('invalid-url', 'request', { part: url.href })
      // DEVIATION: a `Content-Length` is shown.
      const showsLength = initiator === 'fetch' && deviations.schemes.dataUrlHasContentLength
      return found(
        data.mimeType,
        data.body,
        showsLength ? [['Content-Length', String(data.body.length)]] : [],
      )
    }
  }
  // 4. Return a network error.
  return fail('unsupported-scheme', 'request', { part: url.protocol })
}

const NOTHING = new Uint8Array()
