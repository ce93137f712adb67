import { describe, expect, test } from 'vitest'
import {
  containsHeader,
  decodeAndSplit,
  extractHeaderListValues,
  getDecodeAndSplit,
  getHeader,
  type Header,
  headerLines,
  parseTokenList,
} from '../../src/fetch/header-list.js'

const lines = (...values: string[]): Header[] => values.map((value): Header => ['X', value])

test('get joins the lines of a name, whatever its case, empty ones included', () => {
  const list: Header[] = [
    ['X-A', '1'],
    ['y', ''],
    ['x-a', ''],
    ['X-a', '2'],
  ]
  expect(getHeader(list, 'X-A')).toBe('1, , 2')
  expect(getHeader(list, 'Y')).toBe('')
  expect(getHeader(list, 'z')).toBeNull()
  expect(getHeader([], 'x')).toBeNull()
  expect(headerLines(list, 'x-A')).toEqual(['1', '', '2'])
  expect(headerLines(list, 'z')).toEqual([])
  expect(containsHeader(list, 'Y')).toBe(true)
  expect(containsHeader(list, 'z')).toBe(false)
})

describe('get, decode and split', () => {
  test.each<[value: string, expected: string[]]>([
    ['', ['']],
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a ,\tb\t', ['a', 'b']],
    [',', ['', '']],
    [',,', ['', '', '']],
    ['a,', ['a', '']],
    [',a', ['', 'a']],
    ['"a,b",c', ['"a,b"', 'c']],
    ['x="a,b" y, c', ['x="a,b" y', 'c']],
    ['"a\\",b",c', ['"a\\",b"', 'c']],
    ['"open, b', ['"open, b']],
    ['"a""b,c",d', ['"a""b,c"', 'd']],
    ['"\\', ['"\\']],
    ['a "b" , "c', ['a "b"', '"c']],
    ['\na\n,b', ['\na\n', 'b']],
    ['é,ü', ['é', 'ü']],
  ])('%j', (value, expected) => {
    expect(decodeAndSplit(value)).toEqual(expected)
    expect(getDecodeAndSplit(lines(value), 'x')).toEqual(expected)
  })

  test('several lines are one value: a quote that is open swallows the next line', () => {
    expect(getDecodeAndSplit(lines('a', 'b,c'), 'x')).toEqual(['a', 'b', 'c'])
    expect(getDecodeAndSplit(lines('"a', 'b"'), 'x')).toEqual(['"a, b"'])
    expect(getDecodeAndSplit(lines(), 'x')).toBeNull()
  })
})

describe('extract header list values', () => {
  test.each<[values: string[], expected: string[] | null | 'failure', invalid?: string]>([
    [[], null],
    [[''], []],
    [['a'], ['a']],
    [['a,b'], ['a', 'b']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      ['a, b', '', 'c'],
      ['a', 'b', 'c'],
    ],
    [[',, a ,,\tb\t,'], ['a', 'b']],
    [[' , '], []],
    [['*'], ['*']],
    [['A,a'], ['A', 'a']],
    [['a b'], 'failure', 'a b'],
    [['a;b'], 'failure', 'a;b'],
    [['"a"'], 'failure', '"a"'],
    [['a, b@d, (c)'], 'failure', 'b@d'],
    [['a', 'é', 'b'], 'failure', 'é'],
    [['a\u000bb'], 'failure', 'a\u000bb'],
    [['a\nb'], 'failure', 'a\nb'],
    [['\u00a0a'], 'failure', '\u00a0a'],
    [['__proto__, constructor'], ['__proto__', 'constructor']],
  ])('%j: %j', (values, expected, invalid) => {
    const extracted = extractHeaderListValues(lines(...values), 'x')
    expect(extracted).toEqual(invalid === undefined ? { values: expected } : { values: expected, invalid })
  })

  test('a single value gives what stands before the fault as well', () => {
    expect(parseTokenList('a, b, c d, e')).toEqual({ values: ['a', 'b'], invalid: 'c d' })
  })
})
