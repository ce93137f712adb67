/** What a matcher finds out, engine by engine. */
import type { Profile } from '../engines/profiles.js'
import type { Warning } from '../fetch/fetch-context.js'
import type { Journey, Verdict } from '../verdict/verdict.js'

/** Whether an assertion holds in one engine, or for one of the things it lists, and what happened there. */
export interface Finding {
  readonly engine: Profile
  /** Which of the listed things it is about; left out where the engines are what differs. */
  readonly item?: string | undefined
  readonly holds: boolean
  /** Left out where the engine has no part in it. */
  readonly journey?: Journey | Verdict | undefined
  /** Default: those of the journey. */
  readonly warnings?: readonly Warning[] | undefined
}

/** The values of each key, in their order. A list may hold thousands, so that nobody looks through all of it for each. */
export function groupedBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}

/** The things listed that findings are about, each once. */
export function itemsOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.flatMap(({ item }) => item ?? []))]
}
