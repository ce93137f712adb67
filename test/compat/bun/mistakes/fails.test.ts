import 'expect-cors/bun'
import { expect, test } from 'bun:test'

const app = () =>
  new Response(null, { headers: { 'Access-Control-Allow-Origin': 'https://www.example.com' } })

test('another origin is allowed', async () => {
  await expect(app).toAllowOrigin('https://app.example.com')
})

test('forgets to wait, and Bun waits', () => {
  expect(app).toAllowCredentialedOrigin('https://www.example.com')
})
