/** What a `data:` URL holds. */
import { type Deviations, noDeviations } from './deviations.js'
import { equalsIgnoringCase, isToken } from './http-tokens.js'
import { parseMimeType, serializeMimeType } from './mime-type.js'

/** @see https://fetch.spec.whatwg.org/#data-url-struct */
export interface DataUrl {
  /** Serialized. */
  readonly mimeType: string
  readonly body: Uint8Array
}

/** The end of a media type that says that the data are base64. */
const BASE64 = /; *base64$/i

/** Whether the data of a `data:` URL are base64. @see https://fetch.spec.whatwg.org/#data-url-processor step 11 */
export function isBase64DataUrl(url: URL): boolean {
  if (url.protocol !== 'data:') return false
  const { mediaType } = partsOf(url)
  return mediaType !== null && BASE64.test(mediaType)
}

/** Processes a `data:` URL; null for a failure. @see https://fetch.spec.whatwg.org/#data-url-processor */
export function processDataUrl(url: URL, deviations: Deviations = noDeviations): DataUrl | null {
  // 2-8. If the media type has no comma after it, then return failure.
  const { mediaType, data } = partsOf(url)
  if (mediaType === null) return null
  // 9-10. The percent-decoding of the rest.
  const decoded = percentDecode(data)
  // 11. If mimeType ends with U+003B (;), spaces and "base64": the forgiving-base64 decoding, or failure.
  const isBase64 = BASE64.test(mediaType)
  const body = isBase64 ? forgivingBase64Decode(decoded) : bytesOf(decoded)
  const mimeType = mimeTypeOf(isBase64 ? mediaType.replace(BASE64, '') : mediaType, deviations)
  return body === null || mimeType === null ? null : { mimeType, body }
}

/** What stands before the first comma, and after it; no media type where there is none. */
function partsOf(url: URL): { mediaType: string | null; data: string } {
  const input = url.href.slice('data:'.length).replace(/#.*$/, '')
  const comma = input.indexOf(',')
  if (comma === -1) return { mediaType: null, data: '' }
  return { mediaType: input.slice(0, comma).replace(/^ +| +$/g, ''), data: input.slice(comma + 1) }
}

const DEFAULT_TYPE = 'text/plain;charset=US-ASCII'

/** Steps 12 to 14: the type that is written, with text/plain before a `;`, or the default. */
function mimeTypeOf(mediaType: string, { schemes }: Deviations): string | null {
  // DEVIATION: the type is cut at every `;` and not parsed.
  if (schemes.cutsDataUrlType) return cutMimeType(mediaType.replace(/^\/\//, ''))
  const parsed = parseMimeType(mediaType.startsWith(';') ? `text/plain${mediaType}` : mediaType)
  return parsed === null ? DEFAULT_TYPE : serializeMimeType(parsed)
}

/** The type with the parameters as they are written; null where the charset is not a token. */
function cutMimeType(mediaType: string): string | null {
  const [first = '', ...segments] = mediaType.split(';').map((segment) => segment.replace(/^ +| +$/g, ''))
  const essence = parseMimeType(first === '' && segments.length > 0 ? 'text/plain' : first)?.essence
  let written = ''
  let charset = ''
  for (const segment of segments) {
    const equals = segment.indexOf('=')
    const name = segment.slice(0, equals)
    if (equals < 1 || name.includes(' ')) continue
    const value = segment.slice(equals + 1)
    if (!equalsIgnoringCase(name, 'charset')) written += `;${name}=${withClosingQuote(value)}`
    else if (charset === '') charset = value
  }
  if (charset !== '' && !isToken(unquoted(charset).trim())) return null
  if (essence === undefined) return DEFAULT_TYPE
  return essence + written + (charset === '' ? '' : `;charset=${shownCharset(unquoted(charset))}`)
}

const unquoted = (value: string): string => value.replace(/^"(.*)"$/, '$1')
const shownCharset = (value: string): string => (isToken(value) ? value : `"${value}"`)

function withClosingQuote(value: string): string {
  return value.startsWith('"') && (value.length === 1 || !value.endsWith('"')) ? `${value}"` : value
}

/** Percent-decodes the text of a URL, which is ASCII, to one character per byte. @see https://url.spec.whatwg.org/#string-percent-decode */
export function percentDecode(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}/g, (escaped) =>
    String.fromCharCode(Number.parseInt(escaped.slice(1), 16)),
  )
}

/** What has one byte per character. @see https://infra.spec.whatwg.org/#isomorphic-encode */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

const BASE64_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Decodes base64 without padding or with the right one; null for a failure. @see https://infra.spec.whatwg.org/#forgiving-base64-decode */
export function forgivingBase64Decode(input: string): Uint8Array | null {
  let data = input.replace(/[\t\n\f\r ]+/g, '')
  if (data.length % 4 === 0) data = data.replace(/={1,2}$/, '')
  if (data.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(data)) return null
  // Bits that make no whole byte are left out.
  const bytes = new Uint8Array(Math.floor((data.length * 6) / 8))
  let bits = 0
  let length = 0
  let position = 0
  for (const character of data) {
    bits = ((bits << 6) | BASE64_ALPHABET.indexOf(character)) & 0xffff
    length += 6
    if (length < 8) continue
    length -= 8
    bytes[position++] = (bits >> length) & 0xff
  }
  return bytes
}
