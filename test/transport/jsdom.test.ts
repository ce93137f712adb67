/** @vitest-environment jsdom */
import 'expect-cors/vitest'
import { createServer } from 'node:http'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, expect, test, vi } from 'vitest'
import { openPage } from '../../src/page/open-page.js'

const ORIGIN = 'https://app.example.com'
const cors = { 'Access-Control-Allow-Origin': ORIGIN }
const mock = setupServer(
  http.post('https://api.example.com/', async ({ request }) =>
    HttpResponse.text(await request.text(), { headers: cors }),
  ),
)
const app = createServer(async (request, response) => {
  response.writeHead(200, cors)
  for await (const chunk of request) response.write(chunk)
  response.end()
})

afterEach(() => {
  mock.close()
  vi.useRealTimers()
})

const bodies: [string, NonNullable<RequestInit['body']>][] = [
  ['a string', 'abc'],
  ['bytes of this environment', new Uint8Array([97, 98, 99])],
  ['bytes of Node', Buffer.from('abc')],
  ['a view', new DataView(new Uint8Array([97, 98, 99]).buffer)],
  ['an ArrayBuffer', new Uint8Array([97, 98, 99]).buffer],
]

test.each(bodies)('%s is sent where MSW listens', async (_kind, body) => {
  mock.listen()
  const page = await openPage(ORIGIN)
  const response = await page.fetch('https://api.example.com/', { method: 'POST', body })
  expect(await response.text()).toBe('abc')
  await page.close()
})

test.each(bodies)('%s is sent to an app, under fake timers too', async (_kind, body) => {
  const page = await openPage(ORIGIN, { servers: { 'https://api.example.com': app } })
  for (const fake of [() => {}, () => void vi.useFakeTimers({ toFake: ['setImmediate'] })]) {
    fake()
    const response = await page.fetch('https://api.example.com/', { method: 'POST', body })
    expect(await response.text()).toBe('abc')
  }
  await page.close()
})

test('header lines are read from the buffers of this environment and of Node', () => {
  for (const headers of [
    ['Access-Control-Allow-Origin', ORIGIN].map((text) => Buffer.from(text)),
    ['Access-Control-Allow-Origin', ORIGIN].map((text) =>
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    ),
  ]) {
    expect({ status: 200, headers }).toAllowOrigin(ORIGIN)
  }
})
