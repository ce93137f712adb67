/** What single responses show to be wrong with a policy, whoever it lets in. */

import { type CorsResponseHeader, corsResponseHeaders, misspeltAs } from '../diagnose/misspelt.js'
import {
  containsHeader,
  decodeAndSplit,
  getHeader,
  type HeaderList,
  headerLines,
} from '../fetch/header-list.js'
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { parseOrigin } from '../fetch/origin.js'
import { siteRelation } from '../page/site.js'
import { counted, listed, quoted, shown, shownUrl } from '../text/shown.js'
import { APP_HOSTS } from '../verdict/client.js'
import type { Exchange } from '../verdict/verdict.js'
import { findingOf } from './audit-evidence.js'
import type { AuditFinding, AuditFindingId, AuditSeverity } from './audit-report.js'

/** What is wrong with one response. */
interface Fault {
  readonly severity: AuditSeverity
  readonly explanation: string
  readonly cause?: string
  readonly fix?: string
}

/** What each kind looks for in a response to a page of a trusted origin. */
const RULES: readonly (readonly [id: AuditFindingId, find: (exchange: Exchange) => Fault | undefined])[] = [
  ['duplicate-lines', duplicateLines],
  ['non-canonical-origin', nonCanonicalOrigin],
  ['misspelt-header', misspeltHeader],
  ['wildcard-with-credentials', wildcardWithCredentials],
  ['literal-wildcard', literalWildcard],
  ['max-age', maxAge],
  ['resource-policy', resourcePolicy],
]

/** One finding of each kind at most, by the first response that shows it. */
export function policyFindings(exchanges: readonly Exchange[], url: string): AuditFinding[] {
  return RULES.flatMap(([id, find]) => {
    for (const exchange of exchanges) {
      const fault = find(exchange)
      if (fault !== undefined)
        return [findingOf(id, { ...fault, url, ...originOf(exchange), shows: [exchange] })]
    }
    return []
  })
}

/** Those that keep a trusted origin out. */
export function refusalFindings(exchange: Exchange, url: string): AuditFinding[] {
  return policyFindings([exchange], url).filter(
    ({ id, severity }) => KEEPS_OUT.has(id) && severity === 'dysfunctional',
  )
}

const KEEPS_OUT: ReadonlySet<AuditFindingId> = new Set([
  'duplicate-lines',
  'non-canonical-origin',
  'misspelt-header',
])

function originOf({ request }: Exchange): Pick<AuditFinding, 'origin'> {
  const origin = getHeader(request.headers, 'origin')
  return origin === null ? {} : { origin }
}

const ORIGIN = 'Access-Control-Allow-Origin'
const CREDENTIALS = 'Access-Control-Allow-Credentials'
const MAX_AGE = 'Access-Control-Max-Age'
const EXPOSE = 'Access-Control-Expose-Headers'

/** The response, as a sentence begins with it. */
function responseTo({ kind, request: { method, url } }: Exchange): string {
  return kind === 'preflight' ? 'The preflight response' : `The response to ${shown(method)} ${shownUrl(url)}`
}

/** Headers that hold one value; the lines of the others add up. */
function duplicateLines(exchange: Exchange): Fault | undefined {
  for (const name of [ORIGIN, CREDENTIALS, MAX_AGE]) {
    const lines = headerLines(exchange.response.headers, name)
    const values = lines.flatMap(decodeAndSplit).filter((value) => value !== '')
    if (values.length < 2) continue
    const isOne = lines.length === 1 && new Set(values).size === values.length
    return {
      severity: name === MAX_AGE ? 'cosmetic' : 'dysfunctional',
      explanation: `${responseTo(exchange)} has ${counted(values.length)} values in ${name}, where browsers take one: ${listed(values.map(quoted))}.`,
      ...(isOne && name === ORIGIN
        ? {
            cause: 'The list of allowed origins is sent as it is.',
            fix: 'Send the Origin of the request where it is on the list, with `Vary: Origin`.',
          }
        : {}),
    }
  }
  return undefined
}

function nonCanonicalOrigin({ response: { headers }, ...exchange }: Exchange): Fault | undefined {
  const value = getHeader(headers, ORIGIN)
  if (value === null || value === '*' || value.includes(',')) return undefined
  const severity = 'dysfunctional'
  const has = `${responseTo({ response: { status: 0, headers }, ...exchange })} has ${quoted(`${ORIGIN}: ${value}`)}`
  if (value.includes('*'))
    return {
      severity,
      explanation: `${has}, which is a pattern, and browsers support no pattern other than a lone \`*\`.`,
      cause: 'The pattern of allowed origins is sent as it is.',
      fix: 'Send the Origin of the request where it matches, with `Vary: Origin`.',
    }
  const parsed = parseOrigin(value)
  if (parsed.kind !== 'invalid') return undefined
  const sent = parsed.canonical === undefined ? '' : `; browsers send ${quoted(parsed.canonical)}`
  return {
    severity,
    explanation: `${has}, which is not an origin as browsers write it${sent}.`,
    ...(parsed.canonical === undefined ? {} : { fix: `Write ${quoted(parsed.canonical)}.` }),
  }
}

function misspeltHeader(exchange: Exchange): Fault | undefined {
  const { headers } = exchange.response
  for (const name of corsResponseHeaders) {
    const wrong = misspeltAs(headers, name)
    if (wrong === undefined) continue
    const isThere = containsHeader(headers, name)
    return {
      severity: isThere || !decides(name, exchange) ? 'cosmetic' : 'dysfunctional',
      explanation: `${responseTo(exchange)} has ${quoted(wrong)}, which no browser knows: the header is called ${name}.`,
      fix: `Write ${name}.`,
    }
  }
  return undefined
}

/** Whether browsers look at a header in such a response. */
function decides(name: CorsResponseHeader, { kind }: Exchange): boolean {
  if (name === ORIGIN || name === CREDENTIALS) return true
  return (name === EXPOSE) === (kind === 'request')
}

function allowsCredentials(headers: HeaderList): boolean {
  return getHeader(headers, CREDENTIALS) === 'true'
}

function wildcardWithCredentials(exchange: Exchange): Fault | undefined {
  const { headers } = exchange.response
  if (getHeader(headers, ORIGIN) !== '*' || !allowsCredentials(headers)) return undefined
  return {
    severity: 'dysfunctional',
    explanation: `${responseTo(exchange)} has \`${ORIGIN}: *\` and \`${CREDENTIALS}: true\`, which browsers refuse together: no page reads it with cookies.`,
  }
}

/** Which lists a response is looked at for. */
const LISTS = {
  preflight: ['Access-Control-Allow-Methods', 'Access-Control-Allow-Headers'],
  request: [EXPOSE],
} as const

function literalWildcard(exchange: Exchange): Fault | undefined {
  const { headers } = exchange.response
  if (getHeader(headers, ORIGIN) === '*' || !allowsCredentials(headers)) return undefined
  const wild = LISTS[exchange.kind].filter((name) =>
    headerLines(headers, name).flatMap(decodeAndSplit).includes('*'),
  )
  if (wild.length === 0) return undefined
  return {
    severity: 'dysfunctional',
    explanation: `${responseTo(exchange)} has \`*\` in ${listed([...wild])} and \`${CREDENTIALS}: true\`: with cookies it is not a wildcard there, but the name \`*\`.`,
  }
}

/** As long as any browser keeps a preflight. */
const LONGEST = 86_400

function maxAge(exchange: Exchange): Fault | undefined {
  const value = getHeader(exchange.response.headers, MAX_AGE)
  if (exchange.kind !== 'preflight' || value === null || value.includes(',')) return undefined
  const why = !/^[+-]?\d+$/.test(value)
    ? 'which is not a number of seconds: browsers keep a preflight for some seconds then, or not at all'
    : Number(value) > LONGEST
      ? 'which is longer than a day, the most for which any browser keeps a preflight'
      : Number(value) < -1
        ? 'which is less than nothing: 0 has it not kept at all'
        : undefined
  return why === undefined
    ? undefined
    : {
        severity: 'cosmetic',
        explanation: `${responseTo(exchange)} has ${quoted(`${MAX_AGE}: ${value}`)}, ${why}.`,
      }
}

function resourcePolicy(exchange: Exchange): Fault | undefined {
  const { request, response, kind } = exchange
  const policy = getHeader(response.headers, 'cross-origin-resource-policy')
  const origin = getHeader(request.headers, 'origin')
  if (kind === 'preflight' || origin === null) return undefined
  if (policy !== 'same-origin' && !(policy === 'same-site' && isCrossSite(origin, request.url)))
    return undefined
  const allowed = getHeader(response.headers, ORIGIN)
  if (allowed === null || (allowed !== '*' && allowed !== origin)) return undefined
  return {
    severity: 'cosmetic',
    explanation: `${responseTo(exchange)} lets ${allowed === '*' ? 'every page' : `pages at ${shown(allowed)}`} read it, and has ${quoted(`Cross-Origin-Resource-Policy: ${policy}`)}, by which the same pages cannot show it without CORS, in an <img> or a <video>.`,
  }
}

/** Where a server on this machine or an app in this process will be deployed is not known. */
function isCrossSite(origin: string, url: string): boolean {
  const target = new URL(url)
  const page = parseOrigin(origin)
  if (page.kind === 'invalid' || isLoopbackHost(target.hostname) || APP_HOSTS.includes(target.hostname))
    return false
  return siteRelation(page, target) === 'cross-site'
}
