import { createServer, type IncomingMessage } from 'node:http'
import { Server as HttpsServer } from 'node:https'
import { describe, expect, test, vi } from 'vitest'
import { fetchHandlerTransport, listenerTransport } from '../../src/transport/app-transport.js'
import type { Transport, TransportRequest } from '../../src/transport/transport.js'

const request: TransportRequest = {
  method: 'PUT',
  url: 'https://api.example.com/orders?page=2#top',
  headers: [
    ['Origin', 'https://app.example.com'],
    ['Cookie', 'a=b'],
  ],
  body: new TextEncoder().encode('body'),
}

async function text(transport: Transport, sent = request): Promise<string> {
  return new Response((await transport.send(sent)).body).text()
}

const show = (incoming: IncomingMessage): string =>
  [
    incoming.method,
    incoming.headers.host,
    incoming.url,
    incoming.headers.origin,
    incoming.headers['content-length'],
  ].join(' ')
const SHOWN = 'PUT api.example.com /orders?page=2 https://app.example.com 4'

describe('listenerTransport', () => {
  test('sends every URL to the listener, with the URL\u2019s Host', async () => {
    const listener = vi.fn((incoming, response) => response.end(show(incoming)))
    const transport = listenerTransport(listener)
    expect(await text(transport)).toBe(SHOWN)
    expect(listenerTransport(listener)).toBe(transport)
    await transport.close()
    expect(await text(transport)).toBe(SHOWN)
    await transport.close()
  })

  test('keeps duplicate lines and raw bytes', async () => {
    const transport = listenerTransport((_request, response) => {
      response.writeHead(200, ['Access-Control-Allow-Origin', '*', 'Access-Control-Allow-Origin', 'h\xe9'])
      response.end()
    })
    const { headers } = await transport.send({ ...request, method: 'GET', body: null })
    expect(headers.slice(0, 2)).toEqual([
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Allow-Origin', 'h\xe9'],
    ])
    await transport.close()
  })

  test('lets a Host that was given win', async () => {
    const transport = listenerTransport((incoming, response) => response.end(incoming.headers.host))
    expect(await text(transport, { ...request, headers: [['host', 'other.example']] })).toBe('other.example')
    await transport.close()
  })

  test('takes a server that does not listen, which can listen later', async () => {
    const server = createServer((incoming, response) => response.end(show(incoming)))
    const transport = listenerTransport(server)
    expect(await text(transport)).toBe(SHOWN)
    expect(server.listening).toBe(false)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    expect(await text(transport)).toBe(SHOWN)
    await transport.close()
    expect(server.listening).toBe(true)
    server.close()
  })

  test('takes an https.Server, without its certificate', async () => {
    const server = new HttpsServer({}, (incoming, response) => response.end(show(incoming)))
    const transport = listenerTransport(server)
    expect(await text(transport)).toBe(SHOWN)
    await transport.close()
  })

  test('ends with the signal', async () => {
    const transport = listenerTransport(() => {})
    await expect(transport.send({ ...request, signal: AbortSignal.timeout(20) })).rejects.toThrow(
      /time ran out/,
    )
    await transport.close()
  })

  test('runs requests side by side', async () => {
    const transport = listenerTransport((incoming, response) =>
      setTimeout(() => response.end(incoming.url), 10),
    )
    const urls = Array.from({ length: 10 }, (_, i) => `https://api.example.com/${i}`)
    const answers = await Promise.all(urls.map((url) => text(transport, { method: 'GET', url, headers: [] })))
    expect(answers).toEqual(urls.map((url) => new URL(url).pathname))
    await transport.close()
  })
})

describe('fetchHandlerTransport', () => {
  test('gives the handler what a server would see', async () => {
    const transport = fetchHandlerTransport(async (given) =>
      Response.json([
        given.method,
        given.url,
        given.headers.get('host'),
        given.headers.get('origin'),
        given.headers.get('cookie'),
        given.headers.get('content-length'),
        await given.text(),
      ]),
    )
    expect(JSON.parse(await text(transport))).toEqual([
      'PUT',
      'https://api.example.com/orders?page=2',
      'api.example.com',
      'https://app.example.com',
      'a=b',
      '4',
      'body',
    ])
  })

  test('uses Node\u2019s Request where the environment\u2019s drops what browsers forbid', async () => {
    const NodeRequest = globalThis.Request
    vi.stubGlobal(
      'Request',
      class extends NodeRequest {
        constructor(input: string | URL | Request, init?: RequestInit) {
          super(input, init)
          this.headers.delete('origin')
        }
      },
    )
    try {
      const transport = fetchHandlerTransport((given) => new Response(given.headers.get('origin')))
      expect(await text(transport, { ...request, method: 'GET', body: null })).toBe('https://app.example.com')
    } finally {
      vi.unstubAllGlobals()
    }
  })

  test('keeps cookies apart', async () => {
    const headers = new Headers([
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['Vary', 'Origin'],
      ['Vary', 'Accept'],
    ])
    const response = await fetchHandlerTransport(() => new Response(null, { status: 204, headers })).send(
      request,
    )
    expect(response).toMatchObject({ status: 204, statusText: 'No Content', body: null })
    expect(response.headers).toEqual([
      ['vary', 'Origin, Accept'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
  })

  test.each([
    [
      'threw',
      () => {
        throw new Error('broken')
      },
      /the fetch handler threw Error: broken/,
    ],
    ['is no Response', () => 'text' as unknown as Response, /returned a string where a Response is expected/],
    ['undefined', () => undefined as unknown as Response, /returned undefined where/],
    ['Response.error()', () => Response.error(), /status 0 \(Response\.error\(\)\)/],
    ['never', () => new Promise<Response>(() => {}), /time ran out/],
  ])('is no verdict where the handler\u2019s answer is none: %s', async (_name, handler, message) => {
    const transport = fetchHandlerTransport(handler)
    await expect(transport.send({ ...request, signal: AbortSignal.timeout(20) })).rejects.toThrow(message)
  })
})
