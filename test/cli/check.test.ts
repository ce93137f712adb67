import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import cors from 'cors'
import { profiles } from 'expect-cors'
import express from 'express'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { checkCommand } from '../../src/cli/check-command.js'
import { deadUrl, listen } from '../matchers/servers.js'
import { buildCommand, type Command, type Ended, runHere } from './command.js'

// Each child loads Node, the command and undici.
vi.setConfig({ testTimeout: 60_000 })

let command: Command
const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-check-'))
beforeAll(async () => {
  command = await buildCommand()
}, 60_000)
afterAll(() => {
  command.remove()
  rmSync(folder, { recursive: true })
})

const APP = 'https://app.example.com'
const contract = fileOf('cors.json', {
  origins: { allow: [APP], deny: ['https://evil.example'] },
  routes: {
    'GET /orders': { credentials: 'include' },
    'PUT /orders/:id': { headers: ['content-type'], params: { id: 1 } },
  },
  environments: { staging: { origins: { allow: ['https://staging.example.com'] } } },
})

function fileOf(name: string, data: object): string {
  const file = path.join(folder, name)
  writeFileSync(file, JSON.stringify(data))
  return file
}

function api(origins: readonly string[], methods: string[] = ['GET', 'PUT']): RequestListener {
  const app = express()
  app.use((request, response, next) => {
    if (request.get('x-gate') === undefined && gated.has(app)) response.sendStatus(403)
    else next()
  })
  app.use(cors({ origin: [...origins], credentials: true, methods, allowedHeaders: ['content-type'] }))
  app.all('/orders{/:id}', (_request, response) => void response.json([]))
  return app
}
const gated = new Set<RequestListener>()

const check = (...args: string[]): Promise<Ended> => runHere(['check', ...args])

/** What differs from run to run. */
const steady = (text: string): string =>
  text
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080')
    .replace(/^ *< (Date|Connection|Keep-Alive|ETag): .*\n/gm, '')

describe('exit codes', () => {
  test('0: the contract is honored', async () => {
    const { url, received } = await listen(api([APP]))
    const ended = await command.run(['check', contract, '--target', url])
    expect(ended).toMatchObject({ code: 0, error: '' })
    expect(steady(ended.out)).toMatchSnapshot()
    expect(received.map(({ line }) => line.split(' ')[0])).not.toContain('PUT')
  })

  test('1: it is broken, with a command below each cell that shows it alone', async () => {
    const { url } = await listen(api([APP], ['GET']))
    const ended = await command.run(['check', contract, '--target', url])
    expect(ended).toMatchObject({ code: 1, error: '' })
    expect(steady(ended.out)).toMatchSnapshot()
    const line = /npx expect-cors (explain .*)/.exec(ended.out)?.[1] ?? ''
    const words = line.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? []
    const alone = await command.run(words)
    expect(alone.code).toBe(1)
    expect(alone.out).toContain('method-not-allowed')
  })

  test('2: it could not be judged', async () => {
    const ended = await command.run(['check', contract, '--target', await deadUrl()])
    expect(ended).toMatchObject({ code: 2, error: '' })
    expect(ended.out).toContain('CORS contract: could not be judged')
    expect(ended.out).toContain('Not judged: network-error')
  })

  test('broken outranks not judged', async () => {
    const { url } = await listen(api([]))
    const ended = await check(contract, '--target', `dev=${url}`, '--target', `gone=${await deadUrl()}`)
    expect(ended.code).toBe(1)
    expect(ended.out).toContain('Drift: ')
  })
})

test('a target is held to the environment of its name, or to the one that is said', async () => {
  const { url } = await listen(api(['https://staging.example.com']))
  expect(await check(contract, '--target', `staging=${url}`)).toMatchObject({ code: 0 })
  expect(await check(contract, '--target', url, '--environment', 'staging')).toMatchObject({ code: 0 })
  expect(await check(contract, '--target', url)).toMatchObject({ code: 1 })
})

test('--header takes a secret from the environment, and nobody is shown it', async () => {
  const app = api([APP])
  gated.add(app)
  const { url, received } = await listen(app)
  expect(await check(contract, '--target', url)).toMatchObject({ code: 1 })
  const args = ['check', contract, '--target', url, '--header', 'x-gate=@GATE']
  const ended = await command.run([...args, '--format', 'json'], { GATE: 'op3n-s3same' })
  expect(ended).toMatchObject({ code: 0, error: '' })
  expect(received.some(({ headers }) => headers['x-gate'] === 'op3n-s3same')).toBe(true)
  expect(await check(contract, '--target', url, '--extra-header', 'x-gate: op3n-s3same')).toMatchObject({
    code: 0,
  })
  const broken = await listen(api([]))
  vi.stubEnv('GATE', 'op3n-s3same')
  onTestFinished(() => void vi.unstubAllEnvs())
  for (const format of ['text', 'markdown', 'json', 'junit', 'html']) {
    const { code, out } = await check(
      ...[contract, '--target', broken.url, '--header', 'x-gate=@GATE', '--format', format],
    )
    expect(code).toBe(1)
    expect(out).not.toContain('op3n-s3same')
    expect(out).toContain('--extra-header x-gate=@X_GATE')
  }
  vi.unstubAllEnvs()
  expect(await check(...args.slice(1))).toEqual({
    code: 2,
    out: '',
    error: 'expect-cors: --header x-gate=@GATE: the environment variable GATE is not set\n',
  })
})

test('--only checks these routes, --max-requests sends no more', async () => {
  const { url, received } = await listen(api([APP]))
  expect(await check(contract, '--target', url, '--only', 'GET /orders')).toMatchObject({ code: 0 })
  expect(received.every(({ line }) => line.startsWith('GET /orders'))).toBe(true)
  received.length = 0
  const ended = await check(contract, '--target', url, '--max-requests', '1', '--concurrency', '1')
  expect(ended.code).toBe(2)
  expect(ended.out).toContain('Not judged: not-asked')
  expect(received).toHaveLength(1)
})

test('--dry-run says what would be sent, and sends nothing', async () => {
  const { url, received } = await listen(api([APP]))
  const ended = await check(contract, '--target', `dev=${url}`, '--target', `staging=${url}`, '--dry-run')
  expect(ended).toMatchObject({ code: 0, error: '' })
  expect(steady(ended.out)).toMatchSnapshot()
  expect(received).toEqual([])
})

test('--output writes the report into a file, in the format of its ending', async () => {
  const { url } = await listen(api([APP]))
  for (const [name, start] of Object.entries({
    'r.html': '<!doctype html>',
    'r.md': '## ✅ CORS contract',
    'r.json': '{\n  "outcome": "honored"',
    'r.xml': '<?xml',
    'r.txt': 'CORS contract: honored',
  })) {
    const file = path.join(folder, name)
    const ended = await check(contract, '--target', url, '--output', file)
    expect(ended).toMatchObject({
      code: 0,
      error: '',
      out: `CORS contract: honored; the report is in "${file}"\n`,
    })
    expect(readFileSync(file, 'utf8').startsWith(start)).toBe(true)
  }
  const ended = await check(contract, '--target', url, '--output', path.join(folder, 'no', 'r.html'))
  expect(ended.code).toBe(2)
  expect(ended.error).toMatch(/^expect-cors: --output ".*" cannot be written \(ENOENT\)\n$/)
})

test('Ctrl-C leaves the report of what was judged', async () => {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    // The first route is answered, the second never.
    if (!request.url?.startsWith('/orders/1'))
      response
        .writeHead(200, {
          'access-control-allow-origin': request.headers.origin ?? '',
          'access-control-allow-credentials': 'true',
        })
        .end()
  })
  const { url } = await listen(server.listeners('request')[0] as RequestListener)
  const child = spawn(process.execPath, [command.file, 'check', contract, '--target', url])
  const out: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  await vi.waitUntil(() => asked >= 4, { timeout: 20_000 })
  await new Promise((resolve) => setTimeout(resolve, 500))
  child.kill('SIGINT')
  const code = await new Promise((resolve) => child.once('exit', resolve))
  const text = Buffer.concat(out).toString()
  expect(text).toContain('✗ GET /orders ← https://evil.example')
  expect(text).toMatch(/^\? PUT \/orders\/:id ← https:\/\/app\.example\.com\n {2}Not judged: not-asked/m)
  expect(code).toBe(1)
})

describe('what is wrong is said in one line', () => {
  const target = ['--target', 'https://api.example.com']
  test.each([
    [[], 'check takes the file of a contract'],
    [[contract], '--target is missing'],
    [[contract, 'other.json', ...target], 'check takes one file; got "other.json" as well as'],
    [
      [contract, ...target, ...target],
      'several targets need names: write --target name=… for "https://api.example.com"',
    ],
    [
      [contract, '--target', 'a=https://a.example', '--target', 'a=https://b.example'],
      'two targets are called "a"',
    ],
    [[contract, '--target', '/orders'], 'relative URL'],
    [
      [contract, ...target, '--rate', 'fast'],
      '--rate must be a number of requests per unit of time, such as 4/s or 30/min; got "fast"',
    ],
    [[contract, ...target, '--concurrency', '0'], '--concurrency must be a whole number above 0; got "0"'],
    [[contract, ...target, '--seed', 'x'], '--seed must be a whole number; got "x"'],
    [
      [contract, ...target, '--format', 'pdf'],
      '--format must be one of text, markdown, json, junit, html; got "pdf"',
    ],
    [[contract, ...target, '--onyl', 'GET /orders'], 'unknown option "--onyl"; did you mean --only?'],
    [[contract, ...target, '--only', 'GET /order'], 'did you mean "GET /orders"?'],
    [[contract, ...target, '--engines', 'opera'], '--engine must be one of'],
    [[contract, ...target, '--environment', 'prod'], "has no environment 'prod'"],
    [[contract, ...target, '--header', 'x-gate'], '--header takes'],
    [[path.join(folder, 'none.json'), ...target], 'none.json'],
    [[fileOf('wrong.json', { origins: {}, routs: {} }), ...target], 'routs'],
  ])('%#', async (args, says) => {
    const ended = await check(...args)
    expect(ended).toMatchObject({ code: 2, out: '' })
    expect(ended.error).toContain(says)
    expect(ended.error).toMatch(/^expect-cors: /)
    expect(ended.error).not.toContain('this is a bug')
  })
})

test.each([0, 1, 20])('a terminal of %i columns gets the report', async (width) => {
  const texts: string[] = []
  const outcome = await checkCommand(
    {
      file: contract,
      target: (await listen(api([APP]))).url,
      options: {},
      dryRun: false,
      format: 'text',
      output: undefined,
    },
    { out: (text) => void texts.push(text), color: false, width },
  )
  expect(outcome).toBe('honored')
  expect(texts.join('')).toContain('CORS contract: honored')
})

test('--help says what there is', async () => {
  const ended = await check('--help')
  expect(ended).toMatchObject({ code: 0, error: '' })
  expect(ended.out.replace(Object.keys(profiles).join(', '), '(every profile)')).toMatchSnapshot()
})
