import type { Deviations } from '../fetch/deviations.js'
import { eventStreamType } from '../fetch/event-stream-type.js'
import type { Failure } from '../fetch/failure.js'
import type { FetchRequest } from '../fetch/fetch-request.js'
import { getHeader } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import type { ResponseHead } from '../fetch/response.js'

/**
 * What an EventSource asks of a response beyond CORS: status 200 and the type `text/event-stream`.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model
 */
export function eventStreamFailure(
  request: FetchRequest,
  response: ResponseHead,
  deviations: Deviations,
): Failure | null {
  if (request.initiator !== 'eventsource') return null
  if (response.status !== 200)
    return { code: 'event-stream-status', blockedAt: 'response', status: response.status }
  const value = getHeader(response.headers, 'content-type')
  const type = eventStreamType(response.headers, deviations)
  if (type?.essence === 'text/event-stream') {
    const isUtf8 = type.charset === null || equalsIgnoringCase(type.charset, 'utf-8')
    // DEVIATION: no charset but UTF-8 will do.
    if (isUtf8 || !deviations.eventStreams.mustBeUtf8) return null
  }
  return { code: 'event-stream-content-type', blockedAt: 'response', header: 'Content-Type', value }
}
