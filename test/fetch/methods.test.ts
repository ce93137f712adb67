import { expect, test } from 'vitest'
import { isCorsSafelistedMethod, isForbiddenMethod, normalizeMethod } from '../../src/fetch/methods.js'

test.each([
  ['GET', true],
  ['HEAD', true],
  ['POST', true],
  ['get', false],
  ['Post', false],
  ['PUT', false],
  ['OPTIONS', false],
  ['QUERY', false],
  ['*', false],
  ['', false],
])('isCorsSafelistedMethod(%j) is %s', (method, expected) => {
  expect(isCorsSafelistedMethod(method)).toBe(expected)
})

test.each([
  ['CONNECT', true],
  ['TRACE', true],
  ['TRACK', true],
  ['connect', true],
  ['tRaCe', true],
  ['TRAC', false],
  ['TRACKS', false],
  ['GET', false],
  ['trac\u212a', false],
])('isForbiddenMethod(%j) is %s', (method, expected) => {
  expect(isForbiddenMethod(method)).toBe(expected)
})

test.each([
  ['delete', 'DELETE'],
  ['DeLeTe', 'DELETE'],
  ['get', 'GET'],
  ['head', 'HEAD'],
  ['options', 'OPTIONS'],
  ['post', 'POST'],
  ['put', 'PUT'],
  ['GET', 'GET'],
  ['POST', 'POST'],
  ['PUT', 'PUT'],
  ['patch', 'patch'],
  ['Patch', 'Patch'],
  ['PATCH', 'PATCH'],
  ['query', 'query'],
  ['connect', 'connect'],
  ['gets', 'gets'],
])('normalizeMethod(%j) is %j', (method, expected) => {
  expect(normalizeMethod(method)).toBe(expected)
})
