/** The truth table where a test environment has put its own globals in the place of Node's: a slice of it for each, some of every matcher, unless all is asked for. */
import 'expect-cors/vitest'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import axios from 'axios'
import { Hono } from 'hono'
import { HttpResponse, http } from 'msw'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sliceOfEach } from '../slice.js'
import {
  answers,
  type Behaviour,
  behaviours,
  endpointArgs,
  fetchResponse,
  listener,
  ORIGIN,
  outcome,
  outcomeNow,
  sentHeaders,
} from './truth.cjs'

const endpoints: Record<string, { joined?: true; make(behaviour: Behaviour): unknown }> = {
  'a listener': { make: (behaviour) => ({ listener: listener(behaviour) }) },
  'a URL': { make: start },
  'the environment\u2019s URL': { make: async (behaviour) => new URL(await start(behaviour)) },
  'a handler that answers with the environment\u2019s Response': {
    joined: true,
    make: (behaviour) => () => fetchResponse(behaviour),
  },
  Hono: {
    joined: true,
    make(behaviour) {
      const app = new Hono()
      app.all('*', () => fetchResponse(behaviour))
      return app
    },
  },
  'MSW handlers': {
    joined: true,
    make: ({ status, headers }) => [
      http.all('/', () => new HttpResponse(null, { status, headers: headers as [string, string][] })),
    ],
  },
}

async function start(behaviour: Behaviour): Promise<string> {
  const server = createServer(listener(behaviour))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

export function truthInThisEnvironment(): void {
  describe.each(Object.entries(endpoints))('%s', (_kind, { joined, make }) => {
    test.each(sliceOfEach(behaviours, 3, ({ matcher }) => matcher))('$name', async (behaviour) => {
      const app = await make(behaviour)
      const answer = answers[behaviour.name]
      const says = await outcome(() => expect(app)[behaviour.matcher](...endpointArgs(behaviour)))
      expect(says).toBe((joined === true ? answer?.joined : undefined) ?? answer?.endpoint)
    })
  })

  describe('the environment\u2019s Response', () => {
    test.each(sliceOfEach(behaviours, 3, ({ matcher }) => matcher))('$name', (behaviour) => {
      const answer = answers[behaviour.name]
      const says = outcomeNow(() => expect(fetchResponse(behaviour))[behaviour.matcher](...behaviour.args))
      expect(says).toBe(answer?.joined ?? answer?.response)
    })
  })

  describe('supertest', () => {
    test.each(sliceOfEach(behaviours, 3, ({ matcher }) => matcher))('$name', async (behaviour) => {
      const asked = supertest(createServer(listener(behaviour)))
      const response = await (behaviour.method === 'OPTIONS' ? asked.options('/') : asked.get('/')).set(
        sentHeaders(behaviour),
      )
      const says = outcomeNow(() => expect(response)[behaviour.matcher](...behaviour.args))
      expect(says).toBe(answers[behaviour.name]?.response)
    })
  })

  test('a handler sees the Origin, and a whole journey ends', async () => {
    const seen: (string | null)[] = []
    const app = (request: Request): Response => {
      seen.push(`${request.method} ${request.headers.get('origin')}`)
      return new Response(null, {
        status: 204,
        headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'PUT' },
      })
    }
    await expect(app).toAllowCorsRequest({ origin: ORIGIN, method: 'PUT', body: 'a' })
    expect(seen).toEqual([`OPTIONS ${ORIGIN}`, `PUT ${ORIGIN}`])
  })

  test('what the environment\u2019s own client filtered is no observation', async () => {
    const url = await start({
      name: '',
      status: 200,
      method: 'GET',
      headers: [['Access-Control-Allow-Origin', '*']],
      matcher: 'toAllowOrigin',
      args: [ORIGIN],
    })
    const response = await axios.get(url, { adapter: 'http' })
    expect(() => expect(response).toAllowOrigin(ORIGIN)).toThrow('without an Origin header')
    const filtered = await axios.get(url, { adapter: 'xhr' })
    expect(() => expect(filtered).toAllowOrigin(ORIGIN)).toThrow(/adapter: 'http'/)
  })
}
