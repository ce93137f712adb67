/** What live assertions put on the wire. */
import 'expect-cors/vitest'
import { type CorsBody, configure, endpoint } from 'expect-cors'
import { expect, onTestFinished, test } from 'vitest'
import { answer, type RawServer, rawServer } from '../transport/raw-server.js'
import { failure, refusal } from './assertions.js'
import { APP, answering, listen, preflighting } from './servers.js'

async function permissive(...lines: string[]): Promise<RawServer> {
  const server = await rawServer(
    answer([
      `Access-Control-Allow-Origin: ${APP}`,
      'Access-Control-Allow-Credentials: true',
      'Access-Control-Allow-Methods: PUT, patch',
      'Access-Control-Allow-Headers: authorization, content-type, x-a, x-b, dpr',
      ...lines,
    ]),
  )
  onTestFinished(() => server.close())
  return server
}

test('a preflight is what a browser sends, byte for byte', async () => {
  const server = await permissive()
  await expect(`${server.url}/orders?page=2#top`).toAllowPreflight({
    origin: APP,
    method: 'put',
    credentials: 'include',
    headers: [
      ['X-B', '1'],
      ['Content-Type', 'application/json'],
      ['x-a', '1'],
      ['Authorization', 'Bearer s3cret'],
      ['Accept', 'text/html'],
    ],
  })
  const { host } = new URL(server.url)
  expect(server.requests).toEqual([
    [
      'OPTIONS /orders?page=2 HTTP/1.1',
      `host: ${host}`,
      'connection: keep-alive',
      'Accept: */*',
      'Access-Control-Request-Method: PUT',
      'Access-Control-Request-Headers: authorization,content-type,x-a,x-b',
      `Origin: ${APP}`,
      'Sec-Fetch-Mode: cors',
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Dest: empty',
      `Referer: ${APP}/`,
      '',
      '',
    ].join('\r\n'),
  ])
})

test('a preflight without unsafe headers names none, and a method keeps its case', async () => {
  const server = await permissive()
  await expect(server.url).toAllowPreflight({ origin: APP, method: 'patch' })
  expect(server.requests[0]).toContain('\r\nAccess-Control-Request-Method: patch\r\n')
  expect(server.requests[0]).not.toMatch(/access-control-request-headers/i)
})

test('a name that comes twice is asked for once, but by Firefox, which asks twice', async () => {
  const server = await permissive()
  const wanted = {
    origin: APP,
    headers: [
      ['X-A', '1'],
      ['x-a', '2'],
    ] as const,
  }
  await expect(server.url).toAllowPreflight(wanted)
  expect(server.requests.map((text) => /^access-control-request-headers: (.*)$/im.exec(text)?.[1])).toEqual([
    'x-a',
    'x-a,x-a',
  ])
})

test('neither credentials nor a body go with a preflight; both go with the request', async () => {
  const server = await permissive()
  await expect(server.url).toAllowCorsRequest({
    origin: APP,
    method: 'PUT',
    headers: { Authorization: 'Bearer s3cret', 'Content-Type': 'application/json' },
    credentials: 'include',
    body: '{"a":"ü"}',
  })
  const [preflight, request, ...others] = server.requests
  expect(others).toEqual([])
  expect(preflight).toMatch(/^OPTIONS \/ /)
  expect(preflight).not.toMatch(/^(authorization|cookie|content-length|content-type):/im)
  expect(preflight).toMatch(/\r\n\r\n$/)
  expect(request).toMatch(/^PUT \/ /)
  expect(request).toMatch(/^authorization: Bearer s3cret\r$/im)
  expect(request).toMatch(/^content-type: application\/json\r$/im)
  expect(request).toMatch(/^content-length: 10\r$/im)
  expect(request).toMatch(/^origin: https:\/\/app\.example\.com\r$/im)
  expect(Buffer.from(request?.split('\r\n\r\n')[1] ?? '', 'latin1').toString('utf8')).toBe('{"a":"ü"}')
})

test.each<{ what: string; body: () => CorsBody; type: string | null; text: string }>([
  { what: 'text', body: () => 'a=1', type: 'text/plain;charset=UTF-8', text: 'a=1' },
  {
    what: 'a form',
    body: () => new URLSearchParams({ a: '1 2' }),
    type: 'application/x-www-form-urlencoded;charset=UTF-8',
    text: 'a=1+2',
  },
  { what: 'bytes', body: () => new Uint8Array([97, 98]), type: null, text: 'ab' },
  {
    what: 'a view',
    body: () => new DataView(new Uint8Array([97, 98, 99, 100]).buffer, 1, 2),
    type: null,
    text: 'bc',
  },
  { what: 'a buffer', body: () => new Uint8Array([97, 98]).buffer, type: null, text: 'ab' },
  { what: 'a blob', body: () => new Blob(['ab'], { type: 'text/plain' }), type: 'text/plain', text: 'ab' },
])('$what is sent as it is, with its type', async ({ body, type, text }) => {
  const { url, received } = await listen((_request, response) => {
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end()
  })
  await expect(url).toAllowCorsRequest({ origin: APP, method: 'POST', body: body() })
  expect(received).toHaveLength(1)
  expect(received[0]?.headers['content-type'] ?? null).toBe(type)
  expect(received[0]?.headers['content-length']).toBe(String(text.length))
  expect(received[0]?.body.toString()).toBe(text)
})

test('multipart forms are whole', async () => {
  const form = new FormData()
  form.append('title', 'a "b"\nc')
  form.append('fi"le', new File([new Uint8Array([0, 255, 10])], 'ü.bin', { type: 'image/png' }))
  const parsed: FormData[] = []
  const handler = async (request: Request): Promise<Response> => {
    parsed.push(await request.formData())
    return new Response(null, { headers: { 'Access-Control-Allow-Origin': '*' } })
  }
  await expect(handler).toAllowCorsRequest({ origin: APP, method: 'POST', body: form })
  expect(parsed).toHaveLength(1)
  expect(parsed[0]?.get('title')).toBe('a "b"\r\nc')
  const file = parsed[0]?.get('fi"le') as File
  expect([file.name, file.type]).toEqual(['ü.bin', 'image/png'])
  expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([0, 255, 10])
})

test('a body is sent again where a redirect keeps the method', async () => {
  const { url, received } = await listen((request, response) => {
    response
      .writeHead(request.url === '/' ? 307 : 200, { 'Access-Control-Allow-Origin': '*', Location: '/end' })
      .end()
  })
  await expect(url).toAllowCorsRequest({ origin: APP, method: 'POST', body: 'a=1' })
  expect(received.map(({ line, body }) => [line, body.toString()])).toEqual([
    ['POST /', 'a=1'],
    ['POST /end', 'a=1'],
  ])
})

test('extraHeaders go with every request, preflights included, and to no other origin', async () => {
  const other = await listen((_request, response) => {
    response
      .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'PUT' })
      .end()
  })
  const own = await listen((request, response) => {
    const headers = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'PUT' }
    if (request.method === 'OPTIONS') return void response.writeHead(204, headers).end()
    const Location = request.url === '/' ? '/again' : other.url
    response.writeHead(307, { ...headers, Location }).end()
  })
  const gate = endpoint(own.url, { extraHeaders: { 'X-Gate': 'open-sesame' } })
  await expect(gate).toAllowCorsRequest({ origin: APP, method: 'PUT', engines: ['chromium'] })
  expect(own.received.map(({ line, headers }) => [line, headers['x-gate']])).toEqual([
    ['OPTIONS /', 'open-sesame'],
    ['PUT /', 'open-sesame'],
    ['OPTIONS /again', 'open-sesame'],
    ['PUT /again', 'open-sesame'],
  ])
  expect(other.received.length).toBeGreaterThan(0)
  expect(other.received.every(({ headers }) => headers['x-gate'] === undefined)).toBe(true)
  // They are never judged: no preflight asks for them.
  expect(own.received[0]?.headers['access-control-request-headers']).toBeUndefined()
})

test('extraHeaders of configure(), endpoint() and the call add up', async () => {
  const handler = answering(200, { 'Access-Control-Allow-Origin': '*' })
  onTestFinished(configure({ extraHeaders: { 'X-One': '1', 'X-Two': '1' } }))
  await expect(endpoint(handler, { extraHeaders: { 'X-Two': '2', 'X-Three': '2' } })).toAllowOrigin(APP, {
    extraHeaders: { 'X-Three': '3' },
  })
  await expect(handler).not.toVaryOnOrigin({ origin: APP })
  expect(
    handler.requests.map(({ headers }) => ['x-one', 'x-two', 'x-three'].map((name) => headers.get(name))),
  ).toEqual([['1', '2', '3'], ...Array(3).fill(['1', '1', null])])
})

test('values of extraHeaders are shown nowhere, whatever they are called', async () => {
  const extraHeaders = { 'X-Gate': 'open-sesame', Cookie: 'sid=open-sesame', 'X-Api-Key': 'open-sesame' }
  const gate = endpoint(answering(403), { extraHeaders })
  const gated = endpoint(answering(200, { 'Access-Control-Allow-Origin': APP }), { extraHeaders })
  for (const assert of [
    () => expect(gate).toAllowOrigin(APP),
    () => expect(gate).toAllowAnyOrigin(),
    () => expect(gate).toAllowPreflight({ origin: APP, method: 'PUT', headers: ['x-gate'] }),
    () => expect(gate).toAllowMethod('PUT', { origin: APP }),
    () => expect(gate).toAllowRequestHeader('x-gate', { origin: APP }),
    () => expect(gate).toExposeHeader('x-a', { origin: APP }),
    () => expect(gate).toCachePreflightFor(60, { origin: APP, method: 'PUT' }),
    () => expect(gated).toVaryOnOrigin({ origin: APP }),
    () => expect(gate).toAllowCorsRequest({ origin: APP, headers: { 'X-Gate': 'b' } }),
    () => expect(gate).not.toBlockCorsRequest({ origin: APP }),
  ]) {
    expect(await failure(assert)).not.toContain('sesame')
  }
  expect(await refusal(() => expect(gate).toVaryOnOrigin({ origin: APP }))).not.toContain('sesame')
  const passing = endpoint(
    preflighting({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'x-gate' }, {}),
    { extraHeaders },
  )
  const message = await failure(() =>
    expect(passing).toAllowCorsRequest({ origin: APP, headers: { 'X-Gate': 'b' } }),
  )
  expect(message).toContain('X-Gate: [redacted]')
  expect(message).not.toContain('sesame')
})

test('extraHeaders cannot say what is judged', async () => {
  const handler = answering(200)
  for (const name of ['Origin', 'access-control-request-method', 'Access-Control-Request-Headers']) {
    expect(
      await refusal(() => expect(handler).not.toAllowOrigin(APP, { extraHeaders: { [name]: 'x' } })),
    ).toContain(name)
  }
})
