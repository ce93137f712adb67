/** What there is to diagnose: a verdict alone, or a journey with what was sent and received. */
import type { BlockedAt, CorsFailureCode } from '../fetch/failure.js'
import { containsHeader, getHeader, type HeaderList, headerLines } from '../fetch/header-list.js'
import { OBSERVED_URL } from '../verdict/client.js'
import { exchangesOf } from '../verdict/evaluate-cors.js'
import type { Exchange, Journey, Verdict } from '../verdict/verdict.js'

/** What was judged. A journey says more: header lines, statuses, misspelt names. */
export type Judged = Verdict | Journey

/** A verdict with whatever is known about the offending exchange. */
export interface Case {
  readonly verdict: Verdict
  /** Every exchange that is known, in order. */
  readonly exchanges: readonly Exchange[]
  /** What else is known of the same server: it explains, and never judges. */
  readonly related: readonly Exchange[]
  /** The exchange whose response decided; undefined where nothing was sent or only the verdict is known. */
  readonly last: Exchange | undefined
  /** The header lines of the response that decided, where they are known. */
  readonly lines: HeaderList | undefined
  /** The status of the response that decided, where it is known. */
  readonly status: number | undefined
}

/** A case that ended in a block. */
export interface BlockedCase extends Case {
  readonly code: CorsFailureCode
  readonly blockedAt: BlockedAt
  /** What permission was asked for: by one request, or by several that were blocked alike. */
  readonly asked: Asked
}

/** What a preflight asks permission for. */
export interface Asked {
  readonly methods: readonly string[]
  /** Lower case, each once, as they were asked for. */
  readonly headers: readonly string[]
}

export function caseOf(judged: Judged): Case {
  const journey = isJourney(judged)
  const verdict = journey ? judged.verdict : judged
  const exchanges = journey ? judged.exchanges : exchangesOf(verdict)
  const last = verdict.blockedAt === 'request' ? undefined : exchanges.at(-1)
  return {
    verdict,
    exchanges,
    related: journey ? (judged.related ?? []) : [],
    last,
    lines: last?.response.headers,
    status: last?.response.status ?? verdict.status ?? verdict.hop.status,
  }
}

function isJourney(judged: Judged): judged is Journey {
  return 'verdict' in judged
}

/** Whether the response's client does not tell where it came from, so that there is no URL to show. */
export function isObserved(found: Case): boolean {
  return found.verdict.url === OBSERVED_URL
}

/** Whether the browser itself had kept the response that decided. */
export function isFromHttpCache({ last }: Case): boolean {
  return last?.cacheState === 'local' || last?.cacheState === 'validated'
}

/** A blocked case, its code and place at hand; null for any other. */
export function blockedCaseOf(judged: Judged): BlockedCase | null {
  const found = caseOf(judged)
  const { code, blockedAt, outcome } = found.verdict
  if (outcome !== 'blocked' || code === undefined || blockedAt === undefined) return null
  return {
    ...found,
    code,
    blockedAt,
    asked: { methods: [found.verdict.method], headers: headersAskedFor(found) },
  }
}

/** The first of several blocked cases, as if it asked for everything that those blocked like it have asked for. */
export function mergedCase(cases: readonly BlockedCase[]): BlockedCase | null {
  const first = cases[0]
  if (first === undefined || first.blockedAt !== 'preflight') return first ?? null
  const alike = cases.filter(
    ({ verdict }) =>
      verdict.blockedAt === 'preflight' &&
      verdict.code === first.code &&
      verdict.value === first.verdict.value &&
      verdict.hop.origin === first.verdict.hop.origin,
  )
  return {
    ...first,
    asked: {
      methods: [...new Set(alike.flatMap(({ asked }) => asked.methods))],
      headers: [...new Set(alike.flatMap(({ asked }) => asked.headers))],
    },
  }
}

/** The names a preflight asks for. */
function headersAskedFor({ last, verdict }: Case): string[] {
  const sent = last?.kind === 'preflight' ? last.request : undefined
  // Of an observed response it is not known what it was asked for: what the judged request would have asked for counts.
  const isWhole = sent !== undefined && containsHeader(sent.headers, 'access-control-request-method')
  const request = isWhole ? sent : verdict.preflight.request
  if (request === undefined) {
    return [
      ...new Set(
        verdict.preflight.reasons.flatMap((reason) => (reason.kind === 'header' ? [reason.name] : [])),
      ),
    ]
  }
  const names = getHeader(request.headers, 'access-control-request-headers')?.split(',') ?? []
  return [...new Set(names.map((name) => name.trim()))].filter((name) => name !== '')
}

/**
 * Whether the response was judged as one to a request with credentials. WebKit does so after two redirects for a request that is not, which
 * only its code gives away.
 */
export function judgedWithCredentials(found: Case): boolean {
  const { code, credentials } = found.verdict
  return (
    credentials || code === 'wildcard-allow-origin-with-credentials' || code === 'invalid-allow-credentials'
  )
}

/** The values of each line of a header in the offending response: several where it came several times, the combined one where lines are not known. */
export function linesAtFault(found: Case, header: string): readonly string[] {
  if (found.lines !== undefined) return headerLines(found.lines, header)
  const { verdict } = found
  return verdict.header === header && typeof verdict.value === 'string' ? [verdict.value] : []
}
