/** The first line of a failure says the reason, with method, path and origin; what stands out is in the runner's colors. */
import { stripVTControlCharacters } from 'node:util'
import { evaluateCors } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { colors } from '../../src/diagnose/colors.js'
import { failureMessage } from '../../src/diagnose/failure-message.js'
import { withRequest } from '../../src/diagnose/first-line.js'

const APP = 'https://app.example.com'
const about = { methods: ['PUT'], url: 'https://api.example.com/orders?page=2', origin: APP }

test.each([
  ['The preflight fails.', `PUT /orders?page=2 from ${APP}: the preflight fails.`],
  ['Chromium sends none.', `PUT /orders?page=2 from ${APP}: Chromium sends none.`],
  [`A page at ${APP} may.`, `PUT /orders?page=2: a page at ${APP} may.`],
  [
    'The response to PUT https://api.example.com/orders?page=2 fails.',
    `PUT /orders?page=2 from ${APP}: the response to PUT https://api.example.com/orders?page=2 fails.`,
  ],
  [
    `The response to PUT https://api.example.com/orders?page=2 fails for ${APP}.`,
    `The response to PUT https://api.example.com/orders?page=2 fails for ${APP}.`,
  ],
])('%s', (reason, said) => {
  expect(withRequest(reason, about)).toBe(said)
})

test('of a response without a URL it is not known what was asked', () => {
  expect(withRequest('It fails.', { ...about, url: 'https://observed.invalid/' })).toBe('It fails.')
  expect(withRequest('It fails.', undefined)).toBe('It fails.')
})

test('secrets in a query are not shown', () => {
  const url = 'https://api.example.com/a?token=s3cret'
  expect(withRequest('It fails.', { ...about, url })).toBe(`PUT /a?token=[redacted] from ${APP}: it fails.`)
})

describe('a message', () => {
  const verdict = evaluateCors({
    request: { origin: APP, url: 'https://api.example.com/orders' },
    response: { status: 200, headers: {} },
  })
  const exchange = {
    kind: 'request',
    request: { method: 'GET', url: 'https://api.example.com/orders', headers: [['Origin', APP]] },
    response: {
      status: 200,
      headers: [
        ['Server', 'nginx'],
        ['Date', 'today'],
        ['ETag', '"1"'],
        ['Connection', 'keep-alive'],
        ['Keep-Alive', 'timeout=5'],
        ['Vary', 'Accept-Encoding'],
      ],
    },
  } as const
  const journeys = [{ engine: 'standard', journey: { verdict, exchanges: [exchange] } }] as const

  test('begins with the reason; the assertion comes below it', () => {
    const [first, second, third] = failureMessage({ hint: 'expect(…)', journeys }).split('\n')
    expect(first).toMatch(/GET https:\/\/api\.example\.com\/orders .* has no Access-Control-Allow-Origin/)
    expect([second, third]).toEqual(['', 'expect(…)'])
  })

  test('folds the headers that decide nothing', () => {
    const lines = failureMessage({ journeys }).split('\n')
    expect(lines.filter((line) => line.startsWith('<'))).toEqual([
      '< 200',
      '< Server: nginx',
      '< Vary: Accept-Encoding',
      '< … and Date, ETag, Connection, Keep-Alive, which decide nothing',
    ])
  })

  test('shows the lines at fault and what to send instead in the colors it is given, and in none else', () => {
    const { bad, good } = colors
    const lines = failureMessage({ journeys, paint: colors }).split('\n')
    expect(lines).toContain(bad('✗ missing: Access-Control-Allow-Origin'))
    expect(lines).toContain(good('Send instead:'))
    expect(lines).toContain(good(`  Access-Control-Allow-Origin: ${APP}`))
    expect(failureMessage({ journeys })).toBe(stripVTControlCharacters(lines.join('\n')))
    expect(lines.filter((line) => stripVTControlCharacters(line) !== line).length).toBeLessThan(6)
  })

  test('names a page that can be opened', () => {
    const pageOf = (canOpen: (page: string) => boolean): string | undefined =>
      failureMessage({ journeys, canOpen }).split('\n').at(-1)
    expect(pageOf(() => true)).toBe('Read on: node_modules/expect-cors/docs/errors/missing-allow-origin.md')
    expect(pageOf((page) => page.startsWith('https:'))).toMatch(
      /^Read on: https:\/\/developer\.mozilla\.org\//,
    )
  })
})
