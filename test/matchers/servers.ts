/** Servers that tests ask, and what they were asked. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export const APP = 'https://app.example.com'
export const EVIL = 'https://evil.example'

/** The headers of CORS. */
export const ALLOW = 'Access-Control-Allow-Origin'
export const CREDENTIALS = 'Access-Control-Allow-Credentials'
export const METHODS = 'Access-Control-Allow-Methods'
export const HEADERS = 'Access-Control-Allow-Headers'
export const EXPOSE = 'Access-Control-Expose-Headers'
export const AGE = 'Access-Control-Max-Age'

/** A handler that gives one answer to everything, and keeps what it was asked. */
export function answering(
  status: number,
  headers: Record<string, string> | [string, string][] = {},
): ((request: Request) => Response) & { readonly requests: Request[] } {
  const requests: Request[] = []
  const handler = (request: Request): Response => {
    requests.push(request)
    return new Response(null, { status, headers })
  }
  return Object.assign(handler, { requests })
}

/** A handler that responds to preflights in one way and all else in another. */
export function preflighting(
  preflight: Record<string, string>,
  answer: Record<string, string> = { 'Access-Control-Allow-Origin': '*' },
  status = 204,
): ((request: Request) => Response) & { readonly requests: Request[] } {
  const requests: Request[] = []
  const handler = (request: Request): Response => {
    requests.push(request)
    return request.method === 'OPTIONS'
      ? new Response(null, { status, headers: preflight })
      : new Response('{}', { headers: answer })
  }
  return Object.assign(handler, { requests })
}

/** A request as a server got it. */
export interface Received {
  readonly line: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface Listening {
  readonly url: string
  readonly received: Received[]
}

/** A server on this machine, until the test ends. */
export async function listen(listener: RequestListener): Promise<Listening> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        line: `${request.method} ${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks),
      })
      listener(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}

/** A port that nothing listens at. */
export async function deadUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
