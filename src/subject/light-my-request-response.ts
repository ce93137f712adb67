/** A response of light-my-request: `fastify.inject()`. */
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { membersOf, stringOf } from './shape.js'

export const lightMyRequestResponse: Reader = (value) => {
  const raw = membersOf(value, 'raw')
  if (typeof value.statusCode !== 'number' || !('rawPayload' in value) || raw === undefined) return undefined
  const request = membersOf(raw, 'req')
  return {
    client: 'light-my-request',
    status: value.statusCode,
    lines: readLines(value.headers),
    joinsLines: false,
    sent: readLines(request?.headers),
    sentMethod: stringOf(request, 'method'),
  }
}
