/**
 * What the exchanges of a blocked request show about its cause. It is gathered once and read by every sentence, so that no status is taken for a
 * cause that the headers of the same response rule out.
 */
import { containsHeader, getHeader, type HeaderList } from '../fetch/header-list.js'
import type { Exchange } from '../verdict/verdict.js'
import { type CacheSigns, cacheSigns } from './cache-signs.js'
import type { BlockedCase } from './case.js'
import { recognizeServers } from './remedies/recognize.js'
import { isServerName, type ServerName } from './remedies/server-names.js'
import { namesOrigin } from './vary.js'

/** Plain data: what is known, and nothing that is guessed. */
export interface Evidence {
  /** Whether the header lines of the response that decided are known; without them nothing below is. */
  readonly hasLines: boolean
  /** What only CORS rules write: `Vary: Origin`, `Access-Control-Allow-Methods`. Where there is any, the rules ran for this response. */
  readonly traces: readonly string[]
  /**
   * Whether the server allows this origin: true where another response of it shows so (the preflight before, what was asked again), false
   * where one for the same question allows another origin and not this one; null where nothing shows it.
   */
  readonly isOriginListed: boolean | null
  /** Another origin that the server is seen to allow what this one asked for. */
  readonly otherOrigin: string | null
  /** What only CORS rules write, in the preflight for the same URL that does not allow this origin. */
  readonly refusedElsewhere: readonly string[]
  /** Whether a router responded to OPTIONS by itself, with the methods it knows. */
  readonly hasAllow: boolean
  /** What a cache on the way has left in the response. */
  readonly cache: CacheSigns | null
  /** The redirect that led to the response, or that the response is. */
  readonly redirect: Redirected | null
  /** Who responded, the app first: its kind where it runs in this process, else by what only it sends. */
  readonly servers: readonly ServerName[]
}

/** A redirect, from where to where. */
export interface Redirected {
  readonly from: string
  readonly to: string
  readonly status: number
}

/** Gathers what is known: of the response that decided, of the others of its journey, and of what was asked beside it. */
export function evidenceOf(found: BlockedCase): Evidence {
  const { lines = [], last } = found
  const traces = tracesIn(lines)
  const others = [...found.exchanges, ...found.related].filter(
    (exchange) => exchange !== last && isSameServer(exchange, found),
  )
  const own = found.verdict.hop.origin
  const isListed = others.map(originAllowedBy).some((origin) => origin === own || origin === '*')
  const otherOrigin =
    others
      .filter((exchange) => last !== undefined && isSameQuestion(exchange, last))
      .map(originAllowedBy)
      .find((origin) => origin !== null && origin !== own && origin !== '*') ?? null
  return {
    hasLines: found.lines !== undefined,
    traces,
    isOriginListed: isListed ? true : otherOrigin === null ? null : false,
    otherOrigin,
    refusedElsewhere:
      others
        .filter(({ kind, request }) => kind === 'preflight' && request.url === last?.request.url)
        .filter((each) => getHeader(each.request.headers, 'origin') === own)
        .filter((each) => getHeader(each.response.headers, ALLOW_ORIGIN) === null)
        .map(({ response }) => tracesIn(response.headers))
        .find((found) => found.length > 0) ?? [],
    hasAllow: containsHeader(lines, 'allow'),
    cache: cacheSigns(lines),
    redirect: redirectOf(found),
    servers: serversOf(found),
  }
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin'

/** Lines by which a response gives away that CORS rules ran, `Access-Control-Allow-Origin` aside. */
export function tracesIn(lines: HeaderList): string[] {
  const names = lines
    .map(([name]) => name)
    .filter(
      (name) =>
        /^access-control-(allow|expose|max-age)/i.test(name) && !/^access-control-allow-origin$/i.test(name),
    )
  return [...(namesOrigin(lines) ? ['Vary: Origin'] : []), ...new Set(names)]
}

/** The origin that a response allows its request's origin as; null where it refuses, or where there is no one to allow. */
function originAllowedBy({ request, response }: Exchange): string | null {
  const origin = getHeader(request.headers, 'origin')
  const value = getHeader(response.headers, ALLOW_ORIGIN)
  return origin !== null && (value === origin || value === '*') ? value : null
}

/** Servers that redirect elsewhere say nothing about one another. */
function isSameServer({ request }: Exchange, { verdict }: BlockedCase): boolean {
  return originOf(request.url) === originOf(verdict.hop.url)
}

/** Whether two exchanges ask for the same, whatever their origins. */
function isSameQuestion(one: Exchange, other: Exchange): boolean {
  return (
    one.kind === other.kind &&
    one.request.method === other.request.method &&
    one.request.url === other.request.url &&
    ['access-control-request-method', 'access-control-request-headers'].every(
      (name) => getHeader(one.request.headers, name) === getHeader(other.request.headers, name),
    )
  )
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null
}

function redirectOf({ exchanges, last, verdict }: BlockedCase): Redirected | null {
  const redirects = exchanges.filter(({ response: { status, headers } }) => isRedirect(status, headers))
  const redirect = redirects.at(-1)
  if (redirect === undefined) return null
  const { request, response } = redirect
  const location = getHeader(response.headers, 'location') ?? ''
  if (redirect !== last && verdict.hop.url === verdict.url) return null
  if (!URL.canParse(location, request.url)) return null
  return { from: request.url, to: new URL(location, request.url).href, status: response.status }
}

function isRedirect(status: number, headers: HeaderList): boolean {
  return status >= 300 && status < 400 && status !== 304 && containsHeader(headers, 'location')
}

/** Who responded, as far as that is known: what is known of the app, then what the response's headers give away. */
export function serversOf({ last, lines }: Pick<BlockedCase, 'last' | 'lines'>): ServerName[] {
  const app = last?.server
  const recognized = recognizeServers(lines ?? [])
  if (app === undefined || !isServerName(app)) return recognized
  // Nest stands on Express and sends its signature, and is set up by itself.
  return [...new Set([app, ...recognized.filter((name) => app !== 'nest' || name !== 'express')])]
}
