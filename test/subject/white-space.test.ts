/** White space around header values is part of no value, whichever way a response comes in. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import got from 'got'
import supertest from 'supertest'
import { Agent, MockAgent, request as undiciRequest } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evaluateCors, type HeadersLike } from '../../src/index.js'
import { openPage } from '../../src/page/open-page.js'
import { observed } from '../../src/subject/observed.js'
import { readResponse } from '../../src/subject/response-subject.js'
import { fetchHandlerTransport, listenerTransport } from '../../src/transport/app-transport.js'
import { nodeHttpTransport } from '../../src/transport/node-http-transport.js'
import type { Transport } from '../../src/transport/transport.js'
import { undiciTransport } from '../../src/transport/undici-transport.js'

const origin = 'https://app.example.com'
const app: RequestListener = (_request, response) => {
  response.writeHead(200, [
    'Access-Control-Allow-Origin',
    ` \t${origin}\t `,
    'Access-Control-Expose-Headers',
    'X-Seen\t',
    'X-Seen',
    '\t a \t b \t',
    'X-Seen',
    ' ',
    'Set-Cookie',
    'c=d \t',
  ])
  response.end()
}
const server = createServer(app)
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => server.close())

function expectTrimmed(lines: readonly (readonly [string, string])[]): void {
  const values = (name: string): string =>
    lines.flatMap(([other, value]) => (other.toLowerCase() === name ? [value] : [])).join()
  expect(values('access-control-allow-origin')).toBe(origin)
  expect(values('access-control-expose-headers')).toBe('X-Seen')
  // Where the client joins lines, it did so before.
  expect(values('x-seen')).toMatch(/^a \t b(,|\s*,\s*)?$/)
  expect(values('set-cookie')).toBe('c=d')
}

/** What a `Headers` of a sloppy client keeps. */
const untrimmed = new Map([
  ['access-control-allow-origin', ` ${origin}\t`],
  ['access-control-expose-headers', 'X-Seen\r\n'],
  ['x-seen', '\t a \t b \t'],
  ['set-cookie', 'c=d\t'],
])
const untrimmedResponse = { status: 200, headers: untrimmed }

const handler = (): Response => {
  const response = new Response(null)
  Object.defineProperty(response, 'headers', { value: untrimmed })
  return response
}

describe('received live', () => {
  test.each<[string, () => Transport]>([
    ['undici', () => undiciTransport()],
    ['a dispatcher of the user', () => undiciTransport({ dispatcher: new Agent() })],
    ['node:http', () => nodeHttpTransport],
    ['an app', () => listenerTransport(app)],
    ['a fetch handler', () => fetchHandlerTransport(handler)],
  ])('through %s', async (_name, make) => {
    const transport = make()
    const { headers, body } = await transport.send({ method: 'GET', url, headers: [] })
    await body?.cancel()
    expectTrimmed(headers)
    await transport.close()
  })

  test('from a MockAgent, which tells headers as a record', async () => {
    const dispatcher = new MockAgent()
    dispatcher.disableNetConnect()
    dispatcher
      .get('https://api.example.com')
      .intercept({ path: '/' })
      .reply(200, '', { headers: Object.fromEntries(untrimmed) })
    const sent = { method: 'GET', url: 'https://api.example.com/', headers: [] }
    expectTrimmed((await undiciTransport({ dispatcher }).send(sent)).headers)
  })

  test.each<[string, () => unknown]>([
    ['an app', () => createServer(app)],
    ['a fetch handler', () => ({ fetch: handler })],
    ['the URL of a stand-in', () => url],
  ])('by a page whose server is %s: scripts read what browsers give them', async (_name, make) => {
    const servers = { 'https://api.example.com': make() }
    const page = await openPage(origin, { servers })
    const { headers } = await page.fetch('https://api.example.com/')
    expect(headers.get('x-seen')).toMatch(/^a \t b(, )?$/)
    const xhr = new page.XMLHttpRequest()
    xhr.open('GET', 'https://api.example.com/')
    await new Promise((resolve) => {
      xhr.addEventListener('loadend', resolve)
      xhr.send()
    })
    expect(xhr.getResponseHeader('x-seen')).toMatch(/^a \t b(, )?$/)
    expect(xhr.getAllResponseHeaders()).toMatch(/^x-seen: a \t b(, )?\r\n/)
    await page.close()
  })
})

test.each<[string, () => unknown]>([
  ["Node's fetch", () => fetch(url)],
  ['undici', () => undiciRequest(url)],
  ['undici with raw headers', () => undiciRequest(url, { responseHeaders: 'raw' })],
  ['got', () => got(url)],
  ['supertest', () => supertest(app).get('/')],
  [
    'light-my-request',
    () =>
      Fastify()
        .get('/', (_request, reply) => {
          for (const [name, value] of untrimmed) reply.raw.setHeader(name, value.replace('\r\n', '\t'))
          return reply.send('')
        })
        .inject('/'),
  ],
  ['a Headers-like object', () => untrimmedResponse],
  ['a record', () => ({ status: 200, headers: Object.fromEntries(untrimmed) })],
  [
    'a record of lists',
    () => ({
      status: 200,
      headers: Object.fromEntries([...untrimmed].map(([name, value]) => [name, [value]])),
    }),
  ],
  ['pairs', () => ({ status: 200, headers: [...untrimmed] })],
  ['names and values in turn', () => ({ status: 200, headers: [...untrimmed].flat() })],
  ['buffers', () => ({ status: 200, headers: [...untrimmed].flat().map((text) => Buffer.from(text)) })],
  [
    '{ name, value } objects',
    () => ({ status: 200, headers: [...untrimmed].map(([name, value]) => ({ name, value })) }),
  ],
  ['observed()', () => observed(untrimmedResponse, { origin })],
])('observed by %s', async (_name, get) => {
  const subject = readResponse(await get())
  if (subject === undefined) throw new Error('not a response')
  expectTrimmed(subject.head.headers)
})

test.each<[string, HeadersLike]>([
  ['a record', Object.fromEntries(untrimmed)],
  ['pairs', [...untrimmed]],
  ['an iterable', untrimmed],
])('given to evaluateCors as %s', (_name, headers) => {
  const verdict = evaluateCors({
    request: { origin, url: 'https://api.example.com/' },
    response: { status: 200, headers },
  })
  expect(verdict).toMatchObject({ outcome: 'allowed', exposedHeaders: ['x-seen'] })
})
