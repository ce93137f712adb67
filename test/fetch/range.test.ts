import { expect, test } from 'vitest'
import { parseSingleRange } from '../../src/fetch/range.js'

test.each<[value: string, start: bigint | null, end: bigint | null]>([
  ['bytes=0-', 0n, null],
  ['bytes=0-0', 0n, 0n],
  ['bytes=0-100', 0n, 100n],
  ['bytes=00-01', 0n, 1n],
  ['bytes=-100', null, 100n],
  ['bytes=9223372036854775807-9223372036854775808', 9223372036854775807n, 9223372036854775808n],
])('%s', (value, start, end) => {
  expect(parseSingleRange(value)).toEqual({ start, end })
})

test.each([
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=5-1',
  'bytes=0-1,2-3',
  'bytes= 0-1',
  'bytes =0-1',
  'bytes=0 -1',
  'bytes=0- 1',
  'bytes=0-1 ',
  'BYTES=0-1',
  'items=0-1',
  'bytes 0-1',
  'bytes=a-b',
  'bytes=0-1x',
  'bytes=+0-1',
  'bytes=٠-١',
  'bytes=0-1\n',
])('%j is none', (value) => {
  expect(parseSingleRange(value)).toBeNull()
})

test('engines read the unit in any case, and refuse ends beyond 64 bits', () => {
  expect(parseSingleRange('ByTeS=0-1', { ignoreCase: true })).toEqual({ start: 0n, end: 1n })
  expect(parseSingleRange('bytes=0-9223372036854775807', { limit: 2n ** 63n - 1n })).not.toBeNull()
  expect(parseSingleRange('bytes=0-9223372036854775808', { limit: 2n ** 63n - 1n })).toBeNull()
  expect(parseSingleRange('bytes=9223372036854775808-', { limit: 2n ** 63n - 1n })).toBeNull()
})
