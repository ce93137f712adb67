/** `expect-cors audit`: URLs that are asked as hostile origins. */

import { type AuditPlan, planAudit, runAudit } from '../audit/audit-origins.js'
import type { AuditReport } from '../audit/audit-report.js'
import { auditSarif, type FailedAudit } from '../audit/audit-sarif.js'
import { auditHeadline, auditText } from '../audit/audit-text.js'
import { loadCorsContract } from '../contract/load-contract.js'
import { shownJson } from '../text/json.js'
import { errorMessage } from '../text/message.js'
import { numberOf, shown, shownUrl } from '../text/shown.js'
import { isCorsUsageError } from '../text/usage-error.js'
import { isCorsNetworkError } from '../transport/network-error.js'
import { type AuditArguments, checkUrl } from './audit-arguments.js'
import { interruptible, writeReport } from './report-output.js'
import { version } from './version.js'

/** What is used of where a command writes. */
interface AuditOutput {
  readonly out: (text: string) => void
  readonly color: boolean
}

const WHERE = 'audit'

/** Audits one URL after the other, and writes the report. Resolves with its outcome. @throws CommandError, CorsUsageError */
export async function auditCommand(
  args: AuditArguments,
  output: AuditOutput,
): Promise<AuditReport['outcome']> {
  const { urls, contract, dryRun } = args
  const trusted = contract === undefined ? (args.trusted ?? []) : loadCorsContract(contract)
  const seed = args.options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const options = { ...args.options, trusted, seed }
  for (const url of urls) checkUrl(url)
  if (dryRun) {
    const plans = urls.map((url) => wouldAsk(planAudit(url, options, WHERE)))
    output.out(`${['Nothing was sent. An audit would ask:', ...plans].join('\n\n')}\n`)
    return 'clean'
  }
  const audits: (AuditReport | FailedAudit)[] = []
  await interruptible(async (signal) => {
    for (const url of urls) {
      try {
        audits.push(await runAudit(url, options, { where: WHERE, signal }))
      } catch (error) {
        if (!isCorsUsageError(error) && !isCorsNetworkError(error)) throw error
        audits.push({ url: shownUrl(url), error: error.message })
      }
    }
  })
  const outcome = outcomeOf(audits)
  const headline = audits.map((audit) => headlineOf(audit)).join('\n')
  writeReport(rendered(audits, args, output), headline, args.output, output.out)
  return outcome
}

/** A finding outranks what could not be judged. */
function outcomeOf(audits: readonly (AuditReport | FailedAudit)[]): AuditReport['outcome'] {
  const outcomes = audits.map((audit) => ('error' in audit ? 'unjudged' : audit.outcome))
  if (outcomes.includes('findings')) return 'findings'
  return outcomes.includes('unjudged') ? 'unjudged' : 'clean'
}

function rendered(
  audits: readonly (AuditReport | FailedAudit)[],
  { format, output: file }: AuditArguments,
  { color }: AuditOutput,
): string {
  switch (format) {
    case 'sarif':
      return auditSarif(audits, version())
    case 'json':
      return shownJson({ outcome: outcomeOf(audits), audits })
    case 'text':
      return audits
        .map((audit) =>
          'error' in audit ? headlineOf(audit) : auditText(audit, color && file === undefined),
        )
        .join('\n\n\n')
  }
}

function headlineOf(audit: AuditReport | FailedAudit): string {
  return 'error' in audit
    ? `CORS audit of ${audit.url}: could not judge\n\n${errorMessage(audit.error)}`
    : auditHeadline(audit)
}

function wouldAsk({ asker, trusted, plan }: AuditPlan): string {
  const line = (origins: readonly { readonly origin: string }[]): string =>
    origins.map(({ origin }) => `    ${shown(origin)}`).join('\n')
  const { strangers, derived, others } = plan
  return [
    `${asker.endpoint.shownUrl}:`,
    `  as ${numberOf(trusted.origins.length, 'trusted origin')}, which must be let in, by GET with a cookie:`,
    line(trusted.origins),
    '  by GET with a cookie and without, and by a preflight:',
    line(strangers),
    '  by GET with a cookie, and in the other ways where it is let in:',
    line(derived.flat()),
    '  by GET with a cookie, as long as no more than 40 requests are sent:',
    line(others),
  ].join('\n')
}
