/**
 * What to ask again once an assertion about an endpoint has failed, so that the possible causes are told apart. Which question comes next depends
 * on the failure and on what is known already; nothing is sent here, and nothing asked here changes anything on a server.
 */

import { getHeader } from '../../fetch/header-list.js'
import { isCorsSafelistedMethod } from '../../fetch/methods.js'
import { checkPreflightResponse } from '../../fetch/preflight.js'
import type { Exchange } from '../../verdict/verdict.js'
import { freshUrl } from '../cache-signs.js'
import { type BlockedCase, type Case, judgedWithCredentials } from '../case.js'
import { likelyOrigin, STRANGER } from './other-origins.js'

/** A request as far as it tells causes apart. */
export interface NextQuestion {
  readonly kind: Exchange['kind']
  /** The method that a preflight asks for, or that of the request. */
  readonly method: string
  /** The names that a preflight asks for, as it sends them. */
  readonly headers: readonly string[]
  /** null for a request without `Origin`. */
  readonly origin: string | null
  readonly url: string
}

/** Where a server may be asked beyond the URL that it was asked for. */
export interface Means {
  /** Whether it is an app in this process or a server on this machine, or its owner asks for an explanation. */
  readonly isNear: boolean
  /** What no cache has seen in a URL. */
  readonly nonce: string
}

const MOST_PREFLIGHTS = 4

/** Statuses of a server that has been asked too much already. */
const OVERLOADED: ReadonlySet<number> = new Set([429, 503])

/**
 * The question that tells most next; null where nothing is left to ask, or must not be asked.
 * @param asked what was asked again already
 */
export function nextQuestion(
  found: Case | BlockedCase,
  asked: readonly Exchange[],
  means: Means,
): NextQuestion | null {
  const known = [...found.exchanges, ...found.related, ...asked]
  if (known.some(({ response }) => OVERLOADED.has(response.status))) return null
  const hasRoom = asked.filter(({ kind }) => kind === 'preflight').length < MOST_PREFLIGHTS
  const next = questions(found, known, means).find(
    (question) => (hasRoom || question.kind === 'request') && responseTo(question, known) === undefined,
  )
  return next ?? null
}

function questions(found: Case | BlockedCase, known: readonly Exchange[], means: Means): NextQuestion[] {
  const { last } = found
  if (last === undefined) return []
  if (!isBlocked(found)) {
    // Why a page may is told by whether any page may.
    const isForAll = getHeader(last.response.headers, 'access-control-allow-origin') === '*'
    return isForAll ? [] : [asOrigin(last, STRANGER)]
  }
  return found.blockedAt === 'preflight'
    ? afterPreflight(found, last, known, means)
    : afterResponse(found, last, known, means)
}

function isBlocked(found: Case | BlockedCase): found is BlockedCase {
  return 'code' in found
}

/** Codes of a preflight that is refused as a whole: what of it is refused is not said. */
const WHOLE_REFUSALS: ReadonlySet<string> = new Set(['missing-allow-origin', 'preflight-status'])

function afterPreflight(
  found: BlockedCase,
  last: Exchange,
  known: readonly Exchange[],
  { isNear }: Means,
): NextQuestion[] {
  if (found.code === 'allow-origin-mismatch') return [asOrigin(last, STRANGER)]
  if (!WHOLE_REFUSALS.has(found.code)) return []
  const getAlone = getAloneOf(last)
  const parts = partsOf(found, getAlone)
  if (parts.length > 0) {
    const alone = responseTo(getAlone, known)
    if (alone === undefined) return [getAlone]
    // The origin is allowed, so it is one of the parts: where there is only one, that is known now.
    if (isGranted(alone, found)) return parts.length === 1 ? [] : parts
  }
  return [
    asOrigin(last, likelyOrigin(found.verdict.hop.origin)),
    ...(isNear ? [{ ...getAlone, url: missingUrl(getAlone.url) }] : []),
  ]
}

function afterResponse(
  found: BlockedCase,
  last: Exchange,
  known: readonly Exchange[],
  { isNear, nonce }: Means,
): NextQuestion[] {
  const isSafe = isSafeRequest(last)
  const own = questionOf(last)
  const pastCaches = isNear && isSafe ? [{ ...own, url: freshUrl(own.url, nonce) }] : []
  if (found.code === 'allow-origin-mismatch') return [asOrigin(last, STRANGER), ...pastCaches]
  if (found.code !== 'missing-allow-origin') return []
  const getAlone = getAloneOf(last)
  // That preflights pass is known where one was sent: the origin is allowed then, and it is this response that goes without.
  const isListed = known.some((exchange) => exchange.kind === 'preflight' && isGranted(exchange, found))
  if (isListed) return pastCaches
  const withoutOrigin = isSafe && (found.status ?? 0) >= 400 ? [{ ...own, origin: null }] : []
  return [
    getAlone,
    ...withoutOrigin,
    asOrigin(last, likelyOrigin(found.verdict.hop.origin)),
    ...(isNear && isSafe ? [{ ...own, url: missingUrl(own.url) }] : []),
    ...pastCaches,
  ]
}

/** The same again for another origin: as a preflight where it would change something. */
function asOrigin(exchange: Exchange, origin: string): NextQuestion {
  const own = questionOf(exchange)
  const isRepeatable = exchange.kind === 'preflight' || isSafeRequest(exchange)
  return isRepeatable ? { ...own, origin } : { ...own, kind: 'preflight', headers: [], origin }
}

function isSafeRequest({ kind, request: { method } }: Exchange): boolean {
  return kind === 'request' && (method === 'GET' || method === 'HEAD')
}

/** A preflight for nothing but a GET, which every server that knows the origin allows. */
function getAloneOf(exchange: Exchange): NextQuestion {
  return { ...questionOf(exchange), kind: 'preflight', method: 'GET', headers: [] }
}

/** Everything that a preflight asked permission for, each alone. */
export function partsOf({ asked }: BlockedCase, getAlone: NextQuestion): NextQuestion[] {
  return [
    ...asked.methods
      .filter((method) => !isCorsSafelistedMethod(method))
      .map((method) => ({ ...getAlone, method })),
    ...asked.headers.map((name) => ({ ...getAlone, headers: [name] })),
  ]
}

/** What an exchange asked. */
export function questionOf({ kind, request }: Exchange): NextQuestion {
  const { method, url, headers } = request
  const origin = getHeader(headers, 'origin')
  if (kind === 'request') return { kind, method, headers: [], origin, url }
  return {
    kind,
    method: getHeader(headers, 'access-control-request-method') ?? 'GET',
    headers: (getHeader(headers, 'access-control-request-headers') ?? '')
      .split(',')
      .filter((name) => name !== ''),
    origin,
    url,
  }
}

/** The exchange in which a question was asked. */
export function responseTo(question: NextQuestion, known: readonly Exchange[]): Exchange | undefined {
  const key = keyOf(question)
  return known.find((exchange) => keyOf(questionOf(exchange)) === key)
}

function keyOf({ kind, method, headers, origin, url }: NextQuestion): string {
  return JSON.stringify([kind, method, headers, origin, url])
}

/** Whether a preflight permits what it asked for, as the offending request would need it. */
export function isGranted(exchange: Exchange, found: Case): boolean {
  const { origin, method, headers } = questionOf(exchange)
  if (origin === null) return false
  const subject = {
    origin,
    credentials: judgedWithCredentials(found),
    method,
    unsafeHeaders: headers.map((name) => ({ name, spelling: name, value: '', reason: 'name' as const })),
  }
  return checkPreflightResponse(subject, exchange.response).failure === null
}

/** Nobody has a route for it. */
const MISSING_PATH = '/expect-cors-no-such-path'

function missingUrl(url: string): string {
  return new URL(MISSING_PATH, url).href
}

/** Whether a URL was asked to see whether anything is there for every path. */
export function isMissingUrl(url: string): boolean {
  return new URL(url).pathname === MISSING_PATH
}
