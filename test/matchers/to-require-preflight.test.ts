import 'expect-cors/vitest'
import { configure, endpoint, evaluateCors } from 'expect-cors'
import { expect, onTestFinished, test } from 'vitest'
import { failure, firstLine, refusal } from './assertions.js'
import { APP, answering } from './servers.js'

const URL_ = 'https://api.example.com/orders'

test.each<[string, object]>([
  ['a method', { method: 'PUT' }],
  ['a method that is not normalized', { method: 'patch' }],
  ['a header', { headers: { 'x-tenant': '1' } }],
  ['a name alone', { headers: ['accept'] }],
  ['a content type', { method: 'POST', headers: { 'content-type': 'application/json' } }],
  ['the type of a body', { method: 'POST', body: new Blob(['{}'], { type: 'application/json' }) }],
  ['an open range', { headers: { range: 'bytes=-5' } }],
  ['authorization', { headers: { authorization: 'Bearer x' } }],
  ['a long value', { headers: { accept: 'a'.repeat(129) } }],
  ['listeners on the upload', { method: 'POST', body: 'x', initiator: 'xhr', uploadListeners: true }],
])('holds for %s', async (_, wanted) => {
  expect(URL_).toRequirePreflight({ origin: APP, ...wanted })
  expect(await failure(() => expect(URL_).not.toRequirePreflight({ origin: APP, ...wanted }))).toContain(
    'A browser sends a preflight before it, because',
  )
})

test.each<[string, object]>([
  ['nothing', {}],
  ['HEAD and POST', { method: 'HEAD' }],
  ['a method that is normalized', { method: 'post' }],
  [
    'safelisted headers',
    { headers: { accept: '*/*', 'content-language': 'de', 'content-type': 'text/plain' } },
  ],
  ['a form', { method: 'POST', body: new URLSearchParams({ a: '1' }) }],
  ['a text', { method: 'POST', body: '{}' }],
  ['credentials', { credentials: 'include' }],
  ['no-cors', { mode: 'no-cors', headers: { 'x-tenant': '1' } }],
  ['a single range', { headers: { range: 'bytes=0-5' } }],
  ['an event source', { initiator: 'eventsource' }],
])('does not hold for %s', async (_, wanted) => {
  expect(URL_).not.toRequirePreflight({ origin: APP, ...wanted })
  expect(await failure(() => expect(URL_).toRequirePreflight({ origin: APP, ...wanted }))).toContain(
    'without a preflight',
  )
})

test.each<[string, Record<string, string>]>([
  ['a client hint', { DPR: '2' }],
  ['User-Agent', { 'User-Agent': 'me' }],
])('%s is preflighted in Firefox and WebKit alone: both forms fail', async (_, headers) => {
  for (const message of [
    await failure(() => expect(URL_).toRequirePreflight({ origin: APP, headers })),
    await failure(() => expect(URL_).not.toRequirePreflight({ origin: APP, headers })),
  ]) {
    expect(firstLine(message)).toBe('Chromium sends no preflight here; Firefox and WebKit do.')
  }
  expect(URL_).toRequirePreflight({ origin: APP, headers, engines: ['firefox', 'webkit'] })
  expect(URL_).not.toRequirePreflight({ origin: APP, headers, engines: ['chromium'] })
  expect(endpoint(URL_, { engines: ['chromium'] })).not.toRequirePreflight({ origin: APP, headers })
  onTestFinished(configure({ engines: ['firefox'] }))
  expect(URL_).toRequirePreflight({ origin: APP, headers })
})

test('the Fetch Standard counts where it is asked for', async () => {
  onTestFinished(configure({ engines: ['chromium'], strict: true }))
  expect(
    firstLine(
      await failure(() => expect(URL_).not.toRequirePreflight({ origin: APP, headers: { DPR: '2' } })),
    ),
  ).toBe('Chromium sends no preflight here; the Fetch Standard does.')
})

test('nothing is sent', () => {
  const handler = answering(200)
  expect(handler).toRequirePreflight({ origin: APP, method: 'PUT' })
  expect(new URL(URL_)).toRequirePreflight({ origin: APP, method: 'PUT', path: '/1' })
  expect('http://api.example.com').not.toRequirePreflight({ origin: APP })
  expect(handler.requests).toHaveLength(0)
})

test('options of endpoint() are part of the request', () => {
  expect(endpoint(URL_, { method: 'PUT' })).toRequirePreflight({ origin: APP })
  expect(endpoint(URL_, { headers: ['x-a'] })).toRequirePreflight({ origin: APP })
})

test('a Request is read', async () => {
  expect(new Request(URL_, { method: 'PUT' })).toRequirePreflight({ origin: APP })
  expect(new Request(URL_, { headers: { 'x-a': '1' } })).toRequirePreflight({ origin: APP })
  expect(new Request(URL_)).not.toRequirePreflight({ origin: APP })
  expect(new Request(URL_, { method: 'POST', body: new FormData() })).not.toRequirePreflight({ origin: APP })
  expect(new Request(URL_, { mode: 'no-cors' })).not.toRequirePreflight({
    origin: APP,
    headers: { 'x-a': '1' },
  })
  expect(
    await refusal(() => expect(new Request(URL_)).toRequirePreflight({ origin: 'https://api.example.com' })),
  ).toContain('own origin')
  const misspelt = { origin: APP, metod: 'PUT' }
  expect(await refusal(() => expect(new Request(URL_)).not.toRequirePreflight(misspelt))).toContain(
    '"method"',
  )
})

test('what is no request of a page is refused in both forms', async () => {
  for (const assertion of [expect(URL_), expect(URL_).not]) {
    expect(await refusal(() => assertion.toRequirePreflight({ origin: APP, method: 'TRACE' }))).toContain(
      'forbidden-method',
    )
    expect(await refusal(() => assertion.toRequirePreflight({ origin: APP, body: 'x' }))).toContain(
      'body-with-get-or-head',
    )
    expect(
      await refusal(() => assertion.toRequirePreflight({ origin: 'https://api.example.com', method: 'PUT' })),
    ).toContain('own origin')
    // @ts-expect-error there is no origin
    expect(await refusal(() => assertion.toRequirePreflight({ method: 'PUT' }))).toContain("page's origin")
  }
  expect(
    await refusal(() => expect({ status: 200, headers: {} }).not.toRequirePreflight({ origin: APP })),
  ).toContain('not a response')
  const verdict = evaluateCors({ request: { origin: APP, url: URL_ } })
  expect(await refusal(() => expect(verdict).not.toRequirePreflight({ origin: APP }))).toContain(
    'verdict.preflight.required',
  )
})
