/** A Fetch `Response`: Node's, undici's, ky's, node-fetch's, a test environment's. */
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { call, hasMethods, membersOf, stringOf } from './shape.js'

/** A response of these types went through a browser's filter. */
const FILTERED = new Set(['cors', 'opaque', 'opaqueredirect', 'error'])

/** Why a response of that type does not show what the server sent; undefined where it does. */
export function filteredBy(type: string | undefined): string | undefined {
  if (type === undefined || !FILTERED.has(type)) return undefined
  return `its type is '${type}': it shows what a page's script may see`
}

export const fetchResponse: Reader = (value) => {
  const headers = membersOf(value, 'headers')
  if (typeof value.status !== 'number' || !hasMethods(headers, 'get') || !hasMethods(value, 'text', 'clone'))
    return undefined
  const url = stringOf(value, 'url') || undefined
  // node-fetch keeps the lines apart.
  const raw = hasMethods(headers, 'raw')
  return {
    client: raw ? 'node-fetch' : 'fetch Response',
    status: value.status,
    url,
    followedRedirects: value.redirected === true,
    filtered: filteredBy(stringOf(value, 'type')),
    lines: readLines(raw ? call(headers, 'raw') : headers),
    joinsLines: !raw,
    sentOrigin: raw ? undefined : originOfHappyDom(value, url),
  }
}

/** happy-dom's `fetch` sends the origin of its own window, whatever `Origin` it was given. */
function originOfHappyDom(value: object, url: string | undefined): string | undefined {
  const scope = globalThis as {
    happyDOM?: unknown
    location?: { readonly origin?: string }
    Response?: abstract new () => object
  }
  if (scope.happyDOM === undefined || url === undefined || scope.Response === undefined) return undefined
  return value instanceof scope.Response ? scope.location?.origin : undefined
}
