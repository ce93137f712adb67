import { describe, expect, test } from 'vitest'
import { parseMimeType, serializeMimeType } from '../../src/fetch/mime-type.js'

describe('parseMimeType', () => {
  test.each<[input: string, essence: string, parameters?: Record<string, string>]>([
    ['text/plain', 'text/plain'],
    ['Text/PLAIN', 'text/plain'],
    [' \t\r\ntext/plain\n', 'text/plain'],
    ['text/plain ;a=b', 'text/plain', { a: 'b' }],
    ['text/plain\t', 'text/plain'],
    ['text/plain;', 'text/plain'],
    ['text/plain;garbage', 'text/plain'],
    ['text/plain;;;a=b;', 'text/plain', { a: 'b' }],
    ['text/plain; A=B', 'text/plain', { a: 'B' }],
    ['text/plain;a=1;A=2', 'text/plain', { a: '1' }],
    ['text/plain;a="b;c"', 'text/plain', { a: 'b;c' }],
    ['text/plain;a="b\\"c";d=e', 'text/plain', { a: 'b"c', d: 'e' }],
    ['text/plain;a="b"trailing;c=d', 'text/plain', { a: 'b', c: 'd' }],
    ['text/plain;a="open', 'text/plain', { a: 'open' }],
    ['text/plain;a=', 'text/plain'],
    ['text/plain;a=;b=c', 'text/plain', { b: 'c' }],
    ['text/plain;a=""', 'text/plain', { a: '' }],
    ['text/plain;a= b ', 'text/plain', { a: ' b' }],
    ['text/plain;a =b', 'text/plain'],
    ['text/plain;a b=c', 'text/plain'],
    ['text/plain;a=b c', 'text/plain', { a: 'b c' }],
    ['text/plain;a=\u0001', 'text/plain'],
    ['text/plain;a=é', 'text/plain', { a: 'é' }],
    ['text/plain;=b', 'text/plain'],
    ['text/plain;__proto__=x', 'text/plain', { ['__proto__']: 'x' }],
    ['application/vnd.api+json', 'application/vnd.api+json'],
    ['*/*', '*/*'],
  ])('%j', (input, essence, parameters = {}) => {
    const parsed = parseMimeType(input)
    expect(parsed?.essence).toBe(essence)
    expect([...(parsed?.parameters ?? [])]).toEqual(Object.entries(parameters))
  })

  test.each([
    '',
    'text',
    '/plain',
    'text/',
    'text/;a=b',
    'text /plain',
    'text/ plain',
    'text\t/\tplain',
    'text/plain,text/plain',
    ',text/plain',
    'text/pl ain',
    'téxt/plain',
    'text/plain\u000b',
    'text/plain\u000c',
    'text//plain',
    ';text/plain',
  ])('%j is none', (input) => {
    expect(parseMimeType(input)).toBeNull()
  })
})

test.each([
  ['TEXT/html;Charset=UTF-8', 'text/html;charset=UTF-8'],
  ['a/b;x="y z"', 'a/b;x="y z"'],
  ['a/b;x="q\\"\\\\"', 'a/b;x="q\\"\\\\"'],
  ['a/b;x=""', 'a/b;x=""'],
  ['a/b; c=d ; e=f', 'a/b;c=d;e=f'],
])('serializeMimeType of %s is %s', (input, expected) => {
  const parsed = parseMimeType(input)
  expect(parsed && serializeMimeType(parsed)).toBe(expected)
})
