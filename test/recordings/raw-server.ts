/** An HTTP/1.1 server over plain sockets: any method, any header bytes, exactly the lines it is told to send. */

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

export interface RawResponse {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | Buffer
  /** Interim responses that go ahead of it. */
  readonly prelude?: readonly (readonly [number, readonly (readonly [string, string])[]])[] | undefined
  /** Milliseconds before it is sent. */
  readonly delay?: number | undefined
}

export interface RawServer {
  readonly address: string
  close(): void
}

/** Starts it on a loopback port of the system's choice. */
export async function startRawServer(answer: (request: RawRequest) => RawResponse): Promise<RawServer> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let buffer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk])
      for (;;) {
        const parsed = parseRequest(buffer)
        if (parsed === null) return
        buffer = buffer.subarray(parsed.end)
        const response = answer(parsed.request)
        const bytes = bytesOf(response, parsed.request.method)
        // At once: a second small packet would wait for the acknowledgement of the first.
        if (response.delay === undefined) socket.write(bytes)
        else setTimeout(() => socket.writable && socket.write(bytes), response.delay)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function bytesOf(response: RawResponse, method: string): Buffer {
  const head = (status: number, headers: RawResponse['headers']): string =>
    [
      `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n')
  const heads = [...(response.prelude ?? []), [response.status, response.headers] as const]
  const bodiless = response.status === 204 || response.status === 304 || method === 'HEAD'
  return Buffer.concat([
    Buffer.from(heads.map(([status, headers]) => head(status, headers)).join(''), 'latin1'),
    bodiless ? Buffer.alloc(0) : Buffer.from(response.body as string, 'utf8'),
  ])
}

function parseRequest(buffer: Buffer): { request: RawRequest; end: number } | null {
  const headEnd = buffer.indexOf('\r\n\r\n')
  if (headEnd === -1) return null
  const [requestLine = '', ...rest] = buffer.subarray(0, headEnd).toString('latin1').split('\r\n')
  const [method = '', target = ''] = requestLine.split(' ')
  const headers = rest.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const value = (name: string): string | undefined =>
    headers.find(([other]) => other.toLowerCase() === name)?.[1]
  const start = headEnd + 4
  if (value('transfer-encoding') === 'chunked') {
    const last = buffer.indexOf('0\r\n\r\n', start)
    if (last === -1) return null
    return { request: { method, target, headers, body: buffer.subarray(start, last) }, end: last + 5 }
  }
  const length = Number(value('content-length') ?? 0)
  if (buffer.length < start + length) return null
  return {
    request: { method, target, headers, body: buffer.subarray(start, start + length) },
    end: start + length,
  }
}

/** The reason phrases the recorder's server sent. */
const REASONS: Readonly<Record<number, string>> = {}
