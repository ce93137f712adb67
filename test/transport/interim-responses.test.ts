/** Responses of status 1xx come before the response, and are none: each way to send a request skips them. */
import http, { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { Agent } from 'undici'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openPage } from '../../src/page/open-page.js'
import { listenerTransport } from '../../src/transport/app-transport.js'
import { nodeHttpTransport } from '../../src/transport/node-http-transport.js'
import { undiciTransport } from '../../src/transport/undici-transport.js'

const interim: Readonly<Record<string, string[]>> = {
  '100': ['HTTP/1.1 100 Continue\r\n\r\n'],
  '100 without a reason, with a header': ['HTTP/1.1 100\r\nX-A: 1\r\n\r\n'],
  '100 twice': ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'],
  '100 in pieces': ['H', 'TTP/1.1 1', '00 Contin', 'ue\r\n\r', '\n'],
  '100 and 103': ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'],
  '102': ['HTTP/1.1 102 Processing\r\n\r\n'],
  '103': ['HTTP/1.1 103 Early Hints\r\nAccess-Control-Allow-Origin: *\r\nLink: </a>\r\n\r\n'],
  '199': ['HTTP/1.1 199 Later\r\n\r\n'],
}
const body = 'HTTP/1.1 100 Continue\r\n\r\n'
const head = `HTTP/1.1 200 OK\r\nX-Real: 1\r\nContent-Length: ${body.length}\r\n\r\n`

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Sends the pieces one after another before each response; connections stay open. */
async function serve(pieces: readonly string[]): Promise<string> {
  const sockets = new Set<{ destroy(): void }>()
  const server = createSocketServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', async () => {
      for (const piece of [...pieces, head, body]) {
        socket.write(piece)
        await new Promise((resolve) => setTimeout(resolve, 3))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.each([
  ['undici', () => undiciTransport()],
  ['node:http', () => nodeHttpTransport],
])('%s', (_name, transport) => {
  test.each(Object.entries(interim))('%s', async (_status, pieces) => {
    const url = await serve(pieces)
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const content = method === 'POST' ? new TextEncoder().encode('x') : null
      const response = await transport().send({ method, url, headers: [], body: content })
      expect(response.status).toBe(200)
      expect(response.headers[0]).toEqual(['X-Real', '1'])
      // What the body says is nobody's head.
      const text = await new Response((response.body ?? (await response.bytes?.())) as never).text()
      expect(text).toBe(body)
    }
  })
})

test('responses of status 100 without end are not kept', async () => {
  const server = createSocketServer((socket) => {
    const many = interim['100']?.join('').repeat(2000) as string
    const flood = (): void => {
      while (!socket.destroyed && socket.write(many));
    }
    socket
      .on('error', () => {})
      .on('data', flood)
      .on('drain', flood)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const concat = vi.spyOn(Buffer, 'concat')
  closing.push(() => concat.mockRestore())
  const sending = undiciTransport().send({
    method: 'GET',
    url,
    headers: [],
    signal: AbortSignal.timeout(300),
  })
  await expect(sending).rejects.toThrow(/time ran out/)
  const longest = Math.max(0, ...concat.mock.results.map(({ value }) => (value as Buffer).length))
  expect(longest).toBeLessThan(2 * 65536)
})

const apps: Readonly<Record<string, RequestListener>> = {
  '100': (_request, response) => {
    response.writeContinue()
    response.end('x')
  },
  '102': (_request, response) => {
    response.writeProcessing()
    response.end('x')
  },
  '103': (_request, response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' })
    response.end('x')
  },
}

describe.each(Object.entries(apps))('an app in this process that sends %s', (_status, app) => {
  const answering: RequestListener = (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    app(request, response)
  }

  test('as a listener and as a server', async () => {
    for (const given of [answering, createServer(answering)]) {
      const transport = listenerTransport(given)
      closing.push(() => transport.close())
      const response = await transport.send({ method: 'POST', url: 'https://api.example/', headers: [] })
      expect(response.status).toBe(200)
    }
  })

  test('to a page', async () => {
    const page = openPage('https://app.example', {
      servers: { 'https://api.example': { listener: answering } },
    })
    closing.push(() => page.close())
    const response = await page.fetch('https://api.example/', { method: 'POST', body: 'x' })
    expect([response.status, await response.text()]).toEqual([200, 'x'])
  })
})

test('a dispatcher of the user, which refuses 100, is told from a broken connection', async () => {
  const dispatcher = new Agent()
  closing.push(() => dispatcher.destroy())
  const url = await serve(interim['100'] as string[])
  await expect(undiciTransport({ dispatcher }).send({ method: 'GET', url, headers: [] })).rejects.toThrow(
    /sent a response of status 100 that nobody asked for/,
  )
})

test('the same agent, a head that only begins like it', async () => {
  const server = http.createServer((_request, response) => response.writeHead(200, '100 Continue').end('ok'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await expect(undiciTransport().send({ method: 'GET', url, headers: [] })).resolves.toMatchObject({
    status: 200,
  })
})
