/** What was sent and what came back, line by line, with the offending lines marked. */
import { containsHeader, type Header } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { isOkStatus } from '../fetch/redirect.js'
import { grouped, row, shown, shownUrl, shownValue } from '../text/shown.js'
import { OBSERVED_URL } from '../verdict/client.js'
import type { Exchange, Verdict } from '../verdict/verdict.js'
import { cacheSigns } from './cache-signs.js'
import { caseOf, type Judged } from './case.js'
import { misspeltAs } from './misspelt.js'
import { recognizeServers } from './remedies/recognize.js'

/** Sent, received, at fault. */
const SENT = '>'
const RECEIVED = '<'
const FAULT = '✗'

/**
 * A journey's exchanges as text: `>` what was sent, as far as it concerns origins; `<` every line of the response; `✗` what is wrong
 * or missing. Secrets are redacted, control characters escaped, long values cut. Empty for a
 * verdict that was copied, or that blocks nothing: only a journey keeps its exchanges then.
 *
 * @example
 * formatExchanges(journey)
 * // > OPTIONS https://api.example.com/orders
 * // > Origin: https://app.example.com
 * // > Access-Control-Request-Method: PUT
 * // < 204
 * // < Vary: Accept-Encoding
 * // ✗ missing: Access-Control-Allow-Origin
 */
export function formatExchanges(judged: Judged): string {
  return exchangeTexts(judged).join('\n\n')
}

/**
 * As {@link formatExchanges}, each exchange for itself.
 * @param about headers of the response that something is said of
 */
export function exchangeTexts(judged: Judged, about?: ReadonlySet<string>): string[] {
  const found = caseOf(judged)
  const asked = new Set(
    found.verdict.preflight.reasons.flatMap((reason) => (reason.kind === 'header' ? [reason.name] : [])),
  )
  return found.exchanges.map((exchange) => {
    const decided = exchange === found.last && found.verdict.outcome === 'blocked'
    return exchangeText(exchange, {
      asked: exchange.kind === 'request' ? asked : undefined,
      about,
      marked: decided ? found.verdict.header : undefined,
      statusAtFault: decided && isStatusAtFault(exchange, found.verdict),
    })
  })
}

const STATUS_CODES: ReadonlySet<string> = new Set([
  'preflight-status',
  'preflight-redirect',
  'event-stream-status',
  'redirect-mode-error',
  'too-many-redirects',
])

function isStatusAtFault({ kind, response }: Exchange, { code }: Verdict): boolean {
  return (
    code !== undefined && (STATUS_CODES.has(code) || (kind === 'preflight' && !isOkStatus(response.status)))
  )
}

/** What is marked in an exchange. */
interface Marks {
  /** Headers sent that are shown besides those that concern origins; lower case. */
  readonly asked?: ReadonlySet<string> | undefined
  /** Headers of the response that something is said of; lower case. */
  readonly about?: ReadonlySet<string> | undefined
  /** The header that decides. */
  readonly marked?: string | undefined
  /** What stands before its lines. Default: `✗`. */
  readonly mark?: string | undefined
  readonly statusAtFault?: boolean | undefined
}

/** One exchange, line by line, with the lines of a header marked, or their absence. */
export function exchangeText(exchange: Exchange, marks: Marks = {}): string {
  return [...sentLines(exchange, marks), ...receivedLines(exchange, marks)].join('\n')
}

const ORIGIN_RELEVANT: ReadonlySet<string> = new Set([
  'origin',
  'access-control-request-method',
  'access-control-request-headers',
  'authorization',
  'cookie',
  'content-type',
])

/** As many lines as a reader looks through. */
const MOST_SENT = 12
const MOST_RECEIVED = 32
const MOST_MARKED = 4

function sentLines({ request: { method, url, headers } }: Exchange, { asked }: Marks): string[] {
  const relevant = headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return ORIGIN_RELEVANT.has(lower) || asked?.has(lower) === true
  })
  return [
    ...(url === OBSERVED_URL ? [] : [`${SENT} ${shown(method)} ${shownUrl(url)}`]),
    ...relevant.slice(0, MOST_SENT).map((line) => `${SENT} ${headerText(line)}`),
    ...leftOut(SENT, relevant.length - MOST_SENT),
  ]
}

/** Where a response came from, where no server has just sent it. */
const CACHE_STATES = {
  local: ' (from the HTTP cache: nothing was sent)',
  validated: ' (from the HTTP cache, after a 304)',
  '': '',
} as const

function receivedLines({ response: { status, headers }, cacheState = '' }: Exchange, marks: Marks): string[] {
  const { about, marked, mark = FAULT, statusAtFault } = marks
  const isTold = (line: Header): boolean => about?.has(line[0].toLowerCase()) === true || tellsOfCause(line)
  const missing = marked !== undefined && !containsHeader(headers, marked)
  const misspelt = missing ? misspeltAs(headers, marked) : undefined
  const decides = ([name]: Header): boolean =>
    name === misspelt || (marked !== undefined && equalsIgnoringCase(name, marked))
  const deciding = headers.filter(decides)
  const others = headers.filter((line) => !decides(line) && isTold(line))
  const folded = headers.filter((line) => !decides(line) && !isTold(line))
  // Of very many lines those that concern CORS come first.
  const few = new Set([
    ...(deciding.length + others.length <= MOST_RECEIVED ? deciding : deciding.slice(0, MOST_MARKED)),
    ...[...others.filter(concernsCors), ...others].slice(0, MOST_RECEIVED),
  ])
  const lines = headers.filter((line) => few.has(line))
  return [
    `${statusAtFault === true ? FAULT : RECEIVED} ${status}${CACHE_STATES[cacheState]}`,
    ...lines.map((line) => {
      if (misspelt === line[0]) return `${FAULT} ${headerText(line)}  (no browser knows this name)`
      return `${decides(line) ? mark : RECEIVED} ${headerText(line)}`
    }),
    ...leftOut(RECEIVED, deciding.length + others.length - lines.length),
    ...foldedLine(folded),
    ...(missing ? [`${FAULT} missing: ${marked}`] : []),
  ]
}

/** Lines of which one tells where a response came from, or who refused it. */
const TELLING =
  /^(?:access-control-|allow$|cache-control$|location$|proxy-authenticate$|retry-after$|server$|set-cookie$|vary$|www-authenticate$|x-powered-by$)/i

function tellsOfCause(line: Header): boolean {
  return TELLING.test(line[0]) || cacheSigns([line]) !== null || recognizeServers([line]).length > 0
}

/** `Date`, `ETag` and the like in one line, by their names. */
function foldedLine(lines: readonly Header[]): string[] {
  const names = [...new Set(lines.map(([name]) => shown(name)))]
  return names.length === 0
    ? []
    : [`${RECEIVED} … and ${row(names)}, which ${names.length === 1 ? 'decides' : 'decide'} nothing`]
}

function concernsCors([name]: Header): boolean {
  return /^(?:access-control-|vary$|location$)/i.test(name)
}

function leftOut(direction: string, count: number): string[] {
  return count <= 0
    ? []
    : [`${direction} … ${grouped(count)} more header ${count === 1 ? 'line' : 'lines'} …`]
}

function headerText([name, value]: Header): string {
  const text =
    equalsIgnoringCase(name, 'location') || equalsIgnoringCase(name, 'referer')
      ? shownUrl(value)
      : shownValue(name, value)
  return `${shown(name)}: ${text}`
}
