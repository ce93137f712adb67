/** What Chromium prints. */
import type { ElementKind } from '../../fetch/element-request.js'
import type { CorsFailureCode } from '../../fetch/failure.js'
import type { Initiator } from '../../fetch/fetch-request.js'
import type { PreloadMismatch } from '../../fetch/preload.js'
import {
  type ConsoleCase,
  type ConsoleWriter,
  mimeTypeOf,
  redirectUrl,
  replaceNonAscii,
} from './console-case.js'

const INITIATORS = {
  fetch: 'fetch',
  xhr: 'XMLHttpRequest',
  eventsource: 'resource',
  beacon: 'resource',
  form: 'resource',
  element: 'resource',
} as const

/** What each element asks for. */
const ELEMENTS: Readonly<Partial<Record<ElementKind, string>>> = {
  image: 'image',
  mask: 'image',
  script: 'script',
  module: 'script',
  style: 'CSS stylesheet',
  font: 'font',
  audio: 'audio',
  video: 'video',
  track: 'text track',
  manifest: 'manifest',
  svg: 'SVG document',
  fetch: 'link element resource',
}

function whatAsked({ verdict: { as, initiator } }: ConsoleCase): string {
  return (as === undefined ? undefined : ELEMENTS[as]) ?? INITIATORS[initiator]
}

/** `Access to fetch at '…' from origin '…' has been blocked by CORS policy: …` */
function blockedByPolicy(found: ConsoleCase, url: string, reason: string): string {
  const { verdict } = found
  const from = url === found.firstUrl ? '' : ` (redirected from '${found.firstUrl}')`
  return `Access to ${whatAsked(found)} at '${url}'${from} from origin '${verdict.origin}' has been blocked by CORS policy: ${reason}`
}

/** A failure of the CORS check, on the preflight response or any other. */
function corsCheck(found: ConsoleCase, reason: string): string {
  const place =
    found.blockedAt === 'preflight' ? "Response to preflight request doesn't pass access control check: " : ''
  return blockedByPolicy(found, found.url, place + reason)
}

/** Advice that only `fetch` gets. */
function withAdvice(found: ConsoleCase, reason: string): string {
  return corsCheck(
    found,
    found.verdict.initiator === 'fetch'
      ? `${reason} Have the server send the header with a valid value.`
      : reason,
  )
}

/** Advice that only XMLHttpRequest gets. */
function withCredentialsAdvice(found: ConsoleCase, reason: string): string {
  const advice =
    ' The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.'
  return corsCheck(found, found.verdict.initiator === 'xhr' ? reason + advice : reason)
}

/** Bytes beyond ASCII are written as escapes. */
const value = (found: ConsoleCase): string =>
  replaceNonAscii(
    found.verdict.value ?? '',
    (code) => `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`,
  )
const part = (found: ConsoleCase): string => found.verdict.part ?? ''

const CORS_SCHEMES =
  'chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app'

function corsSchemesOnly(found: ConsoleCase, url: string): string {
  return blockedByPolicy(
    found,
    url,
    `Cross origin requests are only supported for protocol schemes: ${CORS_SCHEMES}.`,
  )
}

function unsupportedScheme(found: ConsoleCase): string {
  const scheme = part(found).replace(/:$/, '')
  if (scheme === 'file') return `Not allowed to load local resource: ${found.url}`
  if (found.verdict.initiator === 'fetch') {
    return `Fetch API cannot load ${found.url}. URL scheme "${scheme}" is not supported.`
  }
  return scheme === 'ftp' ? 'FTP is not supported.' : corsSchemesOnly(found, found.url)
}

/** Schemes that the network layer refuses to be redirected to, with nothing said about CORS. */
const UNSAFE_REDIRECT = /^(about|data|javascript|file|filesystem|blob|mailto):/

function redirectToUnsupportedScheme(found: ConsoleCase): string | null {
  const target = redirectUrl(found)
  return UNSAFE_REDIRECT.test(target) ? null : corsSchemesOnly(found, found.show(target))
}

function sameOriginMode(found: ConsoleCase): string | null {
  const { as } = found.verdict
  if (as === 'worker' || as === 'sharedworker') return null
  if (found.blockedAt === 'redirect' || as !== undefined) {
    return `Unsafe attempt to load URL ${found.url.replace(/#.*$/s, '')} from frame with URL ${found.page}. Domains, protocols and ports must match.`
  }
  return `Fetch API cannot load ${found.url}. Request mode is "same-origin" but the URL's origin is not same as the request origin ${found.verdict.origin}.`
}

const INSECURE: Readonly<Partial<Record<Initiator, string>>> = {
  xhr: 'XMLHttpRequest endpoint',
  beacon: 'Beacon endpoint',
}

/** A sandboxed frame is shown by the origin it would have had. */
function mixedContent(found: ConsoleCase): string {
  const page = found.verdict.origin === 'null' ? new URL('/', found.verdict.page).href : found.page
  const what = INSECURE[found.verdict.initiator] ?? 'resource'
  return `Mixed Content: The page at '${page}' was loaded over HTTPS, but requested an insecure ${what} '${found.url}'. This request has been blocked; the content must be served over HTTPS.`
}

/** Only the network layer speaks of it. */
function resourcePolicy({ verdict }: ConsoleCase): string {
  const reason = verdict.value === 'same-site' ? 'NotSameSite' : 'NotSameOrigin'
  return `Failed to load resource: net::ERR_BLOCKED_BY_RESPONSE.${reason}`
}

function elementContentType(found: ConsoleCase): string | null {
  const type = mimeTypeOf(found)
  switch (found.verdict.as) {
    case 'script':
      return `Refused to execute script from '${found.url}' because its MIME type ('${type}') is not executable.`
    case 'module':
      return `Failed to load module script: Expected a JavaScript-or-Wasm module script but the server responded with a MIME type of "${type}". Strict MIME type checking is enforced for module scripts per HTML spec.`
    default:
      return null
  }
}

const WRITERS: Readonly<Partial<Record<CorsFailureCode, ConsoleWriter>>> = {
  'missing-allow-origin': (found) =>
    corsCheck(found, "No 'Access-Control-Allow-Origin' header is present on the requested resource."),
  'multiple-allow-origin': (found) =>
    withAdvice(
      found,
      `The 'Access-Control-Allow-Origin' header contains multiple values '${value(found)}', but only one is allowed.`,
    ),
  'invalid-allow-origin': (found) =>
    withAdvice(
      found,
      `The 'Access-Control-Allow-Origin' header contains the invalid value '${value(found)}'.`,
    ),
  'allow-origin-mismatch': (found) =>
    withAdvice(
      found,
      `The 'Access-Control-Allow-Origin' header has a value '${value(found)}' that is not equal to the supplied origin.`,
    ),
  'wildcard-allow-origin-with-credentials': (found) =>
    withCredentialsAdvice(
      found,
      "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
    ),
  'invalid-allow-credentials': (found) =>
    withCredentialsAdvice(
      found,
      `The value of the 'Access-Control-Allow-Credentials' header in the response is '${value(found)}' which must be 'true' when the request's credentials mode is 'include'.`,
    ),
  'preflight-redirect': (found) => corsCheck(found, 'Redirect is not allowed for a preflight request.'),
  'preflight-status': (found) => corsCheck(found, 'It does not have HTTP ok status.'),
  'invalid-allow-methods': (found) =>
    blockedByPolicy(
      found,
      found.url,
      'Cannot parse Access-Control-Allow-Methods response header field in preflight response.',
    ),
  'invalid-allow-headers': (found) =>
    blockedByPolicy(
      found,
      found.url,
      'Cannot parse Access-Control-Allow-Headers response header field in preflight response.',
    ),
  'method-not-allowed': (found) =>
    blockedByPolicy(
      found,
      found.url,
      `Method ${part(found)} is not allowed by Access-Control-Allow-Methods in preflight response.`,
    ),
  'header-not-allowed': (found) =>
    blockedByPolicy(
      found,
      found.url,
      `Request header field ${part(found)} is not allowed by Access-Control-Allow-Headers in preflight response.`,
    ),
  'redirect-with-credentials': (found) =>
    blockedByPolicy(
      found,
      found.url,
      "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
    ),
  'redirect-to-unsupported-scheme': redirectToUnsupportedScheme,
  'same-origin-mode': sameOriginMode,
  'no-cors-redirect-mode': (found) =>
    `Fetch API cannot load ${found.url}. Request mode is "no-cors" but the redirect mode is not "follow".`,
  'unsupported-scheme': unsupportedScheme,
  'mixed-content': mixedContent,
  'resource-policy': resourcePolicy,
  'element-content-type': elementContentType,
  'event-stream-content-type': (found) =>
    `EventSource's response has a MIME type ("${mimeTypeOf(found)}") that is not "text/event-stream". Aborting the connection.`,
}

/** @example chromium(found) // "Access to fetch at 'https://api.example.com/' from origin 'https://app.example.com' has been blocked by CORS policy: …" */
export const chromium: ConsoleWriter = (found) =>
  // What a preload was refused for has been said.
  found.verdict.preload === 'used' ? null : (WRITERS[found.code]?.(found) ?? null)

/** What is said of a preload that a request makes no use of. */
export function unusedPreload(mismatch: PreloadMismatch, url: string): string {
  return `A preload for '${url}' is found, but is not used because the request ${MISMATCHES[mismatch]}`
}

const ADVICE = 'does not match. Consider taking a look at crossorigin attribute.'
const MISMATCHES: Readonly<Record<PreloadMismatch, string>> = {
  method: 'HTTP method does not match.',
  credentials: `credentials mode ${ADVICE}`,
  mode: `mode ${ADVICE}`,
}
