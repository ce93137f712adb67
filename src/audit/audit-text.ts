/** What an audit has found, for a terminal and for the message of an assertion. */

import { colors, type Paint, plain } from '../diagnose/colors.js'
import { bounded, errorMessage } from '../text/message.js'
import { grouped, numberOf, shown } from '../text/shown.js'
import type { AuditEvidence, AuditFinding, AuditReport, AuditSeverity } from './audit-report.js'
import { findingClasses } from './finding-classes.js'

const PAINTS: Readonly<Record<AuditSeverity | AuditReport['outcome'], keyof Paint>> = {
  exploitable: 'bad',
  exposed: 'bad',
  dysfunctional: 'unsure',
  cosmetic: 'dim',
  clean: 'good',
  findings: 'bad',
  unjudged: 'unsure',
}

/** The report of one audit. */
export function auditText(report: AuditReport, color: boolean): string {
  const paint = color ? colors : plain
  const { outcome, findings, accepted, stale, unjudged, notes } = report
  return [
    paint[PAINTS[outcome]](paint.strong(auditHeadline(report))),
    ...findings.map((finding) => findingText(finding, paint)),
    section(
      'Not judged:',
      unjudged.map(({ explanation }) => explanation),
    ),
    section(
      'Accepted by the baseline:',
      accepted.map(({ id, severity, reason }) => `${id} (${severity}): ${shown(reason)}`),
    ),
    section(
      'In the baseline, and not found any more (take it out):',
      stale.map(({ id, reason }) => `${id}: ${shown(reason)}`),
    ),
    section('', notes),
    paint.dim(asked(report)),
  ]
    .filter((text) => text !== '')
    .join('\n\n')
}

/** `CORS audit of https://api.example.com/orders: 2 findings` */
export function auditHeadline({ url, outcome, findings, unjudged }: AuditReport): string {
  const found = findings.length > 0 ? numberOf(findings.length, 'finding') : 'no findings'
  const left = unjudged.length > 0 ? `, ${grouped(unjudged.length)} not judged` : ''
  const said = outcome === 'unjudged' ? `could not judge, ${found} in what was judged` : found
  return `CORS audit of ${url}: ${said}${outcome === 'unjudged' ? '' : left}`
}

/** Of an assertion that fails: the worst first, because runners show the first line in lists. @param hint the assertion as the runner shows it */
export function auditMessage(hint: string, report: AuditReport): string {
  const [worst] = report.findings
  const sentence =
    worst === undefined
      ? `None of the origins asked as was let in at ${report.url}, but for those that are trusted.`
      : `${errorMessage(worst.explanation)} ${worst.cause}`
  // The hint has the runner's colors.
  return [sentence, hint, bounded(auditText(report, false))].join('\n\n')
}

function findingText(finding: AuditFinding, paint: Paint): string {
  const { id, severity, explanation, cause, fix, evidence } = finding
  const { title, risk } = findingClasses[id]
  return [
    `${paint[PAINTS[severity]](`✗ ${severity}`)}  ${paint.strong(id)}: ${title}`,
    `  ${errorMessage(explanation)}`,
    `  Risk: ${risk}`,
    `  Cause: ${cause}`,
    `  Fix: ${fix}`,
    ...evidence.flatMap(evidenceLines).map((line) => `    ${line}`),
  ].join('\n')
}

function evidenceLines({ method, url, origin, cookie, status, headers }: AuditEvidence): string[] {
  return [
    `> ${method} ${shown(url)}`,
    ...(origin === null ? [] : [`> Origin: ${shown(origin)}`]),
    ...(cookie ? ['> Cookie: [redacted]'] : []),
    `< ${status}`,
    ...headers.map(([name, value]) => `< ${shown(name)}: ${value}`),
  ]
}

function section(title: string, items: readonly string[]): string {
  if (items.length === 0) return ''
  const lines = items.map((item) => `${title === '' ? '' : '  '}${errorMessage(item)}`)
  return [...(title === '' ? [] : [title]), ...lines].join('\n')
}

function asked({ requests, seed }: AuditReport): string {
  return `${numberOf(requests, 'request')}; seed ${seed} repeats the same origins.`
}
