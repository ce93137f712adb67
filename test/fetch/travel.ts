/** Drives the pure steps against a server that is a function: what is sent, in which order, and how it ends. */
import { type Profile, profiles } from '../../src/engines/profiles.js'
import type { Failure } from '../../src/fetch/failure.js'
import type { Warning } from '../../src/fetch/fetch-context.js'
import { FetchRequest } from '../../src/fetch/fetch-request.js'
import { hasLenientWildcard, visibleHeaderNames } from '../../src/fetch/filtered-response.js'
import type { Header } from '../../src/fetch/header-list.js'
import type { Logins } from '../../src/fetch/http-authentication.js'
import type { PreflightCache } from '../../src/fetch/preflight-cache.js'
import { determineReferrer } from '../../src/fetch/referrer.js'
import { createClient } from '../../src/verdict/client.js'
import { type CorsRequest, toFetchRequest } from '../../src/verdict/cors-request.js'
import { eventStreamFailure } from '../../src/verdict/event-stream.js'
import { Run } from '../../src/verdict/run.js'

/** A request as the server sees it. Header names are lower case. */
export interface Seen {
  readonly preflight: boolean
  readonly method: string
  readonly url: string
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** What it says of where it comes from, which the page adds. */
  readonly referrer: string | null
}

/** An answer; a list of values stands for several lines. */
export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

export type Server = (request: Seen) => Answer

export interface Travelled {
  readonly outcome: 'allowed' | 'blocked' | 'opaque' | 'prompt'
  readonly failure: Failure | null
  readonly code: Failure['code'] | undefined
  readonly type: string | undefined
  /** As a script sees it: 0 for what it may not look into. */
  readonly status: number
  readonly url: string
  readonly exposed: readonly string[]
  readonly warnings: readonly Warning[]
  /** Every request, in order. */
  readonly log: readonly Seen[]
  /** The requests in short: `OPTIONS https://api.example/a`. */
  readonly sent: readonly string[]
}

export interface TravelOptions {
  readonly cache?: PreflightCache
  readonly mixedContent?: boolean
  /** Those of a page. */
  readonly logins?: Logins
}

/** Header lines of an answer. */
export function linesOf(headers: Answer['headers'] = {}): Header[] {
  return Object.entries(headers).flatMap(([name, value]): Header[] =>
    typeof value === 'string' ? [[name, value]] : value.map((line): Header => [name, line]),
  )
}

export function travel(
  profile: Profile,
  wanted: CorsRequest,
  server: Server,
  { cache, mixedContent = true, logins }: TravelOptions = {},
): Travelled {
  const deviations = profiles[profile]
  const client = Object.assign(createClient(wanted.origin, wanted.page, mixedContent), {
    registrableDomain: (host: string) => host.split('.').slice(-2).join('.'),
  })
  const request = toFetchRequest(client, wanted, deviations)
  const log: Seen[] = []
  const end = (failure: Failure | null, type?: string, status = 0, exposed: readonly string[] = []) => ({
    outcome:
      failure !== null
        ? ('blocked' as const)
        : type === 'opaque' || type === 'opaqueredirect'
          ? ('opaque' as const)
          : ('allowed' as const),
    failure,
    code: failure?.code,
    type,
    status: type === 'opaque' || type === 'opaqueredirect' ? 0 : status,
    url: request instanceof FetchRequest ? request.currentUrl.href : wanted.url,
    exposed,
    warnings,
    log,
    sent: log.map(({ method, url }) => `${method} ${url}`),
  })
  let warnings: readonly Warning[] = []
  if (!(request instanceof FetchRequest)) return end(request)
  const run = new Run(profile, request, wanted.httpVersion, cache, logins)
  warnings = run.context.warnings
  for (let send = run.next; send !== null; send = run.next) {
    const head = run.head(send)
    const { origin, pathname } = new URL(head.url)
    const headers = Object.fromEntries(head.headers.map(([name, value]) => [name.toLowerCase(), value]))
    const seen: Seen = {
      preflight: send.phase === 'preflight',
      method: head.method,
      url: head.url,
      origin,
      path: pathname,
      headers,
      referrer: determineReferrer(request, deviations),
    }
    log.push(seen)
    const answer = server(seen)
    run.take({ status: answer.status ?? 200, headers: linesOf(answer.headers) })
  }
  const { outcome } = run
  if (outcome.failure !== null) return end(outcome.failure)
  if ('prompt' in outcome) return { ...end(null), outcome: 'prompt' }
  const failure = eventStreamFailure(request, outcome.response, deviations)
  if (failure !== null) return end(failure)
  const { type, response } = outcome
  return end(
    null,
    type,
    response.status,
    visibleHeaderNames(
      type,
      response.headers,
      request.credentials === 'include',
      hasLenientWildcard(request, deviations),
    ),
  )
}

/** An answer that allows everything a request may ask for, to whatever origin asks. */
export function open(request: Seen, more: Answer['headers'] = {}): Answer {
  return {
    headers: {
      'Access-Control-Allow-Origin': request.headers.origin ?? '*',
      'Access-Control-Allow-Credentials': 'true',
      ...(request.preflight
        ? {
            'Access-Control-Allow-Methods': request.headers['access-control-request-method'] ?? '',
            'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '',
            'Access-Control-Max-Age': '0',
          }
        : {}),
      ...more,
    },
  }
}

/** A server that redirects along a path: each URL to the next with that status, and answers at the end; all of it open. */
export function redirects(route: Readonly<Record<string, { to: string; status?: number }>>): Server {
  return (request) => {
    const hop = request.preflight ? undefined : (route[request.url] ?? route[request.path])
    if (hop === undefined) return open(request)
    return { status: hop.status ?? 302, headers: { ...open(request).headers, Location: hop.to } }
  }
}
