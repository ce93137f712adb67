/** `page.fetch`: modes, credentials, redirects, what is filtered, what is blocked. */
import { isCorsError, isCorsUsageError, type Profile, profiles } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { allowAll, api, app, open, recorder, type Seen } from './helpers.js'

const PNA = { 'Access-Control-Allow-Origin': '*' }

describe('what comes back', () => {
  test('a response without permission is a TypeError whose cause says why', async () => {
    const page = open(app, { engine: 'chromium', servers: { [api]: () => new Response('secret') } })
    const error = await page.fetch(api).catch((reason: Error) => reason as Error)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: 'Failed to fetch' })
    const { cause } = error as Error
    if (!isCorsError(cause)) throw new Error('no CorsError')
    expect(cause.message).toMatch(/no Access-Control-Allow-Origin/)
    expect(cause.verdict).toMatchObject({ outcome: 'blocked', code: 'missing-allow-origin' })
    expect(cause.journey.exchanges).toHaveLength(1)
  })

  test.each([
    ['chromium', 'Failed to fetch'],
    ['firefox', 'NetworkError when attempting to fetch resource.'],
    ['webkit', 'Load failed'],
    ['standard', 'Failed to fetch'],
  ] as const)('the error is that of %s', async (engine, message) => {
    const page = open(app, { engine, servers: { [api]: () => new Response('secret') } })
    await expect(page.fetch(api)).rejects.toThrow(message)
  })

  test('filtered headers: cors and basic', async () => {
    const headers = {
      ...PNA,
      'X-One': '1',
      'X-Two': '2',
      'Set-Cookie': 'a=1',
      'Access-Control-Expose-Headers': 'X-Two',
    }
    const server = () => new Response('body', { headers })
    const page = open(app, { servers: { [api]: server, [app]: server } })
    const cors = await page.fetch(api)
    expect([...cors.headers]).toEqual([
      ['content-type', 'text/plain;charset=UTF-8'],
      ['x-two', '2'],
    ])
    const basic = await page.fetch('/')
    expect(basic.type).toBe('basic')
    expect(basic.headers.get('X-One')).toBe('1')
    expect(basic.headers.has('set-cookie')).toBe(false)
  })

  test('no-cors gives an opaque response, and sends no header that is not safelisted', async () => {
    const server = recorder((_seen, response) => response.writeHead(200, { 'X-One': '1' }).end('secret'))
    const page = open(app, { servers: { [api]: { listener: server } } })
    const response = await page.fetch(api, {
      mode: 'no-cors',
      headers: { 'X-Token': '1', 'Accept-Language': 'de' },
    })
    expect(response).toMatchObject({
      type: 'opaque',
      status: 0,
      statusText: '',
      ok: false,
      url: '',
      redirected: false,
      body: null,
    })
    expect([...response.headers]).toEqual([])
    expect(await response.text()).toBe('')
    expect(server.seen[0]?.headers['x-token']).toBeUndefined()
    expect(server.seen[0]?.headers['accept-language']).toBe('de')
    expect(server.seen[0]?.headers.origin).toBeUndefined()
    await expect(page.fetch(api, { mode: 'no-cors', method: 'PUT' })).rejects.toThrow(/no-cors/)
  })

  test('same-origin refuses other origins, without asking them', async () => {
    const server = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end())
    const page = open(app, { servers: { [api]: { listener: server } } })
    const journey = await page.inspect(api, { mode: 'same-origin' })
    expect(journey.verdict).toMatchObject({
      outcome: 'blocked',
      code: 'same-origin-mode',
      blockedAt: 'request',
    })
    expect(journey.exchanges).toEqual([])
    expect(journey.response).toBeUndefined()
    expect(server.seen).toEqual([])
  })

  test.each([null, undefined, 5])('what is not a URL is its text, as in a browser: %s', async (input) => {
    const page = open(app, {
      servers: { [app]: (request: Request) => new Response(new URL(request.url).pathname) },
    })
    expect(await (await page.fetch(input as never)).text()).toBe(`/${input}`)
    expect((await page.inspect(input as never)).verdict.url).toBe(`${app}/${input}`)
    const restore = page.install()
    expect(await (await fetch(input as never)).text()).toBe(`/${input}`)
    restore()
  })

  test.each(['keepalive', 'method', 'signal', 'body'])('%s that cannot be read rejects', async (name) => {
    const page = open(app, { servers: { [app]: () => new Response('') } })
    const init = Object.defineProperty({}, name, {
      enumerable: true,
      get() {
        throw new Error('mine')
      },
    })
    await expect(page.fetch('/', init)).rejects.toThrow('mine')
    await expect(page.inspect('/', init)).rejects.toThrow('mine')
    const restore = page.install()
    await expect(fetch('/', init)).rejects.toThrow('mine')
    restore()
  })

  test('data: URLs need no server', async () => {
    const page = open(app)
    const response = await page.fetch('data:text/html;base64,PGI+')
    expect([
      response.type,
      response.status,
      response.headers.get('content-type'),
      await response.text(),
    ]).toEqual(['basic', 200, 'text/html', '<b>'])
    expect(await (await page.fetch('data:,h%C3%A9%20%zz')).text()).toBe('h\u00e9 %zz')
  })

  test.each([
    ['chromium', null],
    ['webkit', 'x'],
  ] as const)('a 205 in %s', async (engine, body) => {
    const listener = recorder((seen, response) => response.writeHead(205, allowAll(seen)).end('x'))
    const page = open(app, { servers: { [api]: { listener } }, engine })
    const response = await page.fetch(api)
    expect(response.body === null ? null : await response.text()).toBe(body)
  })

  test('an answer to HEAD, a 204 and a 304 have no body', async () => {
    const server = recorder((seen, response) => {
      response.writeHead(seen.url === '/304' ? 304 : seen.url === '/204' ? 204 : 200, allowAll(seen)).end('x')
    })
    const page = open(app, { servers: { [api]: { listener: server } } })
    for (const [path, method] of [
      ['/204', 'GET'],
      ['/304', 'GET'],
      ['/', 'HEAD'],
    ] as const) {
      const response = await page.fetch(api + path, { method })
      expect([response.body, await response.text()]).toEqual([null, ''])
    }
  })
})

describe('preflights', () => {
  test('are sent before, cached, and forgotten when their time is over', async () => {
    let now = 0
    const server = recorder((seen, response) => {
      response.writeHead(200, { ...allowAll(seen), 'Access-Control-Max-Age': '60' }).end('{}')
    })
    const page = open(app, { servers: { [api]: { listener: server } }, now: () => now })
    const put = () => page.fetch(`${api}/1`, { method: 'PUT', headers: { 'X-A': '1' } })
    const methods = () => server.seen.splice(0).map(({ method }) => method)
    await put()
    expect(server.seen[0]).toMatchObject({
      method: 'OPTIONS',
      headers: {
        origin: app,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-a',
        'sec-fetch-mode': 'cors',
        referer: `${app}/`,
      },
    })
    expect(methods()).toEqual(['OPTIONS', 'PUT'])
    await put()
    expect(methods()).toEqual(['PUT'])
    await page.fetch(`${api}/2`, { method: 'PUT' })
    expect(methods()).toEqual(['OPTIONS', 'PUT'])
    await page.fetch(`${api}/1`, { method: 'PUT', credentials: 'include' })
    expect(methods()).toEqual(['OPTIONS', 'PUT'])
    now = 61_000
    await put()
    expect(methods()).toEqual(['OPTIONS', 'PUT'])
  })

  test('carry no cookies; what they refuse is never sent', async () => {
    const server = recorder((_seen, response) => response.writeHead(204, PNA).end())
    const page = open(app, { servers: { [api]: { listener: server } } })
    await page.cookies.setCookie('a=1; SameSite=None; Secure', api)
    const { verdict, exchanges } = await page.inspect(api, { method: 'DELETE', credentials: 'include' })
    expect(verdict).toMatchObject({ outcome: 'blocked', blockedAt: 'preflight' })
    expect(exchanges.map(({ kind }) => kind)).toEqual(['preflight'])
    expect(server.seen.map(({ method, headers }) => [method, headers.cookie])).toEqual([
      ['OPTIONS', undefined],
    ])
  })
})

describe('redirects', () => {
  const to = (location: string, status = 302) =>
    recorder((seen, response) => response.writeHead(status, { ...allowAll(seen), Location: location }).end())
  const end = () => recorder((seen, response) => response.writeHead(200, allowAll(seen)).end('end'))

  test('are followed: url, redirected, a null origin and no Authorization after two origins', async () => {
    const last = end()
    const first = recorder((seen, response) => {
      const status = seen.method === 'OPTIONS' ? 204 : 307
      response.writeHead(status, { ...allowAll(seen), Location: 'https://other.example/end' }).end()
    })
    const page = open(app, {
      servers: {
        [api]: { listener: first },
        'https://other.example': { listener: last },
      },
    })
    const response = await page.fetch(`${api}/start`, { headers: { Authorization: 'Bearer secret' } })
    expect(response).toMatchObject({ redirected: true, url: 'https://other.example/end', status: 200 })
    expect(last.seen.at(-1)?.headers.origin).toBe('null')
    expect(last.seen.at(-1)?.headers.authorization).toBeUndefined()
  })

  test('303 makes a GET of a POST, 307 sends the body again', async () => {
    const last = end()
    const page = open(app, {
      servers: {
        'https://a.example': { listener: to('https://c.example/', 303) },
        'https://b.example': { listener: to('https://c.example/', 307) },
        'https://c.example': { listener: last },
      },
    })
    await page.fetch('https://a.example', { method: 'POST', body: 'x' })
    await page.fetch('https://b.example', { method: 'POST', body: 'x' })
    expect(last.seen.map(({ method, body }) => [method, body])).toEqual([
      ['GET', ''],
      ['POST', 'x'],
    ])
    expect(last.seen[0]?.headers['content-type']).toBeUndefined()
  })

  test('redirect: manual and error', async () => {
    const page = open(app, { servers: { [app]: { listener: to('/end') } } })
    expect(await page.fetch('/start', { redirect: 'manual' })).toMatchObject({
      type: 'opaqueredirect',
      status: 0,
      url: `${app}/start`,
    })
    await expect(page.fetch('/start', { redirect: 'error' })).rejects.toThrow(TypeError)
  })

  test('twenty are followed, not twenty-one', async () => {
    const counting = (limit: number) =>
      recorder((seen, response) => {
        const n = Number(seen.url.slice(1))
        if (n === limit) response.writeHead(200, allowAll(seen)).end('end')
        else response.writeHead(302, { ...allowAll(seen), Location: `/${n + 1}` }).end()
      })
    const page = open(app, {
      servers: { [api]: { listener: counting(20) }, 'https://more.example': { listener: counting(21) } },
    })
    expect(await (await page.fetch(`${api}/0`)).text()).toBe('end')
    const { verdict, exchanges } = await page.inspect('https://more.example/0')
    expect(verdict).toMatchObject({ outcome: 'blocked', code: 'too-many-redirects' })
    expect(exchanges).toHaveLength(21)
  })
})

describe('what the server sees', () => {
  async function seenBy(url: string, init = {}, from = `${app}/shop?q=1#top`): Promise<Seen | undefined> {
    const server = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end())
    const page = open(from, { servers: { [new URL(url).origin]: { listener: server } }, engine: 'chromium' })
    await page.fetch(url, init)
    return server.seen.at(-1)
  }

  test('where the request comes from', async () => {
    expect((await seenBy(`${app}/x`))?.headers).toMatchObject({
      referer: `${app}/shop?q=1`,
      'sec-fetch-site': 'same-origin',
    })
    expect((await seenBy(`${api}/x`))?.headers).toMatchObject({
      referer: `${app}/`,
      'sec-fetch-site': 'same-site',
      origin: app,
    })
    expect((await seenBy('https://other.example/x', { mode: 'no-cors' }))?.headers).toMatchObject({
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
    })
  })

  test.each(Object.keys(profiles) as Profile[])(
    'no referrer of a page that is nowhere, in %s',
    async (engine) => {
      for (const location of ['null', { url: 'file:///home/me/a.html' }] as const) {
        const server = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end())
        const page = open(location, { servers: { [api]: { listener: server } }, engine })
        await page.fetch(api, { method: 'PUT' })
        await new Promise((resolve) => new page.EventSource(api).addEventListener('error', resolve))
        expect(server.seen.map(({ method, headers }) => [method, headers.referer])).toEqual([
          ['OPTIONS', undefined],
          ['PUT', undefined],
          ['GET', undefined],
        ])
      }
    },
  )

  test.each([
    ['chromium', undefined],
    ['firefox', undefined],
    ['webkit', `${app}/`],
  ] as const)('the referrer of a sandboxed frame, in %s', async (engine, referer) => {
    const server = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end())
    const location = { url: `${app}/frame`, context: 'sandboxed-iframe' } as const
    const page = open(location, { servers: { [api]: { listener: server } }, engine })
    await page.fetch(api)
    expect(server.seen[0]?.headers.referer).toBe(referer)
  })

  test.each([
    ['chromium', /Chrome\/156/, undefined],
    ['firefox', /Firefox\/153/, 'mine'],
    ['webkit', /Version\/26/, 'mine'],
  ] as const)('who asks, and in which language, in %s', async (engine, agent, given) => {
    const server = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end())
    const page = open(app, { servers: { [api]: { listener: server } }, engine })
    await page.fetch(api, { method: 'PUT' })
    await page.fetch(api, { headers: { 'Accept-Language': 'de', 'User-Agent': 'mine' } })
    const agents = server.seen.map(({ headers }) => headers['user-agent'])
    expect(agents.slice(0, 2)).toEqual([expect.stringMatching(agent), expect.stringMatching(agent)])
    expect(agents.at(-1)).toEqual(given ?? expect.stringMatching(agent))
    expect(server.seen[0]?.headers['accept-language']).toMatch(/^en-US/)
    expect(server.seen.at(-1)?.headers['accept-language']).toBe('de')
  })

  test('no forbidden header of the script', async () => {
    const seen = await seenBy(`${app}/x`, {
      headers: {
        Cookie: 'a=1',
        Host: 'evil.example',
        Origin: 'https://evil.example',
        'Sec-X': '1',
        'X-Ok': '1',
      },
    })
    expect(seen?.headers).toMatchObject({ host: 'app.example.com', 'x-ok': '1' })
    expect(seen?.headers.cookie).toBeUndefined()
    expect(seen?.headers.origin).toBeUndefined()
    expect(seen?.headers['sec-x']).toBeUndefined()
  })
})

describe('where a page is', () => {
  const server = () => recorder((seen, response) => response.writeHead(200, allowAll(seen)).end())

  test.each(['null', { url: app, context: 'sandboxed-iframe' as const }])(
    'an opaque origin: %j',
    async (location) => {
      const listener = server()
      const page = open(location, { servers: { [api]: { listener } } })
      expect(page.origin).toBe('null')
      expect((await page.fetch(api)).type).toBe('cors')
      expect(listener.seen[0]?.headers.origin).toBe('null')
    },
  )

  test('a sandboxed frame resolves against its URL, and no origin is its own', async () => {
    const listener = server()
    const page = open(
      { url: `${app}/a/b`, context: 'sandboxed-iframe' },
      { servers: { [app]: { listener } } },
    )
    const response = await page.fetch('c')
    expect([response.type, response.url]).toEqual(['cors', `${app}/a/c`])
  })

  test('a worker, a URL with a path, an app of a custom scheme', async () => {
    expect(open({ url: `${app}/w.js`, context: 'worker' })).toMatchObject({ origin: app, url: `${app}/w.js` })
    expect(open(new URL(`${app}/x`).href).origin).toBe(app)
    expect(open('capacitor://localhost').origin).toBe('capacitor://localhost')
    expect(open('file:///index.html').origin).toBe('null')
  })

  test('mixed content is refused, whatever the app in this process says', async () => {
    const listener = server()
    const page = open(app, { servers: { 'http://api.example.com': { listener } } })
    const { verdict } = await page.inspect('http://api.example.com/')
    expect(verdict).toMatchObject({ outcome: 'blocked', code: 'mixed-content' })
    expect(listener.seen).toEqual([])
  })

  test.each(['chromium', 'firefox', 'webkit'] as const)(
    'http://localhost from https in %s',
    async (engine) => {
      const listener = server()
      const page = open(app, { engine, servers: { 'http://localhost:3000': { listener } } })
      const { verdict } = await page.inspect('http://localhost:3000/')
      expect(verdict.outcome).toBe(engine === 'webkit' ? 'blocked' : 'allowed')
    },
  )
})

describe('wrong use', () => {
  test('the script\u2019s mistakes are the engine\u2019s TypeErrors', async () => {
    const page = open(app, { engine: 'firefox' })
    await expect(page.fetch('https://user:pass@api.example.com')).rejects.toThrow(
      'Window.fetch: https://[redacted]@api.example.com/ is an url with embedded credentials.',
    )
    await expect(page.fetch(api, { method: 'TRACE' })).rejects.toThrow(/Invalid request method TRACE/)
    await expect(page.fetch(api, { body: 'x' })).rejects.toThrow(/HEAD or GET/)
    await expect(page.fetch(api, { headers: { 'a b': '1' } })).rejects.toThrow(TypeError)
    await expect(page.fetch('http://')).rejects.toThrow(/not a valid URL/)
  })

  test('a boolean for credentials is told what to write', async () => {
    const error = await open(app)
      .fetch(api, { credentials: true as never })
      .catch((reason: unknown) => reason)
    expect(isCorsUsageError(error)).toBe(true)
    expect(String(error)).toMatch(/'include'/)
  })
})
