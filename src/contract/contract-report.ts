/** What a check of a contract found, as plain data. */

import type { CorsFailureCode } from '../fetch/failure.js'
import type { RequestCredentials } from '../fetch/fetch-request.js'
import type { Header } from '../fetch/header-list.js'
import type { Exchange, Verdict } from '../verdict/verdict.js'

/** Why a cell is broken though no browser blocks anything, or not judged. */
export type ContractCode =
  /** An origin that must be denied is allowed. */
  | 'origin-allowed'
  /** A response header that a script must be able to read is not exposed. */
  | 'header-not-exposed'
  /** Browsers may not cache the preflight response for that long. */
  | 'max-age-too-short'
  /** Not judged: another status than the declared one. */
  | 'unexpected-status'
  /** Not judged: no allowed origin passed on the same route, so a refusal says nothing. */
  | 'no-control'
  /** Not judged: no response, none in time, or a gateway's 502 or 504, still after waiting. */
  | 'network-error'
  /** Not judged: 429 or 503, still after waiting. */
  | 'rate-limited'
  /** Not judged: `maxRequests` were sent, the run was ended, or the request must not be sent. */
  | 'not-asked'

/** One origin on one route (and status) of one target. */
export interface ContractCell {
  readonly target: string
  /** `PUT /orders/:id` */
  readonly route: string
  /** The origin asked with; of a pattern, its example. */
  readonly origin: string
  readonly status?: number
  readonly expected: 'allow' | 'deny'
  readonly outcome: 'held' | 'broken' | 'unjudged'
  readonly code?: CorsFailureCode | ContractCode
  /** The response header concerned, where the code is `header-not-exposed`. */
  readonly header?: string
  /** One sentence. Where the cell is not held. */
  readonly explanation?: string
  /** One an engine, where the cell is broken; of the first thousand such cells. */
  readonly verdicts?: readonly Verdict[]
  /** What was exchanged for each of {@link verdicts}, secrets redacted. */
  readonly exchanges?: readonly (readonly Exchange[])[]
  /** What was asked, where the cell is not held and its target has a URL. */
  readonly request?: ContractRequest
}

/** What a cell asked, as it may be shown: enough to ask it again alone, except for the secrets. */
export interface ContractRequest {
  readonly url: string
  readonly method: string
  readonly credentials: RequestCredentials
  /** What the page's script sets; values of secret headers are redacted. */
  readonly headers: readonly Header[]
  /** Names alone: whatever they are called, their values are secrets. */
  readonly extraHeaders: readonly string[]
}

/** How far a check has come. */
export interface ContractProgress {
  /** The cell that was judged last. */
  readonly cell: ContractCell
  /** How many cells are judged, or known to remain unjudged. */
  readonly judged: number
  /** How many there are. */
  readonly cells: number
  readonly broken: number
  readonly unjudged: number
  /** How many requests were sent. */
  readonly requests: number
}

/** A cell that has not the same outcome on every target. */
export interface ContractDrift {
  readonly route: string
  readonly origin: string
  readonly status?: number
  readonly outcomes: Readonly<Record<string, ContractCell['outcome']>>
}

/** See {@link checkCorsContract}. */
export interface ContractReport {
  /** A broken cell outranks one that was not judged. */
  readonly outcome: 'honored' | 'broken' | 'unjudged'
  readonly targets: readonly string[]
  readonly cells: readonly ContractCell[]
  readonly drift: readonly ContractDrift[]
  /** How many requests were sent. */
  readonly requests: number
}
