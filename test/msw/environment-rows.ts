/** What jsdom, happy-dom and Node get wrong of CORS, each row as it is in Chromium. */
import type { PageXMLHttpRequestClass } from 'expect-cors'
import { enforceCors } from 'expect-cors/msw'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

const scope = globalThis as unknown as { readonly XMLHttpRequest: PageXMLHttpRequestClass }
const page = 'http://localhost:3000'
const api = 'http://localhost:4000/orders'

interface Row {
  readonly name: string
  readonly url?: string
  readonly init?: RequestInit
  /** The preflight's headers; a number for a status alone. */
  readonly preflight?: Readonly<Record<string, string>> | number
  /** Default: `Access-Control-Allow-Origin` for the page. */
  readonly response?: Readonly<Record<string, string>>
  readonly status?: number
  readonly sendsPreflight: boolean
  readonly isAllowed: boolean
}

const ok = { 'Access-Control-Allow-Origin': page }
const credentialed = { ...ok, 'Access-Control-Allow-Credentials': 'true' }
const include = { credentials: 'include' } as const

const rows: readonly Row[] = [
  { name: 'another port, no CORS headers', response: {}, sendsPreflight: false, isAllowed: false },
  {
    name: 'a subdomain, no CORS headers',
    url: 'http://app.localhost:3000/',
    response: {},
    sendsPreflight: false,
    isAllowed: false,
  },
  { name: 'a simple GET, although OPTIONS is 404', preflight: 404, sendsPreflight: false, isAllowed: true },
  {
    name: 'PUT whose preflight passes, and whose response has no header',
    init: { method: 'PUT' },
    preflight: { ...ok, 'Access-Control-Allow-Methods': 'PUT' },
    response: {},
    sendsPreflight: true,
    isAllowed: false,
  },
  {
    name: 'POST of JSON without Access-Control-Allow-Headers',
    init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
    preflight: ok,
    sendsPreflight: true,
    isAllowed: false,
  },
  {
    name: 'PUT without Access-Control-Allow-Methods',
    init: { method: 'PUT' },
    preflight: ok,
    sendsPreflight: true,
    isAllowed: false,
  },
  {
    name: 'credentials and *',
    init: include,
    response: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true' },
    sendsPreflight: false,
    isAllowed: false,
  },
  {
    name: 'credentials without Access-Control-Allow-Credentials',
    init: include,
    sendsPreflight: false,
    isAllowed: false,
  },
  {
    name: 'a preflight that is redirected',
    init: { method: 'PUT' },
    preflight: 301,
    sendsPreflight: true,
    isAllowed: false,
  },
  // To the standard the wildcard is not for Authorization; Chromium allows it.
  {
    name: 'Authorization and Access-Control-Allow-Headers: *',
    init: { headers: { Authorization: 'x' } },
    preflight: { ...ok, 'Access-Control-Allow-Headers': '*' },
    sendsPreflight: true,
    isAllowed: true,
  },
  {
    name: 'credentials and Access-Control-Allow-Headers: *',
    init: { ...include, headers: { 'X-A': '1' } },
    preflight: { ...credentialed, 'Access-Control-Allow-Headers': '*' },
    response: credentialed,
    sendsPreflight: true,
    isAllowed: false,
  },
  {
    name: 'credentials and Access-Control-Allow-Methods: *',
    init: { ...include, method: 'PUT' },
    preflight: { ...credentialed, 'Access-Control-Allow-Methods': '*' },
    response: credentialed,
    sendsPreflight: true,
    isAllowed: false,
  },
  {
    name: 'an origin with a slash at its end',
    response: { 'Access-Control-Allow-Origin': `${page}/` },
    sendsPreflight: false,
    isAllowed: false,
  },
  {
    name: '*, *',
    response: { 'Access-Control-Allow-Origin': '*, *' },
    sendsPreflight: false,
    isAllowed: false,
  },
  {
    name: 'a list without spaces',
    init: { headers: { 'X-A': '1', 'X-B': '1' } },
    preflight: { ...ok, 'Access-Control-Allow-Headers': 'X-A,X-B' },
    sendsPreflight: true,
    isAllowed: true,
  },
  {
    name: 'POST of text/plain;charset=utf-8',
    init: { method: 'POST', headers: { 'Content-Type': 'text/plain;charset=utf-8' }, body: 'x' },
    sendsPreflight: false,
    isAllowed: true,
  },
  {
    name: 'a list with something that is not a token',
    init: { headers: { 'X-A': '1' } },
    preflight: { ...ok, 'Access-Control-Allow-Headers': 'x-a, b@d' },
    sendsPreflight: true,
    isAllowed: false,
  },
  {
    name: 'Accept of 129 bytes',
    init: { headers: { Accept: 'a'.repeat(129) } },
    preflight: ok,
    sendsPreflight: true,
    isAllowed: false,
  },
  {
    name: 'PUT and *',
    init: { method: 'PUT' },
    preflight: { ...ok, 'Access-Control-Allow-Methods': '*' },
    sendsPreflight: true,
    isAllowed: true,
  },
  {
    name: 'GET with a header, where only PUT is listed',
    init: { headers: { 'X-A': '1' } },
    preflight: { ...ok, 'Access-Control-Allow-Methods': 'PUT', 'Access-Control-Allow-Headers': 'x-a' },
    sendsPreflight: true,
    isAllowed: true,
  },
  {
    name: 'Access-Control-Allow-Credentials: TRUE',
    init: include,
    response: { ...ok, 'Access-Control-Allow-Credentials': 'TRUE' },
    sendsPreflight: false,
    isAllowed: false,
  },
  { name: 'a 500 with the header', status: 500, sendsPreflight: false, isAllowed: true },
]

export function registerRows(): void {
  const server = setupServer()
  beforeAll(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    server.listen({ onUnhandledRequest: 'error' })
  })
  afterEach(() => server.resetHandlers())
  afterAll(() => server.close())

  for (const by of ['fetch', 'XMLHttpRequest'] as const) {
    test.each(rows)(
      `${by}: $name`,
      async ({
        url = api,
        init = {},
        preflight = 204,
        response = ok,
        status = 200,
        sendsPreflight,
        isAllowed,
      }) => {
        const seen: string[] = []
        server.use(
          http.all(url, ({ request: { method } }) => {
            seen.push(method)
            if (method !== 'OPTIONS')
              return HttpResponse.json([], { status, headers: { ...response, 'X-Secret': '1' } })
            if (preflight === 301)
              return new HttpResponse(null, {
                status: 301,
                headers: { ...ok, Location: 'http://localhost:4000/good' },
              })
            return new HttpResponse(
              null,
              typeof preflight === 'number' ? { status: preflight } : { headers: preflight },
            )
          }),
          http.all(
            'http://localhost:4000/good',
            () => new HttpResponse(null, { headers: { ...ok, 'Access-Control-Allow-Methods': 'PUT' } }),
          ),
        )
        enforceCors({ origin: page })
        const secret = await (by === 'fetch' ? byFetch(url, init) : byXhr(url, init))
        expect(secret).toBe(isAllowed ? null : 'blocked')
        expect(seen[0] === 'OPTIONS').toBe(sendsPreflight)
      },
    )
  }
}

/** What of the response may be read that is not exposed; `blocked` where nothing may. */
async function byFetch(url: string, init: RequestInit): Promise<string | null> {
  return fetch(url, init).then(
    (response) => response.headers.get('x-secret'),
    (error: Error) => (error.message === 'Failed to fetch' ? 'blocked' : String(error)),
  )
}

function byXhr(
  url: string,
  { method = 'GET', headers = {}, body, credentials }: RequestInit,
): Promise<string | null> {
  return new Promise((resolve) => {
    const xhr = new scope.XMLHttpRequest()
    xhr.onload = () => resolve(xhr.getResponseHeader('x-secret'))
    xhr.onerror = () => resolve('blocked')
    xhr.open(method, url)
    xhr.withCredentials = credentials === 'include'
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, String(value))
    xhr.send(body)
  })
}
