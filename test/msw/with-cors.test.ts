import { defineCorsContract, openPage } from 'expect-cors'
import { type MockPolicy, withCors } from 'expect-cors/msw'
import {
  getResponse,
  graphql,
  HttpHandler,
  HttpResponse,
  http,
  passthrough,
  RequestHandler,
  sse,
  ws,
} from 'msw'
import { setupServer } from 'msw/node'
import { describe, expect, test } from 'vitest'

const APP = 'https://app.example.com'
const EVIL = 'https://evil.example'
const API = 'https://api.example.com'

const policy: MockPolicy = {
  allow: [APP, 'https://*.preview.example.com'],
  methods: ['PUT', 'DELETE'],
  headers: ['content-type', 'authorization'],
  credentials: true,
  exposes: ['x-total-count'],
  maxAge: 600,
}

const request = (path: string, init: RequestInit = {}, origin: string | null = APP): Request => {
  const headers = new Headers(init.headers)
  if (origin !== null) headers.set('origin', origin)
  return new Request(`${API}${path}`, { ...init, headers })
}
const preflight = (path: string, method: string, origin = APP): Request =>
  request(path, { method: 'OPTIONS', headers: { 'access-control-request-method': method } }, origin)

type Handlers = Parameters<typeof getResponse>[0]

/** What a list of handlers responds, as MSW asks them; the name of what it is where that is not a response. */
async function ask(handlers: readonly object[], asked: Request): Promise<Response> {
  const response = await getResponse(handlers as Handlers, asked)
  if (response === undefined) throw new Error('nobody responded')
  return response
}
const unhandled = (handlers: readonly object[], asked: Request): Promise<unknown> =>
  getResponse(handlers as Handlers, asked)
const corsOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => /^(access-control-|vary$)/.test(name)))

const orders = () => HttpResponse.json([], { headers: { 'x-total-count': '0' } })

describe('a policy', () => {
  const handlers = withCors(policy, [
    http.get(`${API}/orders`, orders),
    http.put(`${API}/orders/:id`, () => HttpResponse.json({}, { status: 500 })),
  ])

  test('an allowed origin, on errors too', async () => {
    const read = {
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total-count',
      vary: 'Origin',
    }
    const got = await ask(handlers, request('/orders'))
    expect([got.status, await got.json(), corsOf(got)]).toEqual([200, [], read])
    const failed = await ask(handlers, request('/orders/1', { method: 'PUT' }))
    expect([failed.status, corsOf(failed)]).toEqual([500, read])
    const preview = 'https://a.preview.example.com'
    expect(corsOf(await ask(handlers, request('/orders', {}, preview)))).toEqual({
      ...read,
      'access-control-allow-origin': preview,
    })
  })

  test('a preflight', async () => {
    const response = await ask(handlers, preflight('/orders/1', 'PUT'))
    expect([response.status, await response.text(), corsOf(response)]).toEqual([
      204,
      '',
      {
        'access-control-allow-origin': APP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'PUT, DELETE',
        'access-control-allow-headers': 'content-type, authorization',
        'access-control-max-age': '600',
        vary: 'Origin',
      },
    ])
  })

  test('another origin, and none', async () => {
    for (const origin of [EVIL, 'null', `${APP}.evil.example`, 'https://preview.example.com'])
      expect(corsOf(await ask(handlers, request('/orders', {}, origin)))).toEqual({ vary: 'Origin' })
    expect(corsOf(await ask(handlers, request('/orders', {}, null)))).toEqual({ vary: 'Origin' })
    const refused = await ask(handlers, preflight('/orders/1', 'PUT', EVIL))
    expect([refused.status, corsOf(refused)]).toEqual([204, { vary: 'Origin' }])
  })

  test('any origin', async () => {
    const open = withCors({ allow: '*', exposes: ['*'], headers: ['*'], methods: ['*'] }, [
      http.all('*', orders),
    ])
    const read = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }
    expect(corsOf(await ask(open, request('/', {}, EVIL)))).toEqual(read)
    expect(corsOf(await ask(open, request('/', {}, null)))).toEqual(read)
    expect(corsOf(await ask(open, preflight('/', 'PUT', EVIL)))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': '*',
      'access-control-allow-headers': '*',
    })
  })

  test('no origin', async () => {
    const shut = withCors({ allow: [] }, [http.get('*', orders)])
    expect(corsOf(await ask(shut, request('/')))).toEqual({ vary: 'Origin' })
  })
})

describe('a contract', () => {
  const contract = defineCorsContract({
    origins: { allow: [APP] },
    defaults: { credentials: 'include' },
    routes: {
      'GET /orders': { exposes: ['x-total-count'] },
      'PUT /orders/:id': {
        headers: { 'content-type': 'application/json', accept: 'text/html' },
        maxAge: 600,
        params: { id: '1' },
      },
      'GET /orders/:id': { params: { id: '1' } },
      'GET /orders/latest': { origins: { allow: '*' }, credentials: 'omit' },
      'DELETE /admin': { origins: { allow: [] } },
    },
    environments: { staging: { origins: { allow: ['https://staging.example.com'] } } },
  })
  const mock = [http.all(`${API}/*`, orders)]
  const handlers = withCors(contract, mock)

  test('each route has its own', async () => {
    expect(corsOf(await ask(handlers, request('/orders?page=2')))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total-count',
      vary: 'Origin',
    })
    expect(corsOf(await ask(handlers, preflight('/orders/7', 'PUT')))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
      vary: 'Origin',
    })
    expect(corsOf(await ask(handlers, request('/orders/latest')))).toEqual({
      'access-control-allow-origin': '*',
    })
    expect(corsOf(await ask(handlers, preflight('/admin', 'DELETE')))).toEqual({ vary: 'Origin' })
  })

  test('what has no route carries no CORS headers, whatever its handler says', async () => {
    const generous = withCors(contract, [
      http.all('*', () => HttpResponse.json([], { headers: { 'access-control-allow-origin': '*' } })),
    ])
    for (const asked of [
      request('/other'),
      request('/orders/'),
      request('/orders', { method: 'HEAD' }),
      request('/orders/7', { method: 'PATCH' }),
      preflight('/orders/7', 'DELETE'),
      preflight('/orders', 'put'),
    ])
      expect(corsOf(await ask(generous, asked)), `${asked.method} ${asked.url}`).toEqual({})
  })

  test('a path that provokes a status of several routes is granted what each of them is', async () => {
    const statuses = { 200: {}, 500: { path: '/boom' } }
    const given = defineCorsContract({
      origins: { allow: [APP] },
      defaults: { statuses },
      routes: {
        'GET /orders': { credentials: 'include', exposes: ['x-total-count'] },
        'GET /prices': { origins: { allow: '*' }, exposes: ['etag'] },
        'PUT /orders': { origins: { allow: [EVIL] } },
      },
    })
    const boom = withCors(given, mock)
    expect(corsOf(await ask(boom, request('/boom')))).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total-count, etag',
      vary: 'Origin',
    })
    expect(corsOf(await ask(boom, request('/boom', {}, EVIL)))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'etag',
      vary: 'Origin',
    })
    // Of a route that is judged by its preflight alone, statuses are not provoked.
    expect(corsOf(await ask(boom, preflight('/boom', 'PUT', EVIL)))).toEqual({})
  })

  test('an environment', async () => {
    const staging = withCors(contract, mock, { environment: 'staging' })
    const allowed = async (origin: string) =>
      corsOf(await ask(staging, request('/orders', {}, origin)))['access-control-allow-origin']
    expect(await allowed(APP)).toBeUndefined()
    expect(await allowed('https://staging.example.com')).toBe('https://staging.example.com')
  })

  test('below a base URL; elsewhere handlers are left alone', async () => {
    const open = () => HttpResponse.json([], { headers: { 'access-control-allow-origin': '*' } })
    const below = withCors(
      contract,
      [
        http.get(`${API}/v1/orders`, orders),
        http.get(`${API}/orders`, open),
        http.get('https://maps.example/*', open),
      ],
      { baseUrl: `${API}/v1/` },
    )
    expect(corsOf(await ask(below, request('/v1/orders')))['access-control-allow-origin']).toBe(APP)
    expect(corsOf(await ask(below, request('/orders')))).toEqual({ 'access-control-allow-origin': '*' })
    const asked = new Request('https://maps.example/orders', { headers: { origin: EVIL } })
    expect(corsOf(await ask(below, asked))).toEqual({ 'access-control-allow-origin': '*' })
    const elsewhere = new Request('https://maps.example/orders', {
      method: 'OPTIONS',
      headers: { origin: EVIL, 'access-control-request-method': 'GET' },
    })
    expect(await unhandled(below, elsewhere)).toBeUndefined()
  })
})

describe('handlers keep their meaning', () => {
  test('what none of them handled is handled by none', async () => {
    const handlers = withCors(policy, [http.get(`${API}/orders`, orders)])
    expect(await unhandled(handlers, request('/other'))).toBeUndefined()
    expect(await unhandled(handlers, request('/orders', { method: 'PUT' }))).toBeUndefined()
    expect(await unhandled(handlers, preflight('/orders', 'PUT'))).toBeUndefined()
    expect(await unhandled(handlers, preflight('/other', 'GET'))).toBeUndefined()
    // OPTIONS is a preflight only with what it asks for.
    expect(await unhandled(handlers, request('/orders', { method: 'OPTIONS' }))).toBeUndefined()
    expect((await ask(handlers, preflight('/orders', 'GET'))).status).toBe(204)
  })

  test('a preflight runs no resolver, and uses nothing up', async () => {
    const ran: string[] = []
    const once = http.put(
      `${API}/orders`,
      ({ request: { method } }) => {
        ran.push(method)
        return orders()
      },
      {
        once: true,
      },
    )
    const all = http.all(`${API}/all`, ({ request: { method } }) => {
      ran.push(method)
      return orders()
    })
    const handlers = withCors(policy, [once, all])
    for (const asked of [
      preflight('/orders', 'PUT'),
      preflight('/orders', 'PUT'),
      preflight('/all', 'DELETE'),
    ])
      expect((await ask(handlers, asked)).status).toBe(204)
    expect([ran, once.isUsed, handlers[0]?.isUsed]).toEqual([[], false, false])
    await ask(handlers, request('/orders', { method: 'PUT' }))
    expect([ran, once.isUsed, handlers[0]?.isUsed]).toEqual([['PUT'], true, true])
    expect(await unhandled(handlers, request('/orders', { method: 'PUT' }))).toBeUndefined()
    expect(await unhandled(handlers, preflight('/orders', 'PUT'))).toBeUndefined()
  })

  test('passthrough, a network error, an exception and falling through', async () => {
    const raised = new Error('a bug of the mock')
    const handlers = withCors(policy, [
      http.all(`${API}/*`, () => undefined),
      http.get(`${API}/through`, () => passthrough()),
      http.get(`${API}/error`, () => HttpResponse.error()),
      http.get(`${API}/thrown`, () => {
        throw HttpResponse.json({}, { status: 401 })
      }),
      http.get(`${API}/bug`, () => {
        throw raised
      }),
    ])
    const through = await ask(handlers, request('/through'))
    expect([through.status, [...through.headers]]).toEqual([302, [['x-msw-intention', 'passthrough']]])
    const error = await ask(handlers, request('/error'))
    expect([error.type, error.status, [...error.headers]]).toEqual(['error', 0, []])
    const thrown = await ask(handlers, request('/thrown'))
    expect([thrown.status, corsOf(thrown)['access-control-allow-origin']]).toEqual([401, APP])
    await expect(unhandled(handlers, request('/bug'))).rejects.toBe(raised)
    expect(await unhandled(handlers, request('/nothing'))).toBeUndefined()
  })

  test('a handler for preflights runs, with the headers of the policy, wherever it stands', async () => {
    const own = http.options(
      `${API}/orders`,
      () => new HttpResponse('own', { headers: { 'access-control-allow-origin': '*', 'x-own': '1' } }),
    )
    const put = http.put(`${API}/orders`, orders)
    for (const list of [[own, put], [put, own], [own]]) {
      const response = await ask(withCors(policy, list), preflight('/orders', 'PUT'))
      expect(response.headers.get('x-own')).toBe('1')
      expect(corsOf(response)).toMatchObject({ 'access-control-allow-origin': APP, vary: 'Origin' })
    }
    const refused = await ask(withCors(policy, [own, put]), preflight('/orders', 'PUT', EVIL))
    expect(corsOf(refused)).toEqual({ vary: 'Origin' })

    const error = http.options(`${API}/orders`, () => HttpResponse.error())
    expect((await ask(withCors(policy, [put, error]), preflight('/orders', 'PUT'))).type).toBe('error')
    const through = http.options(`${API}/orders`, () => passthrough())
    expect((await ask(withCors(policy, [put, through]), preflight('/orders', 'PUT'))).status).toBe(302)
    const left = http.options('*', () => undefined)
    for (const list of [
      [left, put],
      [put, left],
    ]) {
      expect((await ask(withCors(policy, list), preflight('/orders', 'PUT'))).status).toBe(204)
      expect(await unhandled(withCors(policy, list), preflight('/other', 'PUT'))).toBeUndefined()
    }
  })

  test('a preflight for OPTIONS itself does not run the handler that it asks for', async () => {
    const handlers = withCors(policy, [http.options('*', () => new HttpResponse(null, { status: 500 }))])
    expect((await ask(handlers, preflight('/', 'OPTIONS'))).status).toBe(204)
  })

  test('expressions, predicates and generators', async () => {
    const handlers = withCors(policy, [
      http.get(/\/by-expression$/, orders),
      http.put(({ request: { url } }) => url.endsWith('/by-predicate'), orders),
      http.delete(`${API}/turns`, function* () {
        yield HttpResponse.json(1)
        return HttpResponse.json(2)
      }),
    ])
    expect((await ask(handlers, preflight('/by-expression', 'GET'))).status).toBe(204)
    expect((await ask(handlers, preflight('/by-predicate', 'PUT'))).status).toBe(204)
    expect(await unhandled(handlers, preflight('/other', 'PUT'))).toBeUndefined()
    const byBody = http.post(
      async ({ request: asked }) => ((await asked.clone().json()) as { kind: string }).kind === 'a',
      orders,
    )
    expect((await ask(withCors(policy, [byBody]), preflight('/by-body', 'POST'))).status).toBe(204)
    for (const turn of [1, 2, 2]) {
      expect((await ask(handlers, preflight('/turns', 'DELETE'))).status).toBe(204)
      const response = await ask(handlers, request('/turns', { method: 'DELETE' }))
      expect([await response.json(), response.headers.get('access-control-allow-origin')]).toEqual([
        turn,
        APP,
      ])
    }
  })

  test('GraphQL', async () => {
    const ran: string[] = []
    const api = graphql.link(`${API}/graphql`)
    const handlers = withCors({ ...policy, allow: [APP] }, [
      api.query('Orders', () => {
        ran.push('Orders')
        return HttpResponse.json({ data: { orders: [] } })
      }),
      api.mutation('Close', () => {
        ran.push('Close')
        return HttpResponse.json({ errors: [{ message: 'no' }] })
      }),
    ])
    const body = (query: string) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    expect((await ask(handlers, preflight('/graphql', 'POST'))).status).toBe(204)
    expect(await unhandled(handlers, preflight('/graphql', 'PUT'))).toBeUndefined()
    expect(await unhandled(handlers, preflight('/rest', 'POST'))).toBeUndefined()
    expect(ran).toEqual([])
    const response = await ask(handlers, request('/graphql', body('query Orders { orders { id } }')))
    expect([await response.json(), corsOf(response)['access-control-allow-origin']]).toEqual([
      { data: { orders: [] } },
      APP,
    ])
    await ask(handlers, request('/graphql', body('mutation Close { close }')))
    expect(ran).toEqual(['Orders', 'Close'])
    expect(await unhandled(handlers, request('/graphql', body('query Others { others }')))).toBeUndefined()
  })

  test('WebSockets and server-sent events', async () => {
    const chat = ws.link('wss://chat.example.com')
    const socket = chat.addEventListener('connection', () => undefined)
    const globals = globalThis as { EventSource?: unknown }
    globals.EventSource ??= class {}
    const events = sse(`${API}/events`, ({ client }) => client.close())
    const handlers = withCors(policy, [socket, events])
    expect(handlers[0]).toBe(socket)
    const asked = request('/events', { headers: { accept: 'text/event-stream' } })
    const response = await ask(handlers.slice(1), asked)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(corsOf(response)['access-control-allow-origin']).toBe(APP)
    expect(await unhandled(handlers.slice(1), request('/events'))).toBeUndefined()
  })

  test('they are what they were, for MSW and for its users', () => {
    const get = http.get(`${API}/orders`, orders)
    const [wrapped] = withCors(policy, [get])
    expect(wrapped).toBeInstanceOf(HttpHandler)
    expect(wrapped).toBeInstanceOf(RequestHandler)
    expect(wrapped?.constructor).toBe(HttpHandler)
    expect(wrapped?.info.header).toBe(`GET ${API}/orders`)
    const server = setupServer(...withCors(policy, [get]))
    server.use(...withCors(policy, [http.put('*', orders)]))
    expect(server.listHandlers().map((handler) => 'info' in handler && handler.info.header)).toEqual([
      'PUT *',
      `GET ${API}/orders`,
    ])
    server.resetHandlers()
    expect(server.listHandlers()).toHaveLength(1)
  })

  test('once is restored', async () => {
    const server = setupServer(...withCors(policy, [http.get('*', orders, { once: true })]))
    const get = () => unhandled(server.listHandlers() as object[], request('/'))
    expect(await get()).toBeDefined()
    expect(await get()).toBeUndefined()
    server.restoreHandlers()
    expect(await get()).toBeDefined()
  })
})

describe('responses', () => {
  test('CORS headers of a handler are replaced, and no line doubles', async () => {
    const handlers = withCors(policy, [
      http.get('*', () => {
        const headers = new Headers({
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Allow-Methods': 'GET',
          'Access-Control-Allow-Private-Network': 'true',
          Vary: 'Accept-Encoding, origin',
        })
        headers.append('Access-Control-Allow-Origin', EVIL)
        return new HttpResponse(null, { headers })
      }),
    ])
    const read = corsOf(await ask(handlers, request('/')))
    expect(read).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total-count',
      vary: 'Accept-Encoding, origin',
    })
    expect(corsOf(await ask(handlers, request('/', {}, EVIL)))).toEqual({ vary: 'Accept-Encoding, origin' })
  })

  test('one that cannot be changed', async () => {
    const handlers = withCors(policy, [http.get('*', () => Response.redirect(`${API}/there`, 307))])
    const response = await ask(handlers, request('/'))
    expect([response.status, response.headers.get('location')]).toEqual([307, `${API}/there`])
    expect(corsOf(response)['access-control-allow-origin']).toBe(APP)
  })

  test('one that is returned again: what has left is not changed', async () => {
    const shared = new HttpResponse(null, { status: 204 })
    const handlers = withCors(policy, [http.get('*', () => shared)])
    const preview = 'https://a.preview.example.com'
    const all = await Promise.all(
      [APP, EVIL, preview, null].map((origin) => ask(handlers, request('/', {}, origin))),
    )
    expect(all.map((each) => each.headers.get('access-control-allow-origin'))).toEqual([
      APP,
      null,
      preview,
      null,
    ])
  })

  test('its cookies and its class stay', async () => {
    const response = HttpResponse.json({}, { headers: { 'set-cookie': 'a=b' } })
    expect(await ask(withCors(policy, [http.get('*', () => response)]), request('/'))).toBe(response)
    const empty = new HttpResponse(null, { status: 204, headers: { 'set-cookie': 'a=b' } })
    const copy = await ask(withCors(policy, [http.get('*', () => empty)]), request('/'))
    expect([copy.status, copy.headers.getSetCookie(), corsOf(empty)]).toEqual([204, ['a=b'], {}])
    const noted = Object.getOwnPropertySymbols(empty).filter(
      ({ description }) => description === 'kSetCookie',
    )
    expect(noted.map((symbol) => Reflect.get(copy, symbol))).toEqual(['a=b'])
  })

  test('what several policies say is what the last says', async () => {
    const inner = withCors({ allow: '*' }, [http.put('*', orders)])
    const handlers = withCors(policy, inner)
    expect(corsOf(await ask(handlers, request('/', { method: 'PUT' }, EVIL)))).toEqual({ vary: 'Origin' })
    expect(corsOf(await ask(handlers, preflight('/', 'PUT', EVIL)))).toEqual({ vary: 'Origin' })
  })
})

describe('mistakes', () => {
  const said = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      return String(error)
    }
    throw new Error('nothing was refused')
  }
  const list = [http.get('*', orders)]

  test('of a policy', () => {
    expect(
      said(() =>
        withCors(
          {
            allow: ['https://app.example.com/'],
            methods: ['put', 'TRACE'],
            headers: ['autorization', '*'],
            credentials: 'include',
            exposes: ['set-cookie'],
            maxage: 5,
          } as never,
          list,
        ),
      ),
    ).toMatchInlineSnapshot(`
      "CorsUsageError: withCors(): 7 mistakes in the policy
        allow[0]: 'https://app.example.com/' is not an origin: an origin has no trailing slash; write 'https://app.example.com'
        methods[0] names 'put', which browsers send as PUT: write 'PUT'
        methods[1] names "TRACE", which is not a method that a page may use
        headers[0] names 'autorization', which is not a known header; did you mean 'authorization'?
        credentials must be true or false; got the string "include"
        exposes[0] names 'set-cookie', which no script may read; leave it out
        maxage is not a known key; did you mean 'maxAge'?"
    `)
    expect(
      said(() => withCors({ allow: '*', credentials: true, headers: ['*'] }, list)),
    ).toMatchInlineSnapshot(`
      "CorsUsageError: withCors(): 2 mistakes in the policy
        allow is '*' where credentials is true, and browsers take no * then: list what is allowed
        headers is '*' where credentials is true, and browsers take no * then: list what is allowed"
    `)
    expect(said(() => withCors({} as never, list))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors(): allow is missing: list the origins that may call, ['https://app.example.com']"`,
    )
    expect(said(() => withCors(undefined as never, list))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors(): the policy must be a contract, or a policy such as { allow: ['https://app.example.com'], methods: ['PUT'], headers: ['content-type'] }; got undefined"`,
    )
    expect(said(() => withCors({ allow: APP } as never, list))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors(): allow must be '*' for any origin, or a list of origins; got the string "https://app.example.com": write ['https://app.example.com']"`,
    )
    expect(said(() => withCors(policy, list, { environment: 'staging' }))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors(): environment is an option for a contract; a policy has no environments"`,
    )
  })

  test('of a contract', () => {
    expect(said(() => withCors({ routes: { 'GET /': {} } } as never, list))).toMatchInlineSnapshot(
      `"CorsUsageError: the contract: origins is missing: say who may call: { allow: ['https://app.example.com'] }"`,
    )
    expect(
      said(() =>
        withCors({ origins: { allow: [APP] }, routes: { 'GET /': {} } }, list, { environment: 'staging' }),
      ),
    ).toMatchInlineSnapshot(
      `"CorsUsageError: the contract has no environment 'staging': it has no environments"`,
    )
  })

  test('of where the API is', () => {
    const contract = defineCorsContract({
      origins: { allow: [APP] },
      routes: { 'GET /orders/:id': { params: { id: '1' } }, 'GET /': {} },
    })
    const at = (...paths: string[]) => paths.map((path) => http.get(path, orders))
    expect(said(() => withCors(contract, at(`${API}/v1/orders/:number`)))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors(): no handler is for a route of the contract, whose /orders/:number is at https://api.example.com/v1/orders/:number; say where the API is: withCors(contract, handlers, { baseUrl: 'https://api.example.com/v1' })"`,
    )
    // Nobody knows what else is meant.
    for (const paths of [
      [],
      [`${API}/v1/customers`],
      [`${API}/orders/1/`],
      [`${API}/v1/orders/:id`, `${API}/orders/:id`],
      [`${API}/v1/orders/1`, '*/orders'],
      ['/v1/orders/1'],
    ])
      expect(withCors(contract, at(...paths))).toHaveLength(paths.length)
    expect(withCors(contract, at(`${API}/v1/orders/1`), { baseUrl: new URL(`${API}/v1`) })).toHaveLength(1)
    expect(withCors(policy, at(`${API}/v1/orders/1`))).toHaveLength(1)
  })

  test('of handlers and options', () => {
    expect(said(() => withCors(policy, http.get('*', orders) as never))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors() takes a list of MSW handlers, withCors(policy, [http.get(…)]); got an object of class HttpHandler: write [handler]"`,
    )
    expect(said(() => withCors(policy, setupServer(...list) as never))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors() takes a list of MSW handlers, withCors(policy, [http.get(…)]); got an object with events, listen, use, resetHandlers, restoreHandlers, …: give the server its handlers so, setupServer(...withCors(policy, handlers))"`,
    )
    expect(said(() => withCors(policy, [list] as never))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors() takes a list of MSW handlers, withCors(policy, [http.get(…)]); number 1 is an array of 1: spread it, [...handlers, ...others]"`,
    )
    expect(said(() => withCors(policy, [orders] as never))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors() takes a list of MSW handlers, withCors(policy, [http.get(…)]); number 1 is the function orders"`,
    )
    expect(said(() => withCors(policy, list, { baseURL: API } as never))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors(): unknown option "baseURL"; did you mean "baseUrl"?"`,
    )
    expect(said(() => withCors(policy, list, { baseUrl: '/v1' }))).toMatchInlineSnapshot(
      `"CorsUsageError: withCors(): baseUrl must be an absolute http(s) URL such as 'https://api.example.com'; got the string "/v1""`,
    )
  })
})

test('the page sees it as the API with that policy', async () => {
  const servers = {
    [API]: withCors(policy, [http.put(`${API}/orders`, () => HttpResponse.json({}, { status: 401 }))]),
  }
  const page = openPage(APP, { servers })
  const response = await page.fetch(`${API}/orders`, {
    method: 'PUT',
    body: '{}',
    headers: { 'content-type': 'application/json' },
    credentials: 'include',
  })
  expect(response.status).toBe(401)
  const { verdict } = await page.inspect(`${API}/orders`, { method: 'PUT', headers: { 'x-other': '1' } })
  expect(verdict.code).toBe('header-not-allowed')
  await page.close()
})
