/** What was sent and what came back, line by line, with the lines at fault marked. */
import type { Header } from '../fetch/header-list.js'
import { containsHeader } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { isOkStatus } from '../fetch/redirect.js'
import { escapeControls } from '../text/redact.js'
import { shown, shownUrl, shownValue } from '../text/shown.js'
import type { Exchange } from '../verdict/journey.js'
import { OBSERVED_URL } from '../verdict/observed-url.js'
import type { Verdict } from '../verdict/verdict.js'
import { misspeltAs } from './misspelt.js'
import { type Case, caseOf, type DiagnosisSubject } from './subject.js'

/** Sent, received, at fault. */
const SENT = '>'
const RECEIVED = '<'
const FAULT = '✗'

/**
 * A journey's exchanges as text: `>` what was sent, as far as it concerns origins; `<` every line of the answer; `✗` what is at fault
 * or missing. Secrets are redacted, control characters escaped, long values cut. Empty for a verdict, which knows no exchanges.
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
export function formatExchanges(subject: DiagnosisSubject): string {
  return exchangeTexts(subject).join('\n\n')
}

/** As {@link formatExchanges}, each exchange for itself. */
export function exchangeTexts(subject: DiagnosisSubject): string[] {
  const found = caseOf(subject)
  return found.exchanges.map((exchange) =>
    [...sentLines(exchange, found.verdict), ...answerLines(exchange, found)].join('\n'),
  )
}

const ORIGIN_RELEVANT: ReadonlySet<string> = new Set([
  'origin',
  'access-control-request-method',
  'access-control-request-headers',
  'authorization',
  'cookie',
  'content-type',
])

function sentLines(exchange: Exchange, verdict: Verdict): string[] {
  const reasons = new Set(
    verdict.preflight.reasons.flatMap((reason) => (reason.kind === 'header' ? [reason.name] : [])),
  )
  const relevant = exchange.request.headers.filter(([name]) => {
    const lower = name.toLowerCase()
    return ORIGIN_RELEVANT.has(lower) || (exchange.kind === 'request' && reasons.has(lower))
  })
  const { method, url } = exchange.request
  return [
    ...(url === OBSERVED_URL ? [] : [`${SENT} ${shown(method)} ${shownUrl(url)}`]),
    ...relevant.map((line) => `${SENT} ${headerText(line)}`),
  ]
}

const STATUS_CODES: ReadonlySet<string> = new Set([
  'preflight-status',
  'preflight-redirect',
  'event-stream-status',
  'redirect-mode-error',
  'too-many-redirects',
])

function answerLines(exchange: Exchange, found: Case): string[] {
  const { verdict } = found
  const decided = exchange === found.last && verdict.outcome === 'blocked'
  const { status, headers } = exchange.response
  const statusAtFault =
    decided &&
    verdict.code !== undefined &&
    (STATUS_CODES.has(verdict.code) || (exchange.kind === 'preflight' && !isOkStatus(status)))
  const lines = [`${statusAtFault ? FAULT : RECEIVED} ${status}`]
  const fault = decided ? verdict.header : undefined
  const missing = fault !== undefined && !containsHeader(headers, fault)
  const misspelt = missing ? misspeltAs(headers, fault) : undefined
  for (const line of headers) {
    const [name] = line
    if (misspelt === name) lines.push(`${FAULT} ${headerText(line)}  (no browser knows this name)`)
    else
      lines.push(
        `${fault !== undefined && equalsIgnoringCase(name, fault) ? FAULT : RECEIVED} ${headerText(line)}`,
      )
  }
  if (missing) lines.push(`${FAULT} missing: ${fault}`)
  return lines
}

function headerText([name, value]: Header): string {
  const text =
    equalsIgnoringCase(name, 'location') || equalsIgnoringCase(name, 'referer')
      ? shownUrl(value)
      : shownValue(name, value)
  return `${escapeControls(name)}: ${text}`
}
