/**
 * A small HTTP/1.1 server on a socket, because Node's own refuses methods it does not know and rewrites header lines: the lines
 * of a response go out as given, in their order, duplicates and white space kept.
 */
import type { Socket } from 'node:net'

export interface WireRequest {
  readonly method: string
  /** As in the request line. */
  readonly target: string
  /** Header lines, one character per byte. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

export interface WireResponse {
  readonly status: number
  readonly reason: string
  /** One character per byte. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer | string
}

/** The value of a header, by lower-case name. */
export function headerOf(headers: WireRequest['headers'], name: string): string | undefined {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1]
}

/** Statuses that have no body, and so no `Content-Length`. */
export const bodiless = (status: number): boolean => status === 204 || status === 304

/** Serves one connection, request after request. */
export function serveConnection(socket: Socket, answer: (request: WireRequest) => WireResponse): void {
  let buffer = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk])
    // TLS where plain HTTP is spoken.
    if (buffer[0] === 0x16) socket.destroy()
    for (;;) {
      const parsed = parseRequest(buffer)
      if (parsed === null) return
      buffer = buffer.subarray(parsed.length)
      socket.write(serialize(parsed.request.method, answer(parsed.request)))
    }
  })
}

function serialize(method: string, { status, reason, headers, body }: WireResponse): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  const head = Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n`, 'latin1')
  return method === 'HEAD' || bodiless(status) ? head : Buffer.concat([head, Buffer.from(body)])
}

/** The first request in the buffer and how long it is; null when it is not all there. */
function parseRequest(buffer: Buffer): { request: WireRequest; length: number } | null {
  const end = buffer.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [requestLine = '', ...lines] = buffer.toString('latin1', 0, end).split('\r\n')
  const [method = '', target = ''] = requestLine.split(' ')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[\t ]+|[\t ]+$/g, '')]
  })
  const start = end + 4
  if (headerOf(headers, 'transfer-encoding')?.toLowerCase() === 'chunked') {
    const body = parseChunks(buffer, start)
    return body && { request: { method, target, headers, body: body.data }, length: body.end }
  }
  const length = Number(headerOf(headers, 'content-length') ?? 0)
  if (buffer.length < start + length) return null
  return {
    request: { method, target, headers, body: buffer.subarray(start, start + length) },
    length: start + length,
  }
}

function parseChunks(buffer: Buffer, start: number): { data: Buffer; end: number } | null {
  const chunks: Buffer[] = []
  for (let at = start; ; ) {
    const line = buffer.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(buffer.toString('latin1', at, line), 16)
    const next = line + 2 + size + 2
    if (buffer.length < next) return null
    if (size === 0) return { data: Buffer.concat(chunks), end: next }
    chunks.push(buffer.subarray(line + 2, line + 2 + size))
    at = next
  }
}
