import 'expect-cors/vitest'
import { execFile } from 'node:child_process'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createSocketServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type FakeMethod, withGlobal } from '@sinonjs/fake-timers'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { Agent, getGlobalDispatcher, MockAgent, setGlobalDispatcher } from 'undici'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openPage } from '../../src/page/open-page.js'
import { areTimersFaked } from '../../src/transport/real-timers.js'
import { undiciTransport } from '../../src/transport/undici-transport.js'

const ORIGIN = 'https://app.example.com'
const nextTurn = setImmediate

const app: RequestListener = (request, response) => {
  const { origin } = request.headers
  response.setHeader('Access-Control-Allow-Origin', origin?.startsWith('http:') === true ? origin : ORIGIN)
  response.setHeader('Access-Control-Allow-Methods', 'PUT')
  response.statusCode = request.method === 'OPTIONS' ? 204 : 200
  response.end(request.method === 'OPTIONS' ? undefined : 'body')
}

const unheard = createServer(app)
let server: Server
let url = ''
beforeEach(async () => {
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})

let restore = (): void => {}
afterEach(() => {
  restore()
  restore = () => {}
  vi.useRealTimers()
  vi.unstubAllEnvs()
  server.closeAllConnections()
  server.close()
})

/** What fakes timers, in which subsets. */
const fakes: [string, () => void][] = [
  ['vi.useFakeTimers()', () => void vi.useFakeTimers()],
  ["vi, toFake: ['setImmediate']", () => void vi.useFakeTimers({ toFake: ['setImmediate'] })],
  ["vi, toFake: ['setTimeout']", () => void vi.useFakeTimers({ toFake: ['setTimeout'] })],
  ["vi, toFake: ['Date', 'performance']", () => void vi.useFakeTimers({ toFake: ['Date', 'performance'] })],
  ['vi, with queueMicrotask', () => void vi.useFakeTimers({ toFake: ['setImmediate', 'queueMicrotask'] })],
  ['Sinon, but for nextTick', () => fakeBySinon(EVERYTHING.filter((name) => name !== 'nextTick'))],
  ['a stub', () => stubImmediate()],
]

const EVERYTHING: FakeMethod[] = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'queueMicrotask',
  'nextTick',
  'Date',
  'hrtime',
  'performance',
]

function fakeBySinon(toFake: FakeMethod[]): void {
  const clock = withGlobal(globalThis).install({ toFake })
  restore = () => clock.uninstall()
}

function stubImmediate(): void {
  const { setImmediate } = globalThis
  globalThis.setImmediate = (() => ({})) as unknown as typeof setImmediate
  restore = () => {
    globalThis.setImmediate = setImmediate
  }
}

/** undici reuses a connection only once the event loop has turned. */
const turn = (): Promise<void> => new Promise((resolve) => nextTurn(resolve))

const subjects: [string, () => unknown][] = [
  ['a URL', () => url],
  ['an app', () => unheard],
  ['a server that listens', () => server],
]

describe.each(fakes)('%s', (_name, fake) => {
  test.each(subjects)('%s: before the first request', async (_kind, subject) => {
    fake()
    await expect(subject()).toAllowOrigin(ORIGIN, { timeout: 2000 })
    await expect(subject()).not.toAllowOrigin('https://evil.example', { timeout: 2000 })
  })

  test.each(subjects)('%s: with a connection to be reused', async (_kind, subject) => {
    await expect(subject()).toAllowOrigin(ORIGIN)
    await turn()
    fake()
    for (let i = 0; i < 3; i++) {
      await expect(subject()).toAllowPreflight({ origin: ORIGIN, method: 'PUT', timeout: 2000 })
    }
    restore()
    vi.useRealTimers()
    await expect(subject()).toAllowOrigin(ORIGIN, { timeout: 2000 })
    await expect(subject()).toAllowOrigin(ORIGIN, { timeout: 2000 })
  })

  test('a page', async () => {
    const page = await openPage(ORIGIN, { timeout: 2000 })
    await page.fetch(url)
    await turn()
    fake()
    for (let i = 0; i < 2; i++) {
      const response = await page.fetch(url, { method: 'PUT', body: 'x' })
      expect(await response.text()).toBe('body')
      expect(await page.inspect(url)).toMatchObject({ verdict: { outcome: 'allowed' } })
    }
    await page.close()
  })
})

// A faked queueMicrotask stops undici, and what goes through node:http the mock would see.
const withoutMicrotasks = fakes.filter(([name]) => !/queueMicrotask|Sinon/.test(name))
test.each(withoutMicrotasks)('%s: an app, while MSW listens', async (_name, fake) => {
  const mock = setupServer(http.all('https://api.example.com/', () => new HttpResponse(null)))
  mock.listen({ onUnhandledRequest: 'error' })
  try {
    await expect(unheard).toAllowOrigin(ORIGIN)
    await turn()
    fake()
    await expect(unheard).toAllowPreflight({ origin: ORIGIN, method: 'PUT', timeout: 2000 })
    await expect(unheard).toAllowOrigin(ORIGIN, { timeout: 2000 })
  } finally {
    mock.close()
  }
})

test('an assertion runs out of real time', async () => {
  const hanging = createSocketServer()
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
  vi.useFakeTimers()
  const { port } = hanging.address() as AddressInfo
  await expect(
    (async () => expect(`http://127.0.0.1:${port}/`).toAllowOrigin(ORIGIN, { timeout: 60 }))(),
  ).rejects.toThrow(/60 ms/)
  hanging.close()
})

const faked = fileURLToPath(new URL('faked-next-tick.mjs', import.meta.url))

test.each([
  ['Sinon, with its own default', EVERYTHING],
  ['nextTick alone', ['nextTick']],
])(
  'a faked nextTick is a usage error at once: %s',
  async (_name, toFake) => {
    const { stdout } = await promisify(execFile)(process.execPath, [faked, ...toFake], { timeout: 60_000 })
    const said = JSON.parse(stdout) as string[]
    expect(said).toHaveLength(6)
    for (const text of said) expect(text).toMatch(/^CorsUsageError: .*process\.nextTick is faked.*toFake/)
  },
  90_000,
)

test('a dispatcher of the user is used, given or installed', async () => {
  const mock = new MockAgent()
  mock.disableNetConnect()
  mock.get('https://api.example.com').intercept({ path: '/' }).reply(200, 'mocked').persist()
  const before = getGlobalDispatcher()
  vi.useFakeTimers()
  const sent = { method: 'GET', url: 'https://api.example.com/', headers: [] }
  expect((await undiciTransport({ dispatcher: mock }).send(sent)).status).toBe(200)
  setGlobalDispatcher(mock)
  try {
    expect((await undiciTransport().send(sent)).status).toBe(200)
  } finally {
    setGlobalDispatcher(before)
  }
  await expect(url).toAllowOrigin(ORIGIN, { dispatcher: new Agent() })
})

test('proxies in the environment are asked', async () => {
  const sockets: Socket[] = []
  let asked = 0
  const proxy = createServer().on('connect', (_request, socket: Socket) => {
    asked++
    const onward = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    sockets.push(socket, onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  vi.stubEnv('http_proxy', undefined)
  vi.useFakeTimers()
  await expect('http://api.example.com/').toAllowOrigin('http://app.example.com', { timeout: 2000 })
  await expect('http://api.example.com/').toAllowOrigin('http://app.example.com', { timeout: 2000 })
  expect(asked).toBe(2)
  for (const socket of sockets) socket.destroy()
  proxy.close()
})

test('a clock that only tells the time fakes no timer', () => {
  expect(areTimersFaked()).toBe(false)
  vi.useFakeTimers({ toFake: ['Date'] })
  expect(areTimersFaked()).toBe(false)
  vi.useRealTimers()
  vi.useFakeTimers()
  expect(areTimersFaked()).toBe(true)
  vi.useRealTimers()
  expect(areTimersFaked()).toBe(false)
})

test('timers that were faked before this was loaded are known as fakes', async () => {
  vi.useFakeTimers()
  vi.resetModules()
  const again = await import('../../src/transport/real-timers.js')
  expect(again).not.toBe(await import('../../src/transport/undici-transport.js'))
  expect(again.areTimersFaked()).toBe(true)
})

test('a body of a fetch handler is not read while queueMicrotask is faked: it would have no end', async () => {
  const handler = { fetch: () => new Response('body', { headers: { 'Access-Control-Allow-Origin': '*' } }) }
  const page = openPage(ORIGIN, { servers: { 'https://api.example.com': handler } })
  vi.useFakeTimers({ toFake: ['queueMicrotask'] })
  const response = await page.fetch('https://api.example.com/')
  const said = [response.text(), page.fetch('https://api.example.com/', { method: 'POST', body: 'x' })]
  for (const result of await Promise.allSettled(said))
    expect(String((result as PromiseRejectedResult).reason)).toMatch(
      /^CorsUsageError: queueMicrotask is faked.*toFake/,
    )
})
