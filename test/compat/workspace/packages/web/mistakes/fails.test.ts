import { expect, test } from '@jest/globals'

const app = () =>
  new Response(null, { headers: { 'Access-Control-Allow-Origin': 'https://www.example.com' } })

test('another origin is allowed', async () => {
  await expect(app).toAllowOrigin('https://app.example.com')
})

test('forgets to wait', () => {
  expect(app).toAllowOrigin('https://www.example.com')
})
