import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runInNewContext } from 'node:vm'
import axios from 'axios'
import Fastify from 'fastify'
import got from 'got'
import ky from 'ky'
import supertest from 'supertest'
import { Agent, interceptors, request as undiciRequest } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { observed } from '../../src/subject/observed.js'
import { readResponse } from '../../src/subject/response-subject.js'
import { readSubject } from '../../src/subject/subject.js'

const origin = 'https://app.example.com'
const headers = { origin }

const server = createServer((request, response) => {
  if (request.url === '/redirect') return void response.writeHead(302, { Location: '/' }).end()
  response.writeHead(200, [
    'Access-Control-Allow-Origin',
    '*',
    'access-control-allow-origin',
    origin,
    'Set-Cookie',
    'a=1',
    'Set-Cookie',
    'b=2',
  ])
  response.end('{}')
})
const fastify = Fastify()
fastify.get('/', (_request, reply) => {
  reply.raw.setHeader('Access-Control-Allow-Origin', ['*', origin])
  reply.raw.setHeader('Set-Cookie', ['a=1', 'b=2'])
  return reply.send({})
})

let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
})

const nodeGet = (path: string): Promise<IncomingMessage> =>
  new Promise((resolve) => get(url + path, { headers }, (response) => resolve(response.resume())))

/** Name, how it is asked, and what it tells. */
const clients: [
  string,
  (path: string) => Promise<unknown>,
  { lines: boolean; origin: boolean; method: boolean },
][] = [
  [
    'fetch Response',
    (path) => fetch(url + path, { headers }),
    { lines: false, origin: false, method: false },
  ],
  ['fetch Response', (path) => ky(url + path, { headers }), { lines: false, origin: false, method: false }],
  [
    'undici',
    (path) =>
      undiciRequest(url + path, {
        headers,
        dispatcher: new Agent().compose(interceptors.redirect({ maxRedirections: 3 })),
      }),
    { lines: true, origin: false, method: false },
  ],
  [
    'supertest',
    async (path) => supertest(server).get(path).set(headers).redirects(3),
    { lines: true, origin: true, method: true },
  ],
  ['got', (path) => got(url + path, { headers }), { lines: true, origin: true, method: true }],
  ['axios', (path) => axios.get(url + path, { headers }), { lines: true, origin: true, method: true }],
]

describe.each(clients)('%s', (client, ask, tells) => {
  test('tells what it knows', async () => {
    const subject = readSubject(await ask('/'))
    if (subject.kind !== 'response') throw new Error(subject.kind)
    const values = (name: string): string[] =>
      subject.head.headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value)
    expect(subject).toMatchObject({ client, joinsLines: !tells.lines, ownPage: false, head: { status: 200 } })
    expect(values('access-control-allow-origin')).toEqual(tells.lines ? ['*', origin] : [`*, ${origin}`])
    expect(values('set-cookie')).toEqual(['a=1', 'b=2'])
    expect(subject.sentOrigin).toBe(tells.origin ? origin : undefined)
    expect(subject.sentMethod).toBe(tells.method ? 'GET' : undefined)
  })

  test('is refused once it has followed redirects', async () => {
    const response = await ask('/redirect')
    expect(() => readSubject(response)).toThrow(/came after redirects that its client followed/)
    expect(() => readSubject(observed(response, { origin }))).toThrow(/came after redirects/)
  })
})

test('axios over its fetch adapter joins lines, and knows what it sent', async () => {
  const response = await axios.get(url, { headers, adapter: 'fetch', maxRedirects: 0 })
  expect(readResponse(response)).toMatchObject({
    client: 'axios',
    joinsLines: true,
    sentOrigin: origin,
    sentMethod: 'GET',
  })
})

describe('a client that hides redirects', () => {
  const final = { status: () => 200, headersArray: () => [{ name: 'Vary', value: 'Origin' }] }
  test.each<[string, () => unknown]>([
    ['axios over its fetch adapter', () => axios.get(`${url}/redirect`, { headers, adapter: 'fetch' })],
    [
      'axios over fetch, told to follow',
      () => axios.get(url, { headers, adapter: 'fetch', fetchOptions: { redirect: 'follow' } }),
    ],
    ['Playwright', () => ({ ...final, url: () => `${url}/` })],
  ])('%s is judged only where observed() vouches for it', async (_, ask) => {
    const response = await ask()
    expect(() => readSubject(response)).toThrow(/may have come after redirects .*maxRedirects: 0.*observed/)
    expect(readSubject(observed(response, { origin }))).toMatchObject({ sentOrigin: origin })
  })

  test('axios over fetch tells whether it could follow any', async () => {
    for (const options of [{ maxRedirects: 0 }, { fetchOptions: { redirect: 'manual' as const } }]) {
      const ask = { headers, adapter: 'fetch' as const, validateStatus: () => true, ...options }
      expect(readResponse(await axios.get(url, ask))).toMatchObject({ sentOrigin: origin })
      const moved = await axios.get(`${url}/redirect`, ask)
      expect(() => readResponse(moved)).toThrow(/is a redirect \(302 with Location\)/)
    }
  })
})

test('undici with raw headers', async () => {
  const subject = readResponse(await undiciRequest(url, { headers, responseHeaders: 'raw' }))
  expect(subject).toMatchObject({ client: 'undici', joinsLines: false })
  expect(subject?.head.headers.slice(0, 2)).toEqual([
    ['Access-Control-Allow-Origin', '*'],
    ['access-control-allow-origin', origin],
  ])
})

test('superagent and supertest know that no Origin was sent', async () => {
  expect(readResponse(await supertest(server).options('/'))).toMatchObject({
    sentOrigin: null,
    sentMethod: 'OPTIONS',
  })
})

test('node:http', async () => {
  expect(readResponse(await nodeGet('/'))).toMatchObject({
    client: 'node:http',
    sentOrigin: origin,
    sentMethod: 'GET',
    joinsLines: false,
  })
  const redirect = await nodeGet('/redirect')
  expect(() => readResponse(redirect)).toThrow(/is a redirect \(302 with Location\)/)
})

test('reading a response of node:http warns of no deprecation', async () => {
  const response = await nodeGet('/')
  const read: string[] = []
  Object.defineProperty((response as IncomingMessage & { req: object }).req, '_headers', {
    get: () => void read.push('_headers'),
  })
  expect(readResponse(response)?.sentOrigin).toBe(origin)
  expect(read).toEqual([])
})

test('light-my-request, as fastify.inject()', async () => {
  const response = await fastify.inject({ method: 'GET', url: '/', headers })
  const subject = readResponse(response)
  expect(subject).toMatchObject({ client: 'light-my-request', sentOrigin: origin, sentMethod: 'GET' })
  expect(subject?.head.headers.filter(([name]) => name === 'access-control-allow-origin')).toHaveLength(2)
})

test('Playwright\u2019s APIResponse', () => {
  const headersArray = (): unknown => [
    { name: 'Vary', value: 'Origin' },
    { name: 'Vary', value: 'Accept' },
  ]
  const response = {
    status: () => 200,
    headersArray,
    headers: () => ({}),
    url: () => 'https://api.example.com/',
  }
  expect(readResponse(observed(response, { origin }))).toMatchObject({
    client: 'Playwright',
    url: 'https://api.example.com/',
    head: {
      status: 200,
      headers: [
        ['Vary', 'Origin'],
        ['Vary', 'Accept'],
      ],
    },
  })
  const ofPage = { ...response, headersArray: async () => headersArray() }
  expect(() => readResponse(observed(ofPage, { origin }))).toThrow(/await response\.headersArray\(\)/)
})

test.each([
  [{ status: 200, headers: { Vary: 'Origin' } }],
  [{ statusCode: 200, headers: { Vary: ['Origin'] } }],
  [{ status: 200, headers: [['Vary', 'Origin']] }],
  [{ status: 200, headers: ['Vary', ' Origin '] }],
  [{ status: 200, headers: [Buffer.from('Vary'), Buffer.from('Origin')] }],
  [{ status: 200, headers: [{ name: 'Vary', value: 'Origin' }] }],
  [{ status: 200, headers: [{ key: 'Vary', value: 'Origin' }] }],
  [{ status: 200, headers: { Vary: [{ key: 'Vary', value: 'Origin' }] } }],
  [{ status: 200, headers: new Map([['Vary', 'Origin']]) }],
  [{ status: 200, headers: new Map([['Vary', ['Origin']]]) }],
  [{ status: 200, headers: { Vary: 'Origin', Age: undefined, concat: () => 'x' } }],
])('a plain %j', (response) => {
  expect(readResponse(response)).toMatchObject({
    client: '{ status, headers }',
    joinsLines: false,
    head: { status: 200, headers: [['Vary', 'Origin']] },
  })
})

describe('what a function of AWS Lambda returns', () => {
  const read = (value: unknown) => readResponse(value)?.head

  test.each<[string, object, [string, string][]]>([
    [
      'multiValueHeaders alone',
      { statusCode: 200, multiValueHeaders: { 'Access-Control-Allow-Origin': ['*', origin] } },
      [
        ['Access-Control-Allow-Origin', '*'],
        ['Access-Control-Allow-Origin', origin],
      ],
    ],
    [
      'both records',
      {
        statusCode: 200,
        headers: { 'access-control-allow-origin': '*', Vary: 'Origin' },
        multiValueHeaders: { 'Access-Control-Allow-Origin': [origin], Vary: ['Accept'] },
      },
      [
        ['access-control-allow-origin', '*'],
        ['Vary', 'Origin'],
        ['Access-Control-Allow-Origin', origin],
        ['Vary', 'Accept'],
      ],
    ],
    [
      'the same line in both',
      { statusCode: 200, headers: { vary: 'Origin' }, multiValueHeaders: { Vary: ['Origin'] } },
      [['Vary', 'Origin']],
    ],
    [
      'no headers at all',
      { statusCode: 200, headers: null, multiValueHeaders: { Vary: ['Origin'] }, body: '' },
      [['Vary', 'Origin']],
    ],
    [
      'cookies',
      { statusCode: 200, headers: { Vary: 'Origin' }, cookies: ['a=1', 'b=2'] },
      [
        ['Vary', 'Origin'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
    ],
  ])('%s', (_, value, headers) => {
    expect(read(value)).toEqual({ status: 200, headers })
  })

  test('headers that cannot be read are said to be', () => {
    for (const headers of [
      { Vary: {} },
      { Vary: [['Origin']] },
      [{ name: 1, value: 2 }],
      ['Vary'],
      new Map([[{}, 'x']]),
    ])
      expect(() => readResponse({ statusCode: 200, headers })).toThrow(/headers .*cannot be read/)
    expect(() => readResponse({ statusCode: 200, multiValueHeaders: { Vary: [{}] } })).toThrow(
      /cannot be read/,
    )
  })
})

test.each<[string, () => unknown]>([
  ['a promise', () => Promise.resolve({ Vary: 'Origin' })],
  ['an iterator', () => new Headers({ Vary: 'Origin' }).entries()],
  ['a generator', () => (function* () {})()],
  ['a set', () => new Set(['Vary'])],
  ['a date', () => new Date(0)],
  ['inherited members', () => Object.create({ Vary: 'Origin' })],
  [
    'private members',
    () =>
      new (class {
        readonly #lines = { Vary: 'Origin' }
        get(name: 'Vary') {
          return this.#lines[name]
        }
      })(),
  ],
  ['a weak map', () => new WeakMap()],
  ['a function', () => () => ({ Vary: 'Origin' })],
])('headers that show nothing are not taken for none: %s', (_name, headers) => {
  expect(() => readResponse({ status: 200, headers: headers() })).toThrow(/headers .*cannot be read/)
  expect(() => observed({ status: 200, headers: {} }, { headers: headers() as never })).toThrow(
    /headers must be those that were sent/,
  )
})

test.each<[string, unknown]>([
  ['a record', {}],
  ['a record without a prototype', Object.create(null)],
  ['a record of another realm', runInNewContext('({})')],
  ['a list', []],
  ['a map', new Map()],
  ['a Headers object', new Headers()],
])('no headers are no headers: %s', (_name, headers) => {
  expect(readResponse({ status: 200, headers })).toMatchObject({ head: { status: 200, headers: [] } })
})

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

describe('a response that cannot be judged', () => {
  const typed = (type: string, init: object = {}): unknown =>
    Object.defineProperties(new Response('', init), { type: { value: type } })

  test.each(['cors', 'opaque', 'opaqueredirect', 'error'])('of type %s', (type) => {
    expect(() => readSubject(typed(type))).toThrow(`its type is '${type}'`)
  })

  test('but our own page\u2019s counts', () => {
    const response = Object.assign(typed('cors') as object, {
      [Symbol.for('expect-cors.pageResponse')]: { origin, method: 'GET', credentials: 'include' },
    })
    expect(readSubject(response)).toMatchObject({
      ownPage: true,
      sentOrigin: origin,
      sentMethod: 'GET',
      sentCredentials: 'include',
    })
  })

  test.each([0, 99, 100, 103, 199, 600, 200.5, '200', null])('of status %j', (status) => {
    expect(() => readSubject({ status, headers: {} })).toThrow(
      /status must be an integer from 200 to 599|expected a response/,
    )
  })

  test.each([
    ['a promise', Promise.resolve(), /this is a promise: await it first/],
    ['an unsent request', supertest(server).get('/'), /has not been sent yet .*await it first/],
    ['null', null, /got null/],
    ['nothing', undefined, /got undefined/],
    ['a number', 200, /got the number 200/],
    ['a status alone', { status: 200 }, /got an object with status/],
    ['an array', [], /got an array of 0/],
    ['a date', new Date(0), /got an object of class Date/],
    ['a status alone, observed', observed({ status: 200 }, { origin }), /got an object with status\. /],
    [
      'a status that throws',
      {
        get status() {
          throw new Error('locked')
        },
        headers: {},
      },
      /cannot be read: it throws Error: locked/,
    ],
    [
      'headers that throw',
      {
        status: 200,
        get headers() {
          throw new Error('?api_key=12345')
        },
      },
      /cannot be read: it throws Error: \?api_key=\[redacted\]/,
    ],
    ['a revoked proxy', revoked(), /cannot be read: it throws TypeError: /],
  ])('%s', (_name, value, message) => {
    expect(() => readSubject(value)).toThrow(message)
    expect(() => readSubject(value)).toThrow(expect.objectContaining({ name: 'CorsUsageError' }))
  })
})

describe('observed()', () => {
  const response = { status: 200, headers: {} }

  test('says what the client does not know', () => {
    expect(readSubject(observed(response, { origin, method: 'PUT', credentials: 'include' }))).toMatchObject({
      kind: 'response',
      sentOrigin: origin,
      sentMethod: 'PUT',
      sentCredentials: 'include',
    })
    expect(readSubject(observed(response, { origin: null }))).toMatchObject({ sentOrigin: null })
  })

  test('must not contradict what the client knows', async () => {
    const real = await supertest(server).get('/').set(headers)
    expect(readSubject(observed(real, { origin }))).toMatchObject({ sentOrigin: origin })
    expect(() => readSubject(observed(real, { origin: 'https://b.example' }))).toThrow(
      'observed() says that the request was sent with Origin: https://b.example, but supertest sent it with Origin: https://app.example.com',
    )
    expect(() => readSubject(observed(real, { origin: null }))).toThrow(
      /sent without an Origin, but supertest/,
    )
    expect(() => readSubject(observed(real, { method: 'PUT' }))).toThrow(
      'the method was PUT, but supertest sent GET',
    )
  })

  test.each([
    [{ origin: 'https://app.example.com/' }, /write 'https:\/\/app\.example\.com'/],
    [{ credentials: true }, /got the boolean true \(for true, write 'include'\)/],
    [{ orign: origin }, /did you mean "origin"\?/],
    [{ method: 'G T' }, /method must be an HTTP method/],
    [null, /second argument must be an object/],
  ])('refuses %j', (facts, message) => {
    expect(() => observed(response, facts as never)).toThrow(message)
  })

  test('refuses a promise', () => {
    expect(() => observed(Promise.resolve(), { origin })).toThrow(/await it first/)
  })
})

test('a journey or a verdict', () => {
  const verdict = { engine: 'chromium', outcome: 'allowed', preflight: { required: false, reasons: [] } }
  expect(readSubject(verdict)).toEqual({ kind: 'journey', verdict })
  const journey = { verdict, exchanges: [] }
  expect(readSubject(journey)).toEqual({ kind: 'journey', verdict, journey })
})
