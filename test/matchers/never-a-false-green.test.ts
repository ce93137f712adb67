/** Whatever says nothing about CORS throws in both forms: an assertion never holds because nothing was asked, or nothing answered. Of the long tables a slice, unless all are asked for. */
import 'expect-cors/vitest'
import { createServer as createHttpServer, get, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import axios from 'axios'
import { configure, endpoint, evaluateCors, observed, openPage } from 'expect-cors'
import express from 'express'
import got from 'got'
import ky from 'ky'
import supertest from 'supertest'
import { Agent, interceptors, request as undiciRequest } from 'undici'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sliceOfEach } from '../slice.js'
import { failure, refusal } from './assertions.js'
import { APP, answering, deadUrl, EVIL } from './servers.js'

type Assertion = ReturnType<typeof expect<unknown>>

/** How a matcher is asked about an origin. */
type Ask = (assertion: Assertion, origin: string) => unknown

const onEndpoints: [string, Ask][] = [
  ['toAllowOrigin', (a, origin) => a.toAllowOrigin(origin)],
  ['toAllowCredentialedOrigin', (a, origin) => a.toAllowCredentialedOrigin(origin)],
  ['toAllowPreflight', (a, origin) => a.toAllowPreflight({ origin, method: 'PUT' })],
  ['toAllowMethod', (a, origin) => a.toAllowMethod('PUT', { origin })],
  ['toAllowMethod, safelisted', (a, origin) => a.toAllowMethod('GET', { origin })],
  ['toAllowRequestHeader', (a, origin) => a.toAllowRequestHeader('x-a', { origin })],
  ['toAllowCorsRequest', (a, origin) => a.toAllowCorsRequest({ origin })],
  ['toAllowCorsRequest, preflighted', (a, origin) => a.toAllowCorsRequest({ origin, method: 'PUT' })],
  ['toBlockCorsRequest', (a, origin) => a.toBlockCorsRequest({ origin })],
  [
    'toBlockCorsRequest, with a code',
    (a, origin) => a.toBlockCorsRequest({ origin }, 'missing-allow-origin'),
  ],
  ['toExposeHeader', (a, origin) => a.toExposeHeader('x-a', { origin })],
  ['toCachePreflightFor', (a, origin) => a.toCachePreflightFor(60, { origin, method: 'PUT' })],
  ['toVaryOnOrigin', (a, origin) => a.toVaryOnOrigin({ origin })],
  ['toKeepOriginsApartInCaches', (a, origin) => a.toKeepOriginsApartInCaches({ origin })],
]

/** It asks as origins of its own. */
const anyOrigin: [string, Ask] = ['toAllowAnyOrigin', (a) => a.toAllowAnyOrigin()]

/** It sends nothing. */
const requirePreflight: [string, Ask] = [
  'toRequirePreflight',
  (a, origin) => a.toRequirePreflight({ origin, method: 'PUT' }),
]

const onResponses: [string, Ask][] = [
  ['toAllowOrigin', (a, origin) => a.toAllowOrigin(origin)],
  ['toAllowCredentialedOrigin', (a, origin) => a.toAllowCredentialedOrigin(origin)],
  ['toAllowPreflight', (a, origin) => a.toAllowPreflight({ origin, method: 'PUT' })],
  ['toAllowMethod', (a, origin) => a.toAllowMethod('PUT', { origin })],
  ['toAllowRequestHeader', (a, origin) => a.toAllowRequestHeader('x-a', { origin })],
  ['toExposeHeader', (a, origin) => a.toExposeHeader('x-a', { origin })],
  ['toCachePreflightFor', (a, origin) => a.toCachePreflightFor(60, { origin })],
]

const withoutOrigin: [string, Ask][] = [
  anyOrigin,
  ['toVaryOnOrigin', (a) => a.toVaryOnOrigin()],
  ['toAllowMethod without an origin', (a) => a.toAllowMethod('PUT')],
  ['toAllowRequestHeader without an origin', (a) => a.toAllowRequestHeader('x-a')],
  ['toExposeHeader without an origin', (a) => a.toExposeHeader('x-a')],
  ['toCachePreflightFor without an origin', (a) => a.toCachePreflightFor(60)],
]

/** The headers of a request that each matcher can be asked about. */
function sentFor(name: string, origin = APP): Record<string, string> {
  if (name.startsWith('toAllowRequestHeader'))
    return {
      Origin: origin,
      'Access-Control-Request-Method': 'GET',
      'Access-Control-Request-Headers': 'x-a',
    }
  return /^to(AllowPreflight|AllowMethod|CachePreflightFor)/.test(name)
    ? { Origin: origin, 'Access-Control-Request-Method': 'PUT' }
    : { Origin: origin }
}

/** The refusal in both forms, which must be the same words but for the `.not` that a message may quote. */
async function bothRefuse(subject: unknown, ask: Ask, origin = APP): Promise<string> {
  const positive = await refusal(() => ask(expect(subject), origin))
  const negative = await refusal(() => ask(expect(subject).not, origin))
  return `${positive}\n${negative}`
}

/** Header lines that would make each matcher hold. */
const PERMISSIVE = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'PUT',
  'Access-Control-Allow-Headers': 'x-a',
  'Access-Control-Expose-Headers': 'x-a',
  'Access-Control-Max-Age': '600',
  Vary: 'Origin',
  'x-a': '1',
}

describe('an endpoint that does not answer', () => {
  const sockets = new Set<Socket>()
  /** Accepts connections and does this with each request. */
  const raw = (answer: (socket: Socket) => void) =>
    createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {}).on('data', () => answer(socket))
    })
  const servers = {
    silent: raw(() => {}),
    closing: raw((socket) => socket.destroy()),
    garbage: raw((socket) => socket.end('220 mail.example.com ESMTP\r\n')),
    truncated: raw((socket) => socket.end('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Or')),
    brokenHeader: raw((socket) => socket.end('HTTP/1.1 200 OK\r\nAccess Control: *\r\n\r\n')),
  }
  const urls: Record<string, string> = {}

  beforeAll(async () => {
    for (const [name, server] of Object.entries(servers)) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    }
    urls.dead = await deadUrl()
    // Below .invalid there is nothing.
    urls.unknown = 'https://nowhere.invalid'
  })
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    for (const server of Object.values(servers)) server.close()
  })

  const cases: [string, RegExp][] = [
    ['dead', /nothing listens at .*ECONNREFUSED/],
    ['unknown', /nowhere\.invalid could not be resolved|got no response/],
    ['closing', /closed the connection/],
    ['garbage', /not a valid HTTP\/1\.1 response/],
    ['truncated', /got no response/],
    ['brokenHeader', /not a valid HTTP\/1\.1 response/],
  ]
  describe.each(cases)('%s', (name, why) => {
    test.each([...onEndpoints, anyOrigin])('%s', async (_, ask) => {
      const words = await bothRefuse(urls[name], ask)
      expect(words).toMatch(why)
    })
  })

  test.each([...onEndpoints, anyOrigin])('in time: %s', async (_, ask) => {
    const words = await bothRefuse(endpoint(urls.silent, { timeout: 60 }), ask)
    expect(words).toMatch(/within 60 ms, which says nothing about CORS/)
  })

  test.each([...onEndpoints, anyOrigin])('in time, an app in this process: %s', async (_, ask) => {
    const hanging = endpoint(() => new Promise<Response>(() => {}), { timeout: 40 })
    expect(await bothRefuse(hanging, ask)).toMatch(/within 40 ms/)
    const listener = endpoint({ listener: () => {} }, { timeout: 40 })
    expect(await bothRefuse(listener, ask)).toMatch(/within 40 ms/)
  })

  test('time counts for the whole journey, not for each request', async () => {
    const slow = async (request: Request): Promise<Response> => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return new Response(null, { status: 302, headers: { ...PERMISSIVE, Location: `${request.url}x` } })
    }
    const began = Date.now()
    expect(
      await bothRefuse(endpoint(slow, { timeout: 150 }), (a, origin) => a.toAllowOrigin(origin)),
    ).toMatch(/150 ms/)
    expect(Date.now() - began).toBeLessThan(1500)
  })

  test.each([...onEndpoints, anyOrigin])(
    'a handler that throws, or gives no response: %s',
    async (_, ask) => {
      const throwing = (): Response => {
        throw new Error('no database')
      }
      expect(await bothRefuse(throwing, ask)).toContain('no database')
      expect(await bothRefuse({ fetch: () => undefined }, ask)).toContain('undefined')
      expect(await bothRefuse({ fetch: () => Response.error() }, ask)).toContain('status 0')
    },
  )

  test.each([...onEndpoints, anyOrigin])('an app that has been closed: %s', async (_, ask) => {
    const server = createHttpServer((_request, response) => response.writeHead(200, PERMISSIVE).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await new Promise((resolve) => server.close(resolve))
    expect(await bothRefuse(server, ask)).toContain('has been closed')
  })

  test.each([...onEndpoints, anyOrigin])('a redirect to the URL that was asked: %s', async (_, ask) => {
    for (const headers of [PERMISSIVE, {}]) {
      const loop = (request: Request): Response =>
        new Response(null, { status: 302, headers: { ...headers, Location: request.url } })
      expect(await bothRefuse(loop, ask)).toContain('to itself')
    }
  })

  test.each([...onEndpoints, anyOrigin])('a signal that aborts: %s', async (_, ask) => {
    const hanging = endpoint(() => new Promise<Response>(() => {}), { signal: AbortSignal.timeout(30) })
    expect(await bothRefuse(hanging, ask)).toContain('aborted')
  })

  test.each([...onEndpoints, anyOrigin])(
    'a request that answers only the preflight: %s',
    async (name, ask) => {
      // What asks about the preflight alone is answered.
      if (/Preflight|Method|RequestHeader/.test(name)) return
      const half = (request: Request): Response => {
        if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: PERMISSIVE })
        throw new Error('no answer')
      }
      expect(await bothRefuse(half, ask)).toContain('no answer')
    },
  )
})

describe('a value that is no response, endpoint or journey', () => {
  const app = express()
  const values: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['a number', 42],
    ['true', true],
    ['a symbol', Symbol('x')],
    ['an empty object', {}],
    ['a list', [{ status: 200, headers: {} }]],
    ['a status alone', { status: 200 }],
    ['headers alone', new Headers({ 'access-control-allow-origin': '*' })],
    ['a record of headers', { headers: PERMISSIVE }],
    ['no status', { status: '200', headers: PERMISSIVE }],
    ['status 0', { status: 0, headers: PERMISSIVE }],
    ['a relative URL', '/orders'],
    ['a name', 'api.example.com'],
    ['an empty text', ''],
    ['another scheme', 'ws://api.example.com'],
    ['a file', 'file:///etc/passwd'],
    ['a listener', (_request: unknown, _response: unknown) => {}],
    ['a class', class App {}],
    ['fetch', fetch],
    ['a router', express.Router()],
    ['a promise', Promise.resolve({ status: 200, headers: PERMISSIVE })],
    ['an unsent request of supertest', supertest(app).get('/')],
  ]
  const asked = values.flatMap(([what, value]) =>
    [...onEndpoints, anyOrigin, requirePreflight, ...withoutOrigin].map(
      ([name, ask]): [string, string, unknown, Ask] => [name, what, value, ask],
    ),
  )
  // Some matchers for each value, unless all are asked for.
  test.each(sliceOfEach(asked, 4, ([, what]) => what))('%s: %s', async (_, _what, value, ask) => {
    await bothRefuse(value, ask)
  })

  test('says what it got and what to do', async () => {
    const ask: Ask = (a, origin) => a.toAllowOrigin(origin)
    expect(await bothRefuse(42, ask)).toContain('got the number 42')
    expect(await bothRefuse(Promise.resolve(), ask)).toContain('await it first')
    expect(await bothRefuse(supertest(app).get('/'), ask)).toContain('not been sent yet')
    expect(await bothRefuse('/orders', ask)).toContain('relative URL')
    expect(await bothRefuse((_request: unknown, _response: unknown) => {}, ask)).toMatch(
      /endpoint\(\{ listener \}\).*endpoint\(\{ fetch \}\)/,
    )
  })
})

describe('a response that CORS cannot be judged by', () => {
  const url = 'https://api.example.com/orders'
  const typed = (type: string) =>
    Object.defineProperty(new Response(null, { headers: PERMISSIVE }), 'type', { value: type })
  const responses: [string, unknown, RegExp][] = [
    [
      'redirected',
      Object.defineProperty(new Response(null, { headers: PERMISSIVE }), 'redirected', { value: true }),
      /redirects/,
    ],
    ['redirected, as a plain value', { status: 200, headers: PERMISSIVE, redirected: true }, /redirects/],
    ['301', { status: 301, headers: { ...PERMISSIVE, Location: '/' } }, /301 with Location/],
    [
      '308 of fetch',
      new Response(null, { status: 308, headers: { ...PERMISSIVE, Location: url } }),
      /308 with Location/,
    ],
    ['type cors', typed('cors'), /type is 'cors'/],
    ['type opaque', typed('opaque'), /type is 'opaque'/],
    ['type opaqueredirect', typed('opaqueredirect'), /type is 'opaqueredirect'/],
    ['type cors, as a plain value', { status: 200, headers: PERMISSIVE, type: 'cors' }, /type is 'cors'/],
    ['an error', Response.error(), /type is 'error'/],
  ]
  test.each(
    responses.flatMap(([what, response, why]) =>
      [...onResponses, ...withoutOrigin].map(([name, ask]): [string, string, unknown, Ask, RegExp] => [
        name,
        what,
        response,
        ask,
        why,
      ]),
    ),
  )('%s: %s', async (_, _what, response, ask, why) => {
    expect(await bothRefuse(response, ask)).toMatch(why)
    expect(await bothRefuse(observed(response, { origin: APP }), ask)).toMatch(why)
  })

  test.each(onResponses)('of a client that followed redirects: %s', async (_, ask) => {
    const server = createHttpServer((request, response) => {
      if (request.url === '/') return void response.writeHead(302, { Location: '/end' }).end()
      response.writeHead(200, PERMISSIVE).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const headers = { Origin: APP }
    expect(await bothRefuse(await fetch(base, { headers }), ask)).toContain('redirects')
    expect(await bothRefuse(await supertest(server).get('/').set(headers).redirects(2), ask)).toContain(
      'redirects',
    )
    expect(await bothRefuse(await axios.get(base, { headers }), ask)).toContain('redirects')
    const following = new Agent().compose(interceptors.redirect({ maxRedirections: 3 }))
    const { body, ...rest } = await undiciRequest(base, { headers, dispatcher: following })
    await body.dump()
    for (const [client, response] of [
      ['axios', await axios.get(base, { headers, adapter: 'fetch' })],
      ['got', await got(base, { headers })],
      ['fetch Response', await ky(base, { headers })],
      ['undici', rest],
    ])
      expect(await bothRefuse(response, ask)).toMatch(new RegExp(`\\(${client}\\) .*redirects`))
    const playwright = { status: () => 200, url: () => `${base}/end`, headersArray: () => [] }
    expect(await bothRefuse(playwright, ask)).toContain('redirects that its client followed unseen')
    const moved = await new Promise<IncomingMessage>((resolve) =>
      get(base, { headers }, (r) => resolve(r.resume())),
    )
    expect(await bothRefuse(moved, ask)).toContain('302 with Location')
  })

  test.each(onResponses)("of the page's own origin: %s", async (_, ask) => {
    const own = { status: 204, headers: PERMISSIVE, url: `${APP}/orders` }
    expect(await bothRefuse(observed(own, { origin: APP }), ask)).toContain('own origin')
  })

  test.each(onResponses)("a relative URL of a client is not the page's own: %s", async (name, ask) => {
    // axios with a baseURL knows the path alone; it must not become a path of the page.
    const silent = observed({ status: 200, headers: {}, url: '/orders' }, { headers: sentFor(name) })
    await failure(() => ask(expect(silent), APP))
    await ask(expect(silent).not, APP)
  })

  test.each(onResponses)("user info in a client's URL is no verdict: %s", async (name, ask) => {
    const answered = observed(
      {
        status: 204,
        headers: {
          ...PERMISSIVE,
          'Access-Control-Allow-Origin': APP,
          'Access-Control-Allow-Credentials': 'true',
        },
        url: 'https://me:s3cret@api.example.com/',
      },
      { headers: sentFor(name) },
    )
    await ask(expect(answered), APP)
    expect(await failure(() => ask(expect(answered).not, APP))).not.toContain('s3cret')
  })
})

describe("an endpoint of the page's own origin", () => {
  test.each([...onEndpoints, requirePreflight])('%s', async (_, ask) => {
    const own = 'https://api.example.com'
    expect(await bothRefuse(`${own}/orders`, ask, own)).toContain('own origin')
    const app = endpoint(answering(200, PERMISSIVE), { baseUrl: own })
    expect(await bothRefuse(app, ask, own)).toContain('own origin')
  })
})

describe('an origin that is none', () => {
  const origins: [string, string, string][] = [
    ['a path', `${APP}/orders`, APP],
    ['a trailing slash', `${APP}/`, APP],
    ['upper case', 'https://App.Example.com', APP],
    ['an upper-case scheme', 'HTTPS://app.example.com', APP],
    ['a default port', `${APP}:443`, APP],
    ['the default port of http', 'http://app.example.com:80', 'http://app.example.com'],
    ['a query', `${APP}?a=1`, APP],
    ['user info', 'https://me:s3cret@app.example.com', APP],
    ['a wildcard', '*', "never '*'"],
    ['a pattern', 'https://*.example.com', 'is a pattern'],
    ['no scheme', 'app.example.com', 'no scheme'],
    ['nothing', '', 'empty'],
    ['white space', ` ${APP}`, 'white space'],
    ['a name beyond ASCII', 'https://bücher.example', 'xn--bcher-kva.example'],
  ]
  test.each(
    origins.flatMap(([what, origin, words]) =>
      [...onEndpoints, requirePreflight].map(([name, ask]): [string, string, string, string, Ask] => [
        name,
        what,
        origin,
        words,
        ask,
      ]),
    ),
  )('%s: %s', async (_, _what, origin, words, ask) => {
    const handler = answering(200, PERMISSIVE)
    const said = await bothRefuse(handler, ask, origin)
    expect(said).toContain(words)
    expect(said).not.toContain('s3cret')
    expect(handler.requests).toHaveLength(0)
  })

  test.each(onResponses)('on a response: %s', async (_, ask) => {
    for (const [, origin, words] of origins) {
      expect(await bothRefuse({ status: 200, headers: PERMISSIVE }, ask, origin)).toContain(words)
    }
  })

  test.each([...onEndpoints, requirePreflight])('what is no text: %s', async (_, ask) => {
    for (const origin of [null, 42, {}, [APP]] as unknown as string[]) {
      await bothRefuse(answering(200, PERMISSIVE), ask, origin)
      await bothRefuse({ status: 200, headers: PERMISSIVE }, ask, origin)
    }
  })

  test('observed() and any scheme', async () => {
    expect(await refusal(() => observed({ status: 200, headers: {} }, { origin: `${APP}/` }))).toContain(APP)
    expect({ status: 200, headers: PERMISSIVE }).toAllowOrigin('capacitor://localhost')
    await expect(answering(200, PERMISSIVE)).toAllowOrigin('chrome-extension://abcdefghijklmnop')
  })
})

describe('a request that is known to have been another', () => {
  test.each(onResponses)('another origin, or none: %s', async (_, ask) => {
    const response = { status: 204, headers: PERMISSIVE }
    expect(await bothRefuse(observed(response, { origin: EVIL }), ask)).toContain(`with Origin: ${EVIL}`)
    expect(await bothRefuse(observed(response, { origin: null }), ask)).toContain('without an Origin')
  })

  test.each(onResponses)('as supertest knows it: %s', async (_, ask) => {
    const app = express().use((_request, response) => void response.set(PERMISSIVE).end())
    expect(await bothRefuse(await supertest(app).options('/').set('Origin', EVIL), ask)).toContain(EVIL)
    expect(await bothRefuse(await supertest(app).options('/'), ask)).toContain('without an Origin')
  })

  test.each(
    [...onResponses, ...withoutOrigin].filter(([name]) => /Preflight|Method|RequestHeader/.test(name)),
  )('another method than OPTIONS: %s', async (_, ask) => {
    const response = { status: 204, headers: PERMISSIVE }
    expect(await bothRefuse(observed(response, { origin: APP, method: 'GET' }), ask)).toContain(
      'not to a preflight',
    )
    const app = express().use((_request, response) => void response.set(PERMISSIVE).end())
    expect(await bothRefuse(await supertest(app).put('/').set('Origin', APP), ask)).toContain(
      'not to a preflight',
    )
  })

  test('observed() does not overrule what the client knows', async () => {
    const app = express()
    const response = await supertest(app).get('/').set('Origin', EVIL)
    const ask: Ask = (a, origin) => a.toAllowOrigin(origin)
    expect(await bothRefuse(observed(response, { origin: APP }), ask)).toContain(EVIL)
    expect(await bothRefuse(observed(response, { method: 'PUT' }), ask)).toContain('GET')
  })
})

describe('a negative where it is not known which origin was sent', () => {
  const bare = { status: 200, headers: {} }

  test.each([...onResponses, ...withoutOrigin.filter(([name]) => /without/.test(name))])(
    '%s',
    async (name, ask) => {
      const words = await refusal(() => ask(expect(bare).not, APP))
      expect(words).toContain('observed(response, { origin')
      expect(words).toContain('the app or its URL')
      // Said, it is judged.
      await ask(expect(observed(bare, { headers: sentFor(name) })).not, APP)
    },
  )

  test.each([...onResponses, ...withoutOrigin.filter(([name]) => /without/.test(name))])(
    '%s, trusted',
    async (_, ask) => {
      const restore = configure({ unknownOrigin: 'trust' })
      onTestFinished(restore)
      await ask(expect(bare).not, APP)
      restore()
      await refusal(() => ask(expect(bare).not, APP))
    },
  )

  test('trust does not cover an origin that is known to be absent', async () => {
    onTestFinished(configure({ unknownOrigin: 'trust' }))
    const none = observed(bare, { origin: null })
    for (const [, ask] of [...onResponses, ...withoutOrigin.filter(([name]) => /without/.test(name))]) {
      await refusal(() => ask(expect(none).not, APP))
    }
  })
})

describe('a request that no browser sends', () => {
  const ports = ['http://127.0.0.1:6000', 'https://api.example.com:25']
  test.each(onEndpoints)('to a port that is blocked: %s', async (_, ask) => {
    for (const url of ports) expect(await bothRefuse(url, ask)).toContain('bad-port')
    const handler = answering(200, PERMISSIVE)
    expect(await bothRefuse(endpoint(handler, { baseUrl: ports[1] as string }), ask)).toContain('bad-port')
    expect(handler.requests).toHaveLength(0)
  })

  test.each([...onEndpoints, anyOrigin])('with user info in the URL: %s', async (_, ask) => {
    const words = await bothRefuse('https://me:s3cret@api.example.com/', ask)
    expect(words).toContain('url-with-credentials')
    expect(words).not.toContain('s3cret')
  })
})

describe('a journey that has not ended', () => {
  const request = { origin: APP, url: 'https://api.example.com/' }
  const incomplete = [
    evaluateCors({ request }),
    evaluateCors({ request: { ...request, method: 'PUT' } }),
    evaluateCors({
      request,
      response: { status: 302, headers: { ...PERMISSIVE, Location: 'https://a.example' } },
    }),
  ]
  test.each<[string, Ask]>([
    ['toAllowCorsRequest', (a) => a.toAllowCorsRequest()],
    ['toBlockCorsRequest', (a) => a.toBlockCorsRequest()],
    ['toBlockCorsRequest, with a code', (a) => a.toBlockCorsRequest('preflight-status')],
    ['toExposeHeader', (a) => a.toExposeHeader('x-a')],
  ])('%s', async (_, ask) => {
    for (const verdict of incomplete) {
      expect(await bothRefuse({ verdict, exchanges: [] }, ask)).toContain('incomplete')
    }
  })
})

describe("a journey that never left the page's own origin", () => {
  const onJourneys: [string, Ask][] = [
    ['toAllowCorsRequest', (a) => a.toAllowCorsRequest()],
    ['toBlockCorsRequest', (a) => a.toBlockCorsRequest()],
    ['toBlockCorsRequest, with a code', (a) => a.toBlockCorsRequest('missing-allow-origin')],
    ['toExposeHeader', (a) => a.toExposeHeader('x-a')],
  ]
  const server = (request: Request): Response => {
    const { pathname, origin } = new URL(request.url)
    const [, first, ...rest] = pathname.split('/')
    if (first === 'to')
      return new Response(null, { status: 302, headers: { Location: decodeURIComponent(rest.join('/')) } })
    return new Response('', origin === APP ? {} : { headers: PERMISSIVE })
  }
  const API = 'https://api.example.com'
  const page = openPage(`${APP}/`, { servers: { [APP]: server, [API]: server } })
  afterAll(() => page.close())
  const to = (url: string): string => `/to/${encodeURIComponent(url)}`

  test.each<[string, () => unknown]>([
    ['inspect', () => page.inspect('/orders')],
    ['its whole URL', () => page.inspect(`${APP}/orders`)],
    ['PUT with a header', () => page.inspect('/orders', { method: 'PUT', headers: { 'X-A': '1' } })],
    ['after a redirect', () => page.inspect(to('/orders'))],
    ['blocked all the same', () => page.inspect(to('/orders'), { redirect: 'error' })],
    ['opaque', () => page.inspect(to('/orders'), { redirect: 'manual' })],
    ['no-cors', () => page.inspect('/orders', { mode: 'no-cors' })],
    ['same-origin', () => page.inspect('/orders', { mode: 'same-origin' })],
    ['a URL that brings its response along', () => page.inspect('data:text/plain,x')],
    [
      'evaluateCors',
      () =>
        evaluateCors({
          request: { origin: APP, url: `${APP}/orders` },
          response: { status: 200, headers: PERMISSIVE },
        }),
    ],
  ])('%s', async (_, journey) => {
    const subject = await journey()
    for (const [, ask] of onJourneys) expect(await bothRefuse(subject, ask)).toMatch(/no say|verdict alone/)
  })

  test('but one that left it is judged', async () => {
    expect(await page.inspect(`${API}/orders`)).toAllowCorsRequest()
    expect(await page.inspect(to(`${API}/orders`))).toAllowCorsRequest()
    // Asked as an opaque origin by then.
    const back = await page.inspect(`${API}${to(`${APP}/orders`)}`)
    expect(back).toBlockCorsRequest('missing-allow-origin')
    expect(back).not.toAllowCorsRequest()
    const opaque = await page.inspect(`${API}/orders`, { mode: 'no-cors' })
    expect(await failure(() => expect(opaque).not.toAllowCorsRequest())).toContain('opaque')
    const sandboxed = openPage('null', { servers: { [API]: server } })
    expect(await sandboxed.inspect(`${API}/orders`)).toAllowCorsRequest()
    await sandboxed.close()
  })
})

describe('a journey where a response or an endpoint is asked about', () => {
  const request = { origin: APP, url: 'https://api.example.com/' }
  const verdict = evaluateCors({ request, response: { status: 200, headers: PERMISSIVE } })
  test.each(
    [...onResponses, ...withoutOrigin, requirePreflight].filter(([name]) => name !== 'toExposeHeader'),
  )('%s', async (name, ask) => {
    const words = await bothRefuse(verdict, ask)
    if (name.startsWith('toExposeHeader')) expect(words).toContain('journey')
    else await bothRefuse({ verdict, exchanges: [] }, ask)
  })
})
