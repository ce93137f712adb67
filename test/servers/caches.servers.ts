/** Real caches on the way: what they mix up is found, and nothing is where they keep origins apart. */
import '../../src/runners/vitest.js'
import type { RequestListener } from 'node:http'
import { describe, expect, test } from 'vitest'
import { failure, refusal } from '../matchers/assertions.js'
import { nginx, type RealCache, serve, varnish } from './real-caches.js'
import { find } from './tried-server.js'

const APP = 'https://app.example.com'
const OTHER = 'http://localhost:3000'
const asked = { origin: APP, path: '/orders', timeout: 20_000 }

/** An app with a list of origins, and further headers; a 404 for one path, a redirect for another. */
function listing(headers: Record<string, string | string[]> = {}): RequestListener {
  return ({ url = '', headers: { origin } }, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (origin === APP || origin === OTHER) response.setHeader('Access-Control-Allow-Origin', origin)
    if (url.startsWith('/moved')) response.setHeader('Location', '/orders')
    response.statusCode = url.startsWith('/gone') ? 404 : url.startsWith('/moved') ? 301 : 200
    response.end(JSON.stringify({ url }))
  }
}

const VARIES = { Vary: 'Origin' }
const FRESH = { 'Cache-Control': 'max-age=600' }
const right = listing({ ...VARIES, ...FRESH })
const bare = listing(FRESH)

const asks = (process.env.EXPECT_CORS_SERVERS ?? '').split(',').filter((name) => name !== '')

function isAsked(name: string, { program }: RealCache): boolean {
  return asks.length > 0 ? asks.includes(name) : find(program) !== undefined
}

const NGINX_SAYS = 'add_header X-Cache $upstream_cache_status always;'

/** A cache with settings, in front of an app. */
type Case = [
  what: string,
  name: string,
  cache: RealCache,
  app: RequestListener,
  settings: string,
  path?: string,
]

/** What a cache does wrong, or what the app behind it leaves to it. */
const MIXING: readonly Case[] = [
  ['as it comes, and an app without Vary', 'varnish', varnish, bare, ''],
  ['as it comes, and an app that says nothing at all', 'varnish', varnish, listing(), ''],
  [
    'as it comes, and an app with another Vary',
    'varnish',
    varnish,
    listing({ Vary: 'Accept-Encoding', 'Cache-Control': 's-maxage=60' }),
    '',
  ],
  ['that takes Vary away', 'varnish', varnish, right, 'sub vcl_backend_response { unset beresp.http.Vary; }'],
  [
    'that takes Vary away, and puts it back',
    'varnish',
    varnish,
    right,
    'sub vcl_backend_response { set beresp.http.X-Vary = beresp.http.Vary; unset beresp.http.Vary; }\nsub vcl_deliver { set resp.http.Vary = resp.http.X-Vary; unset resp.http.X-Vary; unset resp.http.X-Varnish; unset resp.http.Age; unset resp.http.Via; }',
  ],
  [
    'that looks only whether there is an Origin',
    'varnish',
    varnish,
    right,
    'sub vcl_hash { if (req.http.Origin) { hash_data("cors"); } }\nsub vcl_backend_response { unset beresp.http.Vary; }',
  ],
  [
    'that keeps everything for a minute',
    'varnish',
    varnish,
    listing({ 'Cache-Control': 'no-store' }),
    'sub vcl_backend_response { set beresp.ttl = 60s; return (deliver); }',
  ],
  ['that keeps a 404', 'varnish', varnish, bare, '', '/gone'],
  ['that keeps a redirect', 'varnish', varnish, bare, '', '/moved'],
  ['as it comes, and an app without Vary', 'nginx', nginx, bare, NGINX_SAYS],
  ['that does not say so', 'nginx', nginx, bare, ''],
  [
    'for a minute, and an app that says nothing at all',
    'nginx',
    nginx,
    listing(),
    'proxy_cache_valid 200 1m;',
  ],
  ['that ignores Vary', 'nginx', nginx, right, `proxy_ignore_headers Vary; ${NGINX_SAYS}`],
  ['that ignores Vary, and does not say so', 'nginx', nginx, right, 'proxy_ignore_headers Vary;'],
  [
    'that ignores all that is said of caches',
    'nginx',
    nginx,
    listing({ ...VARIES, 'Cache-Control': 'no-store' }),
    'proxy_ignore_headers Cache-Control Vary; proxy_cache_valid 1m;',
  ],
  [
    'that keeps what is asked for twice',
    'nginx',
    nginx,
    right,
    'proxy_ignore_headers Vary; proxy_cache_min_uses 2;',
  ],
  [
    'with a cookie that it ignores',
    'nginx',
    nginx,
    listing({ ...VARIES, ...FRESH, 'Set-Cookie': 'a=1' }),
    'proxy_ignore_headers Vary Set-Cookie;',
  ],
  [
    'that keeps a 404',
    'nginx',
    nginx,
    listing(VARIES),
    'proxy_ignore_headers Vary; proxy_cache_valid 404 1m;',
    '/gone',
  ],
]

describe.each(MIXING.filter(([, name, cache]) => isAsked(name, cache)))(
  'mixes up: %s in %s',
  (...[, , cache, app, settings, path = '/orders']) => {
    test('is found', { timeout: 60_000 }, async () => {
      const url = await cache.start(await serve(app), settings)
      const options = { ...asked, path }
      const message = await failure(() => expect(url).toKeepOriginsApartInCaches(options))
      expect(message).toMatch(/^GET \S+: a cache on the way/)
      expect(message).toContain('prints there: Access to fetch at')
      await expect(url).not.toKeepOriginsApartInCaches(options)
    })
  },
)

const APART: readonly Case[] = [
  ['as it comes', 'varnish', varnish, right, ''],
  [
    'as it comes, with Vary on two lines',
    'varnish',
    varnish,
    listing({ Vary: ['Accept-Encoding', 'origin'], ...FRESH }),
    '',
  ],
  [
    'with the Origin in its key',
    'varnish',
    varnish,
    listing({ 'Cache-Control': 's-maxage=60' }),
    'sub vcl_hash { hash_data(req.http.Origin); }',
  ],
  ['with a cookie', 'varnish', varnish, listing({ ...VARIES, ...FRESH, 'Set-Cookie': 'a=1' }), ''],
  ['that keeps no such path', 'varnish', varnish, listing(VARIES), 'sub vcl_recv { return (pass); }'],
  [
    'as it comes, with one policy for all',
    'varnish',
    varnish,
    (_request, response) =>
      void response
        .setHeader('Access-Control-Allow-Origin', '*')
        .setHeader('Cache-Control', 'max-age=600')
        .end(),
    '',
  ],
  ['that keeps a 404', 'varnish', varnish, right, '', '/gone'],
  ['as it comes', 'nginx', nginx, right, NGINX_SAYS],
  ['that does not say so', 'nginx', nginx, right, ''],
  ['for a minute', 'nginx', nginx, listing(VARIES), `proxy_cache_valid 1m; ${NGINX_SAYS}`],
  [
    'with the Origin in its key',
    'nginx',
    nginx,
    listing({ 'Cache-Control': 's-maxage=60' }),
    `proxy_cache_key "$request_uri $http_origin"; ${NGINX_SAYS}`,
  ],
  ['that keeps what is asked for twice', 'nginx', nginx, right, `proxy_cache_min_uses 2; ${NGINX_SAYS}`],
  ['with no-store', 'nginx', nginx, listing({ 'Cache-Control': 'no-store' }), NGINX_SAYS],
]

describe.each(APART.filter(([, name, cache]) => isAsked(name, cache)))(
  'keeps apart: %s in %s',
  (...[, , cache, app, settings, path = '/orders']) => {
    test('holds', { timeout: 60_000 }, async () => {
      const url = await cache.start(await serve(app), settings)
      await expect(url).toKeepOriginsApartInCaches({ ...asked, path })
      await expect(url).toKeepOriginsApartInCaches({ ...asked, path, method: 'HEAD' })
    })
  },
)

const SHOWING_NOTHING: readonly [
  what: string,
  name: string,
  cache: RealCache,
  settings: string,
  why: string,
][] = [
  [
    'goes by the path alone',
    'varnish',
    varnish,
    'sub vcl_recv { set req.http.X-Url = req.url; }\nsub vcl_hash { hash_data(regsub(req.url, "\\?.*", "")); return (lookup); }\nsub vcl_backend_response { unset beresp.http.Vary; }',
    'it does not go by the query',
  ],
  [
    'passes what has a query',
    'varnish',
    varnish,
    'sub vcl_recv { if (req.url ~ "\\?") { return (pass); } }',
    'kept none of the responses',
  ],
  [
    'strips the Origin',
    'varnish',
    varnish,
    'sub vcl_recv { unset req.http.Origin; }',
    'needs an origin that the server allows',
  ],
  [
    'goes by the path alone',
    'nginx',
    nginx,
    'proxy_cache_key $uri; proxy_ignore_headers Vary;',
    'preflights tell the same origins apart',
  ],
  [
    'goes by the path alone, and says so',
    'nginx',
    nginx,
    `proxy_cache_key $uri; proxy_ignore_headers Vary; ${NGINX_SAYS}`,
    'it does not go by the query',
  ],
]

describe.each(SHOWING_NOTHING.filter(([, name, cache]) => isAsked(name, cache)))(
  'shows nothing: %s in %s',
  (...[, , cache, settings, why]) => {
    test('is not judged, in either form', { timeout: 60_000 }, async () => {
      const url = await cache.start(await serve(right), settings)
      expect(await refusal(() => expect(url).toKeepOriginsApartInCaches(asked))).toContain(why)
      expect(await refusal(() => expect(url).not.toKeepOriginsApartInCaches(asked))).toContain(why)
    })
  },
)

test.skipIf(!isAsked('varnish', varnish))(
  'the fix for Varnish, as it is printed',
  { timeout: 60_000 },
  async () => {
    const port = await serve(listing(VARIES))
    const wrong =
      'sub vcl_backend_response { set beresp.http.X-Vary = beresp.http.Vary; unset beresp.http.Vary; }\nsub vcl_deliver { set resp.http.Vary = resp.http.X-Vary; }'
    const message = await failure(async () =>
      expect(await varnish.start(port, wrong)).toKeepOriginsApartInCaches(asked),
    )
    const fix = snippetOf(message, 'In varnish:')
    expect(fix).toContain('hash_data')
    await expect(await varnish.start(port, `${fix}\n${wrong}`)).toKeepOriginsApartInCaches(asked)
  },
)

test.skipIf(!isAsked('varnish', varnish))(
  'the fix for Varnish where the app sends no Vary',
  { timeout: 60_000 },
  async () => {
    const port = await serve(bare)
    const message = await failure(async () =>
      expect(await varnish.start(port, '')).toKeepOriginsApartInCaches(asked),
    )
    await expect(await varnish.start(port, snippetOf(message, 'In varnish:'))).toKeepOriginsApartInCaches(
      asked,
    )
  },
)

test.skipIf(!isAsked('nginx', nginx))(
  'the fix for nginx, as it is printed',
  { timeout: 60_000 },
  async () => {
    const port = await serve(right)
    const wrong = 'proxy_ignore_headers Vary;'
    const message = await failure(async () =>
      expect(await nginx.start(port, wrong)).toKeepOriginsApartInCaches(asked),
    )
    const fix = snippetOf(message, 'In nginx:')
    expect(fix).toContain('proxy_cache_key')
    await expect(await nginx.start(port, `${wrong}\n${fix}`)).toKeepOriginsApartInCaches(asked)
  },
)

/** The indented lines below a title. */
function snippetOf(message: string, title: string): string {
  const [, below = ''] = message.split(title)
  return below
    .split('\n')
    .slice(1)
    .filter((line) => line.startsWith('  '))
    .join('\n')
}
