import { expect, test } from 'vitest'
import { isBadPort, isLoopbackHost, isPotentiallyTrustworthyUrl } from '../../src/fetch/mixed-content.js'

test.each([
  ['localhost', true],
  ['localhost.', true],
  ['a.localhost', true],
  ['a.b.localhost.', true],
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['[::1]', true],
  ['notlocalhost', false],
  ['localhost.example', false],
  ['.localhost.evil.example', false],
  ['128.0.0.1', false],
  ['10.0.0.1', false],
  ['0.0.0.0', false],
  ['[::2]', false],
  ['[::ffff:7f00:1]', false],
  ['127.0.0.1.example', false],
  ['app.example', false],
])('the host %s is loopback: %s', (host, expected) => {
  expect(isLoopbackHost(host)).toBe(expected)
  expect(isPotentiallyTrustworthyUrl('http', host)).toBe(expected)
  expect(isPotentiallyTrustworthyUrl('https', host)).toBe(true)
})

test.each([
  ['https', true],
  ['wss', true],
  ['data', true],
  ['about', true],
  ['blob', true],
  ['http', false],
  ['ws', false],
  ['ftp', false],
])('%s: is potentially trustworthy: %s', (scheme, expected) => {
  expect(isPotentiallyTrustworthyUrl(scheme, 'app.example')).toBe(expected)
})

test('the bad ports', () => {
  const bad = Array.from({ length: 65536 }, (_, port) => port).filter((port) => isBadPort('https', port))
  expect(bad).toHaveLength(83)
  expect(bad).toEqual(expect.arrayContaining([0, 1, 22, 25, 6000, 6666, 10080]))
  for (const port of [80, 443, 3000, 5000, 8080, 8443, 18080]) expect(bad).not.toContain(port)
  expect(isBadPort('http', 22)).toBe(true)
  expect(isBadPort('https', null)).toBe(false)
  expect(isBadPort('ftp', 22)).toBe(false)
})
