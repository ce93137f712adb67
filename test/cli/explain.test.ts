import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import cors from 'cors'
import express from 'express'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { isPrivateAddress, Names } from '../../src/cli/private-addresses.js'
import { APP, deadUrl, listen } from '../matchers/servers.js'
import { buildCommand, type Command, type Ended, runHere } from './command.js'

// Each child loads Node, the command and undici.
vi.setConfig({ testTimeout: 60_000 })

let command: Command
beforeAll(async () => {
  command = await buildCommand()
}, 60_000)
afterAll(() => command.remove())

const explain = (url: string, ...args: string[]): Promise<Ended> =>
  runHere(['explain', url, '--origin', APP, ...args])

/** What differs from run to run: ports, and what Node says of the connection. */
function steady(text: string): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080')
    .replace(/^ *< (Date|Connection|Keep-Alive|Transfer-Encoding|Content-Length|ETag): .*\n/gm, '')
}

const api = express()
api.get('/open', cors({ origin: APP }), (_request, response) => void response.json({}))
api.get('/closed', (_request, response) => void response.json({}))
api.use('/orders', cors({ origin: APP, methods: ['GET'] }))
api.all('/orders', (_request, response) => void response.json({}))
api.get('/moved', cors({ origin: APP }), (_request, response) => response.redirect('/closed'))
api.use('/starred', cors({ origin: '*', allowedHeaders: '*' }))
api.get('/starred', (_request, response) => void response.json({}))

describe('exit codes', () => {
  test('0: allowed', async () => {
    const { url } = await listen(api)
    const ended = await command.run(['explain', `${url}/open`, '--origin', APP])
    expect(ended).toMatchObject({ code: 0, error: '' })
    expect(steady(ended.out)).toMatchSnapshot()
  })

  test('1: blocked on the preflight', async () => {
    const { url, received } = await listen(api)
    const ended = await explain(
      `${url}/orders`,
      ...[
        '--method',
        'PUT',
        '--header',
        'Content-Type: application/json',
        '--body',
        '{}',
        '--credentials=include',
      ],
    )
    expect(ended).toMatchObject({ code: 1, error: '' })
    expect(steady(ended.out)).toMatchSnapshot()
    expect(received.map(({ line }) => line)).toEqual(['OPTIONS /orders'])
  })

  test('1: blocked after a redirect', async () => {
    const { url } = await listen(api)
    const ended = await command.run(['explain', `${url}/moved`, '--origin', APP])
    expect(ended).toMatchObject({ code: 1, error: '' })
    expect(steady(ended.out)).toMatchSnapshot()
  })

  test('1: what no browser sends is not sent', async () => {
    const ended = await explain('http://api.example.com/')
    expect(ended).toMatchObject({ code: 1, error: '' })
    expect(ended.out).toContain('blocked, mixed-content before it is sent')
    expect(ended.out).toContain("Chromium: Mixed Content: The page at 'https://app.example.com/'")
  })

  test.each([
    [[], 'a command is missing; see expect-cors --help'],
    [['explian'], 'unknown command "explian"; did you mean explain?'],
    [['explain'], /^expect-cors: explain takes a URL: /],
    [['explain', 'http://a.test'], /^expect-cors: --origin is missing/],
    [
      ['explain', 'http://a.test', 'http://b.test', '--origin', APP],
      /takes one URL; got "http:\/\/b\.test\/?" as well as/,
    ],
    [['explain', 'http://a.test', '--orign', APP], 'unknown option "--orign"; did you mean --origin?'],
    [['explain', 'http://a.test', '--origin'], /^expect-cors: --origin takes a value/],
    [
      ['explain', 'http://a.test', '--origin', APP, '--origin', APP],
      '--origin is given 2 times, but takes one value',
    ],
    [
      ['explain', 'http://a.test', '--origin', `${APP}/`],
      /an origin has no trailing slash; write 'https:\/\/app\.example\.com'/,
    ],
    [['explain', '/orders', '--origin', APP], /"\/orders" is a relative URL/],
    [['explain', 'ftp://a.test/', '--origin', APP], /is not an http\(s\) URL/],
    [['explain', `${APP}/orders`, '--origin', APP], /is of the page's own origin/],
    [['explain', 'http://a.test', '--origin', APP, '--method', 'G T'], /--method must be an HTTP method/],
    [['explain', 'http://a.test', '--origin', APP, '--header', 'secret'], /--header takes 'Name: value'/],
    [['explain', 'http://a.test', '--origin', APP, '--extra-header', 'Origin: x'], /must not set Origin/],
    [
      ['explain', 'http://a.test', '--origin', APP, '--header', 'Cookie: sid=1'],
      /set Cookie.*--extra-header/,
    ],
    [['explain', 'http://a.test', '--origin', APP, '--header', 'sec-x: 1'], /set sec-x.*--extra-header/],
    [['explain', 'http://a.test', '--origin', APP, '--header', 'Origin: x'], /set Origin.*--origin/],
    [
      ['explain', 'http://a.test', '--origin', APP, '--credentials', 'true'],
      /--credentials must be one of omit, same-origin, include; got "true"/,
    ],
    [
      ['explain', 'http://a.test', '--origin', APP, '--engine', 'gecko'],
      /--engine must be one of standard, chromium/,
    ],
    [['explain', 'http://a.test', '--origin', APP, '--server', 'iis'], /--server must be one of express/],
    [['explain', 'http://a.test', '--origin', APP, '--timeout', '-1'], /^expect-cors: --timeout /],
    [['explain', 'http://a.test', '--origin', APP, '--json=yes'], /--json/],
    [
      ['explain', 'http://a.test', '--origin', APP, '--header', 'X-Key: a\nb'],
      /the value of X-Key is not a valid header value/,
    ],
  ])('2: %j', async (args, said) => {
    const ended = await runHere(args)
    expect(ended).toMatchObject({ code: 2, out: '' })
    expect(ended.error).toMatch(/^expect-cors: [^\n]*\n$/)
    if (typeof said === 'string') expect(ended.error).toBe(`expect-cors: ${said}\n`)
    else expect(ended.error).toMatch(said)
  })

  test('2: a wrong argument', async () => {
    const ended = await command.run(['explain', 'http://a.test', '--orign', APP])
    expect(ended).toEqual({
      code: 2,
      out: '',
      error: 'expect-cors: unknown option "--orign"; did you mean --origin?\n',
    })
  })

  test('2: nothing listens', async () => {
    const url = await deadUrl()
    const ended = await explain(url)
    expect(ended).toMatchObject({ code: 2, out: '' })
    expect(ended.error).toMatch(/^expect-cors: GET http:\S+ got no response: nothing listens at [^\n]*\n$/)
    const { code, out, error } = await explain(url, '--json')
    expect({ code, error }).toEqual({ code: 2, error: '' })
    expect(JSON.parse(out)).toMatchObject({ error: { name: 'CorsNetworkError' } })
  })

  test('2: time runs out', async () => {
    const { url } = await listen(() => {})
    const ended = await explain(url, '--timeout', '300')
    expect(ended).toMatchObject({ code: 2, out: '' })
    expect(ended.error).toContain('time ran out')
  })
})

test('--help and --version', async () => {
  expect(await command.run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', error: '' })
  expect(await runHere(['--help'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('explain <url>'),
  })
  const { out } = await runHere(['explain', '--help'])
  for (const option of 'origin method header extra-header credentials body engine json allow-private'.split(
    ' ',
  ))
    expect(out).toContain(`--${option} `)
  expect(out).toContain('Exit code: 0 allowed')
})

describe('engines', () => {
  test('that differ are told apart', async () => {
    const { url } = await listen(api)
    const args = [
      '--header',
      'Authorization: Bearer abc',
      '--engine',
      'standard,chromium',
      '--engine',
      'firefox',
    ]
    const { code, out } = await explain(`${url}/starred`, ...args)
    expect(code).toBe(1)
    expect(out).toContain(
      '✗ The Fetch Standard: blocked, header-not-allowed on the preflight\n✓ Chromium and Firefox: allowed',
    )
    expect(out).not.toContain('Bearer')
  })

  test('that let through what the standard refuses are said to', async () => {
    const { url } = await listen(api)
    const { code, out } = await explain(`${url}/starred`, '--header', 'Authorization: Bearer abc')
    expect(code).toBe(0)
    expect(out).toContain(
      'By the Fetch Standard `*` in Access-Control-Allow-Headers does not cover Authorization',
    )
  })
})

describe('a method that may change something', () => {
  const writable = express()
  writable.use(cors({ origin: APP, methods: ['GET', 'PUT', 'POST'], allowedHeaders: ['content-type'] }))
  writable.use((_request, response) => void response.json({}))

  test('is judged by its preflight', async () => {
    const { url, received } = await listen(writable)
    const { code, out } = await runHere(['explain', url, '--origin', APP, '--method', 'put'])
    expect(code).toBe(0)
    expect(out).toContain(
      '✓ Chromium, Firefox and WebKit: allowed by the preflight; PUT itself was not sent (--send sends it)',
    )
    expect(received.map(({ line }) => line)).toEqual(['OPTIONS /'])
    const json = await runHere(['explain', url, '--origin', APP, '--method', 'PUT', '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ allowed: true, sent: false })
    const { url: closed } = await listen(express())
    expect((await runHere(['explain', closed, '--origin', APP, '--method', 'PUT'])).code).toBe(1)
  })

  test('is not judged where it needs no preflight', async () => {
    const { url, received } = await listen(writable)
    const { code, out } = await runHere(['explain', url, '--origin', APP, '--method', 'POST', '--body', 'x'])
    expect(code).toBe(2)
    expect(out).toContain(
      '? Chromium, Firefox and WebKit: not judged, because this POST needs no preflight and was not sent itself (--send sends it)',
    )
    expect(received).toEqual([])
  })

  test('--send sends it, and says so', async () => {
    const { url, received } = await listen(writable)
    const { code, out } = await runHere(['explain', url, '--origin', APP, '--method', 'PUT', '--send'])
    expect(code).toBe(0)
    expect(out).toContain('--send: PUT was really sent, and may have changed something on the server.')
    expect(received.map(({ line }) => line)).toEqual(['OPTIONS /', 'PUT /'])
  })
})

describe('values that are elsewhere', () => {
  test('a header in the environment, which nothing shows', async () => {
    const { url, received } = await listen(api)
    const { code, out, error } = await command.run(
      ['explain', `${url}/closed`, '--origin', APP, '--extra-header', 'x-gate=@GATE'],
      { GATE: 'hunter2' },
    )
    expect(code).toBe(1)
    expect(received[0]?.headers['x-gate']).toBe('hunter2')
    expect(out + error).not.toContain('hunter2')
  })

  test.each([
    ['x-gate=@GATE_THAT_IS_NOT_SET', 'the environment variable GATE_THAT_IS_NOT_SET is not set'],
    ['x-gate=@', 'takes the name of an environment variable after the @'],
    ['x-gate=secret', "--extra-header takes 'Name: value'"],
    ['x gate: secret', "--extra-header takes 'Name: value'"],
  ])('%s', async (value, said) => {
    const { code, error } = await runHere([
      'explain',
      'http://a.test',
      '--origin',
      APP,
      '--extra-header',
      value,
    ])
    expect(code).toBe(2)
    expect(error).toContain(said)
    expect(error).not.toContain('secret')
  })

  test('a body in a file', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-body-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = path.join(folder, 'order.json')
    writeFileSync(file, '{"id":1}')
    const { url, received } = await listen(api)
    const args = ['explain', url, '--origin', APP, '--no-diagnose', '--method', 'POST', '--send', '--body']
    await runHere([...args, `@${file}`])
    await runHere([...args, '@@home'])
    expect(received.map(({ body }) => String(body))).toEqual(['{"id":1}', '@home'])
    const { code, error } = await runHere([...args, `@${file}.gone`])
    expect(code).toBe(2)
    expect(error).toMatch(/there is no such file; for text that begins with @ write @@/)
  })
})

describe('a message of a console', () => {
  const MISSING = `Access to fetch at 'https://api.example.com/orders?token=hunter2' from origin '${APP}' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.`
  const SAFARI = `Origin ${APP} is not allowed by Access-Control-Allow-Origin. Status code: 403\nFetch API cannot load https://api.example.com/orders due to access control checks.`

  test.each([
    ['Chromium, with what its console puts before it', `(index):1 ${MISSING}`],
    ['Safari, which means one of three', SAFARI],
    [
      'Firefox, with straight quotes',
      "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example.com/orders. (Reason: header 'authorization' is not allowed according to header 'Access-Control-Allow-Headers' from CORS preflight response).",
    ],
    [
      'what is not CORS',
      "Access to fetch at 'http://127.0.0.1:3000/' from origin 'https://app.example.com' has been blocked by CORS policy: Permission was denied for this request to access the `loopback` address space.",
    ],
  ])('%s', async (_name, message) => {
    const { code, out, error } = await runHere(['explain', '--message', message])
    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).not.toContain('hunter2')
    expect(out).toMatchSnapshot()
  })

  test('from standard input, with or without being asked to', async () => {
    const direct = await runHere(['explain', '--message', SAFARI])
    expect(await runHere(['explain', '--message', '-'], false, SAFARI)).toEqual(direct)
    expect(await runHere(['explain'], false, SAFARI)).toEqual(direct)
    expect(await runHere(['explain'], false, ' \n')).toMatchObject({ code: 2, out: '' })
  })

  test('as the command that it prints', async () => {
    const { url } = await listen(express())
    const said = await runHere(['explain', '--message', MISSING.replace('https://api.example.com', url)])
    const line = /npx expect-cors (explain .*)/.exec(said.out)?.[1] ?? ''
    const { code, out } = await runHere(line.replaceAll("'", '').split(' '))
    expect(code).toBe(1)
    expect(out).toContain('missing-allow-origin on the preflight')
  })

  test('as data', async () => {
    const { out } = await runHere(['explain', '--message', MISSING, '--json'])
    expect(JSON.parse(out)).toMatchObject({
      engine: 'chromium',
      blockedAt: 'preflight',
      origin: APP,
      causes: [{ code: 'missing-allow-origin' }],
    })
    expect(out).not.toContain('hunter2')
  })

  test.each([
    [['explain', '--message', 'hello'], /no browser console message was recognized in "hello"/],
    [['explain', '--message', ''], /was recognized/],
    [['explain', '--message', 'x', '--origin', APP], /asks no server: leave out --origin/],
    [['explain', 'http://a.test', '--message', 'x'], /asks no server: leave out the URL/],
  ])('2: %j', async (args, said) => {
    expect(await runHere(args)).toMatchObject({ code: 2, out: '', error: expect.stringMatching(said) })
  })

  test('a pipe that nobody writes to is not waited for', async () => {
    expect(await command.run(['explain'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('explain takes a URL'),
    })
  })
})

test('--json is plain data', async () => {
  const { url } = await listen(api)
  const { code, out } = await explain(`${url}/closed?api_key=hunter2`, '--json', '--server', 'nginx')
  expect(code).toBe(1)
  const data = JSON.parse(out)
  expect(data).toMatchObject({
    origin: APP,
    method: 'GET',
    allowed: false,
    difference: null,
    engines: [
      { engine: 'chromium', outcome: 'blocked', code: 'missing-allow-origin', blockedAt: 'response' },
      { engine: 'firefox' },
      { engine: 'webkit' },
    ],
  })
  expect(data.engines[0].remedies[0]).toMatchObject({ for: 'nginx' })
  expect(data.engines[1].consoleMessage).toContain('Cross-Origin Request Blocked')
  expect(out).not.toContain('hunter2')
})

describe('what is not for every eye', () => {
  test.each([['text'], ['json']])('secrets in %s', async (format) => {
    const { url, received } = await listen((_request, response) => {
      response.writeHead(302, {
        'Set-Cookie': 'sid=hunter2',
        'X-Auth-Token': 'hunter2',
        'Access-Control-Allow-Origin': 'https://me:hunter2@app.example.com',
        Location: '/next?token=hunter2',
      })
      response.end()
    })
    const ended = await explain(
      `${url}/?secret=hunter2`,
      ...['--extra-header', 'X-Gate: hunter2', '--header', 'Accept: text/plain'],
      ...(format === 'json' ? ['--json'] : []),
    )
    expect(ended.code).toBe(1)
    expect(ended.out).toContain('[redacted]')
    expect(ended.out + ended.error).not.toContain('hunter2')
    expect(received[0]?.headers['x-gate']).toBe('hunter2')
  })

  test('control characters, and colors where there is no terminal', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () =>
        socket.end(
          Buffer.from(
            'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: \x9b2J\r\n\r\n',
            'latin1',
          ),
        ),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    for (const format of [[], ['--json']]) {
      const { code, out } = await explain(url, ...format)
      expect(code).toBe(1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
    }
  })
})

test('colors on a terminal', async () => {
  const { url } = await listen(api)
  const args = ['explain', `${url}/closed`, '--origin', APP]
  const colored = await runHere(args, true)
  expect(colored.code).toBe(1)
  expect(colored.out).toContain('\u001b[31m✗ Chromium, Firefox and WebKit: blocked')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those of colors
  const bare = colored.out.replace(/\u001b\[\d+m/g, '')
  expect(steady(bare)).toBe(steady((await runHere(args)).out))
})

describe('a redirect from a public address to a private one', () => {
  /** Public names lead through a proxy, which tunnels every one of them to a server of ours. */
  async function publicly(listener: RequestListener): Promise<Record<string, string>> {
    const { url } = await listen(listener)
    const proxy = createHttpServer()
    proxy.on('connect', (_request, socket, head) => {
      const { hostname, port } = new URL(url)
      const target = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        target.write(head)
        target.pipe(socket).pipe(target)
      })
      for (const end of [socket, target]) end.on('error', () => {})
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      proxy.closeAllConnections()
      proxy.close()
    })
    return { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
  }

  const redirecting =
    (to: string): RequestListener =>
    (_request, response) =>
      response.writeHead(302, { Location: to, 'Access-Control-Allow-Origin': '*' }).end()
  const args = ['explain', 'http://public.invalid/', '--origin', 'http://app.example.com']

  test('is not followed unless that is asked for', async () => {
    const inside = await listen((_request, response) =>
      response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end(),
    )
    const env = await publicly(redirecting(`${inside.url}/admin`))
    const refused = await command.run(args, env)
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.error).toMatch(
      /^expect-cors: http:\/\/public\.invalid\/ redirects to http:\S+\/admin, a private address, .*--allow-private/,
    )
    expect(inside.received).toEqual([])
    expect(await command.run([...args, '--allow-private'], env)).toMatchObject({ code: 0 })
    expect(inside.received).toHaveLength(1)
  })

  test.each([
    'http://localhost:1234/',
    'http://169.254.169.254/latest/',
    'http://[::ffff:10.0.0.1]/',
    'http://x.localhost/',
  ])('%s', async (to) => {
    expect(await command.run(args, await publicly(redirecting(to)))).toMatchObject({ code: 2, out: '' })
  })

  test('addresses', () => {
    const isPrivate = [
      '127.0.0.1',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
    ]
    const isPrivate6 = ['::1', '::', 'fd00::1', 'fe80::1', '::ffff:192.168.0.1', '::ffff:7f00:1']
    for (const address of [...isPrivate, ...isPrivate6]) expect(isPrivateAddress(address), address).toBe(true)
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1', '::ffff:8.8.8.8', 'example.com'])
      expect(isPrivateAddress(address), address).toBe(false)
  })
})

test('a name is looked up once: what was checked is what is connected to', async () => {
  const names = new Names()
  const first = await names.addresses('localhost')
  expect(await names.addresses('localhost')).toBe(first)
  const found = await new Promise((resolve, reject) =>
    names.lookup('localhost', { all: true }, (error, addresses) =>
      error === null ? resolve(addresses) : reject(error),
    ),
  )
  expect(found).toEqual(first)
  expect(first.map(({ address }) => isPrivateAddress(address))).not.toContain(false)
})
