import { expect, test } from 'vitest'
import {
  HeadersInitError,
  type HeadersLike,
  readHeaders,
  unsafeValueFor,
} from '../../src/fetch/headers-init.js'
import { isCorsSafelistedRequestHeader, isForbiddenRequestHeader } from '../../src/fetch/request-headers.js'

test.each<[desc: string, init: HeadersLike | undefined | null, expected: [string, string][]]>([
  ['nothing', undefined, []],
  ['null', null, []],
  [
    'a record',
    { 'X-A': '1', b: '' },
    [
      ['X-A', '1'],
      ['b', ''],
    ],
  ],
  [
    'a record with lists, as Node gives them',
    { 'x-a': ['1', '2'], n: 7, t: true },
    [
      ['x-a', '1'],
      ['x-a', '2'],
      ['n', '7'],
      ['t', 'true'],
    ],
  ],
  [
    'pairs',
    [
      ['X-A', '1'],
      ['x-a', '2'],
    ],
    [
      ['X-A', '1'],
      ['x-a', '2'],
    ],
  ],
  ['a Map', new Map([['X-A', '1']]), [['X-A', '1']]],
  ['a name that promises have', JSON.parse('{"then":"1"}'), [['then', '1']]],
  [
    'Headers',
    new Headers([
      ['X-A', '1'],
      ['x-a', '2'],
    ]),
    [['x-a', '1, 2']],
  ],
  [
    'names alone',
    ['X-A', 'Content-Type'],
    [
      ['X-A', 'expect-cors'],
      ['Content-Type', 'application/json'],
    ],
  ],
  [
    'names of objects',
    JSON.parse('{"__proto__":"1","constructor":"2"}'),
    [
      ['__proto__', '1'],
      ['constructor', '2'],
    ],
  ],
])('%s', (_desc, init, expected) => {
  expect(readHeaders(init)).toEqual(expected)
})

test.each<[desc: string, init: unknown, message: RegExp]>([
  ['a string', 'X-A', /got the string "X-A"\. Write \["X-A"\]/],
  ['three in a row', [['a', 'b', 'c']], /pair; got \["a", "b", "c"\]/],
  ['a number', [7], /pair; got 7/],
  ['a bigint', [7n], /pair; got 7/],
  ['a name that is none', [[7, 'x']], /pair; got \[7, "x"\]/],
  ['null', [null], /pair; got null/],
  ['undefined as a value', { 'x-a': undefined }, /the value of x-a is undefined: leave the header out/],
  ['null as a value', { 'x-a': null }, /the value of x-a is null/],
  ['an object as a value', { 'x-a': { b: 1 } }, /the value of x-a is an object with b/],
  ['a function as a value', { 'x-a': () => 's3cret' }, /the value of x-a is the function x-a/],
  ['a symbol as a value', { 'x-a': Symbol('b') }, /the value of x-a is the symbol/],
  ['undefined in a list of values', { 'x-a': ['1', undefined] }, /the value of x-a is undefined/],
  ['undefined in a pair', [['x-a', undefined]], /the value of x-a is undefined/],
  ['null in a Map', new Map([['x-a', null]]), /the value of x-a is null/],
  ['a number for all', 7, /a Headers object; got the number 7/],
  ['a function for all', () => ({}), /a Headers object; got a function/],
  ['a promise', Promise.resolve({ 'x-a': '1' }), /got a promise: await it first/],
])('%s throws and says what it got', (_desc, init, message) => {
  expect(() => readHeaders(init as HeadersLike)).toThrow(HeadersInitError)
  expect(() => readHeaders(init as HeadersLike)).toThrow(message)
})

test('a name alone stands for a value that no engine lets go unasked', () => {
  for (const name of [
    'Accept',
    'Accept-Language',
    'Content-Language',
    'content-type',
    'Range',
    'Authorization',
    'X-A',
    'DPR',
    'X-HTTP-Method-Override',
  ]) {
    expect(isCorsSafelistedRequestHeader(name, unsafeValueFor(name)), name).toBe(false)
    expect(isForbiddenRequestHeader(name, unsafeValueFor(name)), name).toBe(false)
  }
})
