/** Pages of one browser: what `navigate` and `frame` share, and what ends with which. */
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { openPage, type Page } from '../../src/page/open-page.js'

/** Sets a cookie where asked to, and says which it got, who asked, and how often preflights came. */
function echo(): { servers: Record<string, unknown>; preflights: () => number } {
  let preflights = 0
  const app = createServer((request, response) => {
    if (request.method === 'OPTIONS') preflights++
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*')
    response.setHeader('Access-Control-Allow-Credentials', 'true')
    response.setHeader('Access-Control-Allow-Headers', 'x-a')
    response.setHeader('Access-Control-Max-Age', '600')
    if (request.url === '/set')
      response.setHeader('Set-Cookie', ['strict=1; SameSite=Strict; Secure', 'none=1; SameSite=None; Secure'])
    if (request.url === '/never') return
    response.end(
      JSON.stringify({ cookie: request.headers.cookie ?? null, site: request.headers['sec-fetch-site'] }),
    )
  })
  const origins = ['https://app.example.com', 'https://api.example.net', 'https://widget.example.org']
  return { servers: Object.fromEntries(origins.map((origin) => [origin, app])), preflights: () => preflights }
}

const json = async (page: Page, url: string, init: object = {}): Promise<unknown> =>
  (await page.fetch(url, init as never)).json()

test('the next document has the cookies of the last, and its own origin', async () => {
  const { servers } = echo()
  const page = openPage('https://app.example.com/orders', { engine: 'chromium', servers })
  await page.fetch('/set')
  const next = page.navigate('/other')
  expect(next.url).toBe('https://app.example.com/other')
  expect(next.cookies).toBe(page.cookies)
  expect(await json(next, '/')).toEqual({ cookie: 'strict=1; none=1', site: 'same-origin' })
  const api = next.navigate('https://api.example.net')
  expect(api.origin).toBe('https://api.example.net')
  expect(await json(api, 'https://app.example.com/', { credentials: 'include' })).toEqual({
    cookie: 'none=1',
    site: 'cross-site',
  })
  await api.close()
})

test('the preflight cache is shared', async () => {
  const { servers, preflights } = echo()
  const page = openPage('https://app.example.com', { engine: 'chromium', servers })
  const init = { headers: { 'X-A': '1' } }
  await page.fetch('https://api.example.net/', init)
  await page.navigate('https://app.example.com/next').fetch('https://api.example.net/', init)
  expect(preflights()).toBe(1)
})

test('a page that is left ends what is under way, and opens nothing more', async () => {
  const { servers } = echo()
  const page = openPage('https://app.example.com', { servers })
  const pending = page.fetch('/never')
  const frame = page.frame('https://widget.example.org')
  const framed = frame.fetch('https://app.example.com/never')
  const next = page.navigate('https://app.example.com/next')
  await expect(pending).rejects.toThrow('the page was closed')
  await expect(framed).rejects.toThrow('the page was closed')
  expect(() => page.frame('about:srcdoc')).toThrow('page.frame(): the page was closed')
  expect(() => page.navigate('/')).toThrow('page.navigate(): the page was closed')
  expect(() => frame.frame('about:srcdoc')).toThrow('page.frame(): the page was closed')
  expect((await next.fetch('/')).status).toBe(200)
  await next.close()
})

test('closing a frame leaves its page, closing any page closes its browser', async () => {
  const { servers } = echo()
  const page = openPage('https://app.example.com', { servers })
  const frame = page.frame('https://widget.example.org')
  await frame.close()
  expect((await page.fetch('/')).status).toBe(200)
  const next = page.navigate('/next')
  await page.close()
  await expect(next.fetch('/')).rejects.toThrow('the page was closed')
})

test('globals of a page that is left are taken back', () => {
  const target = { fetch: () => 'own' }
  const page = openPage('https://app.example.com', { servers: {} })
  page.install(target)
  page.navigate('/next')
  expect(target.fetch()).toBe('own')
})

test.each([
  // Chromium sends what is SameSite=None; Firefox has a jar of its own for each top-level site.
  ['chromium', 'none=1'],
  ['firefox', null],
  ['webkit', null],
] as const)(
  '%s: a cross-site frame has no Strict cookies, even for its own server',
  async (engine, cookie) => {
    const { servers } = echo()
    const page = openPage('https://widget.example.org', { engine, servers })
    await page.fetch('/set')
    const frame = page.navigate('https://app.example.com').frame('https://widget.example.org/frame')
    expect(frame.origin).toBe('https://widget.example.org')
    expect(await json(frame, '/')).toEqual({ cookie, site: 'same-origin' })
    await frame.close()
  },
)

test("firefox: what a cross-site frame is given stays under its page's site", async () => {
  const { servers } = echo()
  const page = openPage('https://app.example.com', { engine: 'firefox', servers })
  const frame = page.frame('https://widget.example.org')
  await frame.fetch('/set')
  expect(await json(frame, '/')).toMatchObject({ cookie: 'none=1' })
  const elsewhere = page.navigate('https://api.example.net')
  expect(await json(elsewhere.frame('https://widget.example.org'), '/')).toMatchObject({ cookie: null })
  await elsewhere.close()
})

test('frames and workers of what the page made itself', () => {
  const page = openPage('https://app.example.com/a/b', { servers: {} })
  const origins = (url: string, context?: 'worker' | 'sandboxed-iframe'): string =>
    page.frame({ url, context }).origin
  expect(origins('about:srcdoc')).toBe('https://app.example.com')
  expect(origins('about:srcdoc', 'sandboxed-iframe')).toBe('null')
  expect(origins('blob:https://app.example.com/1')).toBe('https://app.example.com')
  expect(origins('blob:https://app.example.com/1', 'worker')).toBe('https://app.example.com')
  expect(origins('data:text/html,x')).toBe('null')
  expect(origins('worker.js', 'worker')).toBe('https://app.example.com')
  expect(page.frame('worker.js', { context: 'worker' }).origin).toBe('https://app.example.com')
  expect(page.frame('/', { context: 'sandboxed-iframe' }).origin).toBe('null')
  expect(page.frame('c').url).toBe('https://app.example.com/a/c')
})

test('a frame navigates within its page', async () => {
  const { servers } = echo()
  const page = openPage('https://app.example.com', { engine: 'chromium', servers })
  await page.fetch('/set')
  const frame = page.frame('https://widget.example.org')
  const next = frame.navigate('/next')
  expect(next.url).toBe('https://widget.example.org/next')
  await expect(frame.fetch('/')).rejects.toThrow('the page was closed')
  const home = next.navigate('https://api.example.net')
  // Its page is of another site, so that it stays cross-site.
  expect(await json(home, 'https://app.example.com/', { credentials: 'include' })).toMatchObject({
    cookie: 'none=1',
  })
  expect((await page.fetch('/')).status).toBe(200)
  await page.close()
  await expect(home.fetch('/')).rejects.toThrow('the page was closed')
})

test('a worker is of its page\u2019s origin, and does not navigate', () => {
  const page = openPage('https://app.example.com', { servers: {} })
  const worker = { context: 'worker' } as const
  expect(() => page.frame('https://widget.example.org/w.js?token=abc', worker)).toThrow(
    "browsers make workers of their page's own origin alone, 'https://app.example.com'; got 'https://widget.example.org/w.js?token=[redacted]'",
  )
  const frame = page.frame('https://widget.example.org')
  expect(frame.frame('https://widget.example.org/w.js', worker).origin).toBe('https://widget.example.org')
  expect(() => page.frame('w.js', worker).navigate('/')).toThrow(
    'page.navigate(): a worker does not navigate',
  )
})

test.each(['about:blank', 'javascript:1', 'mailto:a@b.example'])('%s is nowhere', (url) => {
  const page = openPage('https://app.example.com', { servers: {} })
  expect(() => openPage(url)).toThrow("openPage() takes the page's absolute URL or its origin")
  expect(() => page.frame(url)).toThrow("page.frame() takes the page's absolute URL")
  expect(() => page.navigate(url)).toThrow("page.navigate() takes the page's absolute URL")
})

test('what is not a location or an option is said by the name of the call', () => {
  const page = openPage('https://app.example.com', { servers: {} })
  expect(() => page.frame({ url: '/', context: 'popup' as never })).toThrow('page.frame(): context must be')
  expect(() => page.frame('http://')).toThrow("page.frame() takes the page's absolute URL")
  expect(() => page.navigate('/', { engine: 'firefox' } as never)).toThrow('page.navigate()')
  expect(() => page.navigate('/', { timeout: -1 })).toThrow('page.navigate()')
})
