/** `sendBeacon`, `keepalive` and forms: what is sent, what is lost, and what outlives its page. */

import { CorsUsageError, openPage, type Page, type PageOptions } from 'expect-cors'
import { describe, expect, onTestFinished, test } from 'vitest'

const app = 'https://app.example.com'
const api = 'https://api.example.com'
const engines = ['chromium', 'firefox', 'webkit'] as const
const json = () => new Blob(['{}'], { type: 'application/json' })

/** A server that allows what it is told to, and what it was asked. */
function recorder(allow: Readonly<Record<string, string>> = {}, delay = 0) {
  const seen: { method: string; path: string; headers: Headers; body: string }[] = []
  return {
    seen,
    fetch: async (request: Request) => {
      const { method, url, headers } = request
      seen.push({ method, path: new URL(url).pathname, headers, body: await request.text() })
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
      return new Response(null, { status: 204, headers: allow })
    },
    get methods() {
      return seen.map(({ method }) => method)
    },
  }
}

const credentialed = {
  'Access-Control-Allow-Origin': app,
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Allow-Headers': 'content-type',
  'Access-Control-Allow-Methods': 'PUT',
}

function open(options: PageOptions): Page {
  const page = openPage(`${app}/orders`, options)
  onTestFinished(() => page.close())
  return page
}

describe('a beacon', () => {
  test.each(engines)('of text goes without a preflight, in %s', async (engine) => {
    const server = recorder()
    const page = open({ engine, servers: { [api]: server } })
    for (const body of ['x', new URLSearchParams('a=1'), new Blob(['x']), new TextEncoder().encode('x')])
      expect(page.sendBeacon(`${api}/log`, body)).toBe(true)
    await page.close()
    expect(server.methods).toEqual(['POST', 'POST', 'POST', 'POST'])
    expect(server.seen.map(({ headers }) => headers.get('content-type')).sort()).toEqual(
      ['application/x-www-form-urlencoded;charset=UTF-8', 'text/plain;charset=UTF-8', null, null].sort(),
    )
    expect(page.blocked).toEqual([])
  })

  test.each(engines)('of JSON needs a preflight that allows credentials, in %s', async (engine) => {
    const right = recorder(credentialed)
    const wildcard = recorder({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Headers': 'content-type',
    })
    const other = 'https://other.example'
    const page = open({ engine, servers: { [api]: right, [other]: wildcard } })
    expect([page.sendBeacon(api, json()), page.sendBeacon(other, json())]).toEqual([true, true])
    await page.close()
    expect(right.methods).toEqual(['OPTIONS', 'POST'])
    expect(wildcard.methods).toEqual(['OPTIONS'])
    expect(page.blocked.map(({ verdict }) => [verdict.initiator, verdict.code, verdict.credentials])).toEqual(
      [['beacon', 'wildcard-allow-origin-with-credentials', true]],
    )
  })

  test('is refused for its URL, as each engine has it', () => {
    const said = engines.map((engine) => {
      const page = open({ engine, servers: {} })
      return ['ftp://x/', 'http://'].map((url) => {
        try {
          return page.sendBeacon(url, 'x')
        } catch (error) {
          return `${(error as Error).name}: ${(error as Error).message}`
        }
      })
    })
    expect(said).toEqual([
      [
        "TypeError: Failed to execute 'sendBeacon' on 'Navigator': Beacons are only supported over HTTP(S).",
        "TypeError: Failed to execute 'sendBeacon' on 'Navigator': The URL argument is ill-formed or unsupported.",
      ],
      [
        'TypeError: Navigator.sendBeacon: Beacon URL ftp://x/ must be either http:// or https://.',
        'TypeError: Navigator.sendBeacon: http:// is not a valid URL.',
      ],
      ['TypeError: Beacons can only be sent over HTTP(S)', 'TypeError: This URL is invalid'],
    ])
  })

  test('of mixed content is not queued, and is told', () => {
    const page = open({ engine: 'chromium', servers: { 'http://api.example.com': recorder() } })
    expect(page.sendBeacon('http://api.example.com/', 'x')).toBe(false)
    expect(page.blocked.map(({ verdict }) => verdict.code)).toEqual(['mixed-content'])
  })

  test('has a body that can be told', () => {
    expect(() => open({ engine: 'chromium' }).sendBeacon(api, new ReadableStream())).toThrow(
      'sendBeacon cannot have a ReadableStream body.',
    )
  })

  test('goes where something serves', () => {
    expect(() => open({ servers: {} }).sendBeacon(api, 'x')).toThrow(/nothing serves/)
  })

  test('is not of a page that was closed', async () => {
    const page = open({ servers: { [api]: recorder() } })
    await page.close()
    expect(() => page.sendBeacon(api, 'x')).toThrow(/page.sendBeacon\(\): the page was closed/)
  })
})

describe('the quota of 64 KiB', () => {
  const text = (bytes: number) => 'x'.repeat(bytes)

  test.each([
    ['chromium', false],
    ['firefox', true],
    ['webkit', false],
  ] as const)('in %s', async (engine, isMorePossible) => {
    const server = recorder(credentialed, 20)
    const page = open({ engine, servers: { [api]: server } })
    expect(page.sendBeacon(api, text(65_537))).toBe(isMorePossible)
    expect(page.sendBeacon(api, text(40_000))).toBe(true)
    expect(page.sendBeacon(api, text(40_000))).toBe(isMorePossible)
    const post = (body: string) => page.fetch(api, { method: 'POST', keepalive: true, body })
    const second = post(text(40_000)).then(
      () => true,
      (error: unknown) => !(error instanceof TypeError),
    )
    expect(await second).toBe(isMorePossible)
    await page.fetch(api, { method: 'POST', body: text(70_000) })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect((await post(text(65_536))).status).toBe(204)
    expect(page.blocked.every(({ verdict }) => verdict.code === 'keepalive-quota')).toBe(true)
  })

  test('a request that outlives its page has no stream', () => {
    for (const engine of ['chromium', 'webkit'] as const) {
      const { Request } = open({ engine })
      const stream = { method: 'POST', body: new ReadableStream(), duplex: 'half', keepalive: true } as const
      expect(() => new Request(api, stream)).toThrow(TypeError)
    }
    const { Request } = open({ engine: 'chromium' })
    const init = { method: 'POST', body: new ReadableStream(), duplex: 'half' } as const
    expect(() => new Request(api, { ...init, keepalive: true })).toThrow(TypeError)
    expect(new Request(api, init).keepalive).toBe(false)
    expect(new Request(api, { keepalive: true }).keepalive).toBe(true)
  })
})

describe('a page that is left', () => {
  const put = (page: Page, keepalive: boolean) =>
    page.fetch(api, { method: 'PUT', keepalive }).catch((error: unknown) => error)

  test.each(['navigate', 'close'] as const)(
    'by %s(): what has keepalive goes on, its script does not',
    async (how) => {
      const server = recorder(credentialed, 10)
      const page = open({ engine: 'chromium', servers: { [api]: server } })
      const kept = put(page, true)
      const next = how === 'navigate' ? page.navigate(`${app}/next`) : undefined
      const closed = next === undefined ? page.close() : undefined
      expect(await kept).toMatchObject({ name: 'AbortError' })
      await (closed ?? next?.close())
      expect(server.methods).toEqual(['OPTIONS', 'PUT'])
    },
  )

  test('all else ends: a preflight may go out, its request never', async () => {
    const server = recorder(credentialed)
    const page = open({ engine: 'chromium', servers: { [api]: server } })
    const lost = put(page, false)
    const next = page.navigate(`${app}/next`)
    expect(await lost).toMatchObject({ name: 'AbortError' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await next.close()
    expect(server.methods).toEqual(['OPTIONS'])
  })

  test.each([
    ['chromium', ['OPTIONS', 'PUT']],
    ['firefox', ['OPTIONS']],
    ['webkit', ['OPTIONS', 'PUT']],
  ] as const)('what a slow preflight holds up, in %s', async (engine, methods) => {
    const server = recorder(credentialed, 400)
    const page = open({ engine, servers: { [api]: server } })
    void put(page, true)
    await page.navigate(`${app}/next`).close()
    expect(server.methods).toEqual(methods)
  })

  test('is told of what was blocked since', async () => {
    const page = open({ engine: 'chromium', servers: { [api]: recorder() } })
    void page.fetch(api, { keepalive: true }).catch(() => {})
    await page.navigate(`${app}/next`).close()
    expect(page.blocked.map(({ verdict }) => verdict.code)).toEqual(['missing-allow-origin'])
  })

  test('a server that never responds holds up nobody for long', async () => {
    const page = open({ servers: { [api]: { fetch: () => new Promise<Response>(() => {}) } } })
    void page.fetch(api, { keepalive: true }).catch(() => {})
    const start = performance.now()
    await page.close()
    expect(performance.now() - start).toBeLessThan(3500)
  }, 5000)
})

describe('a form', () => {
  test.each(engines)('is a navigation with an Origin, in %s', async (engine) => {
    const server = recorder()
    const page = open({ engine, servers: { [api]: server, [app]: server } })
    const { verdict } = await page.postForm(`${api}/login`, { a: '1 2', b: 'é' })
    await page.postForm(
      '/login',
      [
        ['a', '1'],
        ['a', '2'],
      ],
      { enctype: 'text/plain' },
    )
    await page.postForm('/login', { a: '1' }, { enctype: 'multipart/form-data' })
    expect(verdict).toMatchObject({ initiator: 'form', mode: 'navigate' })
    expect(
      server.seen.map(({ method, body, headers }) => [
        method,
        headers.get('origin'),
        headers.get('sec-fetch-mode'),
        headers.get('content-type')?.split(';')[0],
        body.slice(0, 12),
      ]),
    ).toEqual([
      ['POST', app, 'navigate', 'application/x-www-form-urlencoded', 'a=1+2&b=%C3%'],
      ['POST', app, 'navigate', 'text/plain', 'a=1\r\na=2\r\n'],
      [
        'POST',
        app,
        'navigate',
        'multipart/form-data',
        '----expect-c'.slice(0, 2) + server.seen[2]?.body.slice(2, 12),
      ],
    ])
  })

  test.each(engines)('of a page with no-referrer says Origin: null, in %s', async (engine) => {
    const server = recorder()
    const page = open({ engine, referrerPolicy: 'no-referrer', servers: { [api]: server } })
    await page.postForm(api, { a: '1' })
    page.sendBeacon(api, 'x')
    await page.close()
    const hidden = engine === 'chromium' ? app : 'null'
    expect(server.seen.map(({ headers }) => headers.get('origin'))).toEqual(['null', hidden])
  })

  test.each([
    ['application/x-www-form-urlencoded', 'a%0D%0Ab%0D%0Ac%22d=e%0D%0Af%0D%0Ag%0D%0Ah&i=j'],
    ['text/plain', 'a\r\nb\r\nc"d=e\r\nf\r\ng\r\nh\r\ni=j\r\n'],
    ['multipart/form-data', 'name="a%0D%0Ab%0D%0Ac%22d"\r\n\r\ne\r\nf\r\ng\r\nh\r\n'],
  ] as const)('as %s has the line breaks that browsers send', async (enctype, body) => {
    const server = recorder()
    const page = open({ servers: { [api]: server } })
    const file = new File(['x'], 'j')
    await page.postForm(api, { 'a\nb\rc"d': 'e\nf\r\ng\rh', i: file }, { enctype })
    expect(server.seen[0]?.body).toContain(body)
    if (enctype === 'multipart/form-data') expect(server.seen[0]?.body).toContain('name="i"; filename="j"')
  })

  test('a FormData of a script has them too', async () => {
    const server = recorder()
    const form = new FormData()
    form.append('a\nb', 'c\nd')
    await open({ servers: { [app]: server } }).fetch('/', { method: 'POST', body: form })
    expect(server.seen[0]?.body).toContain('name="a%0D%0Ab"\r\n\r\nc\r\nd\r\n')
  })

  test.each([
    [{ a: undefined }, /the value of "a" must be text or a file; got undefined/],
    [{ a: ['x', 'y'] }, /must be text or a file; got an array.*\[\['a', '1'\], \['a', '2'\]\]/],
    [{ a: { b: 1 } }, /the value of "a" must be text or a file; got an object/],
    [[['a']], /each of a list of fields must be a pair/],
    [[1], /each of a list of fields must be a pair.*got the number 1/],
  ])('has no field %j', async (fields, message) => {
    const server = recorder()
    const posted = open({ servers: { [api]: server } }).postForm(api, fields as never)
    await expect(posted).rejects.toThrow(message)
    await expect(posted).rejects.toThrow(CorsUsageError)
    expect(server.seen).toEqual([])
  })

  test.each([
    [null, /takes an object of options; got null/],
    [{ encType: 'multipart/form-data' }, /unknown option "encType"; did you mean "enctype"/],
  ])('has no options %j', async (options, message) => {
    await expect(open({}).postForm(api, { a: '1' }, options as never)).rejects.toThrow(message)
  })

  test('has fields', async () => {
    await expect(open({}).postForm(api, 'a=1' as never)).rejects.toThrow(/the fields of a form/)
    await expect(open({}).postForm(api, {}, { enctype: 'json' as never })).rejects.toThrow(
      /enctype must be one of/,
    )
  })
})
