import { describe, expect, test } from 'vitest'
import {
  defaultPort,
  type InvalidOrigin,
  isHttpScheme,
  isSameOrigin,
  isSchemefullySameSite,
  type Origin,
  opaqueOrigin,
  originOfUrl,
  parseOrigin,
  serializeOrigin,
} from '../../src/fetch/origin.js'

describe('parseOrigin takes what a browser sends', () => {
  test.each<[input: string, scheme: string, host: string, port: number | null]>([
    ['https://app.example.com', 'https', 'app.example.com', null],
    ['http://localhost:3000', 'http', 'localhost', 3000],
    ['http://localhost:1', 'http', 'localhost', 1],
    ['http://localhost:0', 'http', 'localhost', 0],
    ['http://localhost:65535', 'http', 'localhost', 65535],
    ['http://localhost:443', 'http', 'localhost', 443],
    ['https://localhost:80', 'https', 'localhost', 80],
    ['http://127.0.0.1:8080', 'http', '127.0.0.1', 8080],
    ['http://[::1]', 'http', '[::1]', null],
    ['https://[2001:db8::1]:8443', 'https', '[2001:db8::1]', 8443],
    ['https://xn--bcher-kva.example', 'https', 'xn--bcher-kva.example', null],
    ['https://example.com.', 'https', 'example.com.', null],
    ['https://a_b.example', 'https', 'a_b.example', null],
    ['capacitor://localhost', 'capacitor', 'localhost', null],
    ['tauri://localhost', 'tauri', 'localhost', null],
    ['ionic://localhost', 'ionic', 'localhost', null],
    ['app://-', 'app', '-', null],
    [
      'moz-extension://0f5c2a5e-1111-4444-8888-0123456789ab',
      'moz-extension',
      '0f5c2a5e-1111-4444-8888-0123456789ab',
      null,
    ],
    ['chrome-extension://abcdefghijklmnop', 'chrome-extension', 'abcdefghijklmnop', null],
    ['vscode-webview://0a1b', 'vscode-webview', '0a1b', null],
    ['my.app+x-1://host:80', 'my.app+x-1', 'host', 80],
  ])('%s', (input, scheme, host, port) => {
    expect(parseOrigin(input)).toEqual({ kind: 'tuple', scheme, host, port, serialized: input })
  })

  test('null is the opaque origin', () => {
    expect(parseOrigin('null')).toBe(opaqueOrigin)
  })
})

describe('parseOrigin refuses anything else, and shows the canonical form', () => {
  test.each<[input: string, reason: InvalidOrigin['reason'], canonical?: string]>([
    ['', 'empty'],
    ['*', 'wildcard'],
    ['app.example.com', 'no-scheme', 'https://app.example.com'],
    ['localhost:3000', 'no-scheme', 'https://localhost:3000'],
    ['//app.example.com', 'no-scheme', 'https://app.example.com'],
    ['https:app.example.com', 'no-scheme'],
    ['https://user@app.example', 'user-info', 'https://app.example'],
    ['https://user:pass@app.example', 'user-info', 'https://app.example'],
    ['https://app.example/orders', 'path', 'https://app.example'],
    ['https://app.example?q', 'path', 'https://app.example'],
    ['https://app.example#f', 'path', 'https://app.example'],
    ['https://app.example\\x', 'path', 'https://app.example'],
    ['https://app.example/', 'trailing-slash', 'https://app.example'],
    ['capacitor://localhost/', 'trailing-slash', 'capacitor://localhost'],
    ['HTTPS://app.example', 'upper-case', 'https://app.example'],
    ['https://App.Example', 'upper-case', 'https://app.example'],
    ['NULL', 'upper-case', 'null'],
    ['Null', 'upper-case', 'null'],
    ['Capacitor://localhost', 'upper-case', 'capacitor://localhost'],
    ['https://app.example:443', 'default-port', 'https://app.example'],
    ['http://app.example:80', 'default-port', 'http://app.example'],
    ['http://[::1]:80', 'default-port', 'http://[::1]'],
    ['https://app.example:', 'port', 'https://app.example'],
    ['https://app.example:08443', 'port', 'https://app.example:8443'],
    ['https://app.example:65536', 'port'],
    ['https://app.example:x', 'port'],
    ['https://[::1]:x', 'port'],
    ['https://', 'host'],
    ['https://a b', 'whitespace'],
    ['https://a b/', 'whitespace'],
    [' https://app.example', 'whitespace', 'https://app.example'],
    ['https://app.example\n', 'whitespace', 'https://app.example'],
    ['\tHTTPS://App.example/ ', 'whitespace', 'https://app.example'],
    [' null ', 'whitespace', 'null'],
    ['   ', 'whitespace'],
    ['https://[0:0:0:0:0:0:0:1]', 'host', 'https://[::1]'],
    ['http://127.1', 'host', 'http://127.0.0.1'],
    ['http://2130706433', 'host', 'http://127.0.0.1'],
    ['http://0x7f.1', 'host', 'http://127.0.0.1'],
    ['https://bücher.example', 'host', 'https://xn--bcher-kva.example'],
    ['https://%61pp.example', 'host', 'https://app.example'],
    ['https://[::1', 'host'],
    ['https://a<b', 'host'],
    ['file:///index.html', 'file', 'null'],
    ['file://', 'file', 'null'],
    ['file://host', 'file', 'null'],
  ])('%j: %s', (input, reason, canonical) => {
    const expected =
      canonical === undefined ? { kind: 'invalid', reason } : { kind: 'invalid', reason, canonical }
    expect(parseOrigin(input)).toEqual(expected)
  })
})

test.each([
  ['http', 80],
  ['https', 443],
  ['ws', 80],
  ['wss', 443],
  ['ftp', 21],
  ['capacitor', null],
  ['constructor', null],
])('the default port of %s is %s', (scheme, port) => {
  expect(defaultPort(scheme)).toBe(port)
})

test.each([
  ['https', 'a.example', null, 'https://a.example'],
  ['https', 'a.example', 443, 'https://a.example'],
  ['https', 'a.example', 80, 'https://a.example:80'],
  ['capacitor', 'localhost', 443, 'capacitor://localhost:443'],
] as const)('serializeOrigin(%s, %s, %s)', (scheme, host, port, expected) => {
  expect(serializeOrigin(scheme, host, port)).toBe(expected)
})

test.each([
  ['http', true],
  ['https', true],
  ['ws', false],
  ['HTTP', false],
  ['', false],
])('isHttpScheme(%j) is %s', (scheme, expected) => {
  expect(isHttpScheme(scheme)).toBe(expected)
})

test.each([
  ['https://a.example/b', 'https://a.example'],
  ['https://u:p@a.example:8443/b?c#d', 'https://a.example:8443'],
  ['http://[::1]:3000/', 'http://[::1]:3000'],
  ['ftp://a.example/', 'ftp://a.example'],
  ['blob:https://a.example/1-2', 'https://a.example'],
  ['data:text/plain,x', 'null'],
  ['about:blank', 'null'],
  ['capacitor://localhost/', 'null'],
  ['file:///a', 'null'],
])('the origin of %s is %s', (url, serialized) => {
  expect(originOfUrl(new URL(url)).serialized).toBe(serialized)
})

test('same origin: scheme, host and port; opaque origins never are', () => {
  const parse = (text: string) => parseOrigin(text) as Origin
  expect(isSameOrigin(parse('https://a.example'), parse('https://a.example'))).toBe(true)
  expect(isSameOrigin(parse('https://a.example'), parse('http://a.example'))).toBe(false)
  expect(isSameOrigin(parse('https://a.example'), parse('https://a.example:8443'))).toBe(false)
  expect(isSameOrigin(opaqueOrigin, opaqueOrigin)).toBe(false)
})

test.each([
  ['https://a.example.com', 'https://b.example.com', true],
  ['https://a.example.com', 'https://b.example.com:8443', true],
  ['https://a.example.com', 'http://a.example.com', false],
  ['https://a.example.com', 'https://example.org', false],
  ['https://127.0.0.1', 'https://127.0.0.1:1', true],
  ['https://127.0.0.1', 'https://127.0.0.2', false],
  ['https://com', 'https://com', true],
  ['null', 'null', false],
])('%s and %s are schemefully same site: %s', (a, b, expected) => {
  const registrable = (host: string) =>
    /[a-z]\.[a-z]/.test(host) ? host.split('.').slice(-2).join('.') : null
  expect(isSchemefullySameSite(parseOrigin(a) as Origin, parseOrigin(b) as Origin, registrable)).toBe(
    expected,
  )
})
