/**
 * The CORS part of xhr/ of the web-platform-tests. Synchronous requests are asked like others.
 *
 * | left out | why |
 * | --- | --- |
 * | access-control-basic-allow-preflight-cache*.any.js: tokens on the server | here with a clock, in one table |
 * | access-control-preflight-request-must-not-contain-cookie.htm, access-control-preflight-credential-*.htm: cookies | the page's; see test/page |
 * | access-control-response-with-body*.htm | bodies are the page's |
 * | event-upload-progress*.any.js: events | events are the page's; here what is sent |
 * | getresponseheader.any.js, headers-normalize-response.htm, getallresponseheaders.htm: values | values are the page's; here names |
 * | send-authentication-*.htm | HTTP authentication is not simulated |
 * | send-conditional-cors.htm | the HTTP cache is not simulated |
 * | access-control-basic-allow-access-control-origin-header-data-url.htm | documents are not simulated; an opaque origin is |
 */
import type { Profile } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { PreflightCache } from '../../src/fetch/preflight-cache.js'
import { travel } from '../fetch/travel.js'
import {
  allowed,
  at,
  blocked,
  type Expected,
  grants,
  OTHER_PORT,
  open,
  PAGE,
  REMOTE,
  REMOTE2,
  type Row,
  redirects,
  redirectsTo,
  wpt,
} from './wpt.js'

const xhr = { initiator: 'xhr' } as const
const custom = { ...xhr, headers: { 'x-test': 'test' } }

wpt('xhr/access-control-basic-allow.any.js', [
  { desc: 'the origin', wanted: xhr, server: grants({ credentials: 'true' }), expected: allowed },
])
wpt('xhr/access-control-basic-allow-star.any.js', [
  { desc: 'the star', wanted: xhr, server: grants({ origin: '*' }), expected: allowed },
])
wpt('xhr/access-control-basic-denied.htm', [
  {
    desc: 'no header',
    wanted: xhr,
    server: grants({ origin: null }),
    expected: { ...blocked, code: 'missing-allow-origin' },
  },
])
wpt('xhr/access-control-basic-allow-access-control-origin-header.any.js', [
  {
    desc: 'a header of that name in the answer',
    wanted: xhr,
    server: grants({ origin: PAGE }),
    expected: allowed,
  },
])
wpt('xhr/access-control-basic-allow-non-cors-safelisted-method.any.js', [
  {
    desc: 'PUT',
    wanted: { ...xhr, method: 'PUT', body: 'x' },
    server: grants({ methods: 'PUT' }),
    expected: { outcome: 'allowed', methods: 'OPTIONS PUT' },
  },
])
wpt('xhr/access-control-basic-get-fail-non-simple.htm', [
  {
    desc: 'a header that nobody permits',
    wanted: custom,
    server: grants(),
    expected: { outcome: 'blocked', methods: 'OPTIONS' },
  },
])
wpt('xhr/access-control-basic-preflight-denied.htm', [
  {
    desc: 'GET, denied',
    wanted: custom,
    server: grants({ origin: null }),
    expected: { ...blocked, code: 'missing-allow-origin' },
  },
])
wpt('xhr/access-control-basic-cors-safelisted-request-headers.htm', [
  {
    desc: 'four headers',
    wanted: {
      ...xhr,
      method: 'POST',
      headers: {
        Accept: '*',
        'Accept-Language': 'ru',
        'Content-Language': 'ru',
        'Content-Type': 'text/plain',
      },
    },
    server: grants(),
    expected: {
      outcome: 'allowed',
      methods: 'POST',
      headers: { accept: '*', 'accept-language': 'ru', 'content-type': 'text/plain' },
    },
  },
])
wpt('xhr/access-control-basic-cors-safelisted-response-headers.htm', [
  {
    desc: 'six headers',
    wanted: xhr,
    server: grants({
      more: {
        'Cache-Control': 'a',
        'Content-Language': 'en',
        'Content-Type': 'a/b',
        Expires: 'x',
        'Last-Modified': 'x',
        Pragma: 'x',
        'X-WebKit': 'foobar',
      },
    }),
    expected: {
      outcome: 'allowed',
      readable: [
        'cache-control',
        'content-language',
        'content-type',
        'expires',
        'last-modified',
        'pragma',
        '!x-webkit',
      ],
    },
  },
])
for (const [file, type] of [
  ['access-control-basic-non-cors-safelisted-content-type.htm', 'text/xml'],
  ['access-control-basic-post-with-non-cors-safelisted-content-type.htm', 'application/xml'],
] as const)
  wpt(`xhr/${file}`, [
    {
      desc: 'denied',
      wanted: { ...xhr, method: 'POST', body: 'x', headers: { 'Content-Type': type } },
      server: grants(),
      expected: { outcome: 'blocked', methods: 'OPTIONS' },
    },
    {
      desc: 'permitted',
      wanted: { ...xhr, method: 'POST', body: 'x', headers: { 'Content-Type': type } },
      server: grants({ headers: 'content-type' }),
      expected: { outcome: 'allowed', methods: 'OPTIONS POST' },
    },
  ])
wpt('xhr/access-control-basic-post-success-no-content-type.htm', [
  {
    desc: 'POST without a body',
    wanted: { ...xhr, method: 'POST' },
    server: grants(),
    expected: { outcome: 'allowed', methods: 'POST', headers: { 'content-type': undefined } },
  },
])
wpt(
  'xhr/access-control-basic-non-cors-safelisted-last-event-id.htm',
  ['safe-value', 'e5p3n<3k0k0s'].map(
    (value): Row => ({
      desc: value,
      wanted: { ...xhr, method: 'PUT', headers: { 'Last-Event-ID': value } },
      server: grants({ methods: 'PUT' }),
      expected: { ...blocked, code: 'header-not-allowed' },
    }),
  ),
)

const here = at({ '/a': redirectsTo(`${REMOTE}/b`, 302), '/b': grants({ origin: '*' }) })
wpt(
  'xhr/access-control-and-redirects.any.js',
  (
    [
      [PAGE, REMOTE],
      [REMOTE, PAGE],
      [REMOTE, REMOTE],
    ] as const
  ).map(
    ([from, to]): Row => ({
      desc: `${from} to ${to}`,
      wanted: { ...xhr, url: `${from}/a` },
      server: at({ '/a': redirectsTo(`${to}/b`, 302), '/b': grants() }),
      expected: allowed,
    }),
  ),
)
wpt('xhr/access-control-and-redirects-async.any.js', [
  {
    desc: 'a redirect without headers',
    wanted: xhr,
    server: at({
      '/a': redirectsTo(`${REMOTE}/b`, 302, grants({ origin: null })),
      '/b': grants({ origin: '*' }),
    }),
    expected: { ...blocked, code: 'missing-allow-origin' },
  },
  { desc: 'a redirect with headers', wanted: xhr, server: here, expected: allowed },
  {
    desc: 'user info',
    wanted: xhr,
    server: redirects({ '/a': { to: 'http://username:password@www1.web-platform.test:8000/b' } }),
    expected: { ...blocked, code: 'redirect-with-credentials' },
  },
  {
    desc: 'another scheme',
    wanted: xhr,
    server: redirects({ '/a': { to: 'foo://bar.cgi' } }),
    expected: { ...blocked, code: 'redirect-to-unsupported-scheme' },
  },
  {
    desc: 'a preflight that is redirected',
    wanted: custom,
    server: grants({ headers: 'x-test', status: 302, more: { Location: '/b' } }),
    expected: { ...blocked, code: 'preflight-redirect' },
  },
  {
    desc: 'after a preflight, to what does not permit',
    wanted: custom,
    server: at({
      '/a': redirectsTo(`${REMOTE}/b`, 302, grants({ headers: 'x-test' })),
      '/b': grants({ origin: '*' }),
    }),
    expected: { ...blocked, code: 'header-not-allowed' },
  },
  {
    desc: 'within the own origin',
    wanted: { ...custom, url: `${PAGE}/a` },
    server: at({ '/a': redirectsTo('/b', 302, grants({ origin: null })), '/b': grants({ origin: null }) }),
    expected: { outcome: 'allowed', methods: 'GET GET' },
  },
])
const answers = {
  star: grants({ origin: '*' }),
  echo: grants({ credentials: 'true' }),
  none: grants({ credentials: 'false' }),
}
wpt(
  'xhr/access-control-and-redirects-async-same-origin.any.js',
  (['star', 'echo', 'none'] as const).flatMap((kind) =>
    [false, true].map(
      (credentials): Row => ({
        desc: `${kind}, ${credentials ? 'with' : 'without'} credentials`,
        wanted: { ...xhr, url: `${PAGE}/a`, credentials: credentials ? 'include' : 'same-origin' },
        server: at({ '/a': redirectsTo(`${REMOTE}/b`, 302, grants({ origin: null })), '/b': answers[kind] }),
        expected: credentials && kind !== 'echo' ? blocked : allowed,
      }),
    ),
  ),
)

for (const how of ['async', 'sync']) {
  wpt(`xhr/access-control-preflight-${how}-header-denied.htm`, [
    {
      desc: 'a header',
      wanted: custom,
      server: grants({ headers: 'x-other' }),
      expected: { outcome: 'blocked', code: 'header-not-allowed', methods: 'OPTIONS' },
    },
  ])
  wpt(`xhr/access-control-preflight-${how}-method-denied.htm`, [
    {
      desc: 'DELETE',
      wanted: { ...xhr, method: 'DELETE' },
      server: grants({ methods: 'PUT' }),
      expected: { outcome: 'blocked', code: 'method-not-allowed', methods: 'OPTIONS' },
    },
  ])
  wpt(`xhr/access-control-preflight-${how}-not-supported.htm`, [
    {
      desc: 'PUT',
      wanted: { ...xhr, method: 'PUT' },
      server: grants({ origin: null, status: 405 }),
      expected: { outcome: 'blocked', methods: 'OPTIONS' },
    },
  ])
  wpt(`xhr/access-control-preflight-headers-${how}.htm`, [
    {
      desc: 'two headers',
      wanted: { ...xhr, headers: { 'X-A': '1', 'X-B': '2' } },
      server: grants({ headers: 'x-a, x-b' }),
      expected: { outcome: 'allowed', methods: 'OPTIONS GET', headers: { 'x-a': '1', 'x-b': '2' } },
    },
  ])
  wpt(`xhr/access-control-preflight-credential-${how}.htm`, [
    {
      desc: 'PUT',
      wanted: { ...xhr, method: 'PUT', credentials: 'include' },
      server: grants({ methods: 'PUT', credentials: 'true' }),
      expected: allowed,
    },
  ])
}
wpt('xhr/access-control-preflight-request-header-lowercase.htm', [
  {
    desc: 'X-Test',
    wanted: { ...xhr, headers: { 'X-Test': 'foobar' } },
    server: grants(),
    expected: { outcome: 'blocked', headers: { 'access-control-request-headers': 'x-test' } },
  },
])
wpt('xhr/access-control-preflight-request-header-sorted.htm', [
  {
    desc: 'five',
    wanted: {
      ...xhr,
      headers: {
        'X-Custom-Test': 'a',
        'X-Custom-ua': 'a',
        'X-Custom-V': 'a',
        'X-Custom-s': 'a',
        'X-Custom-U': 'a',
      },
    },
    server: grants(),
    expected: {
      outcome: 'blocked',
      headers: {
        'access-control-request-headers': 'x-custom-s,x-custom-test,x-custom-u,x-custom-ua,x-custom-v',
      },
    },
  },
])
wpt('xhr/access-control-preflight-request-headers-origin.htm', [
  {
    desc: 'Origin is not asked for',
    wanted: { ...xhr, headers: { Origin: 'x', 'X-A': '1' } },
    server: grants(),
    expected: { outcome: 'blocked', headers: { 'access-control-request-headers': 'x-a', origin: PAGE } },
  },
])
wpt('xhr/access-control-preflight-request-header-returns-origin.any.js', [
  {
    desc: 'the star first, then the origin',
    wanted: custom,
    server: (request) => grants({ origin: request.preflight ? '*' : PAGE, headers: 'x-test' })(request),
    expected: allowed,
  },
])
for (const status of [301, 400, 501])
  wpt(`xhr/access-control-preflight-request-invalid-status-${status}.htm`, [
    {
      desc: String(status),
      wanted: custom,
      server: grants({ headers: 'x-test', status }),
      expected: { outcome: 'blocked', methods: 'OPTIONS' },
    },
  ])
wpt('xhr/access-control-preflight-request-must-not-contain-cookie.htm', [
  {
    desc: 'no Cookie',
    wanted: { ...custom, credentials: 'include' },
    server: open,
    expected: { outcome: 'allowed', headers: { cookie: undefined } },
  },
])
wpt('xhr/access-control-recursive-failed-request.htm', [
  { desc: 'denied', wanted: xhr, server: grants({ origin: null }), expected: blocked },
])
wpt('xhr/access-control-response-with-exposed-headers.htm', [
  {
    desc: 'X-FOO',
    wanted: xhr,
    server: grants({ more: { 'X-FOO': 'BAR', 'X-TEST': 'TEST', 'Access-Control-Expose-Headers': 'x-Foo' } }),
    expected: { outcome: 'allowed', readable: ['x-foo', '!x-test'] },
  },
])

const sandbox = { ...xhr, origin: 'null', page: `${PAGE}/` }
wpt('xhr/access-control-sandboxed-iframe-allow.htm', [
  { desc: 'the star', wanted: sandbox, server: grants({ origin: '*' }), expected: allowed },
])
wpt('xhr/access-control-sandboxed-iframe-allow-origin-null.htm', [
  { desc: 'null', wanted: sandbox, server: grants({ origin: 'null' }), expected: allowed },
])
wpt('xhr/access-control-sandboxed-iframe-denied.htm', [
  {
    desc: 'no header',
    wanted: { ...sandbox, url: `${PAGE}/a` },
    server: grants({ origin: null }),
    expected: { ...blocked, code: 'missing-allow-origin' },
  },
])
wpt('xhr/access-control-sandboxed-iframe-denied-without-wildcard.htm', [
  {
    desc: "the parent's origin",
    wanted: sandbox,
    server: grants({ origin: PAGE, credentials: 'true' }),
    expected: { ...blocked, code: 'allow-origin-mismatch' },
  },
])
wpt('xhr/allow-lists-starting-with-comma.htm', [
  {
    desc: 'headers',
    wanted: { ...xhr, headers: { 'x-print': 'unicorn', 'y-print': 'narwhal' } },
    server: grants({ headers: ',y-lol,x-print, ,,,y-print' }),
    expected: allowed,
  },
  {
    desc: 'methods',
    wanted: { ...xhr, method: 'PUT' },
    server: grants({ methods: ',,PUT,GET' }),
    expected: allowed,
  },
])

const form = new FormData()
form.append('key', 'value')
wpt('xhr/cors-upload.any.js', [
  {
    desc: 'FormData needs no preflight',
    wanted: { ...xhr, method: 'POST', body: form },
    server: open,
    expected: { outcome: 'allowed', methods: 'POST' },
  },
  {
    desc: 'FormData after a preflight',
    wanted: {
      ...xhr,
      method: 'POST',
      body: form,
      headers: { Authorization: 'Bearer access-token' },
      credentials: 'include',
    },
    server: open,
    expected: {
      outcome: 'allowed',
      methods: 'OPTIONS POST',
      headers: { authorization: 'Bearer access-token' },
    },
  },
])
wpt(
  'xhr/event-upload-progress-crossorigin.any.js',
  (
    [
      [REMOTE, 'POST', 'OPTIONS POST'],
      [PAGE, 'POST POST', 'POST OPTIONS POST'],
    ] as const
  ).flatMap(([from, without, withListeners]): Row[] => {
    const wanted = { ...xhr, url: `${from}/a`, method: 'POST', body: 'x' }
    const server = from === REMOTE ? open : redirects({ [`${PAGE}/a`]: { to: `${REMOTE}/b`, status: 307 } })
    return [
      {
        desc: `${from}, listeners`,
        wanted: { ...wanted, uploadListeners: true },
        server,
        expected: { outcome: 'allowed', methods: withListeners },
      },
      { desc: `${from}, none`, wanted, server, expected: { outcome: 'allowed', methods: without } },
    ]
  }),
)
wpt(
  'xhr/send-non-same-origin.htm',
  [REMOTE, OTHER_PORT, 'http://web-platform.test'].map(
    (target): Row => ({
      desc: target,
      wanted: { ...xhr, url: `${target}/a` },
      server: grants({ origin: null }),
      expected: blocked,
    }),
  ),
)

const bytes = new Uint8Array([65, 66, 67])
const pony = 'application/x-pony'
const storm = 'application/thunderstorm'
wpt(
  'xhr/send-redirect-to-cors.htm',
  (
    [
      [301, 'GET', null, null, false],
      [301, 'GET', null, pony, false],
      [301, 'GET', null, pony, true],
      [303, 'GET', null, pony, true],
      [302, 'GET', null, null, false],
      [303, 'GET', null, null, false],
      [302, 'FOO', 'test', pony, true],
      [303, 'FOO', 'test', pony, true],
      [307, 'GET', null, null, false],
      [307, 'POST', null, null, false],
      [307, 'POST', 'hello', null, false],
      [307, 'POST', bytes, null, false],
      [301, 'POST', 'yoyo', pony, false],
      [301, 'POST', 'yoyo', pony, true],
      [302, 'POST', 'yoyo', pony, false],
      [307, 'POST', 'yoyo', pony, false],
      [307, 'FOO', 'yoyo', pony, false],
      [308, 'POST', 'yoyo', pony, false],
      [308, 'FOO', 'yoyo', pony, false],
      [308, 'FOO', 'yoyo', 'text/plain', false],
      [308, 'FOO', 'yoyo', 'multipart/form-data', false],
      [308, 'FOO', 'yoyo', storm, true],
      [307, 'POST', 'yoyo', storm, true],
    ] as const
  ).map(([status, method, body, type, lists]): Row => {
    const becomesGet = (status < 303 && method === 'POST') || (status === 303 && method !== 'GET')
    const permits = lists || type === null || !type.startsWith('application/')
    const sent = becomesGet
      ? undefined
      : (type ?? (typeof body === 'string' ? 'text/plain;charset=UTF-8' : undefined))
    const reached: Expected = { outcome: 'allowed', headers: { 'content-type': sent } }
    const row: Row = {
      desc: `${status} ${method}, ${type ?? 'no type'}, ${lists ? 'permitted' : 'not permitted'}`,
      wanted: {
        ...xhr,
        url: `${PAGE}/a`,
        method,
        body: body as string | null,
        headers: type === null ? {} : { 'Content-Type': type },
      },
      server: at({
        '/a': redirectsTo(`${REMOTE2}/b`, status),
        '/b': grants({
          methods: 'GET, POST, PUT, FOO',
          ...(lists ? { headers: 'x-test, content-type' } : {}),
        }),
      }),
      expected: permits || becomesGet ? reached : { ...blocked, code: 'header-not-allowed' },
    }
    if (!becomesGet || permits) return row
    // WebKit lists what the redirect removed, and is refused it. Firefox preflights as well, and lists nothing.
    return { ...row, but: { webkit: { ...blocked, code: 'header-not-allowed' } } }
  }),
)

wpt(
  'xhr/send-content-type-charset.htm',
  (
    [
      ['text; charset=ascii', 'text; charset=ascii'],
      ['', ''],
      ['charset=ascii', 'charset=ascii'],
      ['charset=bogus', 'charset=bogus'],
      ['text/plain;charset=utf-8', 'text/plain;charset=utf-8'],
      ['text/x-pink-unicorn', 'text/x-pink-unicorn'],
      ['text/plain', 'text/plain'],
      ['text/plain;  hi=bye', 'text/plain;  hi=bye'],
      ['text/x-thepiano;charset= waddup', 'text/x-thepiano;charset=UTF-8'],
      ['text/plain;charset=utf-8;charset=waddup', 'text/plain;charset=utf-8;charset=waddup'],
      ['text/plain;charset=shift-jis', 'text/plain;charset=UTF-8'],
      [
        'text/x-pink-unicorn; charset=windows-1252; charset=bogus; notrelated; charset=ascii',
        'text/x-pink-unicorn;charset=UTF-8',
      ],
      ['text/plain;charset= utf-8', 'text/plain;charset=UTF-8'],
      ['text/plain;charset="utf-8"', 'text/plain;charset="utf-8"'],
      ['text/plain;charset=" utf-8"', 'text/plain;charset=UTF-8'],
      ['text/plain;charset="u\\t\\f-8"', 'text/plain;charset="u\\t\\f-8"'],
      ['YO/yo;charset=x;yo=YO; X=y', 'yo/yo;charset=UTF-8;yo=YO;x=y'],
    ] as const
  ).map(
    ([given, sent]): Row => ({
      desc: given,
      wanted: { ...xhr, url: `${PAGE}/a`, method: 'POST', body: 'TEST', headers: { 'Content-Type': given } },
      server: open,
      expected: { outcome: 'allowed', headers: { 'content-type': sent } },
      // Chromium overwrites the parameter where it stands, whatever it says; how it does so is recorded, not asked here.
      but: { chromium: allowed },
    }),
  ),
)

wpt(
  'xhr/data-uri.htm',
  ['text/plain', 'text/html', 'text/html;charset=UTF-8', 'image/png'].flatMap((type) =>
    ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'UNICORN'].map(
      (method): Row => ({
        desc: `${method} ${type}`,
        wanted: { ...xhr, url: `data:${type},Hello, World!`, method },
        server: open,
        expected: {
          outcome: 'allowed',
          status: 200,
          methods: '',
          readable: ['content-type', '!content-length'],
        },
      }),
    ),
  ),
)

const secret = { Authorization: 'Basic dXNlcjpwYXNz' }
wpt('xhr/xhr-authorization-redirect.any.js', [
  {
    desc: 'no redirect',
    wanted: { ...xhr, url: `${PAGE}/a`, headers: secret },
    server: open,
    expected: { outcome: 'allowed', headers: { authorization: secret.Authorization } },
  },
  {
    desc: 'within the origin',
    wanted: { ...xhr, url: `${PAGE}/a`, headers: secret },
    server: redirects({ '/a': { to: '/b' } }),
    expected: { outcome: 'allowed', headers: { authorization: secret.Authorization } },
  },
  {
    desc: 'to another',
    wanted: { ...xhr, headers: secret },
    server: redirects({ [`${REMOTE}/a`]: { to: `${PAGE}/b` } }),
    expected: { outcome: 'allowed', headers: { authorization: undefined } },
  },
])

describe('https://github.com/web-platform-tests/wpt/blob/master/xhr/access-control-basic-allow-preflight-cache.any.js', () => {
  const engines: Profile[] = ['standard', 'chromium', 'firefox', 'webkit']
  const put = { ...xhr, origin: PAGE, url: `${REMOTE}/a`, method: 'PUT' }
  test.each<[desc: string, second: object, seconds: number, preflighted: boolean]>([
    ['the same again', {}, 0, false],
    ['-timeout: later than max-age', {}, 3, true],
    ['-invalidation-by-header: another header', { headers: { 'x-test': 'a' } }, 0, true],
    ['-invalidation-by-method: another method', { method: 'XMETHOD' }, 0, true],
  ])('%s', (_desc, second, seconds, preflighted) => {
    for (const engine of engines) {
      let now = 0
      const cache = new PreflightCache(() => now)
      const server = grants({ methods: 'PUT', maxAge: '2' })
      expect(travel(engine, put, server, { cache }).sent, engine).toHaveLength(2)
      now = seconds * 1000
      const { log } = travel(engine, { ...put, ...second }, server, { cache })
      expect(log[0]?.preflight, engine).toBe(preflighted)
    }
  })
})
