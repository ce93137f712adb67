import 'expect-cors/vitest'
import { createServer } from 'node:http'
import { endpoint } from 'expect-cors'
import { expect } from 'vitest'

const origin = 'https://app.example.com'
const response = { status: 200, headers: { 'access-control-allow-origin': origin } }
const app = createServer()

export async function assertions(): Promise<void> {
  expect(response).toAllowOrigin(origin)
  expect(response).not.toAllowMethod('PUT')
  await expect(app).toAllowOrigin(origin)
  await expect('https://api.example.com').not.toAllowMethod('PUT', { origin })
  expect(app).toAllowOrigin(origin) // forgotten
  expect(app).not.toAllowPreflight({ origin, method: 'PUT' }) // forgotten
  expect('https://api.example.com').toAllowOrigin(origin) // forgotten
  expect(endpoint(app)).toVaryOnOrigin({ origin }) // forgotten
  expect(Promise.resolve(app)).resolves.toAllowOrigin(origin) // forgotten
}
