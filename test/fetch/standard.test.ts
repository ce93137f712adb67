/**
 * Where engines disagree, the Fetch Standard decides: each row is one question that browsers answered differently when they were recorded, and
 * what the standard says. The name of a group is the name of the disagreement.
 *
 * Not here, since they are about events of XMLHttpRequest: xhr-upload-events, xhr-odd-scheme-events.
 */
import { describe, expect, test } from 'vitest'
import { getHeader, type Header } from '../../src/fetch/header-list.js'
import { PreflightCache } from '../../src/fetch/preflight-cache.js'
import type { CorsRequest } from '../../src/verdict/cors-request.js'
import { type Answer, open, redirects, type Server, travel } from './travel.js'

const origin = 'https://app.example'
const api = 'https://api.example/a'
const own = `${origin}/a`
const other = 'https://other.example/b'
type Wanted = Partial<CorsRequest>

const go = (wanted: Wanted, server: Server = open) =>
  travel('standard', { origin, url: api, ...wanted }, server)
const requests = (wanted: Wanted, server?: Server) =>
  go(wanted, server).log.map(({ method, path }) => `${method} ${path}`)
const preflights = (wanted: Wanted, server?: Server) =>
  go(wanted, server).log.filter(({ preflight }) => preflight)
const asked = (wanted: Wanted, server?: Server) =>
  preflights(wanted, server).map(({ headers }) => headers['access-control-request-headers'] ?? '')
const sentHeader = (name: string, wanted: Wanted, server?: Server) =>
  go(wanted, server)
    .log.filter(({ preflight }) => !preflight)
    .map(({ headers }) => headers[name])

/** Which of several requests in one page are preflighted. */
function preflighted(
  answer: Answer['headers'],
  ...steps: (Wanted & { wait?: number; status?: number })[]
): boolean[] {
  let now = 0
  const cache = new PreflightCache(() => now)
  return steps.map(({ wait = 0, status = 200, ...wanted }) => {
    now += wait * 1000
    const server: Server = (request) => ({
      ...open(request, { 'Access-Control-Max-Age': '600', ...answer }),
      status,
    })
    return travel('standard', { origin, url: api, ...wanted }, server, { cache }).log.some(
      ({ preflight }) => preflight,
    )
  })
}

type Row = [desc: string, got: () => unknown, expected: unknown]
const groups: Record<string, Row[]> = {
  'dup-request-headers': [
    [
      'each entry is judged on its own',
      () =>
        asked({
          headers: [
            ['Content-Type', 'text/plain;a'],
            ['Content-Type', 'application/json'],
          ],
        }),
      ['content-type'],
    ],
    [
      'two safe entries stay safe',
      () =>
        asked({
          headers: [
            ['Range', 'bytes=0-1'],
            ['Range', 'bytes=0-1'],
          ],
        }),
      [],
    ],
    [
      'each name is listed once',
      () =>
        asked({
          headers: [
            ['Width', '1'],
            ['width', '2'],
            ['X-A', ''],
          ],
        }),
      ['width,x-a'],
    ],
    [
      'all values are sent, combined',
      () =>
        sentHeader('content-type', {
          method: 'POST',
          headers: [
            ['Content-Type', 'a/b'],
            ['Content-Type', 'c/d'],
          ],
        }),
      ['a/b, c/d'],
    ],
  ],
  'redirect-preflight-origin': [
    [
      'null in the preflight and in the request',
      () =>
        go({ headers: { 'X-A': '1' } }, redirects({ '/a': { to: other, status: 308 } })).log.map(
          ({ headers }) => headers.origin,
        ),
      [origin, origin, 'null', 'null'],
    ],
    [
      'not tainted by leaving the own origin',
      () =>
        go({ url: own, headers: { 'X-A': '1' } }, redirects({ '/a': { to: other } })).log.map(
          ({ headers }) => headers.origin,
        ),
      [undefined, origin, origin],
    ],
    [
      'tainted by the way back',
      () => go({}, redirects({ '/a': { to: `${origin}/b` } })).log.map(({ headers }) => headers.origin),
      [origin, 'null'],
    ],
    [
      'not tainted within an origin',
      () => go({}, redirects({ '/a': { to: '/b' } })).log.map(({ headers }) => headers.origin),
      [origin, origin],
    ],
  ],
  'maxage-syntax': ['abc', '1.5', '600s', '"600"', '+600', '600, 600', '', '-1', '0x10'].map(
    (value): Row => [
      `${JSON.stringify(value)} is five seconds`,
      () =>
        preflighted(
          { 'Access-Control-Max-Age': value },
          { method: 'PUT' },
          { method: 'PUT', wait: 4.9 },
          { method: 'PUT', wait: 0.2 },
        ),
      [true, false, true],
    ],
  ),
  'client-hints': [
    ...['DPR', 'Width', 'Viewport-Width', 'Downlink', 'RTT', 'ECT', 'Device-Memory', 'Save-Data'].map(
      (name): Row => [
        `${name} is asked for`,
        () => asked({ headers: { [name]: name === 'ECT' ? '4g' : name === 'Save-Data' ? 'on' : '1' } }),
        [name.toLowerCase()],
      ],
    ),
    [
      'five names can be safelisted',
      () =>
        asked({
          headers: {
            Accept: 'a',
            'Accept-Language': 'a',
            'Content-Language': 'a',
            'Content-Type': 'text/plain',
            Range: 'bytes=0-',
          },
        }),
      [],
    ],
  ],
  'location-empty': [
    [
      'empty is the same URL again, to the limit',
      () => {
        const { code, sent } = go({}, (request) => ({ ...open(request, { Location: '' }), status: 302 }))
        return [code, sent.length, new Set(sent).size]
      },
      ['too-many-redirects', 21, 1],
    ],
    [
      'two equal lines are a failure',
      () => go({}, (request) => ({ ...open(request, { Location: ['/b', '/b'] }), status: 302 })).code,
      'redirect-invalid-location',
    ],
    [
      'two lines are a failure',
      () => go({}, (request) => ({ ...open(request, { Location: ['', '/b'] }), status: 302 })).code,
      'redirect-invalid-location',
    ],
    [
      'one that does not parse is a failure',
      () => go({}, (request) => ({ ...open(request, { Location: 'https://[' }), status: 302 })).code,
      'redirect-invalid-location',
    ],
    [
      'none is an ordinary response',
      () => {
        const { outcome, status } = go({}, (request) => ({ ...open(request), status: 302 }))
        return [outcome, status]
      },
      ['allowed', 302],
    ],
  ],
  'xhr-upload-nobody': ['GET', 'HEAD', 'POST'].map(
    (method): Row => [
      `${method} without a body`,
      () => requests({ initiator: 'xhr', method, uploadListeners: true }),
      ['OPTIONS /a', `${method} /a`],
    ],
  ),
  'cache-firefox-wildcard': [
    [
      'the star for methods is kept',
      () =>
        preflighted(
          { 'Access-Control-Allow-Methods': '*' },
          { method: 'DELETE' },
          { method: 'DELETE' },
          { method: 'PUT' },
        ),
      [true, false, false],
    ],
    [
      'the star for headers is kept',
      () =>
        preflighted(
          { 'Access-Control-Allow-Headers': '*' },
          { headers: { 'X-A': '1' } },
          { headers: { 'X-B': '1' } },
        ),
      [true, false],
    ],
    [
      'not with credentials',
      () =>
        preflighted(
          { 'Access-Control-Allow-Methods': '*, PUT' },
          { method: 'PUT', credentials: 'include' },
          { method: 'DELETE', credentials: 'include' },
        ),
      [true, true],
    ],
  ],
  range: [
    ['the unit is in lower case', () => asked({ headers: { Range: 'BYTES=0-1' } }), ['range']],
    ['no blanks', () => asked({ headers: { Range: 'bytes=0 - 1' } }), ['range']],
    ['sent as it is', () => sentHeader('range', { headers: { Range: 'BYTES=00 - 01' } }), ['BYTES=00 - 01']],
    ['leading zeros are digits', () => asked({ headers: { Range: 'bytes=00-01' } }), []],
  ],
  'response-latin1': [
    ['one character is one byte', () => getHeader([['X-Latin', 'caf\u00e9']] as Header[], 'x-latin'), 'café'],
    [
      'names are compared as bytes',
      () =>
        go({}, (request) =>
          open(request, { 'Access-Control-Expose-Headers': 'x-latin', 'X-Latin': 'caf\u00e9' }),
        ).exposed,
      ['x-latin'],
    ],
  ],
  'stream-body': [
    [
      'is preflighted, and asks for no header',
      () => [
        requests({ method: 'POST', body: new ReadableStream(), httpVersion: '2' }),
        asked({ method: 'POST', body: new ReadableStream() }),
      ],
      [['OPTIONS /a', 'POST /a'], ['']],
    ],
    [
      'not over HTTP/1.1',
      () => {
        const { code, sent } = go({ method: 'POST', body: new ReadableStream(), httpVersion: '1.1' })
        return [code, sent.length]
      },
      ['stream-needs-http2', 1],
    ],
    [
      'not in mode no-cors',
      () => go({ method: 'POST', body: new ReadableStream(), mode: 'no-cors' }).code,
      'stream-body-in-no-cors-mode',
    ],
    [
      'no preflight to the own origin',
      () => requests({ url: own, method: 'POST', body: new ReadableStream() }),
      ['POST /a'],
    ],
    [
      'not a second time',
      () =>
        go({ method: 'POST', body: new ReadableStream() }, redirects({ '/a': { to: '/b', status: 307 } }))
          .code,
      'redirect-stream-body',
    ],
    [
      '303 leaves it behind',
      () =>
        go({ method: 'POST', body: new ReadableStream() }, redirects({ '/a': { to: '/b', status: 303 } }))
          .outcome,
      'allowed',
    ],
  ],
  'redirect-origin-webkit': [
    [
      'a GET made of a POST carries none',
      () => sentHeader('origin', { url: own, method: 'POST' }, redirects({ '/a': { to: '/b' } })),
      [origin, undefined],
    ],
    [
      'nor in mode no-cors',
      () =>
        sentHeader(
          'origin',
          { method: 'POST', mode: 'no-cors' },
          redirects({ '/a': { to: '/b', status: 303 } }),
        ),
      [origin, undefined],
    ],
    [
      'a PUT keeps it',
      () => sentHeader('origin', { url: own, method: 'PUT' }, redirects({ '/a': { to: '/b' } })),
      [origin, origin],
    ],
    ['a GET never had it', () => sentHeader('origin', { url: own }), [undefined]],
    [
      'a no-cors POST to http hides it',
      () =>
        travel('standard', { origin, url: 'http://localhost/', method: 'POST', mode: 'no-cors' }, open).log[0]
          ?.headers.origin,
      'null',
    ],
  ],
  'cache-firefox-simple-method': [
    [
      'GET needs no entry',
      () =>
        preflighted(
          { 'Access-Control-Allow-Methods': 'PUT' },
          { headers: { 'X-A': '1' } },
          { headers: { 'X-A': '1' } },
        ),
      [true, false],
    ],
    [
      'nor do HEAD and POST',
      () =>
        preflighted(
          { 'Access-Control-Allow-Methods': 'PUT' },
          { headers: { 'X-A': '1' } },
          { method: 'HEAD', headers: { 'X-A': '1' } },
          { method: 'POST', headers: { 'X-A': '1' } },
        ),
      [true, false, false],
    ],
  ],
  'redirect-preflight-dropped-need': [
    [
      'a PUT that became a GET',
      () => requests({ method: 'PUT', body: 'x' }, redirects({ '/a': { to: '/b', status: 303 } })),
      ['OPTIONS /a', 'PUT /a', 'GET /b'],
    ],
    [
      'a POST whose type went',
      () =>
        requests(
          { method: 'POST', body: 'x', headers: { 'Content-Type': 'a/b' } },
          redirects({ '/a': { to: '/b' } }),
        ),
      ['OPTIONS /a', 'POST /a', 'GET /b'],
    ],
    [
      'Authorization that went',
      () => requests({ headers: { Authorization: 'x' } }, redirects({ '/a': { to: other } })),
      ['OPTIONS /a', 'GET /a', 'GET /b'],
    ],
    [
      'what needs one still has one',
      () =>
        requests({ method: 'PUT', headers: { 'X-A': '1' } }, redirects({ '/a': { to: '/b', status: 303 } })),
      ['OPTIONS /a', 'PUT /a', 'OPTIONS /b', 'GET /b'],
    ],
    [
      'one that is needed from the first other origin on',
      () => requests({ url: own, method: 'PUT' }, redirects({ '/a': { to: other, status: 307 } })),
      ['PUT /a', 'OPTIONS /b', 'PUT /b'],
    ],
  ],
  'redirect-acrh-webkit': [
    [
      'Authorization is no longer asked for',
      () => asked({ headers: { Authorization: 'x', 'X-A': '1' } }, redirects({ '/a': { to: other } })),
      ['authorization,x-a', 'x-a'],
    ],
    [
      'within an origin it is',
      () => asked({ headers: { Authorization: 'x' } }, redirects({ '/a': { to: '/b' } })),
      ['authorization', 'authorization'],
    ],
    [
      'nor is Content-Type',
      () =>
        asked(
          { method: 'POST', body: 'x', headers: { 'Content-Type': 'a/b', 'X-A': '1' } },
          redirects({ '/a': { to: '/b' } }),
        ),
      ['content-type,x-a', 'x-a'],
    ],
  ],
  'nonascii-request-value': [
    ['a character is a byte', () => sentHeader('x-a', { headers: { 'X-A': 'ü' } }), ['ü']],
    ['more than a byte is refused', () => go({ headers: { 'X-A': '☃' } }).code, 'invalid-request-header'],
  ],
  'redirect-content-type': [
    [
      'removed with the body, for good',
      () =>
        sentHeader(
          'content-type',
          { method: 'POST', body: new Blob(['x'], { type: 'text/plain' }) },
          redirects({ '/a': { to: '/b' }, '/b': { to: `${origin}/c`, status: 307 } }),
        ),
      ['text/plain', undefined, undefined],
    ],
    [
      'all four of them',
      () => {
        const headers = {
          'Content-Encoding': 'a',
          'Content-Language': 'b',
          'Content-Location': 'c',
          'Content-Type': 'd/e',
          'X-F': 'g',
        }
        return Object.keys(
          go({ url: own, method: 'POST', headers }, redirects({ '/a': { to: '/b' } })).log[1]?.headers ?? {},
        )
      },
      ['accept', 'x-f'],
    ],
    [
      'kept where the method is',
      () =>
        sentHeader(
          'content-type',
          { method: 'POST', body: 'x' },
          redirects({ '/a': { to: '/b', status: 307 } }),
        ),
      ['text/plain;charset=UTF-8', 'text/plain;charset=UTF-8'],
    ],
    [
      'kept where a GET had it',
      () =>
        sentHeader(
          'content-type',
          { headers: { 'Content-Type': 'text/plain' } },
          redirects({ '/a': { to: '/b', status: 303 } }),
        ),
      ['text/plain', 'text/plain'],
    ],
  ],
  'redirect-method-webkit': [301, 302, 303, 307, 308].flatMap((status) =>
    ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'patch', 'FOO'].map((method): Row => {
      const becomesGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST'
      return [
        `${status} of a ${method}`,
        () => go({ method }, redirects({ '/a': { to: other, status } })).log.at(-1)?.method,
        becomesGet ? 'GET' : method,
      ]
    }),
  ),
  'cache-mode': (['reload', 'no-store', 'no-cache', 'force-cache'] as const).map(
    (cache): Row => [
      cache,
      () => preflighted({}, { method: 'PUT' }, { method: 'PUT', cache }),
      [true, false],
    ],
  ),
  'cache-eviction-webkit': [
    [
      'a response that fails',
      () => {
        const cache = new PreflightCache(() => 0)
        const put = (ok: boolean) =>
          travel(
            'standard',
            { origin, url: api, method: 'PUT' },
            (request) => (ok || request.preflight ? open(request, { 'Access-Control-Max-Age': '600' }) : {}),
            { cache },
          ).sent.length
        return [put(true), put(true), put(false), put(true)]
      },
      [2, 1, 1, 2],
    ],
    [
      'a preflight that fails',
      () => {
        const cache = new PreflightCache(() => 0)
        const send = (method: string, ok: boolean) =>
          travel(
            'standard',
            { origin, url: api, method },
            (request) => (ok ? open(request, { 'Access-Control-Max-Age': '600' }) : {}),
            { cache },
          ).sent.length
        return [send('PUT', true), send('DELETE', false), send('PUT', true)]
      },
      [2, 1, 2],
    ],
    [
      'a simple request that fails leaves it',
      () => {
        const cache = new PreflightCache(() => 0)
        const send = (method: string, ok: boolean) =>
          travel(
            'standard',
            { origin, url: api, method },
            (request) => (ok ? open(request, { 'Access-Control-Max-Age': '600' }) : {}),
            { cache },
          ).sent.length
        return [send('PUT', true), send('GET', false), send('PUT', true)]
      },
      [2, 1, 1],
    ],
    [
      'any status is a response',
      () => preflighted({}, { method: 'PUT' }, { method: 'PUT' }, { method: 'PUT' }),
      [true, false, false],
    ],
  ],
  'redirect-userinfo': [
    [
      'within the own origin',
      () => go({ url: own }, redirects({ '/a': { to: 'https://u:p@app.example/b' } })).outcome,
      'allowed',
    ],
    [
      'in mode no-cors',
      () => go({ mode: 'no-cors' }, redirects({ '/a': { to: 'https://u@other.example/b' } })).outcome,
      'opaque',
    ],
    [
      'from the own origin to another',
      () => go({ url: own }, redirects({ '/a': { to: 'https://u:p@other.example/b' } })).code,
      'redirect-with-credentials',
    ],
    [
      'within another origin',
      () => go({}, redirects({ '/a': { to: 'https://:p@api.example/b' } })).code,
      'redirect-with-credentials',
    ],
    [
      'back to the own origin',
      () => go({}, redirects({ '/a': { to: 'https://u@app.example/b' } })).code,
      'redirect-with-credentials',
    ],
    [
      'empty user info is none',
      () => go({}, redirects({ '/a': { to: 'https://:@api.example/b' } })).outcome,
      'allowed',
    ],
    [
      'mode same-origin',
      () =>
        go({ url: own, mode: 'same-origin' }, redirects({ '/a': { to: 'https://u:p@app.example/b' } }))
          .outcome,
      'allowed',
    ],
    [
      'never sent',
      () => go({ url: own }, redirects({ '/a': { to: 'https://u:p@app.example/b' } })).sent,
      ['GET https://app.example/a', 'GET https://app.example/b'],
    ],
  ],
  'ct-nonascii': [
    ['is text/plain', () => asked({ headers: { 'Content-Type': 'text/plain;café' } }), []],
    ['other safelisted values too', () => asked({ headers: { Accept: 'é' } }), []],
    ['not a language', () => asked({ headers: { 'Accept-Language': 'ü' } }), ['accept-language']],
  ],
  'forbidden-user-agent': [
    [
      'is asked for, and sent',
      () => [
        asked({ headers: { 'User-Agent': 'x' } }),
        sentHeader('user-agent', { headers: { 'User-Agent': 'x' } }),
      ],
      [['user-agent'], ['x']],
    ],
  ],
  'dup-empty-response': [
    [
      'empty lines are part of the value',
      () =>
        getHeader(
          [
            ['X-A', '1'],
            ['x-a', ''],
          ],
          'x-a',
        ),
      '1, ',
    ],
    [
      'and of Access-Control-Allow-Origin',
      () => {
        const { failure } = go({}, (request) =>
          open(request, { 'Access-Control-Allow-Origin': [origin, ''] }),
        )
        return [failure?.code, failure?.value]
      },
      ['multiple-allow-origin', `${origin}, `],
    ],
    [
      'but harmless in a list',
      () =>
        go({}, (request) => open(request, { 'X-A': '1', 'Access-Control-Expose-Headers': ['x-a', ''] }))
          .exposed,
      ['x-a'],
    ],
  ],
  'nocors-content-type': [
    [
      'of a Blob that is not safelisted',
      () =>
        sentHeader('content-type', {
          mode: 'no-cors',
          method: 'POST',
          body: new Blob(['x'], { type: 'application/json' }),
        }),
      [undefined],
    ],
    [
      'of a text',
      () => sentHeader('content-type', { mode: 'no-cors', method: 'POST', body: 'x' }),
      ['text/plain;charset=UTF-8'],
    ],
    [
      'set by the page',
      () =>
        sentHeader('content-type', {
          mode: 'no-cors',
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
        }),
      [undefined],
    ],
    [
      'combined beyond 128 bytes',
      () =>
        sentHeader('accept', {
          mode: 'no-cors',
          headers: [
            ['Accept', 'a'.repeat(100)],
            ['Accept', 'b'.repeat(27)],
          ],
        }),
      ['a'.repeat(100)],
    ],
    [
      'a Range never is',
      () => sentHeader('range', { mode: 'no-cors', headers: { Range: 'bytes=0-' } }),
      [undefined],
    ],
  ],
  'redirect-webkit-credentials': [
    [
      'same-origin stays same-origin',
      () =>
        go({ url: own }, ({ path }) => ({
          status: path === '/c' ? 200 : 302,
          headers: {
            'Access-Control-Allow-Origin': '*',
            Location: path === '/a' ? 'https://api.example/b' : '/c',
          },
        })).outcome,
      'allowed',
    ],
    [
      'include stays include',
      () =>
        go({ url: own, credentials: 'include' }, ({ path }) => ({
          status: path === '/a' ? 302 : 200,
          headers: { 'Access-Control-Allow-Origin': '*', Location: 'https://api.example/b' },
        })).code,
      'wildcard-allow-origin-with-credentials',
    ],
  ],
  'blob-bad-mime': [
    [
      'XHR sends it, and asks',
      () => [
        asked({ initiator: 'xhr', method: 'POST', body: new Blob(['x'], { type: 'x' }) }),
        sentHeader('content-type', {
          initiator: 'xhr',
          method: 'POST',
          body: new Blob(['x'], { type: 'x' }),
        }),
      ],
      [['content-type'], ['x']],
    ],
    [
      'so does fetch',
      () => asked({ method: 'POST', body: new Blob(['x'], { type: 'x' }) }),
      ['content-type'],
    ],
  ],
  'redirect-auth-firefox': [
    [
      'removed for good',
      () =>
        sentHeader(
          'authorization',
          { headers: { Authorization: 'Bearer t' } },
          redirects({ '/a': { to: other }, '/b': { to: '/c' }, '/c': { to: 'https://api.example/d' } }),
        ),
      ['Bearer t', undefined, undefined, undefined],
    ],
    [
      'kept within an origin',
      () =>
        sentHeader(
          'authorization',
          { headers: { Authorization: 'Bearer t' } },
          redirects({ '/a': { to: '/b' } }),
        ),
      ['Bearer t', 'Bearer t'],
    ],
    [
      'another scheme is another origin',
      () =>
        sentHeader(
          'authorization',
          { url: own, page: own, headers: { Authorization: 'x' } },
          redirects({ '/a': { to: 'https://app.example:8443/b' } }),
        ),
      ['x', undefined],
    ],
    [
      'in mode no-cors it never was',
      () => sentHeader('authorization', { mode: 'no-cors', headers: { Authorization: 'x' } }),
      [undefined],
    ],
  ],
  'xhr-charset': (
    [
      ['text/plain;charset=utf-8', 'text/plain;charset=utf-8'],
      ['text/plain;charset=UTF-8', 'text/plain;charset=UTF-8'],
      ['text/plain;charset="Utf-8"', 'text/plain;charset="Utf-8"'],
      ['text/plain;charset= utf-8', 'text/plain;charset=UTF-8'],
      ['Text/Plain; x=Y; charset=latin1', 'text/plain;x=Y;charset=UTF-8'],
      ['text/plain', 'text/plain'],
      ['text; charset=latin1', 'text; charset=latin1'],
    ] as const
  ).map(
    ([given, sent]): Row => [
      given,
      () =>
        sentHeader('content-type', {
          initiator: 'xhr',
          method: 'POST',
          body: 'x',
          headers: { 'Content-Type': given },
        }),
      [sent],
    ],
  ),
  'data-url-length': [
    ['only Content-Type', () => go({ url: 'data:text/plain,hi', method: 'POST' }).exposed, ['content-type']],
  ],
  'localhost-mixed': [
    ['localhost is trustworthy', () => go({ url: 'http://localhost:3000/' }).outcome, 'allowed'],
    ['so are its children', () => go({ url: 'http://api.localhost./' }).outcome, 'allowed'],
    [
      'a redirect to http is not',
      () => go({}, redirects({ '/a': { to: 'http://api.example/b' } })).failure,
      { code: 'mixed-content', blockedAt: 'redirect', part: 'http://api.example/b' },
    ],
  ],
  'redirect-nonhttp': [
    'data:,x',
    'about:blank',
    'ftp://api.example/',
    'blob:https://app.example/1',
    'mailto:a@b',
    'foo://bar',
  ].map(
    (to): Row => [
      to,
      () =>
        [{}, { url: own }, { mode: 'no-cors' as const }].map(
          (wanted) => go(wanted, redirects({ '/a': { to } })).code,
        ),
      Array(3).fill('redirect-to-unsupported-scheme'),
    ],
  ),
  'maxage-overflow': [
    [
      'a number without a limit',
      () =>
        preflighted(
          { 'Access-Control-Max-Age': '99999999999999999999' },
          { method: 'PUT' },
          { method: 'PUT', wait: 1e9 },
        ),
      [true, false],
    ],
  ],
  'acac-dup-empty': [
    [
      '"true, " is not true',
      () => {
        const { failure } = go({ credentials: 'include' }, (request) =>
          open(request, { 'Access-Control-Allow-Credentials': ['true', ''] }),
        )
        return [failure?.code, failure?.value]
      },
      ['invalid-allow-credentials', 'true, '],
    ],
  ],
  'about-blank': [
    [
      'is found in mode no-cors, opaque',
      () => {
        const { outcome, type } = go({ url: 'about:blank', mode: 'no-cors' })
        return [outcome, type]
      },
      ['opaque', 'opaque'],
    ],
    ['not in mode cors', () => go({ url: 'about:blank' }).code, 'unsupported-scheme'],
    [
      'nothing else of about:',
      () => go({ url: 'about:unicorn', mode: 'no-cors' }).code,
      'unsupported-scheme',
    ],
    [
      'in mode same-origin it has another origin',
      () => go({ url: 'about:blank', mode: 'same-origin' }).code,
      'same-origin-mode',
    ],
  ],
  'cache-other': [
    [
      'one answer covers what it lists',
      () =>
        preflighted(
          {
            'Access-Control-Allow-Methods': 'PUT, DELETE',
            'Access-Control-Allow-Headers': 'x-a, x-b, content-type',
          },
          { method: 'DELETE', headers: { 'X-A': '1' } },
          { method: 'DELETE', headers: { 'X-A': '1', 'X-B': '2' } },
        ),
      [true, false],
    ],
  ],
}

describe.each(Object.entries(groups))('%s', (_name, rows) => {
  test.each(rows)('%s', (_desc, got, expected) => {
    expect(got()).toEqual(expected)
  })
})
