/** Words for the failures of `Access-Control-Allow-Origin`. */
import { quoted } from '../../text/shown.js'
import { type BlockedCase, isObserved } from '../case.js'
import { evidenceOf } from '../evidence.js'
import { misspeltAs } from '../misspelt.js'
import { eitherOr } from './cause.js'
import { browserCopy } from './why-cached.js'
import { mismatchCauses, severalValues } from './why-mismatch.js'
import { missingCauses } from './why-missing.js'
import { leadsToLogin } from './why-redirected.js'
import {
  hasHeader,
  onSeveralLines,
  orNothing,
  pageWords,
  requestWords,
  responseWords,
  taintWords,
} from './words.js'

const HEADER = 'Access-Control-Allow-Origin'

/** What the page cannot do now. */
function consequence(found: BlockedCase): string {
  const { blockedAt, verdict } = found
  if (blockedAt === 'preflight')
    return `the browser does not send ${requestWords(found)} for ${pageWords(found)}`
  if (blockedAt === 'redirect')
    return 'the browser does not follow it: every redirect of a cross-origin request has to pass the CORS check itself'
  const verb = verdict.as === undefined ? 'read' : 'use'
  return verdict.origin === 'null'
    ? `a page with an opaque origin may not ${verb} it`
    : `a page at ${verdict.origin} may not ${verb} it`
}

/** `Access-Control-Allow-Origin` is absent. */
export function missingAllowOrigin(found: BlockedCase): string {
  return `${responseWords(found)} has no ${HEADER} header, so ${consequence(found)}${orNothing(whyMissing(found))}`
}

function whyMissing(found: BlockedCase): string | null {
  const misspelt = found.lines === undefined ? undefined : misspeltAs(found.lines, HEADER)
  if (misspelt !== undefined) return `it has ${quoted(misspelt)} instead, a name no browser knows`
  const evidence = evidenceOf(found)
  const taint = taintWords(found)
  if (taint !== null && !leadsToLogin(evidence))
    return `${taint}, and the server does not allow that: have the page ask for the final URL at once`
  return eitherOr(missingCauses(found, evidence))
}

/** The header holds several values. */
export function multipleAllowOrigin(found: BlockedCase): string {
  const value = found.verdict.value ?? ''
  const lines = onSeveralLines(found, HEADER)
  const start = responseWords(found)
  if (lines !== null) {
    return `${start} has ${HEADER} ${lines}, and only one is allowed: two layers, such as a proxy and the app behind it, probably both add it`
  }
  if (!value.includes(','))
    return `${start} ${hasHeader(HEADER, value)}, which contains a space; the value must be one origin or a lone \`*\`, and nothing else`
  return `${start} has several values in ${HEADER} (${quoted(value)}), and only one is allowed: ${eitherOr(severalValues(value)) ?? ''}`
}

const ODD_VALUES: readonly (readonly [RegExp, string])[] = [
  [/^["'].*["']$/, 'the quotes around it count as part of the value'],
  [
    /^(undefined|null|none|false|true|\[object .*\])$/i,
    'it looks like a variable of the server that was never filled in',
  ],
  [/[$%{}]/, 'it looks like a placeholder of the server that was never filled in'],
  [/^[^*]*:\/\/.*\*/, 'browsers support no patterns, only a lone `*` or one exact origin'],
  [/\*/, 'browsers support no patterns, only a lone `*` or one exact origin'],
  [/^\/\//, 'it has no scheme such as `https:`'],
  [/^[a-z][a-z0-9+.-]*:\/\//i, 'it does not parse as a URL'],
  [/^[a-z0-9.-]+(:\d+)?\/?$/i, 'it has no scheme such as `https://`'],
]

/** The value is not an origin at all. */
export function invalidAllowOrigin(found: BlockedCase): string {
  const value = found.verdict.value ?? ''
  if (value === '') {
    return `${responseWords(found)} has an empty ${HEADER} header, and it has to hold the origin that asked, ${quoted(found.verdict.hop.origin)}, or a lone \`*\`; either this origin is not on the server's list, or what the header is filled in from is empty, such as a variable that is not set`
  }
  const why = ODD_VALUES.find(([pattern]) => pattern.test(value))?.[1] ?? 'it is neither an origin nor `*`'
  return `${responseWords(found)} ${hasHeader(HEADER, value)}, which is not the origin that asked, ${quoted(found.verdict.hop.origin)}; ${why}`
}

/** The value is an origin, but another one. */
export function allowOriginMismatch(found: BlockedCase): string {
  const { hop } = found.verdict
  const value = found.verdict.value ?? ''
  const start = `${responseWords(found)} ${hasHeader(HEADER, value)}, but the origin that asked is ${quoted(hop.origin)}`
  return start + orNothing(whyMismatch(found, hop.origin, value))
}

function whyMismatch(found: BlockedCase, origin: string, value: string): string | null {
  const taint = taintWords(found)
  if (taint !== null) return taint
  if (!isObserved(found) && value === new URL(found.verdict.hop.url).origin) {
    return "it names the server's own origin, and it has to name the page's"
  }
  return eitherOr(mismatchCauses(found, evidenceOf(found), origin, value))
}

/** `*`, and the request has credentials. */
export function wildcardWithCredentials(found: BlockedCase): string {
  const origin = found.verdict.hop.origin
  return `${responseWords(found)} has \`${HEADER}: *\`, which does not count for a request with credentials (${credentialsWords(found)}): the server has to name the origin, ${quoted(origin)}${orNothing(browserCopy(found)[0]?.words)}`
}

/** How the page asked for credentials. */
function credentialsWords(found: BlockedCase): string {
  if (!found.verdict.credentials)
    return 'this browser judges a request after two redirects like one with credentials'
  switch (found.verdict.initiator) {
    case 'fetch':
      return "`credentials: 'include'`"
    case 'element':
      return '`crossorigin="use-credentials"`'
    default:
      return '`withCredentials`'
  }
}

const CREDENTIALS = 'Access-Control-Allow-Credentials'

/** `Access-Control-Allow-Credentials` is not exactly `true`. */
export function invalidAllowCredentials(found: BlockedCase): string {
  const { value } = found.verdict
  const start = responseWords(found)
  const who = `the page asks with credentials (${credentialsWords(found)})`
  if (value === null || value === undefined) {
    const misspelt = found.lines === undefined ? undefined : misspeltAs(found.lines, CREDENTIALS)
    return `${start} has no ${CREDENTIALS} header, and ${who}, so it has to say \`${CREDENTIALS}: true\`${orNothing(
      misspelt === undefined
        ? browserCopy(found)[0]?.words
        : `it has ${quoted(misspelt)} instead, a name no browser knows`,
    )}`
  }
  const lines = onSeveralLines(found, CREDENTIALS)
  if (lines !== null) {
    return `${start} has ${CREDENTIALS} ${lines}, which a browser reads as ${quoted(value)} and not as \`true\`: two layers, such as a proxy and the app behind it, probably both add it`
  }
  return `${start} ${hasHeader(CREDENTIALS, value)}, and ${who}, so it has to be exactly \`true\`${orNothing(oddCredentials(value))}`
}

function oddCredentials(value: string): string | null {
  if (value.toLowerCase() === 'true') return 'browsers compare it byte for byte, in lower case'
  if (/^true\s*(,\s*true\s*)+$/.test(value)) return 'two layers probably both add it'
  if (value === 'false') return 'where credentials are not allowed, leave the header out'
  if (value === '*') return '`*` is not a wildcard here'
  return null
}
