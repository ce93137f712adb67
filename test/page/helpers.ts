/** Pages and servers for the tests of the page. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openPage, type Page, type PageLocation, type PageOptions } from 'expect-cors'
import { onTestFinished } from 'vitest'

/** Closed after the test. */
export function closing<T extends { close(): unknown }>(one: T): T {
  onTestFinished(async () => {
    await one.close()
  })
  return one
}

/** A page that is closed after the test. */
export function open(location: string | PageLocation, options?: PageOptions): Page {
  return closing(openPage(location, options))
}

/** A request as a server saw it. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A listener that keeps what it saw and answers after reading the body. */
export function recorder(
  answer: (request: Seen, response: ServerResponse) => void,
): RequestListener & { readonly seen: Seen[] } {
  const seen: Seen[] = []
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(chunks).toString('latin1') }
      seen.push(one)
      answer(one, response)
    })
  }
  return Object.assign(listener, { seen })
}

/** Allows everything, with credentials. */
export function allowAll({ headers }: Seen): Record<string, string> {
  const { origin } = headers
  const asked = headers['access-control-request-headers']
  return {
    ...(origin === undefined
      ? {}
      : { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' }),
    'Access-Control-Allow-Methods': headers['access-control-request-method'] ?? 'GET',
    ...(asked === undefined ? {} : { 'Access-Control-Allow-Headers': asked }),
    'Content-Type': 'application/json',
  }
}

/** A server that listens on a port of this machine until the test is over. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing({
    close() {
      server.closeAllConnections()
      server.close()
    },
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const app = 'https://app.example.com'
export const api = 'https://api.example.com'
