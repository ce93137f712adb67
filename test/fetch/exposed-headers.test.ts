import { describe, expect, test } from 'vitest'
import {
  basicHeaderNames,
  corsExposedHeaderNames,
  isCorsSafelistedResponseHeaderName,
  isForbiddenResponseHeaderName,
} from '../../src/fetch/exposed-headers.js'
import { visibleHeaderNames, visibleHeaders } from '../../src/fetch/filtered-response.js'
import type { Header } from '../../src/fetch/header-list.js'

const SAFE = [
  'Cache-Control',
  'Content-Language',
  'Content-Length',
  'Content-Type',
  'Expires',
  'Last-Modified',
  'Pragma',
]

test('names that are always shown, and names that never are', () => {
  for (const name of SAFE) {
    expect(isCorsSafelistedResponseHeaderName(name)).toBe(true)
    expect(isCorsSafelistedResponseHeaderName(name.toUpperCase())).toBe(true)
  }
  for (const name of ['Content-Encoding', 'ETag', 'Date', 'Location', 'constructor'])
    expect(isCorsSafelistedResponseHeaderName(name)).toBe(false)
  for (const name of ['Set-Cookie', 'set-cookie2', 'SET-COOKIE'])
    expect(isForbiddenResponseHeaderName(name)).toBe(true)
  expect(isForbiddenResponseHeaderName('Cookie')).toBe(false)
})

const expose = (...values: string[]): Header[] =>
  values.map((value): Header => ['Access-Control-Expose-Headers', value])
const headers: Header[] = [
  ['X-A', '1'],
  ['ETag', '"e"'],
  ['Content-Type', 'text/plain'],
  ['x-a', '2'],
  ['Set-Cookie', 'a=b'],
  ['*', 'star'],
  ['__proto__', 'p'],
]

describe('what a CORS response shows', () => {
  test.each<[desc: string, lines: Header[], credentials: boolean, expected: string[]]>([
    ['nothing exposed', [], false, ['content-type']],
    ['an empty list', expose(''), false, ['content-type']],
    ['one name', expose('x-a'), false, ['content-type', 'x-a']],
    ['in another case', expose('X-a, ETAG'), false, ['content-type', 'etag', 'x-a']],
    ['on several lines', expose('x-a', 'etag'), false, ['content-type', 'etag', 'x-a']],
    ['empty elements', expose(',,x-a,, '), false, ['content-type', 'x-a']],
    ['a fault on one line hides all', expose('x-a', 'b@d'), false, ['content-type']],
    ['a fault after the star', expose('*', '"q"'), false, ['content-type']],
    [
      'the star',
      expose('*'),
      false,
      ['*', '__proto__', 'access-control-expose-headers', 'content-type', 'etag', 'x-a'],
    ],
    [
      'the star among others',
      expose('x-b, *'),
      false,
      ['*', '__proto__', 'access-control-expose-headers', 'content-type', 'etag', 'x-a'],
    ],
    ['the star with credentials is a name', expose('*'), true, ['*', 'content-type']],
    ['names with credentials', expose('*, x-a'), true, ['*', 'content-type', 'x-a']],
    ['never cookies', expose('set-cookie'), false, ['content-type']],
    ['a pattern is a name', expose('x-*'), false, ['content-type']],
    ['names of objects', expose('__proto__, constructor'), false, ['__proto__', 'content-type']],
  ])('%s', (_desc, lines, credentials, expected) => {
    expect(corsExposedHeaderNames([...headers, ...lines], credentials)).toEqual(expected)
  })
})

test('what each type of response shows', () => {
  const all = [...headers, ...expose('x-a')]
  const basic = ['*', '__proto__', 'access-control-expose-headers', 'content-type', 'etag', 'x-a']
  expect(basicHeaderNames(all)).toEqual(basic)
  expect(visibleHeaderNames('basic', all, true)).toEqual(basic)
  expect(visibleHeaderNames('cors', all, false)).toEqual(['content-type', 'x-a'])
  expect(visibleHeaderNames('opaque', all, false)).toEqual([])
  expect(visibleHeaderNames('opaqueredirect', all, false)).toEqual([])
  expect(visibleHeaders('cors', all, false)).toEqual([
    ['X-A', '1'],
    ['Content-Type', 'text/plain'],
    ['x-a', '2'],
  ])
  expect(visibleHeaders('opaque', all, false)).toEqual([])
})
