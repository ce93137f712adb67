import 'expect-cors/vitest'
import cors from 'cors'
import { endpoint } from 'expect-cors'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { failure, refusal } from '../matchers/assertions.js'
import { ALLOW, APP, answering, listen } from '../matchers/servers.js'
import { type CacheSettings, cached } from './caches.js'

const OTHER = 'https://admin.example.com'

/** An app that allows two origins, and says what else it is told to say. */
function listing(
  others: Record<string, string> | ((origin: string | null) => Record<string, string>) = {},
  status = 200,
): (request: Request) => Response {
  return ({ headers: sent, method }) => {
    const origin = sent.get('origin')
    const headers = new Headers(typeof others === 'function' ? others(origin) : others)
    if (origin === APP || origin === OTHER) headers.set(ALLOW, origin)
    return new Response(method === 'HEAD' ? null : '{}', { status, headers })
  }
}

/** An app that allows whoever asks. */
function reflecting(others: Record<string, string> = {}): (request: Request) => Response {
  return ({ headers: sent }) => {
    const origin = sent.get('origin')
    return new Response('{}', { headers: { ...others, ...(origin === null ? {} : { [ALLOW]: origin }) } })
  }
}

const VARIES = { Vary: 'Origin' }
const FRESH = { 'Cache-Control': 'max-age=600' }
const asked = { origin: APP, path: '/orders' }

const holds = async (subject: unknown, options: object = {}): Promise<void> => {
  await expect(subject).toKeepOriginsApartInCaches({ ...asked, ...options })
  await failure(() => expect(subject).not.toKeepOriginsApartInCaches({ ...asked, ...options }))
}

const fails = async (subject: unknown, options: object = {}): Promise<string> => {
  await expect(subject).not.toKeepOriginsApartInCaches({ ...asked, ...options })
  return failure(() => expect(subject).toKeepOriginsApartInCaches({ ...asked, ...options }))
}

const neither = async (subject: unknown, options: object = {}): Promise<string> => {
  await refusal(() => expect(subject).not.toKeepOriginsApartInCaches({ ...asked, ...options }))
  return refusal(() => expect(subject).toKeepOriginsApartInCaches({ ...asked, ...options }))
}

describe('with no cache on the way', () => {
  test.each<[string, (request: Request) => Response]>([
    ['a wildcard', answering(200, { [ALLOW]: '*', ...FRESH })],
    ['one origin for all', answering(200, { [ALLOW]: APP, ...FRESH })],
    ['a list that varies', listing({ ...VARIES, ...FRESH })],
    ['reflection that varies', reflecting({ ...VARIES, ...FRESH })],
    ['Vary: *', listing({ Vary: '*', ...FRESH })],
    ['Origin in lower case among others', listing({ Vary: 'accept-encoding, origin', ...FRESH })],
    ['no-store', listing({ 'Cache-Control': 'no-store' })],
    ['no-store with a lifetime', listing({ 'Cache-Control': 'max-age=600, no-store' })],
    ['private', listing({ 'Cache-Control': 'private' })],
    ['private without a lifetime', listing({ 'Cache-Control': 'private, max-age=0, must-revalidate' })],
    ['nothing without asking', listing({ 'Cache-Control': 'no-cache' })],
    ['nothing without asking, in time', listing({ 'Cache-Control': 'public, max-age=0' })],
    ['a status that nothing lets a cache keep', listing({}, 403)],
    ['a cookie that no cache on the way keeps', listing({ 'Set-Cookie': 'a=1' })],
  ])('holds for %s', async (_, app) => {
    await holds(app)
    await holds(app, { method: 'HEAD' })
  })

  test('holds for Vary on two lines', async () => {
    const { url } = await listen(({ headers: { origin } }, response) => {
      response.setHeader('Vary', ['accept-encoding', 'origin'])
      if (origin === APP) response.setHeader(ALLOW, APP)
      response.end('{}')
    })
    await holds(url)
  })

  test.each<[string, (request: Request) => Response, string]>([
    ['a list', listing(), 'goes by its own setting'],
    ['reflection', reflecting(), 'goes by its own setting'],
    ['another Vary', listing({ Vary: 'Accept-Encoding, X-Origin' }), 'does not name Origin'],
    ['a lifetime', listing(FRESH), 'Caches on the way and browsers keep it by `Cache-Control: max-age=600`'],
    ['s-maxage', listing({ 'Cache-Control': 's-maxage=60' }), 'Caches on the way keep it by'],
    [
      's-maxage over max-age',
      listing({ 'Cache-Control': 'max-age=0, s-maxage=60' }),
      'Caches on the way keep it by',
    ],
    ['private with a lifetime', listing({ 'Cache-Control': 'private, max-age=60' }), '. Browsers keep it by'],
    [
      'a lifetime for CDNs alone',
      listing({ 'Cache-Control': 'no-store', 'CDN-Cache-Control': 'max-age=600' }),
      'Caches on the way keep it by `cdn-cache-control: max-age=600`',
    ],
    [
      'private fields alone',
      listing({ 'Cache-Control': 'private="set-cookie", max-age=60' }),
      'Caches on the way and browsers',
    ],
    [
      'Expires',
      listing({ Expires: new Date(Date.now() + 600_000).toUTCString() }),
      'Caches on the way and browsers keep it by `Expires: ',
    ],
    [
      'Last-Modified alone',
      listing({ 'Last-Modified': 'Tue, 01 Sep 2026 10:00:00 GMT' }),
      'Browsers keep it by `Last-Modified: Tue, 01 Sep 2026 10:00:00 GMT`',
    ],
    [
      'stale-while-revalidate',
      listing({ 'Cache-Control': 'max-age=0, stale-while-revalidate=60' }),
      'browsers',
    ],
    ['a 404', listing({}, 404), 'has no Vary header'],
    ['a status with a lifetime', listing(FRESH, 403), 'has no Vary header'],
    ['a cookie with a lifetime', listing({ 'Set-Cookie': 'a=1', ...FRESH }), 'browsers keep it'],
    [
      'Vary only where there is an Origin',
      listing((origin) => (origin === null ? FRESH : { ...VARIES, ...FRESH })),
      'The response to a request without an Origin',
    ],
    [
      'Vary only where it is allowed',
      listing((origin) => (origin === APP ? { ...VARIES, ...FRESH } : FRESH)),
      'a request without an Origin has no Vary header',
    ],
    [
      'Vary only where it is not',
      listing((origin) => (origin === APP ? FRESH : { ...VARIES, ...FRESH })),
      `The response to a page at ${APP} has no Vary header`,
    ],
    [
      'a wildcard for pages alone',
      (request) =>
        request.headers.has('origin') ? answering(200, { [ALLOW]: '*' })(request) : new Response(),
      'Send instead',
    ],
  ])('fails for %s', async (_, app, why) => {
    const message = await fails(app)
    expect(message.replace('the response', 'The response').replace('the caches', 'The caches')).toContain(why)
    expect(message).toContain('Send instead, with every response')
  })

  test('says in which browsers it goes wrong, and what the page is told', async () => {
    const message = await fails(listing(FRESH))
    expect(message).toContain(
      'in Chromium and WebKit a page fails to fetch what it has loaded without CORS before',
    )
    expect(message).toContain('in Chromium, Firefox and WebKit the second of two origins of one site')
    expect(message).toContain(
      `Chromium prints there: Access to fetch at 'https://api.expect-cors.test/orders' from origin '${APP}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present`,
    )
    expect(
      await fails(listing((origin) => (origin === APP ? FRESH : { ...VARIES, ...FRESH }))),
    ).not.toContain('without CORS before')
  })

  test('a redirect is judged, and so is where it leads', async () => {
    const moving =
      (bare: string) =>
      (request: Request): Response => {
        const { pathname, search } = new URL(request.url)
        expect(search).toMatch(/^\?expect-cors-fresh=\w+$/)
        const headers = new Headers(pathname === bare ? {} : VARIES)
        if (request.headers.get('origin') === APP) headers.set(ALLOW, APP)
        if (pathname === '/orders') headers.set('Location', '/orders/')
        return new Response(null, { status: pathname === '/orders' ? 301 : 200, headers })
      }
    await holds(moving('/none'))
    expect(await fails(moving('/orders'))).toContain('/orders\n')
    expect(await fails(moving('/orders/'))).toContain('/orders/\n')
  })

  test.each(['null', 'capacitor://localhost', 'http://localhost:3000'])('asks as %s', async (origin) => {
    const allowing =
      (headers: Record<string, string>) =>
      (request: Request): Response =>
        new Response('{}', {
          headers: { ...headers, ...(request.headers.get('origin') === origin ? { [ALLOW]: origin } : {}) },
        })
    await holds(allowing({ ...VARIES, ...FRESH }), { origin })
    expect(await fails(allowing(FRESH), { origin })).toContain('in Chromium and WebKit a page fails to fetch')
  })

  test('a redirect that keeps the query is shown, and followed, as at the URL itself', async () => {
    const urls: string[] = []
    const moving = (request: Request): Response => {
      const { pathname, search } = new URL(request.url)
      urls.push(search)
      const { headers } = listing(pathname === '/orders' ? FRESH : VARIES)(request)
      if (pathname === '/orders') headers.set('Location', `/v2/orders${search}`)
      return new Response(null, { status: pathname === '/orders' ? 307 : 200, headers })
    }
    expect(await fails(moving, { path: '/orders?page=2' })).toContain('< location: /v2/orders?page=2\n')
    for (const search of urls) expect(search).toMatch(/^\?page=2&expect-cors-fresh=\w+$/)
  })

  test('a 304 that leaves a browser with what it has', async () => {
    const validating =
      (allows: boolean) =>
      (request: Request): Response => {
        const isGood = request.headers.get('if-none-match') === '"1"'
        const headers = new Headers({ ...VARIES, ETag: '"1"', 'Cache-Control': 'no-cache' })
        if (request.headers.get('origin') === APP && (allows || !isGood)) headers.set(ALLOW, APP)
        return new Response(null, { status: isGood ? 304 : 200, headers })
      }
    await holds(validating(true))
    const message = await fails(validating(false))
    expect(message).toContain('the 304 for a page at')
    expect(message).toContain('Send the CORS headers with a 304 as well')
  })

  test('a Vary that repeats that of the request', async () => {
    const repeating = (request: Request): Response =>
      listing({ Vary: request.headers.get('vary') ?? 'Origin' })(request)
    const message = await fails(repeating)
    expect(message).toContain('repeats in its Vary what the request itself has')
    expect(message).toContain('> GET')
  })

  test("a Vary in the place of the route's", async () => {
    const clobbering = listing(
      (origin): Record<string, string> => ({
        Vary: origin === null ? 'Accept-Language, Origin' : 'Origin',
      }),
    )
    const message = await fails(clobbering)
    expect(message).toContain('take the place of `Accept-Language`')
    expect(message).toContain('`Vary: Accept-Language, Origin`')
  })

  test.each([
    ['cors', cors({ origin: [APP, OTHER] })],
    ['cors with a wildcard', cors()],
    ['cors with a string', cors({ origin: APP })],
  ])('holds for Express with %s', async (_, middleware) => {
    await holds(
      express()
        .use(middleware)
        .get('/orders', (_request, response) => void response.set(FRESH).json([])),
    )
  })
})

describe('with a cache on the way', () => {
  const quiet: CacheSettings = { says: () => ({}) }
  const right = listing({ ...VARIES, ...FRESH })

  test.each<[string, CacheSettings]>([
    ['that heeds Vary', {}],
    ['that heeds Vary, and says nothing', quiet],
    [
      'that has the Origin in its key',
      { heedsVary: false, key: ({ url, headers }) => `${url} ${headers.get('origin')}` },
    ],
    [
      'that keeps nothing of it',
      { keepsAt: Number.POSITIVE_INFINITY, says: () => ({ 'CF-Cache-Status': 'DYNAMIC' }) },
    ],
    ['that keeps preflights too', { keepsPreflights: true }],
  ])('holds for a right app behind one %s', async (_, settings) => {
    await holds(cached(right, settings))
    await holds(cached(answering(200, { [ALLOW]: '*', ...FRESH }), settings))
  })

  test.each<[string, CacheSettings]>([
    ['that ignores Vary', { heedsVary: false }],
    ['that ignores Vary, and says nothing', { ...quiet, heedsVary: false }],
    [
      'with an Age on hits alone',
      { heedsVary: false, says: (isHit) => (isHit ? { Age: '0' } : {}) as Record<string, string> },
    ],
    ['that keeps what is asked for twice', { ...quiet, heedsVary: false, keepsAt: 2 }],
    ['that keeps what is asked for three times', { ...quiet, heedsVary: false, keepsAt: 3 }],
    [
      'that only looks whether there is an Origin',
      { heedsVary: false, key: ({ url, headers }) => `${url} ${headers.has('origin')}` },
    ],
    ['that keeps what must not be kept', { heedsVary: false, keepsAll: true }],
  ])('finds one %s', async (_, settings) => {
    for (const app of [right, reflecting({ ...VARIES, ...FRESH }), listing(VARIES)]) {
      const message = await fails(cached(app, settings))
      expect(message).toContain('ache on the way')
      expect(message).toContain("has Vary: 'Origin', which this cache does not heed")
      expect(message).toContain('Have the cache heed `Vary`')
    }
  })

  test('the Origin in its key makes up for a missing Vary, but not in browsers', async () => {
    const key = ({ url, headers }: Request): string => `${url} ${headers.get('origin')}`
    await holds(cached(listing({ 'Cache-Control': 's-maxage=60' }), { heedsVary: false, key }))
    await holds(cached(listing(), { heedsVary: false, key }))
    const message = await fails(cached(listing(FRESH), { heedsVary: false, key }))
    expect(message).toContain("a browser's own cache may give it to")
    expect(message).not.toContain('aches on the way')
    expect(message).toContain('in Chromium, Firefox and WebKit the second of two origins of one site')
  })

  test('finds what is mixed up in spite of no-store', async () => {
    const app = listing({ ...VARIES, 'Cache-Control': 'no-store' })
    await holds(cached(app, { heedsVary: false }))
    expect(await fails(cached(app, { heedsVary: false, keepsAll: true }))).toContain('does not heed')
  })

  test.each([
    ['a 404', listing(VARIES, 404)],
    [
      'a 301',
      (request: Request): Response => {
        const { headers } = listing(VARIES)(request)
        if (new URL(request.url).pathname === '/orders') headers.set('Location', '/end')
        return new Response(null, {
          status: new URL(request.url).pathname === '/orders' ? 301 : 200,
          headers,
        })
      },
    ],
  ])('finds what is mixed up of %s', async (_, app) => {
    await holds(cached(app))
    expect(await fails(cached(app, { heedsVary: false }))).toContain('a cache on the way')
  })

  test('tells who got what, by whom, and what is to be done', async () => {
    const message = await fails(cached(listing(FRESH)))
    expect(message).toContain(
      `a cache on the way (\`x-cache: HIT\`) gave a page at ${APP} what was meant for a request without an Origin: it has no Access-Control-Allow-Origin, while the page's own response has Access-Control-Allow-Origin: '${APP}'. The response has no Vary header`,
    )
    expect(message).toContain('Chromium prints there')
    expect(message).toContain('Send instead, with every response')
  })

  test('finds what is mixed up of preflights', async () => {
    const permitting = (request: Request): Response => {
      const { headers } = right(request)
      if (request.method === 'OPTIONS') headers.set('Access-Control-Allow-Headers', 'x-tenant')
      return new Response(null, { status: request.method === 'OPTIONS' ? 204 : 200, headers })
    }
    const options = { headers: { 'x-tenant': '7' } }
    await holds(cached(permitting), options)
    await holds(cached(permitting, { keepsPreflights: true }), options)
    const key = ({ url, method, headers }: Request): string =>
      method === 'OPTIONS' ? url : `${url} ${headers.get('origin')}`
    const message = await fails(cached(permitting, { keepsPreflights: true, heedsVary: false, key }), options)
    expect(message).toContain(`gave a page at ${APP} what was meant for a page of an unknown origin`)
    expect(message).toContain("Response to preflight request doesn't pass access control check")
    expect(message).toContain('> OPTIONS')
  })

  test('is never asked at the URL itself, nor twice at one for others', async () => {
    const urls: string[] = []
    const app = cached((request) => {
      urls.push(request.url)
      return right(request)
    })
    await expect(app).toKeepOriginsApartInCaches({ origin: APP, path: '/orders?a=%20b&c' })
    expect(urls.length).toBeGreaterThan(8)
    for (const url of urls) expect(url).toMatch(/\/orders\?a=%20b&c&expect-cors-fresh=\w+$/)
  })

  describe('that shows nothing', () => {
    const byPath: CacheSettings = { key: ({ url }) => new URL(url).pathname }

    test('does not go by the query: nothing that it holds for others is judged', async () => {
      expect(await neither(cached(right, { ...byPath, heedsVary: false }))).toContain(
        'it does not go by the query',
      )
      const aged: CacheSettings = {
        ...byPath,
        heedsVary: false,
        says: (isHit) => (isHit ? { Age: '0' } : {}) as Record<string, string>,
      }
      expect(await neither(cached(right, aged))).toContain('it does not go by the query')
      expect(await neither(cached(right, { ...byPath, says: () => ({ Age: '31' }) }))).toContain('`age: 31`')
    })

    test('nor does it say so: its one response for all is not taken for a policy', async () => {
      const preflighting = (request: Request): Response =>
        request.method === 'OPTIONS' ? right(request) : right(request)
      expect(await neither(cached(preflighting, { ...byPath, ...quiet, heedsVary: false }))).toContain(
        'preflights tell the same origins apart',
      )
    })

    test('keeps nothing, though it may', async () => {
      const never = cached(right, { keepsAt: Number.POSITIVE_INFINITY })
      expect(await neither(never)).toContain('kept none of the responses (`x-cache: MISS`)')
      const unsaid = cached(listing(VARIES), { keepsAt: Number.POSITIVE_INFINITY })
      await holds(unsaid)
      await holds(cached(listing({ ...VARIES, ...FRESH, 'Set-Cookie': 'a=1' })))
    })

    test('strips the Origin: the page is not allowed', async () => {
      const stripped = cached(right, { forwards: (headers) => headers.delete('origin') })
      expect(await neither(stripped)).toContain('needs an origin that the server allows')
    })
  })
})

describe('the fix, as it is printed', () => {
  const set = (origin: string | null | undefined, add: (name: string, value: string) => void): void => {
    add('Cache-Control', 's-maxage=60')
    if (origin === APP) add(ALLOW, origin)
  }
  type Build = (apply: (app: unknown) => void) => unknown
  const apps: [string, Build][] = [
    [
      'express',
      (apply) => {
        const app = express()
        apply(app)
        return app.get('/orders', ({ headers: { origin } }, response) => {
          set(origin, (name, value) => response.set(name, value))
          response.json([])
        })
      },
    ],
    [
      'hono',
      (apply) => {
        const app = new Hono()
        apply(app)
        return app.get('/orders', (c) => {
          set(c.req.header('origin'), (name, value) => c.header(name, value))
          return c.json([])
        })
      },
    ],
    [
      'koa',
      (apply) => {
        const app = new Koa()
        apply(app)
        return app.use((context) => {
          set(context.get('origin'), (name, value) => context.set(name, value))
          context.body = []
        })
      },
    ],
    [
      'fastify',
      (apply) => {
        const app = Fastify()
        apply(app)
        app.get('/orders', ({ headers: { origin } }, reply) => {
          set(origin, (name, value) => void reply.header(name, value))
          return []
        })
        return app
      },
    ],
  ]

  test.each(apps)('for %s', async (name, build) => {
    const message = await failure(() => expect(build(() => {})).toKeepOriginsApartInCaches(asked))
    const snippet = message.split(`In ${name}: `)[1]?.split('\n').slice(1).join('\n') ?? ''
    expect(snippet).not.toBe('')
    await expect(build((app) => new Function('app', snippet)(app))).toKeepOriginsApartInCaches(asked)
  })
})

describe('what is not judged', () => {
  test('an origin that is not allowed', async () => {
    expect(await neither(listing(), { origin: 'https://else.example' })).toContain(
      'needs an origin that the server allows',
    )
  })

  test('no response', async () => {
    const { url } = await listen((_request, response) => void response.destroy())
    await neither(url)
    await neither(() => new Promise<Response>(() => {}), { timeout: 200 })
  })

  test('a body without an end', async () => {
    const endless = (): Response => new Response(new ReadableStream(), { headers: { [ALLOW]: '*' } })
    expect(await neither(endless, { timeout: 200 })).toContain('within 200 ms')
  })

  test('a server that has enough', async () => {
    let count = 0
    const limited = (request: Request): Response => listing(VARIES, ++count > 3 ? 429 : 200)(request)
    expect(await refusal(() => expect(limited).toKeepOriginsApartInCaches(asked))).toContain(
      'responded with 429',
    )
  })

  test('a server that refuses the new parameter', async () => {
    const strict =
      (status: number, headers: Record<string, string>) =>
      (request: Request): Response =>
        new URL(request.url).search === '' ? listing()(request) : new Response(null, { status, headers })
    const allowing = { [ALLOW]: APP }
    for (const status of [400, 422])
      expect(await neither(strict(status, allowing))).toContain('may refuse parameters that it does not know')
    expect(await neither(strict(400, {}))).toContain('asked with a new query parameter')
  })

  test('servers that differ', async () => {
    let count = 0
    const differing = (request: Request): Response =>
      ++count > 3 && count % 2 === 0 ? new Response('{}', { headers: VARIES }) : listing(VARIES)(request)
    expect(await refusal(() => expect(differing).toKeepOriginsApartInCaches(asked))).toContain(
      'does not respond alike',
    )
  })

  test('a redirect to another server', async () => {
    const other = await listen((_request, response) => void response.setHeader(ALLOW, '*').end())
    const { url } = await listen((_request, response) => {
      response.writeHead(302, { Location: `${other.url}/x`, [ALLOW]: '*' }).end()
    })
    expect(await neither(url)).toContain('make that URL the subject')
    expect(other.received).toEqual([])
  })

  test.each(['POST', 'put', 'OPTIONS'])('%s', async (method) => {
    const app = answering(200, { [ALLOW]: '*' })
    expect(await neither(app, { method })).toContain('GET or HEAD')
    expect(app.requests).toEqual([])
  })

  test('a response, and an endpoint without an origin', async () => {
    const response = { status: 200, headers: {} }
    // @ts-expect-error A response is not an endpoint, but nobody knows that of an object.
    expect(await refusal(() => expect(response).toKeepOriginsApartInCaches(asked) as undefined)).toContain(
      'Use toVaryOnOrigin on it',
    )
    expect(await refusal(() => expect(listing()).toKeepOriginsApartInCaches())).toContain(
      'an origin that it allows',
    )
    expect(await neither(listing(), { engines: ['firefox'] })).toContain('no option engines')
  })

  test('what is sent along is on each request, and in no message', async () => {
    const seen: (string | null)[] = []
    const gated = endpoint(
      (request: Request) => {
        seen.push(request.headers.get('x-gate'))
        return listing(FRESH)(request)
      },
      { extraHeaders: { 'X-Gate': 'sesame' } },
    )
    expect(await fails(gated)).not.toContain('sesame')
    expect(new Set(seen)).toEqual(new Set(['sesame']))
  })
})
