// What the pages of this API count on. Runs against a server: API_URL says where it is.
import 'expect-cors/vitest'
import { expect, test } from 'vitest'

const api = process.env.API_URL ?? 'http://127.0.0.1:3000'
const origin = 'https://app.example.com'
const authorization = 'Bearer 67890'

test('GET /orders can be read with a token and cookies', async () => {
  await expect(api).toAllowCredentialedOrigin(origin, { path: '/orders', headers: { authorization } })
})

test('PUT /orders/1 with a JSON body passes its preflight and can be read', async () => {
  await expect(api).toAllowCorsRequest({
    origin,
    path: '/orders/1',
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: '{"amount":3}',
    credentials: 'include',
  })
})

test('DELETE /orders/1 passes its preflight; nothing is deleted to find out', async () => {
  await expect(api).toAllowPreflight({
    origin,
    path: '/orders/1',
    method: 'DELETE',
    headers: { authorization },
  })
})

test('GET /orders shows the page its count', async () => {
  await expect(api).toExposeHeader('X-Total-Count', { origin, path: '/orders', headers: { authorization } })
})

test('GET /orders without a token: the page can see the 401', async () => {
  await expect(api).toAllowOrigin(origin, { path: '/orders' })
})

test('GET /orders/1/nothing: the page can see the 404', async () => {
  await expect(api).toAllowOrigin(origin, { path: '/orders/1/nothing', headers: { authorization } })
})

test('GET /orders/1/invoice: the page can see the 500', async () => {
  await expect(api).toAllowOrigin(origin, { path: '/orders/1/invoice', headers: { authorization } })
})

test('GET /orders is kept from other sites', async () => {
  await expect(api).not.toAllowOrigin('https://evil.example', { path: '/orders' })
  await expect(api).not.toAllowAnyOrigin({ path: '/orders' })
})

test('PUT /orders/1 is kept from other sites', async () => {
  await expect(api).toBlockCorsRequest(
    { origin: 'https://evil.example', path: '/orders/1', method: 'PUT' },
    'missing-allow-origin',
  )
})

test('GET /orders is kept apart by caches', async () => {
  await expect(api).toVaryOnOrigin({ origin, path: '/orders' })
})

test('PUT /orders/1 needs no new preflight for ten minutes', async () => {
  await expect(api).toCachePreflightFor(600, { origin, path: '/orders/1', method: 'PUT' })
})

test('GET /prices can be read by every page', async () => {
  await expect(api).toAllowAnyOrigin({ path: '/prices' })
})
