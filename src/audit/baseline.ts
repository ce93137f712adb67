/** The baseline: findings that are known and accepted, each with a reason. */

import { readFileSync } from 'node:fs'
import { checkNames } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { nearest } from '../text/nearest.js'
import { literal } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { BaselineEntry } from './audit-options.js'
import type { AcceptedFinding, AuditFinding, AuditFindingId, StaleEntry } from './audit-report.js'
import { findingClasses } from './finding-classes.js'

const MEMBERS = ['id', 'path', 'origin', 'reason']

/** @throws CorsUsageError for a file that cannot be read, and an entry that is not one */
export function readBaseline(baseline: unknown, where: string): readonly BaselineEntry[] {
  if (baseline === undefined) return []
  const list: unknown = typeof baseline === 'string' ? fromFile(baseline, where) : baseline
  const name = typeof baseline === 'string' ? `the baseline ${literal(baseline)}` : 'baseline'
  if (!Array.isArray(list))
    throw new CorsUsageError(
      `${where}: ${name} must be a list such as [{ id: 'any-subdomain', reason: 'they are all ours' }]; got ${describeValue(list)}`,
    )
  for (const [index, entry] of (list as unknown[]).entries())
    checkEntry(entry, `${where}: ${name}, entry ${index + 1}`)
  return list as BaselineEntry[]
}

function fromFile(file: string, where: string): unknown {
  const name = `${where}: the baseline ${literal(file)}`
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CorsUsageError(
      `${name}: ${code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown error'})`}`,
    )
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new CorsUsageError(`${name} is not valid JSON`)
  }
}

function checkEntry(entry: unknown, where: string): void {
  if (!hasMembers(entry) || Array.isArray(entry))
    throw new CorsUsageError(`${where} must be { id, reason }; got ${describeValue(entry)}`)
  checkNames(entry, MEMBERS, where)
  const { id, reason } = entry
  const known = Object.keys(findingClasses)
  if (typeof id !== 'string' || !known.includes(id)) {
    const near = typeof id === 'string' ? nearest(id, known) : undefined
    throw new CorsUsageError(
      `${where}: id must be that of a finding; got ${typeof id === 'string' ? literal(id) : describeValue(id)}${near === undefined ? `; known are ${known.join(', ')}` : `; did you mean ${literal(near)}?`}`,
    )
  }
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new CorsUsageError(
      `${where}: reason must say why ${literal(id)} is accepted; got ${describeValue(reason)}`,
    )
  for (const name of ['path', 'origin'])
    if (entry[name] !== undefined && typeof entry[name] !== 'string')
      throw new CorsUsageError(`${where}: ${name} must be a string; got ${describeValue(entry[name])}`)
}

/** What a baseline leaves of the findings. */
export interface Sifted {
  readonly findings: readonly AuditFinding[]
  readonly accepted: readonly AcceptedFinding[]
  readonly stale: readonly StaleEntry[]
}

/** @param path the path of what is audited */
export function sift(
  findings: readonly AuditFinding[],
  baseline: readonly BaselineEntry[],
  path: string,
): Sifted {
  const own = baseline.filter((entry) => entry.path === undefined || entry.path === path)
  const used = new Set<BaselineEntry>()
  const left: AuditFinding[] = []
  const accepted: AcceptedFinding[] = []
  for (const finding of findings) {
    const entry = own.find(
      ({ id, origin }) => id === finding.id && (origin === undefined || origin === finding.origin),
    )
    if (entry === undefined) left.push(finding)
    else {
      used.add(entry)
      accepted.push({ ...finding, reason: entry.reason })
    }
  }
  const stale = own
    .filter((entry) => !used.has(entry))
    .map((entry): StaleEntry => {
      const { id, path, origin, reason } = entry as BaselineEntry & { readonly id: AuditFindingId }
      return {
        id,
        ...(origin === undefined ? {} : { origin }),
        ...(path === undefined ? {} : { path }),
        reason,
      }
    })
  return { findings: left, accepted, stale }
}
