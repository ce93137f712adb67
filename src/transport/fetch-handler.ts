/** What {@link fetchHandlerTransport} loads with its first request. */

import { STATUS_CODES } from 'node:http'
import { containsHeader, type Header, receivedLine } from '../fetch/header-list.js'
import { shown, shownUrl } from '../text/shown.js'
import { isCorsUsageError } from '../text/usage-error.js'
import { isBodiless, type UnreadBody, unreadResponse } from './bodies.js'
import { checkMicrotasks } from './check-timers.js'
import { fetchClasses } from './fetch-classes.js'
import { type HandlerBody, handlerBody } from './handler-body.js'
import { arrivingHeaders, type FetchHandler, shownError } from './in-process-app.js'
import { CorsNetworkError, isCorsNetworkError } from './network-error.js'
import { refuseLongHead, toNetworkError } from './no-response.js'
import {
  discardBody,
  type Transport,
  type TransportRequest,
  type TransportResponse,
  untilAborted,
} from './transport.js'

/** Calls the handler, and reads what it returns. */
export function handlerTransport(handler: FetchHandler, hint?: string): Transport {
  return {
    joinsLines: true,
    async send(request) {
      const response = await untilAborted(request, () => call(handler, request, hint))
      return readResponse(response, request)
    },
    async close() {},
  }
}

async function call(
  handler: FetchHandler,
  request: TransportRequest,
  hint: string | undefined,
): Promise<unknown> {
  try {
    return await handler(toRequest(request))
  } catch (error) {
    if (isCorsUsageError(error)) throw error
    if (request.signal?.aborted === true || isCorsNetworkError(error)) throw toNetworkError(error, request)
    const url = shownUrl(request.url)
    const because =
      hint !== undefined && (error as Error | undefined)?.name === 'TypeError' ? `; ${hint}` : ''
    throw new CorsNetworkError(
      `${shown(request.method)} ${url} got no response: the fetch handler threw ${shownError(error)}${because}`,
      { url, cause: error },
    )
  }
}

function toRequest(request: TransportRequest): Request {
  const { Request: RequestClass } = fetchClasses()
  const url = new URL(request.url)
  const headers = arrivingHeaders(request).map(([name, value]): [string, string] => [name, value])
  const body = request.body ?? null
  if (ArrayBuffer.isView(body) && !containsHeader(request.headers, 'content-length')) {
    headers.push(['Content-Length', String(body.byteLength)])
  }
  url.username = ''
  url.password = ''
  url.hash = ''
  const init: RequestInit & { duplex?: 'half' } = { method: request.method, headers, redirect: 'manual' }
  if (body !== null) {
    checkMicrotasks()
    init.body = body as NonNullable<RequestInit['body']>
    init.duplex = 'half'
  }
  if (request.signal !== undefined) init.signal = request.signal
  return new RequestClass(url, init)
}

interface ResponseLike {
  readonly status: number
  readonly statusText?: string
  readonly headers: Iterable<[string, string]> & { getSetCookie?(): string[] }
  readonly body?: HandlerBody | null
}

function readResponse(response: unknown, request: TransportRequest): TransportResponse {
  const url = shownUrl(request.url)
  if (!isResponse(response)) {
    throw new CorsNetworkError(
      `${shown(request.method)} ${url} got no response: the fetch handler returned ${nameOf(response)} where a Response is expected`,
      { url },
    )
  }
  if (!Number.isInteger(response.status) || response.status < 200 || response.status > 599) {
    throw new CorsNetworkError(
      `${shown(request.method)} ${url} got no response: the fetch handler returned a Response with status ${response.status}${response.status === 0 ? ' (Response.error())' : ''}`,
      { url },
    )
  }
  const headers = readLines(response.headers)
  refuseLongHead(headers, request)
  const { status, statusText } = response
  const said = statusText === undefined || statusText === '' ? (STATUS_CODES[status] ?? '') : statusText
  return unreadResponse({ status, statusText: said, headers }, bodyOf(response, request))
}

function bodyOf({ status, body }: ResponseLike, request: TransportRequest): UnreadBody | null {
  if (body === null || body === undefined) return null
  if (!isBodiless(request.method, status)) return handlerBody(body, request)
  discardBody(body)
  return null
}

/** By shape: a test environment's `Response` is another class. */
function isResponse(value: unknown): value is ResponseLike {
  if (typeof value !== 'object' || value === null) return false
  const { status, headers } = value as { status?: unknown; headers?: unknown }
  return (
    typeof status === 'number' &&
    typeof headers === 'object' &&
    headers !== null &&
    Symbol.iterator in headers
  )
}

function readLines(headers: ResponseLike['headers']): Header[] {
  const cookies = headers.getSetCookie?.()
  const lines: Header[] = []
  for (const [name, value] of headers) {
    if (cookies === undefined || name.toLowerCase() !== 'set-cookie') lines.push(receivedLine(name, value))
  }
  for (const cookie of cookies ?? []) lines.push(receivedLine('set-cookie', cookie))
  return lines
}

function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return typeof value === 'object'
    ? `an object of ${value.constructor?.name ?? 'no class'}`
    : `a ${typeof value}`
}
