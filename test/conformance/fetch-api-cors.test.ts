/**
 * fetch/api/cors of the web-platform-tests.
 *
 * | left out | why |
 * | --- | --- |
 * | cors-cookies.any.js, cors-cookies-redirect.any.js | cookies are the page's; see test/page |
 * | cors-keepalive.any.js | lifetimes of documents |
 * | cors-preflight.any.js: user agent in the preflight | the transport's |
 * | data-url-shared-worker.html | as data-url-worker.html, there is one opaque origin |
 */
import {
  allowed,
  at,
  blocked,
  grants,
  HTTPS_PAGE,
  HTTPS_REMOTE,
  OTHER_PORT,
  open,
  PAGE,
  REDIRECTS,
  REMOTE,
  REMOTE_OTHER_PORT,
  type Row,
  redirectsTo,
  wpt,
} from './wpt.js'

const targets: [desc: string, origin: string][] = [
  ['same domain, other port', OTHER_PORT],
  ['same domain, other protocol', HTTPS_PAGE],
  ['other domain', REMOTE],
  ['other domain and port', REMOTE_OTHER_PORT],
  ['other domain and protocol', HTTPS_REMOTE],
]

wpt(
  'fetch/api/cors/cors-basic.any.js',
  targets.flatMap(([desc, target]): Row[] => [
    {
      desc: `${desc}, no-cors`,
      wanted: { url: `${target}/a`, mode: 'no-cors' },
      server: grants({ origin: '*' }),
      expected: { outcome: 'opaque', type: 'opaque', status: 0 },
    },
    {
      desc: `${desc}, forbidden`,
      wanted: { url: `${target}/a` },
      server: grants({ origin: null }),
      expected: blocked,
    },
    {
      desc: `${desc}, cors`,
      wanted: { url: `${target}/a` },
      server: grants({ origin: '*' }),
      expected: { outcome: 'allowed', type: 'cors', status: 200 },
    },
  ]),
)

wpt('fetch/api/cors/cors-no-preflight.any.js', [
  ...targets.map(
    ([desc, target]): Row => ({
      desc,
      wanted: { url: `${target}/a` },
      server: grants(),
      expected: { outcome: 'allowed', methods: 'GET' },
    }),
  ),
  ...['POST', 'HEAD'].map(
    (method): Row => ({
      desc: method,
      wanted: { method },
      server: grants(),
      expected: { outcome: 'allowed', methods: method },
    }),
  ),
  ...(
    [
      ['Accept', '*/*'],
      ['Accept-Language', 'fr'],
      ['Content-Language', 'fr'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Content-Type', 'multipart/form-data'],
      ['Content-Type', 'text/plain'],
      ['Content-Type', 'text/plain;charset=utf-8'],
      ['Content-Type', 'Text/Plain;charset=utf-8'],
    ] as const
  ).map(
    ([name, value]): Row => ({
      desc: `${name}: ${value}`,
      wanted: { headers: [[name, value]] },
      server: grants(),
      expected: { outcome: 'allowed', methods: 'GET' },
    }),
  ),
])

const several: [string, string][] = [
  ['x-test-header1', 'a'],
  ['x-test-header2', 'a'],
  ['X-test-header3', 'a'],
  ['x-test-header-b', 'a'],
  ['x-test-header-D', 'a'],
  ['x-test-header-C', 'a'],
  ['x-test-header-a', 'a'],
  ['Content-Type', 'a'],
]
const safe: [string, string][] = [
  ['Accept', '*'],
  ['Accept-Language', 'bzh'],
  ['Content-Language', 'eu'],
]
const names =
  'content-type,x-test-header-a,x-test-header-b,x-test-header-c,x-test-header-d,x-test-header1,x-test-header2,x-test-header3'
wpt('fetch/api/cors/cors-preflight.any.js', [
  ...['DELETE', 'PUT', 'PATCH', 'NEW'].flatMap((method): Row[] => [
    {
      desc: `${method} allowed`,
      wanted: { method },
      server: grants({ methods: method }),
      expected: { outcome: 'allowed', methods: `OPTIONS ${method}` },
    },
    {
      desc: `${method} refused`,
      wanted: { method },
      server: grants({ methods: 'GET' }),
      expected: { ...blocked, code: 'method-not-allowed', methods: 'OPTIONS' },
    },
  ]),
  {
    desc: 'a header allowed',
    wanted: { headers: [['x-test-header1', 'a']] },
    server: grants({ headers: 'x-test-header1' }),
    expected: { outcome: 'allowed', methods: 'OPTIONS GET' },
  },
  {
    desc: 'a header refused',
    wanted: { headers: [['x-test-header1', 'a']] },
    server: grants({ headers: 'x-test-header' }),
    expected: { ...blocked, code: 'header-not-allowed' },
  },
  ...['GET', 'PUT'].flatMap((method): Row[] => [
    {
      desc: `${method}, several headers allowed`,
      wanted: { method, headers: [...several, ...safe] },
      server: grants({ methods: method, headers: names }),
      expected: { outcome: 'allowed', methods: `OPTIONS ${method}` },
    },
    {
      desc: `${method}, several headers asked for`,
      wanted: { method, headers: [...several, ...safe] },
      server: grants({ methods: method }),
      expected: {
        outcome: 'blocked',
        headers: { 'access-control-request-headers': names, 'access-control-request-method': method },
      },
    },
  ]),
  {
    desc: 'PUT, safe headers',
    wanted: { method: 'PUT', headers: safe },
    server: grants({ methods: 'PUT' }),
    expected: { outcome: 'allowed', methods: 'OPTIONS PUT' },
  },
])

const long = '0'.repeat(129)
wpt(
  'fetch/api/cors/cors-preflight-not-cors-safelisted.any.js',
  (
    [
      ['accept', '"'],
      ['accept', long],
      ['accept-language', '\u0001'],
      ['accept-language', '@'],
      ['authorization', 'basics'],
      ['content-language', '\u0001'],
      ['content-language', '@'],
      ['content-type', 'text/html'],
      ['content-type', `text/plain; long=${'0'.repeat(112)}`],
      ['last-event-id', '"'],
      ['last-event-id', long],
      ['range', 'bytes 0-'],
      ['test', 'hi'],
    ] as const
  ).map(
    ([name, value]): Row => ({
      desc: `${name}: ${value}`,
      wanted: { headers: [[name, value]] },
      server: grants({ headers: name }),
      expected: { outcome: 'allowed', methods: 'OPTIONS GET' },
    }),
  ),
)

wpt(
  'fetch/api/cors/cors-preflight-status.any.js',
  [
    200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 305, 306, 307, 308, 400, 401, 402, 403, 404,
    405, 501, 502, 503, 504, 505,
  ].map(
    (status): Row => ({
      desc: String(status),
      wanted: { headers: [['x-force-preflight', '']] },
      server: grants({ headers: 'x-force-preflight', status }),
      expected:
        status < 300
          ? { outcome: 'allowed', methods: 'OPTIONS GET' }
          : { outcome: 'blocked', methods: 'OPTIONS' },
    }),
  ),
)

wpt(
  'fetch/api/cors/cors-preflight-redirect.any.js',
  REDIRECTS.flatMap((status): Row[] => [
    {
      desc: `${status} of the preflight`,
      wanted: { headers: [['x-a', '']] },
      server: grants({ headers: 'x-a', status, more: { Location: `${REMOTE}/b` } }),
      expected: { outcome: 'blocked', code: 'preflight-redirect', methods: 'OPTIONS' },
    },
    // The target does not permit the header, so that its own preflight fails.
    {
      desc: `${status} after the preflight`,
      wanted: { headers: [['x-a', '']] },
      server: at({ '/a': redirectsTo(`${REMOTE}/b`, status, grants({ headers: 'x-a' })), '/b': grants() }),
      expected: { outcome: 'blocked', code: 'header-not-allowed', methods: 'OPTIONS GET OPTIONS' },
    },
  ]),
)

wpt('fetch/api/cors/cors-preflight-response-validation.any.js', [
  {
    desc: 'bad Access-Control-Allow-Headers',
    wanted: { headers: [['x-a', '']] },
    server: grants({ headers: 'x-a,header name with space' }),
    expected: { ...blocked, code: 'invalid-allow-headers' },
  },
  {
    desc: 'bad Access-Control-Allow-Methods',
    wanted: { headers: [['x-a', '']] },
    server: grants({ headers: 'x-a', methods: 'Bad method name' }),
    expected: { ...blocked, code: 'invalid-allow-methods' },
  },
])

wpt(
  'fetch/api/cors/cors-preflight-star.any.js',
  (
    [
      [true, false, 'get', 'x-test', 'GET', 'X-Test'],
      [true, false, '*', 'x-test', 'SUPER', 'X-Test'],
      [true, false, '*', '*', 'OK', 'X-Test'],
      [false, true, '*', '*', 'OK', 'X-Test'],
      [false, true, '*', '', 'PUT', ''],
      [true, true, 'PUT', '*', 'PUT', ''],
      [false, true, 'get', '*', 'GET', 'X-Test'],
      [false, true, '*', '*', 'GET', 'X-Test'],
      [true, true, '*', '*', '*', '*'],
      [false, true, 'put', '*', 'PUT', ''],
      [true, false, '*', 'Authorization', 'GET', 'Authorization'],
      [true, false, '*', '*, Authorization', 'GET', 'Authorization'],
      [false, false, '*', '*', 'GET', 'Authorization'],
    ] as const
  ).map(
    ([passes, credentials, methods, headers, method, name]): Row => ({
      desc: `${method} ${name}, ${methods} and ${headers}, ${credentials ? 'with' : 'without'} credentials`,
      wanted: {
        method,
        headers: name === '' ? [] : [[name, '1']],
        credentials: credentials ? 'include' : 'same-origin',
      },
      server: grants({ credentials: 'true', methods, headers }),
      expected: passes ? allowed : blocked,
      // All three let the star cover Authorization.
      ...(!passes && name === 'Authorization'
        ? { but: { chromium: allowed, firefox: allowed, webkit: allowed } }
        : {}),
    }),
  ),
)

const originTargets: [desc: string, base: string, method: string][] = [
  ...targets.map(([desc, base]): [string, string, string] => [desc, base, 'GET']),
  ['POST', REMOTE, 'POST'],
  ['HEAD', REMOTE, 'HEAD'],
  ['PUT', REMOTE, 'PUT'],
]
wpt('fetch/api/cors/cors-origin.any.js', [
  ...originTargets.flatMap(([desc, base, method]): Row[] => [
    {
      desc: `${desc}, the origin`,
      wanted: { url: `${base}/a`, method },
      server: grants({ origin: PAGE, methods: method }),
      expected: allowed,
    },
    {
      desc: `${desc}, the server's own`,
      wanted: { url: `${base}/a`, method },
      server: grants({ origin: base, methods: method }),
      expected: { ...blocked, code: 'allow-origin-mismatch' },
    },
  ]),
  { desc: 'an empty one', wanted: {}, server: grants({ origin: '' }), expected: blocked },
])

wpt(
  'fetch/api/cors/cors-multiple-origins.any.js',
  [
    ['""', 'http://example.com', PAGE],
    ['""', 'http://example.com', '*'],
    ['""', PAGE, PAGE],
    ['*', 'http://example.com', '*'],
    ['', 'http://example.com', 'https://example2.com'],
  ].map(
    (origins): Row => ({
      desc: origins.join(', '),
      wanted: {},
      server: grants({ origin: origins.join(', ') }),
      expected: { ...blocked, code: 'multiple-allow-origin' },
    }),
  ),
)

const headers = { Test: 'X', 'Set-Cookie': 'X', '*': 'whoa', 'Content-Type': 'text/plain' }
wpt('fetch/api/cors/cors-expose-star.sub.any.js', [
  {
    desc: 'the star',
    wanted: {},
    server: grants({ origin: '*', more: { ...headers, 'Access-Control-Expose-Headers': '*' } }),
    expected: { outcome: 'allowed', type: 'cors', readable: ['test', '!set-cookie', '*'] },
  },
  {
    desc: 'with credentials it is a name',
    wanted: { credentials: 'include' },
    server: grants({ credentials: 'true', more: { ...headers, 'Access-Control-Expose-Headers': '*' } }),
    expected: { outcome: 'allowed', readable: ['content-type', '!test', '!set-cookie', '*'] },
  },
  {
    desc: 'one of several lines',
    wanted: {},
    server: grants({
      origin: '*',
      more: { ...headers, 'Access-Control-Expose-Headers': ['*', 'set-cookie'] },
    }),
    expected: { outcome: 'allowed', readable: ['test', '!set-cookie'] },
  },
])

wpt('fetch/api/cors/cors-filtering.sub.any.js', [
  ...[
    'Cache-Control',
    'Content-Language',
    'Content-Type',
    'Expires',
    'Last-Modified',
    'Pragma',
    'Content-Length',
  ].map(
    (name): Row => ({
      desc: name,
      wanted: {},
      server: grants({ more: { [name]: 'x' } }),
      expected: { outcome: 'allowed', readable: [name.toLowerCase()] },
    }),
  ),
  ...['Age', 'Server', 'Warning', 'Set-Cookie', 'Set-Cookie2'].flatMap((name): Row[] => [
    {
      desc: `${name} is filtered`,
      wanted: {},
      server: grants({ more: { [name]: 'x' } }),
      expected: { outcome: 'allowed', readable: [`!${name.toLowerCase()}`] },
    },
    {
      desc: `${name} is exposed`,
      wanted: {},
      server: grants({ more: { [name]: 'x', 'Access-Control-Expose-Headers': name } }),
      expected: {
        outcome: 'allowed',
        readable: [`${name.startsWith('Set') ? '!' : ''}${name.toLowerCase()}`],
      },
    },
  ]),
])

const ways: [desc: string, from: string, to: string, last: string][] = [
  ['cors to the same', REMOTE, REMOTE, PAGE],
  ['cors to another', REMOTE, OTHER_PORT, 'null'],
  ['own to cors', PAGE, REMOTE, PAGE],
  ['cors to own', REMOTE, PAGE, 'null'],
]
wpt(
  'fetch/api/cors/cors-redirect.any.js',
  REDIRECTS.flatMap((status) =>
    ways.map(
      ([desc, from, to, last]): Row => ({
        desc: `${status}, ${desc}`,
        wanted: { url: `${from}/a` },
        server: at({ '/a': redirectsTo(`${to}/b`, status), '/b': grants() }),
        expected: {
          outcome: 'allowed',
          methods: 'GET GET',
          origins: [from === PAGE ? undefined : PAGE, last],
        },
      }),
    ),
  ),
)

wpt(
  'fetch/api/cors/cors-redirect-preflight.any.js',
  REDIRECTS.flatMap((status) =>
    ways.slice(1).flatMap(([desc, from, to]): Row[] => {
      const wanted = { url: `${from}/a`, headers: [['x-w3c', 'test']] as [string, string][] }
      const first = redirectsTo(`${to}/b`, status, grants({ headers: 'x-w3c' }))
      const before = from === PAGE ? 'GET' : 'OPTIONS GET'
      return [
        {
          desc: `${status}, ${desc}, permitted`,
          wanted,
          server: at({ '/a': first, '/b': grants({ headers: 'x-w3c' }) }),
          expected: { outcome: 'allowed', methods: `${before} OPTIONS GET` },
        },
        {
          desc: `${status}, ${desc}, refused`,
          wanted,
          server: at({ '/a': first, '/b': grants() }),
          expected: { outcome: 'blocked', code: 'header-not-allowed', methods: `${before} OPTIONS` },
        },
      ]
    }),
  ),
)

wpt(
  'fetch/api/cors/cors-redirect-credentials.any.js',
  REDIRECTS.flatMap((status) => [
    {
      desc: `${status}, own to remote, none`,
      wanted: { url: `${PAGE}/a` },
      server: at({ '/a': redirectsTo(`${OTHER_PORT}/b`, status), '/b': grants() }),
      expected: allowed,
    },
    ...(
      [
        ['own to remote', PAGE, OTHER_PORT],
        ['remote to own', OTHER_PORT, PAGE],
        ['remote to the same', OTHER_PORT, OTHER_PORT],
        ['remote to another', OTHER_PORT, REMOTE],
      ] as const
    ).flatMap(([desc, from, to]) =>
      ['user:password', 'user:', ':password'].map(
        (userInfo): Row => ({
          desc: `${status}, ${desc}, ${userInfo}`,
          wanted: { url: `${from}/a` },
          server: at({
            '/a': redirectsTo(`${to.replace('//', `//${userInfo}@`)}/b`, status),
            '/b': grants(),
          }),
          expected: { ...blocked, code: 'redirect-with-credentials' },
        }),
      ),
    ),
  ]),
)

for (const file of ['sandboxed-iframe.html', 'data-url-iframe.html', 'data-url-worker.html'])
  wpt(`fetch/api/cors/${file}`, [
    {
      desc: 'null is sent to the own origin',
      wanted: { origin: 'null', page: `${PAGE}/`, url: `${PAGE}/a` },
      server: open,
      expected: { outcome: 'allowed', type: 'cors', origins: ['null'] },
    },
    {
      desc: 'which must allow it',
      wanted: { origin: 'null', page: `${PAGE}/`, url: `${PAGE}/a` },
      server: grants({ origin: null }),
      expected: { ...blocked, code: 'missing-allow-origin' },
    },
    {
      desc: 'the star will do',
      wanted: { origin: 'null', page: `${PAGE}/` },
      server: grants({ origin: '*' }),
      expected: allowed,
    },
    {
      desc: 'mode same-origin is refused',
      wanted: { origin: 'null', page: `${PAGE}/`, url: `${PAGE}/a`, mode: 'same-origin' },
      server: open,
      expected: { ...blocked, code: 'same-origin-mode', methods: '' },
    },
    {
      desc: 'a preflight carries null too',
      wanted: { origin: 'null', page: `${PAGE}/`, method: 'PUT' },
      server: open,
      expected: { outcome: 'allowed', origins: ['null', 'null'] },
    },
  ])

const DEEP = `${PAGE}/fetch/api/cors/cors-preflight-referrer.any.html`
const own = `${PAGE}/fetch/api/cors/myreferrer`

wpt(
  'fetch/api/cors/cors-preflight-referrer.any.js',
  (
    [
      ['no-referrer', undefined, null],
      ['no-referrer', 'myreferrer', null],
      ['', undefined, `${PAGE}/`],
      ['', 'myreferrer', `${PAGE}/`],
      ['origin', undefined, `${PAGE}/`],
      ['origin', 'myreferrer', `${PAGE}/`],
      ['origin-when-cross-origin', undefined, `${PAGE}/`],
      ['origin-when-cross-origin', 'myreferrer', `${PAGE}/`],
      ['unsafe-url', undefined, DEEP],
      ['unsafe-url', 'myreferrer', own],
    ] as const
  ).map(
    ([referrerPolicy, referrer, told]): Row => ({
      desc: `${referrerPolicy || 'empty'}, ${referrer ?? 'default'}`,
      wanted: { page: DEEP, headers: { 'X-Force-Preflight': '' }, referrerPolicy, referrer },
      server: open,
      expected: { methods: 'OPTIONS GET', outcome: 'allowed', referrers: [told, told] },
    }),
  ),
)
