/** `page.preload`: what is asked for ahead of time, and who is given it. */
import { explainCors, type Profile } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { open } from './helpers.js'

const app = 'https://app.example.com'
const url = 'https://cdn.example.net/a'

function opened(engine: Profile, allows = true) {
  const seen: Request[] = []
  const respond = (request: Request): Response => {
    seen.push(request)
    const headers: Record<string, string> = { 'Content-Type': '' }
    if (allows) {
      headers['Access-Control-Allow-Origin'] = request.headers.get('Origin') ?? '*'
      headers['Access-Control-Allow-Credentials'] = 'true'
      headers['Access-Control-Allow-Headers'] = 'x-a'
    }
    return new Response(`response ${seen.length}`, { headers })
  }
  const page = open(app, { engine, servers: { 'https://cdn.example.net': respond } })
  return {
    page,
    asked: () => seen.map(({ method, headers }) => `${method} ${headers.get('Sec-Fetch-Mode')}`),
  }
}

const engines = ['standard', 'chromium', 'firefox', 'webkit'] as const

describe('a preload that is under way', () => {
  /** A server that responds where it is told to, and what it was asked. */
  function held() {
    const responds: ((status: number) => void)[] = []
    const server = (): Promise<Response> =>
      new Promise((resolve, reject) => {
        const at = responds.length + 1
        const headers = { 'Access-Control-Allow-Origin': app }
        responds.push((status) =>
          status === 0
            ? reject(new Error('gone'))
            : resolve(new Response(`response ${at}`, { status, headers })),
        )
      })
    const came = async (count: number): Promise<void> => {
      while (responds.length < count) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    return { server, came, respond: (at: number, status = 200) => responds[at - 1]?.(status), responds }
  }
  const anonymous = { as: 'fetch', crossorigin: 'anonymous' } as const
  const opening = (engine: Profile) => {
    const { server, ...rest } = held()
    return { page: open(app, { engine, servers: { 'https://cdn.example.net': server } }), ...rest }
  }
  const textOf = async (response: Promise<Response>) => (await response).text()

  test.each(engines)('%s: is waited for, by the first request in the same turn as well', async (engine) => {
    const { page, came, respond, responds } = opening(engine)
    const preload = page.preload(url, anonymous)
    const text = textOf(page.fetch(url))
    await came(1)
    respond(1)
    expect(await text).toBe('response 1')
    expect((await preload).event).toBe('load')
    expect(responds).toHaveLength(1)
  })

  test.each(engines)('%s: is given to one of two requests, in WebKit to both', async (engine) => {
    const { page, came, respond, responds } = opening(engine)
    void page.preload(url, anonymous)
    const texts = Promise.all([textOf(page.fetch(url)), textOf(page.fetch(url))])
    const times = engine === 'webkit' ? 1 : 2
    await came(times)
    for (let at = 1; at <= times; at++) respond(at)
    expect(await texts).toEqual(['response 1', `response ${times}`])
    expect(responds).toHaveLength(times)
  })

  test('is waited for by nobody whom it does not match', async () => {
    const { page, came, respond } = opening('chromium')
    const preload = page.preload(url, { as: 'fetch' })
    const journey = page.inspect(url)
    await came(2)
    respond(2)
    expect((await journey).verdict).toMatchObject({ preload: 'unused', preloadMismatch: 'credentials' })
    respond(1)
    await preload
  })

  test('is used up by a request that ends before it', async () => {
    const { page, came, respond } = opening('chromium')
    const preload = page.preload(url, anonymous)
    await came(1)
    await expect(page.fetch(url, { signal: AbortSignal.timeout(5) })).rejects.toThrow()
    const text = textOf(page.fetch(url))
    await came(2)
    respond(2)
    expect(await text).toBe('response 2')
    respond(1)
    await preload
  })

  test('one who waits for it and is aborted hears of that as one who waits for a response', async () => {
    const { page, came, respond } = opening('chromium')
    const preload = page.preload(url, anonymous)
    await came(1)
    const controller = new AbortController()
    const journey = page.inspect(url, { signal: controller.signal })
    setTimeout(() => controller.abort(), 5)
    await expect(journey).rejects.toMatchObject({
      name: 'CorsNetworkError',
      message: expect.stringContaining('it was aborted'),
    })
    respond(1)
    await preload
  })

  test('keeps nobody waiting once its page is left, or when no response comes', async () => {
    const { page, came, respond } = opening('firefox')
    const failing = page.preload(url, anonymous)
    const text = textOf(page.fetch(url))
    await came(1)
    respond(1, 0)
    await expect(failing).rejects.toThrow('gone')
    await came(2)
    respond(2)
    expect(await text).toBe('response 2')
    const left = [page.preload(url, anonymous), page.fetch(url)].map((each) => expect(each).rejects.toThrow())
    await came(3)
    await page.close()
    await Promise.all(left)
  })
})

test.each(engines)('%s: a preload without a response leaves nothing of it', async (engine) => {
  let isGone = true
  const server = (): Response => {
    if (isGone) throw new Error('gone')
    return new Response('a', { headers: { 'Access-Control-Allow-Origin': '*' } })
  }
  const page = open(app, { engine, servers: { 'https://cdn.example.net': server } })
  await expect(page.preload(url, { as: 'image' })).rejects.toThrow('gone')
  isGone = false
  const load = await page.load(url, { as: 'image', crossorigin: '' })
  expect(load).toMatchObject({ event: 'load', verdict: { outcome: 'allowed' } })
  expect(load.verdict.preload).toBeUndefined()
})

describe('a preload that matches', () => {
  test.each(engines)('%s: is given to fetch, with its body, once', async (engine) => {
    const { page, asked } = opened(engine)
    const load = await page.preload(url, { as: 'fetch', crossorigin: 'anonymous' })
    expect(load).toMatchObject({ event: 'load', readable: true, verdict: { preload: 'made', as: 'fetch' } })
    const response = await page.fetch(url)
    expect([response.type, response.url, await response.text()]).toEqual(['cors', url, 'response 1'])
    expect(asked()).toEqual(['GET cors'])
    // WebKit keeps it.
    expect(await (await page.fetch(url)).text()).toBe(engine === 'webkit' ? 'response 1' : 'response 2')
  })

  test.each(engines)('%s: is given to XMLHttpRequest and to a font', async (engine) => {
    const { page, asked } = opened(engine)
    await page.preload(url, { as: 'fetch', crossorigin: 'use-credentials' })
    const xhr = new page.XMLHttpRequest()
    xhr.open('GET', url)
    xhr.withCredentials = true
    await new Promise((resolve) => {
      xhr.onload = resolve
      xhr.send()
    })
    expect(xhr.responseText).toBe('response 1')
    await page.preload(`${url}.woff2`, { as: 'font', crossorigin: '' })
    expect(await page.load(`${url}.woff2`, { as: 'font' })).toMatchObject({
      event: 'load',
      exchanges: [],
      verdict: { preload: 'used', as: 'font' },
    })
    expect(asked()).toHaveLength(2)
  })

  test('a module is given whatever its credentials, to modules alone', async () => {
    const { page, asked } = opened('firefox')
    await page.preload(url, { as: 'module' })
    await page.load(url, { as: 'script', crossorigin: '' })
    await page.load(url, { as: 'module', crossorigin: 'use-credentials' })
    expect(asked()).toEqual(['GET cors', 'GET cors'])
  })
})

describe('one that does not', () => {
  const line = (reason: string): string =>
    `A preload for '${url}' is found, but is not used because the request ${reason} does not match. Consider taking a look at crossorigin attribute.`

  test('Chromium: asked again, and said', async () => {
    const { page, asked } = opened('chromium')
    await page.preload(url, { as: 'image' })
    const load = await page.load(url, { as: 'image', crossorigin: '' })
    expect(load).toMatchObject({
      event: 'load',
      verdict: { preload: 'unused', preloadMismatch: 'credentials' },
    })
    expect(explainCors(load).consoleMessage).toBe(line('credentials mode'))
    expect(asked()).toEqual(['GET no-cors', 'GET cors'])
  })

  test('of another kind: nothing is said', async () => {
    const { page } = opened('chromium')
    await page.preload(url, { as: 'script', crossorigin: '' })
    const journey = await page.inspect(url)
    expect(journey.verdict.preload).toBeUndefined()
    expect(journey.exchanges).toHaveLength(1)
  })

  test('a custom header: Chromium never sends it, the others ask with a preflight', async () => {
    for (const engine of engines) {
      const { page, asked } = opened(engine)
      await page.preload(url, { as: 'fetch', crossorigin: '' })
      await page.fetch(url, { headers: { 'X-A': '1' } })
      expect(asked(), engine).toEqual(
        engine === 'chromium' ? ['GET cors'] : ['GET cors', 'OPTIONS cors', 'GET cors'],
      )
    }
  })

  test('WebKit: without crossorigin on the preload the element fails, or its sheet is opaque', async () => {
    const { page } = opened('webkit')
    await page.preload(url, { as: 'script' })
    const script = await page.load(url, { as: 'script', crossorigin: '' })
    expect(script).toMatchObject({ event: 'error', verdict: { code: 'preloaded-without-cors' } })
    expect(explainCors(script)).toMatchObject({
      consoleMessage: 'Cross-origin script load denied by Cross-Origin Resource Sharing policy.',
      explanation: `${url} was preloaded without CORS, so this browser does not let a script with a \`crossorigin\` attribute have it, although it asks again and the server allows it: the <link rel="preload"> needs the same attribute.`,
    })
    const sheet = 'https://cdn.example.net/b'
    await page.preload(sheet, { as: 'style' })
    const style = await page.load(sheet, { as: 'style', crossorigin: '' })
    expect(style.verdict).toMatchObject({ outcome: 'opaque', type: 'opaque' })
  })

  test('WebKit: with it, an element without gets it, and may not look into it', async () => {
    const { page, asked } = opened('webkit')
    await page.preload(url, { as: 'image', crossorigin: '' })
    expect(await page.load(url, { as: 'image' })).toMatchObject({ event: 'load', readable: false })
    expect(asked()).toEqual(['GET cors'])
  })
})

describe('one that CORS refuses', () => {
  test.each([
    ['standard', 'error', 1, null],
    ['chromium', 'error', 1, null],
    ['firefox', 'load', 1, null],
    ['webkit', 'error', 1, `Fetch API cannot load ${url} due to access control checks.`],
  ] as const)('%s: it fires %s, and the fetch fails', async (engine, event, requests, message) => {
    const { page, asked } = opened(engine, false)
    const load = await page.preload(url, { as: 'fetch', crossorigin: '' })
    expect(load).toMatchObject({ event, verdict: { code: 'missing-allow-origin' } })
    const journey = await page.inspect(url)
    expect(journey.verdict).toMatchObject({
      outcome: 'blocked',
      code: 'missing-allow-origin',
      preload: 'used',
    })
    expect(explainCors(journey).consoleMessage).toBe(message)
    expect(asked()).toHaveLength(requests)
    expect(page.blocked).toHaveLength(2)
    await expect(opened(engine, false).page.fetch(url)).rejects.toThrow(TypeError)
  })

  test('Chromium calls it what it is', async () => {
    const { page } = opened('chromium', false)
    expect(explainCors(await page.preload(url, { as: 'fetch', crossorigin: '' })).consoleMessage).toBe(
      `Access to link element resource at '${url}' from origin '${app}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.`,
    )
  })
})

test('another page of the browser has none of it', async () => {
  const { page, asked } = opened('chromium')
  await page.preload(url, { as: 'fetch', crossorigin: '' })
  await page.frame(`${app}/frame`).fetch(url)
  expect(asked()).toHaveLength(2)
})

test('mistakes', async () => {
  const { page } = opened('chromium')
  await expect(page.preload(url, { as: 'iframe' } as never)).rejects.toThrow(
    'page.preload(): as must be one of "fetch", "font", "image", "module", "script", "style"; got "iframe"',
  )
})
