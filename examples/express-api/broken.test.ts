// The same assertions on the routes that are broken on purpose. Each of these tests fails, and its message says why.
import 'expect-cors/vitest'
import { expect, test } from 'vitest'

const api = process.env.API_URL ?? 'http://127.0.0.1:3000'
const origin = 'https://app.example.com'

test('GET /broken/wildcard', async () => {
  await expect(api).toAllowCredentialedOrigin(origin, { path: '/broken/wildcard' })
})

test('PUT /broken/auth-first/1', async () => {
  await expect(api).toAllowPreflight({
    origin,
    path: '/broken/auth-first/1',
    method: 'PUT',
    headers: ['authorization', 'content-type'],
  })
})

test('GET /broken/profile/photo', async () => {
  await expect(api).toAllowOrigin(origin, { path: '/broken/profile/photo' })
})

test('GET /broken/crash', async () => {
  await expect(api).toAllowOrigin(origin, { path: '/broken/crash' })
})

test('GET /broken/twice', async () => {
  await expect(api).toAllowOrigin(origin, { path: '/broken/twice' })
})

test('GET /broken/no-vary', async () => {
  await expect(api).toVaryOnOrigin({ origin, path: '/broken/no-vary' })
})

test('GET /broken/hidden-count', async () => {
  await expect(api).toExposeHeader('X-Total-Count', { origin, path: '/broken/hidden-count' })
})

test('GET /broken/slash', async () => {
  await expect(api).toAllowOrigin(origin, { path: '/broken/slash' })
})
