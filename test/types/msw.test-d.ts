import type { CorsContract } from 'expect-cors'
import { type MockPolicy, type WithCorsOptions, withCors } from 'expect-cors/msw'
import { expectTypeOf } from 'expect-type'
import { graphql, type HttpHandler, HttpResponse, http, type RequestHandler, ws } from 'msw'
import { setupServer } from 'msw/node'
import { describe, test } from 'vitest'

const policy: MockPolicy = { allow: ['https://app.example.com'] }
const get = http.get('*', () => HttpResponse.json([]))

describe('withCors', () => {
  test('gives the same handlers, as MSW takes them', () => {
    expectTypeOf(withCors(policy, [get])).toEqualTypeOf<HttpHandler[]>()
    const socket = ws.link('wss://chat.example.com').addEventListener('connection', () => undefined)
    const query = graphql.query('Orders', () => HttpResponse.json({ data: {} }))
    const server = setupServer(...withCors(policy, [get, query, socket]))
    server.use(...withCors(policy, [get]))
    const given: readonly RequestHandler[] = [get]
    expectTypeOf(withCors(policy, given)).toEqualTypeOf<RequestHandler[]>()
  })

  test('takes a contract or a policy', () => {
    const contract = { origins: { allow: '*' }, routes: { 'GET /orders': {} } } satisfies CorsContract
    withCors(contract, [get], { environment: 'staging', baseUrl: 'https://api.example.com' })
    withCors({ allow: '*', methods: ['*'], headers: ['*'], exposes: ['*'], credentials: false, maxAge: 5 }, [
      get,
    ])
    withCors({ allow: [{ pattern: 'https://*.example.com', example: 'https://x.example.com' }] }, [])
    expectTypeOf<{ baseUrl: URL }>().toExtend<WithCorsOptions>()
    // @ts-expect-error nobody is said to be allowed
    withCors({ methods: ['PUT'] }, [get])
    // @ts-expect-error a list, or '*'
    withCors({ allow: 'https://app.example.com' }, [get])
    // @ts-expect-error true or false
    withCors({ allow: [], credentials: 'include' }, [get])
    // @ts-expect-error no such option
    withCors(policy, [get], { baseURL: 'https://api.example.com' })
  })

  test('takes a list of handlers', () => {
    // @ts-expect-error one handler
    withCors(policy, get)
    // @ts-expect-error a list of lists
    withCors(policy, [[get]])
    // @ts-expect-error a server
    withCors(policy, setupServer(get))
    // @ts-expect-error a resolver
    withCors(policy, [() => HttpResponse.json([])])
  })
})
