/** Auditing a URL or an app: hostile origins, and what else is wrong with its policy. */

import { CorsUsageError } from '../text/usage-error.js'
import { auditHygiene } from './audit-hygiene.js'
import { type AuditOptions, checkAuditOptions } from './audit-options.js'
import { type AuditFinding, type AuditReport, auditSeverities } from './audit-report.js'
import { type Asked, RouteAsker } from './route-asker.js'

const WHERE = 'auditOrigins()'

/**
 * Asks as origins that must not get in, derived from those that may, as browsers would; and looks for what else is wrong with the policy. By GET and
 * preflights alone, at most 40 to a route.
 *
 * @param target a URL, an app in this process, MSW handlers, or what `endpoint()` returned
 * @throws CorsUsageError where a trusted origin is not let in, and where nothing was found and something could not be judged: no findings means clean
 * @example
 * const { findings } = await auditOrigins(app, { trusted: ['https://app.example.com'], path: '/orders' })
 */
export async function auditOrigins(target: unknown, options: AuditOptions): Promise<AuditReport> {
  const report = await runAudit(target, options, WHERE)
  if (report.outcome === 'unjudged')
    throw new CorsUsageError(report.unjudged.map(({ explanation }) => explanation).join('\n'))
  return report
}

/** As {@link auditOrigins}, where what could not be judged is in the report. @param where what it is called as, in messages */
export async function runAudit(target: unknown, options: AuditOptions, where: string): Promise<AuditReport> {
  checkAuditOptions(options, where)
  const asker = new RouteAsker(target, options)
  return asker.during(async () => {
    const controls: Asked[] = []
    const { findings, unjudged } = await auditHygiene({ asker, controls })
    return {
      outcome: findings.length > 0 ? 'findings' : 'clean',
      url: asker.endpoint.shownUrl,
      findings: bySeverity(findings),
      accepted: [],
      stale: [],
      unjudged,
      notes: [],
      requests: asker.requests,
      seed: options.seed ?? 0,
    }
  })
}

function bySeverity(findings: readonly AuditFinding[]): AuditFinding[] {
  const rank = ({ severity }: AuditFinding): number => auditSeverities.indexOf(severity)
  return [...findings].sort((a, b) => rank(a) - rank(b))
}
