import { expect, test } from 'vitest'
import { chromiumHeaderOrder } from '../../src/diagnose/console/chromium-header-order.js'

test('names each header once', () => {
  const names = ['accept', 'x-custom', 'accept', 'traceparent', 'x-custom']
  expect(chromiumHeaderOrder(names).sort()).toEqual(['accept', 'traceparent', 'x-custom'])
})

test.each([
  // s1-acah-values-0081, s1-acah-values-0032, s1-request-headers-0080 (both in one place: the first put in comes first)
  [
    ['authorization', 'x-custom', 'accept'],
    ['x-custom', 'authorization'],
  ],
  [
    ['if-match', 'traceparent', 'x-requested-with', 'accept'],
    ['traceparent', 'x-requested-with', 'if-match'],
  ],
  [
    ['range', 'traceparent', 'accept'],
    ['range', 'traceparent'],
  ],
])('%j', (names, expected) => {
  const order = chromiumHeaderOrder(names).filter((name) => name !== 'accept')
  expect(order[0]).toBe(expected[0])
  expect([...order].sort()).toEqual([...expected].sort())
})

test('takes names of any length', () => {
  const names = Array.from({ length: 60 }, (_, index) => 'x'.repeat(index + 1))
  expect(chromiumHeaderOrder(names)).toHaveLength(60)
})
