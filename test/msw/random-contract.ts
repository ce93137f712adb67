/** Contracts of every kind, with an API's mock that has their routes, and what a page may do with them. */

import type { ContractRoute, CorsContract, RouteName } from 'expect-cors'
import fc from 'fast-check'
import { HttpResponse, http } from 'msw'

export const API = 'https://api.example.com'

/** What may stand in a list, with the origins that it covers, of {@link ORIGINS}. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  'https://app.example.com': ['https://app.example.com'],
  'https://admin.example.com': ['https://admin.example.com'],
  'https://*.preview.example.org': ['https://a.preview.example.org', 'https://a.b.preview.example.org'],
  'https://shop-*.example.net': ['https://shop-1.example.net'],
  'http://localhost:*': ['http://localhost', 'http://localhost:5173'],
  'capacitor://localhost': ['capacitor://localhost'],
  null: ['null'],
}

export const ORIGINS = [
  ...Object.values(ENTRIES).flat(),
  'https://preview.example.org',
  'https://evil-preview.example.org',
  'https://shop-.example.net',
  'https://shop-1.example.net:8443',
  'http://app.example.com',
  'https://app.example.com.evil.example',
  'https://stranger.example',
]

const PATHS = ['/orders', '/orders/:id', '/orders/new', '/files/:name.json', '/files/:name', '/é/:id/x']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
/** A value that needs a preflight, and one that a page may send without. */
const HEADERS = {
  authorization: 'Bearer t',
  'content-type': 'application/json',
  'x-client': '1',
  accept: 'text/html',
}
const EXPOSED = ['x-total-count', 'etag', 'content-type']

const entries = fc.subarray(Object.keys(ENTRIES), { maxLength: 3 })
const allow = fc.oneof({ weight: 4, arbitrary: entries }, { weight: 1, arbitrary: fc.constant('*' as const) })
const headers = fc.subarray(Object.keys(HEADERS) as (keyof typeof HEADERS)[])
const given = (names: readonly (keyof typeof HEADERS)[]) =>
  names.map((name): [string, string] => [name, HEADERS[name]])

const route = fc.record(
  {
    origins: allow.map((list) => ({ allow: list })),
    credentials: fc.constantFrom('omit', 'same-origin', 'include'),
    headers: fc.oneof(headers, headers.map(given)),
    exposes: fc.subarray(EXPOSED),
    maxAge: fc.constantFrom(0, 5, 600, 100_000),
    send: fc.constant(true),
  },
  { requiredKeys: [] },
)

export const contracts: fc.Arbitrary<CorsContract> = fc
  .record({
    allow: entries,
    defaults: fc.record(
      { credentials: fc.constantFrom('omit', 'include'), maxAge: fc.constant(60) },
      { requiredKeys: [] },
    ),
    routes: fc.uniqueArray(fc.tuple(fc.constantFrom(...METHODS), fc.constantFrom(...PATHS), route), {
      minLength: 1,
      maxLength: 6,
      selector: ([method, path]) => `${method} ${path}`,
    }),
  })
  .map(({ allow: general, defaults, routes }) => ({
    origins: { allow: general },
    defaults,
    routes: Object.fromEntries(
      routes.map(([method, path, { send, ...said }], index) => {
        const mayAsk = said.credentials ?? defaults.credentials ?? 'omit'
        const { allow: own } = said.origins ?? {}
        const each: ContractRoute = {
          ...said,
          // A browser takes no * with credentials.
          ...(own === '*' && mayAsk === 'include' ? { credentials: 'omit' } : {}),
          // Without a preflight it can be judged only by sending it.
          ...(method === 'POST' || (send === true && !['GET', 'HEAD', 'OPTIONS'].includes(method))
            ? { send: true }
            : {}),
          ...(path.includes(':') ? { params: { [/:(\w+)/.exec(path)?.[1] as string]: 'a' } } : {}),
          ...(index % 2 === 0 ? { statuses: { 200: {}, 500: { path: `/boom/${index}` } } } : {}),
        }
        return [`${method} ${path}` as RouteName, each]
      }),
    ),
  }))

/** A mock of an API with every route, which knows nothing of CORS. */
export function mockOf({ routes }: CorsContract) {
  const respond = (status: number) => () =>
    new HttpResponse(null, { status, headers: Object.fromEntries(EXPOSED.map((name) => [name, '1'])) })
  return (
    Object.entries(routes)
      // A name before any.
      .sort(([a], [b]) => a.split(':').length - b.split(':').length || b.length - a.length)
      .flatMap(([name, { statuses = {} }]) => {
        const [method = '', path = ''] = name.split(' ')
        const verb = http[method.toLowerCase() as 'get']
        const boom = Object.values(statuses).flatMap((how) => how.path ?? [])
        return [
          verb(`${API}${encodeURI(path)}`, respond(200)),
          ...boom.map((other) => verb(`${API}${other}`, respond(500))),
        ]
      })
  )
}

/** A request of a page. */
export interface Asked {
  readonly origin: string
  readonly method: string
  readonly path: string
  readonly headers: readonly (keyof typeof HEADERS)[]
  readonly credentials: 'omit' | 'include'
}

/** Where the paths of the routes are asked for, and some where no route is. */
const ASKED: Readonly<Record<string, string>> = {
  '/orders': '/orders',
  '/orders/new': '/orders/new',
  '/orders/7': '/orders/:id',
  '/files/a.json': '/files/:name.json',
  '/files/a': '/files/:name',
  '/%C3%A9/1/x': '/é/:id/x',
  '/orders/': '',
  '/orders/7/x': '',
}

const anything: fc.Arbitrary<Asked> = fc.record({
  origin: fc.constantFrom(...ORIGINS),
  method: fc.constantFrom(...METHODS),
  path: fc.constantFrom(...Object.keys(ASKED)),
  headers: fc.subarray(Object.keys(HEADERS) as (keyof typeof HEADERS)[], { maxLength: 1 }),
  credentials: fc.constantFrom('omit', 'include'),
})

/** A contract with requests: every other one for a route of the contract, as an origin that may call it where there is one. */
export const asking: fc.Arbitrary<[CorsContract, Asked[]]> = contracts.chain((contract) => {
  const near = fc
    .tuple(anything, fc.constantFrom(...Object.keys(contract.routes)), fc.nat())
    .map(([any, name, which]): Asked => {
      const [method = '', path = ''] = name.split(' ')
      const list = contract.routes[name as RouteName]?.origins?.allow ?? contract.origins.allow
      const origins = list === '*' ? ORIGINS : (list ?? []).flatMap((entry) => ENTRIES[String(entry)] ?? [])
      const at = Object.keys(ASKED).find((each) => ASKED[each] === path) as string
      return { ...any, method, path: at, origin: origins[which % (origins.length || 1)] ?? any.origin }
    })
  return fc.tuple(fc.constant(contract), fc.array(fc.oneof(anything, near), { minLength: 10, maxLength: 20 }))
})

export const headersOf = ({ headers: names }: Asked) => given(names)

/** Whether a contract allows what is asked; undefined where it has no such route. Found by the tables above. */
export function isAllowed(contract: CorsContract, asked: Asked): boolean {
  const names = [
    ASKED[asked.path],
    asked.path === '/orders/new' ? '/orders/:id' : undefined,
    asked.path === '/files/a.json' ? '/files/:name' : undefined,
  ]
  const name = names
    .map((path) => `${asked.method} ${path}`)
    .find((each) => Object.hasOwn(contract.routes, each))
  if (name === undefined) return false
  const said = contract.routes[name as RouteName] as ContractRoute
  const list = said.origins?.allow ?? contract.origins.allow ?? []
  const credentials = said.credentials ?? contract.defaults?.credentials ?? 'omit'
  const known = ((said.headers ?? []) as readonly (string | readonly [string, string])[]).flatMap((entry) =>
    // A page may send it anyway, with another value than the route's.
    typeof entry === 'string' ? entry : entry[0] === 'accept' ? [] : entry[0],
  )
  return (
    (list === '*' ||
      list.some((entry) => (ENTRIES[String(entry)] as readonly string[]).includes(asked.origin))) &&
    (asked.credentials === 'omit' || credentials === 'include') &&
    asked.headers.every((header) => header === 'accept' || known.includes(header))
  )
}
