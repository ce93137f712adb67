/** Sends a request through a dispatcher of undici, of whatever major, and reads its response raw. */
import { STATUS_CODES } from 'node:http'
import { type Header, receivedLine } from '../fetch/header-list.js'
import { shown, shownUrl } from '../text/shown.js'
import { toNodeBody, unreadBody, unreadResponse } from './bodies.js'
import { connectsToProxy, type Dispatching, destinationOf } from './dispatcher.js'
import { CorsNetworkError } from './network-error.js'
import { toBodyError, toNetworkError } from './no-response.js'
import { type TransportRequest, type TransportResponse, untilAborted } from './transport.js'

/**
 * Sends a request through a dispatcher.
 * @param origin where to connect to, if not to the URL's origin: the URL then only gives the path
 * @param closes whether the connection closes with the response, so that nothing of the dispatcher stays behind
 * @throws CorsNetworkError
 */
export async function dispatchRequest(
  dispatcher: Dispatching,
  request: TransportRequest,
  origin?: string,
  closes = false,
): Promise<TransportResponse> {
  const destination = destinationOf(request.url)
  let response: Awaited<ReturnType<Dispatching['request']>>
  try {
    response = await untilAborted(request, async () =>
      dispatcher.request({
        origin: origin ?? destination.origin,
        path: destination.path,
        method: request.method,
        headers: flatLines(request.headers),
        body: toNodeBody(request.body),
        signal: request.signal ?? null,
        responseHeaders: 'raw',
        reset: closes ? true : undefined,
      }),
    )
  } catch (error) {
    throw toNetworkError(error, request, connectsToProxy(dispatcher))
  }
  refuseFollowedRedirects(response.context, request)
  const status = response.statusCode
  const statusText = response.statusText ?? STATUS_CODES[status] ?? ''
  const body = unreadBody(response.body, request.method, status, (error) =>
    toBodyError(error, request, connectsToProxy(dispatcher)),
  )
  return unreadResponse({ status, statusText, headers: readLines(response.headers) }, body)
}

/** As undici takes them. */
export function flatLines(lines: readonly Header[]): string[] {
  const flat: string[] = []
  for (const line of lines) flat.push(line[0], line[1])
  return flat
}

/** A dispatcher with the redirect interceptor gives the last response only: what CORS says of the others is lost. */
function refuseFollowedRedirects(context: unknown, request: TransportRequest): void {
  const history = (context as { history?: unknown } | null | undefined)?.history
  if (!Array.isArray(history) || history.length < 2) return
  const url = shownUrl(request.url)
  throw new CorsNetworkError(
    `${shown(request.method)} ${url}: the dispatcher follows redirects itself, so CORS cannot be judged hop by hop; use one without the redirect interceptor`,
    { url },
  )
}

/** Raw headers are a flat list; a dispatcher that knows no `responseHeaders: 'raw'` gives a record. */
export function readLines(headers: unknown): Header[] {
  const lines: Header[] = []
  if (Array.isArray(headers)) {
    for (let i = 0; i + 1 < headers.length; i += 2)
      lines.push(receivedLine(toLatin1(headers[i]), toLatin1(headers[i + 1])))
    return lines
  }
  for (const [name, value] of Object.entries(headers as Record<string, unknown>)) {
    for (const item of Array.isArray(value) ? value : [value]) lines.push(receivedLine(name, toLatin1(item)))
  }
  return lines
}

/** One character per byte, also from majors that decode header values as UTF-8. */
function toLatin1(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
  const text = String(value)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every character that is one byte
  return /^[\u0000-\u00ff]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}
