/** Asking at URLs that no cache has seen, so that nothing is judged by, or added to, what a cache holds for others. */

import { freshUrl, withoutFresh } from '../diagnose/cache-signs.js'
import { getHeader, type Header } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import { shownUrl } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import {
  anySignal,
  discardBody,
  type TransportRequest,
  type TransportResponse,
} from '../transport/transport.js'

/**
 * The endpoint as it is asked at one fresh URL: each request that goes to it has the same new query parameter, each hop of a redirect too, and is read
 * to its end, because a cache may drop what its client does not wait for.
 * @param what names what asks, for the error where a redirect leads to another server
 */
export function atFreshUrl(endpoint: EndpointSubject, nonce: string, what: string): EndpointSubject {
  const { transport, url: own } = endpoint
  const send = async (request: TransportRequest): Promise<TransportResponse> => {
    if (new URL(request.url).origin !== own.origin)
      throw new CorsUsageError(
        `${what} got a redirect to another server, ${shownUrl(request.url)}, whose caches are not those of ${endpoint.shownUrl}: make that URL the subject of an assertion of its own`,
      )
    // Each follows a signal of its own: one that many follow at once looks like a leak.
    const signal = request.signal === undefined ? undefined : anySignal([request.signal])
    const response = await transport.send({ ...request, url: freshUrl(request.url, nonce), signal })
    await readAway(response)
    // What follows is asked at a fresh URL anyway, and is judged as if at its own.
    const headers = response.headers.map(
      ([name, value]): Header => [
        name,
        equalsIgnoringCase(name, 'location') ? withoutFresh(value, nonce) : value,
      ],
    )
    return { ...response, headers, body: null }
  }
  return { ...endpoint, transport: { ...transport, send } }
}

async function readAway({ headers, body }: TransportResponse): Promise<void> {
  if (body === null) return
  // It has no end.
  if (getHeader(headers, 'content-type')?.startsWith('text/event-stream') === true) return discardBody(body)
  const reader = body.getReader()
  while (!(await reader.read()).done);
}
