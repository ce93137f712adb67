/** What this request needs of a server, and what is known of the rules that the server has. */
import { corsCheckCodes, preflightCodes } from '../../fetch/failure.js'
import { containsHeader, getHeader, type HeaderList, headerLines } from '../../fetch/header-list.js'
import { equalsIgnoringCase } from '../../fetch/http-tokens.js'
import { parseOrigin } from '../../fetch/origin.js'
import { isOkStatus } from '../../fetch/redirect.js'
import type { Exchange } from '../../verdict/verdict.js'
import { differencesOf } from '../again/differences.js'
import { type BlockedCase, judgedWithCredentials, linesAtFault } from '../case.js'
import { type Evidence, evidenceOf } from '../evidence.js'
import {
  isFromRouter,
  isSpeltByPage,
  type PermittedList,
  parsable,
  permittedHeaders,
  permittedMethods,
  preflightLines,
} from '../permission.js'
import type { AllowOptions } from '../send-instead.js'
import { namesOrigin, varies } from '../vary.js'
import type { Missing, RemedyKind, RemedyNeeds } from './remedy.js'

/** What response headers can fix. */
const POLICY_CODES: ReadonlySet<string> = new Set([...corsCheckCodes, ...preflightCodes])

const CORS_CHECK: ReadonlySet<string> = new Set(corsCheckCodes)

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin'
const ALLOW_CREDENTIALS = 'Access-Control-Allow-Credentials'
const ALLOW_METHODS = 'Access-Control-Allow-Methods'
const ALLOW_HEADERS = 'Access-Control-Allow-Headers'

/** The others are lists, whose lines add up. */
const ONCE = [ALLOW_ORIGIN, ALLOW_CREDENTIALS, 'Access-Control-Max-Age']

/** What a server has to allow for this request; null where its headers cannot help. */
export function needsOf(found: BlockedCase, { anyOrigin = false }: AllowOptions = {}): RemedyNeeds | null {
  if (!POLICY_CODES.has(found.code) || isSpeltByPage(found)) return null
  const { hop } = found.verdict
  const withCredentials = judgedWithCredentials(found)
  // Naming `null` would let every sandboxed frame of every site in.
  if (hop.origin === 'null' && withCredentials) return null
  const any = anyOrigin || hop.origin === 'null'
  const evidence = evidenceOf(found)
  const others = [...found.exchanges, ...found.related.filter((each) => isSameServer(each, found))]
  const responses = [found.lines ?? [], ...others.map(({ response }) => response.headers)]
  const { looksAtOrigin, isCached } = differencesOf(found)
  // What depends on the origin has rules behind it, though they leave no trace.
  const seen = judgedRules(found) || responses.some(showsRules) || looksAtOrigin === true
  const origins = any ? ['*'] : originsOf(found, withCredentials)
  const credentials =
    // `*` and credentials never go together: no browser takes the one for the other, and some servers then allow every origin.
    origins[0] !== '*' && (withCredentials || responses.some(allowsCredentials))
  const methods = permittedMethods(found)
  const headers = permittedHeaders(found)
  const passed = allowedPreflights(found)
  const asked = passed.map(allowedBy)
  const isWild = withCredentials && asked.includes('*')
  const missesOrigin = !isAllowed(found, any) && (any || asked.length === 0 || isWild)
  const missing: Missing = {
    origin: missesOrigin,
    credentials:
      withCredentials &&
      !hasCredentials(found) &&
      // What refuses an origin may keep to itself what it allows others.
      !(linesAtFault(found, ALLOW_ORIGIN).length === 0 && responses.some(allowsCredentials)),
    methods: writable(methods.missing),
    headers: writable(headers.missing),
  }
  const shown = seen
    ? shownOf(found, missing)
    : { hidden: { methods: false, headers: false }, unshown: { methods: false, headers: false } }
  return {
    kind: isCached || isKnownCopy(found, evidence) ? 'cached' : kindOf(found, seen, evidence),
    seen,
    origins,
    others: isWild && !any ? 'all' : othersOf(found, seen, any),
    methods: methodsOf(methods, shown.hidden.methods ? listedBy(passed, ALLOW_METHODS) : []),
    headers: headersOf(headers, shown.hidden.headers ? listedBy(passed, ALLOW_HEADERS) : []),
    credentials,
    missing,
    ...shown,
    doubled: ONCE.filter((name) => responses.some((lines) => headerLines(lines, name).length > 1)),
    exposed: exposedBy(responses),
    maxAge: maxAgeOf(preflightLines(found) ?? []),
    reflectsHeaders:
      headers.missing.length === 0 && varies(preflightLines(found) ?? [], 'access-control-request-headers'),
    preflight:
      found.blockedAt !== 'preflight'
        ? 'passed'
        : seen && isOkStatus(found.status ?? 204) && !shown.unshown.methods && !shown.unshown.headers
          ? 'responded'
          : 'refused',
    showsLists: [methods, headers].every(({ names, missing }) => names.length > 0 || missing.length === 0),
  }
}

/** The other preflights of this origin that are allowed: what is refused is then a method or a header, whatever the response looks like. */
function allowedPreflights(found: BlockedCase): Exchange[] {
  if (found.blockedAt !== 'preflight') return []
  const { origin } = found.verdict.hop
  return found.related
    .filter(
      (each) => each.kind === 'preflight' && isSameServer(each, found) && isOkStatus(each.response.status),
    )
    .filter(({ request }) => getHeader(request.headers, 'origin') === origin)
    .filter((each) => [origin, '*'].includes(allowedBy(each)))
}

function allowedBy({ response }: Exchange): string {
  return getHeader(response.headers, ALLOW_ORIGIN) ?? ''
}

/** What these responses list, each of them perhaps only a part of what the rules allow. */
function listedBy(responses: readonly Exchange[], header: string): string[] {
  return parsable(responses.flatMap(({ response }) => headerLines(response.headers, header)))
}

/** Servers that redirect elsewhere say nothing about one another. */
function isSameServer({ request }: Exchange, { verdict }: BlockedCase): boolean {
  const [one, other] = [request.url, verdict.hop.url]
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin
}

/** Whether a response shows that CORS rules have run. */
function showsRules(lines: HeaderList): boolean {
  return lines.some(([name]) => /^access-control-(?!request-)/i.test(name)) || namesOrigin(lines)
}

/** Two layers that both say `true` allow credentials, although together they do not. */
function allowsCredentials(lines: HeaderList): boolean {
  return headerLines(lines, ALLOW_CREDENTIALS).some((value) => /^true(, *true)*$/.test(value))
}

/** Whether the code itself says that there was a rule to judge. */
function judgedRules({ code }: BlockedCase): boolean {
  return code !== 'missing-allow-origin' && code !== 'preflight-status' && code !== 'preflight-redirect'
}

/** Whether the code comes from a check after the CORS check, which has passed. */
function passedCheck(found: BlockedCase): boolean {
  return judgedRules(found) && !CORS_CHECK.has(found.code)
}

function hasCredentials(found: BlockedCase): boolean {
  return (
    passedCheck(found) || (found.lines !== undefined && getHeader(found.lines, ALLOW_CREDENTIALS) === 'true')
  )
}

/** Whether the offending response allows the origin that asked, so that its origin is not what has to change. */
function isAllowed(found: BlockedCase, any: boolean): boolean {
  if (passedCheck(found) || found.code === 'invalid-allow-credentials') return true
  const allowed = linesAtFault(found, ALLOW_ORIGIN)
  const [value] = allowed
  if (allowed.length !== 1) return false
  return (value === found.verdict.hop.origin && !any) || (value === '*' && !judgedWithCredentials(found))
}

/** Rules that refuse often keep to themselves what they allow otherwise: what is not shown can only be added to. */
function shownOf(found: BlockedCase, missing: Missing): Pick<RemedyNeeds, 'hidden' | 'unshown'> {
  const lines = preflightLines(found)
  const hidden = {
    methods: lines !== undefined && !containsHeader(lines, ALLOW_METHODS),
    headers: lines !== undefined && !containsHeader(lines, ALLOW_HEADERS),
  }
  // A response that names an origin, even the wrong one, was not refused for it.
  const isOrigin =
    missing.origin && found.lines !== undefined && linesAtFault(found, ALLOW_ORIGIN).length === 0
  return {
    hidden,
    unshown: {
      methods: isOrigin && hidden.methods && missing.methods.length > 0,
      headers: isOrigin && hidden.headers && missing.headers.length > 0,
    },
  }
}

/** The value of `Access-Control-Allow-Origin` in the offending response, where that is one origin or a wildcard. */
function allowedOrigin(found: BlockedCase): string | null {
  const lines = linesAtFault(found, ALLOW_ORIGIN)
  const value = lines.length === 1 ? lines[0] : undefined
  if (value === '*') return value
  return value !== undefined && value.length <= 300 && parseOrigin(value).kind === 'tuple' ? value : null
}

/** The origin that asked, and the one that is allowed already: a server that always names one origin has to go on allowing it. */
function originsOf(found: BlockedCase, credentials: boolean): string[] {
  const { hop } = found.verdict
  const allowed = allowedOrigin(found)
  if (allowed === '*') return credentials ? [hop.origin] : ['*']
  const isServers = URL.canParse(hop.url) && new URL(hop.url).origin === allowed
  return allowed === null || allowed === hop.origin || isServers ? [hop.origin] : [allowed, hop.origin]
}

/** Who names another origin to this one names it to everybody; a response without one has a list behind it that does not show. */
function othersOf(found: BlockedCase, seen: boolean, any: boolean): RemedyNeeds['others'] {
  const allowed = allowedOrigin(found)
  if (allowed === '*') return any ? 'none' : 'all'
  if (allowed !== null && allowed !== found.verdict.hop.origin) return any ? 'some' : 'none'
  return seen ? 'some' : 'none'
}

function methodsOf(list: PermittedList, others: readonly string[]): readonly string[] {
  const methods = writable([...new Set([...others, ...withWildcard(list)])])
  // GET, HEAD and POST need no listing, but some servers refuse what is not on the list.
  if (list.names.length > 0 || methods.length === 0) return methods
  return [...new Set(['GET', 'HEAD', 'POST', ...methods])]
}

/** Each once, in the spelling that came first. */
function headersOf(list: PermittedList, others: readonly string[]): string[] {
  return unique([...others, ...withWildcard(list)])
}

/** A `*` that does not go with credentials goes on allowing requests without. */
function withWildcard({ names, needed }: PermittedList): string[] {
  return writable(names.includes('*') && !needed.includes('*') ? ['*', ...needed] : needed)
}

function exposedBy(responses: readonly HeaderList[]): string[] {
  return unique(
    parsable(responses.flatMap((response) => headerLines(response, 'access-control-expose-headers'))),
  )
}

function unique(names: readonly string[]): string[] {
  return writable(
    names.filter((name, at) => names.findIndex((other) => equalsIgnoringCase(other, name)) === at),
  )
}

/** Names as they may be written into a snippet: what a server made up may be a megabyte long. */
function writable(names: readonly string[]): string[] {
  return names.filter((name) => name.length <= 100).slice(0, 100)
}

function maxAgeOf(lines: HeaderList): number | undefined {
  const value = getHeader(lines, 'access-control-max-age')
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}

/** Whether a cache says itself that it had the response, which is one to another request. */
function isKnownCopy({ code }: BlockedCase, { cache, traces }: Evidence): boolean {
  return (
    cache?.isHit === true &&
    (code === 'allow-origin-mismatch' || (code === 'missing-allow-origin' && traces.length === 0))
  )
}

/** What responds with these is not the CORS rules, nor a route. */
const BEFORE_RULES: ReadonlySet<number> = new Set([413, 426, 429, 502, 503, 504])

/** Evidence before the status: a response that shows CORS rules was not stopped before them. */
function kindOf(found: BlockedCase, seen: boolean, evidence: Evidence): RemedyKind {
  const { code, status, blockedAt, lines = [] } = found
  if (code === 'preflight-redirect') return 'redirect'
  const { header } = found.verdict
  if (header !== undefined && linesAtFault(found, header).length > 1) return 'duplicate'
  if (status === undefined) return 'policy'
  // The rules are seen to run for this question, and to refuse.
  if (
    code === 'missing-allow-origin' &&
    (evidence.isOriginListed === false ||
      allowedPreflights(found).length > 0 ||
      refusesOrigin(found, evidence))
  )
    return 'policy'
  // The origin is allowed elsewhere: here the rules do not run.
  const isElsewhere = evidence.isOriginListed === true && !showsRules(lines)
  if (blockedAt !== 'preflight') {
    if (code !== 'missing-allow-origin' || showsRules(lines)) return 'policy'
    if (blockedAt === 'redirect') return 'redirected'
    return status >= 400 ? 'errors' : isElsewhere ? 'path' : 'policy'
  }
  if (isOkStatus(status)) return isFromRouter(found) || isElsewhere ? 'route' : 'policy'
  const isRefused = code !== 'preflight-status' || isRefusedByRules(found)
  if (seen && isRefused && showsRules(lines)) return 'policy'
  if (BEFORE_RULES.has(status)) return 'before'
  if (code === 'preflight-status' && ![401, 403, 407].includes(status)) return 'continued'
  return status === 401 || status === 403 || status === 407
    ? 'auth'
    : status === 404 || status === 405 || status === 501
      ? 'route'
      : 'policy'
}

/** Whether the rules are seen to refuse this origin: the response is another one without it, or its preflight shows them. */
function refusesOrigin(found: BlockedCase, { isOriginListed, refusedElsewhere }: Evidence): boolean {
  if (isOriginListed === true) return false
  return refusedElsewhere.length > 0 || differencesOf(found).looksAtOrigin === true
}

/** Rules that respond with an error to a method or header which they do not allow, and say what they allow. */
function isRefusedByRules(found: BlockedCase): boolean {
  return [permittedMethods(found), permittedHeaders(found)].some(
    ({ names, missing }) => names.length > 0 && missing.length > 0,
  )
}
