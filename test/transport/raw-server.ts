/** A server that answers with exact bytes and keeps the exact bytes it was sent. */
import { type AddressInfo, createServer } from 'node:net'

export interface RawServer {
  readonly url: string
  /** Every request so far, one character per byte. */
  readonly requests: string[]
  close(): Promise<void>
}

/** @param answer one character per byte; null closes the connection without one */
export async function rawServer(answer: string | null): Promise<RawServer> {
  const requests: string[] = []
  const server = createServer((socket) => {
    let received = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (!isComplete(received)) return
      requests.push(received)
      if (answer === null) socket.destroy()
      else socket.end(Buffer.from(answer, 'latin1'))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function isComplete(request: string): boolean {
  const end = request.indexOf('\r\n\r\n')
  if (end === -1) return false
  if (/^transfer-encoding: chunked/im.test(request)) return request.endsWith('0\r\n\r\n')
  const length = /^content-length: (\d+)/im.exec(request)?.[1] ?? '0'
  return request.length >= end + 4 + Number(length)
}

/** An answer with these header lines. */
export function answer(lines: readonly string[], status = '200 OK', body = 'ok'): string {
  return `HTTP/1.1 ${status}\r\n${[...lines, `Content-Length: ${body.length}`, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`
}
