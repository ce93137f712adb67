import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterEach, expect, test } from 'vitest'
import { listenerTransport } from '../../src/transport/app-transport.js'
import { isNetworkMocked } from '../../src/transport/mock-detection.js'
import { undiciTransport } from '../../src/transport/undici-transport.js'
import { answer, rawServer } from './raw-server.js'

const seen: Record<string, string | null>[] = []
const mock = setupServer(
  http.all('https://api.example.com/orders', ({ request }) => {
    seen.push({
      method: request.method,
      origin: request.headers.get('origin'),
      acrh: request.headers.get('access-control-request-headers'),
    })
    const headers = new Headers({ 'Access-Control-Allow-Origin': '*', 'X-A': 'b' })
    headers.append('Access-Control-Allow-Origin', 'https://a.example')
    return new HttpResponse('mocked', { headers })
  }),
)
afterEach(() => {
  mock.close()
  seen.length = 0
})

const preflight = {
  method: 'OPTIONS',
  url: 'https://api.example.com/orders',
  headers: [
    ['Origin', 'https://app.example.com'],
    ['Access-Control-Request-Headers', 'x-a,x-b'],
  ],
} as const

test('what a listening MSW server mocks reaches its handlers, whoever came first', async () => {
  const real = await rawServer(answer([]))
  const transport = undiciTransport()
  expect(isNetworkMocked()).toBe(false)
  const before = await transport.send({ method: 'GET', url: real.url, headers: [] })
  expect(await new Response(before.body).text()).toBe('ok')

  mock.listen({ onUnhandledRequest: 'bypass' })
  expect(isNetworkMocked()).toBe(true)
  const mocked = await transport.send(preflight)
  expect(mocked.headers.filter(([name]) => /allow-origin/i.test(name))).toEqual([
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Origin', 'https://a.example'],
  ])
  expect(await new Response(mocked.body).text()).toBe('mocked')
  expect(seen).toEqual([{ method: 'OPTIONS', origin: 'https://app.example.com', acrh: 'x-a,x-b' }])

  const past = await transport.send({ method: 'GET', url: real.url, headers: [['X-A', 'h\xe9']] })
  expect(await new Response(past.body).text()).toBe('ok')
  expect(real.requests.at(-1)).toContain('X-A: h\xe9\r\n')

  mock.close()
  expect(isNetworkMocked()).toBe(false)
  await expect(transport.send({ ...preflight, url: 'https://api.invalid/orders' })).rejects.toThrow(
    /could not be resolved/,
  )
  await real.close()
})

test('an app in this process is not mocked', async () => {
  mock.listen({ onUnhandledRequest: 'error' })
  const transport = listenerTransport((_request, response) => response.end('app'))
  const response = await transport.send(preflight)
  expect(await new Response(response.body).text()).toBe('app')
  expect(seen).toEqual([])
  await transport.close()
})

test('headers that objects have members called like reach the handlers', async () => {
  const names = ['constructor', '__proto__', 'toString', 'x-a']
  let received: Headers | undefined
  mock.use(
    http.put('https://api.example.com/odd', ({ request }) => {
      received = request.headers
      return new HttpResponse(null)
    }),
  )
  mock.listen()
  await undiciTransport().send({
    method: 'PUT',
    url: 'https://api.example.com/odd',
    headers: names.map((name): [string, string] => [name, `value of ${name}`]),
    body: new TextEncoder().encode('abc'),
  })
  for (const name of names) expect(received?.get(name)).toBe(`value of ${name}`)
})
