/** Cookies: which are sent and which are kept. */
import { CookieJar } from 'tough-cookie'
import { describe, expect, test } from 'vitest'
import { allowAll, api, app, open, recorder } from './helpers.js'

function opened(engine: 'chromium' | 'firefox' | 'webkit', cookies?: CookieJar) {
  const setting = (...lines: string[]) =>
    recorder((seen, response) => {
      response
        .writeHead(200, { ...allowAll(seen), ...(seen.url === '/login' ? { 'Set-Cookie': lines } : {}) })
        .end()
    })
  const all = ['plain=1', 'lax=1; SameSite=Lax', 'strict=1; SameSite=Strict', 'none=1; SameSite=None; Secure']
  const own = setting(
    ...all,
    'insecure=1; SameSite=None',
    '__Host-ok=1; Secure; Path=/',
    '__Host-bad=1; Path=/',
  )
  const other = setting(...all)
  const page = open(app, {
    engine,
    cookies,
    servers: { [app]: { listener: own }, [api]: { listener: own }, 'https://other.net': { listener: other } },
  })
  const sent = async (url: string, credentials: 'omit' | 'same-origin' | 'include' = 'include') => {
    const { exchanges } = await page.inspect(url, { credentials })
    const cookie = exchanges.at(-1)?.request.headers.find(([name]) => name === 'Cookie')?.[1] ?? ''
    return cookie
      .split('; ')
      .map((pair) => pair.split('=')[0])
      .sort()
      .join(' ')
  }
  return { page, sent }
}

test.each(['chromium', 'firefox', 'webkit'] as const)(
  'first party in %s: all but the refused',
  async (engine) => {
    const { page, sent } = opened(engine)
    expect(await sent('/')).toBe('')
    await page.fetch('/login')
    expect(await sent('/')).toBe('__Host-ok lax none plain strict')
    expect(await sent('/', 'omit')).toBe('')
    expect(await sent('/', 'same-origin')).toBe('__Host-ok lax none plain strict')
    const kept = await page.cookies.getCookies(app)
    expect(kept.map(({ key }) => key).sort()).toEqual(['__Host-ok', 'lax', 'none', 'plain', 'strict'])
  },
)

test.each([
  ['chromium', 'a4096 none'],
  ['firefox', 'a4096 none'],
  ['webkit', 'a4096 a4097 insecure none'],
] as const)('too large, and partitioned without Secure, in %s', async (engine, kept) => {
  const lines = [4096, 4097].map((size) => `a${size}=${'x'.repeat(size - 5)}; Path=/; HttpOnly`)
  lines.push('none=1; SameSite=None; Secure; Partitioned', 'insecure=1; partitioned')
  const server = recorder((_seen, response) => {
    response.writeHead(200, { 'Set-Cookie': lines }).end()
  })
  const page = open(app, { engine, servers: { [app]: { listener: server } } })
  await page.fetch('/')
  const cookies = await page.cookies.getCookies(app)
  expect(
    cookies
      .map(({ key }) => key)
      .sort()
      .join(' '),
  ).toBe(kept)
})

test('another origin of the same site: only with credentials', async () => {
  const { page, sent } = opened('chromium')
  await page.fetch(`${api}/login`)
  expect(await sent(`${api}/`)).toBe('')
  await page.fetch(`${api}/login`, { credentials: 'include' })
  expect(await sent(`${api}/`, 'same-origin')).toBe('')
  expect(await sent(`${api}/`)).toBe('__Host-ok lax none plain strict')
})

describe('another site', () => {
  test.each([
    ['chromium', 'none'],
    ['firefox', 'none plain'],
    ['webkit', ''],
  ] as const)('%s keeps and sends %j', async (engine, expected) => {
    const { page, sent } = opened(engine)
    await page.fetch('https://other.net/login', { credentials: 'include' })
    expect(await sent('https://other.net/')).toBe(expected)
  })

  test.each([
    ['chromium', 'none'],
    ['firefox', ''],
    ['webkit', ''],
  ] as const)('%s sends %j of the cookies that the site has as a first party', async (engine, expected) => {
    const jar = new CookieJar()
    for (const cookie of ['plain=1', 'lax=1; SameSite=Lax', 'none=1; SameSite=None; Secure'])
      await jar.setCookie(cookie, 'https://other.net/')
    const { page, sent } = opened(engine, jar)
    expect(page.cookies).toBe(jar)
    expect(await sent('https://other.net/')).toBe(expected)
  })
})

test('a sandboxed frame is no first party', async () => {
  const listener = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end())
  const page = open(
    { url: app, context: 'sandboxed-iframe' },
    { engine: 'chromium', servers: { [app]: { listener } } },
  )
  await page.cookies.setCookie('lax=1; SameSite=Lax', app)
  await page.cookies.setCookie('none=1; SameSite=None; Secure', app)
  await page.fetch('/', { credentials: 'include' })
  expect(listener.seen[0]?.headers.cookie).toBe('none=1')
})

test('the cookies of a preflight\u2019s answer, and of one without credentials, are not kept', async () => {
  const listener = recorder((seen, response) => {
    response
      .writeHead(200, { ...allowAll(seen), 'Set-Cookie': `${seen.method}=1; SameSite=None; Secure` })
      .end()
  })
  const page = open(app, { servers: { [api]: { listener } } })
  await page.fetch(api, { method: 'PUT' })
  expect(await page.cookies.getCookies(api)).toEqual([])
  await page.fetch(api, { method: 'PUT', credentials: 'include' })
  expect((await page.cookies.getCookies(api)).map(({ key }) => key)).toEqual(['PUT'])
})
