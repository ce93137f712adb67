/** What engines are called, and one line about how they differ. */
import { engineOf, type Profile } from '../engines/profiles.js'
import type { BlockedAt, CorsFailureCode } from '../fetch/failure.js'
import { capitalized, listed } from '../text/shown.js'
import { isPreflightPassed, type Verdict } from '../verdict/verdict.js'

/** An engine's name for people: `Chromium`. */
export function engineName(engine: Profile): string {
  return engineOf(engine).name
}

/** Engines' names in a row: `Firefox and WebKit`. */
export function engineNames(engines: readonly Profile[]): string {
  return listed(engines.map(engineName))
}

/** The same at the start of a line: `The Fetch Standard and Chromium`. */
export function capitalizedEngineNames(engines: readonly Profile[]): string {
  return capitalized(engineNames(engines))
}

/** Engines that do the same with a request. */
export interface EngineGroup {
  readonly engines: readonly Profile[]
  readonly outcome: Verdict['outcome']
  readonly code: CorsFailureCode | undefined
  readonly blockedAt: BlockedAt | undefined
  /** Whether these engines send a preflight first. */
  readonly preflight: boolean
  /** The first engine's verdict, for the others' details are the same but for spelling. */
  readonly verdict: Verdict
}

/** Engines side by side. */
export interface EngineAlignment {
  readonly groups: readonly EngineGroup[]
  /** Who does what, in one line; null where all do the same. */
  readonly line: string | null
}

/**
 * Groups engines that preflight alike and end alike, and says in one line how the groups differ.
 *
 * @example alignEngines([inChromium, inFirefox, inWebKit]).line
 * // 'Chromium sends no preflight here; Firefox and WebKit do'
 */
export function alignEngines(verdicts: readonly Verdict[]): EngineAlignment {
  const groups: (EngineGroup & { engines: Profile[] })[] = []
  for (const verdict of verdicts) {
    const { outcome, code, blockedAt, engine } = verdict
    const preflight = verdict.preflight.required
    const same = groups.find(
      (group) =>
        group.outcome === outcome &&
        group.code === code &&
        group.blockedAt === blockedAt &&
        group.preflight === preflight,
    )
    if (same === undefined) groups.push({ engines: [engine], outcome, code, blockedAt, preflight, verdict })
    else if (!same.engines.includes(engine)) same.engines.push(engine)
  }
  return { groups, line: groups.length < 2 ? null : differenceLine(groups) }
}

function differenceLine(groups: readonly EngineGroup[]): string {
  const preflightsDiffer = new Set(groups.map((group) => group.preflight)).size > 1
  const endsDiffer =
    new Set(groups.map((group) => `${group.outcome} ${group.code} ${group.blockedAt}`)).size > 1
  if (!endsDiffer && groups.length === 2) return preflightLine(groups)
  return groups
    .map((group, index) => {
      const parts: string[] = []
      if (preflightsDiffer)
        parts.push(verbFor(group, group.preflight ? 'sends a preflight' : 'sends no preflight'))
      if (endsDiffer) parts.push(endWords(group))
      const names = index === 0 ? capitalizedEngineNames(group.engines) : engineNames(group.engines)
      return `${names} ${parts.join(' and ')}`
    })
    .join('; ')
}

function preflightLine(groups: readonly EngineGroup[]): string {
  const without = groups.find((group) => !group.preflight) as EngineGroup
  const withOne = groups.find((group) => group.preflight) as EngineGroup
  return `${capitalizedEngineNames(without.engines)} ${verbFor(without, 'sends no preflight here')}; ${engineNames(withOne.engines)} ${verbFor(withOne, 'does')}`
}

const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/^sends/, 'send'],
  [/^does/, 'do'],
  [/^allows/, 'allow'],
  [/^blocks/, 'block'],
  [/^gives/, 'give'],
  [/^needs/, 'need'],
  [/^lets/, 'let'],
]

function verbFor(group: EngineGroup, words: string): string {
  if (group.engines.length === 1) return words
  for (const [singular, plural] of PLURALS) if (singular.test(words)) return words.replace(singular, plural)
  return words
}

function endWords(group: EngineGroup): string {
  switch (group.outcome) {
    case 'allowed':
      return verbFor(group, 'allows it')
    case 'opaque':
      return verbFor(group, 'gives the page an opaque response')
    case 'prompt':
      return verbFor(group, 'asks the user to log in')
    case 'incomplete':
      // Where only the preflight was asked about.
      if (isPreflightPassed(group.verdict)) return verbFor(group, 'lets the preflight pass')
      return verbFor(group, `needs to see more (${group.verdict.needs ?? 'a response'})`)
    case 'blocked':
      return verbFor(group, `blocks it (${blockWords(group)})`)
  }
}

const PLACES: Readonly<Record<BlockedAt, string>> = {
  preflight: 'on the preflight',
  request: 'before it is sent',
  redirect: 'on a redirect',
  response: 'on the response',
}

/** Why and where a group of engines blocks: `allow-origin-mismatch on the response`. */
export function blockWords(group: EngineGroup): string {
  const place = group.blockedAt === undefined ? '' : ` ${PLACES[group.blockedAt]}`
  return `${group.code ?? 'blocked'}${place}`
}
