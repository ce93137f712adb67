/** MSW handlers that do not answer: nothing that a server said is there to be judged. */
import { HttpResponse, http, passthrough } from 'msw'
import { setupServer } from 'msw/node'
import { describe, expect, test, vi } from 'vitest'
import { closing, open } from '../page/helpers.js'
import 'expect-cors/vitest'

const page = 'https://app.example.com'
const api = 'https://api.example.com'
const url = `${api}/orders`

const handlers: [string, Parameters<typeof http.all>[1], RegExp, RegExp?][] = [
  [
    'throws',
    () => {
      throw new TypeError('broken\u001b[2J')
    },
    /threw TypeError: broken\\x1b/,
  ],
  ['rejects', () => Promise.reject(new Error('broken')), /threw Error: broken/],
  ['throws what is no error', () => Promise.reject('broken'), /threw "?broken/],
  ['is a network error', () => HttpResponse.error(), /Response\.error\(\)|Network error/],
  ['handles nothing', () => undefined, /no MSW handler responds|could not be resolved/],
  ['lets it pass', () => passthrough(), /passes it through|could not be resolved/],
]

describe.each(handlers)('a handler that %s', (_name, resolver, message) => {
  test('as an endpoint', async () => {
    const mocks = [http.all(url, resolver)]
    await refuses(() => mocks, message)
    const one = open(page, { servers: { [api]: mocks } })
    await expect(one.inspect(url)).rejects.toThrow(message)
    await expect(one.fetch(url)).rejects.toThrow(TypeError)
  })

  test('in a server that listens', async () => {
    // MSW prints what was thrown.
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const server = setupServer(http.all(url.replace('example.com', 'example.invalid'), resolver))
    server.listen({ onUnhandledRequest: 'bypass' })
    closing(server)
    await refuses(() => url.replace('example.com', 'example.invalid'), message)
  })
})

async function refuses(subject: () => unknown, message: RegExp): Promise<void> {
  const app = subject() as string
  const options = typeof app === 'string' ? {} : { baseUrl: api, path: '/orders' }
  await expect(expect(app).toAllowOrigin(page, options)).rejects.toThrow(message)
  await expect(expect(app).not.toAllowOrigin(page, options)).rejects.toThrow(message)
  const put = { origin: page, method: 'PUT', ...options }
  await expect(expect(app).not.toAllowPreflight(put)).rejects.toThrow(message)
  await expect(expect(app).toBlockCorsRequest(put)).rejects.toThrow(message)
}

test('a 500 that a handler returns is judged, and a response that it throws', async () => {
  const failing = [http.get(url, () => HttpResponse.json({ name: 'Error' }, { status: 500 }))]
  await expect(failing).not.toAllowOrigin(page, { baseUrl: api, path: '/orders' })
  const headers = { 'Access-Control-Allow-Origin': page }
  const thrown = http.get(url, () => {
    throw new HttpResponse(null, { status: 500, headers })
  })
  await expect([thrown]).toAllowOrigin(page, { baseUrl: api, path: '/orders' })
  const server = setupServer(...failing)
  server.listen({ onUnhandledRequest: 'bypass' })
  closing(server)
  await expect(url).not.toAllowOrigin(page)
  server.use(thrown)
  await expect(url).toAllowOrigin(page)
})
