import { describe, expect, test } from 'vitest'
import { deviate } from '../../src/engines/engine.js'
import type { Header } from '../../src/fetch/header-list.js'
import {
  combineByName,
  corsUnsafeRequestHeaderNames,
  corsUnsafeRequestHeaders,
  isCorsNonWildcardRequestHeaderName,
  isCorsSafelistedRequestHeader,
  isCorsUnsafeRequestHeaderByte,
  isForbiddenRequestHeader,
  isNoCorsSafelistedRequestHeader,
  isRequestBodyHeaderName,
  type UnsafeHeaderReason,
  unsafeRequestHeaderReason,
} from '../../src/fetch/request-headers.js'

const bytes = Array.from({ length: 256 }, (_, code) => code)
const hex = (code: number) => `0x${code.toString(16).padStart(2, '0')}`
const a = (length: number) => 'a'.repeat(length)

test('the CORS-unsafe request-header bytes', () => {
  const controls = bytes.filter((code) => code < 0x20 && code !== 0x09)
  const others = [...'"():<>?@[\\]{}\u007f'].map((character) => character.charCodeAt(0))
  expect(bytes.filter(isCorsUnsafeRequestHeaderByte).map(hex)).toEqual([...controls, ...others].map(hex))
})

test('Accept takes every byte that is not unsafe', () => {
  const taken = bytes.filter((code) =>
    isCorsSafelistedRequestHeader('Accept', `a${String.fromCharCode(code)}b`),
  )
  expect(taken.map(hex)).toEqual(bytes.filter((code) => !isCorsUnsafeRequestHeaderByte(code)).map(hex))
})

test.each(['Accept-Language', 'content-language'])('%s takes letters, digits and " *,-.;="', (name) => {
  const taken = bytes.filter((code) => isCorsSafelistedRequestHeader(name, String.fromCharCode(code)))
  expect(String.fromCharCode(...taken)).toBe(
    ' *,-.0123456789;=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  )
})

test('a Content-Type parameter takes every byte that is not unsafe', () => {
  const taken = bytes.filter((code) =>
    isCorsSafelistedRequestHeader('content-type', `text/plain;a${String.fromCharCode(code)}b`),
  )
  expect(taken.map(hex)).toEqual(bytes.filter((code) => !isCorsUnsafeRequestHeaderByte(code)).map(hex))
})

describe('whether a header is CORS-safelisted, and why not', () => {
  test.each<[name: string, value: string, reason: UnsafeHeaderReason | null]>([
    ['accept', '', null],
    ['ACCEPT', 'application/json', null],
    ['accept', a(127), null],
    ['accept', a(128), null],
    ['accept', a(129), 'value-length'],
    ['accept', 'é'.repeat(128), null],
    ['accept', 'text/html; a="b"', 'unsafe-byte'],
    ['accept-language', a(128), null],
    ['accept-language', a(129), 'value-length'],
    ['accept-language', 'en_US', 'unsafe-byte'],
    ['content-language', a(128), null],
    ['content-language', a(129), 'value-length'],
    ['content-language', 'en\tfr', 'unsafe-byte'],
    ['content-language', '\n', 'unsafe-byte'],
    ['content-type', 'text/plain', null],
    ['content-type', 'TEXT/Plain; charset=UTF-8', null],
    ['content-type', 'multipart/form-data; boundary=x', null],
    ['content-type', 'application/x-www-form-urlencoded', null],
    ['content-type', `text/plain;${a(116)}`, null],
    ['content-type', `text/plain;${a(117)}`, null],
    ['content-type', `text/plain;${a(118)}`, 'value-length'],
    ['content-type', 'text/plain;"', 'unsafe-byte'],
    ['content-type', 'text/ plain', 'content-type'],
    ['content-type', 'text /plain', 'content-type'],
    ['content-type', 'text/plain, text/plain', 'content-type'],
    ['content-type', 'text/html', 'content-type'],
    ['content-type', 'application/json', 'content-type'],
    ['content-type', '', 'content-type'],
    ['content-type', 'text', 'content-type'],
    ['range', 'bytes=0-', null],
    ['range', 'bytes=0-1', null],
    ['range', 'bytes=-1', 'range'],
    ['range', 'bytes=2-1', 'range'],
    ['range', 'bytes=0-1,3-4', 'range'],
    ['range', 'BYTES=0-1', 'range'],
    ['range', `bytes=0-${'9'.repeat(120)}`, null],
    ['range', `bytes=0-${'9'.repeat(121)}`, 'value-length'],
    ['x-a', '', 'name'],
    ['authorization', 'x', 'name'],
    ['dpr', '2', 'name'],
    ['save-data', 'on', 'name'],
    ['last-event-id', '1', 'name'],
    ['*', '1', 'name'],
    ['constructor', '1', 'name'],
    ['__proto__', '1', 'name'],
  ])('%s: %s: %s', (name, value, reason) => {
    expect(unsafeRequestHeaderReason(name, value)).toBe(reason)
    expect(isCorsSafelistedRequestHeader(name, value)).toBe(reason === null)
  })
})

describe('the CORS-unsafe request-header names', () => {
  const fill = (total: number): Header[] => {
    const headers: Header[] = []
    for (let left = total; left > 0; left -= 128) headers.push(['Accept', a(Math.min(left, 128))])
    return headers
  }

  test.each<[desc: string, headers: Header[], expected: string[]]>([
    ['none', [], []],
    [
      'safelisted ones',
      [
        ['Accept', 'a'],
        ['Content-Type', 'text/plain'],
      ],
      [],
    ],
    [
      'lower case, sorted, each once',
      [
        ['X-B', '1'],
        ['x-a', '1'],
        ['X-b', '2'],
        ['Authorization', 'x'],
      ],
      ['authorization', 'x-a', 'x-b'],
    ],
    [
      'sorted by byte',
      [
        ['x_a', ''],
        ['x-a', ''],
        ['xA', ''],
        ['x', ''],
      ],
      ['x', 'x-a', 'x_a', 'xa'],
    ],
    [
      'each line judged on its own',
      [
        ['Content-Type', 'application/json'],
        ['Content-Type', 'text/plain'],
      ],
      ['content-type'],
    ],
    ['1,023 safelisted bytes', fill(1023), []],
    ['1,024 safelisted bytes', fill(1024), []],
    ['1,025 safelisted bytes', fill(1025), ['accept']],
    ['unsafe ones do not count', [...fill(1024), ['X-A', a(100)]], ['x-a']],
    [
      'all safelisted ones are named',
      [...fill(1024), ['Accept-Language', 'a'], ['X-A', '']],
      ['accept', 'accept-language', 'x-a'],
    ],
    [
      'names of objects',
      [
        ['__proto__', '1'],
        ['constructor', '1'],
        ['toString', '1'],
      ],
      ['__proto__', 'constructor', 'tostring'],
    ],
  ])('%s', (_desc, headers, expected) => {
    expect(corsUnsafeRequestHeaderNames(headers)).toEqual(expected)
  })

  test('each comes with its reason, its spelling and its value', () => {
    expect(corsUnsafeRequestHeaders([...fill(1024), ['X-A', '1'], ['Accept', 'a']])).toEqual([
      { name: 'x-a', spelling: 'X-A', value: '1', reason: 'name' },
      ...Array.from({ length: 8 }, () => ({
        name: 'accept',
        spelling: 'Accept',
        value: a(128),
        reason: 'total-length',
      })),
      { name: 'accept', spelling: 'Accept', value: 'a', reason: 'total-length' },
    ])
  })
})

test('combineByName joins the lines of a name under its first spelling', () => {
  expect(
    combineByName([
      ['X-A', '1'],
      ['b', ''],
      ['x-a', '2'],
      ['B', 'x'],
      ['X-A', ''],
    ]),
  ).toEqual([
    ['X-A', '1, 2, '],
    ['b', ', x'],
  ])
  expect(combineByName([])).toEqual([])
  expect(
    combineByName([
      ['__proto__', '1'],
      ['__PROTO__', '2'],
    ]),
  ).toEqual([['__proto__', '1, 2']])
})

describe('forbidden request-headers', () => {
  test.each([
    'Accept-Charset',
    'Accept-Encoding',
    'Access-Control-Request-Headers',
    'Access-Control-Request-Method',
    'Connection',
    'Content-Length',
    'Cookie',
    'Cookie2',
    'Date',
    'DNT',
    'Expect',
    'Host',
    'Keep-Alive',
    'Origin',
    'Referer',
    'Set-Cookie',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Via',
    'Proxy-',
    'Proxy-Authorization',
    'proxy-x',
    'Sec-',
    'sec-fetch-mode',
    'SEC-X',
  ])('%s', (name) => {
    expect(isForbiddenRequestHeader(name, 'x')).toBe(true)
    expect(isForbiddenRequestHeader(name.toLowerCase(), '')).toBe(true)
    expect(isForbiddenRequestHeader(name.toUpperCase(), 'x')).toBe(true)
  })

  test.each([
    'User-Agent',
    'Set-Cookie2',
    'Proxy',
    'Sec',
    'X-Sec-A',
    'Authorization',
    'Access-Control-Request-Private-Network',
    'Accept',
    'constructor',
    '__proto__',
    'Origins',
  ])('%s is not', (name) => {
    expect(isForbiddenRequestHeader(name, 'x')).toBe(false)
  })

  test.each(['X-HTTP-Method', 'X-HTTP-Method-Override', 'x-method-override'])(
    '%s is by its value',
    (name) => {
      for (const value of ['TRACE', 'trace', 'PUT, Connect', ' track ', 'GET,\tTRACK\t,x', '"a,b",TRACE'])
        expect(isForbiddenRequestHeader(name, value), value).toBe(true)
      for (const value of ['', 'PUT', 'TRACES', 'TRACE;x', '"TRACE"', '"a,TRACE"', '"a,TRACE,b', 'TRACE PUT'])
        expect(isForbiddenRequestHeader(name, value), value).toBe(false)
      expect(isForbiddenRequestHeader('X-Method', 'TRACE')).toBe(false)
    },
  )

  test('User-Agent is one where an engine says so', () => {
    const deviations = deviate({ requestHeaders: { forbidsUserAgent: true } })
    expect(isForbiddenRequestHeader('user-agent', 'x', deviations)).toBe(true)
  })
})

test('no-CORS-safelisted request-headers: four names, with safelisted values', () => {
  expect(isNoCorsSafelistedRequestHeader('Accept', 'a')).toBe(true)
  expect(isNoCorsSafelistedRequestHeader('Accept-Language', 'en')).toBe(true)
  expect(isNoCorsSafelistedRequestHeader('Content-Language', 'en')).toBe(true)
  expect(isNoCorsSafelistedRequestHeader('Content-Type', 'text/plain')).toBe(true)
  expect(isNoCorsSafelistedRequestHeader('Content-Type', 'application/json')).toBe(false)
  expect(isNoCorsSafelistedRequestHeader('Accept', a(129))).toBe(false)
  expect(isNoCorsSafelistedRequestHeader('Range', 'bytes=0-')).toBe(false)
  expect(isNoCorsSafelistedRequestHeader('X-A', '1')).toBe(false)
})

test('names with a rule of their own', () => {
  expect(isCorsNonWildcardRequestHeaderName('AUTHORIZATION')).toBe(true)
  expect(isCorsNonWildcardRequestHeaderName('Proxy-Authorization')).toBe(false)
  for (const name of ['Content-Encoding', 'content-language', 'CONTENT-LOCATION', 'Content-Type'])
    expect(isRequestBodyHeaderName(name)).toBe(true)
  for (const name of ['Content-Length', 'Content', 'Accept'])
    expect(isRequestBodyHeaderName(name)).toBe(false)
})
