/** What can stand behind an origin: apps in this process, local URLs, MSW handlers, and the network itself. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttp } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import cors from 'cors'
import { isCorsNetworkError, isCorsUsageError, openPage } from 'expect-cors'
import express from 'express'
import { HttpResponse, http } from 'msw'
import { Agent, MockAgent } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../browsers/certificate.js'
import { allowAll, api, app, closing, listen, open, recorder } from './helpers.js'

test('an Express app, asked as the origin it stands for', async () => {
  const server = express()
    .use(cors({ origin: app, credentials: true, exposedHeaders: 'X-Total-Count' }))
    .get('/orders', (request, response) => {
      response
        .set('X-Total-Count', '2')
        .set('X-Secret', '1')
        .json({ host: request.get('host'), orders: [] })
    })
    .put('/orders/:id', express.json(), (request, response) => {
      response.json({ id: request.params.id, ...(request.body as object) })
    })
  const page = open(`${app}/shop`, { servers: { [api]: server } })
  const response = await page.fetch(`${api}/orders`, { credentials: 'include' })
  expect(response.type).toBe('cors')
  expect(response.url).toBe(`${api}/orders`)
  expect([...response.headers.keys()].filter((name) => name.startsWith('x-'))).toEqual(['x-total-count'])
  expect(await response.json()).toEqual({ host: 'api.example.com', orders: [] })
  const put = await page.fetch(`${api}/orders/7`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: '{"amount":3}',
  })
  expect(await put.json()).toEqual({ id: '7', amount: 3 })
})

test('a listener, an http.Server and a fetch handler', async () => {
  const listener = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end('listener'))
  const server = createHttp((_request, response) => {
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('server')
  })
  const page = open(app, {
    servers: {
      'https://one.example': { listener },
      'https://two.example': server,
      'https://three.example': {
        fetch: (request: Request) =>
          new Response(`handler, ${request.headers.get('origin')}`, {
            headers: { 'Access-Control-Allow-Origin': '*' },
          }),
      },
      'https://four.example': async () =>
        new Response('function', { headers: { 'Access-Control-Allow-Origin': '*' } }),
    },
  })
  const text = async (url: string): Promise<string> => (await page.fetch(url)).text()
  expect(await text('https://one.example/')).toBe('listener')
  expect(listener.seen[0]?.headers).toMatchObject({ host: 'one.example', origin: app })
  expect(await text('https://two.example/')).toBe('server')
  expect(await text('https://three.example/')).toBe(`handler, ${app}`)
  expect(await text('https://four.example/')).toBe('function')
})

test('a local URL that stands for an origin, with a path of its own', async () => {
  const listener = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end('ok'))
  const address = await listen(listener)
  const page = open(app, { servers: { [api]: `${address}/v1/`, 'https://other.example': new URL(address) } })
  const response = await page.fetch(`${api}/orders?page=2#top`)
  expect(await response.text()).toBe('ok')
  expect(response.url).toBe(`${api}/orders?page=2`)
  await page.fetch('https://other.example/')
  expect(listener.seen.map(({ url, headers }) => [headers.host, url])).toEqual([
    ['api.example.com', '/v1/orders?page=2'],
    ['other.example', '/'],
  ])
})

test('the page itself may be served, too', async () => {
  const page = open(`${app}/shop`, { servers: { [app]: () => new Response('own') } })
  const response = await page.fetch('/orders')
  expect([response.type, await response.text()]).toEqual(['basic', 'own'])
})

describe('a host that is not among servers', () => {
  const servers = { [api]: () => new Response('api'), 'https://cdn.example.com': () => new Response('cdn') }

  test.each([
    ['https://ap.example.com/orders', "'https://ap.example.com'"],
    ['/orders?token=abc', "'https://app.example.com', the page's own origin,"],
  ])('%s is an error of the test that names those there are', async (url, named) => {
    const page = open(app, { servers })
    for (const asking of [page.fetch(url, { mode: 'no-cors' }), page.inspect(url, { mode: 'no-cors' })]) {
      const error = await asking.catch((reason: Error) => reason)
      expect(isCorsUsageError(error)).toBe(true)
      expect((error as Error).message).toContain(`nothing serves ${named}`)
      expect((error as Error).message).toContain(
        "which has 'https://api.example.com' and 'https://cdn.example.com'",
      )
      expect((error as Error).message).toContain('network: true')
      expect((error as Error).message).not.toContain('abc')
    }
  })

  test('nor is one that a redirect leads to', async () => {
    const page = open(app, {
      servers: {
        [api]: () =>
          new Response(null, {
            status: 302,
            headers: { Location: 'https://else.example/', 'Access-Control-Allow-Origin': '*' },
          }),
      },
    })
    await expect(page.fetch(api)).rejects.toThrow("nothing serves 'https://else.example'")
  })

  test('is reached over the network with network: true, with a dispatcher, and without servers', async () => {
    const address = await listen(
      recorder((seen, response) => response.writeHead(200, allowAll(seen)).end('ok')),
    )
    const dispatcher = closing(new Agent())
    const outcomes = await Promise.all(
      [
        { servers },
        { servers: {} },
        { network: false },
        { servers, dispatcher, network: false },
        { servers, network: true },
        { servers, dispatcher },
        {},
      ].map((options) =>
        open('http://localhost', options)
          .fetch(address)
          .then(
            () => 'reached',
            (error: unknown) => (isCorsUsageError(error) ? 'shut off' : error),
          ),
      ),
    )
    expect(outcomes).toEqual([
      'shut off',
      'shut off',
      'shut off',
      'shut off',
      'reached',
      'reached',
      'reached',
    ])
  })
})

test('MSW handlers; a request that none of them answers is an error that says so', async () => {
  const page = open(app, {
    servers: {
      [api]: [
        http.get(`${api}/orders`, () =>
          HttpResponse.json([1], { headers: { 'Access-Control-Allow-Origin': '*' } }),
        ),
      ],
    },
  })
  expect(await (await page.fetch(`${api}/orders`)).json()).toEqual([1])
  const refused = page.fetch(`${api}/orders`, { method: 'PUT' })
  await expect(refused).rejects.toThrow(TypeError)
  await expect(page.inspect(`${api}/orders`, { method: 'PUT' })).rejects.toThrow(
    /OPTIONS.*https:\/\/api\.example\.com\/orders/,
  )
})

test('the network: a server of this machine', async () => {
  const listener = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end('ok'))
  const address = await listen(listener)
  const page = open(`${address}/page`)
  const response = await page.fetch('data?x=1')
  expect([response.type, response.url, await response.text()]).toEqual(['basic', `${address}/data?x=1`, 'ok'])
  expect(listener.seen[0]?.headers).toMatchObject({
    referer: `${address}/page`,
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
  })
})

test('a dispatcher of the user, such as a MockAgent', async () => {
  const agent = closing(new MockAgent())
  agent.disableNetConnect()
  agent
    .get(api)
    .intercept({ path: '/orders' })
    .reply(200, 'mocked', { headers: { 'access-control-allow-origin': '*' } })
  const page = open(app, { dispatcher: agent })
  expect(await (await page.fetch(`${api}/orders`)).text()).toBe('mocked')
})

test('two pages share an app; closing one leaves the other alone', async () => {
  const listener = recorder((seen, response) => {
    setTimeout(() => response.writeHead(200, allowAll(seen)).end('ok'), 30)
  })
  const server = { listener }
  const one = openPage(app, { servers: { [api]: server } })
  const other = openPage(app, { servers: { [api]: server } })
  await one.fetch(api)
  const pending = other.fetch(api)
  await one.close()
  await one.close()
  expect(await (await pending).text()).toBe('ok')
  await other.close()
})

describe('https and HTTP/2', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-page-'))
  let certificate: { key: Buffer; cert: Buffer }
  let ca: Buffer

  beforeAll(() => {
    execFileSync('openssl', ['version'])
    certificate = makeCertificate(folder, ['localhost'])
    ca = readFileSync(path.join(folder, 'ca.pem'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function listening(server: ReturnType<typeof createHttps> | ReturnType<typeof createSecureServer>) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing(server)
    return (server.address() as AddressInfo).port
  }

  test('a certificate of the user\u2019s own authority, through the user\u2019s agent', async () => {
    const listener = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end('secure'))
    const port = await listening(createHttps(certificate, listener))
    const dispatcher = closing(new Agent({ connect: { ca } }))
    const page = open('https://localhost/', { dispatcher })
    const response = await page.fetch(`https://localhost:${port}/`)
    expect([response.type, await response.text()]).toEqual(['cors', 'secure'])
    expect(listener.seen[0]?.headers['sec-fetch-site']).toBe('same-site')
  })

  test('TLS is verified: without the authority it is an error that says how', async () => {
    const port = await listening(createHttps(certificate, (_request, response) => response.end('secure')))
    const error = await open('https://app.localhost/')
      .fetch(`https://localhost:${port}/`)
      .catch((reason: Error) => reason)
    expect(error).toBeInstanceOf(TypeError)
    const { cause } = error as Error
    expect(isCorsNetworkError(cause)).toBe(true)
    expect((cause as Error).message).toMatch(/TLS.*NODE_EXTRA_CA_CERTS.*new Agent\(\{ connect: \{ ca \} \}\)/)
  })

  test('HTTP/2 through an agent that allows it, request streams included', async () => {
    const bodies: string[] = []
    const server = createSecureServer({ ...certificate }, (request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += String(chunk)
      })
      request.on('end', () => {
        bodies.push(`${request.httpVersion} ${request.method} ${body}`)
        response.writeHead(200, {
          'access-control-allow-origin': '*',
          'access-control-allow-headers': '*',
          'access-control-expose-headers': 'x-one',
          'x-one': '1',
        })
        response.end('h2')
      })
    })
    const port = await listening(server)
    const dispatcher = new Agent({ connect: { ca }, allowH2: true })
    closing({ close: () => dispatcher.destroy() })
    const page = open('https://app.localhost/', { dispatcher, engine: 'chromium' })
    const response = await page.fetch(`https://localhost:${port}/`)
    expect([response.status, response.headers.get('x-one'), await response.text()]).toEqual([200, '1', 'h2'])
    const stream = new Blob(['streamed']).stream()
    const sent = await page.fetch(`https://localhost:${port}/`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
    })
    expect(await sent.text()).toBe('h2')
    expect(bodies).toEqual(['2.0 GET ', '2.0 OPTIONS ', '2.0 POST streamed'])
  })
})
