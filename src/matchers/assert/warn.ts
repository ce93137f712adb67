/** Warnings that an assertion carries though it holds: above all where the Fetch Standard is stricter than the engines. */

import { diagnosis } from '../../diagnose/diagnosis.js'
import type { Finding } from '../../diagnose/finding.js'
import type { Profile } from '../../engines/profiles.js'
import type { Warning } from '../../fetch/fetch-context.js'
import { getConfiguration } from '../../subject/configure.js'
import { sharedState } from '../../subject/shared-state.js'

/** How a runner's log shows it, and how Node's options may silence it. */
const TYPE = 'ExpectCorsWarning'
const CODE = 'EXPECT_CORS_STRICTER'

interface Shared {
  /** What was warned of already, in this process. */
  warned?: Set<string>
}

/** The warnings of what happened in one engine; undefined where there are none, as nearly always. */
function warningsOf(finding: Finding): readonly Warning[] | undefined {
  const warnings = finding.warnings ?? warningsIn(finding)
  return warnings?.length === 0 ? undefined : warnings
}

function warningsIn({ journey }: Finding): readonly Warning[] | undefined {
  return journey && ('verdict' in journey ? journey.verdict : journey).warnings
}

/** Whether there is anything to warn of. */
export function isWarned(finding: Finding): boolean {
  return warningsOf(finding) !== undefined
}

/**
 * Warns of what every engine asked lets through and the standard does not, each thing once in a process. Whoever has said whether the standard
 * counts, `configure({ strict })`, is not told.
 */
export function warnOfStandard(matcher: string, findings: readonly Finding[]): void {
  if (getConfiguration().strict !== undefined) return
  for (const finding of findings) {
    for (const warning of warningsOf(finding) ?? []) {
      const what = `${warning.code} ${warning.header ?? ''}`
      const own = findings.filter(({ item }) => item === finding.item)
      if (isSaid(what) || !own.every((other) => has(other, warning))) continue
      const engines = [...new Set(own.map(({ engine }): Profile => engine))]
      warnOnce(CODE, diagnosis().warningText(matcher, engines, warning), what)
    }
  }
}

/** Warns of a thing once in a process. @param what the thing, where its words vary */
export function warnOnce(code: string, text: string, what = text): void {
  if (isSaid(what)) return
  sharedState<Shared>().warned?.add(what)
  process.emitWarning(text, { type: TYPE, code })
}

function isSaid(what: string): boolean {
  const shared = sharedState<Shared>()
  shared.warned ??= new Set()
  return shared.warned.has(what)
}

function has(finding: Finding, { code, header }: Warning): boolean {
  return (warningsOf(finding) ?? []).some((other) => other.code === code && other.header === header)
}
