/**
 * cors/ of the web-platform-tests.
 *
 * | left out | why |
 * | --- | --- |
 * | 304.htm, script-304.html | the HTTP cache is not simulated |
 * | credentials-flag.htm: cookies | cookies are the page's; see test/page |
 * | late-upload-events.htm: events | events are the page's; here what is sent |
 * | image-*, canvas, script, font and media tests | only fetch, XMLHttpRequest and EventSource are simulated |
 * | preflight-cache-partitioning.sub.html | one page has one cache |
 * | response-headers.htm: values | here the names that can be read |
 * | request-headers.htm: INVALID_STATE_ERR | states of XMLHttpRequest are the page's |
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
  HTTPS_PAGE,
  HTTPS_REMOTE,
  OTHER_PORT,
  open,
  PAGE,
  REMOTE,
  REMOTE_OTHER_PORT,
  REMOTE2,
  type Row,
  redirectsTo,
  wpt,
} from './wpt.js'

const xhr = { initiator: 'xhr' } as const
const host = 'web-platform.test:8000'

wpt('cors/basic.htm', [
  {
    desc: 'own origin, no header',
    wanted: { ...xhr, url: `${PAGE}/a` },
    server: grants({ origin: null }),
    expected: allowed,
  },
  ...[REMOTE, OTHER_PORT, REMOTE_OTHER_PORT, HTTPS_PAGE, HTTPS_REMOTE].flatMap((target): Row[] => [
    {
      desc: `${target}, no header`,
      wanted: { ...xhr, url: `${target}/a` },
      server: grants({ origin: null }),
      expected: { ...blocked, code: 'missing-allow-origin' },
    },
    {
      desc: `${target}, echoed`,
      wanted: { ...xhr, url: `${target}/a` },
      server: grants(),
      expected: allowed,
    },
  ]),
])

const passing = ['*', ' *  ', '\t*', PAGE, ` ${PAGE}`, ` ${PAGE}   \t `, `\t${PAGE}`]
const failing = [
  `http://www.${host}`,
  `//${host}`,
  `://${host}`,
  `ftp://${host}`,
  `http:://${host}`,
  `http:/${host}`,
  `http:${host}`,
  host,
  `${PAGE}?`,
  `${PAGE}/`,
  `${PAGE} /`,
  `${PAGE}#`,
  `${PAGE}%23`,
  `${PAGE}:80`,
  `${PAGE}, *`,
  `${PAGE}\0`,
  PAGE.toUpperCase(),
  `HTTP://${host}`,
  '-',
  '**',
  '\0*',
  '*\0',
  "'*'",
  '"*"',
  '* *',
  '* null',
  '*http://*',
  `*${PAGE}`,
  `* ${PAGE}`,
  `*, ${PAGE}`,
  `\0${PAGE}`,
  `null ${PAGE}`,
  'http://example.net',
  'null',
  'null *',
  '',
  `${PAGE}/cors/origin.htm`,
  `${PAGE}/cors/`,
  REMOTE,
  'test:8000',
  '.test:8000',
  '*.test:8000',
  'http://test:8000',
  'http://.test:8000',
  'http://*.test:8000',
]
// The wire takes the white space away; the page's own server does so here.
const trimmed = (value: string) => value.replace(/^[\t ]+|[\t ]+$/g, '')
for (const file of ['origin.htm', 'allow-headers.htm', 'remote-origin.htm'])
  wpt(`cors/${file}`, [
    ...passing.map(
      (value): Row => ({
        desc: JSON.stringify(value),
        wanted: xhr,
        server: grants({ origin: trimmed(value) }),
        expected: allowed,
      }),
    ),
    ...failing.map(
      (value): Row => ({
        desc: JSON.stringify(value),
        wanted: xhr,
        server: grants({ origin: trimmed(value) }),
        expected: blocked,
      }),
    ),
    ...[
      ['', '*'],
      ['*', ''],
      ['*', '*'],
      ['', PAGE],
      ['*', PAGE],
      [PAGE, PAGE],
    ].map(
      (values): Row => ({
        desc: `two lines: ${values.join(' and ')}`,
        wanted: xhr,
        server: grants({ origin: values }),
        expected: { ...blocked, code: 'multiple-allow-origin' },
      }),
    ),
  ])

wpt('cors/credentials-flag.htm', [
  ...['TRUE', 'True', '"true"', 'false', '1', '0'].map(
    (value): Row => ({
      desc: value,
      wanted: { ...xhr, credentials: 'include' },
      server: grants({ credentials: value }),
      expected: { ...blocked, code: 'invalid-allow-credentials' },
    }),
  ),
  {
    desc: 'true',
    wanted: { ...xhr, credentials: 'include' },
    server: grants({ credentials: 'true' }),
    expected: allowed,
  },
  { desc: 'not asked for', wanted: xhr, server: grants({ credentials: 'TRUE' }), expected: allowed },
])

const posts = (
  headers: [string, string][],
  preflight: boolean,
  engines: Partial<Record<Profile, boolean>> = {},
): Row => {
  const says = (asks: boolean): Expected =>
    asks ? { outcome: 'blocked', methods: 'OPTIONS' } : { outcome: 'allowed', methods: 'POST' }
  const but = Object.fromEntries(Object.entries(engines).map(([engine, asks]) => [engine, says(asks)]))
  return {
    desc: JSON.stringify(headers),
    wanted: { method: 'POST', headers, body: 'data' },
    server: grants({ headers: 'nothing' }),
    expected: says(preflight),
    but,
  }
}
wpt('cors/cors-safelisted-request-header.any.js', [
  ...(
    [
      ['text /plain', true],
      ['text\t/\tplain', true],
      ['text/plain;', false],
      ['text/plain;garbage', false],
      ['text/plain;garbage\u0001\u0002', true],
      ['text/plain,', true],
      [',text/plain', true],
      ['text/plain,text/plain', true],
      ['text/plain,x/x', true],
      ['text/plain\u000b', true],
      ['text/plain\u000c', true],
      ['application/www-form-urlencoded', true],
      ['application/x-www-form-urlencoded;\u007f', true],
      ['multipart/form-data', false],
      ['multipart/form-data;"', true],
    ] as const
  ).map(([value, preflight]) => posts([['content-type', value]], preflight)),
  ...(
    [
      ['100-200', true],
      ['MB=100-200', true],
      ['bytes=100-200', false],
      ['bytes =100-200', true],
      ['bytes\t=100-200', true],
      ['bytes=  100-200', true],
      ['bytes=\t\t100-200', true],
      ['bytes= \t100-200', true],
      ['bytes=100 -200', true],
      ['bytes=100\t-200', true],
      ['bytes=100- 200', true],
      ['bytes=100-\t200', true],
      ['bytes=100-200hello', true],
      ['bytes=abc-def', true],
      ['bytes=100-200,300-400', true],
      ['bytes=-200', true],
      ['bytes=200-', false],
      ['bytes=200-100', true],
      ['bytes 100-200', true],
      ['bytes = 100-200', true],
      [',bytes=100-200', true],
      ['bytes=,100-200', true],
    ] as const
  ).map(([value, preflight]) => posts([['range', value]], preflight)),
  // The file asks for a preflight, as engines send it; the value has 129 bytes, more than any header may.
  posts([['range', `bytes=1${'0'.repeat(60)}-2${'0'.repeat(60)}`]], true),
  ...['abc123', '"', 'e5p3n<3k0k0s', '0'.repeat(129)].map((value) => posts([['last-event-id', value]], true)),
])

const hints = { 'save-data': 'on', 'device-memory': '1.0', dpr: '2.0', width: '35', 'viewport-width': '42' }
wpt('cors/client-hint-request-headers.htm', [
  {
    desc: 'unlisted headers',
    wanted: { ...xhr, headers: { 'x-print': 'unicorn', 'y-print': 'unicorn' } },
    server: grants({ headers: 'x-print' }),
    expected: { ...blocked, code: 'header-not-allowed' },
  },
  ...['device-memory', 'dpr', 'width', 'viewport-width'].map(
    (name): Row => ({
      desc: `${name} without a value`,
      wanted: { ...xhr, headers: { [name]: '' } },
      server: grants({ headers: 'x-print' }),
      expected: { ...blocked, code: 'header-not-allowed' },
    }),
  ),
])
for (const file of ['client-hint-request-headers-2.tentative.htm', 'simple-requests-ch.tentative.htm'])
  wpt(`cors/${file}`, [
    {
      desc: 'client hints are simple, in Chromium',
      wanted: { ...xhr, headers: hints },
      server: grants(),
      expected: { ...blocked, code: 'header-not-allowed' },
      but: { chromium: { outcome: 'allowed', methods: 'GET' } },
    },
    {
      desc: 'beside a header that is not',
      wanted: { ...xhr, headers: { ...hints, 'x-print': 'unicorn', 'content-type': 'text/plain' } },
      server: grants({ headers: 'x-print,' }),
      expected: { ...blocked, code: 'header-not-allowed' },
      but: { chromium: { outcome: 'allowed', methods: 'OPTIONS GET' } },
    },
  ])

// The values are in a file beside it: whether `BB-8` can be read.
wpt(
  'cors/access-control-expose-headers-parsing.window.js',
  (
    [
      [['BB-8'], true],
      [['bb-8,,@#$#%%&^&^*()()11!'], false],
      [['bb-8, no no'], false],
      [['@#$#%%&^&^*()()11!,bb-8'], false],
      [['bb-8\u000b'], false],
      [['bb-8\t'], true],
      [[',bb-8'], true],
      [['bb-8,'], true],
      [['bb-8,,bb-8'], true],
      [[' bb-8 , '], true],
      [['', 'bb-8'], true],
      [['bb-8', ''], true],
      [['no', 'bb-8'], true],
      [['no no', 'bb-8'], false],
      [['"bb-8"'], false],
      [['bb-8;'], false],
      [['bb-8.no'], false],
      [['bb 8'], false],
    ] as const
  ).map(
    ([values, exposed]): Row => ({
      desc: JSON.stringify(values),
      wanted: {},
      server: grants({
        origin: '*',
        more: { 'Content-Language': 'mkay', 'BB-8': 'hey', 'Access-Control-Expose-Headers': values },
      }),
      expected: { outcome: 'allowed', readable: ['content-language', exposed ? 'bb-8' : '!bb-8'] },
    }),
  ),
)

wpt('cors/late-upload-events.htm', [
  {
    desc: 'listeners that come late need no preflight',
    wanted: { ...xhr, method: 'POST', body: 'xo' },
    server: grants(),
    expected: { outcome: 'allowed', methods: 'POST' },
  },
  {
    desc: 'those that are there do',
    wanted: { ...xhr, method: 'POST', body: 'xo', uploadListeners: true },
    server: grants(),
    expected: { outcome: 'allowed', methods: 'OPTIONS POST' },
  },
])

describe.each(['preflight-cache.htm', '../fetch/api/cors/cors-preflight-cache.any.js'])(
  'https://github.com/web-platform-tests/wpt/blob/master/cors/%s',
  (file) => {
    const engines: Profile[] = ['standard', 'chromium', 'firefox', 'webkit']
    // Which of several equal requests are preflighted, and how long each waits.
    test.each<[maxAge: string | undefined, waits: number[], preflighted: boolean[]]>([
      [undefined, [0], [true]],
      [undefined, [0, 0], [true, false]],
      ['0', [0, 0], [true, true]],
      ['-1', [0, 0], [true, true]],
      ['1', [0, 0.5, 1.5], [true, false, true]],
      ['12000', [0, 0], [true, false]],
    ])('max-age %s', (maxAge, waits, preflighted) => {
      for (const engine of engines) {
        let now = 0
        const cache = new PreflightCache(() => now)
        const method = file.includes('any.js') ? 'POST' : 'GET'
        const got = waits.map((wait) => {
          now += wait * 1000
          const server = grants({
            headers: 'x-print',
            methods: 'POST',
            ...(maxAge === undefined ? {} : { maxAge }),
          })
          const wanted = { origin: PAGE, url: `${REMOTE}/a`, method, headers: { 'x-print': 'x' } }
          return travel(engine, wanted, server, { cache }).log.some(({ preflight }) => preflight)
        })
        // To the letter "-1" is no delta-seconds, and five seconds.
        const expected = maxAge === '-1' && engine === 'standard' ? [true, false] : preflighted
        expect(got, engine).toEqual(expected)
      }
    })
  },
)

const codes = [
  200, 299, 300, 301, 302, 303, 304, 305, 306, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
  410, 411, 412, 413, 414, 415, 416, 417, 500, 501, 502, 503, 504, 505, 680, 790,
]
wpt(
  'cors/preflight-failure.htm',
  codes.map(
    (status): Row => ({
      desc: String(status),
      wanted: { ...xhr, headers: { 'x-test': 'test' } },
      server: grants({ headers: 'x-test', status, more: { Location: `${REMOTE}/b` } }),
      expected: status < 300 ? allowed : { ...blocked, methods: 'OPTIONS' },
    }),
  ),
)

const places = { local: PAGE, remote: REMOTE, remote2: REMOTE2 }
type Place = keyof typeof places
const journeys: [from: Place, first: string, to: Place, second: string, sent: string | null][] = [
  ...(['*', PAGE] as const).flatMap((first): typeof journeys => [
    ['local', first, 'remote', '*', PAGE],
    ['local', first, 'remote', PAGE, PAGE],
    ['local', first, 'remote', 'null', null],
    ['local', first, 'remote', 'none', null],
    ['remote', first, 'local', '*', 'null'],
    ['remote', first, 'local', PAGE, null],
    ['remote', first, 'local', 'null', 'null'],
    ['remote', first, 'local', 'none', null],
    ['remote', first, 'remote', '*', PAGE],
    ['remote', first, 'remote', PAGE, PAGE],
    ['remote', first, 'remote', 'null', null],
    ['remote', first, 'remote', 'none', null],
    ['remote', first, 'remote2', '*', 'null'],
    ['remote', first, 'remote2', PAGE, null],
    ['remote', first, 'remote2', 'null', 'null'],
    ['remote', first, 'remote2', 'none', null],
  ]),
  ['local', 'null', 'remote', '*', PAGE],
  ['local', 'none', 'remote', '*', PAGE],
  ...(['null', 'none'] as const).flatMap((first): typeof journeys => [
    ['remote', first, 'local', '*', null],
    ['remote', first, 'remote', '*', null],
    ['remote', first, 'remote2', '*', null],
  ]),
  ['remote', '*', 'remote', REMOTE, null],
  ['remote', '*', 'remote2', REMOTE, null],
  ['remote', REMOTE, 'remote', '*', null],
]
wpt(
  'cors/redirect-origin.htm',
  journeys.map(([from, first, to, second, sent]): Row => {
    const says = (value: string) => grants({ origin: value === 'none' ? null : value })
    return {
      desc: `${from} (${first}) to ${to} (${second})`,
      wanted: { ...xhr, url: `${places[from]}/a` },
      server: at({ '/a': redirectsTo(`${places[to]}/b`, 302, says(first)), '/b': says(second) }),
      expected: sent === null ? blocked : { outcome: 'allowed', headers: { origin: sent } },
    }
  }),
)

wpt(
  'cors/redirect-preflight.htm',
  [301, 302, 303, 307].flatMap((status): Row[] => [
    {
      desc: `${status} of the preflight`,
      wanted: { ...xhr, headers: { 'x-test': 'test' } },
      server: grants({ headers: 'x-test', status, more: { Location: `${REMOTE}/b` } }),
      expected: { ...blocked, code: 'preflight-redirect' },
    },
    // The file refused what follows; browsers and the standard follow since 2016, and preflight again.
    {
      desc: `${status} after the preflight`,
      wanted: { ...xhr, headers: { 'x-test': 'test' } },
      server: at({
        '/a': redirectsTo(`${REMOTE}/b`, status, grants({ headers: 'x-test' })),
        '/b': grants({ headers: 'x-test' }),
      }),
      expected: { outcome: 'allowed', methods: 'OPTIONS GET OPTIONS GET' },
    },
  ]),
)

wpt('cors/redirect-preflight-2.htm', [
  {
    desc: 'refused by the preflight',
    wanted: { ...xhr, url: `${PAGE}/a`, headers: { 'custom-header': 'admin' } },
    server: at({ '/a': redirectsTo(`${REMOTE}/b`, 302), '/b': grants() }),
    expected: { ...blocked, code: 'header-not-allowed', methods: 'GET OPTIONS' },
  },
  {
    desc: 'permitted by the preflight',
    wanted: { ...xhr, url: `${PAGE}/a`, headers: { 'custom-header': 'admin' } },
    server: at({ '/a': redirectsTo(`${REMOTE}/b`, 302), '/b': grants({ headers: 'custom-header' }) }),
    expected: { outcome: 'allowed', methods: 'GET OPTIONS GET' },
  },
])

wpt(
  'cors/redirect-userinfo.htm',
  (
    [
      ['test:test@', false],
      ['user:@', false],
      ['user@', false],
      [':pass@', false],
      [':@', true],
      ['@', true],
    ] as const
  ).map(
    ([userInfo, passes]): Row => ({
      desc: `//${userInfo}`,
      wanted: xhr,
      server: at({ '/a': redirectsTo(`http://${userInfo}www1.${host}/b`, 302), '/b': grants() }),
      expected: passes ? allowed : { ...blocked, code: 'redirect-with-credentials' },
    }),
  ),
)

wpt('cors/request-headers.htm', [
  {
    desc: 'one',
    wanted: { ...xhr, headers: { 'x-print': 'unicorn' } },
    server: grants({ headers: 'x-print' }),
    expected: { outcome: 'allowed', headers: { 'x-print': 'unicorn' } },
  },
  {
    desc: 'simple ones need no permission',
    wanted: {
      ...xhr,
      headers: {
        'x-print': 'unicorn',
        'content-type': 'text/plain',
        accept: 'test',
        'accept-language': 'nn',
        'content-language': 'nn',
      },
    },
    server: grants({ headers: 'x-print,' }),
    expected: { outcome: 'allowed', headers: { accept: 'test', 'content-type': 'text/plain' } },
  },
  {
    desc: 'one that is not listed',
    wanted: { ...xhr, headers: { 'x-print': 'unicorn', 'y-print': 'unicorn' } },
    server: grants({ headers: 'x-print' }),
    expected: blocked,
  },
  {
    desc: 'a strange list',
    wanted: { ...xhr, headers: { 'x-print': 'unicorn', 'y-print': 'narwhal' } },
    server: grants({ headers: ',y-lol,x-PriNT, ,,,Y-PRINT' }),
    expected: allowed,
  },
])

const answer = {
  'Access-Control-Expose-Headers': [
    'X-Custom-Header, X-Custom-Header-Empty, X-Custom-Header-Comma',
    'X-Second-Expose',
    'Date, Set-Cookie, Set-Cookie2',
  ],
  'X-Custom-Header': 'test',
  'X-Custom-Header-Empty': '',
  'X-Custom-Header-Comma': ['1', '2'],
  'X-Second-Expose': 'flyingpig',
  'X-Nonexposed': 'unicorn',
  Date: 'x',
  'Set-Cookie': 'a',
  'Set-Cookie2': 'b',
  'Cache-Control': 'no-cache',
  'Content-Language': 'nn',
  Expires: 'x',
  'Last-Modified': 'x',
  Pragma: 'no-cache',
  Server: 'x',
  'X-Powered-By': 'x',
}
wpt('cors/response-headers.htm', [
  {
    desc: 'what can be read',
    wanted: xhr,
    server: grants({ more: answer }),
    expected: {
      outcome: 'allowed',
      readable: [
        'x-custom-header',
        'x-custom-header-empty',
        'x-custom-header-comma',
        'x-second-expose',
        'date',
        'cache-control',
        'content-language',
        'expires',
        'last-modified',
        'pragma',
      ],
    },
  },
  {
    desc: 'what cannot',
    wanted: xhr,
    server: grants({ more: answer }),
    expected: {
      outcome: 'allowed',
      readable: ['!x-nonexposed', '!set-cookie', '!set-cookie2', '!server', '!x-powered-by'],
    },
  },
])

wpt('cors/simple-requests.htm', [
  ...['GET', 'HEAD', 'POST'].flatMap((method) =>
    [
      { Accept: 'test' },
      { 'accept-language': 'test' },
      { 'CONTENT-language': 'test' },
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data' },
      { 'content-type': 'text/plain' },
      {
        accept: 'test',
        'accept-language': 'test',
        'content-language': 'test',
        'content-type': 'text/plain; parameter=whatever',
      },
    ].map(
      (headers): Row => ({
        desc: `${method} ${JSON.stringify(headers)}`,
        wanted: { ...xhr, method, headers, body: 'data' },
        server: grants(),
        expected: { outcome: 'allowed', methods: method },
      }),
    ),
  ),
  {
    desc: 'Get',
    wanted: { ...xhr, method: 'Get', headers: { 'content-type': 'text/plain; parameter=extra_bonus' } },
    server: grants(),
    expected: { outcome: 'allowed', methods: 'GET' },
  },
  {
    desc: 'post',
    wanted: { ...xhr, method: 'post', headers: { 'content-type': 'text/plain' }, body: 'data' },
    server: grants(),
    expected: { outcome: 'allowed', methods: 'POST' },
  },
])

const answered: [method: string, status: number][] = [
  ['GET', 200],
  ['GET', 204],
  ['GET', 400],
  ['GET', 401],
  ['HEAD', 200],
  ['HEAD', 204],
  ['HEAD', 400],
  ['HEAD', 401],
  ['HEAD', 501],
  ['HEAD', 699],
  ['POST', 204],
  ['POST', 400],
  ['POST', 401],
  ['POST', 404],
  ['PUT', 699],
  ['CHICKEN', 501],
]
for (const file of ['status.htm', 'status-async.htm'])
  wpt(
    `cors/${file}`,
    answered.map(
      ([method, status]): Row => ({
        desc: `${method} ${status}`,
        wanted: { ...xhr, method },
        server: (request) => ({ ...open(request), ...(request.preflight ? {} : { status }) }),
        expected: { outcome: 'allowed', status },
      }),
    ),
  )
wpt(
  'cors/status-preflight.htm',
  answered.map(
    ([method, status]): Row => ({
      desc: `${method} ${status}`,
      wanted: { ...xhr, method, headers: { 'x-nonsimple': 'true' } },
      server: (request) => ({ ...open(request), ...(request.preflight ? {} : { status }) }),
      expected: { outcome: 'allowed', status, methods: `OPTIONS ${method}` },
    }),
  ),
)
