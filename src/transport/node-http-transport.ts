/** Through `node:http`: what MSW and nock answer in the network's place. */
// The default imports: they patch the functions there, and bindings of named imports would keep the originals.
import http from 'node:http'
import https from 'node:https'
import { type Header, receivedLine } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import { toNodeBody, toWebBody } from './bodies.js'
import { lookup } from './lookup.js'
import { toNetworkError } from './network-error.js'
import type { Transport, TransportRequest, TransportResponse } from './transport.js'

/** Sends through the functions that `node:http` has at the time of the call. */
export const nodeHttpTransport: Transport = {
  send,
  async close() {},
}

function send(request: TransportRequest): Promise<TransportResponse> {
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
      headers: toRecord(request, body),
      // A connection of an earlier test may lead past a mock that listens since.
      agent: new client.Agent({ keepAlive: false }),
      lookup,
    })
    // Node writes it in upper case, a browser does not: `patch` is not `PATCH`.
    outgoing.method = request.method
    const abort = (): void => {
      outgoing.destroy(signal?.reason instanceof Error ? signal.reason : new Error(String(signal?.reason)))
    }
    signal?.addEventListener('abort', abort, { once: true })
    outgoing.on('close', () => {
      signal?.removeEventListener('abort', abort)
      reject(failed(new Error('the connection was closed without an answer')))
    })
    outgoing.on('error', (error) => reject(failed(error)))
    outgoing.on('response', (incoming) => {
      const status = incoming.statusCode ?? 0
      const headers: Header[] = []
      for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
        headers.push(receivedLine(incoming.rawHeaders[i] as string, incoming.rawHeaders[i + 1] as string))
      }
      resolve({
        status,
        statusText: incoming.statusMessage ?? '',
        headers,
        body: toWebBody(incoming, request.method, status, failed),
        httpVersion: '1.1',
      })
    })
    if (body === null || body instanceof Uint8Array) outgoing.end(body ?? undefined)
    else body.on('error', (error) => outgoing.destroy(error)).pipe(outgoing)
  }).catch((error: unknown) => {
    throw failed(error)
  }) as Promise<TransportResponse>
}

/** Lines of the same name become an array, which Node sends as lines again. */
function toRecord(request: TransportRequest, body: unknown): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {}
  const spelling = new Map<string, string>()
  for (const [name, value] of request.headers) {
    const key = spelling.get(byteLowercase(name)) ?? name
    spelling.set(byteLowercase(name), key)
    const known = record[key]
    record[key] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value]
  }
  // Node gives neither to a DELETE or OPTIONS with a body.
  if (body instanceof Uint8Array && !spelling.has('content-length'))
    record['Content-Length'] = String(body.byteLength)
  else if (body !== null && !(body instanceof Uint8Array) && !spelling.has('transfer-encoding'))
    record['Transfer-Encoding'] = 'chunked'
  return record
}
