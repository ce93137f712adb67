import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { configure, getConfiguration } from '../../src/subject/configure.js'
import { endpoint, resolveEndpoint } from '../../src/subject/endpoint.js'
import { checkLiveOptions } from '../../src/subject/options.js'
import { readSubject } from '../../src/subject/subject.js'

const SHOWN = 'PUT https://app.example.com api.expect-cors.test /orders?page=2'

const expressApp = express()
expressApp.use((request, response) => {
  response.send([request.method, request.get('origin'), request.get('host'), request.url].join(' '))
})

const koa = new Koa()
koa.use((context) => {
  context.body = [context.method, context.get('origin'), context.get('host'), context.url].join(' ')
})

const fastify = Fastify()
fastify.put('/orders', async (request) =>
  [request.method, request.headers.origin, request.headers.host, request.url].join(' '),
)

const show = (request: Request): Response => {
  const { pathname, search } = new URL(request.url)
  return new Response(
    [request.method, request.headers.get('origin'), request.headers.get('host'), pathname + search].join(' '),
  )
}
const hono = new Hono()
hono.all('*', (context) => show(context.req.raw))

const server = createServer(expressApp)

/** NestJS as far as it is looked at. */
const nest = {
  isInitialized: false,
  async init() {
    nest.isInitialized = true
  },
  getHttpAdapter: () => ({ getInstance: () => expressApp }),
  getHttpServer: () => server,
}

const apps: [string, unknown][] = [
  ['Express', expressApp],
  ['Koa', koa],
  ['Fastify', fastify],
  ['an http.Server', server],
  ['NestJS', nest],
  ['Hono', hono],
  ['a { fetch }', { fetch: show }],
  ['a { listener }', { listener: (request: never, response: never) => expressApp(request, response) }],
  ['a { listener }', { listener: server }],
  ['a fetch handler', show],
  ['a fetch handler', () => new Response(SHOWN)],
]

describe.each(apps)('%s', (name, app) => {
  test('is reached in this process', async () => {
    const subject = readSubject(app, { path: '/orders?page=2' }, 'https://app.example.com')
    if (subject.kind !== 'endpoint') throw new Error(subject.kind)
    expect(subject).toMatchObject({
      name,
      inProcess: true,
      shownUrl: 'https://api.expect-cors.test/orders?page=2',
    })
    const response = await subject.transport.send({
      method: 'PUT',
      url: subject.url.href,
      headers: [['Origin', 'https://app.example.com']],
    })
    expect(await new Response(response.body).text()).toBe(SHOWN)
    expect(resolveEndpoint(endpoint(app)).transport).toBe(subject.transport)
    await subject.transport.close()
  })
})

test('nest was initialised', () => {
  expect(nest.isInitialized).toBe(true)
})

test('an app is judged at baseUrl, or at a site of the page\u2019s scheme', () => {
  expect(resolveEndpoint(show).url.href).toBe('https://api.expect-cors.test/')
  expect(resolveEndpoint(show, {}, 'http://localhost:3000').url.href).toBe('http://api.expect-cors.test/')
  expect(resolveEndpoint(show, {}, 'capacitor://localhost').url.href).toBe('https://api.expect-cors.test/')
  for (const page of [
    'https://api.expect-cors.test',
    'https://expect-cors.test:8443',
    'http://a.b.expect-cors.test',
  ]) {
    const { protocol } = new URL(page)
    expect(resolveEndpoint(show, {}, page).url.href).toBe(`${protocol}//api.expect-cors.example/`)
  }
  expect(resolveEndpoint(show, { baseUrl: 'http://api.example.com/v1', path: 'orders' }).url.href).toBe(
    'http://api.example.com/v1/orders',
  )
})

describe('a URL', () => {
  test.each([
    ['https://api.example.com', '/orders', 'https://api.example.com/orders'],
    ['https://api.example.com/v1/', '/orders', 'https://api.example.com/v1/orders'],
    ['https://api.example.com/v1', 'orders?a=b#c', 'https://api.example.com/v1/orders?a=b'],
    ['https://api.example.com/v1?key=1', '/orders?a=b', 'https://api.example.com/v1/orders?key=1&a=b'],
    ['https://api.example.com/v1', '?a=b', 'https://api.example.com/v1?a=b'],
    ['https://api.example.com/v1', '', 'https://api.example.com/v1'],
    ['https://api.example.com', '//evil.example/x', 'https://api.example.com//evil.example/x'],
    ['https://api.example.com', '\\\\evil.example', 'https://api.example.com//evil.example'],
    ['https://api.example.com/v1', '/a/../b', 'https://api.example.com/v1/b'],
  ])('%s with path %s', (url, path, expected) => {
    const subject = resolveEndpoint(url, { path })
    expect(subject.url.href.replace('.com///', '.com//')).toBe(expected)
    expect(subject.url.origin).toBe('https://api.example.com')
    expect(subject).toMatchObject({ kind: 'endpoint', name: 'URL', inProcess: false })
  })

  test('may be a URL object, with user info that is never shown', () => {
    expect(resolveEndpoint(new URL('https://user:pass@api.example.com/?token=1'))).toMatchObject({
      shownUrl: 'https://[redacted]@api.example.com/?token=[redacted]',
    })
  })

  test.each([
    ['/orders', /is a relative URL: an endpoint must be absolute/],
    ['api.example.com/orders', /is a relative URL/],
    ['', /is a relative URL/],
    ['ftp://api.example.com', /is not an http\(s\) URL/],
    ['localhost:3000', /is not an http\(s\) URL/],
    ['https://', /is not a valid URL/],
    ['https:/api.example.com', /no/],
  ])('%j is refused', (url, message) => {
    expect(() => readSubject(url)).toThrow(message)
  })

  test('that stands for a deployed API is not mixed content', () => {
    expect(resolveEndpoint('http://localhost:3000').mixedContent).toBe(false)
    expect(resolveEndpoint('http://localhost:3000', { mixedContent: true }).mixedContent).toBe(true)
    expect(resolveEndpoint('http://api.example.com').mixedContent).toBe(true)
  })

  test('of the page\u2019s own origin is refused', () => {
    expect(() => resolveEndpoint('https://app.example.com/api', {}, 'https://app.example.com')).toThrow(
      /is of the page's own origin/,
    )
  })

  test('leaves no room for a path above it, another URL, or a baseUrl', () => {
    expect(() => resolveEndpoint('https://api.example.com/v1', { path: '/../../x' })).toThrow(
      /leads above the endpoint/,
    )
    expect(() => checkLiveOptions({ path: 'https://b.example/' }, 'toAllowOrigin()')).toThrow(
      /Make that URL the subject/,
    )
    expect(() => resolveEndpoint('https://api.example.com', { baseUrl: 'https://b.example' })).toThrow(
      /says so itself/,
    )
  })
})

describe('what is no endpoint', () => {
  test.each([
    [
      'a listener that is a bare function',
      (_a: unknown, _b: unknown) => {},
      /takes 2 parameters.*endpoint\(\{ listener \}\).*endpoint\(\{ fetch \}\)/,
    ],
    ['a class', class App {}, /is a class/],
    ['fetch', fetch, /pass the URL, not `fetch` itself/],
    ['a router of Express', express.Router(), /express\(\)\.use\(router\)/],
    ['a page', { inspect() {}, fetch() {}, XMLHttpRequest: class {} }, /not the page itself/],
    ['HTTP/2', createHttp2Server(), /HTTP\/2 server/],
    ['h3 1', { handler() {}, use() {}, stack: [] }, /toNodeListener\(app\)/],
    ['a { listener } without one', { listener: 1 }, /listener must be a function/],
  ])('%s', (_name, value, message) => {
    expect(() => readSubject(value)).toThrow(message)
    expect(() => endpoint(value)).toThrow(expect.objectContaining({ name: 'CorsUsageError' }))
  })

  test('a response', () => {
    expect(() => endpoint({ status: 200, headers: {} })).toThrow(
      /endpoint\(\) takes a URL or an app in this process; got an object with status, headers/,
    )
  })
})

describe('options', () => {
  afterEach(() => vi.restoreAllMocks())

  test('of the call win over those of endpoint(), and those over configure()', () => {
    const restore = configure({
      timeout: 1000,
      credentials: 'omit',
      extraHeaders: { 'X-A': '1', 'X-B': '1' },
    })
    const bundle = endpoint('https://api.example.com', {
      timeout: 2000,
      method: 'PUT',
      extraHeaders: { 'x-b': '2', 'X-C': '2' },
    })
    expect(resolveEndpoint(bundle, { method: 'DELETE' }).options).toMatchObject({
      timeout: 2000,
      credentials: 'omit',
      method: 'DELETE',
      extraHeaders: [
        ['X-A', '1'],
        ['x-b', '2'],
        ['X-C', '2'],
      ],
    })
    expect(resolveEndpoint(endpoint(bundle, { timeout: 3000 })).options).toMatchObject({
      timeout: 3000,
      method: 'PUT',
    })
    restore()
    expect(resolveEndpoint('https://api.example.com').options).toEqual({ timeout: 4000, extraHeaders: [] })
  })

  test.each([
    [{ credentials: true }, /for true, write 'include'/],
    [{ timeout: 0 }, /timeout must be a positive number of milliseconds; got the number 0/],
    [{ timeout: '5s' }, /timeout must be/],
    [{ timeout: Number.NaN }, /timeout must be/],
    [{ credentails: 'include' }, /unknown option "credentails"; did you mean "credentials"\?/],
    [{ zzz: 1 }, /unknown option "zzz"; known are path,/],
    [{ engines: [] }, /at least one engine/],
    [{ engines: ['chrome'] }, /unknown engine "chrome"/],
    [{ engines: 'chromium' }, /engines must be a list/],
    [{ method: 'P T' }, /method must be/],
    [{ headers: 'X-A' }, /Write \["X-A"\]/],
    [{ extraHeaders: ['X-A'] }, /each needs a value/],
    [{ extraHeaders: { Origin: 'null' } }, /must not set Origin/],
    [{ extraHeaders: { 'X-A': 'a\nb' } }, /the value of X-A is not a valid header value/],
    [{ baseUrl: 'api.example.com' }, /baseUrl must be an absolute/],
    [{ dispatcher: {} }, /dispatcher must be a dispatcher of undici/],
    [{ signal: {} }, /signal must be an AbortSignal/],
    [{ mixedContent: 'no' }, /mixedContent must be true or false/],
    [[], /the options must be an object/],
    ['GET', /the options must be an object/],
  ])('%j is refused', (options, message) => {
    expect(() => endpoint('https://api.example.com', options as never)).toThrow(message)
  })

  test('never show a secret value', () => {
    expect(() =>
      endpoint('https://api.example.com', { extraHeaders: { 'X-Token': 'hunter2\n2' } }),
    ).not.toThrow(/hunter2/)
  })
})

describe('configure()', () => {
  test('sets defaults that all copies share, and restores them', () => {
    const restore = configure({ timeout: 10, strict: true })
    const inner = configure({ timeout: 20, unknownOrigin: 'trust', server: 'express' })
    expect(getConfiguration()).toEqual({
      timeout: 20,
      strict: true,
      unknownOrigin: 'trust',
      server: 'express',
    })
    expect((globalThis as Record<symbol, unknown>)[Symbol.for('expect-cors')]).toMatchObject({
      configuration: { timeout: 20 },
    })
    inner()
    expect(getConfiguration()).toEqual({ timeout: 10, strict: true })
    restore()
    expect(getConfiguration()).toEqual({})
  })

  test.each([
    [{ strict: 1 }, /strict must be true or false/],
    [{ unknownOrigin: 'ignore' }, /unknownOrigin must be 'refuse' or 'trust'/],
    [{ engine: 'chromium' }, /did you mean "engines"\?/],
    [{ server: 1 }, /server must be/],
    [undefined, /takes an object of defaults/],
  ])('refuses %j', (configuration, message) => {
    expect(() => configure(configuration as never)).toThrow(message)
    expect(getConfiguration()).toEqual({})
  })
})
