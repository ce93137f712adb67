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
  const type = stringOf(value, 'type')
  const base = {
    client: 'fetch Response',
    status: value.status,
    url: stringOf(value, 'url') || undefined,
    followedRedirects: value.redirected === true,
    filtered: filteredBy(type),
  }
  // node-fetch keeps the lines apart.
  if (hasMethods(headers, 'raw'))
    return { ...base, client: 'node-fetch', lines: readLines(call(headers, 'raw')), joinsLines: false }
  return {
    ...base,
    lines: readLines(headers),
    joinsLines: true,
    sentOrigin: originOfHappyDom(value, base.url),
  }
}

/** happy-dom's `fetch` sends the origin of its own window, whatever `Origin` it was given. */
function originOfHappyDom(value: object, url: string | undefined): string | undefined {
  const { happyDOM, location, Response } = globalThis as {
    happyDOM?: unknown
    location?: { readonly origin?: string }
    Response?: abstract new () => object
  }
  const fetched = happyDOM !== undefined && url !== undefined && Response !== undefined
  return fetched && value instanceof Response ? location?.origin : undefined
}
