import { type CorsContract, defineCorsContract } from 'expect-cors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePattern } from '../../src/contract/origin-pattern.js'
import { environmentOf, resolveContract } from '../../src/contract/resolve-contract.js'
import type { ResolvedRoute } from '../../src/contract/resolved.js'
import { rightContracts } from './right-contracts.js'

const ALLOW = ['https://app.example.com']

function routeOf(contract: CorsContract, name = 'GET /orders', environment?: string): ResolvedRoute {
  const route = resolveContract(contract, environment).routes.find((each) => each.name === name)
  if (route === undefined) throw new Error(`there is no ${name}`)
  return route
}

const originsOf = (list: ResolvedRoute['allow']): unknown =>
  list === '*' ? list : list.map(({ origin }) => origin)

describe('defineCorsContract', () => {
  test('gives plain data that nobody changes, and leaves alone what it was given', () => {
    const allow = ['https://app.example.com']
    const given = { origins: { allow }, routes: { 'GET /orders': { headers: { accept: 'text/html' } } } }
    const contract = defineCorsContract(given)
    expect(contract).toEqual(given)
    expect(JSON.parse(JSON.stringify(contract))).toEqual(contract)
    expect(() => (contract.origins.allow as string[]).push('https://evil.example')).toThrow(TypeError)
    allow.push('https://evil.example')
    expect(contract.origins.allow).toEqual(['https://app.example.com'])
    expect(defineCorsContract(contract)).toBe(contract)
  })

  test('takes a Headers object and a Map, and what is undefined for not said', () => {
    const contract = defineCorsContract({
      origins: { allow: ALLOW },
      routes: {
        'GET /orders': {
          headers: new Headers({ 'X-Page': '1' }),
          extraHeaders: new Map([['x-gate', 'open']]),
          ...({ maxAge: undefined } as object),
        },
      },
    })
    expect(contract.routes['GET /orders']).toEqual({
      headers: [['x-page', '1']],
      extraHeaders: [['x-gate', 'open']],
    })
  })

  test('keeps a body that is no data as it is', () => {
    const body = new URLSearchParams({ a: 'b' })
    const contract = defineCorsContract({ origins: { allow: ALLOW }, routes: { 'POST /orders': { body } } })
    expect(contract.routes['POST /orders'].body).toBe(body)
    expect(() =>
      defineCorsContract({
        origins: { allow: ALLOW },
        routes: { 'POST /orders': { body: new ReadableStream() } },
      }),
    ).toThrow("routes['POST /orders'].body is a stream, which can be sent only once; give a string or bytes")
  })

  test('refuses what contains itself', () => {
    const body: Record<string, unknown> = {}
    body.self = body
    expect(() =>
      defineCorsContract({ origins: { allow: ALLOW }, routes: { 'POST /orders': { body } } }),
    ).toThrow("routes['POST /orders'].body.self contains itself")
  })
})

describe('origins', () => {
  const of = (origins: CorsContract['origins'], own?: CorsContract['origins']) =>
    routeOf({ origins, routes: { 'GET /orders': own === undefined ? {} : { origins: own } } })

  test('a stranger and null are denied unless something else is said', () => {
    expect(originsOf(of({ allow: ALLOW }).deny)).toEqual(['https://stranger.example', 'null'])
    expect(originsOf(of({ allow: ['null'] }).deny)).toEqual(['https://stranger.example'])
    expect(originsOf(of({ allow: ['https://*.example', 'https://stranger.test'] }).deny)).toEqual([
      'https://stranger.invalid',
      'null',
    ])
    expect(originsOf(of({ allow: ALLOW, deny: [] }).deny)).toEqual([])
  })

  test('nobody is denied where everybody may call', () => {
    const route = of({ allow: ALLOW, deny: ['https://evil.example'] }, { allow: '*' })
    expect([route.allow, route.deny]).toEqual(['*', []])
  })

  test('whoever may call other routes is denied where a route has its own list', () => {
    const general = { allow: [...ALLOW, 'https://*.preview.example.com', 'https://admin.example.com'] }
    expect(originsOf(of(general, { allow: [] }).deny)).toEqual([
      'https://stranger.example',
      'null',
      'https://app.example.com',
      'https://x.preview.example.com',
      'https://admin.example.com',
    ])
    expect(originsOf(of(general, { allow: ['https://admin.example.com'] }).deny)).toEqual([
      'https://stranger.example',
      'null',
      'https://app.example.com',
      'https://x.preview.example.com',
    ])
    expect(originsOf(of(general, { allow: [], deny: ['null'] }).deny)).toEqual(['null'])
    expect(originsOf(of({ allow: '*' }, { allow: [] }).deny)).toEqual(['https://stranger.example', 'null'])
  })

  test('an inherited denial gives way to a nearer allow', () => {
    const route = of(
      { allow: ALLOW, deny: ['null', 'https://partner.example'] },
      { allow: ['https://partner.example'] },
    )
    expect(originsOf(route.allow)).toEqual(['https://partner.example'])
    expect(originsOf(route.deny)).toEqual(['null', 'https://app.example.com'])
  })

  test('a pattern is asked with its example, which is nobody else', () => {
    const { allow, deny } = of({
      allow: [
        'https://*.example.com',
        'https://x.example.com',
        { pattern: 'https://*.example.org', example: 'https://pr-7.example.org' },
        'http://localhost:*',
        'https://shop-*.vercel.app',
      ],
      deny: ['https://*.evil.example'],
    })
    expect(allow).toEqual([
      { origin: 'https://y.example.com', pattern: 'https://*.example.com' },
      { origin: 'https://x.example.com' },
      { origin: 'https://pr-7.example.org', pattern: 'https://*.example.org' },
      { origin: 'http://localhost:12345', pattern: 'http://localhost:*' },
      { origin: 'https://shop-x.vercel.app', pattern: 'https://shop-*.vercel.app' },
    ])
    expect(deny).toEqual([{ origin: 'https://x.evil.example', pattern: 'https://*.evil.example' }])
  })

  test.each([
    [
      'https://*.example.com',
      ['https://a.example.com', 'https://a.b.example.com'],
      [
        'https://example.com',
        'http://a.example.com',
        'https://a.example.com:8443',
        'https://aexample.com',
        'https://a.exampleXcom',
        'https://a.example.com.evil.example',
      ],
    ],
    [
      'http://localhost:*',
      ['http://localhost', 'http://localhost:3000'],
      ['https://localhost:3000', 'http://localhost.evil.example', 'http://localhost:3000.evil.example'],
    ],
    ['http://*.localhost:*', ['http://a.localhost:1', 'http://a.localhost'], ['http://localhost:1']],
    [
      'https://shop-*.vercel.app',
      ['https://shop-pr7.vercel.app'],
      ['https://shop-.vercel.app', 'https://shop-a.b.vercel.app', 'https://xshop-a.vercel.app'],
    ],
    ['http://[::1]:*', ['http://[::1]:3000'], ['http://[::2]:3000']],
  ])('%s', (text, matching, others) => {
    const pattern = parsePattern(text)
    if (typeof pattern === 'string') throw new Error(pattern)
    expect(matching.filter((origin) => !pattern.matches(origin))).toEqual([])
    expect(others.filter((origin) => pattern.matches(origin))).toEqual([])
  })

  test('whatever a pattern is, its examples match it and are origins', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}[a-z]$/)
    const patterns = fc
      .tuple(
        fc.constantFrom('http', 'https'),
        fc.constantFrom('*', 'pr-*', '*-team'),
        label,
        label,
        fc.constantFrom('', ':*', ':8080'),
      )
      .map(([scheme, first, second, third, port]) => `${scheme}://${first}.${second}.${third}${port}`)
    fc.assert(
      fc.property(patterns, (text) => {
        const { allow } = of({ allow: [text] })
        const [only] = allow as Exclude<typeof allow, '*'>
        expect(new URL(only?.origin as string).origin).toBe(only?.origin)
        const pattern = parsePattern(text)
        expect(typeof pattern !== 'string' && pattern.matches(only?.origin as string)).toBe(true)
      }),
    )
  })
})

describe('what is asked', () => {
  const base: CorsContract = {
    origins: { allow: ALLOW },
    defaults: {
      credentials: 'include',
      headers: { authorization: 'Bearer t' },
      extraHeaders: { 'x-gate': 'open' },
      statuses: { 200: {}, 401: { without: ['Authorization'] }, 404: { params: { id: 'none' } } },
      rate: '30/min',
      maxAge: 60,
    },
    routes: {
      'GET /orders/:id': { params: { id: 'a/b' }, query: { page: 2, q: 'ä b' } },
      'GET /public': { credentials: 'omit', headers: {}, rate: '4/s' },
      'PUT /orders': { body: { quantity: 2 }, exposes: ['etag'] },
      'POST /orders': { body: [1], send: true, headers: { 'Content-Type': 'application/vnd.api+json' } },
    },
  }

  test('each status by the way it is provoked', () => {
    const { requests, ...route } = routeOf(base, 'GET /orders/:id')
    expect(route).toMatchObject({ method: 'GET', credentials: 'include', maxAge: 60, rate: 0.5, sends: true })
    const path = '/orders/a%2Fb?page=2&q=%C3%A4+b'
    const headers = [['authorization', 'Bearer t']]
    const extraHeaders = [['x-gate', 'open']]
    expect(requests).toMatchObject([
      { status: 200, path, headers, extraHeaders },
      { status: 401, path, headers: [], extraHeaders },
      { status: 404, path: path.replace('a%2Fb', 'none'), headers, extraHeaders },
    ])
  })

  test('what defaults say to leave out is nothing to a route that does not send it', () => {
    const { requests, rate, credentials } = routeOf(base, 'GET /public')
    expect(requests.map(({ status }) => status)).toEqual([200])
    expect({ rate, credentials }).toEqual({ rate: 4, credentials: 'omit' })
    const only: CorsContract = {
      origins: { allow: ALLOW },
      defaults: { statuses: { 401: { without: ['authorization'] } } },
      routes: { 'GET /orders': {} },
    }
    expect(routeOf(only).requests).toMatchObject([
      { status: undefined, path: '/orders', headers: [], extraHeaders: [] },
    ])
  })

  test('a method that changes state is asked for by its preflight, unless the route says otherwise', () => {
    const put = routeOf(base, 'PUT /orders')
    expect(put.sends).toBe(false)
    expect(put.requests.map(({ status }) => status)).toEqual([undefined])
    const post = routeOf(base, 'POST /orders')
    expect(post.sends).toBe(true)
    expect(post.requests.map(({ status }) => status)).toEqual([200])
  })

  test('a body of data is JSON, with its type unless another is said', () => {
    const put = routeOf(base, 'PUT /orders')
    expect(put.body).toBe('{"quantity":2}')
    expect(put.requests[0]?.headers).toEqual([
      ['authorization', 'Bearer t'],
      ['content-type', 'application/json'],
    ])
    const post = routeOf(base, 'POST /orders')
    expect(post.body).toBe('[1]')
    expect(post.requests[0]?.headers).toEqual([['Content-Type', 'application/vnd.api+json']])
  })

  test('a status adds headers, or says them otherwise', () => {
    const { requests } = routeOf({
      origins: { allow: ALLOW },
      routes: {
        'GET /orders': {
          headers: { authorization: 'a', 'x-page': '1' },
          query: { page: 1, all: 'no' },
          statuses: {
            403: { headers: { Authorization: 'b' }, query: { page: 2 }, extraHeaders: { 'x-gate': 'shut' } },
            500: { path: '/boom' },
          },
        },
      },
    })
    expect(requests).toMatchObject([
      {
        status: 403,
        path: '/orders?page=2&all=no',
        headers: [
          ['x-page', '1'],
          ['Authorization', 'b'],
        ],
        extraHeaders: [['x-gate', 'shut']],
      },
      {
        status: 500,
        path: '/boom?page=1&all=no',
        headers: [
          ['authorization', 'a'],
          ['x-page', '1'],
        ],
        extraHeaders: [],
      },
    ])
  })

  test('a colon within a segment is no parameter', () => {
    const contract: CorsContract = {
      origins: { allow: ALLOW },
      routes: { 'GET /v1/orders:count/:id.json': { params: { id: 7 } } },
    }
    expect(routeOf(contract, 'GET /v1/orders:count/:id.json').requests[0]?.path).toBe(
      '/v1/orders:count/7.json',
    )
  })
})

describe('environments', () => {
  const contract: CorsContract = {
    origins: { allow: ALLOW, deny: ['https://evil.example', 'https://staging.example.com'] },
    defaults: { credentials: 'include', rate: '4/s' },
    routes: {
      'GET /orders': { maxAge: 5, rate: '8/s' },
      'GET /public': { origins: { allow: '*' }, credentials: 'omit' },
    },
    environments: {
      staging: {
        origins: { allow: ['https://staging.example.com'] },
        defaults: { extraHeaders: { 'x-gate': 'open' }, rate: '1/s' },
        routes: { 'GET /orders': { maxAge: 60 } },
      },
    },
  }

  test('say a thing instead of the contract, and the nearest counts', () => {
    const orders = routeOf(contract, 'GET /orders', 'staging')
    expect(originsOf(orders.allow)).toEqual(['https://staging.example.com'])
    // Where the contract denies who is allowed here, this is nearer.
    expect(originsOf(orders.deny)).toEqual(['https://evil.example'])
    expect(orders).toMatchObject({ maxAge: 60, rate: 8, credentials: 'include' })
    expect(orders.requests[0]?.extraHeaders).toEqual([['x-gate', 'open']])
    const open = routeOf(contract, 'GET /public', 'staging')
    expect(open).toMatchObject({ allow: '*', credentials: 'omit', rate: 1 })
  })

  test('are chosen by name; one that there is not is a mistake', () => {
    expect(environmentOf(contract, 'staging')).toBe('staging')
    expect(environmentOf(contract, 'constructor')).toBeUndefined()
    expect(() => resolveContract(contract, 'stagin')).toThrow(
      "the contract has no environment 'stagin'; did you mean 'staging'?",
    )
    expect(() => resolveContract({ origins: { allow: ALLOW }, routes: { 'GET /': {} } }, 'prod')).toThrow(
      "the contract has no environment 'prod': it has no environments",
    )
  })
})

test('whatever is right can be resolved, in every environment', () => {
  for (const contract of Object.values(rightContracts) as CorsContract[])
    for (const environment of [undefined, ...Object.keys(contract.environments ?? {})])
      for (const { allow, deny, requests } of resolveContract(contract, environment).routes) {
        expect(requests.length).toBeGreaterThan(0)
        const origins = [...(allow === '*' ? [] : allow), ...deny].map(({ origin }) => origin)
        expect(new Set(origins).size, 'each origin once, allowed or denied').toBe(origins.length)
        for (const { path } of requests) expect(path).not.toMatch(/\/:/)
      }
})
