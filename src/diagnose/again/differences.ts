/** What the responses to the questions that were asked again show, read beside the one that failed. */
import { getHeader, type HeaderList } from '../../fetch/header-list.js'
import { startsIgnoringCase } from '../../fetch/http-tokens.js'
import type { Exchange } from '../../verdict/verdict.js'
import { cacheSigns, isFreshUrl } from '../cache-signs.js'
import type { BlockedCase, Case } from '../case.js'
import { namesOrigin } from '../vary.js'
import {
  isGranted,
  isMissingUrl,
  type NextQuestion,
  partsOf,
  questionOf,
  responseTo,
} from './next-question.js'
import { STRANGER } from './other-origins.js'

/** Plain data: what differs, where something was asked that tells. */
export interface Differences {
  /** What alone is refused where a preflight for GET alone is not: methods and headers; null where that is not known. */
  readonly refused: { readonly methods: readonly string[]; readonly headers: readonly string[] } | null
  /** Whether the response depends on the origin; null where no other was asked with. */
  readonly looksAtOrigin: boolean | null
  /** Whether an origin that nobody can know is allowed as well; null where it was not asked with. */
  readonly allowsStrangers: boolean | null
  /** Whether the server, and not a cache in front of it, names the same origin whoever asks. */
  readonly isConstant: boolean
  /** Whether the same question, of which no cache has a response, is allowed. */
  readonly isCached: boolean
  /** Whether a preflight for GET alone has the same status, so that the status is about no method and no header. */
  readonly isGetAlike: boolean
  /** Whether a preflight for the very URL is granted to the origin. */
  readonly isPreflightGranted: boolean
  /** Whether CORS rules run for a path that the server does not have, though not for this one. */
  readonly rulesRunForMissingPath: boolean
}

export function differencesOf(found: Case | BlockedCase): Differences {
  const { last, exchanges, related } = found
  const known = [...exchanges, ...related].filter((exchange) => exchange !== last)
  if (last === undefined) return NOTHING
  const own = questionOf(last)
  const otherOrigins = known.filter((exchange) => isSameBut('origin', questionOf(exchange), own))
  const stranger = otherOrigins.find((exchange) => questionOf(exchange).origin === STRANGER)
  const fresh = known.filter(
    (exchange) => isSameBut('url', questionOf(exchange), own) && isFreshUrl(exchange.request.url, own.url),
  )
  const value = getHeader(last.response.headers, ALLOW_ORIGIN)
  return {
    refused: 'code' in found ? refusedParts(found, last, known) : null,
    looksAtOrigin:
      otherOrigins.length === 0
        ? null
        : otherOrigins.some(({ response }) => tell(response) !== tell(last.response)),
    allowsStrangers: stranger === undefined ? null : isOriginAllowed(stranger),
    isConstant:
      value !== null &&
      value !== '*' &&
      value !== own.origin &&
      stranger !== undefined &&
      getHeader(stranger.response.headers, ALLOW_ORIGIN) === value &&
      // What a cache has kept is the same for everybody, and shows nothing of the server.
      [stranger, ...fresh].some(
        ({ response: { headers } }) =>
          getHeader(headers, ALLOW_ORIGIN) === value && cacheSigns(headers)?.isHit !== true,
      ),
    isCached: fresh.some(
      (exchange) =>
        !isOriginAllowed(last) &&
        isOriginAllowed(exchange) &&
        // Else the query leads elsewhere, and not past a cache.
        exchange.response.status === last.response.status,
    ),
    isGetAlike:
      responseTo({ ...own, method: 'GET', headers: [] }, known)?.response.status === last.response.status,
    isPreflightGranted: known.some(
      (exchange) =>
        exchange.kind === 'preflight' &&
        exchange.request.url === own.url &&
        questionOf(exchange).origin === own.origin &&
        isGranted(exchange, found),
    ),
    rulesRunForMissingPath:
      !isOriginAllowed(last) &&
      known.some((exchange) => isMissingUrl(exchange.request.url) && isOriginAllowed(exchange)),
  }
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin'

const NOTHING: Differences = {
  refused: null,
  looksAtOrigin: null,
  allowsStrangers: null,
  isConstant: false,
  isCached: false,
  isGetAlike: false,
  isPreflightGranted: false,
  rulesRunForMissingPath: false,
}

/** Of several things that were refused together, those that are refused alone, or the only one. */
function refusedParts(
  found: BlockedCase,
  last: Exchange,
  known: readonly Exchange[],
): Differences['refused'] {
  if (found.blockedAt !== 'preflight') return null
  const getAlone: NextQuestion = { ...questionOf(last), method: 'GET', headers: [] }
  const granted = responseTo(getAlone, known)
  if (granted === undefined || !isGranted(granted, found)) return null
  const parts = partsOf(found, getAlone).map((part) => ({ part, exchange: responseTo(part, known) }))
  const refused = parts.filter(({ exchange }) => exchange !== undefined && !isGranted(exchange, found))
  const open = parts.filter(({ exchange }) => exchange === undefined)
  const [only] = open
  if (refused.length === 0 && only !== undefined && open.length === 1) refused.push(only)
  if (refused.length === 0) return null
  return {
    methods: refused.flatMap(({ part }) => (part.headers.length === 0 ? [part.method] : [])),
    headers: refused.flatMap(({ part }) => part.headers),
  }
}

/** Whether two questions differ in nothing else. */
function isSameBut(but: 'origin' | 'url', one: NextQuestion, other: NextQuestion): boolean {
  return (
    one[but] !== other[but] &&
    one.kind === other.kind &&
    one.method === other.method &&
    one.headers.join() === other.headers.join() &&
    (but === 'origin' ? one.url === other.url : one.origin === other.origin)
  )
}

/** Whether a response allows the origin that asked. */
export function isOriginAllowed({ request, response }: Exchange): boolean {
  const value = getHeader(response.headers, ALLOW_ORIGIN)
  return value !== null && (value === '*' || value === getHeader(request.headers, 'origin'))
}

/** What of a response gives its CORS rules away. */
function tell({ status, headers }: { readonly status: number; readonly headers: HeaderList }): string {
  const lines = headers.filter(([name]) => startsIgnoringCase(name, 'access-control-'))
  return JSON.stringify([status, lines, namesOrigin(headers)])
}
