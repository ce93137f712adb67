/** What WebKit prints. */
import { deviationsOf } from '../../engines/profiles.js'
import type { ElementKind } from '../../fetch/element-request.js'
import type { CorsFailureCode } from '../../fetch/failure.js'
import { getHeader } from '../../fetch/header-list.js'
import { isOkStatus, locationUrl } from '../../fetch/redirect.js'
import {
  type ConsoleCase,
  type ConsoleWriter,
  disallowedHeaders,
  mimeTypeOf,
  redirectUrl,
  replaceNonAscii,
} from './console-case.js'

const INITIATORS = {
  fetch: 'Fetch API',
  xhr: 'XMLHttpRequest',
  eventsource: 'EventSource',
  beacon: 'Beacon API',
  form: 'Form',
  element: 'Element',
} as const

/** What the API says that asked; null where it says nothing. @param reason the last thing that was said */
function cannotLoad(found: ConsoleCase, reason: string, url = found.url): string | null {
  const { as, initiator, preload } = found.verdict
  if (preload === 'made') return null
  if (as !== undefined) return ELEMENTS[as]?.(found) ?? null
  // Beacons are asked for by nobody, so the reason is said again.
  if (initiator === 'beacon') return `Beacon API cannot load ${url}. ${reason}`
  return `${INITIATORS[initiator]} cannot load ${url} due to access control checks.`
}

/** What elements say; others are silent. */
const ELEMENTS: Readonly<Partial<Record<ElementKind, (found: ConsoleCase) => string>>> = {
  image: (found) => `Cannot load image ${found.firstUrl} due to access control checks.`,
  script: () => 'Cross-origin script load denied by Cross-Origin Resource Sharing policy.',
  track: () => 'Cross-origin text track load denied by Cross-Origin Resource Sharing policy.',
}

function said(...lines: (string | null)[]): string {
  return lines.filter((line) => line !== null).join('\n')
}

/** The reasons, and the line that follows every refusal. */
function refused(found: ConsoleCase, ...reasons: string[]): string {
  return said(...reasons, cannotLoad(found, reasons.at(-1) ?? ''))
}

/** A reason that has to do with a response; on a redirect it is said to be one. */
function refusedResponse(found: ConsoleCase, reason: string, url = found.url): string {
  if (found.blockedAt !== 'redirect') return said(reason, cannotLoad(found, reason, url))
  const target = redirectTarget(found)
  const text = target.startsWith('ftp:')
    ? 'FTP URLs are disabled'
    : `Cross-origin redirection to ${target} denied by Cross-Origin Resource Sharing policy: ${reason}`
  return said(text, cannotLoad(found, text, url))
}

/** Where the redirect that was refused leads, without user info. */
function redirectTarget(found: ConsoleCase): string {
  const base = new URL(found.verdict.hop.url)
  const { locationLines } = deviationsOf(found.verdict.engine).redirect
  const target = found.lines === undefined ? null : locationUrl(found.lines, base, locationLines)
  if (target === 'failure') return found.show(getHeader(found.lines ?? [], 'location') ?? '')
  if (target !== null) return found.show(withoutUserInfo(target))
  const { header, part: location } = found.verdict
  return header === 'Location' && location !== undefined && URL.canParse(location)
    ? found.show(withoutUserInfo(new URL(location)))
    : found.url
}

function withoutUserInfo(url: URL): string {
  const copy = new URL(url)
  copy.username = ''
  copy.password = ''
  return copy.href
}

/** A status that is not ok comes before anything the headers say. */
function ofResponse(reason: (found: ConsoleCase) => string): ConsoleWriter {
  return (found) => {
    if (found.blockedAt === 'preflight' && found.status !== undefined && !isOkStatus(found.status)) {
      return unsuccessfulPreflight(found)
    }
    return refusedResponse(found, reason(found))
  }
}

function unsuccessfulPreflight(found: ConsoleCase): string {
  return refused(found, `Preflight response is not successful. Status code: ${found.status}`)
}

function notAllowed(found: ConsoleCase): string {
  const status = found.status === undefined ? '' : ` Status code: ${found.status}`
  return `Origin ${found.verdict.hop.origin} is not allowed by Access-Control-Allow-Origin.${status}`
}

/** The page's URL is put in order first, so what is printed is where the request was. */
function redirectWithCredentials(found: ConsoleCase): string {
  const from = found.exchanges.findLast(({ kind }) => kind === 'request')?.request.url
  const reason = `redirection URL ${found.show(redirectUrl(found))} has credentials`
  return refusedResponse(found, reason, from === undefined ? found.url : found.show(from))
}

function redirectModeError(found: ConsoleCase): string {
  const toFtp = redirectTarget(found).startsWith('ftp:')
  return refused(
    found,
    toFtp ? 'FTP URLs are disabled' : `Not allowed to follow a redirection while loading ${found.url}`,
  )
}

const QUOTA = 'Reached maximum amount of queued data of 64Kb for keepalive requests'
const NOT_ALLOWED = 'Not allowed to request resource'

function insecure(found: ConsoleCase): string {
  return `[blocked] The page at ${found.page} requested insecure content from ${found.url}. This content was blocked and must be served over HTTPS.`
}

function unsupportedScheme(found: ConsoleCase): string {
  if (part(found) === 'blob:' && found.worker) return `Not allowed to load local resource: ${found.url}`
  if (found.verdict.mode !== 'no-cors')
    return refused(found, 'Cross origin requests are only supported for HTTP.')
  if (found.verdict.page.startsWith('https:')) return refused(found, insecure(found), NOT_ALLOWED)
  return refused(found, NOT_ALLOWED)
}

function unsafeAttempt(found: ConsoleCase): string {
  const url = found.verdict.as === undefined ? found.url : found.url.replace(/#.*$/s, '')
  return `Unsafe attempt to load URL ${url} from origin ${found.verdict.origin}. Domains, protocols and ports must match.`
}

function sameOriginMode(found: ConsoleCase): string | null {
  if (found.verdict.as === 'svg') return unsafeAttempt(found)
  if (found.verdict.as !== undefined && found.blockedAt === 'request') return null
  if (found.blockedAt === 'request') return `${INITIATORS[found.verdict.initiator]} cannot load ${found.url}.`
  return refused(found, unsafeAttempt(found))
}

/** What decodes header values as UTF-8 shows what is none as the replacement character's bytes. */
function listValue(found: ConsoleCase): string {
  return deviationsOf(found.verdict.engine).responses.decodesAsUtf8
    ? replaceNonAscii(value(found), () => '\u00ef\u00bf\u00bd')
    : value(found)
}

const value = (found: ConsoleCase): string => found.verdict.value ?? ''
const part = (found: ConsoleCase): string => found.verdict.part ?? ''

/** Names that WebKit keeps as numbers: they come before all others, in their usual spelling. */
const COMMON_NAMES: ReadonlyMap<string, string> = new Map(
  [
    'Accept',
    'Accept-Charset',
    'Accept-Language',
    'Accept-Encoding',
    'Accept-Ranges',
    'Age',
    'Allow',
    'Authorization',
    'Cache-Control',
    'Connection',
    'Content-Disposition',
    'Content-Encoding',
    'Content-Language',
    'Content-Length',
    'Content-Location',
    'Content-Range',
    'Content-Security-Policy',
    'Content-Type',
    'Cookie',
    'Date',
    'DNT',
    'ETag',
    'Expect',
    'Expires',
    'Host',
    'If-Match',
    'If-Modified-Since',
    'If-None-Match',
    'If-Range',
    'If-Unmodified-Since',
    'Keep-Alive',
    'Last-Event-ID',
    'Last-Modified',
    'Link',
    'Location',
    'Origin',
    'Pragma',
    'Proxy-Authorization',
    'Purpose',
    'Range',
    'Referer',
    'Referrer-Policy',
    'Refresh',
    'Server',
    'Set-Cookie',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Upgrade-Insecure-Requests',
    'User-Agent',
    'Vary',
    'Via',
    'X-Content-Type-Options',
    'X-DNS-Prefetch-Control',
    'X-Frame-Options',
    'X-XSS-Protection',
  ].map((name) => [name.toLowerCase(), name]),
)

/** The first header that is not allowed: common names first, each group as the page set them. */
function firstDisallowed(found: ConsoleCase): string {
  const disallowed = new Set(disallowedHeaders(found))
  const set = found.verdict.preflight.reasons.flatMap((reason) =>
    reason.kind === 'header' && disallowed.has(reason.name) ? [reason] : [],
  )
  const common = set.find(({ name }) => COMMON_NAMES.has(name))
  if (common !== undefined) return COMMON_NAMES.get(common.name) as string
  return set[0]?.spelling ?? part(found)
}

function elementContentType(found: ConsoleCase): string | null {
  const type = mimeTypeOf(found)
  switch (found.verdict.as) {
    case 'script':
      return `Refused to execute ${found.url} as script because ${type} is not a script MIME type.`
    case 'module':
      return `TypeError: '${type}' is not a valid JavaScript MIME type.`
    case 'style':
      return `Did not parse stylesheet at '${found.url}' because non CSS MIME types are not allowed in strict mode.`
    default:
      return null
  }
}

const WRITERS: Readonly<Partial<Record<CorsFailureCode, ConsoleWriter>>> = {
  'missing-allow-origin': ofResponse(notAllowed),
  'multiple-allow-origin': ofResponse((found) =>
    value(found).includes(',')
      ? 'Access-Control-Allow-Origin cannot contain more than one origin.'
      : notAllowed(found),
  ),
  'invalid-allow-origin': ofResponse(notAllowed),
  'allow-origin-mismatch': ofResponse(notAllowed),
  'wildcard-allow-origin-with-credentials': ofResponse(
    () => 'Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.',
  ),
  'invalid-allow-credentials': ofResponse(
    () => 'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
  ),
  'preflight-redirect': unsuccessfulPreflight,
  'preflight-status': unsuccessfulPreflight,
  'invalid-allow-methods': ofResponse(
    (found) => `Header Access-Control-Allow-Methods has an invalid value: ${listValue(found)}`,
  ),
  'invalid-allow-headers': ofResponse(
    (found) => `Header Access-Control-Allow-Headers has an invalid value: ${listValue(found)}`,
  ),
  'method-not-allowed': ofResponse(
    (found) => `Method ${part(found)} is not allowed by Access-Control-Allow-Methods.`,
  ),
  'header-not-allowed': ofResponse(
    (found) =>
      `Request header field ${firstDisallowed(found)} is not allowed by Access-Control-Allow-Headers.`,
  ),
  'redirect-with-credentials': redirectWithCredentials,
  'redirect-to-unsupported-scheme': ofResponse(
    () => 'not allowed to follow a cross-origin CORS redirection with non CORS scheme',
  ),
  'redirect-mode-error': redirectModeError,
  'too-many-redirects': (found) => refused(found, 'Load cannot follow more than 20 redirections'),
  'same-origin-mode': sameOriginMode,
  'no-cors-redirect-mode': (found) =>
    refused(found, 'No-Cors mode requires follow redirect mode', NOT_ALLOWED),
  'unsupported-scheme': unsupportedScheme,
  'mixed-content': (found) =>
    found.verdict.initiator === 'beacon'
      ? `${insecure(found)}\n${cannotLoad(found, NOT_ALLOWED)}`
      : refused(found, insecure(found), NOT_ALLOWED),
  'keepalive-quota': (found) => cannotLoad(found, QUOTA),
  'bad-port': (found) => `Not allowed to use restricted network port ${part(found)}: ${found.url}`,
  'resource-policy': (found) =>
    refusedResponse(
      found,
      `Cancelled load to ${found.url} because it violates the resource's Cross-Origin-Resource-Policy response header.`,
    ),
  'element-content-type': elementContentType,
  'preloaded-without-cors': (found) => cannotLoad(found, ''),
  'event-stream-content-type': (found) =>
    `EventSource's response has a MIME type ("${mimeTypeOf(found)}") that is not "text/event-stream". Aborting the connection.`,
}

/**
 * In a worker the last line is left out, and what is refused before it is sent is refused in silence.
 *
 * @example webkit(found) // 'Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 200\nFetch API cannot load https://api.example.com/ due to access control checks.'
 */
export const webkit: ConsoleWriter = (found) => {
  // What a preload was refused for has been said.
  const isSaid = found.verdict.preload === 'used'
  const text = isSaid ? cannotLoad(found, '') : (WRITERS[found.code]?.(found) ?? null)
  if (text === null || !found.worker) return text
  if (found.blockedAt === 'request') return part(found) === 'blob:' ? text : null
  const lines = text
    .split('\n')
    .filter((line) => !/^(Fetch API|XMLHttpRequest|EventSource) cannot load /.test(line))
  return lines.length === 0 ? null : lines.join('\n')
}
