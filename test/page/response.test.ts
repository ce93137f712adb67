/** The `Response` a page's script gets. */

import { inspect } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { api, app, open } from './helpers.js'

async function get(
  body: BodyInit | null,
  headers: Record<string, string> = {},
  status = 200,
): Promise<Response> {
  const page = open(app, {
    servers: { [api]: { listener: listener(body, headers, status) } },
  })
  return page.fetch(api)
}

type BodyInit = NonNullable<ConstructorParameters<typeof Response>[0]>

function listener(body: BodyInit | null, headers: Record<string, string>, status: number) {
  return async (_request: unknown, response: import('node:http').ServerResponse) => {
    const made = new Response(body)
    const type = made.headers.get('content-type')
    response.writeHead(status, {
      'Access-Control-Allow-Origin': '*',
      ...(type === null ? {} : { 'Content-Type': type }),
      ...headers,
    })
    response.end(Buffer.from(await made.arrayBuffer()))
  }
}

test('is a Response of this process', async () => {
  const response = await get('x')
  expect(response).toBeInstanceOf(Response)
  expect(response.headers).toBeInstanceOf(Headers)
  expect(response.constructor).toBe(Response)
  expect(inspect(response)).toMatch(/^Response \{ ?\s*status: 200/)
  expect(inspect(response.headers)).toContain("'content-type'")
})

test('its headers cannot be changed, and can be listed in every way', async () => {
  const { headers } = await get('x', { 'X-A': '1', 'Access-Control-Expose-Headers': 'X-A' })
  for (const change of [
    () => headers.set('a', '1'),
    () => headers.append('a', '1'),
    () => headers.delete('x-a'),
  ]) {
    expect(change).toThrow(TypeError)
  }
  expect([headers.get('X-A'), headers.has('x-A'), headers.get('nope'), headers.has('nope')]).toEqual([
    '1',
    true,
    null,
    false,
  ])
  const all = [
    ['content-type', 'text/plain;charset=UTF-8'],
    ['x-a', '1'],
  ]
  const seen: string[][] = []
  headers.forEach((value, name) => {
    seen.push([name, value])
  })
  expect(seen).toEqual(all)
  expect([...headers]).toEqual(all)
  expect([...headers.entries()]).toEqual(all)
  expect([...headers.keys()]).toEqual(['content-type', 'x-a'])
  expect([...headers.values()]).toEqual(['text/plain;charset=UTF-8', '1'])
  expect([...new Headers(headers)]).toEqual(all)
})

test('each way to read it', async () => {
  expect(await (await get('{"a":1}')).json()).toEqual({ a: 1 })
  expect(await (await get('\ufeffh\u00e9')).text()).toBe('h\u00e9')
  expect([...new Uint8Array(await (await get('ab')).arrayBuffer())]).toEqual([97, 98])
  const blob = await (await get('ab', { 'Content-Type': 'image/png' })).blob()
  expect([blob.type, await blob.text()]).toEqual(['image/png', 'ab'])
  const form = new FormData()
  form.set('a', '1')
  expect((await (await get(form)).formData()).get('a')).toBe('1')
  expect(await new Response((await get('streamed')).body).text()).toBe('streamed')
  await expect((await get('no json')).json()).rejects.toThrow(SyntaxError)
})

test('is read once', async () => {
  const response = await get('x')
  expect(response.bodyUsed).toBe(false)
  await response.text()
  expect(response.bodyUsed).toBe(true)
  await expect(response.text()).rejects.toThrow(TypeError)
  await expect(response.blob()).rejects.toThrow(TypeError)
  expect(response.bodyUsed).toBe(true)
  expect(() => response.clone()).toThrow(TypeError)
})

test('a clone is as good as the first', async () => {
  const response = await get('{"a":1}', {}, 404)
  const clone = response.clone()
  expect(clone).toMatchObject({ type: 'cors', status: 404, ok: false, url: `${api}/` })
  expect([...clone.headers]).toEqual([...response.headers])
  expect(() => clone.headers.set('a', '1')).toThrow(TypeError)
  expect([await clone.json(), await response.clone().json(), await response.json()]).toEqual([
    { a: 1 },
    { a: 1 },
    { a: 1 },
  ])
})

test.each([
  ['gzip', gzipSync('packed')],
  ['br', brotliCompressSync('packed')],
  ['br, gzip', gzipSync(brotliCompressSync('packed'))],
])('a body of Content-Encoding: %s is read without it', async (coding, bytes) => {
  const response = await get(new Uint8Array(bytes), {
    'Content-Encoding': coding,
    'Access-Control-Expose-Headers': '*',
  })
  expect(response.headers.get('content-encoding')).toBe(coding)
  expect(await response.text()).toBe('packed')
})

test('an unknown coding is left alone, a broken body is a network error', async () => {
  expect(await (await get('as it is', { 'Content-Encoding': 'rot13' })).text()).toBe('as it is')
  await expect((await get('not gzip', { 'Content-Encoding': 'gzip' })).text()).rejects.toThrow(
    'Failed to fetch',
  )
})
