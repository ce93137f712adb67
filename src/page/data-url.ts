/** The contents of URLs that need no server. */

const ABOUT_BLANK = { contentType: 'text/html;charset=utf-8', body: new Uint8Array() }

/** What a `data:` URL holds. @see https://fetch.spec.whatwg.org/#data-url-processor */
export function readDataUrl(url: URL): { readonly contentType: string; readonly body: Uint8Array } {
  if (url.protocol !== 'data:') return ABOUT_BLANK
  const text = url.href.slice('data:'.length).replace(/#.*$/s, '')
  const comma = text.indexOf(',')
  const base64 = /; *base64$/i
  const type = text.slice(0, comma).trim()
  const encoded = percentDecoded(text.slice(comma + 1))
  const body = base64.test(type) ? Buffer.from(encoded.toString('latin1'), 'base64') : encoded
  const named = type.replace(base64, '')
  if (named === '') return { contentType: 'text/plain;charset=US-ASCII', body }
  return { contentType: named.startsWith(';') ? `text/plain${named}` : named, body }
}

/** @see https://url.spec.whatwg.org/#percent-decode */
function percentDecoded(text: string): Buffer {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}
