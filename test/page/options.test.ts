/** What `openPage` refuses, and in which words. */
import { isCorsUsageError, openPage } from 'expect-cors'
import { expect, test } from 'vitest'

const app = 'https://app.example.com'

test.each([
  {
    what: 'a path alone',
    location: '/orders',
    options: {},
    message:
      /absolute URL or its origin, such as 'https:\/\/app\.example\.com\/orders'; got the string "\/orders"/,
  },
  {
    what: 'a context that is none',
    location: { url: app, context: 'frame' },
    options: {},
    message: /context must be 'window', 'worker' or 'sandboxed-iframe'; got the string "frame"/,
  },
  {
    what: 'an engine that is none',
    location: app,
    options: { engine: 'netscape' },
    message: /unknown engine "netscape": use one of standard, chromium, firefox, webkit/,
  },
  { what: 'an option that is none', location: app, options: { engines: ['chromium'] }, message: /engine/ },
  {
    what: 'a jar that is none',
    location: app,
    options: { cookies: {} },
    message: /cookies must be a jar of tough-cookie/,
  },
  ...[-1, 0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '4000', 1n].map((timeout) => ({
    what: `a timeout of ${String(timeout)}`,
    location: app,
    options: { timeout },
    message: /timeout must be a positive number of milliseconds/,
  })),
  {
    what: 'a signal that is none',
    location: app,
    options: { signal: {} },
    message: /signal must be an AbortSignal/,
  },
  {
    what: 'a clock that is none',
    location: app,
    options: { now: 0 },
    message: /now must be a function; got the number 0/,
  },
  {
    what: 'a listener that is none',
    location: app,
    options: { onBlocked: true },
    message: /onBlocked must be a function; got the boolean true/,
  },
  {
    what: 'a network that is none',
    location: app,
    options: { network: 'yes' },
    message: /network must be true or false; got the string "yes"/,
  },
  {
    what: 'servers that are no map',
    location: app,
    options: { servers: [] },
    message: /servers must map origins to what serves them/,
  },
  {
    what: 'a server for a path',
    location: app,
    options: { servers: { 'https://api.example.com/v1': () => new Response() } },
    message: /write 'https:\/\/api\.example\.com'/,
  },
  {
    what: 'a server for a pattern',
    location: app,
    options: { servers: { 'https://*.example.com': () => new Response() } },
    message: /'https:\/\/\*\.example\.com' is a pattern/,
  },
  {
    what: 'a server for a name',
    location: app,
    options: { servers: { api: () => new Response() } },
    message: /'api' is not an http\(s\) origin/,
  },
  {
    what: 'a server that is none',
    location: app,
    options: { servers: { 'https://api.example.com': 7 } },
    message: /must be served by an app in this process, a URL or MSW handlers; got the number 7/,
  },
  {
    what: 'a stand-in without an address',
    location: app,
    options: { servers: { 'https://api.example.com': 'localhost:3000' } },
    message: /absolute http\(s\) URL; got 'localhost:3000'/,
  },
  {
    what: 'a dispatcher that is none',
    location: app,
    options: { dispatcher: {} },
    message: /dispatcher must be a dispatcher of undici/,
  },
  {
    what: 'options that are none',
    location: app,
    options: 'chromium',
    message: /takes an object of options; got the string "chromium"/,
  },
  {
    what: 'an HTTP version that is none',
    location: app,
    options: { httpVersion: '3' },
    message: /httpVersion must be '1\.1' or '2'/,
  },
] as const)('$what', ({ location, options, message }) => {
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
