/** `page.EventSource`. */
import type { PageEventSource } from 'expect-cors'
import { expect, test } from 'vitest'
import { allowAll, api, app, open, recorder, type Seen } from './helpers.js'

function opened(
  answer: (seen: Seen, n: number) => { headers?: Record<string, string>; body?: string; status?: number },
) {
  let n = 0
  const listener = recorder((seen, response) => {
    const { status = 200, headers = {}, body = '' } = answer(seen, n++)
    response
      .writeHead(status, { ...allowAll(seen), 'Content-Type': 'text/event-stream', ...headers })
      .end(body)
  })
  const page = open(`${app}/shop/`, {
    engine: 'chromium',
    servers: { [api]: { listener }, [app]: { listener } },
  })
  return { page, seen: listener.seen }
}

const next = (source: PageEventSource, type: string): Promise<Event> =>
  new Promise((resolve) => source.addEventListener(type, resolve, { once: true }))

test('messages of every kind', async () => {
  const { page, seen } = opened(() => ({
    body: ': hello\n\nid: 7\ndata: one\ndata: two\n\nevent: tick\ndata: {"a":1}\n\n',
  }))
  const source = new page.EventSource(`${api}/events`, { withCredentials: true })
  expect([source.url, source.withCredentials, source.readyState]).toEqual([`${api}/events`, true, 0])
  const message = next(source, 'message')
  const tick = next(source, 'tick')
  await next(source, 'open')
  expect(source.readyState).toBe(page.EventSource.OPEN)
  expect(await message).toMatchObject({ data: 'one\ntwo', lastEventId: '7', origin: api })
  expect(await tick).toMatchObject({ data: '{"a":1}', lastEventId: '7' })
  source.close()
  expect(source.readyState).toBe(page.EventSource.CLOSED)
  expect(seen[0]?.headers).toMatchObject({ accept: 'text/event-stream', origin: app })
})

test('a connection that ends is opened anew, with the last id', async () => {
  const { page, seen } = opened((_seen, n) => ({ body: `retry: 20\nid: ${n}\ndata: ${n}\n\n` }))
  const source = new page.EventSource('/events')
  const data: unknown[] = []
  source.onmessage = (event) => data.push((event as Event & { data: string }).data)
  await next(source, 'error')
  expect(source.readyState).toBe(page.EventSource.CONNECTING)
  await next(source, 'error')
  source.close()
  expect(data).toEqual(['0', '1'])
  expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '0'])
})

test('a server that asks for more patience than a timer has is not asked at once', async () => {
  const { page, seen } = opened(() => ({ body: 'retry: 99999999999\n\n' }))
  const source = new page.EventSource('/events')
  await next(source, 'error')
  await new Promise((resolve) => setTimeout(resolve, 40))
  source.close()
  expect(seen).toHaveLength(1)
})

test.each([
  ['the type', { headers: { 'Content-Type': 'text/plain' } }],
  ['the status', { status: 500 }],
  ['CORS', { headers: { 'Access-Control-Allow-Origin': 'https://other.example' } }],
])('is refused for good because of %s', async (_name, answer) => {
  const { page, seen } = opened(() => answer)
  const source = new page.EventSource(`${api}/events`)
  await next(source, 'error')
  expect(source.readyState).toBe(page.EventSource.CLOSED)
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(seen).toHaveLength(1)
})

test('ends with the page', async () => {
  const { page } = opened(() => ({ body: 'retry: 10\n\n' }))
  const source = new page.EventSource('/events')
  await next(source, 'error')
  await page.close()
  expect(source.readyState).toBe(page.EventSource.CLOSED)
  expect(new page.EventSource('/events').readyState).toBe(page.EventSource.CLOSED)
})

test('an invalid URL', () => {
  const { page } = opened(() => ({}))
  expect(() => new page.EventSource('http://')).toThrow(expect.objectContaining({ name: 'SyntaxError' }))
})
