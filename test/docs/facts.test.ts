/** What the pages say of the package, compared with the package. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type EvaluateCorsInput,
  evaluateCors,
  explainCors,
  type Journey,
  profiles,
  readHeaders,
  type Verdict,
} from 'expect-cors'
import * as matchers from 'expect-cors/matchers'
import { describe, expect, test } from 'vitest'
import { corsFailureCodes } from '../../src/fetch/failure.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
  ...['express-api', 'contract', 'front-end'].flatMap((example) =>
    readdirSync(path.join(root, 'examples', example)).map((name) => `examples/${example}/${name}`),
  ),
].filter((name) => name.endsWith('.md'))

test('every matcher has its section, its line in the table of README.md and its line in CHANGELOG.md', () => {
  const names = Object.keys(matchers)
  const reference = read('docs/matchers.md')
  expect(names.filter((name) => !reference.includes(`\n## ${name}\n`))).toEqual([])
  expect(
    names.filter((name) => !read('README.md').includes(`(docs/matchers.md#${name.toLowerCase()})`)),
  ).toEqual([])
  expect(names.filter((name) => !read('CHANGELOG.md').includes(`\`${name}\``))).toEqual([])
})

test('docs/fidelity.md says of every profile whose behaviour it is', () => {
  const [, section = ''] = read('docs/fidelity.md').split('\n## Engines\n')
  const [table = ''] = section.split('\n## ')
  expect([...table.matchAll(/^\| `(\w+)` /gm)].map(([, profile]) => profile)).toEqual(Object.keys(profiles))
})

test('the files that CONTRIBUTING.md names exist', () => {
  const named = [...read('CONTRIBUTING.md').matchAll(/`((?:src|test|docs|scripts)\/[^`…]+)`/g)]
  const paths = named.map(([, name]) => (name as string).replace(/^node /, ''))
  expect(paths.length).toBeGreaterThan(40)
  expect(paths.filter((name) => !existsSync(path.join(root, name)))).toEqual([])
})

test.each(pages)('the links of %s lead somewhere', (page) => {
  const text = read(page).replace(/^```[\s\S]*?^```$/gm, '')
  const broken = [...text.matchAll(/\]\(([^)]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !target.startsWith('https://'))
    .filter((target) => {
      const [file = '', anchor] = target.split('#')
      const found = file === '' ? page : path.join(path.dirname(page), file)
      if (!existsSync(path.join(root, found))) return true
      return anchor !== undefined && !anchorsOf(read(found)).includes(anchor)
    })
  expect(broken).toEqual([])
})

/** As GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** The tables of failure codes: code to the other cells. */
const rows = new Map(
  [
    ...(read('docs/evaluator.md').split('\n## Failure codes\n')[1] ?? '').matchAll(
      /^\| `([a-z\d-]+)` +\| (.*) \|$/gm,
    ),
  ].map(
    ([, code, rest]) => [code as string, (rest as string).split('|').map((cell) => cell.trim())] as const,
  ),
)

test('every failure code is in the tables, and no other', () => {
  expect([...rows.keys()].sort()).toEqual([...corsFailureCodes].sort())
})

test("Chromium's names are those that the recordings are compared with", () => {
  const compared =
    /const chromiumCodes[^{]*\{([\s\S]*?)\n\}/.exec(read('test/recordings/replay.test.ts'))?.[1] ?? ''
  const names = [...compared.matchAll(/'([a-z-]+)': '(\w+)'/g)]
  expect(names.length).toBeGreaterThan(12)
  for (const [, code, name] of names)
    expect(rows.get(code as string)?.join(' '), code).toContain(`\`${name}\``)
})

test('README.md counts the recordings right', () => {
  const text = read('test/recordings/replay.test.ts')
  const known = /const known[^=]*= (\{[\s\S]*?\n\})/.exec(text)?.[1] ?? ''
  const different = [...known.matchAll(/'s\d+-[\w-]+':/g)].length
  expect(text).toContain('toHaveLength(1497)')
  expect(read('README.md')).toContain(`(${different} of 4,491)`)
})

test('docs/failure.svg shows the message of README.md: node scripts/draw-failure.mjs', () => {
  const drawn = read('docs/failure.svg')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
  const message = /<!-- sample: test file fails -->[\s\S]*?```text\n([\s\S]*?)\n```/.exec(
    read('README.md'),
  )?.[1]
  const withoutBlanks = (text = ''): string => text.replace(/\s/g, '')
  expect(withoutBlanks(message).length).toBeGreaterThan(500)
  expect(withoutBlanks(drawn)).toContain(withoutBlanks(message))
})

const origin = 'https://app.example.com'
const url = 'https://api.example.com/'
const put = { origin, url, method: 'PUT' }
const withCookies = { origin, url, credentials: 'include' } as const
const answer = (allowOrigin: string, more: Record<string, string> = {}, status = 200) => ({
  status,
  headers: { 'Access-Control-Allow-Origin': allowOrigin, ...more },
})

/** For each code whose words the tables give: something that is blocked for it. */
const blocked: Readonly<Record<string, EvaluateCorsInput>> = {
  'missing-allow-origin': { request: { origin, url }, response: { status: 200, headers: {} } },
  'multiple-allow-origin': {
    request: { origin, url },
    response: {
      status: 200,
      headers: [
        ['Access-Control-Allow-Origin', origin],
        ['Access-Control-Allow-Origin', '*'],
      ],
    },
  },
  'invalid-allow-origin': { request: { origin, url }, response: answer('app') },
  'allow-origin-mismatch': { request: { origin, url }, response: answer('https://other.example') },
  'wildcard-allow-origin-with-credentials': { request: withCookies, response: answer('*') },
  'invalid-allow-credentials': { request: withCookies, response: answer(origin) },
  'preflight-status': { request: put, preflight: answer(origin, {}, 404) },
  'preflight-redirect': { request: put, preflight: answer(origin, { Location: '/' }, 301) },
  'invalid-allow-methods': {
    request: put,
    preflight: answer(origin, { 'Access-Control-Allow-Methods': '(' }),
  },
  'invalid-allow-headers': {
    request: { origin, url, headers: ['x-a'] },
    preflight: answer(origin, { 'Access-Control-Allow-Headers': '(' }),
  },
  'method-not-allowed': { request: put, preflight: answer(origin) },
  'header-not-allowed': { request: { origin, url, headers: ['x-a'] }, preflight: answer(origin) },
  'redirect-with-credentials': {
    request: { origin, url },
    response: answer('*', { Location: 'https://user:pass@other.example/' }, 302),
  },
  'redirect-to-unsupported-scheme': {
    request: { origin, url },
    response: answer('*', { Location: 'ftp://other.example/' }, 302),
  },
  'redirect-invalid-location': {
    request: { origin, url },
    response: answer('*', { Location: 'https://[' }, 302),
  },
  'redirect-mode-error': {
    request: { origin, url, redirect: 'error' },
    response: answer('*', { Location: '/' }, 302),
  },
  'same-origin-mode': { request: { origin, url, mode: 'same-origin' } },
  'no-cors-redirect-mode': { request: { origin, url, mode: 'no-cors', redirect: 'manual' } },
  'unsupported-scheme': { request: { origin, url: 'ftp://api.example.com/' } },
  'mixed-content': { request: { origin, url: 'http://api.example.com/' } },
  'bad-port': { request: { origin, url: 'https://api.example.com:25/' } },
  'invalid-url': { request: { origin, url: 'https://[' } },
  'url-with-credentials': { request: { origin, url: 'https://user:pass@api.example.com/' } },
  'invalid-method': { request: { origin, url, method: 'A B' } },
  'forbidden-method': { request: { origin, url, method: 'TRACE' } },
  'method-in-no-cors-mode': { request: { ...put, mode: 'no-cors' } },
  'invalid-request-header': { request: { origin, url, headers: [['a b', '1']] } },
  'body-with-get-or-head': { request: { origin, url, body: 'a' } },
  'event-stream-status': {
    request: { origin, url, initiator: 'eventsource' },
    response: answer('*', { 'Content-Type': 'text/event-stream' }, 204),
  },
  'event-stream-content-type': {
    request: { origin, url, initiator: 'eventsource' },
    response: answer('*', { 'Content-Type': 'text/plain' }),
  },
}

/** The answer says on how many lines a header came. */
function withAnswer(
  verdict: Verdict,
  { request, preflight, response }: EvaluateCorsInput,
): Verdict | Journey {
  const given = response ?? preflight
  if (given === undefined || request.initiator === 'eventsource') return verdict
  const kind = response === undefined ? 'preflight' : 'request'
  const head = { status: given.status, headers: readHeaders(given.headers) }
  return { verdict, exchanges: [{ kind, request: { method: 'GET', url, headers: [] }, response: head }] }
}

describe.each(Object.entries(blocked))('%s', (code, input) => {
  const cells = rows.get(code) ?? []
  test.each([
    ['chromium', cells[1] as string],
    ['firefox', cells[2] as string],
  ] as const)('what the table says of %s is what its console says', (engine, cell) => {
    const verdict = evaluateCors({ ...input, engine })
    expect(verdict.code).toBe(code)
    const { consoleMessage } = explainCors(withAnswer(verdict, input))
    const words = cell
      .replace(/^`\w+`: /, '')
      .replace(/^\[([^\]]*)\].*$/, '$1')
      .split('…')
      .filter((part) => part !== '')
    if (words.length === 0) expect(consoleMessage).toBeNull()
    let at = 0
    for (const part of words) {
      expect(consoleMessage?.slice(at)).toContain(part)
      at = (consoleMessage?.indexOf(part, at) ?? 0) + part.length
    }
  })

  const link = /\]\(([^)]+)\)/.exec(cells[2] ?? '')?.[1]
  if (link === undefined) return
  test('the link is that of explainCors()', () => {
    expect(explainCors(evaluateCors({ ...input, engine: 'firefox' })).docs).toContain(link)
  })
})
