/** What people read when an assertion fails. Each message is a snapshot: read it aloud before you update it. */
import 'expect-cors/vitest'
import { configure, endpoint, evaluateCors, observed } from 'expect-cors'
import { toAllowOrigin } from 'expect-cors/matchers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cached } from '../audit/caches.js'
import { failure } from './assertions.js'
import { AGE, ALLOW, APP, answering, EVIL, EXPOSE, HEADERS, METHODS, preflighting } from './servers.js'

const allowing = observed({ status: 200, headers: { [ALLOW]: APP, Vary: 'Origin' } }, { origin: APP })

describe('toAllowOrigin', () => {
  const cases: [string, () => unknown][] = [
    ['no header', () => expect({ status: 200, headers: { 'Content-Type': 'text/html' } }).toAllowOrigin(APP)],
    [
      'another origin',
      () => expect({ status: 200, headers: { [ALLOW]: 'https://admin.example.com' } }).toAllowOrigin(APP),
    ],
    [
      'a trailing slash',
      () =>
        expect(observed({ status: 200, headers: { [ALLOW]: `${APP}/` } }, { origin: APP })).toAllowOrigin(
          APP,
        ),
    ],
    [
      'two lines',
      () =>
        expect({
          status: 200,
          headers: [
            [ALLOW, APP],
            [ALLOW, '*'],
          ],
        }).toAllowOrigin(APP),
    ],
    ['not, on a response', () => expect(allowing).not.toAllowOrigin(APP)],
    [
      'not, a wildcard',
      () =>
        expect(observed({ status: 200, headers: { [ALLOW]: '*' } }, { origin: EVIL })).not.toAllowOrigin(
          EVIL,
        ),
    ],
    [
      'on an endpoint',
      () => expect(answering(404, { [ALLOW]: APP })).toAllowOrigin(EVIL, { path: '/orders' }),
    ],
    [
      'not, on an endpoint',
      () => expect(answering(404, { [ALLOW]: APP })).not.toAllowOrigin(APP, { path: '/orders' }),
    ],
    ['engines differ', () => expect(preflighting({})).toAllowOrigin(APP, { headers: { DPR: '2' } })],
    ['not, engines differ', () => expect(preflighting({})).not.toAllowOrigin(APP, { headers: { DPR: '2' } })],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(await failure(assert)).toMatchSnapshot()
  })
})

describe('toAllowCredentialedOrigin', () => {
  const cases: [string, () => unknown][] = [
    ['a wildcard', () => expect(answering(200, { [ALLOW]: '*' })).toAllowCredentialedOrigin(APP)],
    ['no credentials', () => expect(allowing).toAllowCredentialedOrigin(APP)],
    [
      'not',
      () =>
        expect(
          answering(200, { [ALLOW]: APP, 'Access-Control-Allow-Credentials': 'true' }),
        ).not.toAllowCredentialedOrigin(APP),
    ],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(await failure(assert)).toMatchSnapshot()
  })
})

/** Random origins are told apart by what they are below, which is not random. */
const withoutRandom = (message: string): string =>
  message.replace(/\br[a-z\d]+(?=\.(?:example|test|invalid)\b)/g, 'random')

describe('toAllowAnyOrigin', () => {
  const reflecting = (request: Request): Response =>
    new Response(null, { headers: { [ALLOW]: request.headers.get('origin') ?? '' } })
  const cases: [string, () => unknown][] = [
    ['a response', () => expect(allowing).toAllowAnyOrigin()],
    ['a response without the header', () => expect({ status: 200, headers: {} }).toAllowAnyOrigin()],
    ['an endpoint', () => expect(answering(200, { [ALLOW]: APP })).toAllowAnyOrigin()],
    ['not, a wildcard', () => expect(answering(200, { [ALLOW]: '*' })).not.toAllowAnyOrigin()],
    ['not, reflection', () => expect(reflecting).not.toAllowAnyOrigin()],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(withoutRandom(await failure(assert))).toMatchSnapshot()
  })
})

describe('toAllowPreflight', () => {
  const wanted = { origin: APP, method: 'PUT', headers: ['content-type', 'authorization'] }
  const permitting = { [ALLOW]: APP, [METHODS]: 'GET, PUT', [HEADERS]: 'content-type, authorization' }
  const cases: [string, () => unknown][] = [
    ['nothing', () => expect(answering(404)).toAllowPreflight(wanted)],
    ['401', () => expect(preflighting(permitting, {}, 401)).toAllowPreflight(wanted)],
    ['a method', () => expect(preflighting({ ...permitting, [METHODS]: 'GET' })).toAllowPreflight(wanted)],
    [
      'a method in another case',
      () => expect(preflighting({ ...permitting, [METHODS]: 'get, put' })).toAllowPreflight(wanted),
    ],
    [
      'a header',
      () => expect(preflighting({ ...permitting, [HEADERS]: 'content-type' })).toAllowPreflight(wanted),
    ],
    [
      'a wildcard with credentials',
      () =>
        expect(
          preflighting({ ...permitting, [HEADERS]: '*', 'Access-Control-Allow-Credentials': 'true' }),
        ).toAllowPreflight({ ...wanted, credentials: 'include' }),
    ],
    [
      'a redirect',
      () =>
        expect(answering(301, { Location: 'https://api.example.com/orders/?token=s3cret' })).toAllowPreflight(
          wanted,
        ),
    ],
    ['not', () => expect(preflighting(permitting)).not.toAllowPreflight(wanted)],
    [
      'some engines do not ask',
      () => expect(preflighting({ [ALLOW]: '*' })).toAllowPreflight({ origin: APP, headers: { DPR: '2' } }),
    ],
    [
      'a response',
      () =>
        expect(observed({ status: 204, headers: { [ALLOW]: APP } }, { origin: APP })).toAllowPreflight(
          wanted,
        ),
    ],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(await failure(assert)).toMatchSnapshot()
  })

  test('the standard counts', async () => {
    onTestFinished(configure({ strict: true }))
    const handler = preflighting({ [ALLOW]: APP, [HEADERS]: '*' })
    expect(
      await failure(() => expect(handler).toAllowPreflight({ origin: APP, headers: ['authorization'] })),
    ).toMatchSnapshot()
    expect(
      await failure(() => expect(handler).not.toAllowPreflight({ origin: APP, headers: ['authorization'] })),
    ).toMatchSnapshot()
  })
})

describe('toAllowMethod', () => {
  const answer = observed({ status: 204, headers: { [ALLOW]: APP, [METHODS]: 'PUT' } }, { origin: APP })
  const cases: [string, () => unknown][] = [
    ['one of a list', () => expect(answer).toAllowMethod(['PUT', 'DELETE'])],
    [
      'not, one of a list',
      () => {
        onTestFinished(configure({ unknownOrigin: 'trust' }))
        expect(answer).not.toAllowMethod(['PUT', 'DELETE'])
      },
    ],
    ['an endpoint', () => expect(preflighting({ [ALLOW]: APP })).toAllowMethod('PUT', { origin: APP })],
    ['not, a safelisted method', () => expect(preflighting({})).not.toAllowMethod('GET', { origin: APP })],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(await failure(assert)).toMatchSnapshot()
  })
})

describe('toAllowRequestHeader', () => {
  const answer = observed(
    { status: 204, headers: { [ALLOW]: APP, [HEADERS]: 'content-type' } },
    { origin: APP },
  )
  const cases: [string, () => unknown][] = [
    ['one of a list', () => expect(answer).toAllowRequestHeader(['Content-Type', 'Authorization'])],
    [
      'not, one of a list',
      () => {
        onTestFinished(configure({ unknownOrigin: 'trust' }))
        expect(answer).not.toAllowRequestHeader(['Content-Type', 'Authorization'])
      },
    ],
    [
      'an endpoint',
      () => expect(preflighting({ [ALLOW]: APP })).toAllowRequestHeader('x-tenant', { origin: APP }),
    ],
    [
      'an engine does not ask',
      () => expect(preflighting({ [ALLOW]: APP })).toAllowRequestHeader('User-Agent', { origin: APP }),
    ],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(await failure(assert)).toMatchSnapshot()
  })

  test('the standard counts', async () => {
    onTestFinished(configure({ strict: true }))
    const handler = preflighting({ [ALLOW]: APP, [HEADERS]: '*' })
    expect(
      await failure(() => expect(handler).toAllowRequestHeader(['x-a', 'authorization'], { origin: APP })),
    ).toMatchSnapshot()
    expect(
      await failure(() => expect(handler).not.toAllowRequestHeader('authorization', { origin: APP })),
    ).toMatchSnapshot()
  })
})

describe('toAllowCorsRequest', () => {
  const put = {
    origin: APP,
    method: 'PUT',
    headers: { Authorization: 'Bearer s3cret', 'X-Api-Key': 's3cret' },
  }
  const permitting = { [ALLOW]: APP, [METHODS]: 'PUT', [HEADERS]: 'authorization, x-api-key' }
  const redirecting = (request: Request): Response =>
    new URL(request.url).pathname === '/'
      ? new Response(null, { status: 302, headers: { [ALLOW]: '*', Location: '/next?api_key=s3cret' } })
      : new Response(null)
  const cases: [string, () => unknown][] = [
    [
      'the answer after a good preflight',
      () => expect(preflighting(permitting, { 'Set-Cookie': 'sid=s3cret' })).toAllowCorsRequest(put),
    ],
    ['after a redirect', () => expect(redirecting).toAllowCorsRequest({ origin: APP })],
    ['not', () => expect(preflighting(permitting, { [ALLOW]: APP })).not.toAllowCorsRequest(put)],
    ['opaque', () => expect(answering(200)).toAllowCorsRequest({ origin: APP, mode: 'no-cors' })],
    ['not, opaque', () => expect(answering(200)).not.toAllowCorsRequest({ origin: APP, mode: 'no-cors' })],
    [
      'sent differently',
      () =>
        expect(preflighting({ [ALLOW]: '*', [HEADERS]: 'user-agent' }, {})).toAllowCorsRequest({
          origin: APP,
          headers: { 'User-Agent': 'me' },
        }),
    ],
    [
      'a verdict',
      () =>
        expect(
          evaluateCors({
            request: { origin: APP, url: 'https://api.example.com/?key=s3cret' },
            response: { status: 200, headers: {} },
          }),
        ).toAllowCorsRequest(),
    ],
    [
      'not, a verdict',
      () =>
        expect(
          evaluateCors({
            request: { origin: APP, url: 'https://api.example.com/' },
            response: { status: 200, headers: { [ALLOW]: '*' } },
          }),
        ).not.toAllowCorsRequest(),
    ],
  ]
  test.each(cases)('%s', async (_, assert) => {
    const message = await failure(assert)
    expect(message).not.toContain('s3cret')
    expect(message).toMatchSnapshot()
  })
})

describe('toBlockCorsRequest', () => {
  const cases: [string, () => unknown][] = [
    ['allowed', () => expect(answering(200, { [ALLOW]: '*' })).toBlockCorsRequest({ origin: EVIL })],
    [
      'another code',
      () => expect(answering(200)).toBlockCorsRequest({ origin: EVIL }, 'allow-origin-mismatch'),
    ],
    ['not', () => expect(answering(200)).not.toBlockCorsRequest({ origin: EVIL })],
    [
      'not, with the code',
      () => expect(answering(200)).not.toBlockCorsRequest({ origin: EVIL }, 'missing-allow-origin'),
    ],
    [
      'engines differ',
      () =>
        expect(answering(200, { [ALLOW]: '*' })).toBlockCorsRequest({ origin: EVIL, headers: { DPR: '2' } }),
    ],
    ['opaque', () => expect(answering(200)).toBlockCorsRequest({ origin: APP, mode: 'no-cors' })],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(await failure(assert)).toMatchSnapshot()
  })
})

describe('toRequirePreflight', () => {
  const url = 'https://api.example.com/orders'
  const cases: [string, () => unknown][] = [
    [
      'simple',
      () =>
        expect(url).toRequirePreflight({
          origin: APP,
          method: 'POST',
          headers: { 'Content-Type': 'text/plain' },
        }),
    ],
    [
      'not',
      () =>
        expect(url).not.toRequirePreflight({
          origin: APP,
          method: 'PUT',
          headers: { 'Content-Type': 'application/json', Authorization: 'Bearer s3cret' },
        }),
    ],
    ['engines differ', () => expect(url).toRequirePreflight({ origin: APP, headers: { DPR: '2' } })],
    ['not, engines differ', () => expect(url).not.toRequirePreflight({ origin: APP, headers: { DPR: '2' } })],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(await failure(assert)).toMatchSnapshot()
  })
})

describe('toExposeHeader', () => {
  const answer = (headers: Record<string, string>) =>
    observed(
      { status: 200, headers: { [ALLOW]: APP, 'X-Total': '7', 'X-Page': '1', ...headers } },
      { origin: APP },
    )
  const cases: [string, () => unknown][] = [
    ['not exposed', () => expect(answer({})).toExposeHeader('X-Total')],
    [
      'one of a list',
      () => expect(answer({ [EXPOSE]: 'X-Total' })).toExposeHeader(['X-Total', 'X-Page', 'X-Absent']),
    ],
    [
      'a wildcard with credentials',
      () =>
        expect(answer({ [EXPOSE]: '*', 'Access-Control-Allow-Credentials': 'true' })).toExposeHeader(
          'X-Total',
          { credentials: 'include' },
        ),
    ],
    [
      'misspelt',
      () => expect(answer({ 'Access-Control-Exposed-Headers': 'X-Total' })).toExposeHeader('X-Total'),
    ],
    ['Set-Cookie', () => expect(answer({ 'Set-Cookie': 'sid=s3cret' })).toExposeHeader('Set-Cookie')],
    ['not', () => expect(answer({ [EXPOSE]: 'X-Total' })).not.toExposeHeader(['X-Total', 'X-Page'])],
    [
      'not, needs no exposing',
      () => expect(answer({ 'Content-Type': 'text/html' })).not.toExposeHeader('Content-Type'),
    ],
    [
      'an endpoint that may not be read',
      () => expect(answering(200, { 'X-Total': '7' })).toExposeHeader('X-Total', { origin: APP }),
    ],
    [
      'no origin is known',
      () => expect({ status: 200, headers: { 'X-Total': '7' } }).toExposeHeader('X-Total'),
    ],
  ]
  test.each(cases)('%s', async (_, assert) => {
    const message = await failure(assert)
    expect(message).not.toContain('s3cret')
    expect(message).toMatchSnapshot()
  })
})

describe('toCachePreflightFor', () => {
  const answer = (headers: Record<string, string>) =>
    observed({ status: 204, headers: { [ALLOW]: APP, [METHODS]: 'PUT', ...headers } }, { origin: APP })
  const cases: [string, () => unknown][] = [
    ['too short', () => expect(answer({ [AGE]: '60' })).toCachePreflightFor(600)],
    ['no header', () => expect(answer({})).toCachePreflightFor(600)],
    ['engines differ', () => expect(answer({ [AGE]: '600' })).toCachePreflightFor(3600)],
    ['not', () => expect(answer({ [AGE]: '600' })).not.toCachePreflightFor(60)],
    ['not, engines differ', () => expect(answer({ [AGE]: '600' })).not.toCachePreflightFor(3600)],
    ['a wildcard', () => expect(answer({ [METHODS]: '*', [AGE]: '600' })).toCachePreflightFor(600)],
    [
      'a preflight that fails',
      () => expect(preflighting({ [AGE]: '600' })).toCachePreflightFor(600, { origin: APP, method: 'PUT' }),
    ],
    ['no origin is known', () => expect({ status: 204, headers: { [AGE]: '600' } }).toCachePreflightFor(600)],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(await failure(assert)).toMatchSnapshot()
  })
})

describe('toVaryOnOrigin', () => {
  const onlyAllowed = (request: Request): Response =>
    new Response(null, {
      headers: request.headers.get('origin') === APP ? { [ALLOW]: APP, Vary: 'Origin' } : { Vary: 'Accept' },
    })
  const cases: [string, () => unknown][] = [
    ['no Vary', () => expect({ status: 200, headers: { [ALLOW]: APP } }).toVaryOnOrigin()],
    ['others', () => expect({ status: 200, headers: { Vary: 'Accept-Encoding' } }).toVaryOnOrigin()],
    ['not', () => expect(allowing).not.toVaryOnOrigin()],
    ['a wildcard', () => expect(answering(200, { [ALLOW]: '*' })).toVaryOnOrigin({ origin: APP })],
    ['an endpoint', () => expect(onlyAllowed).toVaryOnOrigin({ origin: APP, path: '/orders' })],
    ['not, an endpoint', () => expect(onlyAllowed).not.toVaryOnOrigin({ origin: APP, path: '/orders' })],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(withoutRandom(await failure(assert))).toMatchSnapshot()
  })
})

describe('toKeepOriginsApartInCaches', () => {
  const origin = APP
  const list =
    (headers: Record<string, string>) =>
    (request: Request): Response =>
      new Response(null, {
        headers: { ...headers, ...(request.headers.get('origin') === APP ? { [ALLOW]: APP } : {}) },
      })
  const fresh = { 'Cache-Control': 'max-age=600' }
  const cases: [string, () => unknown][] = [
    ['no Vary', () => expect(list(fresh)).toKeepOriginsApartInCaches({ origin, path: '/orders' })],
    ['another Vary', () => expect(list({ Vary: 'Accept' })).toKeepOriginsApartInCaches({ origin })],
    [
      'a cache that ignores Vary',
      () =>
        expect(cached(list({ ...fresh, Vary: 'Origin' }), { heedsVary: false })).toKeepOriginsApartInCaches({
          origin,
        }),
    ],
    [
      'not, of all',
      () => expect(answering(200, { [ALLOW]: '*' })).not.toKeepOriginsApartInCaches({ origin }),
    ],
    [
      'not, of a list',
      () => expect(cached(list({ ...fresh, Vary: 'Origin' }))).not.toKeepOriginsApartInCaches({ origin }),
    ],
    [
      'not, of what is not kept',
      () => expect(list({ 'Cache-Control': 'no-store' })).not.toKeepOriginsApartInCaches({ origin }),
    ],
  ]
  test.each(cases)('%s', async (_, assert) => {
    expect(withoutRandom(await failure(assert))).toMatchSnapshot()
  })
})

describe('what servers send is shown harmless', () => {
  const nasty = '\u001b[31mred\u001b[0m\rover\u0007\u0085\u202e'

  test.each<[string, (headers: [string, string][]) => unknown]>([
    ['toAllowOrigin', (headers) => expect({ status: 200, headers }).toAllowOrigin(APP)],
    ['toAllowAnyOrigin', (headers) => expect({ status: 200, headers }).toAllowAnyOrigin()],
    [
      'toAllowPreflight',
      (headers) => expect({ status: 200, headers }).toAllowPreflight({ origin: APP, method: 'PUT' }),
    ],
    ['toExposeHeader', (headers) => expect({ status: 200, headers }).toExposeHeader('x-a', { origin: APP })],
    ['toCachePreflightFor', (headers) => expect({ status: 200, headers }).toCachePreflightFor(60)],
    ['toVaryOnOrigin', (headers) => expect({ status: 200, headers }).toVaryOnOrigin()],
  ])('control characters are escaped: %s', async (_, assert) => {
    for (const allow of [nasty, `${nasty} ${APP}`]) {
      const message = await failure(() =>
        assert([
          [ALLOW, allow],
          [METHODS, nasty],
          [EXPOSE, nasty],
          [AGE, nasty],
          ['Vary', nasty],
          ['X-A', nasty],
        ]),
      )
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
      expect(message).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
      expect(message).toContain('\\x0d')
    }
  })

  test('a value of a megabyte is cut', async () => {
    const huge = 'a'.repeat(2 ** 20)
    for (const assert of [
      () => expect({ status: 200, headers: { [ALLOW]: huge } }).toAllowOrigin(APP),
      () => expect({ status: 200, headers: { [ALLOW]: huge } }).toAllowAnyOrigin(),
      () => expect({ status: 200, headers: { Vary: huge } }).toVaryOnOrigin(),
      () => expect({ status: 200, headers: { Vary: `${huge}, Origin` } }).not.toVaryOnOrigin(),
      () => expect({ status: 204, headers: { [ALLOW]: '*', [METHODS]: huge } }).toAllowMethod('PUT'),
      () => expect({ status: 204, headers: { [ALLOW]: '*', [HEADERS]: huge } }).toAllowRequestHeader('x-a'),
      () =>
        expect({ status: 204, headers: { [ALLOW]: '*', [METHODS]: 'PUT', [AGE]: huge } }).toCachePreflightFor(
          60,
        ),
      () =>
        expect({ status: 200, headers: { [ALLOW]: '*', 'X-A': huge, [EXPOSE]: huge } }).toExposeHeader('x-a'),
      () =>
        expect({
          status: 200,
          headers: { [ALLOW]: '*', 'X-A': huge, [EXPOSE]: `x-a, ${huge}` },
        }).not.toExposeHeader('x-a'),
    ]) {
      const message = await failure(assert)
      expect(message.length).toBeLessThan(3000)
      expect(message).toContain('1,048,5')
    }
  })

  test('secrets are redacted wherever they stand', async () => {
    const secrets = {
      Authorization: 'Bearer s3cret',
      'Set-Cookie': 'sid=s3cret',
      'X-Csrf-Token': 's3cret',
      'X-Api-Key': 's3cret',
      'Client-Secret': 's3cret',
    }
    const url = 'https://api.example.com/orders?access_token=s3cret&page=2&API_KEY=s3cret'
    const response = { status: 200, headers: secrets, url }
    const handler = endpoint(answering(200, secrets), { path: '/orders?access_token=s3cret&page=2' })
    const headers = { Authorization: 'Bearer s3cret', 'X-Secret-Sauce': 's3cret', 'X-Api-Key': 's3cret' }
    for (const assert of [
      () => expect(response).toAllowOrigin(APP),
      () => expect(response).toAllowAnyOrigin(),
      () => expect(response).toVaryOnOrigin(),
      () => expect(response).toExposeHeader('X-Api-Key', { origin: APP }),
      () => expect(handler).toAllowOrigin(APP, { headers }),
      () => expect(handler).toAllowAnyOrigin({ headers }),
      () => expect(handler).toAllowPreflight({ origin: APP, headers }),
      () => expect(handler).toAllowCorsRequest({ origin: APP, headers, credentials: 'include' }),
      () => expect(handler).not.toBlockCorsRequest({ origin: APP, headers }),
      () =>
        expect(
          endpoint(answering(200, { ...secrets, [ALLOW]: APP }), { path: '/?access_token=s3cret' }),
        ).toVaryOnOrigin({ origin: APP }),
      () => expect(handler).toExposeHeader('X-Csrf-Token', { origin: APP }),
      () => expect(handler).not.toRequirePreflight({ origin: APP, headers }),
    ]) {
      expect(await failure(assert)).not.toContain('s3cret')
    }
  })
})

test('colors that are methods of the runner, as in Bun', () => {
  class Utils {
    readonly #start = '<'
    EXPECTED_COLOR(text: string) {
      return `${this.#start}good>${text}`
    }
    RECEIVED_COLOR(text: string) {
      return `${this.#start}bad>${text}`
    }
  }
  const result = toAllowOrigin.call(
    { isNot: false, utils: new Utils() },
    { status: 200, headers: {} },
    'https://app.example.com',
  ) as { message(): string }
  expect(result.message()).toContain('\n<bad>✗ missing: Access-Control-Allow-Origin')
})
