/** What `openPage` refuses, and in which words. */
import { isCorsUsageError, openPage } from 'expect-cors'
import { expect, test } from 'vitest'

const app = 'https://app.example.com'

test.each([
  [
    'a path alone',
    '/orders',
    {},
    /absolute URL or its origin, such as 'https:\/\/app\.example\.com\/orders'; got the string "\/orders"/,
  ],
  [
    'a context that is none',
    { url: app, context: 'frame' },
    {},
    /context must be 'window', 'worker' or 'sandboxed-iframe'; got the string "frame"/,
  ],
  [
    'an engine that is none',
    app,
    { engine: 'safari' },
    /use one of standard, chromium, firefox, webkit, webkitgtk/,
  ],
  ['an option that is none', app, { engines: ['chromium'] }, /engine/],
  ['a jar that is none', app, { cookies: {} }, /cookies must be a jar of tough-cookie/],
  ...[-1, 0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '4000', 1n].map(
    (timeout): [string, string, object, RegExp] => [
      `a timeout of ${String(timeout)}`,
      app,
      { timeout },
      /timeout must be a positive number of milliseconds/,
    ],
  ),
  ['a signal that is none', app, { signal: {} }, /signal must be an AbortSignal/],
  ['a clock that is none', app, { now: 0 }, /now must be a function; got the number 0/],
  ['a listener that is none', app, { onBlocked: true }, /onBlocked must be a function; got the boolean true/],
  ['a network that is none', app, { network: 'yes' }, /network must be true or false; got the string "yes"/],
  ['servers that are no map', app, { servers: [] }, /servers must map origins to what serves them/],
  [
    'a server for a path',
    app,
    { servers: { 'https://api.example.com/v1': () => new Response() } },
    /write 'https:\/\/api\.example\.com'/,
  ],
  [
    'a server for a name',
    app,
    { servers: { api: () => new Response() } },
    /'api' is not an http\(s\) origin/,
  ],
  [
    'a server that is none',
    app,
    { servers: { 'https://api.example.com': 7 } },
    /must be served by an app in this process, a URL or MSW handlers; got the number 7/,
  ],
  [
    'a stand-in without an address',
    app,
    { servers: { 'https://api.example.com': 'localhost:3000' } },
    /absolute http\(s\) URL; got 'localhost:3000'/,
  ],
  ['a dispatcher that is none', app, { dispatcher: {} }, /dispatcher must be a dispatcher of undici/],
  ['options that are none', app, 'chromium', /takes an object of options; got the string "chromium"/],
  ['an HTTP version that is none', app, { httpVersion: '3' }, /httpVersion must be '1\.1' or '2'/],
] as const)('%s', (_name, location, options, message) => {
  let error: unknown
  try {
    openPage(location as never, options as never)
  } catch (reason) {
    error = reason
  }
  expect(isCorsUsageError(error)).toBe(true)
  expect((error as Error).message).toMatch(message)
})

test('what the page says of itself', () => {
  expect(openPage('https://user:secret@app.example.com/a#b', { engine: 'webkit' })).toMatchObject({
    origin: app,
    engine: 'webkit',
    url: expect.not.stringContaining('secret') as string,
  })
})

test('a target to install on that is none', () => {
  expect(() => openPage(app).install('window' as never)).toThrow(
    /page\.install\(\) takes a window or globalThis, which is the default; got the string "window"/,
  )
})
