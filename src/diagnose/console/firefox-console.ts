/** What Firefox prints. */

import { deviationsOf } from '../../engines/profiles.js'
import { type CorsCheckFailure, corsCheck } from '../../fetch/cors-check.js'
import type { CorsFailureCode } from '../../fetch/failure.js'
import { extractHeaderListValues, headerLines } from '../../fetch/header-list.js'
import { isCorsSafelistedMethod } from '../../fetch/methods.js'
import { isHttpScheme } from '../../fetch/origin.js'
import { locationUrl } from '../../fetch/redirect.js'
import {
  type ConsoleCase,
  type ConsoleWriter,
  disallowedHeaders,
  mimeTypeOf,
  redirectUrl,
  replaceNonAscii,
} from './console-case.js'

/** `Cross-Origin Request Blocked: … (Reason: …).` */
function blocked(url: string, reason: string, status?: number | '(null)'): string {
  const code = status === undefined ? '' : ` Status code: ${status}.`
  return `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ${url}. (Reason: ${reason}).${code}`
}

function didNotSucceed(found: ConsoleCase): string {
  return blocked(found.url, 'CORS request did not succeed', '(null)')
}

/** What follows every refusal of a preflight or a redirect. */
function onTheWay(found: ConsoleCase, text: string): string {
  const followed = found.blockedAt === 'redirect' && found.verdict.redirect === 'follow'
  return found.blockedAt === 'preflight' || followed ? `${text}\n${didNotSucceed(found)}` : text
}

/** Bytes that are no UTF-8 are shown as replacement characters. */
const shownBytes = (text: string): string => replaceNonAscii(text, () => '\ufffd')

const ALLOW_ORIGIN = '‘Access-Control-Allow-Origin’'

function reason(write: (found: ConsoleCase) => string, withStatus = false): ConsoleWriter {
  return (found) => onTheWay(found, blocked(found.url, write(found), withStatus ? found.status : undefined))
}

/** What is said of a failed CORS check, whichever response it was on. */
function corsCheckLine(found: ConsoleCase, code: CorsCheckFailure['code'], value: string): string {
  switch (code) {
    case 'missing-allow-origin':
      return blocked(found.url, `CORS header ${ALLOW_ORIGIN} missing`, found.status)
    case 'wildcard-allow-origin-with-credentials':
      return blocked(
        `‘${found.url}’`,
        `Credential is not supported if the CORS header ${ALLOW_ORIGIN} is ‘*’`,
      )
    case 'invalid-allow-credentials':
      return blocked(found.url, 'expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’')
    default:
      return blocked(found.url, notMatching(found, value))
  }
}

/** Several lines have a message of their own; several values on one line just do not match. */
function notMatching(found: ConsoleCase, value: string): string {
  const lines = found.lines === undefined ? [] : headerLines(found.lines, 'access-control-allow-origin')
  if (lines.length > 1) return `Multiple CORS header ${ALLOW_ORIGIN} not allowed`
  return `CORS header ${ALLOW_ORIGIN} does not match ‘${shownBytes(value)}’`
}

/** A redirect whose `Location` does not parse fails before its CORS check. */
function corsCheckFailed(code: CorsCheckFailure['code']): ConsoleWriter {
  return (found) => {
    if (found.blockedAt === 'redirect' && redirectTarget(found) === 'failure') return didNotSucceed(found)
    return onTheWay(found, corsCheckLine(found, code, found.verdict.value ?? ''))
  }
}

function redirectTarget(found: ConsoleCase): URL | null | 'failure' {
  return found.lines === undefined
    ? null
    : locationUrl(
        found.lines,
        new URL(found.verdict.hop.url),
        deviationsOf(found.verdict.engine).redirect.locationLines,
      )
}

/**
 * A redirect of a preflight is first checked like any response, then refused, then checked once more as if it had been followed: by then
 * the origin is `null` where the redirect leads from a foreign origin to another.
 */
function preflightRedirect(found: ConsoleCase): string {
  const { verdict } = found
  const { credentials, hop } = verdict
  const lines = found.lines ?? []
  const first = found.lines === undefined ? null : corsCheck({ origin: hop.origin, credentials }, lines)
  if (first !== null) {
    return `${corsCheckLine(found, first.code, first.value ?? '')}\n${didNotSucceed(found)}`
  }
  const target = redirectTarget(found)
  const crosses = target !== null && target !== 'failure' && target.origin !== new URL(hop.url).origin
  const second =
    found.lines === undefined
      ? null
      : corsCheck({ origin: crosses ? 'null' : hop.origin, credentials }, lines)
  const line =
    second === null
      ? blocked(found.url, 'CORS preflight response did not succeed', found.status)
      : corsCheckLine(found, second.code, second.value ?? '')
  return [blocked(found.url, 'CORS request external redirect not allowed'), line, didNotSucceed(found)].join(
    '\n',
  )
}

function part(found: ConsoleCase): string {
  return shownBytes(found.verdict.part ?? '')
}

/** A page with an opaque origin is shown as a principal whose id is new in every page. */
const NULL_PRINCIPAL_ID = '{00000000-0000-0000-0000-000000000000}'

function contentAt(found: ConsoleCase): string {
  if (found.verdict.origin !== 'null') return found.page
  return `moz-nullprincipal:${NULL_PRINCIPAL_ID}?${new URL(found.verdict.page).origin}`
}

function sameOriginMode(found: ConsoleCase): string | null {
  if (!isHttpScheme(new URL(found.verdict.hop.url).protocol.slice(0, -1))) return null
  if (found.verdict.as === 'sharedworker') return null
  const url = found.verdict.as === undefined ? found.url : found.url.replace(/#.*$/s, '')
  return `Security Error: Content at ${contentAt(found)} may not load data from ${url}.`
}

function unsupportedScheme(found: ConsoleCase): string | null {
  if (found.verdict.mode === 'no-cors') return null
  if (part(found) === 'file:')
    return `Security Error: Content at ${contentAt(found)} may not load or link to ${found.url}.`
  return blocked(found.url, 'CORS request not http')
}

/** The second line is left out for a redirect from the page's own origin. `data:` counts as a scheme for CORS, and is refused all the same. */
function redirectToUnsupportedScheme(found: ConsoleCase): string {
  const target = redirectUrl(found)
  if (target.startsWith('data:')) return didNotSucceed(found)
  const line = blocked(found.show(target), 'CORS request not http')
  const sameOrigin = new URL(found.verdict.hop.url).origin === found.verdict.origin
  return sameOrigin ? line : onTheWay(found, line)
}

/** The method is looked for before the header names are read. */
function invalidAllowHeaders(found: ConsoleCase): string {
  const { method, credentials } = found.verdict
  const { values } = extractHeaderListValues(found.lines ?? [], 'access-control-allow-methods')
  const known = found.lines !== undefined && values !== 'failure'
  const allowed =
    values !== 'failure' && (values?.includes(method) || (values?.includes('*') && !credentials))
  if (known && !isCorsSafelistedMethod(method) && !allowed) return METHOD_NOT_FOUND
  return `invalid token ‘${part(found)}’ in CORS header ‘Access-Control-Allow-Headers’`
}

const METHOD_NOT_FOUND = 'Did not find method in CORS header ‘Access-Control-Allow-Methods’'

/** The first of them in alphabetical order. */
function headerNotAllowed(found: ConsoleCase): string {
  const name = disallowedHeaders(found).sort()[0] ?? part(found)
  return `header ‘${name}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response`
}

function elementContentType(found: ConsoleCase): string | null {
  const line = typeLine(found)
  return line !== null && isCorsLoad(found) ? `${line}\n${didNotSucceed(found)}` : line
}

/** Whether a script was asked for with CORS: that it has the wrong type is then taken for a failure of the request. */
function isCorsLoad({ verdict: { as, mode, hop, origin } }: ConsoleCase): boolean {
  return (as === 'script' || as === 'module') && mode === 'cors' && new URL(hop.url).origin !== origin
}

function typeLine(found: ConsoleCase): string | null {
  const type = mimeTypeOf(found)
  switch (found.verdict.as) {
    case 'script':
      return `Script from “${found.url}” was blocked because of a disallowed MIME type (“${type}”).`
    case 'module':
      return `Loading module from “${found.url}” was blocked because of a disallowed MIME type (“${type}”).`
    case 'style':
      return `The stylesheet ${found.url} was not loaded because its MIME type, “${type}”, is not “text/css”.`
    default:
      return null
  }
}

const WRITERS: Readonly<Partial<Record<CorsFailureCode, ConsoleWriter>>> = {
  'missing-allow-origin': corsCheckFailed('missing-allow-origin'),
  'multiple-allow-origin': corsCheckFailed('multiple-allow-origin'),
  'invalid-allow-origin': corsCheckFailed('invalid-allow-origin'),
  'allow-origin-mismatch': corsCheckFailed('allow-origin-mismatch'),
  'wildcard-allow-origin-with-credentials': corsCheckFailed('wildcard-allow-origin-with-credentials'),
  'invalid-allow-credentials': corsCheckFailed('invalid-allow-credentials'),
  'preflight-redirect': preflightRedirect,
  'preflight-status': reason(() => 'CORS preflight response did not succeed', true),
  'invalid-allow-methods': reason(
    (found) => `invalid token ‘${part(found)}’ in CORS header ‘Access-Control-Allow-Methods’`,
  ),
  'invalid-allow-headers': reason(invalidAllowHeaders),
  'method-not-allowed': reason(() => METHOD_NOT_FOUND),
  'header-not-allowed': reason(headerNotAllowed),
  'unsupported-scheme': unsupportedScheme,
  'redirect-to-unsupported-scheme': redirectToUnsupportedScheme,
  'redirect-with-credentials': didNotSucceed,
  'redirect-invalid-location': didNotSucceed,
  'too-many-redirects': didNotSucceed,
  'same-origin-mode': sameOriginMode,
  'resource-policy': (found) =>
    `The resource at “${found.url}” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#`,
  'element-content-type': elementContentType,
  'mixed-content': (found) => `Blocked loading mixed active content “${found.url}”`,
}

/** What an element adds, by whether CORS refused what it asked for. */
function elementLine(found: ConsoleCase): string | null {
  const { preload } = found.verdict
  if (found.blockedAt === 'request' || preload === 'made') return null
  if (preload === 'used' && found.verdict.as === 'module') return null
  const isCors = !BEYOND_CORS.has(found.code) || (found.code === 'element-content-type' && isCorsLoad(found))
  const url = `“${found.firstUrl}”`
  switch (found.verdict.as) {
    case 'script':
      return isCors
        ? `<script> source URI is not allowed in this document: ${url}.`
        : `Loading failed for the <script> with source ${url}.`
    case 'module':
      if (!isCors) return `Loading failed for the module with source ${url}.`
      return [
        ...(found.blockedAt === 'redirect' ? [typeLine({ ...found, url: found.firstUrl })] : []),
        `Module source URI is not allowed in this document: ${url}.`,
      ].join('\n')
    case 'font':
      // The family is what the style sheet calls it, the status NS_ERROR_NOT_AVAILABLE.
      return isCors
        ? `downloadable font: download failed (font-family: "…" style:normal weight:400 stretch:100 src index:0): bad URI or cross-site access not allowed source: ${found.firstUrl}`
        : `downloadable font: download failed (font-family: "…" style:normal weight:400 stretch:100 src index:0): status=2147746065 source: ${found.firstUrl}`
    default:
      return null
  }
}

const BEYOND_CORS: ReadonlySet<CorsFailureCode> = new Set([
  'resource-policy',
  'element-status',
  'element-content-type',
])

/** The line an EventSource adds. */
function eventSourceLine(found: ConsoleCase): string | null {
  return found.verdict.initiator === 'eventsource'
    ? `Firefox can’t establish a connection to the server at ${found.status === 204 ? found.url : found.firstUrl}.`
    : null
}

/** @example firefox(found) // 'Cross-Origin Request Blocked: The Same Origin Policy disallows … (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.' */
export const firefox: ConsoleWriter = (found) => {
  const isPolicy = found.code === 'resource-policy'
  if (found.verdict.mode === 'no-cors' && found.blockedAt === 'redirect' && !isPolicy) return null
  // What a preload was refused for has been said.
  const said = found.verdict.preload === 'used'
  const lines = [
    said ? null : (WRITERS[found.code]?.(found) ?? null),
    eventSourceLine(found),
    elementLine(found),
  ].filter((line) => line !== null)
  return lines.length === 0 ? null : lines.join('\n')
}
