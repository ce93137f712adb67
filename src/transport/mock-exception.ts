/** What MSW and nock respond with where a handler of theirs throws: a response that nobody wrote. */
import { text } from 'node:stream/consumers'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { shown } from '../text/shown.js'
import { toNetworkError } from './no-response.js'
import type { TransportRequest, TransportResponse } from './transport.js'

/**
 * Passes a response on, but for the one that `@mswjs/interceptors` makes of an exception.
 * @throws CorsNetworkError
 */
export async function refuseMockException(
  response: TransportResponse,
  request: TransportRequest,
): Promise<TransportResponse> {
  const { status, statusText, headers, body } = response
  if (status !== 500 || statusText !== 'Unhandled Exception' || headers.length !== 1) return response
  const thrown = body === null ? '' : nameOf(await text(body as NodeReadableStream))
  throw toNetworkError(new Error(`the handler of a mock threw ${shown(thrown)}`), request)
}

/** An error is sent as its name, message and stack. */
function nameOf(body: string): string {
  try {
    const { name, message } = JSON.parse(body) as { name?: unknown; message?: unknown }
    return name === undefined ? body : `${name}: ${message}`
  } catch {
    return body
  }
}
