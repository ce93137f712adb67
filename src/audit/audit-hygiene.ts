/** What is wrong with a policy besides whom it lets in. */

import { cacheSentence, exchangesShown, type Served } from '../diagnose/assertions/kept-apart.js'
import { cacheSigns } from '../diagnose/cache-signs.js'
import { tracesIn } from '../diagnose/evidence.js'
import { decodeAndSplit, getHeader, type HeaderList, headerLines } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { isCorsSafelistedMethod } from '../fetch/methods.js'
import { isOkStatus } from '../fetch/redirect.js'
import { quoted, shown } from '../text/shown.js'
import type { Exchange } from '../verdict/verdict.js'
import { passThroughCaches } from './ask-through-caches.js'
import { findingOf } from './audit-evidence.js'
import type { AuditFinding, AuditUnjudged } from './audit-report.js'
import { judgeCaches } from './judge-caches.js'
import { isLetIn } from './judge-origin.js'
import { policyFindings } from './policy-hygiene.js'
import { mixedInBrowsers } from './replay-in-browsers.js'
import { type AskedOrigin, type RouteAsker, whyUnjudged } from './route-asker.js'

/** What is there to judge, and to ask on with. */
export interface HygieneContext {
  readonly asker: RouteAsker
  /** What each trusted origin got to its GET with a cookie, and without one where that was needed: all of them are let in. */
  readonly controls: readonly AskedOrigin[]
  /** An origin that the server does not know, as which it has been asked. */
  readonly stranger: string
}

/** What was found. */
export interface Hygiene {
  readonly findings: readonly AuditFinding[]
  /** What could not be judged, which makes an audit without findings unjudged. */
  readonly unjudged: readonly AuditUnjudged[]
}

/** So many requests are kept for it, of those that may go to a route: more where a cache shows, which is tried out. */
export function hygieneRequests(controls: readonly AskedOrigin[]): number {
  return controls.some(isFromCache) ? 12 : 6
}

function isFromCache({ last }: { readonly last: Exchange }): boolean {
  return cacheSigns(last.response.headers) !== null
}

/** Asks what has to be asked, and judges it. Only a preflight and the caches are reported as unjudged where no response came: the rest is not needed. */
export async function auditHygiene(context: HygieneContext): Promise<Hygiene> {
  const { asker, controls } = context
  const url = asker.endpoint.shownUrl
  const [control] = controls
  if (control === undefined) return { findings: [], unjudged: [] }
  const unjudged: AuditUnjudged[] = []
  /** @param what as it is called where it matters that it was not judged */
  const orNothing = async <T>(ask: () => Promise<T>, what?: string): Promise<T | undefined> => {
    try {
      return await ask()
    } catch (error) {
      const why = whyUnjudged(error)
      if (what !== undefined)
        unjudged.push({ origin: control.origin, explanation: `${what} could not be judged: ${why}` })
      return undefined
    }
  }
  const preflight = await orNothing(
    () => asker.ask(control.origin, 'preflight', { bare: true }),
    'The preflight of a trusted origin',
  )
  const plain = await orNothing(() => asker.ask(control.origin, 'plain'))
  const caches = await orNothing(() => cacheFindings(context, plain ?? control), 'What caches keep')
  const error = await orNothing(() => errorFindings(asker, control.origin))
  const seen = [...controls, plain, preflight].flatMap((asked) => (asked === undefined ? [] : [asked.last]))
  const wrong = policyFindings(seen, url)
  // Of what comes twice, and of `*`, it is clear why one of them is refused.
  const isExplained = wrong.some(({ id }) => id === 'duplicate-lines' || id === 'wildcard-with-credentials')
  return {
    findings: [
      ...wrong,
      ...(preflight === undefined || isExplained ? [] : await preflightFindings(asker, control, preflight)),
      ...(error ?? []),
      ...(caches ?? []),
    ],
    unjudged,
  }
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin'
const ALLOW_METHODS = 'Access-Control-Allow-Methods'

/** A preflight that fails where the request itself passes. */
async function preflightFindings(
  asker: RouteAsker,
  control: AskedOrigin,
  asked: AskedOrigin,
): Promise<AuditFinding[]> {
  const url = asker.endpoint.shownUrl
  const { origin } = control
  const { status, headers } = asked.last.response
  const isLogin =
    status >= 300 && status < 400 && /log-?in|sign-?in|auth|sso/i.test(getHeader(headers, 'location') ?? '')
  if (status === 401 || status === 407 || isLogin)
    return [
      findingOf('authenticated-preflight', {
        severity: 'dysfunctional',
        url,
        origin,
        explanation: `The preflight of ${shown(origin)}, which is trusted, gets ${isLogin ? `a redirect to a login (status ${status})` : `status ${status}`}: it carries neither a cookie nor Authorization, so that no request that needs one is ever sent.`,
        shows: [asked],
      }),
    ]
  const allows = (one: AskedOrigin, credentials: boolean): boolean =>
    (credentials ? one.credentialed : one.anonymous).every(isLetIn)
  // With cookies, or without them where nobody gets in with them.
  const withCookies = allows(control, true)
  if (allows(asked, true) && !withCookies && getHeader(headers, ALLOW_ORIGIN) !== '*')
    return [
      disagreement(
        `allows cookies, and the response to GET does not: ${allowedBy(asked.last)} there, ${allowedBy(control.last)} here. What is sent with cookies cannot be read.`,
      ),
    ]
  if (allows(asked, withCookies) || !meansPreflights(asked.last, control.last)) return []
  // It may only be the method that is not allowed: a GET is allowed everywhere.
  if (isOkStatus(status) && getHeader(headers, ALLOW_ORIGIN) === null) return [disagreement(refusal())]
  const get = await asker.askAsNoPage(
    undefined,
    [
      ['Origin', origin],
      ['Access-Control-Request-Method', 'GET'],
    ],
    'OPTIONS',
  )
  return isGranted(get, origin, withCookies) ? [] : [disagreement(refusal())]

  function refusal(): string {
    return `fails (status ${status}, ${allowedBy(asked.last)}), where the response to GET lets it read${withCookies ? ' with cookies' : ''} (${allowedBy(control.last)}): it can read, and not send what needs a preflight.`
  }

  function disagreement(what: string): AuditFinding {
    return findingOf('preflight-disagrees', {
      severity: 'dysfunctional',
      url,
      origin,
      explanation: `The preflight of ${shown(origin)}, which is trusted, ${what}`,
      shows: [asked, control],
    })
  }
}

function allowedBy({ response: { headers } }: Exchange): string {
  const value = getHeader(headers, ALLOW_ORIGIN)
  const credentials = getHeader(headers, 'Access-Control-Allow-Credentials')
  const allowed = value === null ? `no ${ALLOW_ORIGIN}` : quoted(`${ALLOW_ORIGIN}: ${value}`)
  return credentials === null
    ? allowed
    : `${allowed} and ${quoted(`Access-Control-Allow-Credentials: ${credentials}`)}`
}

function isGranted(
  { response: { status, headers } }: Exchange,
  origin: string,
  withCookies: boolean,
): boolean {
  const value = getHeader(headers, ALLOW_ORIGIN)
  if (!isOkStatus(status)) return false
  return withCookies
    ? value === origin && getHeader(headers, 'Access-Control-Allow-Credentials') === 'true'
    : value === origin || value === '*'
}

/** Whether preflights are meant to pass: what is only ever read by GET has none, and OPTIONS may be refused there. */
function meansPreflights(preflight: Exchange, control: Exchange): boolean {
  const listed = [preflight, control].some(({ response: { headers } }) => listsMore(headers, ALLOW_METHODS))
  if (listed) return true
  const { status, headers } = preflight.response
  // A router that knows other methods, or CORS rules that respond.
  return (
    isOkStatus(status) &&
    (listsMore(headers, 'Allow') || tracesIn(headers).length > 0 || getHeader(headers, ALLOW_ORIGIN) !== null)
  )
}

/** Whether a list has methods that need a preflight. */
function listsMore(headers: HeaderList, name: string): boolean {
  return headerLines(headers, name)
    .flatMap(decodeAndSplit)
    .some(
      (method) => method !== '' && !isCorsSafelistedMethod(method) && !equalsIgnoringCase(method, 'OPTIONS'),
    )
}

/**
 * Asks for what a user gets who is logged out, where something of a user is sent along; else for a path below the audited one that does not exist. What is
 * there may be of somebody else: it counts only where the CORS rules show, by the preflight or by what else they write, and leave the error out.
 */
async function errorFindings(asker: RouteAsker, origin: string): Promise<AuditFinding[]> {
  const { endpoint } = asker
  if (asker.isOfUser) {
    const loggedOut = await asker.ask(origin, 'plain', { bare: true })
    if (isErrorWithoutCors(loggedOut))
      return [errorFinding('Without what was sent along, the URL', loggedOut)]
  }
  const path = `${endpoint.url.pathname.replace(/\/$/, '')}/expect-cors-no-such-path`
  const missing = await asker.ask(origin, 'plain', { path })
  if (!isErrorWithoutCors(missing)) return []
  if (tracesIn(missing.last.response.headers).length === 0) {
    const preflight = await asker.ask(origin, 'preflight', { path })
    if (!preflight.anonymous.every(isLetIn)) return []
  }
  return [
    errorFinding('A path that does not exist, below the audited one and covered by the same rules,', missing),
  ]

  function errorFinding(what: string, asked: AskedOrigin): AuditFinding {
    const { status } = asked.last.response
    return findingOf('errors-without-cors', {
      severity: 'dysfunctional',
      url: endpoint.shownUrl,
      origin,
      explanation: `${what} gets status ${status} with ${allowedBy(asked.last)}: pages at ${shown(origin)}, which is trusted, see a network error in place of the ${status}.`,
      shows: [asked],
    })
  }
}

function isErrorWithoutCors({ anonymous, last }: AskedOrigin): boolean {
  return last.response.status >= 400 && !anonymous.every(isLetIn)
}

/** As many as it takes to show what a cache does, and to show it again. */
const PASSED_REQUESTS = 6

/** Most responses that differ by Origin and do not say so are found by what they say; where a cache shows, it is tried out. */
async function cacheFindings({ asker, stranger }: HygieneContext, app: AskedOrigin): Promise<AuditFinding[]> {
  const served = (exchange: Exchange, origin: string | null, isStranger = false): Served => ({
    origin,
    isStranger,
    exchange,
  })
  const own = served(app.last, app.origin)
  if (own.exchange.kind === 'preflight') return []
  const none = served(await asker.askAsNoPage(), null)
  const other = served((await asker.ask(stranger, 'plain')).last, stranger, true)
  const asked = [own, other, none] as const
  const isConstant = new Set(asked.map(({ exchange }) => allowedBy(exchange))).size === 1
  const isCached = asker.bustsCaches || asked.some(({ exchange }) => isFromCache({ last: exchange }))
  const passed =
    isConstant || !isCached || asker.left < PASSED_REQUESTS
      ? []
      : [
          await passThroughCaches(asker.unshared, [none, own], {
            what: 'auditOrigins()',
            warmings: 2,
            signal: asker.signal,
          }),
        ]
  const found = judgeCaches({
    asked,
    isConstant,
    passed,
    validated: null,
    reflecting: null,
    browsers: isConstant
      ? []
      : await mixedInBrowsers({
          app: own,
          none,
          validated: null,
          engines: asker.engines,
          credentials: undefined,
        }),
  })
  const [first] = found
  if (first === undefined) return []
  // Where nothing says that a cache may keep it, a response to nobody, or to one who is refused, is not a fault: many servers that are right send it.
  if (first.kind === 'unvaried' && !first.isFresh && !first.lacking.includes(own)) return []
  return [
    findingOf('vary', {
      severity:
        first.kind === 'mixed' || (first.kind === 'unvaried' && first.isFresh) ? 'dysfunctional' : 'cosmetic',
      url: asker.endpoint.shownUrl,
      origin: app.origin,
      explanation: cacheSentence(first),
      shows: exchangesShown(first).map(({ exchange }) => exchange),
    }),
  ]
}
