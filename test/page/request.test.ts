/** `Request`, `Headers` and bodies: what a script can build, and what the server gets. */
import { openPage } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { allowAll, api, app, open, recorder } from './helpers.js'

function opened(engine: 'chromium' | 'firefox' | 'webkit' = 'chromium') {
  const listener = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end(seen.body))
  const page = open(`${app}/shop/`, { engine, servers: { [app]: { listener }, [api]: { listener } } })
  return { page, seen: listener.seen }
}

test('a relative URL, and the method in its normal form', () => {
  const { page } = opened()
  const request = new page.Request('../cart?x', { method: 'post', body: 'a', credentials: 'include' })
  expect(request).toMatchObject({
    url: `${app}/cart?x`,
    method: 'POST',
    mode: 'cors',
    credentials: 'include',
    redirect: 'follow',
    cache: 'default',
  })
  expect(request).toBeInstanceOf(page.Request)
  expect(request.headers.get('content-type')).toBe('text/plain;charset=UTF-8')
  expect(new page.Request('x', { method: 'patch' }).method).toBe('patch')
})

test('the guard of the headers, at once and later', () => {
  const { page } = opened()
  const request = new page.Request(api, { headers: { Cookie: 'a=1', 'X-A': '1' } })
  request.headers.set('Origin', 'https://evil.example')
  request.headers.append('x-a', '2')
  expect([...request.headers]).toEqual([['x-a', '1, 2']])
  const noCors = new page.Request(api, { mode: 'no-cors', headers: { 'X-A': '1', Accept: 'text/html' } })
  noCors.headers.set('Authorization', 'secret')
  expect([...noCors.headers]).toEqual([['accept', 'text/html']])
})

test.each([
  ['chromium', "Failed to construct 'Request': 'a b' is not a valid HTTP method."],
  ['firefox', 'Request constructor: Invalid request method a b.'],
  ['webkit', 'Method is not a valid HTTP token.'],
] as const)('a mistake is refused in the words of %s', (engine, message) => {
  const { page } = opened(engine)
  expect(() => new page.Request(api, { method: 'a b' })).toThrow(new TypeError(message))
})

test('a second argument of null is none, and any other value is a mistake', async () => {
  const { page, seen } = opened()
  await page.fetch(api, null as never)
  await page.fetch(new page.Request(`${api}/a`, null as never), null as never)
  expect(seen.map(({ method }) => method)).toEqual(['GET', 'GET'])
  await expect(page.fetch(api, 5 as never)).rejects.toThrow(/RequestInit/)
  expect(() => new page.Request(api, 'POST' as never)).toThrow(/RequestInit/)
})

test('fetch takes a request, and a second argument that wins over it', async () => {
  const { page, seen } = opened()
  const request = new page.Request('/a', { method: 'PUT', headers: { 'X-A': '1' }, body: 'one' })
  await page.fetch(request.clone(), { body: 'two', headers: { 'X-B': '2' } })
  await page.fetch(request)
  expect(seen.map(({ method, body, headers }) => [method, body, headers['x-a'], headers['x-b']])).toEqual([
    ['PUT', 'two', undefined, '2'],
    ['PUT', 'one', '1', undefined],
  ])
  expect(request.bodyUsed).toBe(true)
  await expect(page.fetch(request)).rejects.toThrow(/already been used/)
  await expect(request.text()).rejects.toThrow(TypeError)
  expect(() => request.clone()).toThrow(TypeError)
})

test('fetch takes a Request of Node, whose body is sent as one made of bytes', async () => {
  const { page, seen } = opened()
  const request = new Request(`${api}/a`, { method: 'POST', body: 'one' })
  expect(await (await page.fetch(request)).text()).toBe('one')
  expect(seen.map(({ method }) => method)).toEqual(['POST'])
  expect(seen[0]?.headers['content-type']).toBe('text/plain;charset=UTF-8')
  expect(request.bodyUsed).toBe(true)
  await expect(page.fetch(request)).rejects.toThrow(/already been used/)
})

test('a request reads its own body', async () => {
  const { page } = opened()
  const form = new FormData()
  form.set('a', '1')
  const init = { method: 'POST', body: form }
  expect((await new page.Request(api, init).formData()).get('a')).toBe('1')
  expect(await new page.Request(api, { method: 'POST', body: '{"a":1}' }).json()).toEqual({ a: 1 })
  expect(
    await new page.Request(api, { method: 'POST', body: new Blob(['x'], { type: 'a/b' }) }).blob(),
  ).toMatchObject({ size: 1, type: 'a/b' })
  const bytes = new page.Request(api, { method: 'POST', body: new Uint8Array([1, 2]) })
  expect(await bytes.clone().bytes()).toEqual(new Uint8Array([1, 2]))
  expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([1, 2])
  expect(bytes.bodyUsed).toBe(true)
})

const form = new FormData()
form.set('name', 'h\u00e9 "x"')
form.set('file', new File(['abc'], 'a.txt', { type: 'text/plain' }))

test.each([
  { what: 'text', body: 'h\u00e9', type: 'text/plain;charset=UTF-8', bytes: 'h\xc3\xa9' },
  {
    what: 'URLSearchParams',
    body: new URLSearchParams({ a: '1 2' }),
    type: 'application/x-www-form-urlencoded;charset=UTF-8',
    bytes: 'a=1+2',
  },
  {
    what: 'Blob',
    body: new Blob(['abc'], { type: 'application/json' }),
    type: 'application/json',
    bytes: 'abc',
  },
  { what: 'Blob without type', body: new Blob(['abc']), type: undefined, bytes: 'abc' },
  { what: 'ArrayBuffer', body: new Uint8Array([1, 2]).buffer, type: undefined, bytes: '\x01\x02' },
  {
    what: 'a part of a buffer',
    body: new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
    type: undefined,
    bytes: '\x02\x03',
  },
  {
    what: 'DataView',
    body: new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
    type: undefined,
    bytes: '\x02\x03',
  },
  {
    what: 'anything else',
    body: { toString: (): string => 'said' },
    type: 'text/plain;charset=UTF-8',
    bytes: 'said',
  },
])('what the server gets of $what', async ({ body, type, bytes }) => {
  const { page, seen } = opened()
  await page.fetch('/', { method: 'POST', body })
  expect(seen[0]?.headers['content-type']).toBe(type)
  expect(seen[0]?.body).toBe(bytes)
  expect(seen[0]?.headers['content-length']).toBe(String(bytes.length))
})

test('what the server gets of FormData', async () => {
  const { page, seen } = opened()
  await page.fetch('/', { method: 'POST', body: form })
  const type = seen[0]?.headers['content-type'] ?? ''
  expect(type).toMatch(/^multipart\/form-data; boundary=/)
  const received = await new Response(Buffer.from(seen[0]?.body ?? '', 'latin1'), {
    headers: { 'content-type': type },
  }).formData()
  expect(received.get('name')).toBe('h\u00e9 "x"')
  const file = received.get('file') as File
  expect([file.name, file.type, await file.text()]).toEqual(['a.txt', 'text/plain', 'abc'])
})

test('a request stream: preflighted, sent by Chromium, refused by WebKit, text in Firefox', async () => {
  const stream = () => new Blob(['streamed']).stream()
  const init = () => ({ method: 'POST', body: stream(), duplex: 'half' as const })
  const chromium = opened()
  await chromium.page.fetch(api, init())
  expect(chromium.seen.map(({ method, body }) => [method, body])).toEqual([
    ['OPTIONS', ''],
    ['POST', 'streamed'],
  ])
  const firefox = opened('firefox')
  await firefox.page.fetch(api, init())
  expect(firefox.seen.map(({ method, body }) => [method, body])).toEqual([
    ['POST', '[object ReadableStream]'],
  ])
  const webkit = opened('webkit')
  await expect(webkit.page.fetch(api, init())).rejects.toMatchObject({ name: 'NotSupportedError' })
  expect(webkit.seen).toEqual([])
})

test('a request stream needs HTTP/2', async () => {
  const page = open(app, { servers: { [app]: () => new Response() }, httpVersion: '1.1' })
  const { verdict } = await page.inspect('/', { method: 'POST', body: new Blob(['a']).stream() })
  expect(verdict.code).toBe('stream-needs-http2')
})

const repeated: [string, string][] = [
  ['baggage', 'a'],
  ['Baggage', 'b'],
]

test.each<[string, (page: ReturnType<typeof open>) => Parameters<typeof page.fetch>, string]>([
  ['pairs', () => [api, { headers: repeated }], 'baggage,baggage'],
  ['a request', (page) => [new page.Request(api, { headers: repeated })], 'baggage,baggage'],
  ['a clone', (page) => [new page.Request(api, { headers: repeated }).clone()], 'baggage,baggage'],
  [
    'a request of a request',
    (page) => [new page.Request(new page.Request(api, { headers: repeated }), { cache: 'reload' })],
    'baggage,baggage',
  ],
  [
    'a request whose headers the call replaces',
    (page) => [new page.Request(api, { headers: [['x', '1']] }), { headers: repeated }],
    'baggage,baggage',
  ],
  ['a Headers object', (page) => [api, { headers: new page.Headers(repeated) }], 'baggage'],
  [
    'the headers of a request',
    (page) => [api, { headers: new page.Request(api, { headers: repeated }).headers }],
    'baggage',
  ],
])('in Firefox, a name given twice by %s', async (_what, call, asked) => {
  const { page, seen } = opened('firefox')
  await page.fetch(...call(page))
  expect(seen[0]?.headers['access-control-request-headers']).toBe(asked)
  expect(seen[1]?.headers.baggage).toBe('a, b')
})

test('the list of lines follows what is appended, set and deleted', async () => {
  const { page, seen } = opened('firefox')
  const request = new page.Request(api, { headers: [...repeated, ['X-A', '1'], ['X-B', '1']] })
  request.headers.append('x-a', '2')
  request.headers.set('baggage', 'c')
  request.headers.set('X-C', '1')
  request.headers.delete('X-B')
  await page.fetch(request)
  expect(seen[0]?.headers['access-control-request-headers']).toBe('baggage,x-a,x-a,x-c')
  expect(seen[1]?.headers).toMatchObject({ baggage: 'c', 'x-a': '1, 2', 'x-c': '1' })
  expect(seen[1]?.headers).not.toHaveProperty('x-b')
})

test('what a record holds is text', async () => {
  const { page, seen } = opened()
  await page.fetch(api, { headers: { 'X-A': undefined, 'X-B': ['1', '2'], 'X-C': 3 } })
  expect(seen[1]?.headers).toMatchObject({ 'x-a': 'undefined', 'x-b': '1,2', 'x-c': '3' })
  for (const headers of ['x-a', null, [['x-a']], ['x-a']])
    await expect(page.fetch(api, { headers: headers as never })).rejects.toThrow(TypeError)
})

describe('what Web IDL and the standard refuse', () => {
  const { Request: PageRequest } = openPage('https://app.example.com/orders', { engine: 'chromium' })
  test.each([
    [{ mode: 'navigate' }],
    [{ mode: 'BAD' }],
    [{ cache: 'BAD' }],
    [{ redirect: 'BAD' }],
    [{ credentials: 'BAD' }],
    [{ referrerPolicy: 'BAD' }],
    [{ referrer: 'http://:not a valid URL' }],
    [{ window: 'x' }],
  ])('%j', (init) => {
    expect(() => new PageRequest('/a', init as never)).toThrow(TypeError)
  })

  test('a stream that is locked or read from', () => {
    const stream = new ReadableStream()
    stream.getReader()
    expect(() => new PageRequest('/a', { method: 'POST', body: stream, duplex: 'half' })).toThrow(TypeError)
  })

  test('comes before an abort, and uses up nothing', async () => {
    const page = openPage('https://app.example.com/')
    const signal = AbortSignal.abort()
    await expect(page.fetch('/a', { signal, method: 'TRACE' })).rejects.toThrow(TypeError)
    await expect(page.fetch('/a', { signal })).rejects.toMatchObject({ name: 'AbortError' })
    const request = new PageRequest('/a', { method: 'POST', body: 'x' })
    expect(() => new PageRequest(request, { method: 'GET' })).toThrow(TypeError)
    expect(request.bodyUsed).toBe(false)
  })

  test('a referrer of another origin stands for the page, and an empty one for none', () => {
    const of = (referrer: string) => new PageRequest('/a', { referrer }).referrer
    expect(['/x', 'https://other.example/', '', 'about:client'].map(of)).toEqual([
      'https://app.example.com/x',
      'about:client',
      '',
      'about:client',
    ])
    const request = new PageRequest('/a', { referrer: '/x', referrerPolicy: 'origin', keepalive: true })
    expect(new PageRequest(request)).toMatchObject({ referrerPolicy: 'origin', keepalive: true })
    expect(new PageRequest(request, { method: 'POST' })).toMatchObject({
      referrerPolicy: '',
      referrer: 'about:client',
    })
  })

  test('has a signal of its own that follows the one given', () => {
    const controller = new AbortController()
    const { signal } = new PageRequest('/a', { signal: controller.signal })
    expect(signal).not.toBe(controller.signal)
    controller.abort('enough')
    expect([signal.aborted, signal.reason]).toEqual([true, 'enough'])
  })
})
