/** What a page cannot send, or nobody means to, is a wrong use in both forms, wherever it is said: it never changes in silence what is asked. */
import 'expect-cors/vitest'
import { Readable } from 'node:stream'
import { type CorsBody, configure, endpoint, evaluateCors } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { refusal } from './assertions.js'
import { APP, answering } from './servers.js'

type Assertion = ReturnType<typeof expect<unknown>>
type Ask = (assertion: Assertion, options: object) => unknown

const onEndpoints: [string, Ask][] = [
  ['toAllowOrigin', (a, o) => a.toAllowOrigin(APP, o)],
  ['toAllowCredentialedOrigin', (a, o) => a.toAllowCredentialedOrigin(APP, o)],
  ['toAllowAnyOrigin', (a, o) => a.toAllowAnyOrigin(o)],
  ['toAllowPreflight', (a, o) => a.toAllowPreflight({ origin: APP, method: 'PUT', ...o })],
  ['toAllowCorsRequest', (a, o) => a.toAllowCorsRequest({ origin: APP, ...o })],
  ['toBlockCorsRequest', (a, o) => a.toBlockCorsRequest({ origin: APP, ...o })],
  ['toExposeHeader', (a, o) => a.toExposeHeader('x-a', { origin: APP, ...o })],
  ['toCachePreflightFor', (a, o) => a.toCachePreflightFor(60, { origin: APP, method: 'PUT', ...o })],
  ['toVaryOnOrigin', (a, o) => a.toVaryOnOrigin({ origin: APP, ...o })],
  ['toKeepOriginsApartInCaches', (a, o) => a.toKeepOriginsApartInCaches({ origin: APP, ...o })],
  ['toRequirePreflight', (a, o) => a.toRequirePreflight({ origin: APP, ...o })],
]

/** Those that take headers on a response. */
const onResponses: [string, Ask][] = [
  ['toAllowPreflight', (a, o) => a.toAllowPreflight({ origin: APP, method: 'PUT', ...o })],
  ['toCachePreflightFor', (a, o) => a.toCachePreflightFor(60, { origin: APP, method: 'PUT', ...o })],
]

const ALLOWING = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Allow-Headers': '*',
}

/** Both forms refuse, and send nothing; so does `endpoint()` itself. */
async function refused(ask: Ask, options: object): Promise<string> {
  const handler = answering(200, ALLOWING)
  const words = [
    await refusal(() => ask(expect(handler), options)),
    await refusal(() => ask(expect(handler).not, options)),
    await refusal(() => endpoint(handler, options)),
  ]
  expect(handler.requests).toHaveLength(0)
  expect(words[1]).toBe(words[0])
  expect(words[2]?.replace('endpoint()', '')).toBe(words[0]?.replace(/^\w+\(\)/, ''))
  return words[0] as string
}

const forbidden: [string, string][] = [
  ['Cookie', 'sid=s3cret'],
  ['cookie', 's3cret'],
  ['Cookie2', '1'],
  ['Host', 'a.example'],
  ['Referer', 'https://a.example/'],
  ['Connection', 'close'],
  ['Content-Length', '0'],
  ['Transfer-Encoding', 'chunked'],
  ['Accept-Encoding', 'br'],
  ['Date', 'now'],
  ['DNT', '1'],
  ['Expect', '100-continue'],
  ['Via', '1.1 a'],
  ['Set-Cookie', 'a=1'],
  ['Proxy-Authorization', 's3cret'],
  ['proxy-x', '1'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['SEC-X', '1'],
  ['X-HTTP-Method-Override', 'TRACE'],
  ['X-Method-Override', 'PUT, connect'],
]

describe('a header that no page may set', () => {
  test.each(onEndpoints)('%s', async (_, ask) => {
    for (const [name, value] of forbidden) {
      for (const headers of [{ 'x-a': '1', [name]: value }, [[name, value]], new Map([[name, value]])]) {
        const words = await refused(ask, { headers })
        expect(words).toContain(`headers must not set ${name}`)
        expect(words).toContain(`extraHeaders: { "${name}": … }`)
        expect(words).not.toContain('s3cret')
      }
    }
    expect(await refused(ask, { headers: ['Cookie'] })).toContain('extraHeaders')
    for (const name of ['Origin', 'access-control-request-method', 'Access-Control-Request-Headers']) {
      expect(await refused(ask, { headers: { [name]: 'x' } })).toMatch(/The browser sets it.*extraHeaders/)
    }
  })

  test.each(onResponses)('on a response: %s', async (_, ask) => {
    const response = { status: 204, headers: ALLOWING }
    for (const assertion of [expect(response), expect(response).not]) {
      expect(await refusal(() => ask(assertion, { headers: { Cookie: 'a=1' } }))).toContain('extraHeaders')
    }
  })

  test('what looks alike is a header like any other', async () => {
    const headers = {
      'X-HTTP-Method-Override': 'PUT',
      'x-cookie': '1',
      secret: '1',
      proxy: '1',
      'User-Agent': 'me',
    }
    expect('https://api.example.com').toRequirePreflight({ origin: APP, headers })
    await expect(answering(200, ALLOWING)).toAllowPreflight({ origin: APP, headers })
  })

  test('a page drops it, as browsers do', () => {
    const request = { origin: APP, url: 'https://api.example.com/', headers: { Cookie: 'a=1' } }
    expect(evaluateCors({ request }).preflight.required).toBe(false)
  })
})

const values: [string, unknown, RegExp][] = [
  ['undefined', { 'x-a': undefined }, /the value of x-a is undefined/],
  ['null', { 'x-a': null }, /the value of x-a is null/],
  ['an object', { 'x-a': { b: 1 } }, /the value of x-a is an object with b/],
  ['a list with a hole', { 'x-a': ['1', undefined] }, /the value of x-a is undefined/],
  ['undefined in a pair', [['x-a', undefined]], /the value of x-a is undefined/],
  ['a promise of a value', { 'x-a': Promise.resolve('1') }, /the value of x-a is an object of class Promise/],
  ['a promise of all', Promise.resolve({ 'x-a': '1' }), /await it first/],
  ['a function', () => ({ 'x-a': '1' }), /got a function/],
  ['a number', 7, /got the number 7/],
  ['an iterator', new Map([['x-a', '1']]).entries(), /only once/],
]

describe('a header without a value that anybody means', () => {
  test.each(onEndpoints.flatMap(([name, ask]) => values.map((value) => [name, ...value, ask] as const)))(
    '%s: %s',
    async (_, _what, headers, why, ask) => {
      expect(await refused(ask, { headers })).toMatch(why)
    },
  )

  test.each(values)('%s in extraHeaders', async (_, extraHeaders, why) => {
    const options = { extraHeaders } as object
    expect(await refused((a, o) => a.toAllowOrigin(APP, o), options)).toMatch(why)
    expect(await refusal(() => configure(options))).toMatch(why)
  })

  test("Node's record of a response may name what is not there", () => {
    const headers = { 'access-control-allow-origin': '*', etag: undefined }
    const request = { origin: APP, url: 'https://api.example.com/' }
    expect(evaluateCors({ request, response: { status: 200, headers } }).outcome).toBe('allowed')
    expect({ status: 200, headers }).toAllowOrigin(APP)
  })
})

describe('a body that is none', () => {
  const bodies: [string, unknown, string][] = [
    ['an object', { a: 1 }, '[object Object]'],
    ['a list', [1, 2], '[object Array]'],
    ['a number', 7, '7'],
    ['true', true, 'true'],
    ['a function', () => 'x', '[object Function]'],
    ['a promise', Promise.resolve('x'), '[object Promise]'],
    ['a stream of Node', Readable.from(['x']), '[object Object]'],
    ['a Request', new Request('https://a.example'), '[object Request]'],
    ['a Map', new Map(), '[object Map]'],
    ['a URL', new URL('https://a.example'), '[object URL]'],
    ['a symbol', Symbol('x'), 'Symbol(x)'],
  ]
  test.each(onEndpoints.flatMap(([name, ask]) => bodies.map((body) => [name, ...body, ask] as const)))(
    '%s: %s',
    async (_, _what, body, _text, ask) => {
      const words = await refused(ask, { method: 'POST', body })
      expect(words).toContain('body must be what fetch takes as one')
      expect(words).toContain('JSON.stringify(…)')
    },
  )

  test.each<[string, unknown]>([
    ['a string', 'x'],
    ['nothing', null],
    ['an empty text', ''],
    ['parameters', new URLSearchParams({ a: '1' })],
    ['a form', new FormData()],
    ['a blob', new Blob(['x'])],
    ['a buffer', Buffer.from('x')],
    ['bytes', new Uint8Array(3)],
    ['an ArrayBuffer', new ArrayBuffer(3)],
  ])('%s is one', async (_, body) => {
    const options = { origin: APP, method: 'POST', body: body as CorsBody }
    await expect(answering(200, ALLOWING)).toAllowCorsRequest(options)
  })
})

describe('a method that is none', () => {
  test.each(onEndpoints)('%s', async (_, ask) => {
    for (const method of ['', 'G ET', 'PUT\r\n', null, 7, ['PUT'], {}]) {
      expect(await refused(ask, { method })).toContain('method must be an HTTP method')
    }
  })

  test.each(onEndpoints)('no page may use it: %s', async (_, ask) => {
    const handler = answering(200, ALLOWING)
    for (const method of ['TRACE', 'connect', 'Track']) {
      for (const assertion of [expect(handler), expect(handler).not]) {
        expect(await refusal(() => ask(assertion, { method }))).toMatch(/forbidden-method|GET or HEAD/)
      }
    }
    expect(handler.requests).toHaveLength(0)
  })
})

describe('a stream as a body', () => {
  const stream = (): ReadableStream => new Blob(['hello']).stream()
  const options = () => ({ origin: APP, method: 'POST', body: stream() })

  test('is sent once, by the engine that sends streams; another sends the text that it makes', async () => {
    const bodies: string[] = []
    const app = async (request: Request): Promise<Response> => {
      bodies.push(`${request.method} ${await request.text()}`)
      return new Response(null, { headers: ALLOWING })
    }
    await expect(app).toAllowCorsRequest({ ...options(), engines: ['chromium', 'firefox'] })
    expect(bodies).toEqual(['OPTIONS ', 'POST hello', 'POST [object ReadableStream]'])
  })

  test('that is gone is a wrong use', async () => {
    const sent = { ...options(), engines: ['chromium'] as const }
    await expect(answering(200, ALLOWING)).toAllowCorsRequest(sent)
    const locked = { ...options(), engines: ['chromium'] as const }
    locked.body.getReader()
    const { origin: _, ...twice } = { ...options(), engines: ['chromium'] as const }
    for (const assertion of [expect(answering(200, ALLOWING)), expect(answering(200, ALLOWING)).not]) {
      expect(await refusal(() => assertion.toAllowCorsRequest(sent))).toContain('only once')
      expect(await refusal(() => assertion.toAllowCorsRequest(locked))).toContain('only once')
      expect(await refusal(() => assertion.toAllowAnyOrigin({ ...twice, body: stream() }))).toContain(
        'only once',
      )
    }
  })
})
