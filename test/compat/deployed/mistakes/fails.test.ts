import 'expect-cors/vitest'
import { expect, test } from 'vitest'

const staging = process.env.STAGING_URL ?? ''

test('nothing opens the gate', async () => {
  await expect(staging).toAllowPreflight({
    origin: 'https://app.example.com',
    path: '/orders/1',
    method: 'PUT',
    headers: ['content-type'],
  })
})

test('nginx and the app both add it', async () => {
  await expect(staging).toAllowOrigin('https://app.example.com', { path: '/both' })
})

test('forgets to wait', () => {
  expect(staging).toAllowOrigin('https://app.example.com', { path: '/orders' })
})
