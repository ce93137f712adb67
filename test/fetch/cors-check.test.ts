import { describe, expect, test } from 'vitest'
import { deviate } from '../../src/engines/engine.js'
import { type CorsCheckFailure, corsCheck } from '../../src/fetch/cors-check.js'
import type { Warning } from '../../src/fetch/fetch-context.js'
import type { Header } from '../../src/fetch/header-list.js'

const origin = 'https://app.example'
const allow = (...values: string[]): Header[] =>
  values.map((value): Header => ['Access-Control-Allow-Origin', value])
const credentials = (...values: string[]): Header[] =>
  values.map((value): Header => ['Access-Control-Allow-Credentials', value])

describe('without credentials', () => {
  test.each<[desc: string, headers: Header[], code: CorsCheckFailure['code'] | null, value?: string | null]>([
    ['the origin', allow(origin), null],
    ['the star', allow('*'), null],
    ['in lower case', [['access-control-allow-origin', origin]], null],
    ['no header', [], 'missing-allow-origin', null],
    ['another header', [['Allow-Origin', origin]], 'missing-allow-origin', null],
    ['an empty header', allow(''), 'invalid-allow-origin', ''],
    ['another origin', allow('https://b.example'), 'allow-origin-mismatch', 'https://b.example'],
    ['another scheme', allow('http://app.example'), 'allow-origin-mismatch', 'http://app.example'],
    ['a default port', allow(`${origin}:443`), 'allow-origin-mismatch', `${origin}:443`],
    ['a trailing slash', allow(`${origin}/`), 'allow-origin-mismatch', `${origin}/`],
    ['upper case', allow('HTTPS://app.example'), 'allow-origin-mismatch', 'HTTPS://app.example'],
    ['null', allow('null'), 'allow-origin-mismatch', 'null'],
    ['NULL', allow('NULL'), 'invalid-allow-origin', 'NULL'],
    ['no scheme', allow('app.example'), 'invalid-allow-origin', 'app.example'],
    ['a pattern', allow('https://*.example'), 'allow-origin-mismatch', 'https://*.example'],
    ['a quoted star', allow('"*"'), 'invalid-allow-origin', '"*"'],
    ['two lines', allow(origin, origin), 'multiple-allow-origin', `${origin}, ${origin}`],
    ['a line and an empty one', allow(origin, ''), 'multiple-allow-origin', `${origin}, `],
    ['two stars', allow('*', '*'), 'multiple-allow-origin', '*, *'],
    [
      'a list',
      allow(`${origin}, https://b.example`),
      'multiple-allow-origin',
      `${origin}, https://b.example`,
    ],
    [
      'blanks between',
      allow(`${origin} https://b.example`),
      'multiple-allow-origin',
      `${origin} https://b.example`,
    ],
    ['a comma after', allow('*,'), 'multiple-allow-origin', '*,'],
  ])('%s', (_desc, headers, code, value) => {
    const failure = code === null ? null : { code, header: 'Access-Control-Allow-Origin', value }
    expect(corsCheck({ origin, credentials: false }, headers)).toEqual(failure)
    expect(corsCheck({ origin, credentials: false }, [...headers, ...credentials('x')])).toEqual(failure)
  })
})

describe('with credentials', () => {
  test.each<[desc: string, headers: Header[], code: CorsCheckFailure['code'] | null, value?: string | null]>([
    ['both', [...allow(origin), ...credentials('true')], null],
    ['no second header', allow(origin), 'invalid-allow-credentials', null],
    ['TRUE', [...allow(origin), ...credentials('TRUE')], 'invalid-allow-credentials', 'TRUE'],
    ['quoted', [...allow(origin), ...credentials('"true"')], 'invalid-allow-credentials', '"true"'],
    ['empty', [...allow(origin), ...credentials('')], 'invalid-allow-credentials', ''],
    ['twice', [...allow(origin), ...credentials('true', 'true')], 'invalid-allow-credentials', 'true, true'],
    [
      'and an empty line',
      [...allow(origin), ...credentials('true', '')],
      'invalid-allow-credentials',
      'true, ',
    ],
    ['the star', [...allow('*'), ...credentials('true')], 'wildcard-allow-origin-with-credentials', '*'],
    ['the star is what is wrong first', allow('*'), 'wildcard-allow-origin-with-credentials', '*'],
    ['the origin is what is wrong first', allow('null'), 'allow-origin-mismatch', 'null'],
  ])('%s', (_desc, headers, code, value) => {
    const header =
      code === 'invalid-allow-credentials'
        ? 'Access-Control-Allow-Credentials'
        : 'Access-Control-Allow-Origin'
    expect(corsCheck({ origin, credentials: true }, headers)).toEqual(
      code === null ? null : { code, header, value },
    )
  })

  test('an engine that drops empty lines says so', () => {
    const deviations = deviate({ responses: { dropsEmptyLines: true } })
    const warnings: Warning[] = []
    const headers = [...allow(origin), ...credentials('', 'true', '')]
    expect(corsCheck({ origin, credentials: true }, headers, deviations, warnings)).toBeNull()
    expect(corsCheck({ origin, credentials: true }, headers, deviations, warnings)).toBeNull()
    expect(warnings).toMatchObject([{ code: 'empty-duplicate-line', value: ', true, ' }])
    expect(
      corsCheck(
        { origin, credentials: true },
        [...allow(origin), ...credentials('true', 'true')],
        deviations,
      ),
    ).not.toBeNull()
  })
})

test('an opaque origin is null', () => {
  const request = { origin: 'null', credentials: true }
  expect(corsCheck(request, [...allow('null'), ...credentials('true')])).toBeNull()
  expect(corsCheck(request, allow('Null'))).toMatchObject({ code: 'invalid-allow-origin' })
  expect(corsCheck({ origin: 'null', credentials: false }, allow('*'))).toBeNull()
})
