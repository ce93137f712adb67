/** What nginx makes of a policy, alone or with an app behind it that has one, as an audit tells it. */
import type { RequestListener } from 'node:http'
import { auditOrigins } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { nginx, serve } from './real-caches.js'
import { find } from './tried-server.js'

const APP = 'https://app.example.com'

/** An app with rules of its own, or without. */
function app(hasRules: boolean, headers: Record<string, string> = {}): RequestListener {
  return ({ url = '', method, headers: { origin } }, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (hasRules) response.setHeader('Vary', 'Origin')
    if (hasRules && origin === APP) {
      response.setHeader('Access-Control-Allow-Origin', APP)
      response.setHeader('Access-Control-Allow-Credentials', 'true')
      if (method === 'OPTIONS') response.setHeader('Access-Control-Allow-Methods', 'PUT')
    }
    response.statusCode =
      method === 'OPTIONS' ? (hasRules ? 204 : 405) : /^\/orders(\?|$)/.test(url) ? 200 : 404
    response.end(response.statusCode === 204 ? undefined : '{}')
  }
}

/** Rules of nginx's own, with `always` or without. */
const rules = (always: string): string =>
  [
    'set $cors "";',
    `if ($http_origin = "${APP}") { set $cors $http_origin; }`,
    'if ($request_method = OPTIONS) { return 204; }',
    `add_header Access-Control-Allow-Origin $cors ${always};`,
    `add_header Access-Control-Allow-Methods PUT ${always};`,
    'add_header Vary Origin always;',
  ].join('\n')

const CASES: readonly [what: string, app: RequestListener, settings: string, found: readonly string[]][] = [
  ['no rules of its own', app(true), '', []],
  ['rules of its own', app(false), rules('always'), []],
  ['rules that leave errors out', app(false), rules(''), ['errors-without-cors dysfunctional']],
  [
    'the same rules as the app',
    app(true),
    `add_header Access-Control-Allow-Origin ${APP} always;`,
    ['duplicate-lines dysfunctional'],
  ],
  [
    'the same rules as the app, which are hidden',
    app(true),
    `proxy_hide_header Access-Control-Allow-Origin; add_header Access-Control-Allow-Origin ${APP} always;`,
    [],
  ],
  [
    'authentication of preflights',
    app(true),
    'if ($request_method = OPTIONS) { return 401; }',
    ['authenticated-preflight dysfunctional'],
  ],
  [
    'preflights that it responds to by itself',
    app(true),
    'if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin "*"; return 204; }',
    ['preflight-disagrees dysfunctional'],
  ],
  [
    'a slash too many',
    app(false),
    `add_header Access-Control-Allow-Origin ${APP}/ always;`,
    ['non-canonical-origin dysfunctional'],
  ],
  [
    'a misspelt name',
    app(true),
    'add_header Access-Control-Expose-Header X-Total always;',
    ['misspelt-header dysfunctional'],
  ],
  [
    'a policy for resources',
    app(true),
    'add_header Cross-Origin-Resource-Policy same-origin always;',
    ['resource-policy cosmetic'],
  ],
  [
    'a cache that ignores Vary',
    app(true, { 'Cache-Control': 'max-age=60' }),
    'proxy_ignore_headers Vary; add_header X-Cache $upstream_cache_status always;',
    ['vary dysfunctional'],
  ],
  [
    'a cache that heeds it',
    app(true, { 'Cache-Control': 'max-age=60' }),
    'add_header X-Cache $upstream_cache_status always;',
    [],
  ],
]

const asks = (process.env.EXPECT_CORS_SERVERS ?? '').split(',').filter((name) => name !== '')
const isAsked = asks.length > 0 ? asks.includes('nginx') : find('nginx') !== undefined

describe.skipIf(!isAsked)('nginx with', () => {
  test.each(CASES)('%s', { timeout: 60_000 }, async (_, upstream, settings, found) => {
    const url = await nginx.start(await serve(upstream), settings)
    const { findings } = await auditOrigins(url, { trusted: [APP], path: '/orders', timeout: 20_000 })
    expect(findings.map(({ id, severity }) => `${id} ${severity}`)).toEqual(found)
  })
})
