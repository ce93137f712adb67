/** What `enforceCors` must do whatever the globals are. */

import { isCorsError, isCorsUsageError } from 'expect-cors'
import { enforceCors } from 'expect-cors/msw'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

const api = 'https://api.example.com'
const app = 'https://app.example.com'
const allowed = { 'Access-Control-Allow-Origin': app }

/** By the global `XMLHttpRequest`, until it has ended. */
function ask(url: string, method = 'GET', headers: Record<string, string> = {}): Promise<XMLHttpRequestLike> {
  return new Promise((resolve) => {
    const xhr = new (
      globalThis as unknown as { XMLHttpRequest: new () => XMLHttpRequestLike }
    ).XMLHttpRequest()
    xhr.onloadend = () => resolve(xhr)
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.send()
  })
}

interface XMLHttpRequestLike {
  onloadend: () => void
  readonly status: number
  readonly responseText: string
  open(method: string, url: string): void
  setRequestHeader(name: string, value: string): void
  getResponseHeader(name: string): string | null
  send(): void
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

  test('hosts that are exempt', async () => {
    enforceCors({ origin: app, allow: ['api.example.com'] })
    server.use(http.put(`${api}/orders`, () => HttpResponse.json([], { headers: { 'X-A': '1' } })))
    const response = await fetch(`${api}/orders`, {
      method: 'PUT',
      headers: { 'x-a': '1' },
      credentials: 'include',
    })
    expect(response.headers.get('x-a')).toBe('1')
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
}
