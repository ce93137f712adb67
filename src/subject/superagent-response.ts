/** A response of superagent, and so of supertest and chai-http. */
import { sentBy } from './incoming-message.js'
import { readLines } from './lines.js'
import type { Reader } from './reading.js'
import { membersOf, stringOf } from './shape.js'

export const superagentResponse: Reader = (value) => {
  const incoming = membersOf(value, 'res')
  if (incoming === undefined || !Array.isArray(incoming.rawHeaders) || !('req' in value)) return undefined
  const request = membersOf(value, 'request')
  return {
    client:
      request !== undefined && ('_server' in request || 'app' in request || '_asserts' in request)
        ? 'supertest'
        : 'superagent',
    status: value.status ?? value.statusCode,
    lines: readLines(incoming.rawHeaders),
    joinsLines: false,
    ...sentBy(membersOf(value, 'req')),
    url: stringOf(request, 'url'),
    followedRedirects: Array.isArray(value.redirects) && value.redirects.length > 0,
  }
}
