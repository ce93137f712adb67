/** Through `node:http`: what MSW and nock respond to in the network's place, and what is sent under fake timers. */
// The default imports: they patch the functions there, and bindings of named imports would keep the originals.
import http from 'node:http'
import https from 'node:https'
import type { Readable } from 'node:stream'
import { type Header, receivedLine } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import { toNodeBody, toWebBody } from './bodies.js'
import { checkNextTick } from './check-timers.js'
import { lookup } from './lookup.js'
import { LONGEST_HEAD, switchedProtocols, toBodyError, toNetworkError } from './no-response.js'
import type { Transport, TransportRequest, TransportResponse } from './transport.js'

/** Sends through the functions that `node:http` has at the time of the call. */
export const nodeHttpTransport: Transport = {
  send,
  async close() {},
}

async function send(request: TransportRequest): Promise<TransportResponse> {
  checkNextTick()
  const failed = (error: unknown): Error => toNetworkError(error, request)
  return new Promise((resolve, reject) => {
    const url = new URL(request.url)
    const client = url.protocol === 'https:' ? https : http
    const { signal } = request
    if (signal?.aborted === true) throw failed(signal.reason)
    const body = toNodeBody(request.body)
    const outgoing = client.request({
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? undefined : url.port,
      path: url.pathname + url.search,
      method: request.method,
      maxHeaderSize: LONGEST_HEAD,
      // A server that speaks only HTTP/2 says so then.
      ...(client === https ? { ALPNProtocols: ['http/1.1'] } : {}),
      // A connection of an earlier test may lead past a mock that listens since.
      agent: new client.Agent({ keepAlive: false }),
      lookup,
    })
    // Node writes it in upper case, a browser does not: `patch` is not `PATCH`.
    outgoing.method = request.method
    // Node's own limit of 2,000 lines would cut the rest off.
    outgoing.maxHeadersCount = 0
    const abort = (): void => void outgoing.destroy(failed(signal?.reason))
    signal?.addEventListener('abort', abort, { once: true })
    outgoing.on('close', () => {
      signal?.removeEventListener('abort', abort)
      reject(failed(new Error('the connection was closed without a response')))
    })
    outgoing.on('error', (error) => reject(failed(error)))
    outgoing.on('upgrade', (_incoming, socket) => {
      socket.destroy()
      reject(failed(switchedProtocols()))
    })
    outgoing.on('response', (incoming) => {
      const status = incoming.statusCode ?? 0
      if (status === 101) {
        outgoing.destroy(switchedProtocols())
        return
      }
      const headers: Header[] = []
      for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
        headers.push(receivedLine(incoming.rawHeaders[i] as string, incoming.rawHeaders[i + 1] as string))
      }
      resolve({
        status,
        statusText: incoming.statusMessage ?? '',
        headers,
        body: toWebBody(incoming, request.method, status, (error) => toBodyError(error, request)),
        httpVersion: '1.1',
      })
    })
    try {
      // One by one: a record of names would not keep `__proto__`.
      for (const [name, values] of linesByName(request, body)) {
        outgoing.setHeader(name, values.length === 1 ? (values[0] as string) : values)
      }
    } catch (error) {
      outgoing.destroy(error as Error)
      return
    }
    if (body === null || ArrayBuffer.isView(body)) outgoing.end(body ?? undefined)
    else body.on('error', (error) => outgoing.destroy(error)).pipe(outgoing)
  }).catch((error: unknown) => {
    throw failed(error)
  }) as Promise<TransportResponse>
}

/** The values of each name, which Node sends as lines again. */
function linesByName(
  request: TransportRequest,
  body: Uint8Array | Readable | null,
): Iterable<readonly [name: string, values: string[]]> {
  const lines = new Map<string, readonly [name: string, values: string[]]>()
  for (const [name, value] of request.headers) {
    const key = byteLowercase(name)
    const known = lines.get(key)
    if (known === undefined) lines.set(key, [name, [value]])
    else known[1].push(value)
  }
  // Node gives neither to a DELETE or OPTIONS with a body.
  if (ArrayBuffer.isView(body) && !lines.has('content-length'))
    lines.set('content-length', ['Content-Length', [String(body.byteLength)]])
  else if (body !== null && !ArrayBuffer.isView(body) && !lines.has('transfer-encoding'))
    lines.set('transfer-encoding', ['Transfer-Encoding', ['chunked']])
  return lines.values()
}
