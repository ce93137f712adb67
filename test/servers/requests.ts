/** What has to go on working: requests that are sent to a server before and after a remedy. */
import { request as send } from 'node:http'
import { travelAll } from '../../src/page/ask.js'
import { resolveEndpoint } from '../../src/subject/endpoint.js'
import type { Journey } from '../../src/verdict/verdict.js'
import { CREDENTIALS, EVIL, ORIGIN, OTHER } from './tried-server.js'

/** What a page sends. */
export interface Want {
  readonly origin: string
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly credentials?: 'include'
}

const TIMEOUT = 20_000

export async function journeyOf(url: string, want: Want): Promise<Journey> {
  const { path, ...request } = want
  const endpoint = resolveEndpoint(url, { path, timeout: TIMEOUT }, want.origin)
  const { runs } = await travelAll(
    endpoint,
    { ...request, url: endpoint.url.href },
    ['chromium'],
    AbortSignal.timeout(TIMEOUT),
  )
  if (runs[0] === undefined) throw new Error('nothing was asked')
  return runs[0].journey
}

const JSON_BODY = { 'Content-Type': 'application/json', Authorization: CREDENTIALS }
const SIGNED = { Authorization: CREDENTIALS }

/** Each with the origins below, and their credentials: a server that authenticates refuses the others. */
const REQUESTS: Readonly<Record<string, Omit<Want, 'origin'>>> = {
  GET: { method: 'GET', path: '/orders' },
  'GET with a cookie': { method: 'GET', path: '/orders', credentials: 'include' },
  'PUT with credentials': {
    method: 'PUT',
    path: '/orders',
    headers: JSON_BODY,
    body: '{}',
    credentials: 'include',
  },
  PUT: { method: 'PUT', path: '/orders', headers: SIGNED, body: 'x' },
  'DELETE with credentials': { method: 'DELETE', path: '/orders', headers: SIGNED, credentials: 'include' },
  'a header of its own': { method: 'GET', path: '/orders', headers: { ...SIGNED, 'X-Trace': '1' } },
  'a 404': { method: 'GET', path: '/missing', headers: SIGNED },
  'a 500': { method: 'GET', path: '/fail', headers: SIGNED, credentials: 'include' },
}

/** What became of a request, as far as it must not get worse. */
export interface Seen {
  readonly origin: string
  readonly outcome: string
  readonly status: number | undefined
  readonly exposed: readonly string[]
  readonly maxAge: string | undefined
}

export async function workingOf(url: string): Promise<Map<string, Seen>> {
  const seen = new Map<string, Seen>()
  for (const origin of [ORIGIN, OTHER, EVIL]) {
    for (const [name, want] of Object.entries(REQUESTS)) {
      const { verdict, exchanges } = await journeyOf(url, { ...want, origin })
      const preflight = exchanges.find(({ kind }) => kind === 'preflight')
      const maxAge = preflight?.response.headers.find(([each]) => /^access-control-max-age$/i.test(each))
      seen.set(`${name} from ${origin}`, {
        origin,
        outcome: verdict.outcome,
        status: verdict.outcome === 'allowed' ? exchanges.at(-1)?.response.status : undefined,
        exposed: verdict.exposedHeaders.filter((each) => each.startsWith('x-')),
        maxAge: verdict.outcome === 'allowed' ? maxAge?.[1] : undefined,
      })
    }
  }
  return seen
}

/** Whether any response shows for how long preflights are cached. */
export function showsMaxAge({ exchanges }: Journey): boolean {
  return exchanges.some(({ response }) =>
    response.headers.some(([name]) => /^access-control-max-age$/i.test(name)),
  )
}

/**
 * What has got worse: what worked and does not, or shows less; what was refused to a foreign origin and is not.
 *
 * @param knowsMaxAge whether what failed showed for how long preflights are cached, so that a remedy could keep it
 */
export function worse(
  before: ReadonlyMap<string, Seen>,
  after: ReadonlyMap<string, Seen>,
  knowsMaxAge: boolean,
): string[] {
  const found: string[] = []
  for (const [name, was] of before) {
    const is = after.get(name)
    if (was.origin === EVIL) {
      // Where everybody may ask without credentials, that may become more.
      const isPublic =
        before.get(`GET from ${EVIL}`)?.outcome === 'allowed' && !/credentials|cookie/.test(name)
      if (!isPublic && was.outcome !== 'allowed' && is?.outcome === 'allowed')
        found.push(`${name}: was refused, and is allowed`)
      continue
    }
    if (was.outcome !== 'allowed') continue
    if (is?.outcome !== 'allowed') found.push(`${name}: worked, and is ${is?.outcome}`)
    else if (is.status !== was.status) found.push(`${name}: status ${was.status}, and now ${is.status}`)
    else if (was.exposed.some((each) => !is.exposed.includes(each)))
      found.push(`${name}: exposed ${was.exposed.join()}, and now ${is.exposed.join()}`)
    else if (knowsMaxAge && was.maxAge !== undefined && is.maxAge !== was.maxAge)
      found.push(`${name}: Max-Age ${was.maxAge}, and now ${is.maxAge}`)
  }
  return found
}

/** The statuses of requests that are not from a page: they are none of CORS's business. A redirect may be gone, for that is a remedy. */
export async function plainStatuses(url: string): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {}
  for (const [method, path] of [
    ['GET', '/orders'],
    ['GET', '/missing'],
    ['PUT', '/orders'],
    ['DELETE', '/orders'],
  ] as const) {
    const status = await new Promise<number>((resolve, reject) => {
      const asked = send(
        new URL(path, url),
        { method, agent: false, headers: { Authorization: CREDENTIALS }, timeout: TIMEOUT },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      asked.on('error', reject)
      asked.end()
    })
    if (status < 300 || status >= 400) statuses[`${method} ${path}`] = status
  }
  return statuses
}
