import { getEventListeners } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { ProxyAgent } from 'undici'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nodeHttpTransport } from '../../src/transport/node-http-transport.js'
import type { Transport } from '../../src/transport/transport.js'
import { undiciTransport } from '../../src/transport/undici-transport.js'
import { answer, type RawServer, rawServer } from './raw-server.js'

const transports: [string, Transport][] = [
  ['undici', undiciTransport()],
  ['node:http', nodeHttpTransport],
]

function streamOf(chunk: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(chunk)
      controller.close()
    },
  })
}

/** What a polyfill makes: the methods of a stream, but none of Node's making. */
function foreignStream(texts: readonly string[]): ReadableStream<Uint8Array> {
  const chunks = texts.map((text) => new TextEncoder().encode(text))
  const read = async (): Promise<{ done: boolean; value: Uint8Array | undefined }> => {
    const value = chunks.shift()
    return { done: value === undefined, value }
  }
  return { getReader: () => ({ read, releaseLock() {}, async cancel() {} }) } as unknown as ReadableStream
}

const servers: Pick<RawServer, 'close'>[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
async function serve(bytes: string | null): Promise<RawServer> {
  const server = await rawServer(bytes)
  servers.push(server)
  return server
}

describe.each(transports)('%s', (_name, transport) => {
  test('keeps duplicate lines, their case, their order and their bytes', async () => {
    const server = await serve(
      answer([
        'Access-Control-Allow-Origin: *',
        'X-Name: h\xe9 \xc3\xa9',
        'access-control-allow-origin: https://a.example',
        'Set-Cookie: a=1',
        'Set-Cookie: b=2',
      ]),
    )
    const response = await transport.send({ method: 'GET', url: server.url, headers: [] })
    expect(response.status).toBe(200)
    expect(response.statusText).toBe('OK')
    expect(response.headers.slice(0, 5)).toEqual([
      ['Access-Control-Allow-Origin', '*'],
      ['X-Name', 'h\xe9 \xc3\xa9'],
      ['access-control-allow-origin', 'https://a.example'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ])
    expect(await new Response(response.body).text()).toBe('ok')
  })

  test.each([
    ['one long line', [`X-Long: ${'a'.repeat(255 * 1024)}`]],
    ['many lines', Array.from({ length: 5000 }, (_, index) => `X-${index}: ${'a'.repeat(30)}`)],
  ])('reads heads of up to 256 KiB: %s', async (_kind, lines) => {
    const server = await serve(answer(lines))
    const response = await transport.send({ method: 'GET', url: server.url, headers: [] })
    await response.body?.cancel()
    expect(response.headers.slice(0, lines.length).map((line) => line.join(': '))).toEqual(lines)
  })

  test('sends headers that objects have members called like', async () => {
    const server = await serve(answer([]))
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']
    const headers = names.map((name): [string, string] => [name, `value of ${name}`])
    const response = await transport.send({ method: 'GET', url: server.url, headers })
    await response.body?.cancel()
    for (const [name, value] of headers) expect(server.requests[0]).toContain(`\r\n${name}: ${value}\r\n`)
  })

  test.each<[string, () => Uint8Array | ReadableStream<Uint8Array>]>([
    ['bytes', () => runInNewContext('new Uint8Array([97, 98, 99])') as Uint8Array],
    ['a part of a buffer', () => new Uint8Array([0, 97, 98, 99, 0]).subarray(1, 4)],
    ['a polyfill\u2019s stream', () => foreignStream(['a', 'bc'])],
    [
      'a stream of another realm\u2019s bytes',
      () => streamOf(runInNewContext('new Uint8Array([97, 98, 99])')),
    ],
  ])('sends a body of another realm: %s', async (_kind, make) => {
    const server = await serve(answer([]))
    const response = await transport.send({ method: 'POST', url: server.url, headers: [], body: make() })
    await response.body?.cancel()
    expect(server.requests[0]?.replace(/\r\n[0-9a-f]+\r\n/g, '')).toMatch(/abc|a.*bc/s)
  })

  test('sends header lines as they are given', async () => {
    const server = await serve(answer([]))
    const response = await transport.send({
      method: 'OPTIONS',
      url: `${server.url}/a%20b?c=d#e`,
      headers: [
        ['Host', 'api.example.com'],
        ['Origin', 'https://app.example.com'],
        ['Access-Control-Request-Method', 'PUT'],
        ['Access-Control-Request-Headers', 'authorization,content-type'],
        ['X-Twice', '1'],
        ['X-Twice', 'h\xe9'],
      ],
    })
    await response.body?.cancel()
    const [request = ''] = server.requests
    expect(request).toMatch(/^OPTIONS \/a%20b\?c=d HTTP\/1\.1\r\n/)
    expect(request.match(/^host: .*$/gim)).toEqual([expect.stringMatching(/^host: api\.example\.com$/i)])
    expect(request).toContain('\r\nOrigin: https://app.example.com\r\n')
    expect(request).toContain('\r\nAccess-Control-Request-Method: PUT\r\n')
    expect(request).toContain('\r\nAccess-Control-Request-Headers: authorization,content-type\r\n')
    expect(request).toContain('\r\nX-Twice: 1\r\nX-Twice: h\xe9\r\n')
    expect(request).not.toMatch(/^(content-length|transfer-encoding|accept-encoding|user-agent):/im)
  })

  test.each([
    ['PUT', new TextEncoder().encode('h\u00e9'), /^content-length: 3\r\n/im],
    ['DELETE', new TextEncoder().encode('abc'), /^content-length: 3\r\n/im],
    ['POST', null, /^content-length: 0\r\n/im],
    ['POST', new Blob(['abc']).stream(), /^transfer-encoding: chunked\r\n/im],
  ])('frames the body of %s', async (method, body, framing) => {
    const server = await serve(answer([]))
    const response = await transport.send({ method, url: server.url, headers: [], body })
    await response.body?.cancel()
    expect(server.requests[0]).toMatch(framing)
  })

  test('sends a method as it is written', async () => {
    const server = await serve(answer([]))
    await (await transport.send({ method: 'patch', url: server.url, headers: [] })).body?.cancel()
    expect(server.requests[0]).toMatch(/^patch \//)
  })

  test('sends no user info', async () => {
    const server = await serve(answer([]))
    const url = server.url.replace('//', '//user:secret@')
    await (await transport.send({ method: 'GET', url, headers: [] })).body?.cancel()
    expect(server.requests[0]).not.toMatch(/authorization|secret/i)
  })

  test('follows no redirect', async () => {
    const server = await serve(answer(['Location: /elsewhere'], '302 Found'))
    const response = await transport.send({ method: 'GET', url: server.url, headers: [] })
    expect(response.status).toBe(302)
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\n\r\n'],
  ])('gives no body for %s answered by %j', async (method, bytes) => {
    const server = await serve(bytes)
    const response = await transport.send({ method, url: server.url, headers: [] })
    expect(response.body).toBeNull()
  })

  test('leaves compressed bodies as they are', async () => {
    const server = await serve(answer(['Content-Encoding: gzip'], '200 OK', '\x1f\x8b not really'))
    const response = await transport.send({ method: 'GET', url: server.url, headers: [] })
    const bytes = new Uint8Array(await new Response(response.body).arrayBuffer())
    expect([...bytes.slice(0, 2)]).toEqual([0x1f, 0x8b])
  })

  test('reads a large body through back-pressure', async () => {
    const server = createHttpServer((_request, response) => response.end(Buffer.alloc(3_000_000, 'x')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const response = await transport.send({ method: 'GET', url: `http://127.0.0.1:${port}`, headers: [] })
    expect((await new Response(response.body).arrayBuffer()).byteLength).toBe(3_000_000)
    server.close()
  })

  describe('says why there is no answer', () => {
    const send = (url: string, signal?: AbortSignal): Promise<unknown> =>
      transport.send({ method: 'GET', url, headers: [], signal })

    test('nothing listens', async () => {
      const server = await rawServer(null)
      await server.close()
      const url = server.url.replace('//', '//user:pass@')
      await expect(send(`${url}/?api_key=123`)).rejects.toMatchObject({
        name: 'CorsNetworkError',
        code: 'ECONNREFUSED',
        message: `GET ${server.url.replace('//', '//[redacted]@')}/?api_key=[redacted] got no response: nothing listens at ${server.url.slice(7)} (ECONNREFUSED); is the server started, and on this port?`,
        cause: expect.any(Error),
        [Symbol.for('expect-cors.CorsNetworkError')]: true,
      })
    })

    test('the connection was closed', async () => {
      const server = await serve(null)
      await expect(send(server.url)).rejects.toThrow(/closed the connection before it responded/)
    })

    test('what came is no HTTP', async () => {
      const server = await serve('SSH-2.0-OpenSSH_9.6\r\n')
      await expect(send(server.url)).rejects.toThrow(/is not a valid HTTP\/1\.1 response \(.*Expected HTTP\//)
    })

    test('the port speaks https', async () => {
      // An alert of TLS.
      const server = await serve('\x15\x03\x01\x00\x02\x02\x46')
      await expect(send(server.url)).rejects.toThrow(
        `the port speaks https: ask https://${new URL(server.url).host}`,
      )
    })

    test('the head of the response is too long', async () => {
      const server = await serve(answer([`X-Long: ${'a'.repeat(256 * 1024)}`]))
      await expect(send(server.url)).rejects.toThrow(/head of the response is too long.*256 KiB/)
    })

    test('time ran out', async () => {
      const server = createHttpServer(() => {})
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      await expect(send(`http://127.0.0.1:${port}`, AbortSignal.timeout(50))).rejects.toThrow(/time ran out/)
      await expect(send(`http://127.0.0.1:${port}`, AbortSignal.abort())).rejects.toThrow(/it was aborted/)
      server.closeAllConnections()
      server.close()
    })

    test('the name is not known', async () => {
      await expect(send('http://no-such-host.invalid/')).rejects.toThrow(
        /no-such-host\.invalid could not be resolved/,
      )
    })

    test('the body breaks off', async () => {
      const server = await serve('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort')
      const response = await transport.send({ method: 'GET', url: server.url, headers: [] })
      await expect(new Response(response.body).text()).rejects.toMatchObject({
        name: 'CorsNetworkError',
        message: expect.stringMatching(
          /got no full response: .*closed the connection before the body was complete/,
        ),
      })
    })
  })
})

describe('a response that nobody has read', () => {
  const transport = undiciTransport()

  async function served(body: Buffer): Promise<{ url: string; sockets: Set<Socket> }> {
    const sockets = new Set<Socket>()
    const server = createHttpServer((_request, response) => response.end(body))
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push({
      close: async () => {
        server.closeAllConnections()
        server.close()
      },
    })
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets }
  }

  test('keeps its connection waiting where it is long', async () => {
    const { url, sockets } = await served(Buffer.alloc(30_000_000, 'x'))
    const response = await transport.send({ method: 'GET', url, headers: [] })
    const [socket] = sockets
    const before = socket?.writableLength
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(socket?.writableLength).toBeGreaterThan(1_000_000)
    expect(before).toBeGreaterThan(1_000_000)
    expect((await response.bytes?.())?.byteLength).toBe(30_000_000)
  })

  test('closes its connection where it is let go', async () => {
    const { url, sockets } = await served(Buffer.alloc(30_000_000, 'x'))
    const response = await transport.send({ method: 'GET', url, headers: [] })
    await response.body?.cancel()
    await vi.waitFor(() => expect(sockets.size).toBe(0))
  })

  test('is lost when its signal aborts, though all of it is there', async () => {
    const { url } = await served(Buffer.from('all of it'))
    const ending = new AbortController()
    const response = await transport.send({ method: 'GET', url, headers: [], signal: ending.signal })
    await new Promise((resolve) => setTimeout(resolve, 50))
    ending.abort()
    await expect(response.bytes?.()).rejects.toThrow(/it was aborted/)
  })

  test('leaves nobody listening to its signal once it is read', async () => {
    const { url } = await served(Buffer.from('all of it'))
    const { signal } = new AbortController()
    const send = (method = 'GET') => transport.send({ method, url, headers: [], signal })
    const responses = await Promise.all([send(), send()])
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    await Promise.all(responses.map((response) => response.bytes?.()))
    await send('HEAD')
    await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toHaveLength(0))
  })
})

test('a stream that cannot be sent is cancelled', async () => {
  const server = await rawServer(null)
  await server.close()
  let reason: unknown
  const body = new ReadableStream<Uint8Array>({
    cancel(given) {
      reason = given
    },
  })
  await expect(
    undiciTransport().send({ method: 'POST', url: server.url, headers: [], body }),
  ).rejects.toThrow(/nothing listens/)
  await vi.waitFor(() => expect(reason).toMatchObject({ code: 'ECONNREFUSED' }))
})

test('everything below localhost is this machine', async () => {
  const server = await serve(answer([]))
  const { port } = new URL(server.url)
  for (const [, transport] of transports) {
    const url = `http://api.localhost:${port}/`
    await (await transport.send({ method: 'GET', url, headers: [] })).body?.cancel()
  }
  expect(server.requests[0]).toMatch(/^host: api\.localhost:/im)
})

describe('a proxy in the environment', () => {
  beforeEach(() => {
    for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']) {
      vi.stubEnv(name, undefined)
    }
  })
  afterEach(() => vi.unstubAllEnvs())

  const ask = (url: string, dispatcher?: unknown): Promise<unknown> =>
    undiciTransport(dispatcher === undefined ? {} : { dispatcher }).send({ method: 'GET', url, headers: [] })

  describe.each(['http', 'https'])('that cannot be reached, for %s', (scheme) => {
    const url = `${scheme}://api.example.com/`

    test('is named as the proxy', async () => {
      const dead = await rawServer(null)
      await dead.close()
      const { port } = new URL(dead.url)
      vi.stubEnv(`${scheme.toUpperCase()}_PROXY`, `http://user:secret@127.0.0.1:${port}`)
      await expect(ask(url)).rejects.toMatchObject({
        message: `GET ${url} got no response: nothing listens at the proxy http://127.0.0.1:${port} (HTTP_PROXY or HTTPS_PROXY) (ECONNREFUSED)`,
        code: 'ECONNREFUSED',
      })
      await expect(ask(url, new ProxyAgent(`http://127.0.0.1:${port}`))).rejects.toThrow(
        `nothing listens at the proxy at 127.0.0.1:${port} (ECONNREFUSED)`,
      )
      await expect(ask(`http://127.0.0.1:${port}/`)).rejects.toThrow(/nothing listens at 127\.0\.0\.1:\d+ \(/)
    })

    test('does not hold a request beyond its signal', async () => {
      const silent = createSocketServer()
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
      vi.stubEnv(
        `${scheme.toUpperCase()}_PROXY`,
        `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      )
      const sending = undiciTransport().send({
        method: 'GET',
        url,
        headers: [],
        signal: AbortSignal.timeout(50),
      })
      await expect(sending).rejects.toThrow(/time ran out/)
      silent.close()
    })

    test.each([
      '127.0.0.1:8080',
      'proxy',
      'http://user:secret@not a url',
      'http://user:secret/x?@127.0.0.1',
      '//proxy',
    ])('is no URL: %s', async (proxy) => {
      vi.stubEnv(`${scheme.toUpperCase()}_PROXY`, proxy)
      const error = (await ask(url).catch((reason: unknown) => reason)) as Error
      expect(error).toMatchObject({
        name: 'CorsUsageError',
        message: expect.stringMatching(/^HTTPS?_PROXY must be the URL of a proxy, such as http:/),
      })
      expect(inspect(error)).not.toContain('secret')
    })

    test('nor its name be resolved', async () => {
      vi.stubEnv(`${scheme.toUpperCase()}_PROXY`, 'http://no-such-proxy.invalid:3128')
      await expect(ask(url)).rejects.toThrow(
        /the name of the proxy http:\/\/no-such-proxy\.invalid:3128 .* resolved/,
      )
    })

    test('or closes the connection', async () => {
      const proxy = await serve(null)
      vi.stubEnv(`${scheme.toUpperCase()}_PROXY`, proxy.url)
      await expect(ask(url)).rejects.toThrow(/closed the connection/)
    })

    test('or refuses', async () => {
      const proxy = await serve(answer([], '407 Proxy Authentication Required'))
      vi.stubEnv(`${scheme.toUpperCase()}_PROXY`, proxy.url)
      await expect(ask(url)).rejects.toThrow(
        /the proxy did not connect to api\.example\.com but responded with status 407: it requires a user name/,
      )
    })
  })

  test('is asked, but not for this machine or what NO_PROXY names', async () => {
    const proxy = await rawServer(answer([], '502 Bad Gateway'))
    servers.push(proxy)
    vi.stubEnv('HTTP_PROXY', proxy.url)
    vi.stubEnv('NO_PROXY', 'no-such-host.invalid')
    const direct = await serve(answer([]))
    await (await undiciTransport().send({ method: 'GET', url: direct.url, headers: [] })).body?.cancel()
    expect(proxy.requests).toEqual([])
    await expect(
      undiciTransport().send({ method: 'GET', url: 'http://no-such-host.invalid/', headers: [] }),
    ).rejects.toThrow(/could not be resolved/)
    expect(proxy.requests).toEqual([])
    const asked = undiciTransport().send({ method: 'GET', url: 'http://api.example.com/', headers: [] })
    await asked.then(
      (response) => response.body?.cancel(),
      () => {},
    )
    expect(proxy.requests[0]).toMatch(/api\.example\.com/)
  })
})
