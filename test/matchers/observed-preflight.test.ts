/** A response to a preflight shows what the server makes of what was asked, and of nothing else. */
import 'expect-cors/vitest'
import { createServer, request as nodeRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import axios from 'axios'
import cors from 'cors'
import { observed } from 'expect-cors'
import express from 'express'
import Fastify from 'fastify'
import got from 'got'
import supertest from 'supertest'
import { request as undiciRequest } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure, refusal } from './assertions.js'
import { APP, EVIL } from './servers.js'

type Assertion = ReturnType<typeof expect<unknown>>
type Ask = (assertion: Assertion) => unknown
type Headers = Record<string, string>

/** Sends back whatever it is asked for. */
const app = express().use(cors({ origin: [APP] }))
const server = createServer(app)
const fastify = Fastify()
fastify.addHook('onRequest', async (request, reply) => {
  reply.headers({
    'Access-Control-Allow-Origin': APP,
    'Access-Control-Allow-Methods': 'PUT',
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '',
    Vary: 'Origin',
  })
  if (request.method === 'OPTIONS') return reply.code(204).send()
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => void server.close())

/** Clients that tell what they sent, or have it told. */
const clients: [string, (method: string, headers: Headers) => Promise<unknown>][] = [
  [
    'supertest',
    async (method, headers) =>
      (method === 'OPTIONS' ? supertest(app).options('/') : supertest(app).get('/')).set(headers),
  ],
  ['fastify.inject', (method, headers) => fastify.inject({ method: method as 'GET', url: '/', headers })],
  ['got', (method, headers) => got(url, { method: method as 'GET', headers, throwHttpErrors: false })],
  ['axios', (method, headers) => axios.request({ url, method, headers, validateStatus: () => true })],
  [
    'axios over fetch',
    (method, headers) =>
      axios.request({ url, method, headers, adapter: 'fetch', maxRedirects: 0, validateStatus: () => true }),
  ],
  [
    'node:http',
    (method, headers) =>
      new Promise((resolve) => {
        nodeRequest(url, { method, headers }, (response) => resolve(response.resume())).end()
      }),
  ],
  [
    'fetch, with observed()',
    async (method, headers) => observed(await fetch(url, { method, headers }), { method, headers }),
  ],
  [
    'undici, with observed()',
    async (method, headers) => {
      const response = await undiciRequest(url, { method: method as 'GET', headers })
      await response.body.dump()
      return observed(response, { method, headers })
    },
  ],
  [
    'a record, with what was sent beside it',
    async (method, headers) => {
      const response = await fetch(url, { method, headers })
      return observed(
        { status: response.status, headers: response.headers, requestHeaders: headers },
        { method },
      )
    },
  ],
]

const preflight = (method: string, names?: string): Headers => ({
  Origin: APP,
  'Access-Control-Request-Method': method,
  ...(names === undefined ? {} : { 'Access-Control-Request-Headers': names }),
})

async function bothRefuse(subject: unknown, ask: Ask): Promise<string> {
  const positive = await refusal(() => ask(expect(subject)))
  expect(await refusal(() => ask(expect(subject).not))).toBe(positive)
  return positive
}

describe.each(clients)('%s', (_, send) => {
  const others: [string, Headers, Ask, RegExp][] = [
    [
      'a header that was not asked for',
      preflight('PUT'),
      (a) => a.toAllowRequestHeader('X-Evil'),
      /sent with Access-Control-Request-Method: PUT, .* whether x-evil may be used: send it with Access-Control-Request-Method: PUT and Access-Control-Request-Headers: x-evil/,
    ],
    [
      'one more header',
      preflight('PUT', 'X-A'),
      (a) => a.toAllowPreflight({ origin: APP, method: 'PUT', headers: ['x-a', 'x-evil'] }),
      /Access-Control-Request-Headers: x-a,x-evil/,
    ],
    [
      'another method',
      preflight('PUT'),
      (a) => a.toAllowMethod('DELETE'),
      /whether DELETE may be used: send it with Access-Control-Request-Method: DELETE/,
    ],
    [
      'the same name in lower case',
      preflight('patch'),
      (a) => a.toAllowMethod('PATCH'),
      /Access-Control-Request-Method: PATCH/,
    ],
    [
      'another method with that header',
      preflight('PUT', 'x-a'),
      (a) => a.toAllowPreflight({ origin: APP, method: 'DELETE', headers: ['x-a'] }),
      /whether DELETE and x-a may be used/,
    ],
    [
      'how long another is kept',
      preflight('PUT'),
      (a) => a.toCachePreflightFor(5, { method: 'DELETE' }),
      /whether DELETE may be used/,
    ],
    [
      'a plain OPTIONS request',
      { Origin: APP },
      (a) => a.toAllowMethod('PUT'),
      /without Access-Control-Request-Method.*plain OPTIONS/,
    ],
    [
      'a plain OPTIONS request, kept',
      { Origin: APP },
      (a) => a.toCachePreflightFor(5),
      /without Access-Control-Request-Method/,
    ],
  ]
  test.each(others)('%s is another question', async (_what, headers, ask, why) => {
    expect(await bothRefuse(await send('OPTIONS', headers), ask)).toMatch(why)
  })

  test('what was asked is judged', async () => {
    const response = await send('OPTIONS', preflight('PUT', 'Content-Type, X-A'))
    expect(response).toAllowPreflight({ origin: APP, method: 'PUT', headers: ['x-a', 'Content-Type'] })
    expect(response).toAllowMethod('PUT')
    // Asked for together with another, it is permitted by itself.
    expect(response).toAllowPreflight({ origin: APP, method: 'PUT', headers: ['X-A'] })
    expect(response).toCachePreflightFor(5)
  })

  test('the response to a preflight is not that to the request', async () => {
    const response = await send('OPTIONS', preflight('PUT'))
    const asks: Ask[] = [
      (a) => a.toAllowOrigin(APP),
      (a) => a.toAllowCredentialedOrigin(APP),
      (a) => a.toExposeHeader('x-a'),
      (a) => a.toExposeHeader('x-a', { origin: APP }),
    ]
    for (const ask of asks) expect(await bothRefuse(response, ask)).toContain('the response to a preflight')
    expect(await refusal(() => expect(response).toAllowAnyOrigin())).toContain('the response to a preflight')
    await refusal(() => expect(response).not.toAllowAnyOrigin())
    // Vary is read literally, on whatever response it is.
    await Promise.resolve(expect(response).toVaryOnOrigin())
  })

  test('and the other way round', async () => {
    const response = await send('GET', { Origin: APP })
    const asks: Ask[] = [
      (a) => a.toAllowPreflight({ origin: APP, method: 'PUT' }),
      (a) => a.toAllowMethod('PUT'),
      (a) => a.toAllowRequestHeader('x-a'),
      (a) => a.toCachePreflightFor(5),
    ]
    for (const ask of asks) expect(await bothRefuse(response, ask)).toContain('not to a preflight')
  })
})

test('a plain OPTIONS request is one like any other', async () => {
  const plain = express().use((_request, response) => {
    response.set({ 'Access-Control-Allow-Origin': '*', Vary: 'Origin' }).end()
  })
  const response = await supertest(plain).options('/').set('Origin', APP)
  expect(response).toAllowOrigin(APP)
  expect(response).toAllowAnyOrigin()
  expect(response).not.toAllowCredentialedOrigin(APP)
})

describe('a refusal of more than is asserted', () => {
  const asked = (status: number, headers: Headers, names: string) =>
    observed({ status, headers }, { method: 'OPTIONS', headers: preflight('PUT', names) })
  const GRANTING = {
    'Access-Control-Allow-Origin': APP,
    'Access-Control-Allow-Methods': 'PUT',
    'Access-Control-Allow-Headers': 'x-a',
  }

  test('as a whole says nothing of one part of it', async () => {
    for (const response of [
      asked(204, {}, 'x-a,x-b'),
      asked(403, { 'Access-Control-Allow-Origin': APP }, 'x-a,x-b'),
      asked(400, GRANTING, 'x-a,x-b'),
      asked(204, { 'Access-Control-Allow-Origin': APP }, 'x-a,x-b'),
    ]) {
      for (const ask of [
        (a: Assertion) => a.toAllowRequestHeader('x-a'),
        (a: Assertion) => a.toAllowRequestHeader(['x-a', 'x-b']),
        (a: Assertion) => a.toAllowMethod('PUT'),
        (a: Assertion) => a.toAllowPreflight({ origin: APP, method: 'PUT', headers: ['x-b'] }),
      ]) {
        await failure(() => ask(expect(response)))
        expect(await refusal(() => ask(expect(response).not))).toContain('refuses everything at once')
      }
      expect(response).not.toAllowPreflight({ origin: APP, method: 'PUT', headers: ['x-a', 'x-b'] })
    }
  })

  test('that names what is permitted says something of the rest', () => {
    expect(asked(204, GRANTING, 'x-a,x-b')).not.toAllowRequestHeader('x-b')
    expect(asked(204, GRANTING, 'x-b,x-c')).not.toAllowRequestHeader(['x-b', 'x-c'])
    const elsewhere = asked(204, { ...GRANTING, 'Access-Control-Allow-Origin': EVIL }, 'x-a,x-b')
    expect(elsewhere).not.toAllowMethod('PUT')
    const noMethod = asked(204, { ...GRANTING, 'Access-Control-Allow-Methods': '' }, 'x-a')
    expect(noMethod).not.toAllowMethod('PUT')
  })
})

describe('toCachePreflightFor on lists of what no page can use', () => {
  const answer = (methods: string, headers: string) => ({
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Max-Age': '600',
      ...(methods === '' ? {} : { 'Access-Control-Allow-Methods': methods }),
      ...(headers === '' ? {} : { 'Access-Control-Allow-Headers': headers }),
    },
  })

  test.each([
    ['', 'Origin, X-Requested-With, Content-Type, Accept'],
    ['GET, POST', 'DNT,User-Agent,X-Requested-With,If-Modified-Since'],
    ['TRACE, PUT', ''],
    ['CONNECT, TRACK, DELETE', 'Origin'],
    ['get, put, GET', 'Cookie, Host, Sec-Fetch-Site, x-a'],
    ['GET', 'Accept-Encoding, Accept-Charset, Access-Control-Request-Method, Date, authorization'],
  ])('%j and %j permit something', async (methods, headers) => {
    expect(answer(methods, headers)).toCachePreflightFor(600)
    await failure(() => expect(answer(methods, headers)).not.toCachePreflightFor(600))
    await failure(() => expect(answer(methods, headers)).toCachePreflightFor(601))
  })

  test.each([
    ['', '*'],
    ['*', ''],
    ['TRACE, *', 'Origin'],
  ])('a wildcard in %j and %j does, too', (methods, headers) => {
    expect(answer(methods, headers)).toCachePreflightFor(600, { engines: ['chromium', 'webkit'] })
  })

  test.each([
    ['TRACE', 'Origin'],
    ['GET, HEAD, POST, get, put', 'Host, DNT, User-Agent'],
    ['', 'Origin'],
  ])('%j and %j permit nothing', async (methods, headers) => {
    expect(await failure(() => expect(answer(methods, headers)).toCachePreflightFor(1))).toContain(
      'nothing to cache it for',
    )
    // Whatever it may have been asked for.
    expect(await refusal(() => expect(answer(methods, headers)).not.toCachePreflightFor(1))).toContain(
      'not known which method and headers',
    )
  })

  test('what was asked comes first', async () => {
    const known = (method: string, names?: string) =>
      observed(answer('PUT', 'x-a'), { headers: preflight(method, names) })
    expect(known('PUT', 'x-a')).toCachePreflightFor(600)
    expect(known('GET')).toCachePreflightFor(600)
    expect(known('DELETE')).not.toCachePreflightFor(1)
    expect(known('PUT', 'x-b')).not.toCachePreflightFor(1)
    await failure(() => expect(known('PUT', 'x-b')).toCachePreflightFor(1))
  })
})

describe('observed() with headers', () => {
  const response = { status: 204, headers: {} }
  const ask = (a: Assertion): unknown => a.toAllowMethod('PUT')

  test('in every form of headers', () => {
    for (const headers of [
      preflight('PUT'),
      Object.entries(preflight('PUT')) as [string, string][],
      new Headers(preflight('PUT')),
    ])
      expect(observed(response, { headers })).not.toAllowMethod('PUT')
  })

  test('must agree with the origin said, and with the client', async () => {
    expect(await refusal(() => observed(response, { origin: EVIL, headers: { origin: APP } }))).toContain(
      EVIL,
    )
    expect(await refusal(() => observed(response, { headers: { origin: `${APP}/` } }))).toContain(APP)
    expect(await refusal(() => observed(response, { headers: 'Origin' as never }))).toContain(
      'headers must be',
    )
    const sent = await supertest(app).options('/').set(preflight('PUT'))
    expect(observed(sent, { headers: preflight('PUT') })).toAllowMethod('PUT')
    const message = await bothRefuse(observed(sent, { headers: preflight('DELETE') }), ask)
    expect(message).toMatch(/says that it was sent with .*DELETE, but supertest sent it with .*PUT/)
  })

  test('without an Origin none was sent, unless it is said beside them', async () => {
    const headers = { 'Access-Control-Request-Method': 'PUT' }
    const ofApp = (a: Assertion): unknown => a.toAllowMethod('PUT', { origin: APP })
    expect(await bothRefuse(observed(response, { headers }), ofApp)).toContain('without an Origin')
    expect(observed(response, { origin: APP, headers })).not.toAllowMethod('PUT')
  })
})
