/**
 * fetch/api/redirect and fetch/api/credentials of the web-platform-tests.
 *
 * | left out | why |
 * | --- | --- |
 * | redirect/redirect-keepalive.any.js, redirect-keepalive.https.any.js | lifetimes of documents |
 * | redirect/redirect-method.any.js: the body that is sent on | the page's; here the method and the headers |
 * | credentials/authentication-basic.any.js | HTTP authentication is not simulated |
 * | credentials/cookies.any.js, cookies3.any.js | cookies are the page's; see test/page |
 */
import { type ReferrerPolicy, referrerPolicies } from '../../src/fetch/referrer.js'
import {
  allowed,
  at,
  blocked,
  grants,
  HTTPS_PAGE,
  open,
  PAGE,
  REDIRECTS,
  REMOTE,
  type Row,
  redirects,
  redirectsTo,
  type Server,
  wpt,
} from './wpt.js'

const counting = (times: number): Server => {
  const route: Record<string, { to: string }> = {}
  for (let i = 0; i < times; i++) route[i === 0 ? '/a' : `/${i}`] = { to: `/${i + 1}` }
  return redirects(route)
}
wpt(
  'fetch/api/redirect/redirect-count.any.js',
  REDIRECTS.flatMap((status): Row[] => [
    {
      desc: `${status}, 20 times`,
      wanted: { url: `${PAGE}/a` },
      server: counting(20),
      expected: { outcome: 'allowed', url: `${PAGE}/20` },
    },
    {
      desc: `${status}, 21 times`,
      wanted: { url: `${PAGE}/a` },
      server: counting(21),
      expected: { outcome: 'blocked', code: 'too-many-redirects' },
    },
  ]),
)

wpt(
  'fetch/api/redirect/redirect-location.any.js',
  REDIRECTS.flatMap((status) => {
    const answer =
      (location?: string): Server =>
      () => ({ status, headers: location === undefined ? {} : { Location: location } })
    return (['follow', 'manual'] as const).flatMap((redirect): Row[] => [
      {
        desc: `${status} ${redirect}, no location`,
        wanted: { url: `${PAGE}/a`, redirect },
        server: answer(),
        expected:
          redirect === 'follow'
            ? { outcome: 'allowed', status }
            : { outcome: 'opaque', type: 'opaqueredirect', status: 0 },
      },
      {
        desc: `${status} ${redirect}, invalid location`,
        wanted: { url: `${PAGE}/a`, redirect },
        server: answer('https://[invalid'),
        expected: redirect === 'follow' ? blocked : { outcome: 'opaque', type: 'opaqueredirect' },
        // Chromium's network layer refuses it before the mode is looked at.
        but: { chromium: { ...blocked, code: 'redirect-invalid-location' } },
      },
      {
        desc: `${status} ${redirect}, data location`,
        wanted: { url: `${PAGE}/a`, redirect },
        server: answer('data:,data%20url'),
        expected: redirect === 'follow' ? blocked : { outcome: 'opaque', type: 'opaqueredirect' },
      },
    ])
  }),
)

// The file of that name asks of an empty location what browsers do; they do three things.
wpt('fetch/api/redirect/redirect-empty-location.any.js', [
  {
    desc: 'follow',
    wanted: { url: `${PAGE}/a` },
    server: () => ({ status: 302, headers: { Location: '' } }),
    expected: { ...blocked, code: 'too-many-redirects' },
    but: {
      chromium: { outcome: 'allowed', status: 302 },
      webkit: { ...blocked, code: 'redirect-invalid-location' },
    },
  },
  {
    desc: 'manual',
    wanted: { url: `${PAGE}/a`, redirect: 'manual' },
    server: () => ({ status: 302, headers: { Location: '' } }),
    expected: { outcome: 'opaque', type: 'opaqueredirect' },
  },
])

const bodyHeaders: [string, string][] = [
  ['Content-Encoding', 'Identity'],
  ['Content-Language', 'en-US'],
  ['Content-Location', 'foo'],
]
wpt(
  'fetch/api/redirect/redirect-method.any.js',
  (
    [
      [301, 'GET', 'GET'],
      [301, 'POST', 'GET'],
      [301, 'HEAD', 'HEAD'],
      [302, 'GET', 'GET'],
      [302, 'POST', 'GET'],
      [302, 'HEAD', 'HEAD'],
      [303, 'GET', 'GET'],
      [303, 'POST', 'GET'],
      [303, 'HEAD', 'HEAD'],
      [303, 'TESTING', 'GET'],
      [307, 'GET', 'GET'],
      [307, 'POST', 'POST'],
      [307, 'HEAD', 'HEAD'],
      [308, 'POST', 'POST'],
    ] as const
  ).map(([status, method, then]): Row => {
    const has = method === 'POST' || method === 'TESTING'
    const gone = {
      'content-encoding': undefined,
      'content-language': undefined,
      'content-location': undefined,
      'content-type': undefined,
    }
    const kept = {
      'content-encoding': 'Identity',
      'content-language': 'en-US',
      'content-location': 'foo',
      'content-type': 'text/plain;charset=UTF-8',
    }
    return {
      desc: `${status} ${method}`,
      wanted: {
        url: `${PAGE}/a`,
        method,
        headers: has ? bodyHeaders : [],
        ...(method === 'POST' ? { body: 'this is my body' } : {}),
      },
      server: redirects({ '/a': { to: '/b', status } }),
      expected: {
        outcome: 'allowed',
        type: 'basic',
        status: 200,
        methods: `${method} ${then}`,
        headers: then === 'POST' ? kept : gone,
      },
    }
  }),
)

wpt(
  'fetch/api/redirect/redirect-mode.any.js',
  [PAGE, REMOTE].flatMap((from) =>
    REDIRECTS.flatMap((status) =>
      (['error', 'manual', 'follow'] as const).flatMap((redirect) =>
        (['cors', 'no-cors'] as const).map((mode): Row => {
          const own = from === PAGE
          const expected =
            redirect === 'error' || (mode === 'no-cors' && redirect !== 'follow' && !own)
              ? blocked
              : redirect === 'manual'
                ? { outcome: 'opaque' as const, type: 'opaqueredirect', status: 0, url: `${from}/a` }
                : mode === 'no-cors' && !own
                  ? { outcome: 'opaque' as const, type: 'opaque' }
                  : { outcome: 'allowed' as const, status: 200, url: `${from}/b` }
          return {
            desc: `${own ? 'own' : 'other'} origin, ${status}, ${redirect}, ${mode}`,
            wanted: { url: `${from}/a`, redirect, mode },
            server: at({ '/a': redirectsTo('/b', status), '/b': grants() }),
            expected,
          }
        }),
      ),
    ),
  ),
)

wpt(
  'fetch/api/redirect/redirect-origin.any.js',
  REDIRECTS.flatMap((status) =>
    ['GET', 'POST'].flatMap((method) =>
      (
        [
          ['own to own', PAGE, PAGE],
          ['own to other', PAGE, REMOTE],
          ['other to other', REMOTE, REMOTE],
          ['other to own', REMOTE, PAGE],
        ] as const
      ).map(([desc, from, to]): Row => {
        const staysPost = method === 'POST' && status > 303
        const first = from === REMOTE || method === 'POST' ? PAGE : undefined
        const last = to === REMOTE ? PAGE : from === REMOTE ? 'null' : staysPost ? PAGE : undefined
        const row: Row = {
          desc: `${status} ${method}, ${desc}`,
          wanted: { url: `${from}/a`, method },
          server: at({ '/a': redirectsTo(`${to}/b`, status), '/b': open }),
          expected: { outcome: 'allowed', origins: [first, last] },
        }
        // A GET that was a POST keeps its Origin within an origin.
        return from === PAGE && to === PAGE && method === 'POST' && !staysPost
          ? { ...row, but: { webkit: { outcome: 'allowed', origins: [PAGE, PAGE] } } }
          : row
      }),
    ),
  ),
)

wpt(
  'fetch/api/redirect/redirect-schemes.any.js',
  ['mailto:a@a.com', 'data:,HI', 'facetime:a@a.org', 'about:blank', 'about:unicorn', 'blob:djfksfjs'].map(
    (to): Row => ({
      desc: to,
      wanted: { url: `${PAGE}/a` },
      server: redirects({ '/a': { to } }),
      expected: { ...blocked, code: 'redirect-to-unsupported-scheme', methods: 'GET' },
    }),
  ),
)

wpt(
  'fetch/api/redirect/redirect-to-dataurl.any.js',
  (
    [
      [PAGE, 'cors'],
      [PAGE, 'no-cors'],
      [PAGE, 'same-origin'],
      [REMOTE, 'cors'],
      [REMOTE, 'no-cors'],
    ] as const
  ).map(
    ([from, mode]): Row => ({
      desc: `${from === PAGE ? 'own' : 'other'} origin, ${mode}`,
      wanted: { url: `${from}/a`, mode },
      server: redirects({ '/a': { to: 'data:text/plain;base64,cmVzcG9uc2U=' } }),
      expected: blocked,
    }),
  ),
)

wpt('fetch/api/redirect/redirect-back-to-original-origin.any.js', [
  {
    desc: 'no-cors stays opaque',
    wanted: { mode: 'no-cors' },
    server: redirects({ [`${REMOTE}/a`]: { to: `${PAGE}/b`, status: 303 } }),
    expected: { outcome: 'opaque', type: 'opaque' },
  },
  {
    desc: 'cors stays cors',
    wanted: {},
    server: redirects({ [`${REMOTE}/a`]: { to: `${PAGE}/b`, status: 303 } }),
    expected: { outcome: 'allowed', type: 'cors' },
  },
  {
    desc: 'and must be allowed',
    wanted: {},
    server: at({ '/a': redirectsTo(`${PAGE}/b`, 303), '/b': () => ({}) }),
    expected: { ...blocked, code: 'missing-allow-origin' },
  },
])

const stream = { method: 'POST', url: `${HTTPS_PAGE}/a`, origin: HTTPS_PAGE, httpVersion: '2' as const }
wpt(
  'fetch/api/redirect/redirect-upload.h2.any.js',
  REDIRECTS.map(
    (status): Row => ({
      desc: String(status),
      wanted: { ...stream, body: new ReadableStream() },
      server: redirects({ '/a': { to: '/b', status } }),
      expected:
        status === 303
          ? { outcome: 'allowed', url: `${HTTPS_PAGE}/b` }
          : { ...blocked, code: 'redirect-stream-body' },
      // Firefox sends its string conversion, WebKit refuses it.
      but: {
        firefox: { outcome: 'allowed', url: `${HTTPS_PAGE}/b` },
        webkit: { ...blocked, code: 'stream-body-unsupported' },
      },
    }),
  ),
)

const secret: [string, string][] = [['Authorization', 'test']]
wpt('fetch/api/credentials/authentication-redirection.any.js', [
  {
    desc: 'own to own: kept',
    wanted: { url: `${PAGE}/a`, headers: secret },
    server: redirects({ '/a': { to: '/b' } }),
    expected: { outcome: 'allowed', headers: { authorization: 'test' } },
  },
  {
    desc: 'own to other: removed',
    wanted: { url: `${PAGE}/a`, headers: secret },
    server: redirects({ '/a': { to: `${REMOTE}/b` } }),
    expected: { outcome: 'allowed', methods: 'GET GET', headers: { authorization: undefined } },
    but: {
      webkit: { outcome: 'allowed', methods: 'GET OPTIONS GET', headers: { authorization: undefined } },
      firefox: { outcome: 'allowed', methods: 'GET OPTIONS GET', headers: { authorization: undefined } },
    },
  },
  {
    desc: 'other to own: removed',
    wanted: { headers: secret },
    server: redirects({ [`${REMOTE}/a`]: { to: `${PAGE}/b` } }),
    expected: { outcome: 'allowed', headers: { authorization: undefined } },
  },
])

wpt('fetch/api/redirect/redirect-location-escape.tentative.any.js', [
  {
    desc: 'bytes are read as UTF-8 and escaped',
    wanted: { url: `${PAGE}/a` },
    server: redirects({ '/a': { to: '/caf\u00c3\u00a9' } }),
    expected: { ...allowed, url: `${PAGE}/caf%C3%A9` },
  },
  {
    desc: 'blanks are escaped',
    wanted: { url: `${PAGE}/a` },
    server: redirects({ '/a': { to: '/a b' } }),
    expected: { ...allowed, url: `${PAGE}/a%20b` },
  },
  {
    desc: 'escapes stay',
    wanted: { url: `${PAGE}/a` },
    server: redirects({ '/a': { to: '/a%20b?%e9' } }),
    expected: { ...allowed, url: `${PAGE}/a%20b?%e9` },
  },
])

/** What each policy tells the page's own origin, and another. */
const DEEP = `${PAGE}/fetch/api/redirect/redirect-referrer.any.html`
const told: Readonly<Record<ReferrerPolicy, readonly [own: string | null, other: string | null]>> = {
  '': [DEEP, `${PAGE}/`],
  'no-referrer': [null, null],
  'no-referrer-when-downgrade': [DEEP, DEEP],
  origin: [`${PAGE}/`, `${PAGE}/`],
  'origin-when-cross-origin': [DEEP, `${PAGE}/`],
  'same-origin': [DEEP, null],
  'strict-origin': [`${PAGE}/`, `${PAGE}/`],
  'strict-origin-when-cross-origin': [DEEP, `${PAGE}/`],
  'unsafe-url': [DEEP, DEEP],
}

/** A redirect from the page's origin to itself or to another, with the policy that the page asked for and the one the redirect sets. */
const referred = (init: ReferrerPolicy, redirect: ReferrerPolicy): Row[] =>
  [PAGE, REMOTE].map((target, index): Row => {
    const first = told[init][0]
    const next = told[redirect === '' ? init : redirect][index] as string | null
    const second = first === null || next === null ? null : first.length < next.length ? first : next
    const response: Server = (request) =>
      request.path === '/r'
        ? {
            status: 302,
            headers: { Location: `${target}/a`, ...(redirect === '' ? {} : { 'Referrer-Policy': redirect }) },
          }
        : open(request)
    return {
      desc: `${index === 0 ? 'same' : 'cross'} origin, ${init || 'empty'} init, ${redirect || 'empty'} redirect header`,
      wanted: { page: DEEP, url: `${PAGE}/r`, referrerPolicy: init },
      server: response,
      expected: { outcome: 'allowed', referrers: [first, second] },
    }
  })

wpt('fetch/api/redirect/redirect-referrer.any.js', [
  ...referrerPolicies.flatMap((policy) => [...referred('', policy), ...referred(policy, '')]),
  ...referred('', ''),
])

wpt(
  'fetch/api/redirect/redirect-referrer-override.any.js',
  referrerPolicies.flatMap((init) => referrerPolicies.flatMap((redirect) => referred(init, redirect))),
)
