/** What the command prints. */
import type { Difference } from './compare.js'
import type { Engine, Recording } from './scenario.js'

export interface Mismatch {
  readonly recording: Recording
  readonly differences: readonly Difference[]
}

/** A mismatch as a comment on what differs and the scenario as JSON, to paste into a test. */
export function printed(engine: Engine, { recording, differences }: Mismatch): string {
  const lines = differences.flatMap(({ what, expected, got }) => [
    `// ${what}`,
    ...listed(`//   expected`, expected),
    ...listed(`//   got     `, got),
  ])
  return [`// ${engine}: ${recording.scenario.id}`, ...lines, JSON.stringify(recording.scenario)].join('\n')
}

function listed(label: string, value: unknown): string[] {
  const parts = Array.isArray(value) && value.length > 0 ? value : [value]
  return parts.map((part) => `${label} ${typeof part === 'string' ? part : JSON.stringify(part)}`)
}

/** How often each kind of difference was seen in each family. */
export function tally(mismatches: readonly Mismatch[]): string {
  const counts = new Map<string, number>()
  for (const { recording, differences } of mismatches) {
    const kinds = [...new Set(differences.map(({ what }) => what.replace(/^step \d+ /, '')))].join('+')
    const key = `${recording.scenario.family}: ${kinds}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => `  ${count} ${key}`).join('\n')
}
