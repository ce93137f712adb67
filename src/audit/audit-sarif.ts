/** What audits have found, for what reads SARIF: code scanning. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */

import { shownJson } from '../text/json.js'
import type {
  AcceptedFinding,
  AuditEvidence,
  AuditFinding,
  AuditFindingId,
  AuditReport,
  AuditSeverity,
} from './audit-report.js'
import { findingClasses } from './finding-classes.js'

/** An audit that could not be made. */
export interface FailedAudit {
  readonly url: string
  readonly error: string
}

/** How serious it is there: a level, and a number between 0 and 10 by which code scanning sorts. */
const LEVELS: Readonly<Record<AuditSeverity, readonly [level: string, number: string]>> = {
  exploitable: ['error', '8.8'],
  exposed: ['warning', '5.3'],
  dysfunctional: ['warning', '2.0'],
  cosmetic: ['note', '1.0'],
}

/** One run, of all audits. @param version this package's */
export function auditSarif(audits: readonly (AuditReport | FailedAudit)[], version: string): string {
  const reports = audits.filter(isReport)
  const results = reports.flatMap(({ findings, accepted }) => [...findings, ...accepted])
  const ids = [...new Set(results.map(({ id }) => id))]
  const unjudged = audits.flatMap((audit) =>
    isReport(audit) ? audit.unjudged.map(({ explanation }) => explanation) : [`${audit.url}: ${audit.error}`],
  )
  return shownJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'expect-cors', version, rules: ids.map((id) => ruleOf(id, results)) } },
        invocations: [
          {
            executionSuccessful: unjudged.length === 0,
            toolExecutionNotifications: unjudged.map((text) => ({ level: 'error', message: { text } })),
          },
        ],
        results: results.map((finding) => resultOf(finding, ids)),
      },
    ],
  })
}

function isReport(audit: AuditReport | FailedAudit): audit is AuditReport {
  return 'findings' in audit
}

function ruleOf(id: AuditFindingId, findings: readonly AuditFinding[]): object {
  const { title, risk, cause, fix } = findingClasses[id]
  const severities = findings.filter((finding) => finding.id === id).map(({ severity }) => severity)
  const [level, number] = LEVELS[severities[0] as AuditSeverity]
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: risk },
    help: { text: `${cause} ${fix}` },
    defaultConfiguration: { level },
    properties: { tags: ['security', 'cors'], 'security-severity': number },
  }
}

function resultOf(finding: AuditFinding | AcceptedFinding, ids: readonly AuditFindingId[]): object {
  const { id, severity, url, explanation, cause, fix, evidence, origin } = finding
  const [shows] = evidence
  return {
    ruleId: id,
    ruleIndex: ids.indexOf(id),
    level: LEVELS[severity][0],
    message: { text: `${explanation}\n\nCause: ${cause}\nFix: ${fix}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: url } } }],
    // The same finding from run to run, whatever origin showed it.
    partialFingerprints: { 'expectCors/v1': `${id} ${url}` },
    ...(shows === undefined ? {} : { webRequest: requestOf(shows), webResponse: responseOf(shows) }),
    ...('reason' in finding
      ? { suppressions: [{ kind: 'external', justification: finding.reason }] }
      : { suppressions: [] }),
    properties: { severity, ...(origin === undefined ? {} : { origin }) },
  }
}

function requestOf({ method, url, origin }: AuditEvidence): object {
  return { method, target: url, headers: origin === null ? {} : { Origin: origin } }
}

function responseOf({ status, headers }: AuditEvidence): object {
  const byName: Record<string, string> = {}
  // One value for a name; lines of the same are joined, as they would be by whoever reads them.
  for (const [name, value] of headers) byName[name] = name in byName ? `${byName[name]}, ${value}` : value
  return { statusCode: status, headers: byName }
}
