/** What `enforceCors` must do whatever the globals are. */

import {
  isCorsError,
  isCorsUsageError,
  type PageXMLHttpRequest,
  type PageXMLHttpRequestClass,
} from 'expect-cors'
import { enforceCors, withCors } from 'expect-cors/msw'
import { type HttpHandler, HttpResponse, http, passthrough } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { listen } from '../page/helpers.js'

const api = 'https://api.example.com'
const app = 'https://app.example.com'
const open = http.get(`${api}/orders`, () => HttpResponse.json([]))
const allowed = { 'Access-Control-Allow-Origin': app }

const scope = globalThis as unknown as { readonly XMLHttpRequest: PageXMLHttpRequestClass }

/** By the global `XMLHttpRequest`, until it has ended. */
function ask(
  url: string,
  method = 'GET',
  headers: Readonly<Record<string, string>> = {},
): Promise<PageXMLHttpRequest> {
  return new Promise((resolve) => {
    const xhr = new scope.XMLHttpRequest()
    xhr.onloadend = () => resolve(xhr)
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.send()
  })
}

export function registerEnforceTests(): void {
  const server = setupServer()
  const said = vi.spyOn(console, 'error')
  const warned = vi.spyOn(console, 'warn')
  let fetchBefore: typeof fetch

  beforeAll(() => {
    fetchBefore = globalThis.fetch
    server.listen({ onUnhandledRequest: 'error' })
  })
  beforeEach(() => {
    said.mockClear().mockImplementation(() => {})
    warned.mockClear().mockImplementation(() => {})
  })
  afterEach(() => server.resetHandlers())
  afterAll(() => {
    server.close()
    expect(globalThis.fetch).toBe(fetchBefore)
    vi.restoreAllMocks()
  })

  const outcome = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'resolved',
      (error: Error) => (error.cause as { verdict?: { code?: string } })?.verdict?.code ?? error,
    )

  test('a call that a browser would block is blocked, said once and listed', async () => {
    const enforced = enforceCors({ origin: app })
    server.use(http.get(`${api}/orders`, () => HttpResponse.json([])))
    expect(await outcome(fetch(`${api}/orders`))).toBe('missing-allow-origin')
    expect(said).toHaveBeenCalledTimes(1)
    expect(said.mock.calls[0]?.[0]).toContain(
      "from origin 'https://app.example.com' has been blocked by CORS policy",
    )
    expect(enforced.blocked().map(({ verdict }) => verdict.code)).toEqual(['missing-allow-origin'])
    const xhr = await ask(`${api}/orders`)
    expect([xhr.status, enforced.blocked().length]).toEqual([0, 2])
  })

  test('it held for that test only', async () => {
    server.use(http.get(`${api}/orders`, () => HttpResponse.json([])))
    expect(await outcome(fetch(`${api}/orders`))).toBe('resolved')
  })

  test('headers are filtered, preflights reach the handlers', async () => {
    enforceCors({ origin: app })
    const seen: (string | null)[][] = []
    server.use(
      http.put(`${api}/orders`, () =>
        HttpResponse.json([], {
          headers: { ...allowed, 'X-A': '1', 'X-B': '2', 'Access-Control-Expose-Headers': 'x-a' },
        }),
      ),
      http.options(`${api}/orders`, ({ request: { headers } }) => {
        seen.push([
          headers.get('origin'),
          headers.get('access-control-request-method'),
          headers.get('access-control-request-headers'),
        ])
        return new HttpResponse(null, {
          headers: {
            ...allowed,
            'Access-Control-Allow-Methods': 'PUT',
            'Access-Control-Allow-Headers': 'content-type',
          },
        })
      }),
    )
    const response = await fetch(`${api}/orders`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect([response.headers.get('x-a'), response.headers.get('x-b')]).toEqual(['1', null])
    expect(seen).toEqual([[app, 'PUT', 'content-type']])
    const xhr = await ask(`${api}/orders`, 'PUT')
    expect([xhr.status, xhr.getResponseHeader('x-a'), xhr.getResponseHeader('x-b')]).toEqual([200, '1', null])
  })

  describe('a mock without a handler for the preflight', () => {
    test.each([
      'bypass',
      'warn',
      'error',
      () => {},
      (_: Request, print: { warning(): void }) => print.warning(),
      () => {
        throw new Error('nope')
      },
    ])('onUnhandledRequest: %s', async (onUnhandledRequest) => {
      server.close()
      server.listen({ onUnhandledRequest: onUnhandledRequest as 'bypass' })
      const enforced = enforceCors({ origin: app })
      server.use(
        http.put('https://api.example.invalid/orders', () => HttpResponse.json([], { headers: allowed })),
      )
      const error = await fetch('https://api.example.invalid/orders', { method: 'PUT' }).catch(
        (error) => error,
      )
      expect(error.message).toBe('Failed to fetch')
      expect(error.cause.message).toContain('a browser asks OPTIONS')
      expect(isCorsError(error.cause)).toBe(true)
      const first = [...said.mock.calls, ...warned.mock.calls]
        .map(
          ([text], index) =>
            [
              [...said.mock.invocationCallOrder, ...warned.mock.invocationCallOrder][index] as number,
              String(text),
            ] as const,
        )
        .sort(([a], [b]) => a - b)[0]
      expect(first?.[1]).toContain(
        'a browser asks OPTIONS https://api.example.invalid/orders before this PUT',
      )
      expect(first?.[1]).toContain('withCors')
      expect(enforced.blocked()).toEqual([error.cause])
    })

    const put = http.put(`${api}/orders`, () => HttpResponse.json([]))
    const policy = { allow: [app], methods: ['PUT', 'DELETE'] }
    const NO_HANDLER = 'none of them takes'
    test.each<[name: string, handlers: HttpHandler[], url: string, method: string, words: string[]]>([
      [
        'without withCors',
        [put],
        '/orders?token=1',
        'PUT',
        ["http.options('https://api.example.com/orders', …), or have withCors(policy, handlers)"],
      ],
      [
        'another path',
        withCors(policy, [put]),
        '/orders/1',
        'PUT',
        [NO_HANDLER, "server.use(...withCors(policy, [http.put('https://api.example.com/orders/1', …)]))"],
      ],
      [
        'another method',
        withCors(policy, [put]),
        '/orders?page=2',
        'DELETE',
        [NO_HANDLER, "http.delete('https://api.example.com/orders', …)"],
      ],
      [
        'a method of no function',
        withCors(policy, [put]),
        '/orders',
        'PURGE',
        [NO_HANDLER, "http.all('https://api.example.com/orders', …)"],
      ],
      [
        'a handler outside of withCors',
        [put, ...withCors(policy, [open])],
        '/orders',
        'PUT',
        [NO_HANDLER, "server.use(...withCors(policy, [http.put('https://api.example.com/orders', …)]))"],
      ],
      [
        'passed to a server that is not there',
        withCors(policy, [
          http.put('https://api.example.invalid/orders', () => passthrough()),
          http.options('https://api.example.invalid/orders', () => passthrough()),
        ]),
        'https://api.example.invalid/orders',
        'PUT',
        ["Add a handler, http.options('https://api.example.invalid/orders', …)"],
      ],
      [
        'another baseUrl',
        withCors(policy, [put], { baseUrl: `${api}/v1` }),
        '/orders',
        'PUT',
        ['is for what is below its baseUrl https://api.example.com/v1, and this is not: fix the baseUrl'],
      ],
      [
        'another baseUrl, and another path',
        [...withCors(policy, [open]), ...withCors(policy, [put], { baseUrl: 'https://other.example.com' })],
        '/orders',
        'PUT',
        [NO_HANDLER],
      ],
    ])('says what withCors lacks: %s', async (_, handlers, path, method, words) => {
      enforceCors({ origin: app })
      server.use(...handlers)
      const error = await fetch(new URL(path, api), { method }).catch((error) => error)
      for (const text of words) expect(error.cause.message).toContain(text)
    })
  })

  test('a server that was closed is said, and the page is still there', async () => {
    enforceCors({ origin: app })
    server.close()
    const error = await fetch(`${api}/orders`).catch((error) => error)
    expect(isCorsUsageError(error)).toBe(true)
    expect(error.message).toContain('no MSW server is listening')
    server.listen({ onUnhandledRequest: 'error' })
    server.use(http.get(`${api}/orders`, () => HttpResponse.json([])))
    expect(await outcome(fetch(`${api}/orders`))).toBe('missing-allow-origin')
  })

  test('handlers in attributes are called once', async () => {
    enforceCors({ origin: app })
    server.use(http.get(`${api}/orders`, () => HttpResponse.json([], { headers: allowed })))
    const called: string[] = []
    const xhr = new scope.XMLHttpRequest()
    xhr.onreadystatechange = () => called.push(`readystatechange ${xhr.readyState}`)
    xhr.onload = function (this: unknown) {
      called.push(`load ${this === xhr}`)
    }
    xhr.open('GET', `${api}/orders`)
    await new Promise((resolve) => {
      xhr.onloadend = () => resolve(called.push('loadend'))
      xhr.send()
    })
    const source = new EventSource(`${api}/orders`)
    await new Promise((resolve) => {
      source.onerror = () => resolve(called.push('error'))
    })
    const states = [1, 2, 3, 4].map((state) => `readystatechange ${state}`)
    expect(called).toEqual([...states, 'load true', 'loadend', 'error'])
  })

  test('cookies follow the rules', async () => {
    const enforced = enforceCors({ origin: app })
    const seen: (string | null)[] = []
    const credentialed = { ...allowed, 'Access-Control-Allow-Credentials': 'true' }
    server.use(
      http.post(
        `${api}/login`,
        () =>
          new HttpResponse(null, {
            headers: { ...credentialed, 'Set-Cookie': 'sid=1; Secure; SameSite=None' },
          }),
      ),
      http.get(`${api}/me`, ({ request }) => {
        seen.push(request.headers.get('cookie'))
        return HttpResponse.json([], { headers: credentialed })
      }),
    )
    await fetch(`${api}/login`, { method: 'POST' })
    await fetch(`${api}/me`, { credentials: 'include' })
    await fetch(`${api}/login`, { method: 'POST', credentials: 'include' })
    await fetch(`${api}/me`)
    await fetch(`${api}/me`, { credentials: 'include' })
    expect(seen).toEqual([null, null, 'sid=1'])
    expect(enforced.blocked()).toEqual([])
  })

  test('a stream of events', async () => {
    enforceCors({ origin: app })
    const url = `${api}/events`
    server.use(
      http.get(url, () => {
        const headers = { ...allowed, 'Content-Type': 'text/event-stream' }
        return new HttpResponse('data: hello\n\n', { headers })
      }),
    )
    const source = new EventSource(url)
    const { data } = await new Promise<{ data: string }>((resolve) => {
      source.onmessage = (event) => resolve(event as unknown as { data: string })
    })
    source.close()
    expect(data).toBe('hello')
  })

  test('what the mock lets pass is judged as well', async () => {
    const seen: (string | undefined)[] = []
    const address = await listen((request, response) => {
      seen.push(`${request.method} ${request.headers.origin}`)
      if (request.url === '/open') response.setHeader('Access-Control-Allow-Origin', app)
      response.end('real')
    })
    enforceCors({ origin: app })
    server.use(http.all(`${address}/*`, () => passthrough()))
    expect(await (await fetch(`${address}/open`)).text()).toBe('real')
    expect(await outcome(fetch(`${address}/closed`))).toBe('missing-allow-origin')
    expect(await outcome(fetch(`${address}/open`, { method: 'PUT' }))).toBe('method-not-allowed')
    expect(seen).toEqual([`GET ${app}`, `GET ${app}`, `OPTIONS ${app}`])
    expect(said).toHaveBeenCalledTimes(2)
  })

  test('methods as they are written, which a parser of requests would not know', async () => {
    enforceCors({ origin: app })
    const seen: string[] = []
    const headers = { ...allowed, 'Access-Control-Allow-Methods': 'patch, CHICKEN' }
    server.use(
      http.all(`${api}/orders`, ({ request }) => {
        seen.push(request.method)
        return new HttpResponse(null, { headers })
      }),
    )
    for (const method of ['patch', 'CHICKEN']) await fetch(`${api}/orders`, { method })
    // One preflight allowed both.
    expect(seen).toEqual(['OPTIONS', 'patch', 'CHICKEN'])
  })

  test('relative URLs are those of the page', async () => {
    enforceCors({ origin: app })
    server.use(http.get(`${app}/orders`, () => HttpResponse.json(['own'])))
    expect(await (await fetch('/orders')).json()).toEqual(['own'])
    expect((await ask('/orders')).responseText).toBe('["own"]')
  })

  test('a mock that listens after it', async () => {
    server.close()
    const enforced = enforceCors({ origin: app })
    server.listen({ onUnhandledRequest: 'error' })
    server.use(open)
    expect(await outcome(fetch(`${api}/orders`))).toBe('missing-allow-origin')
    expect((await ask(`${api}/orders`)).status).toBe(0)
    expect(enforced.blocked()).toHaveLength(2)
  })

  test('a stub of the test is not covered, and restore() gives back what was there', async () => {
    const before = globalThis.fetch
    const enforced = enforceCors({ origin: app })
    const own = globalThis.fetch
    const stub = vi.fn<typeof fetch>(async () => new Response('stub'))
    vi.stubGlobal('fetch', stub)
    expect(await (await fetch(`${api}/orders`)).text()).toBe('stub')
    vi.unstubAllGlobals()
    expect(globalThis.fetch).toBe(own)
    enforced.restore()
    expect(globalThis.fetch).toBe(before)
    enforced.restore()
  })

  test('one upon the other: the last holds, until it is restored', async () => {
    const seen: (string | null)[] = []
    server.use(
      http.get(`${api}/orders`, ({ request }) => {
        seen.push(request.headers.get('origin'))
        return HttpResponse.json([], { headers: { 'Access-Control-Allow-Origin': '*' } })
      }),
    )
    enforceCors({ origin: app })
    const second = enforceCors({ origin: 'https://second.example.com' })
    await fetch(`${api}/orders`)
    second.restore()
    await fetch(`${api}/orders`)
    expect(seen).toEqual(['https://second.example.com', app])
  })

  describe('allow', () => {
    test.each([
      [['api.example.com'], true],
      [['*.example.com'], true],
      [['https://api.example.com'], true],
      [['https://API.example.com/'], true],
      [['api.example.com:443'], true],
      [['other.example', 'api.example.com'], true],
      [['example.com'], false],
      [['*.api.example.com'], false],
      [['http://api.example.com'], false],
      [['api.example.com:8443'], false],
      [['pi.example.com'], false],
      [[], false],
    ])('%j: %s', async (allow, isExempt) => {
      enforceCors({ origin: app, allow })
      server.use(open)
      expect(await outcome(fetch(`${api}/orders`))).toBe(isExempt ? 'resolved' : 'missing-allow-origin')
    })

    test('no preflight is sent, and all of the response is there', async () => {
      enforceCors({ origin: app, allow: ['api.example.com'] })
      const seen: string[] = []
      server.use(
        http.all(`${api}/orders`, ({ request }) => {
          seen.push(`${request.method} ${request.headers.get('x-a')}`)
          return HttpResponse.json([1], { status: 201, headers: { 'X-B': '2' } })
        }),
      )
      const init = { method: 'PUT', headers: { 'X-A': '1' }, credentials: 'include' } as const
      const response = await fetch(`${api}/orders`, init)
      expect([response.status, response.headers.get('x-b'), await response.json()]).toEqual([201, '2', [1]])
      const xhr = await ask(`${api}/orders`, 'PUT', { 'X-A': '1' })
      expect([xhr.status, xhr.getResponseHeader('x-b')]).toEqual([201, '2'])
      expect(seen).toEqual(['PUT 1', 'PUT 1'])
    })
  })
}

/** What it is not called with. */
export const mistakes: readonly [options: unknown, message: RegExp][] = [
  [undefined, /takes the page's origin, \{ origin: 'https:\/\/app.example.com' \}; got undefined/],
  ['https://app.example.com', /takes the page's origin/],
  [{}, /takes the page's origin/],
  [{ origin: 'app.example.com' }, /'https:\/\/app.example.com\/orders'|absolute URL/],
  [{ origin: app, engine: 'edge' }, /edge/],
  [{ origin: app, allow: 'api.example.com' }, /allow must be a list of hosts/],
  [{ origin: app, allow: ['https://api.example.com/orders'] }, /allow takes hosts such as/],
  [{ origin: app, allow: ['*'] }, /allow takes hosts such as/],
  [{ origin: app, allow: [/api/] }, /allow takes hosts such as/],
  [{ origin: app, failOnBlocked: 1 }, /failOnBlocked must be true or false; got the number 1/],
  [{ origin: app, failOnBlock: true }, /failOnBlocked/],
]
