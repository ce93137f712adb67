import 'expect-cors/vitest'
import { type CorsBody, configure, endpoint, evaluateCors, openPage } from 'expect-cors'
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
    'a browser sends a preflight before it, because',
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
  ['a string', { method: 'POST', body: '{}' }],
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
    expect(firstLine(message)).toBe(
      'GET /orders from https://app.example.com: Chromium sends no preflight here; Firefox and WebKit do.',
    )
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
  ).toBe(
    'GET /orders from https://app.example.com: Chromium sends no preflight here; the Fetch Standard does.',
  )
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

const stream = (): ReadableStream => new ReadableStream({ start: (controller) => controller.close() })

test.each<[string, () => CorsBody]>([
  ['a stream', stream],
  ['a stream of bytes', () => new Blob(['x']).stream()],
  ['the body of a response', () => new Response('x').body as ReadableStream],
])('a Request made with %s is preflighted', async (_, body) => {
  const streamed = new Request(URL_, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: body(),
    duplex: 'half',
  } as RequestInit)
  const inChromium = { origin: APP, engines: ['chromium'] as const }
  expect(streamed).toRequirePreflight(inChromium)
  expect(await failure(() => expect(streamed).not.toRequirePreflight(inChromium))).toContain(
    'the body is a stream',
  )
  // Firefox makes a text of it, and WebKit refuses it.
  expect(streamed).not.toRequirePreflight({ origin: APP, engines: ['firefox'] })
  for (const assertion of [expect(streamed), expect(streamed).not]) {
    expect(await refusal(() => assertion.toRequirePreflight({ origin: APP }))).toContain(
      'stream-body-unsupported',
    )
  }
  expect(streamed.bodyUsed).toBe(false)
  await streamed.text()
})

test.each<[string, CorsBody]>([
  ['a string', 'a=1'],
  ['bytes', new Uint8Array(3)],
  ['a blob', new Blob(['x'])],
  ['a form', new FormData()],
  ['parameters', new URLSearchParams({ a: '1' })],
])('a Request made with %s is not, and can still be read', async (_, body) => {
  const request = new Request(URL_, { method: 'POST', body } as RequestInit)
  expect(request).not.toRequirePreflight({ origin: APP })
  await failure(() => expect(request).toRequirePreflight({ origin: APP }))
  expect(request.bodyUsed).toBe(false)
  await request.arrayBuffer()
  // Read, it no longer says what it was made of.
  for (const assertion of [expect(request), expect(request).not]) {
    expect(await refusal(() => assertion.toRequirePreflight({ origin: APP }))).toContain('has been read')
  }
  expect(request).not.toRequirePreflight({ origin: APP, body: 'a=1' })
})

test('a Request that has been read is judged where its body does not matter', async () => {
  const request = new Request(URL_, { method: 'PUT', body: 'x' })
  await request.text()
  expect(request).toRequirePreflight({ origin: APP })
})

test("a page's own Request", async () => {
  const page = openPage(APP, { engine: 'chromium' })
  const inChromium = { origin: APP, engines: ['chromium'] as const }
  const init = { method: 'POST', duplex: 'half' } as const
  expect(new page.Request(URL_, { ...init, body: stream() })).toRequirePreflight(inChromium)
  expect(new page.Request(URL_, { ...init, body: 'x' })).not.toRequirePreflight({ origin: APP })
  await page.close()
})

test('the message shows the Request, its method and headers', async () => {
  const request = new Request(URL_, { method: 'DELETE', headers: { 'X-Tenant': '1' } })
  const message = await failure(() => expect(request).not.toRequirePreflight({ origin: APP }))
  expect(message).toContain('{ DELETE with x-tenant }')
  const said = await failure(() => expect(request).not.toRequirePreflight({ origin: APP, method: 'PUT' }))
  expect(said).toContain('{ PUT with x-tenant }')
  const bundled = endpoint(URL_, { method: 'PATCH', headers: ['x-a'] })
  const ofBundle = await failure(() => expect(bundled).not.toRequirePreflight({ origin: APP }))
  expect(ofBundle).toContain('{ PATCH with x-a }')
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
