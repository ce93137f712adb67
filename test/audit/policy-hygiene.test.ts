/** What is wrong with a policy besides whom it lets in, on servers that listen: each kind, and what only looks like it. */
import type { RequestListener } from 'node:http'
import cors from 'cors'
import { type AuditOptions, type AuditReport, auditOrigins, endpoint } from 'expect-cors'
import express, { type RequestHandler } from 'express'
import { Hono } from 'hono'
import { cors as honoCors } from 'hono/cors'
import Koa from 'koa'
import { describe, expect, test } from 'vitest'
import { APP, listen } from '../matchers/servers.js'
import { cached } from './caches.js'

const ADMIN = 'https://admin.example.com'
const trusted = [APP]

/** The findings about the policy itself, each as its kind and severity. */
async function audited(
  server: RequestListener | string | { fetch: unknown },
  options: Partial<AuditOptions> = {},
): Promise<[ids: string[], report: AuditReport]> {
  const target = typeof server === 'function' ? (await listen(server)).url : server
  const report = await auditOrigins(target, { trusted, path: '/orders', seed: 1, ...options })
  expect(report.requests).toBeLessThanOrEqual(40)
  return [report.findings.map(({ id, severity }) => `${id} ${severity}`), report]
}

/** A server with a list, which says what else it is told to. */
function listing(
  others: Record<string, string | string[]> = {},
  preflight: Record<string, string | string[]> = {},
): RequestListener {
  return (request, response) => {
    const { origin } = request.headers
    const isPreflight = request.method === 'OPTIONS'
    response.setHeader('Vary', 'Origin')
    if (origin === APP || origin === ADMIN) {
      response.setHeader('Access-Control-Allow-Origin', origin)
      response.setHeader('Access-Control-Allow-Credentials', 'true')
      if (isPreflight) response.setHeader('Access-Control-Allow-Methods', 'GET, PUT, DELETE')
    }
    for (const [name, value] of Object.entries(isPreflight ? preflight : others))
      if (value === '') response.removeHeader(name)
      else if (origin === APP || origin === ADMIN) response.setHeader(name, value)
    response.statusCode = isPreflight ? 204 : /^\/orders(\?|$)/.test(request.url ?? '') ? 200 : 404
    response.end(isPreflight ? undefined : '{}')
  }
}

const CREDENTIALS = 'Access-Control-Allow-Credentials'
const ORIGIN = 'Access-Control-Allow-Origin'

const open =
  (headers: Record<string, string>): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, headers).end('{}')

const app = (...handlers: RequestHandler[]): RequestListener =>
  express()
    .use(...handlers)
    .all('/orders', (_request, response) => void response.json([]))

/** Everything with a list, but for what another handler does first. */
const list = cors({ origin: [APP, ADMIN], credentials: true })

const WRONG: [
  what: string,
  server: () => RequestListener | string | { fetch: unknown },
  found: string,
  options?: Partial<AuditOptions>,
][] = [
  [
    '`*` with credentials',
    () => app(cors({ origin: '*', credentials: true })),
    'wildcard-with-credentials dysfunctional',
    { publicApi: true },
  ],
  [
    '`*` with credentials, by Hono',
    () => ({
      fetch: new Hono().use(honoCors({ origin: '*', credentials: true })).all('/orders', (c) => c.json([]))
        .fetch,
    }),
    'wildcard-with-credentials dysfunctional',
    { publicApi: true },
  ],
  [
    '`*` in what is exposed',
    () => listing({ 'Access-Control-Expose-Headers': '*' }),
    'literal-wildcard dysfunctional',
  ],
  [
    '`*` in the methods',
    () => listing({}, { 'Access-Control-Allow-Methods': '*' }),
    'literal-wildcard dysfunctional',
  ],
  [
    '`*` among the headers',
    () => listing({}, { 'Access-Control-Allow-Headers': 'content-type, *' }),
    'literal-wildcard dysfunctional',
  ],
  ['the origin twice', () => listing({ [ORIGIN]: [APP, APP] }), 'duplicate-lines dysfunctional'],
  ['the origin and `*`', () => listing({ [ORIGIN]: [APP, '*'] }), 'duplicate-lines dysfunctional'],
  [
    'all origins on one line',
    () => listing({ [ORIGIN]: `${APP}, ${ADMIN}` }),
    'duplicate-lines dysfunctional',
  ],
  ['credentials twice', () => listing({ [CREDENTIALS]: ['true', 'true'] }), 'duplicate-lines dysfunctional'],
  [
    'credentials twice, in the preflight',
    () => listing({}, { [CREDENTIALS]: ['true', 'true'] }),
    'duplicate-lines dysfunctional',
  ],
  [
    'two rules of Express',
    () =>
      app(list, (_request, response, next) => {
        response.append(ORIGIN, APP)
        next()
      }),
    'duplicate-lines dysfunctional',
  ],
  [
    'the time twice',
    () => listing({}, { 'Access-Control-Max-Age': ['600', '600'] }),
    'duplicate-lines cosmetic',
  ],
  [
    'a preflight for all, without credentials',
    () => listing({}, { [ORIGIN]: '*', [CREDENTIALS]: '' }),
    'preflight-disagrees dysfunctional',
  ],
  [
    'a preflight without credentials',
    () => listing({}, { [CREDENTIALS]: '' }),
    'preflight-disagrees dysfunctional',
  ],
  [
    'credentials in the preflight alone',
    () => listing({ [CREDENTIALS]: '' }),
    'preflight-disagrees dysfunctional',
  ],
  [
    'a router that responds to OPTIONS',
    () =>
      express()
        .get('/orders', list, (_request, response) => void response.json([]))
        .put('/orders', list, (_request, response) => void response.json([])),
    'preflight-disagrees dysfunctional',
  ],
  [
    'a preflight that is not ended well',
    () =>
      app(
        (request, response, next) => {
          if (request.method === 'OPTIONS') response.status(405)
          next()
        },
        cors({ origin: [APP], credentials: true, preflightContinue: true }),
        (request, response, next) => {
          if (request.method === 'OPTIONS') response.set('Access-Control-Allow-Methods', 'PUT').end()
          else next()
        },
      ),
    'preflight-disagrees dysfunctional',
  ],
  [
    'authentication before CORS',
    () =>
      app((request, response, next) => {
        if (request.headers.cookie === undefined && request.method !== 'GET') response.status(401).end()
        else next()
      }, list),
    'authenticated-preflight dysfunctional',
  ],
  [
    'a login before CORS',
    () =>
      app((request, response, next) => {
        if (request.method === 'OPTIONS') response.redirect('/login?next=/orders')
        else next()
      }, list),
    'authenticated-preflight dysfunctional',
  ],
  [
    'a 404 that leaves the headers out',
    () =>
      app(list, (request, response, next) => {
        if (request.method !== 'OPTIONS' && request.path !== '/orders') {
          response.removeHeader(ORIGIN)
          response.status(404).end()
        } else next()
      }),
    'errors-without-cors dysfunctional',
  ],
  [
    'a 404 ahead of the rules',
    () =>
      app((request, response, next) => {
        if (request.method !== 'OPTIONS' && request.path !== '/orders') response.status(404).end()
        else next()
      }, list),
    'errors-without-cors dysfunctional',
  ],
  ['an hour in words', () => listing({}, { 'Access-Control-Max-Age': '1h' }), 'max-age cosmetic'],
  ['a year', () => listing({}, { 'Access-Control-Max-Age': '31536000' }), 'max-age cosmetic'],
  ['less than nothing', () => listing({}, { 'Access-Control-Max-Age': '-600' }), 'max-age cosmetic'],
  ['a trailing slash', () => open({ [ORIGIN]: `${APP}/` }), 'non-canonical-origin dysfunctional'],
  ['a default port', () => open({ [ORIGIN]: `${APP}:443` }), 'non-canonical-origin dysfunctional'],
  ['upper case', () => open({ [ORIGIN]: 'https://App.example.com' }), 'non-canonical-origin dysfunctional'],
  ['a pattern', () => open({ [ORIGIN]: 'https://*.example.com' }), 'non-canonical-origin dysfunctional'],
  ['a variable that nobody replaced', () => open({ [ORIGIN]: '%0' }), 'non-canonical-origin dysfunctional'],
  [
    'a name in the plural',
    () => open({ 'Access-Control-Allow-Origins': APP }),
    'misspelt-header dysfunctional',
  ],
  [
    'another name beside the right one',
    () => listing({ 'Access-Control-Allow-Orgin': APP }),
    'misspelt-header cosmetic',
  ],
  [
    'what is exposed, in the singular',
    () => listing({ 'Access-Control-Expose-Header': 'X-Total' }),
    'misspelt-header dysfunctional',
  ],
  [
    'methods, in the singular',
    () => listing({}, { 'Access-Control-Allow-Method': 'PUT', 'Access-Control-Allow-Methods': '' }),
    'misspelt-header dysfunctional',
  ],
  [
    'a resource for its own origin',
    () => listing({ 'Cross-Origin-Resource-Policy': 'same-origin' }),
    'resource-policy cosmetic',
  ],
  ['no Vary', () => listing({ Vary: '', 'Cache-Control': 'max-age=60' }), 'vary dysfunctional'],
  [
    'no Vary, and nothing of caches',
    () =>
      app(
        (_request, response, next) => {
          response.vary = () => response
          next()
        },
        (request, response, next) => {
          if (request.headers.origin === APP) response.set(ORIGIN, APP)
          next()
        },
      ),
    'vary cosmetic',
  ],
  [
    'no Vary without an Origin, for an hour',
    () =>
      app((request, response, next) => {
        response.set('Cache-Control', 'max-age=3600')
        if (request.headers.origin === APP) response.set({ [ORIGIN]: APP, Vary: 'Origin' })
        next()
      }),
    'vary dysfunctional',
  ],
]

describe('is found', () => {
  test.each(WRONG)('%s', async (_, server, found, options) => {
    const [ids, { findings, url }] = await audited(server(), options)
    expect(ids).toEqual([found])
    const [finding] = findings
    expect(finding?.url).toBe(url)
    expect(finding?.evidence.length).toBeGreaterThan(0)
    expect(finding?.explanation).toMatch(/^[A-Z].*\.$/s)
    expect(finding?.cause).not.toBe('')
    expect(finding?.fix).not.toBe('')
  })

  test('what keeps the trusted origin out, and that it does', async () => {
    const [, report] = await audited(open({ [ORIGIN]: `${APP}/` }))
    expect(report.outcome).toBe('findings')
    expect(report.unjudged.map(({ origin }) => origin)).toContain(APP)
    expect(report.findings[0]?.explanation).toContain(`browsers send \`${APP}\``)
    await expect(audited(open({ [ORIGIN]: 'https://other.example' }))).rejects.toThrow('is trusted, but')
  })

  test('a cache on the way that mixes origins up', async () => {
    const right = (request: Request): Response => {
      const origin = request.headers.get('origin')
      const headers = new Headers({ Vary: 'Origin', 'Cache-Control': 'max-age=60' })
      if (origin === APP) headers.set(ORIGIN, APP)
      return new Response('{}', { status: new URL(request.url).pathname === '/orders' ? 200 : 404, headers })
    }
    const [ids, { findings }] = await audited({ fetch: cached(right, { heedsVary: false }) })
    expect(ids).toEqual(['vary dysfunctional'])
    expect(findings[0]?.explanation).toContain('A cache on the way')
    // It does not say that it is there, and is noticed by what it gives others.
    const quiet = { heedsVary: false, says: () => ({}) }
    expect((await audited({ fetch: cached(right, quiet) }))[0]).toEqual(['vary dysfunctional'])
    expect((await audited({ fetch: cached(right) }))[0]).toEqual([])
  })

  test('an error of a route that wants what is sent along', async () => {
    const guarded = app((request, response, next) => {
      if (request.method !== 'OPTIONS' && request.headers.authorization !== 'Bearer 1')
        response.status(401).end()
      else next()
    }, list)
    const { url } = await listen(guarded)
    const [ids] = await audited(url, { extraHeaders: { Authorization: 'Bearer 1' } })
    expect(ids).toEqual(['errors-without-cors dysfunctional'])
  })

  test('a preflight that wants what is sent along', async () => {
    const guarded = app((request, response, next) => {
      if (request.headers.authorization !== 'Bearer 1') response.status(401).end()
      else next()
    }, list)
    const { url } = await listen(guarded)
    const [ids] = await audited(url, { extraHeaders: { Authorization: 'Bearer 1' } })
    expect(ids).toEqual(['authenticated-preflight dysfunctional', 'errors-without-cors dysfunctional'])
  })
})

const RIGHT: [
  what: string,
  server: () => RequestListener | string | { fetch: unknown },
  options?: Partial<AuditOptions>,
][] = [
  ['a list', () => listing()],
  ['the cors package', () => app(list)],
  [
    'the cors package with a time of a day',
    () =>
      app(cors({ origin: [APP], credentials: true, maxAge: 86_400, exposedHeaders: ['ETag', 'X-Total'] })),
  ],
  ['a time of nothing', () => listing({}, { 'Access-Control-Max-Age': '0' })],
  ['a time that says no', () => listing({}, { 'Access-Control-Max-Age': '-1' })],
  ['`*` without credentials', () => app(cors()), { publicApi: true }],
  [
    '`*` everywhere without credentials',
    () =>
      open({
        [ORIGIN]: '*',
        'Access-Control-Allow-Methods': '*',
        'Access-Control-Allow-Headers': '*',
        'Access-Control-Expose-Headers': '*',
      }),
    { publicApi: true },
  ],
  [
    'credentials that are not `true`',
    () => open({ [ORIGIN]: '*', [CREDENTIALS]: 'false' }),
    { publicApi: true },
  ],
  ['one origin for all', () => open({ [ORIGIN]: APP, 'Access-Control-Allow-Methods': 'PUT' })],
  [
    'lists on two lines',
    () =>
      listing(
        { 'Access-Control-Expose-Headers': ['ETag', 'X-Total'] },
        {
          'Access-Control-Allow-Headers': ['content-type', 'authorization'],
          'Access-Control-Allow-Methods': ['GET', 'PUT'],
        },
      ),
  ],
  ['Vary on two lines', () => listing({ Vary: ['Accept-Encoding', 'Origin'] })],
  [
    'headers of other names',
    () =>
      listing({
        'Timing-Allow-Origin': '*',
        'Origin-Agent-Cluster': '?1',
        Allow: 'GET',
        'Access-Control-Allow-Private-Network': 'true',
      }),
  ],
  [
    'a file that is only read',
    () => (request, response) =>
      void (
        request.method === 'OPTIONS'
          ? response.writeHead(405, { [ORIGIN]: '*', Allow: 'GET, HEAD' })
          : response.writeHead(200, { [ORIGIN]: '*' })
      ).end(),
    { publicApi: true },
  ],
  [
    'a router that knows GET alone',
    () => express().get('/orders', cors({ origin: [APP] }), (_request, response) => void response.json([])),
  ],
  [
    'other methods than PUT, refused with an error',
    () => (request, response) => {
      const { origin, 'access-control-request-method': method } = request.headers
      response.setHeader('Vary', 'Origin')
      if (origin === APP) {
        response.setHeader(ORIGIN, APP)
        if (request.method === 'OPTIONS') response.setHeader('Access-Control-Allow-Methods', 'GET, DELETE')
      }
      response.statusCode = request.method === 'OPTIONS' && method === 'PUT' ? 400 : 200
      response.end()
    },
  ],
  [
    'rules of one route, and a 404 elsewhere',
    () =>
      express().use(
        '/orders',
        (request, response, next) => {
          if (request.path === '/') list(request, response, next)
          else next()
        },
        (request, response, next) => {
          if (request.path === '/') response.json([])
          else next()
        },
      ),
  ],
  [
    'a resource for its own site, on this machine',
    () => listing({ 'Cross-Origin-Resource-Policy': 'same-site' }),
  ],
  ['a resource for all', () => listing({ 'Cross-Origin-Resource-Policy': 'cross-origin' })],
  [
    'no Vary where there is no Origin',
    () => (request, response) => {
      const { origin } = request.headers
      if (origin === APP) response.setHeader(ORIGIN, APP).setHeader('Vary', 'Origin')
      response.end('{}')
    },
  ],
  ['no Vary for what nobody keeps', () => listing({ Vary: '', 'Cache-Control': 'no-store' })],
  [
    '403 for others',
    () => (request, response) => {
      const { origin } = request.headers
      if (origin !== undefined && origin !== APP) return void response.writeHead(403).end()
      if (origin === APP)
        response.setHeader(ORIGIN, APP).setHeader(CREDENTIALS, 'true').setHeader('Vary', 'Origin')
      response.end('{}')
    },
  ],
  [
    'Koa',
    () =>
      new Koa()
        .use(async (context, next) => {
          context.vary('Origin')
          if (context.get('origin') === APP) context.set(ORIGIN, APP)
          await next()
        })
        .use((context) => {
          if (context.path === '/orders') context.body = []
        })
        .callback(),
  ],
  [
    'Hono',
    () => ({
      fetch: new Hono().use(honoCors({ origin: [APP], credentials: true })).all('/orders', (c) => c.json([]))
        .fetch,
    }),
  ],
  [
    'what is sent along, and wanted of all but preflights',
    () =>
      app(list, (request, response, next) => {
        if (request.headers.authorization !== 'Bearer 1') response.status(401).end()
        else next()
      }),
    { extraHeaders: { Authorization: 'Bearer 1' } },
  ],
]

describe('is no finding', () => {
  test.each(RIGHT)('%s', async (_, server, options) => {
    const [ids, { outcome, unjudged }] = await audited(server(), options)
    expect(ids).toEqual([])
    expect([outcome, unjudged]).toEqual(['clean', []])
  })

  test('a resource for its own site, of a server of that site', async () => {
    const handler = (request: Request): Response => {
      const isApp = request.headers.get('origin') === APP
      const policy = { 'Cross-Origin-Resource-Policy': 'same-site' }
      return new Response('[]', {
        headers: isApp ? { ...policy, [ORIGIN]: APP, Vary: 'Origin' } : { ...policy, Vary: 'Origin' },
      })
    }
    const at = (baseUrl: string): unknown => endpoint(handler, { baseUrl })
    expect((await audited(at('https://api.example.com') as string))[0]).toEqual([])
    expect((await audited(at('https://api.example.net') as string))[0]).toEqual(['resource-policy cosmetic'])
  })
})
