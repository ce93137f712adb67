import { expect as base, test } from '@playwright/test'
import { observed } from 'expect-cors'
import * as matchers from 'expect-cors/matchers'

const expect = base.extend(matchers)

const origin = 'https://app.example.com'
const app = () =>
  new Response(null, { headers: { 'Access-Control-Allow-Origin': 'https://www.example.com' } })

test('another origin is allowed', async () => {
  await expect(app).toAllowOrigin(origin)
})

test('a response that nobody may read', async () => {
  const response = { status: 200, headers: {} }
  await expect(observed(response, { origin })).toAllowOrigin(origin)
})
