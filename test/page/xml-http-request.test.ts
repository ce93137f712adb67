/** `page.XMLHttpRequest`. */
import type { PageXMLHttpRequest } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { allowAll, api, app, open, recorder } from './helpers.js'

const TYPES = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend']

function opened(
  engine: 'chromium' | 'firefox' | 'webkit' = 'chromium',
  headers: Record<string, string> = {},
) {
  const listener = recorder((seen, response) => {
    if (seen.url === '/stall') return
    if (seen.url === '/blocked') response.writeHead(200).end('secret')
    else if (seen.url === '/half')
      response.writeHead(200, { ...allowAll(seen), 'Content-Length': '9' }).write('half')
    else
      response
        .writeHead(200, { ...allowAll(seen), ...headers })
        .end(seen.method === 'OPTIONS' ? '' : '{"a":1}')
  })
  const page = open(`${app}/shop/`, { engine, servers: { [api]: { listener }, [app]: { listener } } })
  const xhr = new page.XMLHttpRequest()
  const events: string[] = []
  xhr.addEventListener('readystatechange', () => events.push(`state ${xhr.readyState}`))
  for (const type of TYPES) xhr.addEventListener(type, () => events.push(type))
  return { page, xhr, events, seen: listener.seen }
}

const ended = (xhr: PageXMLHttpRequest): Promise<void> =>
  new Promise((resolve) => xhr.addEventListener('loadend', () => resolve()))

test('a request from its opening to its end', async () => {
  const { xhr, events, seen } = opened('chromium', {
    'X-One': '1',
    'X-Two': '2',
    'Access-Control-Expose-Headers': 'X-Two',
  })
  xhr.open('post', `${api}/orders`)
  xhr.setRequestHeader('X-A', '1')
  xhr.setRequestHeader('x-a', '2')
  xhr.withCredentials = true
  xhr.send('body')
  await ended(xhr)
  expect(events).toEqual([
    'state 1',
    'loadstart',
    'state 2',
    'state 3',
    'progress',
    'state 4',
    'load',
    'loadend',
  ])
  expect(xhr).toMatchObject({
    readyState: 4,
    status: 200,
    statusText: 'OK',
    responseURL: `${api}/orders`,
    responseText: '{"a":1}',
  })
  expect(xhr.getAllResponseHeaders()).toBe('content-type: application/json\r\nx-two: 2\r\n')
  expect([xhr.getResponseHeader('X-Two'), xhr.getResponseHeader('X-One')]).toEqual(['2', null])
  expect(seen.map(({ method, headers, body }) => [method, headers['x-a'], body])).toEqual([
    ['OPTIONS', undefined, ''],
    ['POST', '1, 2', 'body'],
  ])
})

test('handlers by attribute, relative URLs, and a second request on the same object', async () => {
  const { xhr, seen } = opened()
  const calls: string[] = []
  xhr.onload = () => calls.push('replaced')
  xhr.onload = () => calls.push('load')
  for (const path of ['a', '../b']) {
    xhr.open('GET', path)
    xhr.send()
    await ended(xhr)
  }
  expect(calls).toEqual(['load', 'load'])
  expect(seen.map(({ url }) => url)).toEqual(['/shop/a', '/b'])
})

test.each([
  ['', '{"a":1}'],
  ['text', '{"a":1}'],
  ['json', { a: 1 }],
] as const)('responseType %j', async (type, expected) => {
  const { xhr } = opened()
  xhr.open('GET', api)
  xhr.responseType = type
  xhr.send()
  await ended(xhr)
  expect(xhr.response).toEqual(expected)
})

test('responseType arraybuffer and blob, whose text cannot be asked for', async () => {
  const { xhr } = opened()
  xhr.open('GET', api)
  xhr.responseType = 'arraybuffer'
  xhr.send()
  await ended(xhr)
  expect(new TextDecoder().decode(xhr.response as ArrayBuffer)).toBe('{"a":1}')
  expect(() => xhr.responseText).toThrow(/InvalidStateError|responseType/)
  xhr.open('GET', api)
  xhr.responseType = 'blob'
  xhr.overrideMimeType('text/x-mine')
  xhr.send()
  await ended(xhr)
  expect((xhr.response as Blob).type).toBe('text/x-mine')
})

test('text in the charset that the server names', async () => {
  const page = open(app, {
    servers: {
      [app]: () =>
        new Response(new Uint8Array([0xe9]), { headers: { 'Content-Type': 'text/plain; charset=latin1' } }),
    },
  })
  const xhr = new page.XMLHttpRequest()
  xhr.open('GET', '/')
  xhr.send()
  await ended(xhr)
  expect(xhr.responseText).toBe('\u00e9')
})

test('blocked: an error event and nothing to read', async () => {
  const { xhr, events } = opened()
  xhr.open('GET', `${api}/blocked`)
  xhr.send()
  await ended(xhr)
  expect(events).toEqual(['state 1', 'loadstart', 'state 4', 'error', 'loadend'])
  expect([xhr.status, xhr.responseText, xhr.responseURL, xhr.getAllResponseHeaders()]).toEqual([
    0,
    '',
    '',
    '',
  ])
})

test('upload listeners make it preflighted, and hear of the upload', async () => {
  const { xhr, events, seen } = opened()
  for (const type of TYPES) xhr.upload.addEventListener(type, () => events.push(`upload ${type}`))
  xhr.open('POST', api)
  xhr.send('x')
  await ended(xhr)
  expect(seen.map(({ method }) => method)).toEqual(['OPTIONS', 'POST'])
  expect(events.filter((event) => event.startsWith('upload'))).toEqual([
    'upload loadstart',
    'upload progress',
    'upload load',
    'upload loadend',
  ])
})

describe('an end before its time', () => {
  test('abort() while waiting', async () => {
    const { xhr, events } = opened()
    xhr.open('GET', `${api}/stall`)
    xhr.send()
    setTimeout(() => xhr.abort(), 20)
    await ended(xhr)
    expect(events).toEqual(['state 1', 'loadstart', 'state 4', 'abort', 'loadend'])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([xhr.readyState, events.length]).toEqual([0, 5])
  })

  test('abort() while the body comes', async () => {
    const { xhr, events } = opened()
    xhr.open('GET', `${api}/half`)
    xhr.send()
    setTimeout(() => xhr.abort(), 60)
    await ended(xhr)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(events.slice(-3)).toEqual(['state 4', 'abort', 'loadend'])
    expect(xhr.status).toBe(0)
  })

  test('its timeout', async () => {
    const { xhr, events } = opened()
    xhr.open('GET', `${api}/stall`)
    xhr.timeout = 30
    xhr.send()
    await ended(xhr)
    expect(events.slice(-3)).toEqual(['state 4', 'timeout', 'loadend'])
  })

  test.each([
    [Number.POSITIVE_INFINITY, 0],
    [2 ** 32 - 1, 2 ** 32 - 1],
    [2 ** 32 + 5000, 5000],
    ['4000', 4000],
    [Number.NaN, 0],
  ])('its timeout is an unsigned long: %s', async (given, kept) => {
    const { xhr, events } = opened()
    xhr.open('GET', api)
    xhr.timeout = given as number
    expect(xhr.timeout).toBe(kept)
    xhr.send()
    await ended(xhr)
    expect(events).toContain('load')
  })

  test('the page is closed', async () => {
    const { page, xhr, events } = opened()
    xhr.open('GET', `${api}/stall`)
    xhr.send()
    setTimeout(() => void page.close(), 20)
    await ended(xhr)
    expect(events.slice(-2)).toEqual(['error', 'loadend'])
  })
})

test('wrong use throws as in a browser', () => {
  const { xhr } = opened()
  expect(() => xhr.send()).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
  expect(() => xhr.setRequestHeader('a', 'b')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
  expect(() => xhr.open('a b', api)).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
  expect(() => xhr.open('TRACE', api)).toThrow(expect.objectContaining({ name: 'SecurityError' }))
  expect(() => xhr.open('GET', 'http://')).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
  expect(() => xhr.open('GET', api, false)).toThrow(/synchronous requests are not simulated/)
  xhr.open('GET', api)
  expect(() => xhr.setRequestHeader('a b', 'c')).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
  expect(() => xhr.setRequestHeader('a', 'b\nc')).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
  xhr.setRequestHeader('Cookie', 'dropped=1')
})

test('its constants', () => {
  const { page, xhr } = opened()
  const { UNSENT, OPENED, HEADERS_RECEIVED, LOADING, DONE } = page.XMLHttpRequest
  expect([UNSENT, OPENED, HEADERS_RECEIVED, LOADING, DONE]).toEqual([0, 1, 2, 3, 4])
  expect([xhr.readyState, xhr.DONE]).toEqual([0, 4])
})
