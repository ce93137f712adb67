/** What a message has to paste makes the mock allow the call, and no more of it is needed. */
import { type CorsError, openPage } from 'expect-cors'
import { withCors } from 'expect-cors/msw'
import { HttpResponse, http, type RequestHandler } from 'msw'
import { expect, test } from 'vitest'
import { mockFix } from '../../src/msw/mock-fix.js'

const api = 'https://api.example.com'
const app = 'https://app.example.com'
const json = { 'Content-Type': 'application/json' }
const handlers = [
  http.all(`${api}/orders`, () => HttpResponse.json([])),
  http.get(`${api}/half`, () => HttpResponse.json([], { headers: { 'Access-Control-Allow-Origin': '*' } })),
  http.get(`${api}/redirect`, () => HttpResponse.redirect(`${api}/orders`, 302)),
]

async function blockedBy(
  served: RequestHandler[],
  url: string,
  init?: RequestInit,
): Promise<CorsError | undefined> {
  const page = openPage(app, { engine: 'chromium', servers: { [api]: served } })
  await page.fetch(url, init).catch(() => {})
  return page.blocked[0]
}

test.each<[url: string, init: RequestInit, policy: string]>([
  ['/orders', {}, `allow: ['${app}']`],
  ['/orders', { credentials: 'include' }, `allow: ['${app}'], credentials: true`],
  ['/half', { credentials: 'include' }, `allow: ['${app}'], credentials: true`],
  ['/redirect', {}, `allow: ['${app}']`],
  ['/orders', { method: 'PUT' }, `allow: ['${app}'], methods: ['PUT']`],
  ['/orders', { method: 'POST', headers: json, body: '{}' }, `allow: ['${app}'], headers: ['content-type']`],
  [
    '/orders',
    { method: 'PATCH', headers: { ...json, Authorization: 'Bearer x' }, body: '{}', credentials: 'include' },
    `allow: ['${app}'], methods: ['PATCH'], headers: ['authorization', 'content-type'], credentials: true`,
  ],
])('%s %j', async (path, init, policy) => {
  const error = await blockedBy(handlers, `${api}${path}`, init)
  const text = mockFix(error as CorsError)
  expect(text).toContain(`withCors({ ${policy} }, handlers)`)
  const pasted = new Function('withCors', 'handlers', `return withCors({ ${policy} }, handlers)`)
  expect(await blockedBy(pasted(withCors, handlers), `${api}${path}`, init)).toBeUndefined()
})

test('no policy helps a stream of another type', async () => {
  const page = openPage(app, {
    engine: 'chromium',
    servers: { [api]: () => new Response('', { headers: { 'Access-Control-Allow-Origin': '*' } }) },
  })
  await new Promise((resolve) => {
    const source = new page.EventSource(`${api}/events`)
    source.onerror = resolve
  })
  expect(page.blocked[0]?.verdict.code).toBe('event-stream-content-type')
  expect(mockFix(page.blocked[0] as CorsError)).toBeNull()
})
