/** The origins of the scenarios, listening on loopback: http, https and HTTP/2, all names and ports answered by one function. */
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Certificate } from './certificate.js'
import { origins } from './scenario.js'
import { bodiless, serveConnection, type WireRequest, type WireResponse } from './wire.js'

/** Answers a request that came to a scheme and port; the host is in the request. */
export type Answer = (request: WireRequest, scheme: 'http' | 'https', port: number) => WireResponse

const h2Port = portOf(new URL(origins['api-h2'] as string))

/** Listens on every port that an origin names. */
export async function listen(certificate: Certificate, answer: Answer): Promise<void> {
  const urls = Object.values(origins).map((origin) => new URL(origin))
  const protocols = new Map(urls.map((url) => [portOf(url), url.protocol]))
  await Promise.all(
    [...protocols].map(async ([port, protocol]) => {
      const server = serverFor(port, protocol, certificate, answer)
      server.on('tlsClientError', () => {})
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, '127.0.0.1', resolve)
      })
    }),
  )
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80))
}

function serverFor(port: number, protocol: string, certificate: Certificate, answer: Answer): Server {
  if (protocol === 'http:') {
    return createServer((socket) => serveConnection(socket, (request) => answer(request, 'http', port)))
  }
  const secure = (request: WireRequest) => answer(request, 'https', port)
  if (port !== h2Port) {
    const options = { ...certificate, ALPNProtocols: ['http/1.1'] }
    return createTlsServer(options, (socket) => serveConnection(socket, secure))
  }
  const server = createSecureServer({ ...certificate, allowHTTP1: false })
  server.on('stream', (stream, headers) => serveStream(stream, headers, secure))
  return server
}

function serveStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  answer: (request: WireRequest) => WireResponse,
): void {
  const chunks: Buffer[] = []
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('end', () => {
    const method = String(headers[':method'])
    const lines = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      name.startsWith(':') ? [] : [[name, String(value)]],
    )
    lines.push(['host', String(headers[':authority'])])
    const request = { method, target: String(headers[':path']), headers: lines, body: Buffer.concat(chunks) }
    const response = answer(request)
    const sent: Record<string, string | string[]> = {}
    for (const [name, value] of response.headers) {
      const key = name.toLowerCase()
      const before = sent[key]
      sent[key] = before === undefined ? value.trim() : [before, value.trim()].flat()
    }
    // `sendDate` is what Node looks at; its types do not know.
    const options = { sendDate: false } as object
    stream.respond({ ':status': response.status, ...sent }, options)
    stream.end(method === 'HEAD' || bodiless(response.status) ? undefined : response.body)
  })
}
