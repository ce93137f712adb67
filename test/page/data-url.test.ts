/** `data:` URLs, whichever way a page reads them: one processor, and what the APIs make of it. */
import { describe, expect, test } from 'vitest'
import { app, open } from './helpers.js'

const ASCII = 'text/plain;charset=US-ASCII'
const page = (engine: 'standard' | 'chromium' | 'firefox' | 'webkit' = 'standard') => open(app, { engine })

function byXhr(url: string, engine?: Parameters<typeof page>[0], method = 'GET') {
  const xhr = new (page(engine).XMLHttpRequest)()
  xhr.open(method, url)
  xhr.send()
  return new Promise<[string | null, string]>((resolve) => {
    xhr.onloadend = () => resolve([xhr.getResponseHeader('content-type'), xhr.responseText])
  })
}

test.each([
  ['data:foo,x', ASCII, 'x'],
  ['data:,%41', ASCII, 'A'],
  ['data:TEXT/Plain;Charset=utf-8;base64,eA', 'text/plain;charset=utf-8', 'x'],
])('%s', async (url, type, body) => {
  const response = await page().fetch(url)
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    type,
    body,
  ])
  expect(await byXhr(url)).toEqual([type, body])
  const { response: inspected } = await page().inspect(url)
  expect([inspected?.headers.get('content-type'), await inspected?.text()]).toEqual([type, body])
})

test('HEAD has no body, other methods have', async () => {
  for (const method of ['HEAD', 'POST', 'PUT', 'QUERY']) {
    const body = method === 'HEAD' ? '' : 'x'
    expect(await (await page().fetch('data:,x', { method })).text()).toBe(body)
    expect(await byXhr('data:,x', 'standard', method)).toEqual([ASCII, body])
  }
})

test('what is none is a network error', async () => {
  for (const url of ['data:x', 'data:;base64,e', 'data:;base64,e=A'])
    await expect(page().fetch(url)).rejects.toThrow(TypeError)
})

describe('a blob: URL', () => {
  test('is read, whole or in part, while it stands for a blob', async () => {
    const url = URL.createObjectURL(new Blob(['hello'], { type: 'text/x' }))
    const whole = await page().fetch(url)
    expect([whole.status, whole.type, whole.headers.get('content-type'), await whole.text()]).toEqual([
      200,
      'basic',
      'text/x',
      'hello',
    ])
    const ranges = ['bytes=1-2', 'bytes=3-', 'bytes=-2', 'bytes=0-99']
    const parts = ranges.map(async (range) => {
      const part = await page().fetch(url, { headers: { range } })
      return [part.status, part.headers.get('content-range'), await part.text()]
    })
    expect(await Promise.all(parts)).toEqual([
      [206, 'bytes 1-2/5', 'el'],
      [206, 'bytes 3-4/5', 'lo'],
      [206, 'bytes 3-4/5', 'lo'],
      [206, 'bytes 0-4/5', 'hello'],
    ])
    await expect(page().fetch(url, { headers: { range: 'bytes=5-' } })).rejects.toThrow(TypeError)
    await expect(page().fetch(url, { method: 'POST', body: 'x' })).rejects.toThrow(TypeError)
    URL.revokeObjectURL(url)
    const error = (await page()
      .fetch(url)
      .catch((reason) => reason)) as Error
    expect((error.cause as Error).message).toContain('stands for no blob')
  })
})

test('a redirect leads to none', async () => {
  const listener = (_request: unknown, response: { writeHead(...args: unknown[]): { end(): void } }) =>
    response.writeHead(302, { Location: 'data:,x' }).end()
  const redirected = open(app, { servers: { [app]: { listener: listener as never } } })
  expect((await redirected.inspect('/')).verdict.code).toBe('redirect-to-unsupported-scheme')
})

test('text is decoded as browsers do', async () => {
  expect((await byXhr('data:,%80'))[1]).toBe('\u20ac')
  expect((await byXhr('data:;charset=latin1,%9f'))[1]).toBe('\u0178')
  expect((await byXhr('data:,%EF%BB%BF%C3%A4'))[1]).toBe('\u00e4')
  expect((await byXhr('data:;charset=nonsense,%C3%A4'))[1]).toBe('\u00e4')
})

describe('an event stream', () => {
  const url = 'data:text/event-stream,data:x%0A%0A'
  test.each([
    ['standard', 'x'],
    ['chromium', 'x'],
    ['firefox', 'closed'],
    ['webkit', 'closed'],
  ] as const)('in %s', async (engine, outcome) => {
    const source = new (page(engine).EventSource)(url)
    const got = await new Promise((resolve) => {
      source.onmessage = (event) => resolve((event as unknown as { data: string }).data)
      source.onerror = () => resolve(source.readyState === 2 ? 'closed' : 'reconnecting')
    })
    source.close()
    expect(got).toBe(outcome)
  })
})

test('an event stream that the network refused is asked for again in Chromium only', async () => {
  for (const [engine, state] of [
    ['chromium', 0],
    ['firefox', 2],
  ] as const) {
    const source = new (page(engine).EventSource)('data:x')
    await new Promise((resolve) => {
      source.onerror = resolve
    })
    expect(source.readyState).toBe(state)
    source.close()
  }
})
