/** A journey: what was sent and answered, in order, and the verdict on it. */
import type { ResponseHead } from '../fetch/response-head.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import type { Verdict } from './verdict.js'

/** One request and its answer. */
export interface Exchange {
  readonly kind: 'preflight' | 'request'
  /** The request as it left, `extraHeaders` and cookies included. */
  readonly request: RequestHead
  /** The answer's head, every header line as it came. */
  readonly response: ResponseHead
  /** What kind of server answered, where that is known otherwise than by its headers: `express`, `hono`, …. */
  readonly server?: string | undefined
}

/** What a page's request went through in one engine. */
export interface Journey {
  readonly verdict: Verdict
  /** Every request and its answer, in the order they were sent. */
  readonly exchanges: readonly Exchange[]
}
