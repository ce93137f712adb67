/** Why a response has no `Access-Control-Allow-Origin`: what its headers show comes before what its status suggests. */
import { isCorsSafelistedMethod } from '../../fetch/methods.js'
import { isOkStatus } from '../../fetch/redirect.js'
import { listed, quoted } from '../../text/shown.js'
import { APP_HOSTS } from '../../verdict/client.js'
import { differencesOf } from '../again/differences.js'
import type { BlockedCase } from '../case.js'
import type { Evidence } from '../evidence.js'
import type { ServerName } from '../remedies/server-names.js'
import type { CorsCause, PossibleCause } from './cause.js'
import { certainCauses } from './certain-cause.js'
import { browserCopy, cachedCopy } from './why-cached.js'
import { leadsToLogin, redirectAdvice } from './why-redirected.js'

/** The possible causes, the likelier first; empty where not even the status is known. */
export function missingCauses(found: BlockedCase, evidence: Evidence): PossibleCause[] {
  const { status } = found
  if (status === undefined) return []
  const kept = browserCopy(found)
  if (kept.length > 0) return kept
  // Of a verdict that has lost its response, nothing but the status is known.
  if (!evidence.hasLines) return [...refused(found, evidence), NOT_COVERED]
  if (evidence.isOriginListed === false) return [othersOnly(found, evidence)]
  const certain = certainCauses(found, evidence)
  if (certain.length > 0)
    return certain[0]?.causes[0] === 'cached' ? certain : [...cachedCopy(found, evidence), ...certain]
  if (evidence.traces.length > 0) return [...cachedCopy(found, evidence), rulesRan(found, evidence)]
  const causes =
    found.blockedAt === 'preflight'
      ? preflightCauses(found, evidence, status)
      : responseCauses(found, evidence, status)
  return [...cachedCopy(found, evidence), ...causes]
}

/** Something in the response shows that the CORS rules ran. */
function rulesRan(found: BlockedCase, { traces, isOriginListed }: Evidence): PossibleCause {
  const shows = `${listed(traces.slice(0, 2).map(quoted))} ${traces.length === 1 ? 'shows' : 'show'} that the CORS rules ran`
  if (isOriginListed !== true)
    return {
      causes: isInProcess(found) ? ['origin-not-listed'] : ['origin-not-listed', 'origin-not-passed-on'],
      words: `${shows}, so ${thisOrigin(found)} is not on the server's list${isInProcess(found) ? '' : ', or a proxy in between drops `Origin` or this header'}`,
    }
  return found.blockedAt === 'preflight'
    ? {
        causes: refusableParts(found).causes,
        words: `${shows}, and other responses allow this origin, so ${refusableParts(found).words || 'this request'} is refused`,
      }
    : {
        causes: ['errors-without-cors'],
        words: `${shows}, and other responses allow this origin, so something takes the header away again, such as an error handler that resets the headers`,
      }
}

/** Nothing stands between us and an app in this process. */
function isInProcess({ verdict }: BlockedCase): boolean {
  return APP_HOSTS.includes(new URL(verdict.hop.url).hostname)
}

/** The same question of another origin was granted. */
function othersOnly(found: BlockedCase, { otherOrigin }: Evidence): PossibleCause {
  return {
    causes: ['origin-not-listed'],
    words: `the server allows the same to ${quoted(otherOrigin ?? '')}, so ${thisOrigin(found)} is not on its list`,
  }
}

const NOT_COVERED: PossibleCause = {
  causes: ['no-cors-here'],
  words: 'this response is sent without CORS rules',
}

function thisOrigin({ verdict }: BlockedCase): string {
  return quoted(verdict.hop.origin)
}

/** What of this preflight a list of the server may lack beside the origin. */
function refusableParts({ asked }: BlockedCase): {
  readonly causes: readonly CorsCause[]
  readonly words: string
} {
  const methods = asked.methods.filter((method) => !isCorsSafelistedMethod(method))
  const { headers } = asked
  return {
    causes: [
      ...(methods.length > 0 ? (['method-not-listed'] as const) : []),
      ...(headers.length > 0 ? (['header-not-listed'] as const) : []),
    ],
    words: [
      ...(methods.length > 0 ? [listed(methods.map(quoted), 'or')] : []),
      ...(headers.length > 0 ? [`the header ${listed(headers.map(quoted), 'or')}`] : []),
    ].join(', or '),
  }
}

/** Where CORS rules refuse a method or a header as they refuse an origin: with a bare response, or with a status of their own. */
function refusesAlike({ hasAllow }: Evidence, status: number): boolean {
  return status === 400 || status === 403 || (isOkStatus(status) && !hasAllow)
}

/** Without a trace, the server may have refused what was asked all the same: many leave none. */
function refused(found: BlockedCase, evidence: Evidence): PossibleCause[] {
  const { status = 0, blockedAt } = found
  const parts =
    blockedAt === 'preflight' && refusesAlike(evidence, status)
      ? refusableParts(found)
      : { causes: [], words: '' }
  if (evidence.isOriginListed === true)
    return parts.causes.length === 0
      ? []
      : [{ causes: parts.causes, words: `${parts.words} is not on the server's list` }]
  const beside = parts.causes.length === 0 ? '' : ` (or ${parts.words})`
  return [
    {
      causes: ['origin-not-listed', ...parts.causes],
      words: refusalWords(`${thisOrigin(found)}${beside} is not on the server's list`, evidence, status),
    },
  ]
}

/** What else it takes for a refusal to look like this response. */
function refusalWords(words: string, { hasLines, hasAllow }: Evidence, status: number): string {
  if (!hasLines) return words
  if (status === 500) return `the CORS rules throw because ${words}`
  return (hasAllow && isOkStatus(status)) || PASSED_ON.has(status)
    ? `${words} (some CORS rules pass a request on that they refuse)`
    : words
}

/** What responds to a request that was passed on. */
const PASSED_ON: ReadonlySet<number> = new Set([401, 404, 405])

const NO_ROUTE: PossibleCause = {
  causes: ['no-options-route', 'no-cors-here'],
  words: 'the server has no route for OPTIONS at this path and no CORS rules that run before its routes',
}

/** What a status of a preflight suggests where no header shows anything. */
function preflightCauses(found: BlockedCase, evidence: Evidence, status: number): PossibleCause[] {
  const refusal = refused(found, evidence)
  if (isOkStatus(status)) {
    const uncovered: PossibleCause = evidence.hasAllow
      ? {
          causes: ['no-cors-here', 'no-options-route'],
          words:
            'the router responded to OPTIONS by itself (it sent `Allow`), and the CORS rules do not run for OPTIONS at this path, as where they are mounted on a single route',
        }
      : { causes: ['no-cors-here'], words: 'something responds to OPTIONS there without CORS rules' }
    return evidence.hasAllow && !evidence.servers.includes('flask')
      ? [uncovered, ...refusal]
      : [...refusal, uncovered]
  }
  const cause = statusCause(status)
  if (cause === undefined) return refusal
  if (cause.causes[0] === 'gateway') return [cause]
  return REFUSAL_FIRST.has(status) ? [...refusal, cause] : [cause, ...refusal]
}

/** What the status of a preflight suggests, where nothing else is known. */
export function statusCause(status: number): PossibleCause | undefined {
  return (
    PREFLIGHT_CAUSES[status] ??
    (status >= 500 ? FAILS : status >= 400 ? REFUSES : status >= 300 ? REDIRECTED : undefined)
  )
}

/** CORS rules themselves refuse with these: filters of Java's and Starlette's do, and rules that throw. */
const REFUSAL_FIRST: ReadonlySet<number> = new Set([400, 403, 500])

const FAILS: PossibleCause = {
  causes: ['server-fails'],
  words: 'the server fails on OPTIONS: its handler or its CORS set-up throws',
}
const REFUSES: PossibleCause = {
  causes: ['no-cors-here'],
  words: 'the server refuses OPTIONS before any CORS rules run',
}

const REDIRECTED: PossibleCause = {
  causes: ['redirected'],
  words: 'a preflight needs a fresh response from the URL it was sent to',
}

const PREFLIGHT_CAUSES: Readonly<Record<number, PossibleCause>> = {
  400: {
    causes: ['no-cors-here'],
    words: 'the server rejects OPTIONS itself before any CORS rules run',
  },
  401: {
    causes: ['auth-before-cors'],
    words: 'authentication runs before CORS, and preflights never carry credentials',
  },
  403: {
    causes: ['auth-before-cors', 'no-cors-here'],
    words: 'something refuses OPTIONS before any CORS rules run, such as authentication or a firewall',
  },
  404: NO_ROUTE,
  405: NO_ROUTE,
  407: { causes: ['gateway'], words: 'a proxy asks for credentials, and preflights never carry any' },
  413: { causes: ['gateway'], words: 'a proxy refuses the request by its size before CORS rules run' },
  415: {
    causes: ['no-options-route', 'no-cors-here'],
    words: 'a route that requires a Content-Type handles OPTIONS, and preflights have no body',
  },
  426: { causes: ['gateway'], words: 'the server asks for another protocol before its CORS rules run' },
  429: { causes: ['rate-limit'], words: 'a rate limit counts preflights and responds before CORS rules run' },
  501: NO_ROUTE,
  502: { causes: ['gateway'], words: 'the proxy passes OPTIONS on to a server it cannot reach' },
  503: { causes: ['gateway'], words: 'the server, or what its proxy passes OPTIONS on to, is not available' },
  504: { causes: ['gateway'], words: 'the proxy passes OPTIONS on to a server that does not respond' },
}

/** What the response to the request itself suggests where no header shows anything. */
function responseCauses(found: BlockedCase, evidence: Evidence, status: number): PossibleCause[] {
  const refusal = refused(found, evidence)
  const uncovered = uncoveredResponse(found, evidence, status)
  // Express keeps the headers that its CORS rules have set on every error that a route throws.
  const isThrown = status === 500 && evidence.servers.includes('express')
  const refusalFirst = isOkStatus(status) || status === 403 || isThrown
  return refusalFirst ? [...refusal, uncovered] : [uncovered, ...refusal]
}

/** What runs before CORS rules and responds with these. */
const EARLIER: Readonly<Record<number, string>> = {
  400: 'the body is read, and refused, before they run',
  401: 'authentication runs before them',
  403: 'something refuses the request before they run, such as a CSRF check or a firewall',
  405: 'the routes refuse this method before they run',
  407: 'authentication runs before them',
  413: 'the size of the body is checked before they run',
}

/** The servers whose signature says that the app itself responded. */
const IN_APP: ReadonlySet<ServerName> = new Set(['express', 'nest', 'koa', 'hono', 'fastify', 'h3', 'php'])

/** The statuses that nginx's `add_header` covers without `always`. */
const NGINX_COVERED: ReadonlySet<number> = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308])

function uncoveredResponse(found: BlockedCase, evidence: Evidence, status: number): PossibleCause {
  const { redirect, servers } = evidence
  if (found.blockedAt === 'redirect')
    return {
      causes: ['redirected', 'no-cors-here'],
      words: `the server redirects before its CORS rules run, or they leave out this path${redirect === null ? '' : ` (${redirectAdvice(redirect, false)})`}`,
    }
  if (redirect !== null && leadsToLogin(evidence))
    return {
      causes: ['redirected', 'auth-before-cors'],
      words: `the redirect before it is the cause: ${redirectAdvice(redirect, false)}`,
    }
  if (status === 304)
    return {
      causes: ['cached', 'no-cors-here'],
      words: 'a 304 needs the header too, unless the response in the cache has it',
    }
  if (isOkStatus(status) || status < 400)
    return { causes: ['no-cors-here'], words: 'no CORS rules run for this path' }
  const GATEWAY = [502, 503, 504]
  if (GATEWAY.includes(status))
    return servers.some((name) => IN_APP.has(name))
      ? {
          causes: ['errors-without-cors', 'gateway'],
          words: `no CORS rules ran for this ${status}: the app sends it before they run, as for maintenance, or passes it on from a gateway`,
        }
      : {
          causes: ['gateway', 'errors-without-cors'],
          words: `a proxy or gateway responds with ${status} in place of the app, and adds no CORS headers to its own errors`,
        }
  if (status === 429)
    return {
      causes: ['rate-limit', 'errors-without-cors'],
      words: 'a rate limit responds before CORS rules run, so the page cannot even see the 429',
    }
  const always =
    servers.includes('nginx') && !NGINX_COVERED.has(status)
      ? 'nginx adds headers to errors only with `always`'
      : servers.includes('apache')
        ? 'Apache sets headers of errors only with `Header always`'
        : null
  // The rules are there, and know the origin: that there are none, or none for this path, is no cause any more.
  if (differencesOf(found).isPreflightGranted) {
    const stripped = 'an error handler takes the headers away again'
    const earlier = EARLIER[status] ?? 'something responds before they run'
    const ways = [
      ...(always === null ? [] : [always]),
      ...(status === 500 ? [stripped, earlier] : [earlier, stripped]),
    ]
    return {
      causes: [...(status === 401 ? (['auth-before-cors'] as const) : []), 'errors-without-cors'],
      words: `preflights for this URL are allowed, so the CORS rules know this origin, but they leave out this ${status} (${ways.join(', or ')})`,
    }
  }
  const inFront = always === null ? '' : `${always}, `
  if (status === 401)
    return {
      causes: ['auth-before-cors', 'errors-without-cors', 'no-cors-here'],
      words: `no CORS rules ran for this 401 (${inFront}authentication runs before them, or they leave out errors or this path)`,
    }
  return {
    causes: ['errors-without-cors', 'no-cors-here'],
    words: `no CORS rules ran for this ${status} (${inFront}they leave out ${status === 403 ? 'what is refused before them' : 'error responses'} or this path, or there are none)`,
  }
}
