import { CorsUsageError, type Profile } from 'expect-cors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { profiles } from '../../src/engines/profiles.js'
import { corsCheck } from '../../src/fetch/cors-check.js'
import { corsExposedHeaderNames } from '../../src/fetch/exposed-headers.js'
import {
  decodeAndSplit,
  extractHeaderListValues,
  getDecodeAndSplit,
  getHeader,
  type Header,
  headerLines,
} from '../../src/fetch/header-list.js'
import {
  collectHttpQuotedString,
  isHeaderValue,
  isToken,
  normalizeHeaderValue,
} from '../../src/fetch/http-tokens.js'
import { normalizeMethod } from '../../src/fetch/methods.js'
import { parseMimeType, serializeMimeType } from '../../src/fetch/mime-type.js'
import { parseOrigin, serializeOrigin } from '../../src/fetch/origin.js'
import { parseSingleRange } from '../../src/fetch/range.js'
import { locationUrl } from '../../src/fetch/redirect.js'
import {
  combineByName,
  corsUnsafeRequestHeaderNames,
  isForbiddenRequestHeader,
} from '../../src/fetch/request-headers.js'
import { evaluateCors } from '../../src/verdict/evaluate-cors.js'
import { runs, slice } from '../slice.js'

const engines = Object.keys(profiles) as Profile[]
/** Text of the characters that parsers look at, of bytes, or of anything. */
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      ',',
      ';',
      '=',
      '/',
      ' ',
      '\t',
      '\n',
      'a',
      'B',
      '0',
      '*',
      '-',
      ':',
      '[',
      ']',
      '@',
      'é',
      '\0',
    ),
  }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) }),
)
const objectName = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'X-A',
  'x-a',
  'X-B',
)
const corsName = fc.constantFrom(
  'Access-Control-Allow-Origin',
  'access-control-allow-origin',
  'Access-Control-Allow-Credentials',
  'Access-Control-Allow-Methods',
  'Access-Control-Allow-Headers',
  'Access-Control-Expose-Headers',
  'Access-Control-Max-Age',
  'Location',
)
const corsValue = fc.constantFrom(
  '*',
  'https://app.example',
  'null',
  'true',
  'PUT',
  'x-a, *',
  '',
  '600',
  '/b',
)
const line = fc.tuple(fc.oneof(corsName, objectName, text), fc.oneof(corsValue, text))
const lines = fc.array(line, { maxLength: 8 }) as fc.Arbitrary<Header[]>

describe('never throws', () => {
  const check = (run: (value: string) => unknown) =>
    fc.assert(
      fc.property(text, (value) => {
        run(value)
      }),
      runs(3000, 10),
    )
  test('getDecodeAndSplit', () =>
    check((value) =>
      getDecodeAndSplit(
        [
          ['x', value],
          ['X', value],
        ],
        'x',
      ),
    ))
  test('extractHeaderListValues', () =>
    check((value) =>
      extractHeaderListValues(
        [
          ['x', value],
          ['x', value],
        ],
        'X',
      ),
    ))
  test('parseMimeType', () => check((value) => [parseMimeType(value), parseMimeType(`text/plain;${value}`)]))
  test('parseSingleRange', () =>
    check((value) => [
      parseSingleRange(value),
      parseSingleRange(`bytes=${value}`, { limit: 2n ** 64n, plusSigns: true }),
    ]))
  test('parseOrigin', () =>
    check((value) => [value, `https://${value}`, `https://a${value}`, `x:${value}`].map(parseOrigin)))
  test('isForbiddenRequestHeader', () => check((value) => isForbiddenRequestHeader('x-http-method', value)))
  test('locationUrl', () =>
    check((value) => {
      const base = new URL('https://a.example/#f')
      for (const how of ['single', 'equal', 'joined'] as const) locationUrl([['location', value]], base, how)
      locationUrl(
        [
          ['location', `https://${value}`],
          ['location', value],
        ],
        base,
        'joined',
      )
    }))

  test('evaluateCors, but for a CorsUsageError', { timeout: 60_000 }, () => {
    const head = fc.record({
      status: fc.oneof(fc.integer({ min: 100, max: 999 }), fc.constantFrom(200, 204, 302)),
      headers: lines,
    })
    const request = fc.record(
      {
        origin: fc.constantFrom('https://app.example', 'null', 'capacitor://localhost'),
        url: fc.oneof(
          fc.constantFrom('https://api.example/', 'https://app.example/', 'about:blank', 'data:,x', '/a'),
          text,
        ),
        method: fc.oneof(fc.constantFrom('GET', 'put', 'constructor', '__proto__'), text),
        headers: lines,
        credentials: fc.constantFrom('omit' as const, 'same-origin' as const, 'include' as const),
        mode: fc.constantFrom('cors' as const, 'no-cors' as const, 'same-origin' as const),
        redirect: fc.constantFrom('follow' as const, 'error' as const, 'manual' as const),
        initiator: fc.constantFrom('fetch' as const, 'xhr' as const, 'eventsource' as const),
        uploadListeners: fc.boolean(),
        body: fc.constantFrom(null, 'x', new Uint8Array(1)),
      },
      { requiredKeys: ['origin', 'url'] },
    )
    const outcomes = new Set<string>()
    fc.assert(
      fc.property(request, head, head, fc.constantFrom(...engines), (asked, preflight, response, engine) => {
        const verdict = evaluateCors({ request: asked, preflight, response, engine })
        outcomes.add(verdict.outcome)
        expect(JSON.parse(JSON.stringify(verdict))).toStrictEqual(structuredClone(verdict))
        if (verdict.outcome === 'blocked') expect(verdict.code).toBeTypeOf('string')
        else expect(verdict.code).toBeUndefined()
      }),
      runs(5000, 1),
    )
    expect([...outcomes].sort()).toEqual(['allowed', 'blocked', 'incomplete', 'opaque'])
  })

  test('evaluateCors of any origin: a verdict, or an error that shows the way', () => {
    fc.assert(
      fc.property(text, (origin) => {
        try {
          evaluateCors({ request: { origin, url: 'https://api.example/' } })
        } catch (error) {
          expect(error).toBeInstanceOf(CorsUsageError)
        }
      }),
      runs(2000, 10),
    )
  })
})

describe('what always holds', () => {
  test('splitting splits: no value holds a comma outside of quotes, and joining them again splits alike', () => {
    fc.assert(
      fc.property(text, (value) => {
        const values = decodeAndSplit(value)
        expect(decodeAndSplit(values.join(','))).toEqual(values)
      }),
      runs(3000, 10),
    )
  })

  test('extraction takes the lines in order, each on its own', () => {
    fc.assert(
      fc.property(fc.array(text), fc.array(text), (before, after) => {
        const of = (values: string[]) =>
          extractHeaderListValues(
            values.map((value): Header => ['X', value]),
            'x',
          ).values
        const [first, second, both] = [of(before), of(after), of([...before, ...after])]
        if (first === 'failure' || second === 'failure') expect(both).toBe('failure')
        else if (first === null) expect(both).toEqual(second)
        else expect(both).toEqual([...first, ...(second ?? [])])
        if (Array.isArray(both)) for (const value of both) expect(isToken(value)).toBe(true)
      }),
      runs(2000, 10),
    )
  })

  test('lines of other names do not matter, nor where they stand', () => {
    fc.assert(
      fc.property(lines, lines, (list, more) => {
        const others = more.map(([name, value]): Header => [`y-${name}`, value])
        const name = 'access-control-allow-origin'
        expect(getHeader([...others, ...list], name)).toBe(getHeader([...list, ...others], name))
        expect(headerLines([...others, ...list, ...others], name)).toEqual(headerLines(list, name))
        const request = { origin: 'https://app.example', credentials: true }
        expect(corsCheck(request, [...others, ...list])).toEqual(corsCheck(request, list))
      }),
    )
  })

  test('the order of lines of different names does not matter to the list of names', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { selector: ([name]) => name.toLowerCase(), maxLength: 8 }),
        (list) => {
          const reversed = [...list].reverse()
          expect(corsUnsafeRequestHeaderNames(reversed)).toEqual(corsUnsafeRequestHeaderNames(list))
          expect(corsExposedHeaderNames(reversed, false)).toEqual(corsExposedHeaderNames(list, false))
          expect(corsExposedHeaderNames(reversed, true)).toEqual(corsExposedHeaderNames(list, true))
        },
      ),
    )
  })

  test('with credentials no more can be read, nor more passes, than without', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const without = corsExposedHeaderNames(list, false)
        for (const name of corsExposedHeaderNames(list, true)) expect(without).toContain(name)
        const origin = 'https://app.example'
        if (corsCheck({ origin, credentials: true }, list) === null)
          expect(corsCheck({ origin, credentials: false }, list)).toBeNull()
      }),
    )
  })

  test('what is done twice is done once', () => {
    fc.assert(
      fc.property(text, lines, (value, list) => {
        expect(normalizeHeaderValue(normalizeHeaderValue(value))).toBe(normalizeHeaderValue(value))
        expect(normalizeMethod(normalizeMethod(value))).toBe(normalizeMethod(value))
        expect(combineByName(combineByName(list))).toEqual(combineByName(list))
        if (isHeaderValue(value)) expect(normalizeHeaderValue(value)).toBe(value)
        const parsed = parseMimeType(value) ?? parseMimeType(`text/plain;${value}`)
        const again = parsed && parseMimeType(serializeMimeType(parsed))
        if (parsed !== null) expect(again).toEqual(parsed)
      }),
      runs(3000, 10),
    )
  })

  test('an origin is what it serializes to, and the canonical form of any other is one', () => {
    const input = fc.oneof(
      text,
      fc.webUrl(),
      fc
        .tuple(fc.constantFrom('https', 'http', 'capacitor', 'HTTPS'), fc.domain(), fc.nat(70000))
        .map(([scheme, host, port]) => `${scheme}://${host}:${port}`),
      fc.ipV6().map((address) => `https://[${address}]`),
      fc.ipV4Extended().map((address) => `http://${address}`),
      text.map((host) => `https://${host}`),
    )
    fc.assert(
      fc.property(input, (value) => {
        const parsed = parseOrigin(value)
        if (parsed.kind === 'tuple') {
          expect(parsed.serialized).toBe(value)
          expect(serializeOrigin(parsed.scheme, parsed.host, parsed.port)).toBe(value)
          if (/^https?$/.test(parsed.scheme)) expect(new URL(value).origin).toBe(value)
        } else if (parsed.kind === 'invalid' && parsed.canonical !== undefined) {
          expect(parseOrigin(parsed.canonical).kind).not.toBe('invalid')
        }
      }),
      runs(5000, 10),
    )
  })

  test('http(s): parseOrigin takes exactly what URL.origin gives', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => {
        const { origin } = new URL(url)
        expect(parseOrigin(origin)).toMatchObject({ kind: 'tuple', serialized: origin })
      }),
    )
  })

  test('the end of a quoted string lies within the text', () => {
    fc.assert(
      fc.property(text, (value) => {
        const { end, value: raw } = collectHttpQuotedString(`"${value}`, 0, false)
        expect(end).toBeLessThanOrEqual(value.length + 1)
        expect(raw).toBe(`"${value}`.slice(0, end))
      }),
    )
  })
})

describe('linear time', () => {
  const fill = (unit: string) => (length: number) =>
    unit.repeat(Math.ceil(length / unit.length)).slice(0, length)
  const values: Record<string, (length: number) => string> = {
    letters: fill('a'),
    quotes: fill('"'),
    'escaped quotes': fill('\\"'),
    backslashes: fill('\\'),
    commas: fill(','),
    'blanks and commas': fill(' ,'),
    blanks: fill(' '),
    tabs: fill('\t'),
    'equal signs': fill('='),
    semicolons: fill(';'),
    parameters: fill(';a=b'),
    'open quotes': fill(';a="'),
    slashes: fill('/'),
    colons: fill(':'),
    brackets: fill(']'),
    digits: fill('1'),
    dots: fill('1.'),
    'colons to a bracket': (length) => `${':'.repeat(length - 1)}]`,
    'blanks to a letter': (length) => `a${' '.repeat(length - 2)}a`,
    bytes: fill('é'),
    'a, b': fill('a, '),
  }
  const base = new URL('https://a.example/')
  const cors: Header[] = [['Access-Control-Allow-Origin', 'https://app.example']]
  const list = (value: string): Header[] => [['X', value]]
  const judge = (value: string, engine: Profile): void => {
    const headers: Header[] = [
      ['X-A', value],
      ['Accept', value],
      ['Content-Type', `text/plain;${value}`],
      ['Range', `bytes=${value}`],
      ['X-HTTP-Method-Override', value],
    ]
    for (const name of [
      'Access-Control-Allow-Methods',
      'Access-Control-Allow-Headers',
      'Access-Control-Max-Age',
    ])
      evaluateCors({
        request: { origin: 'https://app.example', url: 'https://api.example/', method: 'PUT', headers },
        preflight: { status: 200, headers: [...cors, [name, value]] },
        engine,
      })
    for (const name of ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers', 'Location'])
      evaluateCors({
        request: { origin: 'https://app.example', url: 'https://api.example/' },
        response: { status: name === 'Location' ? 302 : 200, headers: [...cors, [name, value]] },
        engine,
      })
  }
  const parsers: Record<string, (value: string) => unknown> = {
    getDecodeAndSplit: (value) => getDecodeAndSplit(list(value), 'x'),
    extractHeaderListValues: (value) => extractHeaderListValues(list(value), 'x'),
    parseMimeType: (value) => [
      parseMimeType(value),
      parseMimeType(`text/plain;${value}`),
      parseMimeType(`${value}/${value}`),
    ],
    parseSingleRange: (value) => [parseSingleRange(value), parseSingleRange(`bytes=${value}-`)],
    parseOrigin: (value) =>
      [value, `https://${value}`, `https://a.${value}`, `https://[${value}`].map(parseOrigin),
    locationUrl: (value) => locationUrl([['Location', value]], base),
    isForbiddenRequestHeader: (value) => isForbiddenRequestHeader('x-http-method', value),
    'evaluateCors, standard': (value) => judge(value, 'standard'),
    'evaluateCors, chromium': (value) => judge(value, 'chromium'),
    'evaluateCors, firefox': (value) => judge(value, 'firefox'),
    'evaluateCors, webkitgtk': (value) => judge(value, 'webkitgtk'),
  }
  const time = (run: () => unknown): number => {
    const start = performance.now()
    run()
    return performance.now() - start
  }
  /** Four times the length takes four times as long; sixteen times would be quadratic. Times too short to tell are left alone. */
  const expectLinear = (short: () => unknown, long: () => unknown, what: string, floor: number): void => {
    let times: [number, number] = [0, 0]
    // Another process may have been in the way: what fails is measured again.
    for (let i = 0; i < 3; i++) {
      times = [time(short), time(long)]
      if (times[1] < Math.max(floor, 10 * times[0])) return
    }
    expect.fail(`${what}: ${times[0]} ms, and ${times[1]} ms for four times as much`)
  }

  test.each(Object.entries(parsers))('%s', { timeout: 60_000 }, (name, parse) => {
    // The engines read most values as the standard does.
    const few = /chromium|firefox|webkit/.test(name)
    const kinds = Object.entries(values).filter(
      ([kind]) => !few || ['bytes', 'quotes', 'a, b', 'digits'].includes(kind),
    )
    for (const [kind, make] of slice(kinds, few ? 4 : 8)) {
      const [short, long] = [make(250_000), make(1_000_000)]
      expectLinear(
        () => parse(short),
        () => parse(long),
        kind,
        // What is quadratic takes minutes for 1 MB; collecting garbage takes some of this.
        600,
      )
    }
  })

  test('many lines, many names', { timeout: 60_000 }, () => {
    const many = (count: number, name: (index: number) => string) =>
      Array.from({ length: count }, (_, index): Header => [name(index), 'x'])
    const shapes: ((index: number) => string)[] = [() => 'X-A', (index) => `X-${index}`]
    for (const shape of shapes) {
      const [short, long] = [many(5000, shape), many(20_000, shape)]
      const readers = [
        (headers: Header[]) => combineByName(headers),
        (headers: Header[]) => corsUnsafeRequestHeaderNames(headers, profiles.chromium),
        (headers: Header[]) =>
          corsExposedHeaderNames([...headers, ['Access-Control-Expose-Headers', '*']], false),
        (headers: Header[]) => extractHeaderListValues(headers, 'x-a'),
        (headers: Header[]) =>
          evaluateCors({
            request: {
              origin: 'https://app.example',
              url: 'https://api.example/',
              headers: [...headers, ['DPR', '2']],
            },
            preflight: { status: 200, headers: [...cors, ['Access-Control-Allow-Headers', '*']] },
            response: { status: 200, headers: [...cors, ...headers] },
            engine: 'chromium',
          }),
      ]
      for (const run of readers) {
        expectLinear(
          () => run(short),
          () => run(long),
          String(run),
          200,
        )
      }
    }
  })
})
