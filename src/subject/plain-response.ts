/** `{ status, headers }`, as anybody may write it. */
import { filteredBy } from './fetch-response.js'
import { isMap, readLines } from './lines.js'
import type { Reader } from './reading.js'
import { hasMembers, hasMethods, stringOf } from './shape.js'

export const plainResponse: Reader = (value) => {
  const status = value.status ?? value.statusCode
  if (status === undefined || typeof status === 'function' || !hasMembers(value.headers)) return undefined
  return {
    client: '{ status, headers }',
    status,
    lines: readLines(value.headers),
    joinsLines: hasMethods(value.headers, 'get') && !isMap(value.headers),
    url: stringOf(value, 'url'),
    // As Cypress says it.
    sent: readLines(value.requestHeaders),
    // A browser's response, brought over by a test that runs in one.
    filtered: filteredBy(stringOf(value, 'type')),
    followedRedirects:
      value.redirected === true || (Array.isArray(value.redirects) && value.redirects.length > 0),
  }
}
