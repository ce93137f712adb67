/** `page.load`: what each element asks with, and what it gets. */
import { type LoadOptions, openPage, type Profile } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { closing, open } from './helpers.js'

const app = 'https://app.example.com'
const cdn = 'https://cdn.example.net'

type Headers = Record<string, string>

/** A page, and a server of another origin that sends those headers. */
function opened(engine: Profile, headers: Headers = {}, status = 200) {
  const seen: Request[] = []
  const respond = (request: Request): Response => {
    seen.push(request)
    return new Response('x', { status, headers: { 'Content-Type': '', ...headers } })
  }
  const page = open(`${app}/shop`, { engine, servers: { [cdn]: respond, [app]: respond } })
  const sent = (name: string): (string | null)[] => seen.map((request) => request.headers.get(name))
  return { page, seen, sent }
}

const star = { 'Access-Control-Allow-Origin': '*' }
const credentialed = { 'Access-Control-Allow-Origin': app, 'Access-Control-Allow-Credentials': 'true' }

describe('what an element asks with', () => {
  const rows: readonly (readonly [LoadOptions, string, string, string | null])[] = [
    [{ as: 'image' }, 'no-cors', 'image', null],
    [{ as: 'image', crossorigin: null }, 'no-cors', 'image', null],
    [{ as: 'image', crossorigin: '' }, 'cors', 'image', app],
    [{ as: 'image', crossorigin: 'anonymous' }, 'cors', 'image', app],
    [{ as: 'image', crossorigin: 'whatever' }, 'cors', 'image', app],
    [{ as: 'image', crossorigin: 'USE-credentials' }, 'cors', 'image', app],
    [{ as: 'mask' }, 'cors', 'image', app],
    [{ as: 'script' }, 'no-cors', 'script', null],
    [{ as: 'module' }, 'cors', 'script', app],
    [{ as: 'style' }, 'no-cors', 'style', null],
    [{ as: 'font' }, 'cors', 'font', app],
    [{ as: 'audio' }, 'no-cors', 'audio', null],
    [{ as: 'video', crossorigin: 'anonymous' }, 'cors', 'video', app],
    [{ as: 'track', crossorigin: 'anonymous' }, 'cors', 'track', app],
    [{ as: 'iframe' }, 'navigate', 'iframe', null],
  ]

  test.each(rows)('%o', async (options, mode, destination, origin) => {
    const { page, sent } = opened('chromium', credentialed)
    await page.load(`${cdn}/a`, options)
    expect(sent('Sec-Fetch-Mode')).toEqual([mode])
    expect(sent('Sec-Fetch-Dest')).toEqual([destination])
    expect(sent('Sec-Fetch-Site')).toEqual(['cross-site'])
    expect(sent('Origin')).toEqual([origin])
    expect(sent('Referer')).toEqual([`${app}/`])
  })

  test('never a preflight, not even for the range of media', async () => {
    const { page, seen, sent } = opened('chromium', star)
    await page.load(`${cdn}/a.mp4`, { as: 'video', crossorigin: 'anonymous' })
    expect(seen.map(({ method }) => method)).toEqual(['GET'])
    expect(sent('Range')).toEqual(['bytes=0-'])
  })

  test('cookies as its mode has it', async () => {
    const { page, sent } = opened('chromium', credentialed)
    await page.cookies.setCookie('a=1; SameSite=None; Secure', cdn)
    await page.load(`${cdn}/a`, { as: 'image' })
    await page.load(`${cdn}/a`, { as: 'image', crossorigin: 'anonymous' })
    await page.load(`${cdn}/a`, { as: 'image', crossorigin: 'use-credentials' })
    await page.load(`${cdn}/a`, { as: 'font' })
    expect(sent('Cookie')).toEqual(['a=1', null, 'a=1', null])
  })

  test('cookies that a load sets are kept', async () => {
    const { page } = opened('chromium', { 'Set-Cookie': 'b=2; SameSite=None; Secure' })
    await page.load(`${cdn}/a`, { as: 'image' })
    expect(await page.cookies.getCookieString(cdn)).toBe('b=2')
  })

  test('the referrer policy it is given', async () => {
    const { page, sent } = opened('chromium')
    await page.load(`${cdn}/a`, { as: 'image', referrerPolicy: 'no-referrer' })
    expect(sent('Referer')).toEqual([null])
  })
})

describe('load or error, readable or not', () => {
  const servers = { 'no header': {}, star, credentialed }
  const table: readonly (readonly [string | null, keyof typeof servers, string, boolean])[] = [
    [null, 'no header', 'load', false],
    [null, 'star', 'load', false],
    [null, 'credentialed', 'load', false],
    ['anonymous', 'no header', 'error', false],
    ['anonymous', 'star', 'load', true],
    ['anonymous', 'credentialed', 'load', true],
    ['use-credentials', 'no header', 'error', false],
    ['use-credentials', 'star', 'error', false],
    ['use-credentials', 'credentialed', 'load', true],
  ]
  const engines = ['standard', 'chromium', 'firefox', 'webkit'] as const
  test.each(table)('crossorigin %o, %s: %s, readable %o', async (crossorigin, server, event, readable) => {
    for (const engine of engines) {
      const { page } = opened(engine, servers[server])
      const load = await page.load(`${cdn}/a`, { as: 'image', crossorigin })
      expect({ event: load.event, readable: load.readable }, engine).toEqual({ event, readable })
    }
  })

  test('a block is in the verdict and in page.blocked', async () => {
    const { page } = opened('chromium')
    const load = await page.load(`${cdn}/a.woff2`, { as: 'font' })
    expect(load.verdict).toMatchObject({ outcome: 'blocked', code: 'missing-allow-origin', as: 'font' })
    expect(load.exchanges).toHaveLength(1)
    expect(page.blocked.map(({ verdict }) => verdict)).toEqual([load.verdict])
    expect(page.blocked[0]?.message).toContain(
      `The response to GET ${cdn}/a.woff2 as a font (status 200) has no Access-Control-Allow-Origin header, so a page at ${app} may not use it`,
    )
  })

  test('fonts need no CORS in WebKit', async () => {
    const { page, sent } = opened('webkit')
    expect(await page.load(`${cdn}/a.woff2`, { as: 'font' })).toMatchObject({ event: 'load', readable: true })
    expect(sent('Origin')).toEqual([null])
  })

  test('a text track without crossorigin is refused unasked, but in WebKit', async () => {
    const { page, seen } = opened('firefox', star)
    expect(await page.load(`${cdn}/a.vtt`, { as: 'track' })).toMatchObject({
      event: 'error',
      verdict: { code: 'same-origin-mode', blockedAt: 'request' },
    })
    expect(seen).toEqual([])
    const webkit = opened('webkit')
    expect(await webkit.page.load(`${cdn}/a.vtt`, { as: 'track' })).toMatchObject({
      event: 'load',
      readable: true,
    })
  })

  test("a worker's script is of the page's own origin", async () => {
    const { page, seen } = opened('chromium', star)
    expect(await page.load(`${cdn}/w.js`, { as: 'worker' })).toMatchObject({ event: 'error' })
    expect(seen).toEqual([])
    expect(await page.load('/w.js', { as: 'worker' })).toMatchObject({ event: 'load' })
  })

  test("a frame loads whatever comes, and is readable where it is of the page's origin", async () => {
    const { page } = opened('chromium', {}, 404)
    expect(await page.load(cdn, { as: 'iframe' })).toMatchObject({
      event: 'load',
      readable: false,
      verdict: { outcome: 'opaque' },
    })
    expect(await page.load('/', { as: 'iframe' })).toMatchObject({ event: 'load', readable: true })
  })

  test('a redirect: its origin is null, and an image of its own origin may end up tainted', async () => {
    const hop = (to: string) => (): Response =>
      new Response(null, { status: 302, headers: { ...star, Location: to } })
    const origins: (string | null)[] = []
    const target = (request: Request): Response => {
      origins.push(request.headers.get('Origin'))
      return new Response('x', { headers: star })
    }
    const page = open(app, {
      engine: 'chromium',
      servers: {
        [cdn]: hop('https://other.example/b'),
        [app]: hop('https://other.example/b'),
        'https://other.example': target,
      },
    })
    expect(await page.load(`${cdn}/a`, { as: 'image', crossorigin: '' })).toMatchObject({ readable: true })
    expect(origins).toEqual(['null'])
    expect(await page.load('/a', { as: 'image' })).toMatchObject({ event: 'load', readable: false })
  })

  test.each([
    ['script', 404, '', 'element-status'],
    ['font', 500, '', 'element-status'],
    ['image', 404, '', 'element-status'],
    ['image', 404, 'image/png', undefined],
    ['script', 200, 'image/png', 'element-content-type'],
    ['script', 200, 'text/html', undefined],
    ['module', 200, 'text/html', 'element-content-type'],
    ['module', 200, '', 'element-content-type'],
    ['module', 200, 'text/javascript', undefined],
    ['style', 200, 'text/html', 'element-content-type'],
    ['style', 200, 'text/css; charset=utf-8', undefined],
    ['style', 200, '', undefined],
  ] as const)('%s with status %d and type %o: %s', async (as, status, type, code) => {
    const { page } = opened('standard', { ...star, 'Content-Type': type }, status)
    const load = await page.load(`${cdn}/a`, { as })
    expect(load.verdict.code).toBe(code)
    expect(load.event).toBe(code === undefined ? 'load' : 'error')
    expect(page.blocked).toHaveLength(code === undefined ? 0 : 1)
  })

  test('a data: URL is the page’s own', async () => {
    const { page } = opened('chromium')
    expect(await page.load('data:image/png,x', { as: 'image' })).toMatchObject({
      event: 'load',
      readable: true,
    })
  })

  test('an image over http is asked for over https', async () => {
    const { page, seen } = opened('chromium')
    await page.load('http://cdn.example.net/a', { as: 'image' })
    expect(seen.map(({ url }) => url)).toEqual([`${cdn}/a`])
    expect(await page.load('http://cdn.example.net/a', { as: 'script' })).toMatchObject({
      event: 'error',
      verdict: { code: 'mixed-content' },
    })
  })

  test('matchers take a load', async () => {
    const { page } = opened('chromium', star)
    expect(await page.load(`${cdn}/a.woff2`, { as: 'font' })).toAllowCorsRequest()
    expect(await page.load(`${cdn}/a`, { as: 'image', crossorigin: 'use-credentials' })).toBlockCorsRequest(
      'wildcard-allow-origin-with-credentials',
    )
  })
})

describe('Cross-Origin-Resource-Policy', () => {
  const policy = (value: string): Headers => ({ ...star, 'Cross-Origin-Resource-Policy': value })
  const table: readonly (readonly [string, string, string, boolean])[] = [
    ['same-origin', app, app, true],
    ['same-origin', app, 'https://www.example.com', false],
    ['same-origin', app, cdn, false],
    ['same-site', app, 'https://www.example.com', true],
    ['same-site', app, cdn, false],
    ['same-site', 'http://app.example.com', 'https://www.example.com', false],
    ['same-site', 'http://app.example.com', 'http://www.example.com', true],
    ['same-site', 'https://a.co.uk', 'https://b.co.uk', false],
    ['cross-origin', app, cdn, true],
    ['SAME-ORIGIN', app, cdn, true],
    ['same-origin, same-origin', app, cdn, true],
  ]
  test.each(table)('%s on %s to %s: passes %o', async (value, from, to, passes) => {
    const respond = (): Response => new Response('x', { headers: policy(value) })
    const page = open(from, { servers: { [to]: respond } })
    const { verdict } = await page.inspect(`${to}/a`, { mode: 'no-cors' })
    expect(verdict.code).toBe(passes ? undefined : 'resource-policy')
    expect((await page.load(`${to}/a`, { as: 'image' })).event).toBe(passes ? 'load' : 'error')
    // CORS does not ask it.
    expect((await page.inspect(`${to}/a`)).verdict.outcome).toBe('allowed')
    expect((await page.load(`${to}/a`, { as: 'iframe' })).event).toBe('load')
  })

  test('of a redirect, and of a page with an opaque origin', async () => {
    const respond = (): Response =>
      new Response(null, { status: 302, headers: { ...policy('same-site'), Location: 'https://b.example/' } })
    const page = open(app, { servers: { [cdn]: respond } })
    const { verdict } = await page.inspect(cdn, { mode: 'no-cors' })
    expect(verdict).toMatchObject({ code: 'resource-policy', blockedAt: 'redirect', value: 'same-site' })
    const own = (): Response => new Response('x', { headers: policy('same-origin') })
    const frame = closing(openPage({ url: app, context: 'sandboxed-iframe' }, { servers: { [app]: own } }))
    expect((await frame.inspect('/', { mode: 'no-cors' })).verdict.code).toBe('resource-policy')
  })
})

describe('mistakes', () => {
  const page = openPage(app, { servers: {} })
  test.each([
    [
      undefined,
      "page.load() takes a URL and { as, crossorigin }, as in page.load(url, { as: 'image' }); got undefined",
    ],
    [{ as: 'img' }, 'page.load(): as must be one of "image"'],
    [{ as: 'fetch' }, 'page.load(): as must be one of "image"'],
    [
      { as: 'image', crossOrigin: '' },
      'page.load(): unknown option "crossOrigin"; did you mean "crossorigin"?',
    ],
    [
      { as: 'image', crossorigin: true },
      "crossorigin is the attribute's value, 'anonymous' or 'use-credentials'",
    ],
    [{ as: 'image', referrerPolicy: 'never' }, 'referrerPolicy must be one of'],
  ])('%o', async (options, message) => {
    await expect(page.load(cdn, options as never)).rejects.toThrow(message)
  })

  test.each(['load', 'preload'] as const)('%s: a body that breaks off is no response', async (call) => {
    const body = () =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array([1]))
        },
        pull() {
          throw new Error('gone')
        },
      })
    const server = () => new Response(body(), { headers: { 'Access-Control-Allow-Origin': '*' } })
    const page = open(app, { engine: 'firefox', servers: { [cdn]: server } })
    await expect(page[call](cdn, { as: 'image', crossorigin: '' })).rejects.toMatchObject({
      name: 'CorsNetworkError',
      message: expect.stringContaining('gone'),
    })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'stop'],
    ['an error that has a cause', new Error('stop', { cause: 1 })],
  ])('a body that is aborted with %s says that it was aborted', async (_what, reason) => {
    const body = () => new ReadableStream({ pull: () => new Promise(() => {}) })
    const server = () => new Response(body(), { headers: { 'Access-Control-Allow-Origin': '*' } })
    const page = open(app, { servers: { [cdn]: server } })
    const controller = new AbortController()
    const loading = page.load(cdn, { as: 'image', crossorigin: '', signal: controller.signal })
    setTimeout(() => controller.abort(reason), 5)
    await expect(loading).rejects.toMatchObject({
      name: 'CorsNetworkError',
      message: expect.stringContaining('it was aborted'),
    })
  })

  test('no response: no event, and why', async () => {
    const closed = open(app, { servers: { [cdn]: 'http://127.0.0.1:9' } })
    await expect(closed.load(cdn, { as: 'image' })).rejects.toMatchObject({ name: 'CorsNetworkError' })
  })
})
