/** A verdict needs no body: none is waited for, whatever state it is in. */
import { Readable } from 'node:stream'
import { openPage } from 'expect-cors'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { closing } from '../page/helpers.js'
import 'expect-cors/vitest'

const page = 'https://app.example.com'
const api = 'https://api.example.com'

const headers = { 'Access-Control-Allow-Origin': page }

/** A response with a body of that stream. */
const streaming = (source: ConstructorParameters<typeof ReadableStream<Uint8Array>>[0]): Response =>
  new Response(new ReadableStream(source), { headers })

const never = (): Promise<never> => new Promise(() => {})

const bodies: [string, () => unknown][] = [
  [
    'an unread clone',
    () => {
      const response = new Response('body', { headers })
      response.clone()
      return response
    },
  ],
  ['a cancel() that rejects', () => streaming({ cancel: () => Promise.reject(new Error('no')) })],
  [
    'a cancel() that throws',
    () =>
      streaming({
        cancel() {
          throw new Error('no')
        },
      }),
  ],
  ['a cancel() that never settles', () => streaming({ cancel: never })],
  ['a pull() that never settles', () => streaming({ pull: never })],
  ['a start() that never settles', () => streaming({ start: never })],
  ['a body without an end', () => streaming({ pull: (controller) => controller.enqueue(new Uint8Array(9)) })],
  ['a stream that is broken', () => streaming({ start: (controller) => controller.error(new Error('no')) })],
  [
    'a locked body',
    () => {
      const response = new Response('body', { headers })
      response.body?.getReader()
      return response
    },
  ],
  [
    'a body that was read',
    async () => {
      const response = new Response('body', { headers })
      await response.text()
      return response
    },
  ],
  [
    'a body that is a stream of Node\u2019s',
    () => ({ status: 200, headers: new Headers(headers), body: Readable.from([Buffer.from('body')]) }),
  ],
  [
    'a body that cannot be let go',
    () => ({ status: 200, headers: new Headers(headers), body: { getReader: () => ({}) } }),
  ],
]

describe('an assertion', () => {
  const unhandled = vi.fn()
  beforeEach(() => {
    process.on('unhandledRejection', unhandled)
  })
  afterEach(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test.each(bodies)('does not wait for %s', async (_name, make) => {
    const handler = { fetch: make as () => Response }
    await expect(handler).toAllowOrigin(page, { timeout: 500 })
    await expect(handler).not.toAllowOrigin('https://evil.example', { timeout: 500 })
    await expect(handler).toAllowCorsRequest({ origin: page, method: 'HEAD', timeout: 500 })
  })

  test.each(bodies)('does not wait for %s of a redirect', async (_name, make) => {
    const fetch = async ({ url }: Request): Promise<Response> => {
      const { body } = (await make()) as Response
      if (url.endsWith('/end')) return new Response(null, { headers })
      const response = Response.json({}, { status: 302, headers: { ...headers, Location: '/end' } })
      return Object.defineProperty(response, 'body', { value: body })
    }
    await expect({ fetch }).toAllowOrigin(page, { timeout: 500 })
    const one = closing(openPage(page, { servers: { [api]: { fetch } }, timeout: 500 }))
    expect((await one.inspect(`${api}/`)).verdict.outcome).toBe('allowed')
  })

  test.each(bodies)('a page that blocks, or may not see, does not wait for %s', async (_name, make) => {
    const servers = { [api]: { fetch: make as () => Response } }
    const other = closing(openPage('https://evil.example', { servers, timeout: 500 }))
    expect((await other.inspect(`${api}/`)).verdict.outcome).toBe('blocked')
    expect((await other.fetch(`${api}/`, { mode: 'no-cors' })).type).toBe('opaque')
  })
})

describe('a page', () => {
  test.each<[string, (response: Response) => Promise<unknown>]>([
    ['text()', (response) => response.text()],
    ['a reader', (response) => (response.body as ReadableStream).getReader().read()],
    ['blob()', (response) => response.blob()],
  ])('stops reading a body that never comes when its time is over: %s', async (_name, read) => {
    const servers = { [api]: () => streaming({ pull: never, cancel: never }) }
    const one = closing(openPage(page, { servers, timeout: 50 }))
    await expect(read(await one.fetch(`${api}/`))).rejects.toThrow()
  })

  test('stops reading when it is closed, and when the script says so', async () => {
    const servers = { [api]: () => streaming({ pull: never }) }
    const one = openPage(page, { servers })
    const text = (await one.fetch(`${api}/`)).text()
    const abort = new AbortController()
    const aborted = (await one.fetch(`${api}/`, { signal: abort.signal })).text()
    abort.abort()
    await expect(aborted).rejects.toThrow(/abort/i)
    void one.close()
    await expect(text).rejects.toThrow(/closed/)
  })

  test('tells the handler that nobody reads on, and does not wait for it', async () => {
    const cancel = vi.fn(never)
    const one = closing(openPage(page, { servers: { [api]: () => streaming({ pull: never, cancel }) } }))
    const { body } = await one.fetch(`${api}/`)
    await body?.cancel()
    expect(cancel).toHaveBeenCalledOnce()
    const reading = (await one.fetch(`${api}/`)).body?.getReader()
    const chunk = reading?.read()
    await reading?.cancel()
    expect(await chunk).toEqual({ done: true, value: undefined })
    expect(cancel).toHaveBeenCalledTimes(2)
  })

  test('reads what a handler writes, whole and in pieces', async () => {
    const pieces = (): Response =>
      streaming({
        start(controller) {
          for (const piece of ['a', 'b', 'c']) controller.enqueue(new TextEncoder().encode(piece))
          controller.close()
        },
      })
    const one = closing(openPage(page, { servers: { [api]: pieces } }))
    expect(await (await one.fetch(api)).text()).toBe('abc')
    expect(await new Response((await one.fetch(api)).body).text()).toBe('abc')
    expect(await (await one.fetch(api)).clone().text()).toBe('abc')
  })

  test('cannot read a body that somebody else reads', async () => {
    const locked = (): Response => {
      const response = new Response('body', { headers })
      response.body?.getReader()
      return response
    }
    const one = closing(openPage(page, { servers: { [api]: locked } }))
    await expect((await one.fetch(api)).text()).rejects.toThrow(TypeError)
    await expect(one.inspect(api)).resolves.toMatchObject({ verdict: { outcome: 'allowed' } })
  })
})
