import {
  type CorsRequest,
  CorsUsageError,
  corsPreflightRequest,
  type EvaluateCorsInput,
  evaluateCors,
  type Profile,
} from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { profiles } from '../../src/engines/profiles.js'

const origin = 'https://app.example'
const url = 'https://api.example/orders'
const engines = Object.keys(profiles) as Profile[]
const cors = { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' }
const judge = (request: Partial<CorsRequest>, rest: Omit<EvaluateCorsInput, 'request'> = {}) =>
  evaluateCors({ request: { origin, url, ...request }, ...rest })
const ok = (headers: Record<string, string> = {}, status = 200) => ({
  status,
  headers: { ...cors, ...headers },
})

describe('a verdict is plain data', () => {
  const inputs: [desc: string, input: EvaluateCorsInput][] = [
    ['allowed', { request: { origin, url }, response: ok({ 'X-A': '1' }) }],
    ['blocked', { request: { origin, url }, response: { status: 200, headers: {} } }],
    [
      'blocked at the preflight',
      { request: { origin, url, method: 'PUT', headers: { Authorization: 'x' } }, preflight: ok() },
    ],
    ['opaque', { request: { origin, url, mode: 'no-cors' }, response: { status: 500, headers: {} } }],
    ['incomplete', { request: { origin, url, method: 'PUT', headers: new Headers({ 'x-a': '1' }) } }],
    ['redirected', { request: { origin, url }, response: ok({ Location: '/b' }, 302) }],
    ['never sent', { request: { origin, url: 'https://u:p@api.example', method: 'TRACE' } }],
    [
      'warned of',
      {
        request: { origin, url, headers: { Authorization: 'x', DPR: '2' } },
        preflight: ok({ 'Access-Control-Allow-Headers': '*' }),
      },
    ],
    ['with a body', { request: { origin, url, method: 'POST', body: new FormData() }, response: ok() }],
  ]
  test.each(inputs)('%s', (_desc, input) => {
    for (const engine of engines) {
      const verdict = evaluateCors({ ...input, engine })
      expect(structuredClone(verdict)).toStrictEqual(verdict)
      expect(JSON.parse(JSON.stringify(verdict))).toStrictEqual(verdict)
      expect(Object.values(verdict)).not.toContain(undefined)
      expect(evaluateCors({ ...input, engine }), 'the same again').toStrictEqual(verdict)
    }
  })

  test('input is left as it was', () => {
    const input = Object.freeze({
      request: Object.freeze({
        origin,
        url,
        method: 'put',
        headers: Object.freeze([Object.freeze(['X-B', ' 1 '] as const)]),
      }),
      preflight: Object.freeze({
        status: 204,
        headers: Object.freeze([Object.freeze(['access-control-allow-origin', ' * '] as const)]),
      }),
    })
    expect(() => evaluateCors(input)).not.toThrow()
  })

  test('the whole of one', () => {
    expect(
      judge(
        { method: 'put', headers: { 'X-A': '1' }, credentials: 'include' },
        { preflight: ok({ 'Access-Control-Allow-Methods': '*' }, 204) },
      ),
    ).toEqual({
      engine: 'standard',
      outcome: 'blocked',
      origin,
      page: 'https://app.example/',
      initiator: 'fetch',
      url,
      method: 'PUT',
      mode: 'cors',
      redirect: 'follow',
      credentials: true,
      hop: { url, origin, status: 204 },
      preflight: {
        required: true,
        reasons: [
          { kind: 'method', method: 'PUT' },
          { kind: 'header', name: 'x-a', spelling: 'X-A', value: '1', reason: 'name' },
        ],
        request: {
          method: 'OPTIONS',
          url,
          headers: [
            ['Accept', '*/*'],
            ['Access-Control-Request-Method', 'PUT'],
            ['Access-Control-Request-Headers', 'x-a'],
            ['Origin', origin],
          ],
        },
      },
      code: 'method-not-allowed',
      blockedAt: 'preflight',
      header: 'Access-Control-Allow-Methods',
      value: '*',
      part: 'PUT',
      exposedHeaders: [],
      warnings: [],
    })
  })
})

describe('incomplete: what was given does not decide', () => {
  test('nothing was sent: the preflight is next', () => {
    const verdict = judge({ method: 'DELETE' })
    expect(verdict).toMatchObject({ outcome: 'incomplete', needs: 'preflight', exposedHeaders: [] })
    expect(verdict.next).toEqual(verdict.preflight.request)
    expect(verdict.code).toBeUndefined()
  })

  test('a response does not stand in for a preflight', () => {
    expect(judge({ method: 'DELETE' }, { response: ok() })).toMatchObject({
      outcome: 'incomplete',
      needs: 'preflight',
    })
  })

  test('the preflight passed: the request is next', () => {
    const verdict = judge(
      { method: 'DELETE', headers: { 'X-A': '1' } },
      { preflight: ok({ 'Access-Control-Allow-Methods': 'DELETE', 'Access-Control-Allow-Headers': 'x-a' }) },
    )
    expect(verdict).toMatchObject({ outcome: 'incomplete', needs: 'response' })
    expect(verdict.next).toEqual({
      method: 'DELETE',
      url,
      headers: [
        ['Accept', '*/*'],
        ['X-A', '1'],
        ['Origin', origin],
      ],
    })
  })

  test('a simple request: the request is next, and a preflight given is not looked at', () => {
    expect(judge({})).toMatchObject({
      outcome: 'incomplete',
      needs: 'response',
      next: { method: 'GET', url },
    })
    expect(judge({}, { preflight: { status: 500, headers: {} }, response: ok() }).outcome).toBe('allowed')
  })

  test('a redirect: what follows is next', () => {
    const verdict = judge(
      { headers: { 'X-A': '1' } },
      {
        preflight: ok({ 'Access-Control-Allow-Headers': 'x-a' }),
        response: ok({ Location: 'https://other.example/b#f' }, 307),
      },
    )
    expect(verdict).toMatchObject({
      outcome: 'incomplete',
      needs: 'redirect',
      hop: { url: 'https://other.example/b#f', origin: 'null' },
    })
    expect(verdict.next).toEqual({
      method: 'OPTIONS',
      url: 'https://other.example/b',
      headers: [
        ['Accept', '*/*'],
        ['Access-Control-Request-Method', 'GET'],
        ['Access-Control-Request-Headers', 'x-a'],
        ['Origin', 'null'],
      ],
    })
  })

  test('a redirect that is refused decides', () => {
    expect(judge({}, { response: ok({ Location: 'https://u:p@b.example/' }, 302) })).toMatchObject({
      outcome: 'blocked',
      code: 'redirect-with-credentials',
      blockedAt: 'redirect',
    })
    expect(judge({ redirect: 'error' }, { response: ok({ Location: '/b' }, 302) })).toMatchObject({
      outcome: 'blocked',
      code: 'redirect-mode-error',
    })
    expect(judge({ redirect: 'manual' }, { response: ok({ Location: '/b' }, 302) })).toMatchObject({
      outcome: 'opaque',
      type: 'opaqueredirect',
    })
    expect(judge({}, { response: ok({}, 302) })).toMatchObject({ outcome: 'allowed', type: 'cors' })
  })
})

describe('whether a preflight is needed, and every reason', () => {
  const header = (name: string, value: string, reason: string, spelling = name) => ({
    kind: 'header',
    name,
    spelling,
    value,
    reason,
  })
  test.each<[desc: string, request: Partial<CorsRequest>, reasons: unknown[]]>([
    ['GET', {}, []],
    ['POST with a form', { method: 'POST', body: new URLSearchParams('a=b') }, []],
    ['a method', { method: 'PATCH' }, [{ kind: 'method', method: 'PATCH' }]],
    [
      'headers, each on its own',
      {
        headers: [
          ['X-A', '1'],
          ['Content-Type', 'application/json'],
          ['x-a', '2'],
        ],
      },
      [
        header('x-a', '1', 'name', 'X-A'),
        header('content-type', 'application/json', 'content-type', 'Content-Type'),
        header('x-a', '2', 'name'),
      ],
    ],
    ['a byte', { headers: { accept: '"' } }, [header('accept', '"', 'unsafe-byte')]],
    [
      'a length',
      { headers: { accept: 'a'.repeat(129) } },
      [header('accept', 'a'.repeat(129), 'value-length')],
    ],
    ['a range', { headers: { range: 'bytes=-1' } }, [header('range', 'bytes=-1', 'range')]],
    [
      'a secret is not shown',
      { headers: { Authorization: 'Bearer s3cret', 'X-Api-Key': 'k' } },
      [
        header('authorization', '[redacted]', 'name', 'Authorization'),
        header('x-api-key', '[redacted]', 'name', 'X-Api-Key'),
      ],
    ],
    ['names alone', { headers: ['X-A'] }, [header('x-a', 'expect-cors', 'name', 'X-A')]],
    [
      'the type of a Blob',
      { method: 'POST', body: new Blob(['{}'], { type: 'application/json' }) },
      [header('content-type', 'application/json', 'content-type', 'Content-Type')],
    ],
    [
      'an upload listener',
      { initiator: 'xhr', method: 'POST', body: 'x', uploadListeners: true },
      [{ kind: 'upload-listener' }],
    ],
    ['an upload listener of a fetch is none', { method: 'POST', body: 'x', uploadListeners: true }, []],
    ['a stream', { method: 'POST', body: new ReadableStream() }, [{ kind: 'stream-body' }]],
    ['an EventSource never is', { initiator: 'eventsource', headers: { 'X-A': '1' }, method: 'PUT' }, []],
    ['mode no-cors never is', { mode: 'no-cors', headers: { 'X-A': '1' } }, []],
    ['the own origin never is', { url: `${origin}/a`, method: 'PUT', headers: { 'X-A': '1' } }, []],
  ])('%s', (_desc, request, reasons) => {
    const { preflight } = judge(request)
    expect(preflight.reasons).toEqual(reasons)
    expect(preflight.required).toBe(reasons.length > 0)
    expect(preflight.request === undefined).toBe(reasons.length === 0)
    expect(corsPreflightRequest({ origin, url, ...request })).toEqual(preflight.request ?? null)
  })

  test('the preflight has no fragment and no user info, and carries null for an opaque origin', () => {
    expect(corsPreflightRequest({ origin: 'null', url: `${url}?q#f`, method: 'PUT' })).toEqual({
      method: 'OPTIONS',
      url: `${url}?q`,
      headers: [
        ['Accept', '*/*'],
        ['Access-Control-Request-Method', 'PUT'],
        ['Origin', 'null'],
      ],
    })
  })
})

describe('outcomes', () => {
  test.each<
    [desc: string, request: Partial<CorsRequest>, response: EvaluateCorsInput['response'], expected: object]
  >([
    ['any status can be read', {}, ok({}, 404), { outcome: 'allowed', type: 'cors', hop: { status: 404 } }],
    [
      'own origin',
      { url: `${origin}/a` },
      { status: 200, headers: { 'X-A': '1', 'Set-Cookie': 'a=b' } },
      { outcome: 'allowed', type: 'basic', exposedHeaders: ['x-a'] },
    ],
    [
      'exposed',
      {},
      ok({ 'X-A': '1', 'X-B': '2', 'Access-Control-Expose-Headers': 'x-b', ETag: 'e' }),
      { exposedHeaders: ['x-b'] },
    ],
    [
      'no-cors',
      { mode: 'no-cors' },
      { status: 404, headers: { 'X-A': '1' } },
      { outcome: 'opaque', type: 'opaque', exposedHeaders: [] },
    ],
    [
      'same-origin mode',
      { mode: 'same-origin' },
      undefined,
      { code: 'same-origin-mode', blockedAt: 'request' },
    ],
    [
      'mixed content',
      { url: 'http://api.example/' },
      undefined,
      { code: 'mixed-content', blockedAt: 'request' },
    ],
    [
      'localhost is no mixed content',
      { url: 'http://localhost:3000/' },
      undefined,
      { outcome: 'incomplete' },
    ],
    ['a bad port', { url: 'https://api.example:25/' }, undefined, { code: 'bad-port', part: '25' }],
    ['a scheme', { url: 'ftp://api.example/' }, undefined, { code: 'unsupported-scheme', part: 'ftp:' }],
    [
      'a data URL',
      { url: 'data:text/html;charset=x,hi', origin: 'null' },
      undefined,
      { outcome: 'allowed', type: 'basic', exposedHeaders: ['content-type'] },
    ],
    [
      'user info',
      { url: 'https://u:p@api.example/' },
      undefined,
      { code: 'url-with-credentials', url: 'https://[redacted]@api.example/' },
    ],
    ['no URL', { url: 'https://[' }, undefined, { code: 'invalid-url' }],
    ['a body with GET', { body: 'x' }, undefined, { code: 'body-with-get-or-head' }],
    [
      'a body with HEAD',
      { body: 'x', method: 'head' },
      undefined,
      { code: 'body-with-get-or-head', part: 'HEAD' },
    ],
    ['an XHR drops the body of a GET', { body: 'x', initiator: 'xhr' }, ok(), { outcome: 'allowed' }],
    ['only-if-cached', { cache: 'only-if-cached' }, undefined, { code: 'only-if-cached-mode' }],
    [
      'a stream over HTTP/1.1',
      { method: 'POST', body: new ReadableStream(), httpVersion: '1.1', url: `${origin}/a` },
      undefined,
      { code: 'stream-needs-http2' },
    ],
    [
      'EventSource',
      { initiator: 'eventsource' },
      ok({ 'Content-Type': 'text/event-stream;charset=utf-8' }),
      { outcome: 'allowed' },
    ],
    [
      'EventSource, status',
      { initiator: 'eventsource' },
      ok({ 'Content-Type': 'text/event-stream' }, 201),
      { code: 'event-stream-status', status: 201 },
    ],
    [
      'EventSource, type',
      { initiator: 'eventsource' },
      ok({ 'Content-Type': 'text/plain' }),
      { code: 'event-stream-content-type', value: 'text/plain' },
    ],
    [
      'values off the wire lose their blanks',
      {},
      { status: 200, headers: { 'access-control-allow-origin': ' * \t' } },
      { outcome: 'allowed' },
    ],
    [
      'a relative URL',
      { url: '../b?c', page: 'https://app.example/x/y/z' },
      { status: 200, headers: {} },
      { outcome: 'allowed', url: 'https://app.example/x/b?c' },
    ],
    [
      'a page with an opaque origin',
      { origin: 'null', url: `${origin}/a`, page: `${origin}/` },
      { status: 200, headers: { 'Access-Control-Allow-Origin': 'null' } },
      { outcome: 'allowed', type: 'cors', origin: 'null' },
    ],
    [
      'any scheme',
      { origin: 'capacitor://localhost' },
      { status: 200, headers: { 'Access-Control-Allow-Origin': 'capacitor://localhost' } },
      { outcome: 'allowed' },
    ],
  ])('%s', (_desc, request, response, expected) => {
    expect(judge(request, { response })).toMatchObject(expected)
  })

  test('header names that objects have are names like others', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
    const pairs = names.map((name): [string, string] => [name, '1'])
    const lower = names.map((name) => name.toLowerCase()).sort()
    for (const engine of engines) {
      const open = judge(
        { headers: pairs },
        {
          engine,
          preflight: ok({ 'Access-Control-Allow-Headers': names.join() }),
          response: {
            status: 200,
            headers: [...Object.entries(cors), ...pairs, ['Access-Control-Expose-Headers', names.join()]],
          },
        },
      )
      expect(open.outcome).toBe('allowed')
      expect(open.exposedHeaders).toEqual(lower)
      expect(open.preflight.request?.headers).toContainEqual(['Access-Control-Request-Headers', lower.join()])
      expect(
        judge({ headers: pairs }, { engine, preflight: ok({ 'Access-Control-Allow-Headers': 'x' }) }),
      ).toMatchObject({ code: 'header-not-allowed', part: '__proto__' })
      expect(
        judge({}, { engine, response: { status: 200, headers: [...Object.entries(cors), ...pairs] } })
          .exposedHeaders,
      ).toEqual([])
    }
  })
})

describe('warnings: where the standard is stricter than the engine', () => {
  const all = { 'Access-Control-Allow-Methods': 'PUT', 'Access-Control-Allow-Headers': 'x-a' }
  const hint = {
    code: 'standard-requires-preflight',
    section: 'https://fetch.spec.whatwg.org/#cors-safelisted-request-header',
  }
  test.each<
    [
      desc: string,
      engine: Profile,
      request: Partial<CorsRequest>,
      answers: Omit<EvaluateCorsInput, 'request'>,
      warnings: unknown[],
    ]
  >([
    [
      'Authorization and the star',
      'chromium',
      { headers: { Authorization: 'x' } },
      { preflight: ok({ 'Access-Control-Allow-Headers': 'x-a, *' }) },
      [
        {
          code: 'wildcard-does-not-cover-authorization',
          header: 'Access-Control-Allow-Headers',
          value: 'x-a, *',
          section: 'https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name',
        },
      ],
    ],
    [
      'Authorization by name',
      'webkit',
      { headers: { Authorization: 'x' } },
      { preflight: ok({ 'Access-Control-Allow-Headers': '*, authorization' }) },
      [],
    ],
    [
      'client hints without a preflight',
      'chromium',
      { headers: { DPR: '2', 'Save-Data': 'on' } },
      {},
      [
        { ...hint, header: 'DPR', value: '2' },
        { ...hint, header: 'Save-Data', value: 'on' },
      ],
    ],
    [
      'client hints that the preflight does not ask for',
      'chromium',
      { method: 'PUT', headers: { DPR: '2', 'X-A': '1' } },
      { preflight: ok(all) },
      [{ ...hint, header: 'DPR', value: '2' }],
    ],
    ['client hints elsewhere', 'firefox', { headers: { DPR: '2' } }, {}, []],
    [
      'an empty line of Access-Control-Allow-Credentials',
      'firefox',
      { credentials: 'include' },
      {
        response: {
          status: 200,
          headers: [
            ['Access-Control-Allow-Origin', origin],
            ['Access-Control-Allow-Credentials', 'true'],
            ['access-control-allow-credentials', ''],
          ],
        },
      },
      [
        {
          code: 'empty-duplicate-line',
          header: 'Access-Control-Allow-Credentials',
          value: 'true, ',
          section: 'https://fetch.spec.whatwg.org/#concept-header-list-get',
        },
      ],
    ],
    [
      'BYTES=',
      'webkit',
      { headers: { Range: 'BYTES=0-1' } },
      {},
      [{ ...hint, header: 'Range', value: 'BYTES=0-1' }],
    ],
    ['bytes=', 'webkit', { headers: { Range: 'bytes=0-1' } }, {}, []],
    [
      'an upload listener without a body',
      'chromium',
      { initiator: 'xhr', uploadListeners: true },
      {},
      [{ code: 'standard-requires-preflight', section: 'https://xhr.spec.whatwg.org/#the-send()-method' }],
    ],
    [
      'an upload listener with a body',
      'chromium',
      { initiator: 'xhr', method: 'POST', body: 'x', uploadListeners: true },
      {},
      [],
    ],
    [
      'an upload listener beside another reason',
      'chromium',
      { initiator: 'xhr', method: 'PUT', uploadListeners: true },
      {},
      [],
    ],
    [
      'two types, judged as one',
      'chromium',
      {
        method: 'POST',
        headers: [
          ['Content-Type', 'text/plain;a'],
          ['Content-Type', 'application/json'],
        ],
      },
      {},
      [{ ...hint, header: 'Content-Type', value: 'application/json' }],
    ],
    [
      'safelisted headers',
      'chromium',
      { method: 'POST', headers: { Accept: 'a', 'Content-Type': 'text/plain' } },
      {},
      [],
    ],
    ['the own origin', 'chromium', { url: `${origin}/a`, headers: { DPR: '2' } }, {}, []],
    ['an EventSource', 'chromium', { initiator: 'eventsource' }, {}, []],
  ])('%s', (_desc, engine, request, answers, warnings) => {
    expect(judge(request, { engine, ...answers }).warnings).toEqual(warnings)
    expect(judge(request, answers).warnings, 'the standard never warns').toEqual([])
  })

  test('each once, on the preflight and on the response', () => {
    const twice = {
      status: 200,
      headers: [
        ['Access-Control-Allow-Origin', origin],
        ['Access-Control-Allow-Credentials', 'true'],
        ['Access-Control-Allow-Credentials', ''],
        ['Access-Control-Allow-Methods', 'PUT'],
      ],
    } as const
    const verdict = judge(
      { method: 'PUT', credentials: 'include' },
      { engine: 'firefox', preflight: twice, response: twice },
    )
    expect(verdict).toMatchObject({ outcome: 'allowed', warnings: [{ code: 'empty-duplicate-line' }] })
    expect(verdict.warnings).toHaveLength(1)
  })
})

describe('usage errors say what is wrong and what to write', () => {
  const response = ok()
  test.each<[desc: string, input: unknown, message: RegExp]>([
    [
      'a trailing slash',
      { request: { origin: `${origin}/`, url } },
      /'https:\/\/app\.example\/' is not an origin: an origin has no trailing slash; write 'https:\/\/app\.example'/,
    ],
    [
      'upper case',
      { request: { origin: 'HTTPS://App.example', url } },
      /lower case; write 'https:\/\/app\.example'/,
    ],
    [
      'a default port',
      { request: { origin: `${origin}:443`, url } },
      /default port; write 'https:\/\/app\.example'/,
    ],
    ['a path', { request: { origin: `${origin}/a`, url } }, /no path, query or fragment/],
    ['the star', { request: { origin: '*', url } }, /never '\*'/],
    ['blanks inside', { request: { origin: 'https://a b', url } }, /white space; write it like/],
    [
      'no origin',
      { request: { url } },
      /must be a string such as 'https:\/\/app\.example\.com'; got undefined/,
    ],
    ['null itself', { request: { origin: null, url } }, /the opaque origin is the string 'null'/],
    ['no url', { request: { origin } }, /request\.url must be a string; got undefined/],
    ['a URL object', { request: { origin, url: new URL(url) } }, /request\.url must be a string; got object/],
    ['no request', {}, /evaluateCors takes \{ request/],
    ['nothing', undefined, /evaluateCors takes \{ request/],
    ['a page that is no URL', { request: { origin, url, page: '/orders' } }, /page must be an absolute URL/],
    [
      'a boolean for credentials',
      { request: { origin, url, credentials: true } },
      /credentials must be one of 'omit', 'same-origin', 'include'; got true \(for true, write 'include'\)/,
    ],
    ['false for credentials', { request: { origin, url, credentials: false } }, /write 'omit'/],
    [
      'a mode',
      { request: { origin, url, mode: 'navigate' } },
      /mode must be one of 'cors', 'no-cors', 'same-origin'; got "navigate"/,
    ],
    ['a redirect mode', { request: { origin, url, redirect: 7n } }, /redirect must be one of .*; got 7/],
    [
      'an initiator',
      { request: { origin, url, initiator: 'img' } },
      /initiator must be one of 'fetch', 'xhr', 'eventsource', 'beacon', 'form'; got "img"/,
    ],
    [
      'a method',
      { request: { origin, url, method: 7 } },
      /request\.method must be a string such as 'PUT'; got number/,
    ],
    ['headers', { request: { origin, url, headers: 'X-A' } }, /the request's headers: .*Write \["X-A"\]/],
    [
      'a header',
      { request: { origin, url, headers: [['a', 'b', 'c']] } },
      /the request's headers: .*pair; got \["a", "b", "c"\]/,
    ],
    [
      'an engine',
      { request: { origin, url }, engine: 'opera' },
      /unknown engine "opera": use one of standard, chromium, firefox, webkit, webkitgtk/,
    ],
    [
      'an engine of objects',
      { request: { origin, url }, engine: 'constructor' },
      /unknown engine "constructor"/,
    ],
    [
      'a response that is none',
      { request: { origin, url }, response: 200 },
      /the request's response must be \{ status, headers \}; got 200/,
    ],
    [
      'null for a response',
      { request: { origin, url }, response: null },
      /must be \{ status, headers \}; got null/,
    ],
    [
      'a status',
      { request: { origin, url }, response: { ...response, status: '200' } },
      /status must be an integer such as 200; got "200"/,
    ],
    [
      'status 0',
      { request: { origin, url }, response: { ...response, status: 0 } },
      /status must be an integer such as 200; got 0/,
    ],
    [
      'a response without headers',
      { request: { origin, url }, response: { status: 200 } },
      /headers must be a record, pairs or a Headers object; got undefined/,
    ],
    [
      'a response with a header that is none',
      { request: { origin, url }, response: { status: 200, headers: [7] } },
      /headers: .*got 7/,
    ],
    [
      'the preflight is called by its name',
      { request: { origin, url, method: 'PUT' }, preflight: { status: 200 } },
      /the preflight's headers/,
    ],
  ])('%s', (_desc, input, message) => {
    const run = () => evaluateCors(input as EvaluateCorsInput)
    expect(run).toThrow(message)
    expect(run).toThrow(CorsUsageError)
  })
})
