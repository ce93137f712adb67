/** URLs as scripts and elements give them. */
import { isBase64DataUrl } from './data-url.js'
import type { Deviations } from './deviations.js'
import type { Client } from './fetch-request.js'
import { stripEnds } from './http-tokens.js'

/** The URL that a page's API is given, or null for a failure. @see https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url */
export function parsePageUrl(url: string | URL, client: Client, deviations: Deviations): URL | null {
  if (typeof url !== 'string') return url
  try {
    // The page's URL is not even parsed where it has no say.
    if (url.startsWith('https://') || url.startsWith('http://')) return new URL(url)
    // DEVIATION: white space in a `data:` URL is escaped.
    const parsed = new URL(
      deviations.schemes.escapesWhiteSpaceInDataUrls ? withEscapedWhiteSpace(url) : url,
      client.url,
    )
    // DEVIATION: blanks go, where the data are base64.
    return deviations.schemes.removesBlanksFromBase64Urls && isBase64DataUrl(parsed)
      ? new URL(parsed.href.replaceAll(' ', ''))
      : parsed
  } catch {
    return null
  }
}

function withEscapedWhiteSpace(url: string): string {
  if (!/^[\t\n\r]*data:/i.test(url)) return url
  return stripEnds(url, (code) => code <= 0x20).replace(/[\t\n\r]/g, encodeURIComponent)
}
