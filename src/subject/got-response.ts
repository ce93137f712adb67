/** A response of got. */
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { membersOf, stringOf } from './shape.js'

export const gotResponse: Reader = (value) => {
  if (
    typeof value.statusCode !== 'number' ||
    !Array.isArray(value.redirectUrls) ||
    !Array.isArray(value.rawHeaders)
  )
    return undefined
  const request = membersOf(value, 'request')
  const options = request === undefined ? undefined : membersOf(request, 'options')
  return {
    client: 'got',
    status: value.statusCode,
    lines: readLines(value.rawHeaders),
    joinsLines: false,
    url: stringOf(value, 'url'),
    sent: readLines(options?.headers),
    sentMethod: stringOf(options, 'method'),
    followedRedirects: value.redirectUrls.length > 0,
  }
}
