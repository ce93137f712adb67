/** Who finds what in whose HTTP cache: the well-known failures, engine by engine. The recordings have the details. */
import { afterEach, describe, expect, test } from 'vitest'
import { openPage, type Page } from '../../src/page/open-page.js'

const app = 'https://app.example.com'
const sibling = 'https://admin.example.com'
const otherSite = 'https://shop.example.org'
const cdn = 'https://cdn.example.net'
const own = 'https://static.example.com'
const image = `${cdn}/a`
const engines = ['chromium', 'firefox', 'webkit', 'webkitgtk'] as const
type Engine = (typeof engines)[number]

const pages: Page[] = []
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close()
})

type Headers = Record<string, string>

/** A page, and how often its servers were asked. */
function open(
  engine: Engine,
  respond: (origin: string | null) => Headers,
): { page: Page; requests: () => number } {
  let count = 0
  const server = {
    fetch(request: Request): Response {
      if (request.method === 'OPTIONS')
        return new Response(null, {
          headers: {
            'Access-Control-Allow-Origin': request.headers.get('origin') ?? '',
            'Access-Control-Allow-Headers': 'x-a',
          },
        })
      count++
      return new Response(String(count), { headers: respond(request.headers.get('origin')) })
    },
  }
  const servers = Object.fromEntries([cdn, own, app, sibling, otherSite].map((origin) => [origin, server]))
  const page = openPage(app, { engine, httpCache: true, servers })
  pages.push(page)
  return { page, requests: () => count }
}

const fresh = { 'Cache-Control': 'max-age=600' }
/** CORS headers only where the request has `Origin`, as S3 has it. */
const s3 =
  (headers: Headers = fresh) =>
  (origin: string | null): Headers =>
    origin === null
      ? headers
      : { ...headers, 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' }

const isBlocked = (page: Page, init: object = {}, url = image): Promise<boolean> =>
  page.fetch(url, init).then(
    () => false,
    () => true,
  )

type Use = (page: Page) => Promise<unknown>
const load =
  (as: 'image' | 'script' | 'style', crossorigin?: string, url = image): Use =>
  (page) =>
    page.load(url, { as, crossorigin })
const fetched =
  (init: object = {}, url = image): Use =>
  (page) =>
    isBlocked(page, init, url)

/** What comes first, what then, and where that is blocked without any request. */
const table: readonly (readonly [name: string, first: Use, then: Use, blockedIn: readonly Engine[]])[] = [
  ['an image, then fetch', load('image'), fetched(), ['chromium', 'webkit', 'webkitgtk']],
  [
    'a script, then one with crossorigin',
    load('script'),
    load('script', ''),
    ['chromium', 'webkit', 'webkitgtk'],
  ],
  ['a sheet, then fetch', load('style'), fetched(), ['chromium', 'webkit', 'webkitgtk']],
  ['an image, then one with use-credentials', load('image'), load('image', 'use-credentials'), [...engines]],
  [
    'an image, then fetch with credentials',
    load('image'),
    fetched({ credentials: 'include' }),
    ['chromium', 'webkit', 'webkitgtk'],
  ],
  [
    "the same of the page's own site",
    load('image', undefined, `${own}/a`),
    fetched({ credentials: 'include' }, `${own}/a`),
    [...engines],
  ],
  ['no-cors, then cors', fetched({ mode: 'no-cors' }), fetched(), [...engines]],
  [
    'an image, then a worker',
    load('image'),
    (page) => isBlocked(page.frame({ url: '/w.js', context: 'worker' })),
    ['chromium', 'webkit', 'webkitgtk'],
  ],
  [
    'an image, then a frame of the page',
    load('image'),
    (page) => isBlocked(page.frame('/frame')),
    ['chromium', 'webkit', 'webkitgtk'],
  ],
  [
    'fetch, then a frame of another site',
    fetched(),
    (page) => isBlocked(page.frame(otherSite)),
    ['firefox', 'webkit', 'webkitgtk'],
  ],
  ['fetch, then the sibling', fetched(), (page) => isBlocked(page.navigate(sibling)), [...engines]],
  ['fetch, then another site', fetched(), (page) => isBlocked(page.navigate(otherSite)), ['webkitgtk']],
  [
    'fetch, then the same over http',
    fetched(),
    (page) => isBlocked(page.navigate('http://app.example.com')),
    ['webkit', 'webkitgtk'],
  ],
  [
    'a sandboxed frame, then its page',
    (page) => isBlocked(page.frame({ url: '/', context: 'sandboxed-iframe' })),
    fetched(),
    ['firefox', 'webkit', 'webkitgtk'],
  ],
  ['an image with crossorigin, then fetch', load('image', ''), fetched(), []],
  ['an image, then past the cache', load('image'), fetched({ cache: 'reload' }), []],
]

describe.each(engines)('%s', (engine) => {
  test.each(table)('%s', async (_name, first, then, blockedIn) => {
    const { page, requests } = open(engine, s3())
    await first(page)
    expect(requests()).toBe(1)
    const outcome = await then(page)
    const blocked = typeof outcome === 'boolean' ? outcome : (outcome as { event: string }).event === 'error'
    expect(blocked).toBe(blockedIn.includes(engine))
    if (blocked) expect(requests()).toBe(1)
  })

  test.each([
    ['Vary: Origin', s3({ ...fresh, Vary: 'Origin' })],
    ['a wildcard', () => ({ ...fresh, 'Access-Control-Allow-Origin': '*' })],
    ['no-store', s3({ 'Cache-Control': 'no-store' })],
  ])('%s lets everybody read', async (_name, respond) => {
    const { page } = open(engine, respond)
    await page.load(image, { as: 'image' })
    expect(await isBlocked(page)).toBe(false)
    const next = page.navigate(sibling)
    expect(await isBlocked(next)).toBe(false)
    expect(await isBlocked(next.navigate(app))).toBe(false)
  })

  test("cache: 'reload' repairs what is stored, 'no-store' does not", async () => {
    const repaired = open(engine, s3()).page
    await repaired.fetch(image, { mode: 'no-cors' })
    expect(await isBlocked(repaired, { cache: 'reload' })).toBe(false)
    expect(await isBlocked(repaired)).toBe(false)
    const asked = open(engine, s3()).page
    await asked.fetch(image, { mode: 'no-cors' })
    expect(await isBlocked(asked, { cache: 'no-store' })).toBe(false)
    expect(await isBlocked(asked)).toBe(true)
  })

  test('a preflight is sent for what is then taken from the cache', async () => {
    const { page, requests } = open(engine, s3())
    await page.fetch(image)
    const { exchanges, response } = await page.inspect(image, { headers: { 'X-A': '1' } })
    expect(exchanges.map(({ kind, cacheState }) => [kind, cacheState])).toEqual([
      ['preflight', undefined],
      ['request', 'local'],
    ])
    expect(await response?.text()).toBe('1')
    expect(requests()).toBe(1)
  })
})

test('without httpCache every request reaches its server', async () => {
  let count = 0
  const server = {
    fetch: () => new Response(String(++count), { headers: { ...fresh, 'Access-Control-Allow-Origin': '*' } }),
  }
  const page = openPage(app, { servers: { [cdn]: server } })
  pages.push(page)
  await page.fetch(image)
  expect(await (await page.fetch(image)).text()).toBe('2')
})

test('httpCache is a boolean', () => {
  expect(() => openPage(app, { httpCache: {} as never })).toThrow(
    'openPage(): httpCache must be true or false',
  )
})

test('a body that is read in parts is kept whole, and one that nobody reads as well', async () => {
  const chunks = (): ReadableStream =>
    new ReadableStream({
      async start(controller) {
        for (const part of ['one ', 'two ', 'three']) {
          controller.enqueue(new TextEncoder().encode(part))
          await new Promise((resolve) => setTimeout(resolve, 2))
        }
        controller.close()
      },
    })
  const headers = { ...fresh, 'Access-Control-Allow-Origin': '*' }
  const page = openPage(app, {
    httpCache: true,
    servers: { [cdn]: { fetch: () => new Response(chunks(), { headers }) } },
  })
  pages.push(page)
  await (await page.fetch(image)).body?.cancel()
  const [again, third] = await Promise.all([page.fetch(image), page.fetch(image)])
  expect(await again.text()).toBe('one two three')
  expect(await third.text()).toBe('one two three')
  expect(page.blocked).toEqual([])
})

test('a body that breaks off is not kept', async () => {
  let count = 0
  const server = {
    fetch: () => {
      count++
      const body = new ReadableStream({
        pull(controller) {
          if (count > 1) {
            controller.enqueue(new TextEncoder().encode('whole'))
            controller.close()
          } else controller.error(new Error('broken'))
        },
      })
      return new Response(body, { headers: { ...fresh, 'Access-Control-Allow-Origin': '*' } })
    },
  }
  const page = openPage(app, { httpCache: true, servers: { [cdn]: server } })
  pages.push(page)
  await expect(page.fetch(image).then((response) => response.text())).rejects.toThrow()
  expect(await (await page.fetch(image)).text()).toBe('whole')
})
