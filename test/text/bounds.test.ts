/** A message has a bound, whatever a server sends or a test asks, and what decides is in it. */
import 'expect-cors/vitest'
import { CorsUsageError, evaluateCors, explainCors, observed, openPage, renderExplanation } from 'expect-cors'
import { expect, test } from 'vitest'
import { run } from '../../src/cli/run-command.js'
import { bounded, errorMessage } from '../../src/text/message.js'
import { slice } from '../slice.js'

// biome-ignore lint/suspicious/noExplicitAny: arguments of any kind are tried
const cors = (subject: unknown): any => expect(subject)

const APP = 'https://app.example.com'
const LONG = 'x'.repeat(1_000_000)
const many = (count: number, name = 'X-H'): [string, string][] =>
  Array.from({ length: count }, (_, index) => [`${name}-${index}`, `value ${index}`])
const names = Array.from({ length: 10_000 }, (_, index) => `x-name-${index}`)
const answering = (headers: [string, string][], status = 200) => ({
  fetch: async () => new Response(null, { status, headers }),
})

/** The message of what fails or throws. */
async function message(act: () => unknown): Promise<string> {
  try {
    const result = await act()
    if (typeof result === 'string') return result
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it passes')
}

/** Redirects for ever, each response with a hundred lines. */
const redirecting = {
  fetch: async (request: Request) =>
    new Response(null, {
      status: 302,
      headers: [...many(100), ['Access-Control-Allow-Origin', '*'], ['Location', `${request.url}x`]],
    }),
}

const cases: [what: string, act: () => unknown, decides?: string | RegExp][] = [
  [
    '2,000 header lines',
    () =>
      cors({
        status: 200,
        headers: [...many(1000), ['Access-Control-Allow-Origin', 'https://other.example'], ...many(1000)],
      }).toAllowOrigin(APP),
    '✗ Access-Control-Allow-Origin: https://other.example',
  ],
  [
    '2,000 header lines, none at fault',
    () => cors({ status: 200, headers: many(2000) }).toAllowOrigin(APP),
    '✗ missing: Access-Control-Allow-Origin',
  ],
  [
    '2,000 lines of one header',
    () =>
      cors({
        status: 200,
        headers: Array.from({ length: 2000 }, (_, index) => [
          'Access-Control-Allow-Origin',
          `https://h${index}.example`,
        ]),
      }).toAllowOrigin(APP),
    '✗ Access-Control-Allow-Origin: https://h0.example',
  ],
  [
    'a misspelt name among 2,000',
    () =>
      cors({ status: 200, headers: [...many(2000), ['Access-Control-Allow-Orgin', APP]] }).toAllowOrigin(APP),
    '✗ Access-Control-Allow-Orgin',
  ],
  [
    '2,000 lines, in toVaryOnOrigin',
    () => cors({ status: 200, headers: [...many(2000), ['Vary', 'Accept']] }).toVaryOnOrigin(),
    '✗ Vary: Accept',
  ],
  [
    '2,000 lines, in toExposeHeader',
    () =>
      cors({ status: 200, headers: [...many(2000), ['Access-Control-Allow-Origin', '*']] }).toExposeHeader(
        'x-h-5',
      ),
    'Access-Control-Expose-Headers',
  ],
  [
    '2,000 lines of an app',
    () => cors(answering(many(2000))).toAllowOrigin(APP),
    '✗ missing: Access-Control-Allow-Origin',
  ],
  [
    'a value of 1 MB',
    () => cors({ status: 200, headers: { 'Access-Control-Allow-Origin': LONG } }).toAllowOrigin(APP),
    '1,000,000 characters',
  ],
  [
    'a value of 1 MB with line breaks',
    () =>
      cors({ status: 200, headers: { 'Access-Control-Allow-Origin': 'x\n'.repeat(500_000) } }).toAllowOrigin(
        APP,
      ),
    '✗',
  ],
  ['a long chain of redirects', () => cors(redirecting).toAllowOrigin(APP), 'one too many'],
  [
    'a list of 1 MB',
    () =>
      cors(
        answering([
          ['Access-Control-Allow-Origin', APP],
          ['Access-Control-Allow-Headers', names.join(',')],
        ]),
      ).toAllowPreflight({ origin: APP, method: 'PUT', headers: ['x-a'] }),
    'x-a',
  ],
  ['a name of 1 MB', () => cors({ status: 200, headers: [[LONG, 'a']] }).toAllowOrigin(APP), '✗'],
  [
    'a Location of 1 MB',
    () =>
      cors(
        answering(
          [
            ['Access-Control-Allow-Origin', 'x'],
            ['Location', `https://b.example/${LONG}`],
          ],
          302,
        ),
      ).toAllowOrigin(APP),
    'too long',
  ],
  [
    '10,000 request headers',
    () =>
      cors(observed({ status: 200, headers: {} }, { origin: APP })).toAllowRequestHeader(names, {
        origin: APP,
      }),
  ],
  [
    '10,000 names to expose',
    () => cors({ status: 200, headers: { 'Access-Control-Allow-Origin': '*' } }).toExposeHeader(names),
    'x-name-0',
  ],
  [
    '10,000 headers in a preflight',
    () =>
      cors(answering([['Access-Control-Allow-Origin', APP]])).toAllowPreflight({
        origin: APP,
        method: 'PUT',
        headers: names,
      }),
    'Access-Control-Allow-Methods',
  ],
  ['a long method', () => cors(answering([])).toAllowPreflight({ origin: APP, method: LONG })],
  [
    'a long method that is none',
    () => cors(answering([])).toAllowMethod(`${LONG} `, { origin: APP }),
    'method',
  ],
  ['a long origin', () => cors(answering([])).toAllowOrigin(`https://${LONG}`)],
  [
    'an origin that is none',
    () => cors(answering([])).toAllowOrigin(`https://a.example/${LONG}`),
    'is not an origin',
  ],
  ['a long URL', () => cors(`ftp://${LONG}`).toAllowOrigin(APP), 'ftp://'],
  ['a long path', () => cors(answering([])).toAllowOrigin(APP, { path: `/${LONG}` }), 'missing'],
  ['a long option', () => cors(answering([])).toAllowOrigin(APP, { [LONG]: 1 }), 'unknown option'],
  [
    'a long value of an option',
    () => cors(answering([])).toAllowOrigin(APP, { credentials: LONG }),
    'credentials',
  ],
  ['long headers that are none', () => cors(answering([])).toAllowOrigin(APP, { headers: LONG }), 'headers'],
  ['a long entry that is none', () => cors(answering([])).toAllowOrigin(APP, { headers: [names] }), 'pair'],
  [
    'an error of a handler',
    () =>
      cors({
        fetch: async () => {
          throw new Error(`${LONG}\n`.repeat(3))
        },
      }).toAllowOrigin(APP),
    'the fetch handler threw',
  ],
  [
    'an error of many lines',
    () =>
      cors({
        fetch: async () => {
          throw new Error('line\n'.repeat(3000))
        },
      }).toAllowOrigin(APP),
    'the fetch handler threw',
  ],
  ['a URL of a page', () => openPage(APP, { servers: {} }).fetch(`http://[${LONG}`), 'Failed to'],
  [
    'a method of a page',
    () => openPage(APP, { servers: {} }).fetch('/', { method: `${LONG} ` }),
    'Failed to',
  ],
  [
    'a usage error',
    () => {
      throw new CorsUsageError(`${LONG}\n`.repeat(200))
    },
  ],
  [
    'an explanation',
    () =>
      explainCors(
        evaluateCors({
          request: { origin: APP, url: 'https://api.example.com/', method: 'PUT', headers: names },
          preflight: {
            status: 200,
            headers: { 'Access-Control-Allow-Origin': APP, 'Access-Control-Allow-Methods': 'PUT' },
          },
        }),
      ).explanation,
    'more',
  ],
  [
    'an explanation as text',
    () =>
      renderExplanation(
        explainCors(
          evaluateCors({
            request: { origin: APP, url: `https://api.example.com/${LONG}`, method: 'PUT', headers: names },
            preflight: {
              status: 200,
              headers: { 'Access-Control-Allow-Origin': APP, 'Access-Control-Allow-Methods': 'PUT' },
            },
          }),
        ),
      ),
    'blocked',
  ],
  [
    'the command',
    async () => {
      let text = ''
      const write = (part: string) => {
        text += part
      }
      await run(['explain', `ftp://${LONG}`, '--origin', APP], {
        out: write,
        error: write,
        color: false,
        input: async () => null,
      })
      return text
    },
    'ftp://',
  ],
] // prettier-ignore

test.each(slice(cases, 4))('%s', async (_, act, decides = '') => {
  const started = performance.now()
  const text = await message(act)
  expect(text.split('\n').length).toBeLessThanOrEqual(110)
  expect(text.length).toBeLessThanOrEqual(20_500)
  expect(text).toMatch(
    decides instanceof RegExp ? decides : new RegExp(decides.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
  )
  for (const line of text.split('\n'))
    expect(line.length).toBeLessThanOrEqual(/^[><✗→] /.test(line) ? 250 : 1100)
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('what is left out is said', async () => {
  const text = await message(() => cors({ status: 200, headers: many(2000) }).toAllowOrigin(APP))
  expect(text).toContain(', … 1,988 more, which decide nothing')
})

test('of many lines the first, the last and those that decide are left', () => {
  const lines = Array.from({ length: 1000 }, (_, index) =>
    index % 300 === 299 ? `✗ ${index}` : `line ${index}`,
  )
  const text = bounded(lines.join('\n'))
  expect(text).toContain('line 0\n')
  expect(text).toContain('✗ 299\n')
  expect(text).toContain('✗ 899\n')
  expect(text).toMatch(/line 999$/)
  expect(text).toMatch(/… 249 lines left out …/)
})

test('a short message stays as it is', () => {
  expect(errorMessage('one\n\n  two é 日本')).toBe('one\n\n  two é 日本')
})
