/** What undici's `request()` resolves with. */
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { membersOf } from './shape.js'

export const undiciResponse: Reader = (value) => {
  if (
    typeof value.statusCode !== 'number' ||
    !('trailers' in value) ||
    !('opaque' in value) ||
    'rawHeaders' in value
  )
    return undefined
  // The redirect interceptor notes every URL it asked.
  const context = membersOf(value, 'context')
  const history = context?.history
  return {
    client: 'undici',
    status: value.statusCode,
    lines: readLines(value.headers),
    joinsLines: false,
    followedRedirects: Array.isArray(history) && history.length > 1,
  }
}
