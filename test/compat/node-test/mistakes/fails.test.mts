import test from 'node:test'
import { expect } from 'expect'
import type {} from 'expect-cors/jest-globals'
import * as matchers from 'expect-cors/matchers'

expect.extend(matchers)

const app = () =>
  new Response(null, { headers: { 'Access-Control-Allow-Origin': 'https://www.example.com' } })

test('another origin is allowed', async () => {
  await expect(app).toAllowOrigin('https://app.example.com')
})
