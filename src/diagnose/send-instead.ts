/** The header lines a server should send for a request that was blocked. */
import { corsCheckCodes } from '../fetch/failure.js'
import { getHeader, type Header } from '../fetch/header-list.js'
import { isOkStatus } from '../fetch/redirect.js'
import { redactText } from '../text/redact.js'
import { cutMiddle, escapeControls, shown } from '../text/shown.js'
import { type BlockedCase, blockedCaseOf, type Judged, judgedWithCredentials } from './case.js'
import { isLoginBlocked } from './explain/why-redirected.js'
import { isSpeltByPage, type PermittedList, permittedHeaders, permittedMethods } from './permission.js'
import { variesOnOrigin, varyWithOrigin } from './vary.js'

/** What to send instead of what was sent. */
export interface SendInstead {
  /** The status, where the one sent is wrong. */
  readonly status?: number
  /** Header lines that replace those of the same name; lines that were right already are left out. */
  readonly lines: readonly Header[]
  /** Headers to leave out, where there is nothing right to put in their place. */
  readonly omit?: readonly string[]
}

/** What is to be allowed. */
export interface AllowOptions {
  /** Whether every origin is meant, and the one that asked was only a sample. Default: the one that asked. */
  readonly anyOrigin?: boolean | undefined
}

/**
 * The lines this request needs and did not get: exact, minimal, ready to copy. Null where no header of the server can help: mixed
 * content, a page's own mistake, an opaque origin that asks with credentials.
 *
 * @example sendInstead(verdict)
 * // { lines: [['Access-Control-Allow-Origin', 'https://app.example.com'], ['Vary', 'Origin']] }
 */
export function sendInstead(judged: Judged): SendInstead | null {
  const found = blockedCaseOf(judged)
  return found === null ? null : sendInsteadOf(found)
}

/** As {@link sendInstead}, for a case that was read already. */
export function sendInsteadOf(found: BlockedCase, options: AllowOptions = {}): SendInstead | null {
  if (found.code === 'event-stream-content-type') return { lines: [['Content-Type', 'text/event-stream']] }
  if (found.code === 'event-stream-status')
    return { status: 200, lines: [['Content-Type', 'text/event-stream']] }
  if (!concernsHeaders(found) || isSpeltByPage(found) || isLoginBlocked(found)) return null
  // Every sandboxed frame of every site is `null`: naming it with credentials would open the server to all of them.
  if (found.verdict.hop.origin === 'null' && judgedWithCredentials(found)) return null
  const lines = [...originLines(found, options), ...credentialsLines(found)]
  if (found.blockedAt !== 'preflight') return { lines }
  lines.push(
    ...listLine(found, 'Access-Control-Allow-Methods', permittedMethods(found)),
    ...listLine(found, 'Access-Control-Allow-Headers', permittedHeaders(found)),
  )
  // A list that does not parse, and nothing in it that is needed: the header is to go.
  const empty = lines.filter(([, value]) => value === '').map(([name]) => name)
  return {
    ...(isOkStatus(found.status ?? 204) ? {} : { status: 204 }),
    lines: lines.filter(([, value]) => value !== ''),
    ...(empty.length === 0 ? {} : { omit: empty }),
  }
}

const CORS_CHECK: ReadonlySet<string> = new Set(corsCheckCodes)

function concernsHeaders(found: BlockedCase): boolean {
  return found.blockedAt === 'preflight' || CORS_CHECK.has(found.code)
}

function originLines(found: BlockedCase, { anyOrigin = false }: AllowOptions): Header[] {
  const { hop } = found.verdict
  const credentials = judgedWithCredentials(found)
  const header = 'Access-Control-Allow-Origin'
  if (found.lines !== undefined) {
    const value = getHeader(found.lines, header)
    if ((value === hop.origin && !anyOrigin) || (value === '*' && !credentials)) return []
  } else if (
    !CORS_CHECK.has(found.code) &&
    found.code !== 'preflight-status' &&
    found.code !== 'preflight-redirect'
  )
    return []
  else if (found.code === 'invalid-allow-credentials') return []
  if (hop.origin === 'null' || anyOrigin) return [[header, '*']]
  return [[header, hop.origin], ...varyLines(found)]
}

/** `Vary` with `Origin` added; nothing where it is named. */
function varyLines({ lines = [] }: BlockedCase): Header[] {
  return variesOnOrigin(lines) ? [] : [['Vary', varyWithOrigin(lines)]]
}

function credentialsLines(found: BlockedCase): Header[] {
  if (!judgedWithCredentials(found)) return []
  const header = 'Access-Control-Allow-Credentials'
  if (found.lines !== undefined) return getHeader(found.lines, header) === 'true' ? [] : [[header, 'true']]
  const needed =
    CORS_CHECK.has(found.code) || found.code === 'preflight-status' || found.code === 'preflight-redirect'
  return needed ? [[header, 'true']] : []
}

function listLine(found: BlockedCase, header: string, list: PermittedList): Header[] {
  if (list.missing.length === 0 && list.state !== 'spoilt') return []
  if (list.state === 'unknown' && found.verdict.header !== header && !isWholeWrong(found)) return []
  return [[header, list.needed.join(', ')]]
}

/** Whether the response as a whole is wrong, so every line has to be said. */
function isWholeWrong(found: BlockedCase): boolean {
  return (
    found.code === 'preflight-status' || found.code === 'preflight-redirect' || CORS_CHECK.has(found.code)
  )
}

/** The longest value that is still copied; one that a server made up may be a megabyte long. */
const LONGEST_LINE = 1000

/** The lines as text: `204`, then `Name: value` each. */
export function sendInsteadText(instead: SendInstead): string[] {
  const lines = instead.lines.map(
    ([name, value]) => `${shown(name)}: ${cutMiddle(escapeControls(redactText(value)), LONGEST_LINE)}`,
  )
  const omitted = (instead.omit ?? []).map((name) => `(no ${name})`)
  const status = instead.status === undefined ? [] : [`status ${instead.status}`]
  return [...status, ...lines, ...omitted]
}
