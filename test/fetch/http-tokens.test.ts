import { describe, expect, test } from 'vitest'
import {
  byteLowercase,
  byteUppercase,
  collectHttpQuotedString,
  equalsIgnoringCase,
  isHeaderValue,
  isToken,
  normalizeHeaderValue,
} from '../../src/fetch/http-tokens.js'

test('a token is made of its 77 characters, and is not empty', () => {
  const characters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code))
  const expected = [..."!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"]
  expect(characters.filter(isToken)).toEqual(expected)
  expect(isToken('')).toBe(false)
  expect(isToken('x-a\n')).toBe(false)
  expect(isToken('x a')).toBe(false)
  expect(isToken('constructor')).toBe(true)
})

test.each([
  ['  a b\t\r\n', 'a b'],
  ['\u000ba\u00a0', '\u000ba\u00a0'],
  ['', ''],
  [' \t\r\n ', ''],
])('normalizeHeaderValue(%j) is %j', (value, expected) => {
  expect(normalizeHeaderValue(value)).toBe(expected)
})

test.each([
  ['a', true],
  ['', true],
  ['a b', true],
  ['\u0001\u007fé\u00ff', true],
  ['a\tb', true],
  [' a', false],
  ['a\t', false],
  ['a\nb', false],
  ['a\rb', false],
  ['a\0b', false],
  ['Ā', false],
])('isHeaderValue(%j) is %s', (value, expected) => {
  expect(isHeaderValue(value)).toBe(expected)
})

test('case is that of ASCII alone', () => {
  expect(byteLowercase('X-ÀİK')).toBe('x-Àİk')
  expect(byteLowercase('\u212a')).toBe('\u212a')
  expect(byteUppercase('x-àıſ')).toBe('X-àıſ')
  expect(equalsIgnoringCase('X-Token', 'x-tOKEN')).toBe(true)
  expect(equalsIgnoringCase('\u212a', 'k')).toBe(false)
  expect(equalsIgnoringCase('À', 'à')).toBe(false)
  expect(equalsIgnoringCase('@', '`')).toBe(false)
  expect(equalsIgnoringCase('[', '{')).toBe(false)
  expect(equalsIgnoringCase('ab', 'abc')).toBe(false)
})

describe('collectHttpQuotedString', () => {
  test.each<[input: string, value: string, raw: string]>([
    ['""', '', '""'],
    ['"a"b', 'a', '"a"'],
    ['"\\\\"', '\\', '"\\\\"'],
    ['"a\\"b"', 'a"b', '"a\\"b"'],
    ['"open', 'open', '"open'],
    ['"open\\', 'open\\', '"open\\'],
    ['"', '', '"'],
    ['"a,b" , c', 'a,b', '"a,b"'],
  ])('%s', (input, value, raw) => {
    expect(collectHttpQuotedString(input, 0, true)).toEqual({ value, end: raw.length })
    expect(collectHttpQuotedString(input, 0, false)).toEqual({ value: raw, end: raw.length })
  })

  test('starts anywhere', () => {
    expect(collectHttpQuotedString('x="a";y', 2, true)).toEqual({ value: 'a', end: 5 })
  })
})
