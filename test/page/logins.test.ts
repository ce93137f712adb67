/** What a page makes of `WWW-Authenticate`: known logins, the login dialog, statuses after which the same is sent again. */

import { CorsUsageError, isLoginPromptError, openPage, type PageOptions } from 'expect-cors'
import { describe, expect, onTestFinished, test } from 'vitest'

const app = 'https://app.example.com'
const api = 'https://api.example.com'
const cors = { 'Access-Control-Allow-Origin': app, 'Access-Control-Allow-Credentials': 'true' }

/** A server that wants a login, and what it was asked. */
function guarded(scheme = 'Basic realm="orders"') {
  const seen: [method: string, path: string, authorization: string | null][] = []
  return {
    seen,
    fetch: (request: Request) => {
      const { pathname } = new URL(request.url)
      const authorization = request.headers.get('authorization')
      seen.push([request.method, pathname, authorization])
      if (request.method === 'OPTIONS')
        return new Response(null, {
          status: 204,
          headers: { ...cors, 'Access-Control-Allow-Methods': 'PUT' },
        })
      return authorization === 'Basic bWU6c2VjcmV0'
        ? new Response('hello', { headers: cors })
        : new Response('who?', { status: 401, headers: { ...cors, 'WWW-Authenticate': scheme } })
    },
  }
}

function open(options: PageOptions, location = `${app}/orders`) {
  const page = openPage(location, options)
  onTestFinished(() => page.close())
  return page
}

const logins = { [api]: { username: 'me', password: 'secret' } }
const include = { credentials: 'include' } as const

describe('the login dialog', () => {
  test.each(['chromium', 'firefox'] as const)('is told in %s, as no browser would', async (engine) => {
    const page = open({ engine, servers: { [api]: guarded() } })
    const error = await page.fetch(`${api}/a`, include).catch((reason: unknown) => reason)
    expect(isLoginPromptError(error)).toBe(true)
    expect(String(error)).toMatch(
      /asks the user for a name and a password for .*api\.example\.com.*orders.*logins/,
    )
    expect(page.blocked).toEqual([])
    const { verdict } = await page.inspect(`${api}/a`, include)
    expect(verdict).toMatchObject({ outcome: 'prompt', prompt: { realm: 'orders' } })
    expect(() => expect({ verdict, exchanges: [] }).toAllowCorsRequest()).toThrow(CorsUsageError)
    expect(() => expect({ verdict, exchanges: [] }).not.toAllowCorsRequest()).toThrow(CorsUsageError)
  })

  test.each(['chromium', 'firefox', 'webkit'] as const)(
    'is not there without credentials, for a preflight or another scheme, in %s',
    async (engine) => {
      const page = open({ engine, servers: { [api]: guarded() } })
      expect((await page.fetch(`${api}/a`)).status).toBe(401)
      const bearer = open({ engine, servers: { [api]: guarded('Bearer realm="orders"') } })
      expect((await bearer.fetch(`${api}/a`, include)).status).toBe(401)
      const gate = {
        fetch: () => new Response('', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } }),
      }
      const refused = await open({ engine, servers: { [api]: gate } }).inspect(`${api}/a`, {
        method: 'PUT',
        ...include,
      })
      expect(refused.verdict.outcome).toBe('blocked')
    },
  )

  test('is for the page\u2019s own origin alone in WebKit', async () => {
    const page = open({ engine: 'webkit', servers: { [api]: guarded(), [app]: guarded() } })
    expect((await page.fetch(`${api}/a`, include)).status).toBe(401)
    await expect(page.fetch('/a')).rejects.toThrow(/WebKit asks the user/)
  })

  test('ends an XMLHttpRequest with an error that says so', async () => {
    const xhr = new (open({ engine: 'chromium', servers: { [api]: guarded() } }).XMLHttpRequest)()
    const cause = await new Promise((resolve) => {
      xhr.open('GET', `${api}/a`)
      xhr.withCredentials = true
      xhr.onerror = (event) => resolve((event as { cause?: unknown }).cause)
      xhr.send()
    })
    expect(isLoginPromptError(cause)).toBe(true)
  })

  const other = 'https://api.example.net'
  test.each([
    ['chromium', 'image', { [other]: 'error', [api]: 'asked', [app]: 'asked' }],
    ['firefox', 'image', { [other]: 'error', [api]: 'error', [app]: 'asked' }],
    ['webkit', 'image', { [other]: 'error', [api]: 'error', [app]: 'asked' }],
    ['standard', 'image', { [other]: 'asked', [api]: 'asked', [app]: 'asked' }],
    ['chromium', 'script', { [other]: 'asked', [api]: 'asked', [app]: 'asked' }],
    ['firefox', 'video', { [other]: 'asked', [api]: 'asked', [app]: 'asked' }],
    ['webkit', 'style', { [other]: 'error', [api]: 'error', [app]: 'asked' }],
    ['webkit', 'iframe', { [other]: 'asked', [api]: 'asked', [app]: 'asked' }],
  ] as const)('in %s: is for whose %s', async (engine, as, expected) => {
    const server = guarded()
    const page = open({ engine, servers: { [app]: server, [api]: server, [other]: server } })
    const outcomeOf = (origin: string) =>
      page.load(`${origin}/logo`, { as }).then(
        ({ event }) => event,
        (error: unknown) => (isLoginPromptError(error) ? 'asked' : error),
      )
    const outcomes = await Promise.all(
      Object.keys(expected).map(async (origin) => [origin, await outcomeOf(origin)]),
    )
    expect(Object.fromEntries(outcomes)).toEqual(expected)
  })

  test.each([
    ['chromium', false],
    ['firefox', true],
    ['webkit', true],
  ] as const)('ends an EventSource in %s: said to be a login that is wanted: %s', async (engine, isAsked) => {
    const page = open({ engine, servers: { [app]: guarded() } })
    const stream = new page.EventSource('/stream')
    const event = await new Promise<Event>((resolve) => {
      stream.onerror = resolve
    })
    expect(stream.readyState).toBe(2)
    expect(isLoginPromptError((event as Event & { cause?: unknown }).cause)).toBe(isAsked)
    expect(page.blocked.map(({ verdict }) => verdict.hop.status)).toEqual(isAsked ? [] : [401])
  })
})

describe('known logins', () => {
  test('go ahead of any challenge, with credentials, and not with preflights', async () => {
    const server = guarded()
    const page = open({ engine: 'chromium', logins, servers: { [api]: server } })
    expect(await (await page.fetch(`${api}/a`, { method: 'PUT', ...include })).text()).toBe('hello')
    expect((await page.fetch(`${api}/b`)).status).toBe(401)
    expect(server.seen).toEqual([
      ['OPTIONS', '/a', null],
      ['PUT', '/a', 'Basic bWU6c2VjcmV0'],
      ['GET', '/b', null],
    ])
  })

  test('stay with their own site in Firefox', async () => {
    const page = open({ engine: 'firefox', logins, servers: { [api]: guarded() } })
    expect((await page.fetch(`${api}/a`, include)).status).toBe(200)
    const stranger = open(
      { engine: 'firefox', logins, servers: { [api]: guarded() } },
      'https://other.example',
    )
    await expect(stranger.fetch(`${api}/a`, include)).rejects.toThrow(/of that site alone/)
  })

  test('of a page\u2019s URL are known at and below its folder, to the next page as well', async () => {
    const server = guarded()
    const page = open(
      { engine: 'chromium', servers: { [api]: server } },
      'https://me:secret@api.example.com/v1/home',
    )
    expect((await page.fetch(`${api}/v1/orders/1`)).status).toBe(200)
    expect(server.seen).toEqual([['GET', '/v1/orders/1', 'Basic bWU6c2VjcmV0']])
    expect((await page.fetch(`${api}/other`)).status).toBe(200)
    expect(server.seen.slice(1)).toEqual([
      ['GET', '/other', null],
      ['GET', '/other', 'Basic bWU6c2VjcmV0'],
    ])
    const next = page.navigate(`${app}/`)
    expect((await next.fetch(`${api}/v1/x`, include)).status).toBe(200)
  })

  test('are those that an XMLHttpRequest gave', async () => {
    const server = guarded()
    const page = open({ engine: 'chromium', servers: { [app]: server } })
    const status = await new Promise((resolve) => {
      const xhr = new page.XMLHttpRequest()
      xhr.open('GET', '/a', true, 'me', 'secret')
      xhr.onload = () => resolve(xhr.status)
      xhr.send()
    })
    expect(status).toBe(200)
    expect((await page.fetch('/b')).status).toBe(200)
    expect(server.seen.map(([, path, authorization]) => [path, authorization !== null])).toEqual([
      ['/a', false],
      ['/a', true],
      ['/b', true],
    ])
  })

  test('may have any characters, percent signs too', async () => {
    const seen: (string | null)[] = []
    const server = ({ headers }: Request) => {
      seen.push(headers.get('authorization'))
      return seen.at(-1) === null
        ? new Response('', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="a"' } })
        : new Response('')
    }
    const page = open({ engine: 'chromium', servers: { [api]: server } }, 'https://me:100%@api.example.com/')
    await page.fetch(`${api}/a`)
    const next = open({ engine: 'chromium', servers: { [app]: server } })
    await new Promise((resolve) => {
      const xhr = new next.XMLHttpRequest()
      xhr.open('GET', '/a', true, 'mé', 'a%zz%25:€')
      xhr.onloadend = resolve
      xhr.send()
    })
    const sent = seen.map((each) => each && Buffer.from(each.slice(6), 'base64').toString())
    expect(sent).toEqual(['me:100%', null, 'mé:a%zz%:€'])
  })

  test.each([
    ['chromium', 'error', 0],
    ['firefox', 'load', 2],
    ['webkit', 'load', 2],
  ] as const)('in the URL of an image, in %s', async (engine, event, requests) => {
    const server = guarded()
    const page = open({ engine, servers: { [api]: server } })
    const load = await page.load('https://me:secret@api.example.com/logo', { as: 'image' })
    expect([load.event, server.seen.length]).toEqual([event, requests])
  })

  test('must be by origin', () => {
    expect(() =>
      openPage(app, { logins: { 'https://api.example.com/': { username: 'a', password: 'b' } } }),
    ).toThrow(/logins must map origins/)
    expect(() => openPage(app, { logins: { [api]: 'a:b' } as never })).toThrow(/logins must map origins/)
    expect(() => openPage(app, { logins: new Map([[api, 'a:b']]) as never })).toThrow(
      /logins must map origins/,
    )
    expect(() => openPage(app, { servers: new Map([[api, guarded()]]) as never })).toThrow(/servers must map/)
  })
})

describe('a request is sent again', () => {
  test.each([
    ['chromium', 421, 2],
    ['firefox', 421, 2],
    ['webkit', 421, 2],
    ['chromium', 408, 2],
    ['firefox', 408, 1],
    ['webkit', 408, 1],
    ['chromium', 503, 1],
  ] as const)('in %s after a %i: sent %i times', async (engine, status, times) => {
    let asked = 0
    const server = { fetch: () => new Response('x', { status: ++asked === 1 ? status : 200, headers: cors }) }
    const page = open({ engine, servers: { [api]: server } })
    expect((await page.fetch(api, { method: 'POST', body: 'x' })).status).toBe(times === 2 ? 200 : status)
    expect(asked).toBe(times)
  })

  test('once', async () => {
    let asked = 0
    const server = { fetch: () => new Response(String(++asked), { status: 421, headers: cors }) }
    const { verdict, exchanges } = await open({ servers: { [api]: server } }).inspect(api)
    expect([verdict.hop.status, exchanges.length, asked]).toEqual([421, 2, 2])
  })
})
