/**
 * The truth table through every client, in this process; Playwright's is in test/compat/. A slice of it for each, some of every matcher, unless
 * all of it is asked for.
 */
import 'expect-cors/vitest'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { connect, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import axios from 'axios'
import { observed } from 'expect-cors'
import Fastify from 'fastify'
import got from 'got'
import { Hono } from 'hono'
import ky from 'ky'
import superagent from 'superagent'
import supertest from 'supertest'
import { Agent, fetch as undiciFetch, request as undiciRequest } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readResponse } from '../../src/subject/response-subject.js'
import { sliceOfEach } from '../slice.js'
import {
  answers,
  type Behaviour,
  behaviours,
  fetchResponse,
  listener,
  ORIGIN,
  outcomeNow,
  sentHeaders,
} from './truth.cjs'

interface Asked {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
  readonly behaviour: Behaviour
}

/** What a client tells of its request and its answer. */
interface Tells {
  readonly lines: boolean
  readonly origin: boolean
  readonly method: boolean
}

const all = { lines: true, origin: true, method: true }
const nothing = { lines: false, origin: false, method: false }
const lines = { lines: true, origin: false, method: false }

const clients: Record<string, Tells & { ask(asked: Asked): Promise<unknown> }> = {
  'global fetch': { ...nothing, ask: ({ url, ...init }) => fetch(url, init) },
  'undici fetch': { ...nothing, ask: ({ url, method, headers }) => undiciFetch(url, { method, headers }) },
  'undici request': {
    ...lines,
    async ask({ url, method, headers }) {
      const response = await undiciRequest(url, { method: method as 'GET', headers })
      await response.body.dump()
      return response
    },
  },
  'undici request, raw headers': {
    ...lines,
    async ask({ url, method, headers }) {
      const options = { method: method as 'GET', headers, responseHeaders: 'raw' as const }
      const response = await undiciRequest(url, options)
      await response.body.dump()
      return response
    },
  },
  'undici Agent#request': {
    ...lines,
    async ask({ url, method, headers }) {
      const { origin, pathname: path } = new URL(url)
      const response = await new Agent().request({ origin, path, method: method as 'GET', headers })
      await response.body.dump()
      return response
    },
  },
  supertest: {
    ...all,
    ask: async ({ url, method, headers }) =>
      method === 'OPTIONS'
        ? await supertest(url).options('/').set(headers)
        : await supertest(url).get('/').set(headers),
  },
  superagent: {
    ...all,
    ask: async ({ url, method, headers }) =>
      await superagent(method, url)
        .set(headers)
        .ok(() => true),
  },
  axios: { ...all, ask: (asked) => axios.request({ ...axiosConfig(asked), adapter: 'http' }) },
  'axios, without throwing away errors': {
    ...all,
    ask: (asked) =>
      axios
        .request({ ...axiosConfig(asked), adapter: 'http', validateStatus: () => false })
        .catch((error) => error.response),
  },
  'axios, fetch adapter': {
    lines: false,
    origin: true,
    method: true,
    ask: (asked) => axios.request({ ...axiosConfig(asked), adapter: 'fetch', maxRedirects: 0 }),
  },
  got: {
    ...all,
    ask: async ({ url, method, headers }) =>
      await got(url, { method: method as 'GET', headers, throwHttpErrors: false, retry: { limit: 0 } }),
  },
  ky: {
    ...nothing,
    ask: ({ url, method, headers }) => ky(url, { method, headers, throwHttpErrors: false, retry: 0 }),
  },
  'light-my-request': {
    ...all,
    async ask({ method, headers, behaviour }) {
      const app = Fastify()
      app.route({
        method: ['GET', 'OPTIONS'],
        url: '/',
        handler(request, reply) {
          reply.hijack()
          listener(behaviour)(request.raw, reply.raw)
        },
      })
      return await app.inject({ method: method as 'GET', url: '/', headers })
    },
  },
  'app.request of Hono': {
    ...nothing,
    async ask({ method, headers, behaviour }) {
      const app = new Hono()
      app.all('/', () => fetchResponse(behaviour))
      return app.request('/', { method, headers })
    },
  },
  'node:http': { ...all, ask: nodeRequest },
  'node:http2': {
    ...nothing,
    ask: async ({ method, headers, behaviour }) => (await http2Request(method, headers, behaviour)).headers,
  },
  'node:http2, as { status, headers }': {
    ...nothing,
    async ask({ method, headers, behaviour }) {
      const answer = await http2Request(method, headers, behaviour)
      return { status: answer.headers[':status'], headers: answer.headers }
    },
  },
  'node:http2, as { status, rawHeaders }': {
    ...lines,
    async ask({ method, headers, behaviour }) {
      const answer = await http2Request(method, headers, behaviour)
      return { status: answer.headers[':status'], headers: answer.rawHeaders }
    },
  },
  'a record': {
    ...lines,
    async ask({ behaviour: { status, headers } }) {
      const record: Record<string, string[]> = {}
      for (const [name, value] of headers) record[name] = [...(record[name] ?? []), value]
      return { status, headers: record }
    },
  },
  pairs: { ...lines, ask: async ({ behaviour: { status, headers } }) => ({ status, headers }) },
  'raw lines': {
    ...lines,
    ask: async ({ behaviour: { status, headers } }) => ({ status, headers: headers.flat() }),
  },
  'a Headers object': {
    ...nothing,
    ask: async ({ behaviour }) => ({
      status: behaviour.status,
      headers: fetchResponse(behaviour).headers,
    }),
  },
  Playwright: {
    ...lines,
    async ask({ url, method, behaviour: { status, headers } }) {
      const response = {
        status: () => status,
        url: () => url,
        headers: () => ({}),
        headersArray: () => headers.map(([name, value]) => ({ name, value })),
      }
      // Whether it came after redirects is not to be seen.
      return observed(response, { method })
    },
  },
}

const axiosConfig = ({ url, method, headers }: Asked) => ({
  url,
  method,
  headers,
  validateStatus: () => true,
})

function nodeRequest({ url, method, headers }: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { method, headers }, (response) => resolve(response.resume()))
      .on('error', reject)
      .end()
  })
}

async function http2Request(
  method: string,
  sent: Record<string, string>,
  { status, headers }: Behaviour,
): Promise<{ headers: Record<string, unknown>; rawHeaders: string[] }> {
  const server = createHttp2Server()
  server.on('stream', (stream) => {
    const lines: Record<string, string[]> = {}
    for (const [name, value] of headers)
      lines[name.toLowerCase()] = [...(lines[name.toLowerCase()] ?? []), value]
    stream.respond({
      ':status': status,
      ...Object.fromEntries(
        Object.entries(lines).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
      ),
    })
    stream.end()
  })
  const client = connect(await listen(server))
  try {
    return await new Promise((resolve, reject) => {
      const stream = client.request({ ':method': method, ':path': '/', ...sent })
      stream.on('error', reject)
      stream.on('response', (headers, _flags, rawHeaders?: string[]) =>
        resolve({ headers, rawHeaders: rawHeaders ?? [] }),
      )
      stream.resume()
    })
  } finally {
    client.close()
    server.close()
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

let current: Behaviour
const server = createServer((request, response) => listener(current)(request, response))
let url = ''
beforeAll(async () => {
  url = await listen(server)
})
afterAll(() => {
  server.close()
})

describe.each(Object.entries(clients))('%s', (_client, { ask, ...tells }) => {
  test.each(sliceOfEach(behaviours, 3, ({ matcher }) => matcher))('$name', async (behaviour) => {
    current = behaviour
    const response = await ask({
      url: `${url}/`,
      method: behaviour.method,
      headers: sentHeaders(behaviour),
      behaviour,
    })
    const answer = answers[behaviour.name]
    const says = outcomeNow(() => expect(response)[behaviour.matcher](...behaviour.args))
    expect(says).toBe((tells.lines ? undefined : answer?.joined) ?? answer?.response)
    expect(readResponse(response)).toMatchObject({
      joinsLines: !tells.lines,
      ...(tells.origin ? { sentOrigin: ORIGIN } : {}),
      ...(tells.method ? { sentMethod: behaviour.method } : {}),
    })
    expect(readResponse(response)?.sentOrigin === undefined).toBe(!tells.origin)
  })
})
