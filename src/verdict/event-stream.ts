import type { Failure } from '../fetch/failure.js'
import type { FetchRequest } from '../fetch/fetch-request.js'
import { getHeader } from '../fetch/header-list.js'
import { parseMimeType } from '../fetch/mime-type.js'
import type { ResponseHead } from '../fetch/response-head.js'

/**
 * What an EventSource asks of a response beyond CORS: status 200 and the type `text/event-stream`.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model
 */
export function eventStreamFailure(request: FetchRequest, response: ResponseHead): Failure | null {
  if (request.initiator !== 'eventsource') return null
  if (response.status !== 200)
    return { code: 'event-stream-status', blockedAt: 'response', status: response.status }
  const value = getHeader(response.headers, 'content-type')
  if (value !== null && parseMimeType(value)?.essence === 'text/event-stream') return null
  return { code: 'event-stream-content-type', blockedAt: 'response', header: 'Content-Type', value }
}
