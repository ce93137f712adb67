/** What `page.install()` must do whatever the globals are. */
import {
  type CorsError,
  isCorsError,
  isCorsUsageError,
  openPage,
  type Page,
  type PageOptions,
  type PageXMLHttpRequest,
  type PageXMLHttpRequestClass,
} from 'expect-cors'
import { HttpResponse, http, passthrough } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { listen } from './helpers.js'

const api = 'https://api.example.com'
const app = 'https://app.example.com'
const NAMES = ['fetch', 'XMLHttpRequest', 'EventSource', 'Request'] as const

/** What a mock of an API with a CORS policy does. */
const allowed = { 'Access-Control-Allow-Origin': app, 'Access-Control-Expose-Headers': 'X-Total-Count' }
const handlers = [
  http.get(`${api}/orders`, ({ request }) =>
    HttpResponse.json([request.headers.get('origin')], {
      headers: { ...allowed, 'X-Total-Count': '1', 'X-Internal': '1' },
    }),
  ),
  http.get(`${api}/closed`, () => HttpResponse.json([])),
]

const scope = globalThis as unknown as Record<(typeof NAMES)[number], unknown>

function present(): unknown[] {
  return NAMES.map((name) => scope[name])
}

/** Whether a request that no browser would let a page read is blocked. */
async function isPage(): Promise<boolean> {
  const response = await fetch(`${api}/closed`).catch((error: Error) => error)
  return isCorsError((response as Error).cause)
}

/** happy-dom's own `Request` drops what browsers forbid scripts to set. */
const keepsForbidden = new Request(api, { headers: { Cookie: 'a=1' } }).headers.has('cookie')

/** By the global `XMLHttpRequest`, until it has ended. */
async function ask(url: string): Promise<PageXMLHttpRequest & { failure?: Event }> {
  const { XMLHttpRequest: Xhr } = globalThis as unknown as { XMLHttpRequest: PageXMLHttpRequestClass }
  const xhr: PageXMLHttpRequest & { failure?: Event } = new Xhr()
  xhr.open('GET', url)
  xhr.onerror = (event) => {
    xhr.failure = event
  }
  xhr.send()
  await new Promise((resolve) => xhr.addEventListener('loadend', resolve))
  return xhr
}

export function registerInstallTests(): void {
  const opened: Page[] = []
  const mocks: ReturnType<typeof setupServer>[] = []
  const said = vi.fn<(message: string) => void>()
  const warned = vi.fn<(message: string) => void>()

  function page(options?: PageOptions): Page {
    const one = openPage(`${app}/shop`, { engine: 'chromium', ...options })
    opened.push(one)
    return one
  }

  function mock(...own: typeof handlers): ReturnType<typeof setupServer> {
    const server = setupServer(...own)
    mocks.push(server)
    return server
  }

  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(said)
    vi.spyOn(console, 'warn').mockImplementation(warned)
  })
  const fetchBefore = globalThis.fetch
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close()
    for (const server of mocks.splice(0)) server.close()
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
    globalThis.fetch = fetchBefore
    said.mockClear()
    warned.mockClear()
  })

  test('the globals are the page\u2019s until restore, and then what they were', async () => {
    const descriptors = () => NAMES.map((name) => Object.getOwnPropertyDescriptor(globalThis, name))
    const before = descriptors()
    const { Headers, Response } = globalThis
    const restore = page({
      servers: { [app]: () => new Response('own'), [api]: () => new Response('', { headers: allowed }) },
    }).install()

    const own = await fetch(new Request('cart?x=1'))
    expect([own.url, await own.text()]).toEqual([`${app}/cart?x=1`, 'own'])
    expect(own).toBeInstanceOf(Response)
    expect(own.headers).toBeInstanceOf(Headers)
    expect(
      new Request('/x', { headers: { Origin: 'https://other.example' } }).headers.get('origin'),
    ).toBeNull()
    expect((await fetch(api)).type).toBe('cors')
    expect([globalThis.Headers, globalThis.Response]).toEqual([Headers, Response])

    expect(restore()).toEqual([])
    expect(descriptors()).toEqual(before)
    expect(restore()).toEqual([])
    expect(warned).not.toHaveBeenCalled()
  })

  describe.each(['listen, then install', 'install, then listen'])('a mock: %s', (order) => {
    test('the page asks it, and it is itself again afterwards', async () => {
      const before = present()
      const server = mock(...handlers)
      const listen = (): void => server.listen({ onUnhandledRequest: 'error' })
      if (order.startsWith('listen')) listen()
      const restore = page().install()
      if (!order.startsWith('listen')) listen()

      const response = await fetch(`${api}/orders`)
      expect([response.type, await response.json()]).toEqual(['cors', [app]])
      expect([response.headers.get('x-total-count'), response.headers.get('x-internal')]).toEqual(['1', null])
      expect(await isPage()).toBe(true)
      const xhr = await ask(`${api}/orders`)
      expect([xhr.responseText, xhr.getResponseHeader('x-internal')]).toEqual([JSON.stringify([app]), null])

      if (order.startsWith('listen')) {
        expect(restore()).toEqual([])
        expect(await (await fetch(`${api}/closed`)).json()).toEqual([])
        server.close()
      } else {
        server.close()
        expect(restore()).toEqual([])
      }
      expect(present()).toEqual(before)
    })
  })

  test('a page that is restored while the mock still listens', async () => {
    const before = present()
    const server = mock(...handlers)
    const restore = page().install()
    server.listen()
    expect(restore()).toEqual([])
    expect(await isPage()).toBe(false)
    expect(new Request(api)).toBeInstanceOf(Request)
    const again = page().install()
    expect(await isPage()).toBe(true)
    expect(again()).toEqual([])
    expect(await (await fetch(`${api}/closed`)).json()).toEqual([])
    server.close()
    expect(present()).toEqual(before)
  })

  test('a mock that listens again and again', async () => {
    const server = mock(...handlers)
    const restore = page().install()
    for (let round = 0; round < 3; round++) {
      server.listen()
      expect(await isPage()).toBe(true)
      server.close()
    }
    expect(restore()).toEqual([])
  })

  test('pages upon each other, taken back in any order', async () => {
    const before = present()
    const origins: (string | null)[] = []
    const servers = {
      [api]: (request: Request) => {
        origins.push(request.headers.get('origin'))
        return new Response('', { headers: { 'Access-Control-Allow-Origin': '*' } })
      },
    }
    const open = (origin: string) => {
      const one = openPage(origin, { servers })
      opened.push(one)
      return one.install()
    }
    const [first, second, third] = [
      open('https://1.example'),
      open('https://2.example'),
      open('https://3.example'),
    ]
    await fetch(api)
    expect(second()).toEqual([])
    await fetch(api)
    expect(third()).toEqual([])
    await fetch(api)
    expect(first()).toEqual([])
    expect(origins).toEqual(['https://3.example', 'https://3.example', 'https://1.example'])
    expect(present()).toEqual(before)
  })

  test('what a module has kept of a page that is gone is that of the next page, then of none', async () => {
    const origins: (string | null)[] = []
    const servers = {
      [api]: (request: Request) => {
        origins.push(request.headers.get('origin'))
        return new Response('', { headers: { 'Access-Control-Allow-Origin': '*' } })
      },
    }
    const restore = page({ servers }).install()
    const kept = { fetch, Request }
    restore()
    const next = openPage('https://next.example/shop/', { servers })
    opened.push(next)
    const restoreNext = next.install()
    expect(new kept.Request('x').url).toBe('https://next.example/shop/x')
    await kept.fetch(api)
    expect(origins).toEqual(['https://next.example'])
    restoreNext()
    expect(new kept.Request(api)).toBeInstanceOf(Request)
    const server = mock(...handlers)
    server.listen()
    const direct = await fetch(`${api}/closed`)
    const viaKept = await kept.fetch(`${api}/closed`)
    server.close()
    expect([direct.status, viaKept.status]).toEqual([200, 200])
  })

  test('what replaces it with assignments, and is put back so', async () => {
    const before = present()
    const restore = page({ servers: { [api]: () => new Response('') } }).install()
    const theirs = globalThis.fetch
    const stub = vi.fn<typeof fetch>()
    globalThis.fetch = stub
    expect(globalThis.fetch).toBe(stub)
    globalThis.fetch = theirs
    expect(await isPage()).toBe(true)
    expect(restore()).toEqual([])
    expect(present()).toEqual(before)
  })

  test('a page upon a stub upon a page', async () => {
    const before = present()
    const servers = { [api]: () => new Response('') }
    const first = page({ servers }).install()
    const stub = vi.fn<typeof fetch>()
    globalThis.fetch = stub
    const second = page({ servers }).install()
    expect(await isPage()).toBe(true)
    expect(second()).toEqual([])
    expect(globalThis.fetch).toBe(stub)
    expect(first()).toEqual(['fetch'])
    globalThis.fetch = before[0] as typeof fetch
    expect(present()).toEqual(before)
  })

  test('a page put back by assignment, upon another', async () => {
    const servers = { [api]: () => new Response('') }
    const first = page({ servers }).install()
    const theirs = globalThis.fetch
    const second = page({ servers }).install()
    const upper = globalThis.fetch
    Object.defineProperty(globalThis, 'fetch', { value: upper, configurable: true, writable: true })
    expect(second()).toEqual([])
    expect(globalThis.fetch).toBe(theirs)
    expect(first()).toEqual([])
  })

  test('a global that is made when it is first read, as Node\u2019s own are', async () => {
    const NodeRequest = globalThis.Request
    Object.defineProperty(globalThis, 'Request', {
      get() {
        Object.defineProperty(globalThis, 'Request', { value: NodeRequest, writable: true })
        return NodeRequest
      },
      configurable: true,
    })
    const restore = page({ servers: { [api]: () => new Response('') } }).install()
    expect(await isPage()).toBe(true)
    expect(new Request('/x').url).toBe(`${app}/x`)
    expect(restore()).toEqual([])
    expect(globalThis.Request).toBe(NodeRequest)
  })

  test('a spy on it', async () => {
    const restore = page({ servers: { [api]: () => new Response('') } }).install()
    const spy = vi.spyOn(globalThis, 'fetch')
    expect(await isPage()).toBe(true)
    expect(spy).toHaveBeenCalledTimes(1)
    spy.mockRestore()
    expect(await isPage()).toBe(true)
    expect(restore()).toEqual([])
  })

  test('closing the page takes it back', async () => {
    const before = present()
    const one = page()
    one.install()
    await one.close()
    expect(present()).toEqual(before)
    expect(() => one.install()).toThrow(/closed/)
    expect(present()).toEqual(before)
  })

  test.each(['listen, then install', 'install, then listen'])(
    'servers in this process ask as they would without a page; %s',
    async (order) => {
      // happy-dom's own fetch asks every server.
      const open = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' }
      const address = await listen((_request, response) => response.writeHead(200, open).end('"elsewhere"'))
      const server = mock(
        http.get(`${api}/closed`, () => HttpResponse.json(['upstream'])),
        http.all(`${address}/passed`, () => passthrough()),
        http.get(`${api}/bff`, async () => {
          const request = new Request(`${api}/closed`, { headers: { Cookie: 'a=1' } })
          const responses = await Promise.all([fetch(request), fetch(`${address}/passed`)])
          const data = await Promise.all(responses.map((response) => response.json()))
          return HttpResponse.json([request.headers.get('cookie'), ...data], { headers: allowed })
        }),
      )
      if (order.startsWith('listen')) server.listen({ onUnhandledRequest: 'error' })
      page({
        network: true,
        servers: {
          'https://app-server.example': async () => {
            const response = await fetch(`${api}/closed`)
            return new Response(await response.text(), { headers: allowed })
          },
        },
      }).install()
      if (!order.startsWith('listen')) server.listen({ onUnhandledRequest: 'error' })
      expect(await (await fetch('https://app-server.example')).json()).toEqual(['upstream'])
      const cookie = keepsForbidden ? 'a=1' : null
      expect(await (await fetch(`${api}/bff`)).json()).toEqual([cookie, ['upstream'], 'elsewhere'])
      expect(await isPage()).toBe(true)
    },
  )

  describe('what is blocked', () => {
    const servers = { [api]: () => new Response('') }

    test('is said once while the page is installed, whoever asked, and listed always', async () => {
      const one = page({ servers })
      await one.fetch(`${api}/orders`).catch(() => undefined)
      await one.inspect(`${api}/orders`)
      expect(said).not.toHaveBeenCalled()
      one.install()
      const error: Error = await fetch(`${api}/orders`).catch((reason) => reason)
      expect(said.mock.calls).toEqual([
        [
          expect.stringMatching(
            /^Access to fetch at 'https:\/\/api.example.com\/orders' from origin 'https:\/\/app.example.com' has been blocked by CORS policy: .*\n.*has no Access-Control-Allow-Origin/,
          ),
        ],
      ])
      const { failure } = await ask(`${api}/orders`)
      expect(said.mock.calls[1]?.[0]).toMatch(/^Access to XMLHttpRequest at /)
      new EventSource(`${api}/orders`)
      await vi.waitFor(() => expect(said).toHaveBeenCalledTimes(3))
      expect(said.mock.calls[2]?.[0]).toMatch(/^Access to resource at /)
      expect(one.blocked).toHaveLength(5)
      expect(one.blocked[2]).toBe(error.cause)
      expect(one.blocked[3]).toBe((failure as Event & { cause?: unknown }).cause)
      expect(one.blocked.every(({ verdict }) => verdict.code === 'missing-allow-origin')).toBe(true)
    })

    test('is said to onBlocked instead; what that throws fails nobody\u2019s request', async () => {
      const blocked: CorsError[] = []
      const failed = vi.fn<(error: unknown) => void>()
      const others = process.listeners('uncaughtException')
      process.removeAllListeners('uncaughtException').once('uncaughtException', failed)
      const onBlocked = (error: CorsError): void => {
        blocked.push(error)
        throw new Error('the test fails')
      }
      page({ servers, onBlocked }).install()
      expect(await isPage()).toBe(true)
      await vi.waitFor(() => expect(failed).toHaveBeenCalledTimes(1))
      for (const other of others) process.on('uncaughtException', other)
      expect(blocked.map(({ verdict }) => verdict.code)).toEqual(['missing-allow-origin'])
      expect(said).not.toHaveBeenCalled()
    })

    test('in an engine that has no console, by what happened and why', async () => {
      page({ servers, engine: 'standard' }).install()
      expect(await isPage()).toBe(true)
      expect(said.mock.calls).toEqual([
        [
          expect.stringMatching(
            /^blocked: missing-allow-origin on the response to GET .*\n.* has no Access-Control-Allow-Origin/,
          ),
        ],
      ])
    })

    test('not a call that the API itself refuses', async () => {
      const one = page({ servers })
      one.install()
      await expect(fetch(api, { method: 'TRACE' })).rejects.toThrow('TRACE')
      expect([one.blocked, said.mock.calls]).toEqual([[], []])
    })
  })

  test('a host that is not among servers is an error of the test, whoever asks', async () => {
    page({
      servers: {
        [api]: () => Response.redirect('https://elsewhere.example/x', 302),
        [app]: () => new Response(''),
      },
    }).install()
    const message = "nothing serves 'https://ap.example.com'"
    const error = await fetch('https://ap.example.com/orders').catch((reason) => reason)
    expect(isCorsUsageError(error)).toBe(true)
    expect(error.message).toContain(message)
    expect(said.mock.calls).toEqual([[expect.stringContaining(message)]])
    await expect(ask('https://ap.example.com/orders')).rejects.toThrow(message)
    expect(() => new EventSource('https://ap.example.com/orders')).toThrow(message)
  })

  test('a target that cannot be changed is refused as a whole', () => {
    const hardened = Object.defineProperty({ fetch: 1 }, 'Request', { value: 2 })
    expect(() => page().install(hardened)).toThrow(/cannot replace Request/)
    expect(hardened.fetch).toBe(1)
    expect(() => page().install(Object.freeze({}))).toThrow(/cannot replace fetch/)
  })

  test('what was replaced since is left alone, and named', () => {
    const restore = page().install()
    const stub = vi.fn()
    vi.stubGlobal('fetch', stub)
    scope.XMLHttpRequest = stub
    expect(fetch).toBe(stub)
    expect(restore()).toEqual(['fetch', 'XMLHttpRequest'])
    expect(warned.mock.calls.flat()).toEqual([
      expect.stringContaining('fetch and XMLHttpRequest are no longer'),
    ])
    expect([scope.fetch, scope.XMLHttpRequest]).toEqual([stub, stub])
  })
}
