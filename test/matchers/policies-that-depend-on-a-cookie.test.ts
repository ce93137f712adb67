/** A server that refuses without a cookie and lets in as soon as one arrives: no assertion with credentials may hold because of that refusal. */
import 'expect-cors/vitest'
import { configure, endpoint } from 'expect-cors'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { failure, refusal } from './assertions.js'
import { APP, EVIL } from './servers.js'

// What is asked because of the cookie is counted here, and nothing else.
afterAll(configure({ diagnose: false }))

type Assertion = ReturnType<typeof expect<unknown>>
type Asked = Handler & { readonly requests: Request[] }
type Handler = (request: Request) => Response

function recording(handler: Handler): Asked {
  const requests: Request[] = []
  return Object.assign(
    (request: Request): Response => {
      requests.push(request)
      return handler(request)
    },
    { requests },
  )
}

/** Starlette with `allow_origins=['*'], allow_credentials=True`. */
const starlette = (): Asked =>
  recording((request) => {
    const origin = request.headers.get('origin') as string
    const headers = {
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Expose-Headers': 'x-a',
      'x-a': '1',
    }
    if (request.method === 'OPTIONS')
      return new Response(null, {
        headers: {
          ...headers,
          'Access-Control-Allow-Origin': origin,
          'Access-Control-Allow-Headers': 'x-b',
          'Access-Control-Allow-Methods': 'PUT',
        },
      })
    return new Response(null, {
      headers: { ...headers, 'Access-Control-Allow-Origin': request.headers.has('cookie') ? origin : '*' },
    })
  })

/** Refuses whoever asks, and whatever with. */
const refusing = (): Asked => recording(() => new Response(null, { headers: { Vary: 'Origin' } }))

type Ask = (subject: unknown, options?: object) => unknown

const because: [string, Ask][] = [
  ['not.toAllowCredentialedOrigin', (s, o) => expect(s).not.toAllowCredentialedOrigin(EVIL, o)],
  [
    'toBlockCorsRequest',
    (s, o) => expect(s).toBlockCorsRequest({ origin: EVIL, credentials: 'include', ...o }),
  ],
  [
    'toBlockCorsRequest, with a code',
    (s, o) =>
      expect(s).toBlockCorsRequest(
        { origin: EVIL, credentials: 'include', ...o },
        'wildcard-allow-origin-with-credentials',
      ),
  ],
  [
    'not.toAllowCorsRequest',
    (s, o) => expect(s).not.toAllowCorsRequest({ origin: EVIL, credentials: 'include', ...o }),
  ],
  [
    'not.toExposeHeader',
    (s, o) => expect(s).not.toExposeHeader('x-a', { origin: EVIL, credentials: 'include', ...o }),
  ],
]

const cookies = ({ requests }: Asked): (string | null)[] =>
  requests.map(({ headers }) => headers.get('cookie'))

describe.each(because)('%s', (name, ask) => {
  test('does not hold where a cookie changes the verdict, and says so', async () => {
    const handler = starlette()
    const message = await failure(() => ask(handler))
    expect(message).toContain('Refused without a cookie, allowed as soon as a Cookie arrives')
    // Once for all engines, and a second time with a cookie.
    expect(cookies(handler)).toEqual([null, 'expect-cors=1'])
  })

  test('HEAD, and after a preflight that carries none', async () => {
    const handler = starlette()
    await failure(() => ask(handler, { method: 'HEAD', headers: { 'x-b': '1' } }))
    expect(handler.requests.map(({ method }) => method)).toEqual(['OPTIONS', 'HEAD', 'HEAD'])
    expect(cookies(handler)).toEqual([null, null, 'expect-cors=1'])
  })

  test('holds where a cookie changes nothing', async () => {
    if (name.includes('code')) return
    const handler = refusing()
    await ask(handler)
    expect(cookies(handler)).toEqual([null, 'expect-cors=1'])
  })

  test.each(['POST', 'PUT'])('%s is not repeated', async (method) => {
    const handler = starlette()
    await ask(handler, { method })
    expect(handler.requests.filter((request) => request.method === method)).toHaveLength(1)
    expect(cookies(handler).every((cookie) => cookie === null)).toBe(true)
  })

  test('a Cookie in extraHeaders is that cookie', async () => {
    const handler = refusing()
    const said = endpoint(handler, { extraHeaders: { COOKIE: 'sid=1' } })
    if (name.includes('code')) await failure(() => ask(said))
    else await ask(said)
    expect(cookies(handler)).toEqual(['sid=1'])
    const allowing = starlette()
    const message = await failure(() => ask(endpoint(allowing, { extraHeaders: { cookie: 'sid=1' } })))
    expect(message).not.toContain('Refused without a cookie')
    expect(allowing.requests).toHaveLength(1)
  })

  test('a refused preflight carries no cookie, and is not repeated', async () => {
    const handler = refusing()
    if (name.includes('code')) return
    await ask(handler, { headers: { 'x-b': '1' } })
    expect(handler.requests.map(({ method }) => method)).toEqual(['OPTIONS'])
  })

  test('nothing is said where the second response does not arrive', async () => {
    const handler = recording((request) => {
      if (request.headers.has('cookie')) throw new Error('no session store')
      return new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })
    })
    expect(await refusal(() => ask(handler))).toContain('no session store')
  })

  test('the cookie goes to the endpoint alone, redirects there included', async () => {
    const seen: string[] = []
    const moving = (request: Request): Response => {
      const { pathname } = new URL(request.url)
      seen.push(`${pathname} ${request.headers.get('cookie')}`)
      const headers = {
        'Access-Control-Allow-Origin': request.headers.has('cookie') ? EVIL : '*',
        'Access-Control-Allow-Credentials': 'true',
      }
      const Location = pathname === '/' ? '/next' : 'https://nowhere.invalid/'
      return new Response(null, { status: 302, headers: { ...headers, Location } })
    }
    expect(await refusal(() => ask(moving))).toContain('nowhere.invalid')
    expect(seen).toEqual(['/ null', '/ expect-cors=1', '/next expect-cors=1'])
  })
})

describe('asks once', () => {
  const wildcard = (): Asked =>
    recording(
      () =>
        new Response(null, {
          headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'x-a' },
        }),
    )
  test.each<[string, (subject: unknown) => unknown]>([
    ['where there are no credentials', (s) => expect(s).toAllowOrigin(EVIL)],
    ['for a negative without them', (s) => failure(() => expect(s).not.toAllowOrigin(EVIL))],
    ['where what holds is no refusal', (s) => failure(() => expect(s).toAllowCredentialedOrigin(EVIL))],
    [
      'for a positive',
      (s) => failure(() => expect(s).toAllowCorsRequest({ origin: EVIL, credentials: 'include' })),
    ],
    [
      'for a negative of a block',
      (s) => failure(() => expect(s).not.toBlockCorsRequest({ origin: EVIL, credentials: 'include' })),
    ],
    [
      'where credentials are not sent',
      (s) => failure(() => expect(s).toBlockCorsRequest({ origin: EVIL, credentials: 'same-origin' })),
    ],
  ])('%s', async (_, ask) => {
    const handler = wildcard()
    await ask(handler)
    expect(cookies(handler)).toEqual([null])
  })

  test.each<[string, (subject: unknown) => unknown]>([
    ['toAllowOrigin', (s) => expect(s).not.toAllowOrigin(EVIL)],
    ['toAllowCorsRequest', (s) => expect(s).not.toAllowCorsRequest({ origin: EVIL })],
    ['toBlockCorsRequest', (s) => expect(s).toBlockCorsRequest({ origin: EVIL, credentials: 'same-origin' })],
    ['toExposeHeader', (s) => expect(s).not.toExposeHeader('x-a', { origin: EVIL, credentials: 'omit' })],
  ])('where a refusal has no credentials: %s', async (_, ask) => {
    const handler = refusing()
    await ask(handler)
    expect(cookies(handler)).toEqual([null])
  })

  test('where it is allowed without a cookie', async () => {
    const handler = recording(
      () =>
        new Response(null, {
          headers: { 'Access-Control-Allow-Origin': APP, 'Access-Control-Allow-Credentials': 'true' },
        }),
    )
    const message = await failure(() => expect(handler).not.toAllowCredentialedOrigin(APP))
    expect(message).not.toContain('cookie')
    expect(handler.requests).toHaveLength(1)
  })
})

test('credentials of endpoint() and configure() count', async () => {
  const ask = (subject: unknown) =>
    failure(() => (expect(subject) as Assertion).toBlockCorsRequest({ origin: EVIL }))
  expect(await ask(endpoint(starlette(), { credentials: 'include' }))).toContain('Refused without a cookie')
  onTestFinished(configure({ credentials: 'include' }))
  expect(await ask(starlette())).toContain('Refused without a cookie')
})
