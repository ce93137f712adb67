/** What an assertion on an endpoint sends once it has failed, and that one that holds sends nothing more. */
import 'expect-cors/vitest'
import { createServer } from 'node:http'
import { configure, endpoint } from 'expect-cors'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { failure, refusal } from './assertions.js'
import { APP, EVIL, type Listening, listen, type Received } from './servers.js'

const DENIED = 'https://new.example.com'

/** A server of one list, that refuses in the way the options say. */
function listing(options: { status?: number; vary?: boolean; methods?: string[]; headers?: string[] } = {}) {
  const { status = 200, vary = false, methods = ['GET', 'POST', 'PUT'], headers = ['content-type'] } = options
  return listen(({ method, headers: sent }, response) => {
    const wanted = String(sent['access-control-request-method'] ?? method)
    const names = String(sent['access-control-request-headers'] ?? '')
      .split(',')
      .filter((name) => name !== '')
    const isAllowed =
      sent.origin === APP && methods.includes(wanted) && names.every((name) => headers.includes(name))
    if (vary) response.setHeader('Vary', 'Origin')
    response.setHeader('Content-Type', 'application/json')
    if (isAllowed) {
      response.setHeader('Access-Control-Allow-Origin', APP)
      if (method === 'OPTIONS') {
        response.setHeader('Access-Control-Allow-Methods', wanted)
        if (names.length > 0) response.setHeader('Access-Control-Allow-Headers', names.join(','))
      }
    }
    response.writeHead(isAllowed ? 200 : status).end()
  })
}

/** A request in a few words. */
function words({ line, headers }: Received): string {
  const method = headers['access-control-request-method']
  const names = headers['access-control-request-headers']
  return [line, method, names, `from ${headers.origin ?? 'nowhere'}`]
    .filter((part) => part !== undefined)
    .join(' ')
}

const linesOf = ({ received }: Listening): string[] => received.map(words)

describe('what is sent', () => {
  test('nothing more where an assertion holds, in either form', async () => {
    const server = await listing()
    await expect(server.url).toAllowOrigin(APP)
    await expect(server.url).not.toAllowOrigin(DENIED)
    await expect(server.url).toAllowPreflight({ origin: APP, method: 'PUT' })
    await expect(server.url).not.toAllowPreflight({ origin: DENIED, method: 'PUT' })
    await expect(server.url).toBlockCorsRequest({ origin: DENIED })
    await expect(server.url).toExposeHeader('content-type', { origin: APP })
    expect(server.received).toHaveLength(6)
  })

  test('a GET that is refused: a preflight, the same from another origin, a path that does not exist, past every cache', async () => {
    const server = await listing()
    const message = await failure(() => expect(`${server.url}/orders`).toAllowOrigin(DENIED))
    const [first, preflight, other, missing, fresh, ...more] = linesOf(server)
    expect(more).toEqual([])
    expect([first, preflight, other, missing]).toEqual([
      `GET /orders from ${DENIED}`,
      `OPTIONS /orders GET from ${DENIED}`,
      `GET /orders from ${APP}`,
      `GET /expect-cors-no-such-path from ${DENIED}`,
    ])
    expect(fresh).toMatch(/^GET \/orders\?expect-cors-fresh=[a-z0-9]+ from https:\/\/new\.example\.com$/)
    expect(message).toContain(
      'Asked again: a preflight for GET alone (status 200, refused), GET from https://app.example.com (status 200, allowed), GET for a path that does not exist (status 200, refused), GET past every cache (status 200, refused).',
    )
  })

  test('an error that is refused: also without an Origin', async () => {
    const server = await listing({ status: 403 })
    await failure(() => expect(server.url).toAllowOrigin(DENIED))
    expect(linesOf(server).slice(0, 3)).toEqual([
      `GET / from ${DENIED}`,
      `OPTIONS / GET from ${DENIED}`,
      'GET / from nowhere',
    ])
  })

  test('a preflight that is refused as a whole: GET alone, then each part alone, four at most', async () => {
    const server = await listing({ status: 403 })
    const wanted = { origin: APP, method: 'DELETE', headers: ['content-type', 'x-a', 'x-b', 'x-c'] }
    const message = await failure(() => expect(server.url).toAllowPreflight(wanted))
    expect(linesOf(server)).toEqual([
      `OPTIONS / DELETE content-type,x-a,x-b,x-c from ${APP}`,
      `OPTIONS / GET from ${APP}`,
      `OPTIONS / DELETE from ${APP}`,
      `OPTIONS / GET content-type from ${APP}`,
      `OPTIONS / GET x-a from ${APP}`,
    ])
    expect(message).toContain(
      'Asked again: a preflight for GET alone (status 200, allowed), a preflight for DELETE alone (status 403, refused), a preflight for content-type alone (status 200, allowed), a preflight for x-a alone (status 403, refused).',
    )
  })

  test('where GET alone passes and there is one part, that part is known', async () => {
    const server = await listing({ status: 403 })
    await failure(() => expect(server.url).toAllowMethod('DELETE', { origin: APP }))
    expect(linesOf(server)).toEqual([`OPTIONS / DELETE from ${APP}`, `OPTIONS / GET from ${APP}`])
  })

  test('nothing that changes anything: a refused POST is told apart by preflights alone', async () => {
    const server = await listing({ status: 403 })
    await failure(() => expect(server.url).toAllowCorsRequest({ origin: DENIED, method: 'POST', body: 'a' }))
    expect(linesOf(server)).toEqual([
      `POST / from ${DENIED}`,
      `OPTIONS / GET from ${DENIED}`,
      `OPTIONS / POST from ${APP}`,
    ])
  })

  test('a request that is allowed and should not be: the same from an origin that nobody knows', async () => {
    const server = await listing()
    const message = await failure(() => expect(server.url).not.toAllowOrigin(APP))
    expect(linesOf(server)).toEqual([`GET / from ${APP}`, 'GET / from https://another-origin.invalid'])
    expect(message).toContain('Asked again: GET from an unknown origin (status 200, refused).')
  })

  test('nothing where the response says itself what it refuses', async () => {
    const server = await listen((_request, response) => {
      response.setHeader('Access-Control-Allow-Origin', APP)
      response.setHeader('Access-Control-Allow-Methods', 'GET')
      response.end()
    })
    await failure(() => expect(server.url).toAllowMethod('PUT', { origin: APP }))
    await failure(() => expect(server.url).toAllowCredentialedOrigin(APP))
    expect(server.received).toHaveLength(2)
  })

  test('nothing where the failure has no block', async () => {
    const server = await listing()
    await failure(() => expect(server.url).toExposeHeader('date', { origin: APP }))
    await failure(() => expect(server.url).toCachePreflightFor(600, { origin: APP, method: 'PUT' }))
    expect(server.received).toHaveLength(2)
  })

  test('no credentials of the page go with it, and what every request to the endpoint needs does', async () => {
    const server = await listing()
    await failure(() =>
      expect(endpoint(server.url, { extraHeaders: { 'X-Gate': 'open' } })).toAllowCorsRequest({
        origin: DENIED,
        headers: { Authorization: 'Bearer a' },
      }),
    )
    await failure(() => expect(server.url).toAllowOrigin(DENIED))
    const carrying = server.received.filter(({ headers }) => headers.authorization !== undefined)
    expect(carrying).toEqual([])
    expect(server.received.some(({ headers }) => headers.cookie !== undefined)).toBe(false)
    // The staging gate is passed each time.
    const gated = server.received.filter(({ headers }) => headers['x-gate'] === 'open')
    expect(gated.length).toBeGreaterThan(2)
  })
})

describe('what keeps it from asking', () => {
  test.each([429, 503])('a status of %d', async (status) => {
    const server = await listing({ status })
    await failure(() => expect(server.url).toAllowOrigin(DENIED))
    await failure(() => expect(server.url).toAllowPreflight({ origin: DENIED, method: 'PUT' }))
    expect(server.received).toHaveLength(2)
  })

  test('a 429 in reply to what was asked again ends it', async () => {
    let count = 0
    const server = await listen((_request, response) => {
      response.writeHead(++count < 3 ? 403 : 429).end()
    })
    await failure(() => expect(server.url).toAllowOrigin(DENIED))
    expect(server.received).toHaveLength(3)
  })

  test('a network error ends it, and the failure stays what it was', async () => {
    let count = 0
    const server = await listen((request, response) => {
      if (++count > 1) request.socket.destroy()
      else response.end()
    })
    const message = await failure(() => expect(server.url).toAllowOrigin(DENIED))
    expect(message).not.toContain('Asked again')
    expect(server.received).toHaveLength(2)
  })

  test('an error of the network asks nothing', async () => {
    const server = createServer((request) => request.socket.destroy())
    let connections = 0
    server.on('connection', () => connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    await refusal(() => expect(`http://127.0.0.1:${port}`).toAllowOrigin(DENIED))
    const before = connections
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(connections).toBe(before)
  })

  test('time: what has no response within it is left, and the assertion fails as it did', async () => {
    let count = 0
    const server = await listen((_request, response) => {
      if (++count === 1) response.end()
    })
    const start = performance.now()
    const message = await failure(() => expect(server.url).toAllowOrigin(DENIED, { timeout: 400 }))
    expect(performance.now() - start).toBeLessThan(1000)
    expect(message).toContain('has no Access-Control-Allow-Origin')
    expect(server.received).toHaveLength(2)
  })

  test('no time left', async () => {
    const server = await listen((_request, response) => void setTimeout(() => response.end(), 2750))
    await failure(() => expect(server.url).toAllowOrigin(DENIED, { timeout: 3000 }))
    expect(server.received).toHaveLength(1)
  })

  test('diagnose: false, of the assertion, the endpoint or the configuration', async () => {
    const server = await listing()
    await failure(() => expect(server.url).toAllowOrigin(DENIED, { diagnose: false }))
    await failure(() => expect(endpoint(server.url, { diagnose: false })).toAllowOrigin(DENIED))
    const restore = configure({ diagnose: false })
    onTestFinished(restore)
    await failure(() => expect(server.url).toAllowOrigin(DENIED))
    expect(server.received).toHaveLength(3)
    await failure(() => expect(server.url).toAllowOrigin(DENIED, { diagnose: true }))
    expect(server.received.length).toBeGreaterThan(4)
  })

  test('expect.poll', async () => {
    const server = await listing()
    await failure(async () => {
      await expect.poll(() => server.url, { timeout: 200, interval: 20 }).toAllowOrigin(DENIED)
    })
    expect(server.received.length).toBeGreaterThan(2)
    expect(new Set(linesOf(server))).toEqual(new Set([`GET / from ${DENIED}`]))
  })

  test('the same assertion tried again in one test: it has asked already, and says so each time', async () => {
    const server = await listing()
    const messages: string[] = []
    await vi.waitFor(
      async () => {
        messages.push(await failure(() => expect(server.url).toAllowOrigin(DENIED)))
        if (messages.length < 3) throw new Error('not yet')
      },
      { timeout: 4000, interval: 20 },
    )
    expect(messages).toHaveLength(3)
    for (const message of messages) expect(message).toContain('Asked again: ')
    expect(linesOf(server).filter((line) => line.startsWith('OPTIONS'))).toHaveLength(1)
  })

  test('another assertion of the test asks for itself', async () => {
    const server = await listing()
    await failure(() => expect(server.url).toAllowOrigin(DENIED))
    await failure(() => expect(server.url).toAllowOrigin(EVIL))
    expect(linesOf(server).filter((line) => line.startsWith('OPTIONS'))).toHaveLength(2)
  })

  test('another app of the test is asked for itself, though all apps have the same URL', async () => {
    const counting = () => {
      const asked: string[] = []
      const fetch = ({ method }: Request) => {
        asked.push(method)
        return new Response()
      }
      return { asked, fetch }
    }
    const apps = [counting(), counting()]
    for (const app of apps) await failure(() => expect(app).toAllowOrigin(APP))
    expect(apps[1]?.asked.length).toBeGreaterThan(1)
    expect(apps[1]?.asked).toEqual(apps[0]?.asked)
  })
})

test('diagnose must be true or false', async () => {
  expect(await refusal(() => expect('http://localhost:1').toAllowOrigin(APP, { diagnose: 1 as never }))).toBe(
    'toAllowOrigin(): diagnose must be true or false; got the number 1',
  )
})

describe('mocks', () => {
  test('a MockAgent is asked nothing that it may not know, nor a second time', async () => {
    const { MockAgent } = await import('undici')
    const agent = new MockAgent()
    onTestFinished(() => agent.close())
    agent.disableNetConnect()
    const pool = agent.get('https://api.example.com')
    const asked: string[] = []
    pool
      .intercept({ path: '/', method: () => true })
      .reply(({ method }) => {
        asked.push(method)
        return { statusCode: 200 }
      })
      .persist()
    await failure(() => expect('https://api.example.com/').toAllowOrigin(DENIED, { dispatcher: agent }))
    expect(asked).toEqual(['GET'])
  })
})
