/** What ends a request before its time: signals, time limits, `close()`, and servers that are not there. */
import { getEventListeners } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isCorsNetworkError } from 'expect-cors'
import { describe, expect, test, vi } from 'vitest'
import { allowAll, api, app, listen, open, recorder } from './helpers.js'

/** Answers nothing, or the head and half of the body. */
function stalling(what: 'head' | 'body') {
  return recorder((seen, response) => {
    if (what === 'head') return
    response.writeHead(200, { ...allowAll(seen), 'Content-Length': '10' })
    response.write('half')
  })
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function deadUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

describe('a signal', () => {
  test('that is aborted already: nothing is sent', async () => {
    const listener = stalling('head')
    const page = open(app, { servers: { [api]: { listener } } })
    await expect(page.fetch(api, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    const reason = new Error('mine')
    await expect(page.fetch(new page.Request(api, { signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    )
    await expect(page.inspect(api, { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(listener.seen).toEqual([])
  })

  test('while the answer is awaited', async () => {
    const page = open(app, { servers: { [api]: { listener: stalling('head') } } })
    const controller = new AbortController()
    const pending = page.fetch(api, { signal: controller.signal })
    setTimeout(() => controller.abort(), 30)
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
    await expect(page.fetch(api, { signal: AbortSignal.timeout(30) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
  })

  test.each(['text', 'json', 'arrayBuffer', 'blob'] as const)('while %s() reads the body', async (method) => {
    const page = open(app, { servers: { [api]: { listener: stalling('body') } } })
    const controller = new AbortController()
    const response = await page.fetch(api, { signal: controller.signal })
    const pending = response[method]()
    setTimeout(() => controller.abort(), 30)
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('while the stream is read', async () => {
    const page = open(app, { servers: { [api]: { listener: stalling('body') } } })
    const controller = new AbortController()
    const { body } = await page.fetch(api, { signal: controller.signal })
    const reader = (body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('half')
    setTimeout(() => controller.abort(), 30)
    await expect(reader.read()).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('leaves nothing behind on a signal that outlives its requests', async () => {
    const listener = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end('ok'))
    const { signal } = new AbortController()
    const page = open(app, { servers: { [api]: { listener } } })
    for (let i = 0; i < 20; i++) await (await page.fetch(api, { signal })).text()
    expect(getEventListeners(signal, 'abort').length).toBeLessThan(5)
  })
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const stalled = () => ({ [api]: { listener: stalling('head') } })

describe('the page', () => {
  test('its time limit is a network error', async () => {
    const page = open(app, { timeout: 40, servers: { [api]: { listener: stalling('head') } } })
    const error = (await page.fetch(api).catch((reason: unknown) => reason)) as Error
    expect(error).toBeInstanceOf(TypeError)
    expect(isCorsNetworkError(error.cause)).toBe(true)
    expect((error.cause as Error).message).toMatch(/time ran out/)
    await expect(page.inspect(api)).rejects.toThrow(/time ran out/)
  })

  test.each([
    ['its time limit', () => open(app, { timeout: 60, servers: stalled() })],
    [
      'a time limit given as its signal',
      () => open(app, { signal: AbortSignal.timeout(60), servers: stalled() }),
    ],
  ])('%s comes, whatever is collected meanwhile', async (_name, opened) => {
    const collecting = setInterval(collectGarbage, 10)
    try {
      await expect(opened().inspect(api)).rejects.toThrow(/time ran out/)
    } finally {
      clearInterval(collecting)
    }
  })

  test.each([0.5, 2 ** 31 - 1])('its time limit of %s ms is kept', async (timeout) => {
    const listener = recorder((seen, response) => {
      setTimeout(() => response.writeHead(200, allowAll(seen)).end(), 30)
    })
    const { fetch } = open(app, { timeout, servers: { [api]: { listener } } })
    if (timeout > 1) expect((await fetch(api)).status).toBe(200)
    else await expect(fetch(api)).rejects.toMatchObject({ cause: { name: 'CorsNetworkError' } })
  })

  test('its time limit is by the real clock', async () => {
    vi.useFakeTimers()
    try {
      const page = open(app, { timeout: 40, servers: stalled() })
      await expect(page.inspect(api)).rejects.toThrow(/time ran out/)
    } finally {
      vi.useRealTimers()
    }
  })

  test('its time limit covers all hops', async () => {
    let n = 0
    const listener = recorder((seen, response) => {
      setTimeout(() => response.writeHead(302, { ...allowAll(seen), Location: `/${n++}` }).end(), 20)
    })
    const page = open(app, { timeout: 90, servers: { [api]: { listener } } })
    await expect(page.inspect(api)).rejects.toThrow(/time ran out/)
    expect(listener.seen.length).toBeLessThan(8)
  })

  test('close() ends what is under way', async () => {
    const page = open(app, { servers: { [api]: { listener: stalling('head') } } })
    const pending = page.fetch(api)
    setTimeout(() => void page.close(), 20)
    await expect(pending).rejects.toMatchObject({ name: 'AbortError', message: 'the page was closed' })
    await expect(page.fetch(api)).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('its signal ends what is under way', async () => {
    const controller = new AbortController()
    const page = open(app, { signal: controller.signal, servers: { [api]: { listener: stalling('head') } } })
    const pending = page.fetch(api)
    setTimeout(() => controller.abort(), 20)
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('many requests at once give no warning', async () => {
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    const listener = recorder((seen, response) => response.writeHead(200, allowAll(seen)).end('ok'))
    const page = open(app, { servers: { [api]: { listener } } })
    const texts = Array.from({ length: 30 }, async () => (await page.fetch(api)).text())
    expect(new Set(await Promise.all(texts))).toEqual(new Set(['ok']))
    await pause(10)
    process.off('warning', warn)
    expect(warnings).toEqual([])
  })
})

describe('no answer', () => {
  test('nothing listens: a TypeError, with the reason as its cause; inspect rejects with that', async () => {
    const url = await deadUrl()
    const page = open('http://127.0.0.1:1', { engine: 'firefox' })
    const error = (await page.fetch(url).catch((reason: unknown) => reason)) as Error
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toBe('NetworkError when attempting to fetch resource.')
    expect(error.cause).toMatchObject({ name: 'CorsNetworkError', code: 'ECONNREFUSED' })
    await expect(page.inspect(url)).rejects.toMatchObject({ name: 'CorsNetworkError', code: 'ECONNREFUSED' })
  })

  test('a redirect to where nothing listens', async () => {
    const dead = await deadUrl()
    const address = await listen(
      recorder((seen, response) =>
        response.writeHead(302, { ...allowAll(seen), Location: `${dead}/x` }).end(),
      ),
    )
    const page = open(address)
    await expect(page.fetch('/')).rejects.toMatchObject({
      name: 'TypeError',
      cause: { name: 'CorsNetworkError', code: 'ECONNREFUSED', url: `${dead}/x` },
    })
    await expect(page.inspect('/')).rejects.toThrow(/nothing listens/)
  })

  test('a body that breaks off', async () => {
    const listener = recorder((seen, response) => {
      response.writeHead(200, { ...allowAll(seen), 'Content-Length': '10' })
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    })
    const page = open(app, { engine: 'webkit', servers: { [api]: { listener } } })
    const error = await (await page.fetch(api)).text().catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      name: 'TypeError',
      message: 'Load failed',
      cause: { name: 'CorsNetworkError' },
    })
    // Nobody reads this one, and nobody hears of it.
    await page.fetch(api)
    await pause(40)
    const late = await page.fetch(api)
    await pause(40)
    await expect(late.text()).rejects.toThrow('Load failed')
  })

  test('a handler that throws', async () => {
    const page = open(app, {
      servers: {
        [api]: () => {
          throw new Error('broken')
        },
      },
    })
    await expect(page.inspect(api)).rejects.toThrow(/broken/)
  })
})
