/** Node's `IncomingMessage`, and what clients keep of it. */
import { readLines } from './lines.js'
import type { Reader, Reading } from './reading.js'
import { call, type Members, membersOf, stringOf } from './shape.js'

export const incomingMessage: Reader = (value) => {
  if (!Array.isArray(value.rawHeaders) || !('statusCode' in value) || typeof value.statusCode !== 'number')
    return undefined
  return {
    client: 'node:http',
    status: value.statusCode,
    lines: readLines(value.rawHeaders),
    joinsLines: false,
    ...sentBy(membersOf(value, 'req')),
    // follow-redirects, below axios and others.
    followedRedirects: countsRedirects(membersOf(value, 'req')) || isMoved(value),
  }
}

function isMoved(value: Members): boolean {
  return Array.isArray(value.redirects) && value.redirects.length > 0
}

/** What a `ClientRequest` sent. */
export function sentBy(request: Members | undefined): Pick<Reading, 'sent' | 'sentMethod'> {
  if (request === undefined) return {}
  // superagent's wrapper of node:http2 has the record alone; on a request of node:http reading it warns of its deprecation.
  const { getHeaders } = request
  const sent = readLines(typeof getHeaders === 'function' ? call(request, 'getHeaders') : request._headers)
  return {
    // One that was given a flat list of headers keeps none of them to be read, not even `Host`.
    sent: sent?.length === 0 ? undefined : sent,
    sentMethod: stringOf(request, 'method'),
  }
}

/** Whether the package follow-redirects made this request after others. */
export function countsRedirects(request: Members | undefined): boolean {
  const redirectable = request === undefined ? undefined : membersOf(request, '_redirectable')
  return typeof redirectable?._redirectCount === 'number' && redirectable._redirectCount > 0
}
