/**
 * The web-platform-tests for CORS, said once more as tables: what a page asks, what its server answers, and what a browser must make of it.
 * Each table links to the file it restates; no code is taken from there. Every row runs against the standard and the three engines.
 */
import type { Profile } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import type { CorsRequest } from '../../src/verdict/cors-request.js'
import { type Answer, type Server, travel } from '../fetch/travel.js'

export { open, redirects } from '../fetch/travel.js'
export type { Answer, Server }

// The hosts of the web-platform-tests' server.
export const PAGE = 'http://web-platform.test:8000'
export const REMOTE = 'http://www1.web-platform.test:8000'
export const REMOTE2 = 'http://www2.web-platform.test:8000'
export const OTHER_PORT = 'http://web-platform.test:8001'
export const REMOTE_OTHER_PORT = 'http://www1.web-platform.test:8001'
export const HTTPS_PAGE = 'https://web-platform.test:8443'
export const HTTPS_REMOTE = 'https://www1.web-platform.test:8443'
export const REDIRECTS = [301, 302, 303, 307, 308]

/** What is looked at; what a row does not say does not matter. */
export interface Expected {
  readonly outcome?: 'allowed' | 'blocked' | 'opaque'
  readonly code?: string
  readonly type?: string
  readonly status?: number
  readonly url?: string
  /** The methods of all requests, in order. */
  readonly methods?: string
  /** The `Origin` of all requests, in order. */
  readonly origins?: readonly (string | undefined)[]
  /** The `Referer` of all requests, in order. */
  readonly referrers?: readonly (string | null)[]
  /** The last request's headers. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Names that a script can read, and (with `!`) cannot. */
  readonly readable?: readonly string[]
}

export interface Row {
  readonly desc: string
  readonly wanted: Partial<CorsRequest>
  readonly server: Server
  readonly expected: Expected
  /** Engines that are known to differ, as recorded or by their own expectations of the web-platform-tests, and why. */
  readonly but?: Partial<Record<Profile, Expected>>
}

export const allowed: Expected = { outcome: 'allowed' }
export const blocked: Expected = { outcome: 'blocked' }

const ENGINES: readonly Profile[] = ['standard', 'chromium', 'firefox', 'webkit']

/** A table of one file of the web-platform-tests. */
export function wpt(path: string, rows: readonly Row[]): void {
  describe(`https://github.com/web-platform-tests/wpt/blob/master/${path}`, () => {
    const cases = rows.flatMap((row) => ENGINES.map((engine) => [row.desc, engine, row] as const))
    test.each(cases)('%s, %s', (_desc, engine, { wanted, server, expected, but }) => {
      const run = travel(engine, { origin: PAGE, url: `${REMOTE}/a`, ...wanted }, server)
      const want = but?.[engine] ?? expected
      const last = run.log.at(-1)
      const got = {
        outcome: run.outcome,
        code: run.code,
        type: run.type,
        status: run.status,
        url: run.url,
        methods: run.log.map(({ method }) => method).join(' '),
        origins: run.log.map(({ headers }) => headers.origin),
        referrers: run.log.map(({ referrer }) => referrer),
        headers: Object.fromEntries(
          Object.keys(want.headers ?? {}).map((name) => [name, last?.headers[name]]),
        ),
        readable: (want.readable ?? []).map((name) => {
          const plain = name.replace('!', '')
          return run.exposed.includes(plain) ? plain : `!${plain}`
        }),
      }
      expect(got, run.code).toMatchObject(want)
    })
  })
}

export interface Grant {
  readonly origin?: string | readonly string[] | null
  readonly credentials?: string
  readonly methods?: string
  readonly headers?: string
  readonly maxAge?: string
  readonly status?: number
  readonly more?: Answer['headers']
}

/** A server that says the same to everyone: `origin` null for no header at all, `{origin}` for the one that asks. */
export function grants({
  origin = '{origin}',
  credentials,
  methods,
  headers,
  maxAge,
  status,
  more,
}: Grant = {}): Server {
  return (request) => ({
    status: request.preflight ? (status ?? 200) : 200,
    headers: {
      ...(origin === null
        ? {}
        : {
            'Access-Control-Allow-Origin': origin === '{origin}' ? (request.headers.origin ?? '*') : origin,
          }),
      ...(credentials === undefined ? {} : { 'Access-Control-Allow-Credentials': credentials }),
      ...(request.preflight && methods !== undefined ? { 'Access-Control-Allow-Methods': methods } : {}),
      ...(request.preflight && headers !== undefined ? { 'Access-Control-Allow-Headers': headers } : {}),
      ...(request.preflight && maxAge !== undefined ? { 'Access-Control-Max-Age': maxAge } : {}),
      ...more,
    },
  })
}

/** Different servers for different URLs; `preflight` and `request` tell them apart where both are there. */
export function at(routes: Readonly<Record<string, Server>>): Server {
  return (request) => {
    const found = routes[request.url] ?? routes[request.origin] ?? routes[request.path]
    return found === undefined ? { status: 404 } : found(request)
  }
}

/** An answer that redirects, but not preflights. */
export function redirectsTo(location: string, status: number, server: Server = grants()): Server {
  return (request) => {
    const answer = server(request)
    return request.preflight ? answer : { status, headers: { ...answer.headers, Location: location } }
  }
}
