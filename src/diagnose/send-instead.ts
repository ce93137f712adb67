/** The header lines a server should send for a request that was blocked. */
import type { Header } from '../fetch/header-list.js'
import { containsHeader, extractHeaderListValues, getHeader, headerLines } from '../fetch/header-list.js'
import { equalsIgnoringCase, isToken } from '../fetch/http-tokens.js'
import { isCorsSafelistedMethod } from '../fetch/methods.js'
import { isOkStatus } from '../fetch/redirect.js'
import { escapeControls } from '../verdict/redact.js'
import { type BlockedCase, blockedCaseOf, type DiagnosisSubject, judgedWithCredentials } from './subject.js'
import { cutMiddle } from './text.js'

/** What to send instead of what was sent. */
export interface SendInstead {
  /** The status, where the one sent is at fault. */
  readonly status?: number
  /** Header lines that replace those of the same name; lines that were right already are left out. */
  readonly lines: readonly Header[]
  /** Headers to leave out, where there is nothing right to put in their place. */
  readonly omit?: readonly string[]
}

/**
 * The lines this request needs and did not get: exact, minimal, ready to copy. Null where no header of the server can help: mixed
 * content, a page's own mistake, an opaque origin that asks with credentials.
 *
 * @example sendInstead(verdict)
 * // { lines: [['Access-Control-Allow-Origin', 'https://app.example.com'], ['Vary', 'Origin']] }
 */
export function sendInstead(subject: DiagnosisSubject): SendInstead | null {
  const found = blockedCaseOf(subject)
  if (found === null) return null
  if (found.code === 'event-stream-content-type') return { lines: [['Content-Type', 'text/event-stream']] }
  if (found.code === 'event-stream-status')
    return { status: 200, lines: [['Content-Type', 'text/event-stream']] }
  if (!concernsHeaders(found)) return null
  // Every sandboxed frame of every site is `null`: naming it with credentials would open the server to all of them.
  if (found.verdict.hop.origin === 'null' && judgedWithCredentials(found)) return null
  const lines = [...originLines(found), ...credentialsLines(found)]
  if (found.blockedAt !== 'preflight') return { lines }
  lines.push(...methodLines(found), ...headerNameLines(found))
  // A list that does not parse, and nothing in it that is needed: the header is to go.
  const empty = lines.filter(([, value]) => value === '').map(([name]) => name)
  return {
    ...(isOkStatus(found.status ?? 204) ? {} : { status: 204 }),
    lines: lines.filter(([, value]) => value !== ''),
    ...(empty.length === 0 ? {} : { omit: empty }),
  }
}

const CORS_CHECK: ReadonlySet<string> = new Set([
  'missing-allow-origin',
  'multiple-allow-origin',
  'invalid-allow-origin',
  'allow-origin-mismatch',
  'wildcard-allow-origin-with-credentials',
  'invalid-allow-credentials',
])

function concernsHeaders(found: BlockedCase): boolean {
  return found.blockedAt === 'preflight' || CORS_CHECK.has(found.code)
}

/** Whether a header is to be said although the answer's lines are not known: then only what is at fault and what follows it. */
function atFault(found: BlockedCase, header: string): boolean {
  return found.verdict.header === header
}

function originLines(found: BlockedCase): Header[] {
  const { hop } = found.verdict
  const credentials = judgedWithCredentials(found)
  const header = 'Access-Control-Allow-Origin'
  if (found.answer !== undefined) {
    const value = getHeader(found.answer, header)
    if (value === hop.origin || (value === '*' && !credentials)) return []
  } else if (
    !CORS_CHECK.has(found.code) &&
    found.code !== 'preflight-status' &&
    found.code !== 'preflight-redirect'
  )
    return []
  else if (found.code === 'invalid-allow-credentials') return []
  if (hop.origin === 'null') return [[header, '*']]
  return [[header, hop.origin], ...varyLines(found)]
}

/** `Vary` with `Origin` added to what it names already; nothing where it does. */
function varyLines(found: BlockedCase): Header[] {
  const names = headerLines(found.answer ?? [], 'vary')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim())
    .filter(isToken)
  if (names.includes('*') || names.some((name) => equalsIgnoringCase(name, 'origin'))) return []
  return [['Vary', [...names, 'Origin'].join(', ')]]
}

function credentialsLines(found: BlockedCase): Header[] {
  if (!judgedWithCredentials(found)) return []
  const header = 'Access-Control-Allow-Credentials'
  if (found.answer !== undefined) return getHeader(found.answer, header) === 'true' ? [] : [[header, 'true']]
  const needed =
    CORS_CHECK.has(found.code) || found.code === 'preflight-status' || found.code === 'preflight-redirect'
  return needed ? [[header, 'true']] : []
}

function methodLines(found: BlockedCase): Header[] {
  const { method } = found.verdict
  const header = 'Access-Control-Allow-Methods'
  const listed = listedNames(found, header)
  const needed = isCorsSafelistedMethod(method) ? [] : [method]
  return listLine(found, header, listed, needed, (item, name) => item === name)
}

function headerNameLines(found: BlockedCase): Header[] {
  const header = 'Access-Control-Allow-Headers'
  return listLine(found, header, listedNames(found, header), requestedHeaders(found), equalsIgnoringCase)
}

/** A list header as it was answered. */
interface AnsweredList {
  /** What it names, as far as that can be made out. */
  readonly names: readonly string[]
  /** Whether it was read whole, does not parse, or is not known. */
  readonly state: 'read' | 'spoilt' | 'unknown'
}

function listedNames(found: BlockedCase, header: string): AnsweredList {
  if (found.answer !== undefined) {
    const { values } = extractHeaderListValues(found.answer, header)
    if (values === 'failure') return { names: parsable(headerLines(found.answer, header)), state: 'spoilt' }
    return { names: values ?? [], state: 'read' }
  }
  const { code, value } = found.verdict
  if (!atFault(found, header) || typeof value !== 'string') return { names: [], state: 'unknown' }
  const isSpoilt = code === 'invalid-allow-methods' || code === 'invalid-allow-headers'
  return { names: parsable([value]), state: isSpoilt ? 'spoilt' : 'read' }
}

function parsable(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const { values } = extractHeaderListValues(
      line.split(/[\s,;]+/).map((item): Header => ['x', item.replace(/^["']|["']$/g, '')]),
      'x',
    )
    return values === 'failure' || values === null ? [] : [...values]
  })
}

function listLine(
  found: BlockedCase,
  header: string,
  { names, state }: AnsweredList,
  needed: readonly string[],
  equal: (item: string, name: string) => boolean,
): Header[] {
  const credentials = judgedWithCredentials(found)
  const covered = (name: string): boolean =>
    names.some(
      (item) =>
        equal(item, name) || (item === '*' && !credentials && !equalsIgnoringCase(name, 'authorization')),
    )
  const missing = needed.filter((name) => !covered(name))
  if (missing.length === 0 && state !== 'spoilt') return []
  if (state === 'unknown' && !atFault(found, header) && !answersWhole(found)) return []
  const kept = names.filter(
    (item) => (item !== '*' || !credentials) && !missing.some((name) => equalsIgnoringCase(item, name)),
  )
  return [[header, [...new Set([...kept, ...missing])].join(', ')]]
}

/** Whether the answer as a whole is at fault, so that every line has to be said. */
function answersWhole(found: BlockedCase): boolean {
  return (
    found.code === 'preflight-status' || found.code === 'preflight-redirect' || CORS_CHECK.has(found.code)
  )
}

/** The names a preflight asks for. */
export function requestedHeaders(found: BlockedCase): string[] {
  const last = found.last?.kind === 'preflight' ? found.last.request : undefined
  // Of an observed answer it is not known what it was asked for: what the judged request would have asked for counts.
  const isWhole = last !== undefined && containsHeader(last.headers, 'access-control-request-method')
  const sent = isWhole ? last : found.verdict.preflight.request
  const asked = sent === undefined ? null : getHeader(sent.headers, 'access-control-request-headers')
  if (asked !== null)
    return [...new Set(asked.split(',').map((name) => name.trim()))].filter((name) => name !== '')
  if (sent !== undefined) return []
  return [
    ...new Set(
      found.verdict.preflight.reasons.flatMap((reason) => (reason.kind === 'header' ? [reason.name] : [])),
    ),
  ]
}

/** The longest value that is still copied; one that a server made up may be a megabyte long. */
const LONGEST_LINE = 1000

/** The lines as text: `204`, then `Name: value` each. */
export function sendInsteadText(instead: SendInstead): string[] {
  const lines = instead.lines.map(
    ([name, value]) => `${name}: ${cutMiddle(escapeControls(value), LONGEST_LINE)}`,
  )
  const omitted = (instead.omit ?? []).map((name) => `(no ${name})`)
  const status = instead.status === undefined ? [] : [`status ${instead.status}`]
  return [...status, ...lines, ...omitted]
}
