/** What an audit reports. Plain data. */

import type { Header } from '../fetch/header-list.js'

/** What a hostile page gains: the most serious first. */
export const auditSeverities = ['exploitable', 'exposed', 'dysfunctional', 'cosmetic'] as const

/**
 * - `exploitable`: a hostile page reads the response with its user's cookies;
 * - `exposed`: it reads the response without cookies, or has a request sent that it must not;
 * - `dysfunctional`: nobody gets in who must not, but somebody cannot use it as intended;
 * - `cosmetic`: it is wrong, but no browser acts on it.
 */
export type AuditSeverity = (typeof auditSeverities)[number]

/** Every kind of finding. */
export type AuditFindingId =
  | 'reflected-origin'
  | 'null-origin'
  | 'prefix-match'
  | 'suffix-match'
  | 'substring-match'
  | 'unescaped-dot'
  | 'special-characters'
  | 'insecure-scheme'
  | 'other-port'
  | 'any-subdomain'
  | 'public-suffix'
  | 'third-party'
  | 'cookie-dependent'
  | 'preflight-disagrees'
  | 'wildcard-with-credentials'
  | 'literal-wildcard'
  | 'duplicate-lines'
  | 'authenticated-preflight'
  | 'errors-without-cors'
  | 'max-age'
  | 'non-canonical-origin'
  | 'misspelt-header'
  | 'vary'
  | 'resource-policy'

/** One exchange with the server that shows what was found. */
export interface AuditEvidence {
  readonly method: string
  /** Without secrets. */
  readonly url: string
  /** The page's origin; null where the request was of no page. */
  readonly origin: string | null
  /** Whether it carried a cookie. */
  readonly cookie: boolean
  readonly status: number
  /** Those lines of the response that are about CORS and caches. */
  readonly headers: readonly Header[]
}

/** One thing that is wrong. */
export interface AuditFinding {
  readonly id: AuditFindingId
  readonly severity: AuditSeverity
  /** What was audited, without secrets. */
  readonly url: string
  /** The origin that shows it; left out where none has a part in it. */
  readonly origin?: string
  readonly evidence: readonly AuditEvidence[]
  /** What was found, in a sentence or a few. */
  readonly explanation: string
  /** The rule in the server that would do this. */
  readonly cause: string
  readonly fix: string
}

/** A finding that the baseline accepts. */
export interface AcceptedFinding extends AuditFinding {
  /** Why. */
  readonly reason: string
}

/** An entry of the baseline that accepts nothing any more. */
export interface StaleEntry {
  readonly id: AuditFindingId
  readonly origin?: string
  readonly path?: string
  readonly reason: string
}

/** Something that was asked and could not be judged. */
export interface AuditUnjudged {
  readonly origin: string | null
  readonly explanation: string
}

/** What an audit of one URL or app has found. */
export interface AuditReport {
  /** `unjudged` where nothing was found and something could not be judged. */
  readonly outcome: 'clean' | 'findings' | 'unjudged'
  /** What was audited, without secrets. */
  readonly url: string
  /** The most serious first. */
  readonly findings: readonly AuditFinding[]
  /** Those that the baseline accepts. */
  readonly accepted: readonly AcceptedFinding[]
  /** Entries of the baseline that accept nothing any more. */
  readonly stale: readonly StaleEntry[]
  readonly unjudged: readonly AuditUnjudged[]
  /** What else there is to know, such as which origins were left out. */
  readonly notes: readonly string[]
  /** How many requests were sent. */
  readonly requests: number
  /** Given as an option, it repeats the same origins. */
  readonly seed: number
}
