/** From what holds in each engine to a runner's pass or fail. */
import { engineNames } from '../diagnose/engines.js'
import { failureMessage } from '../diagnose/message.js'
import type { SendInstead } from '../diagnose/send-instead.js'
import { listed } from '../diagnose/text.js'
import type { Profile } from '../engines/profiles.js'
import type { Journey } from '../verdict/journey.js'
import type { Verdict } from '../verdict/verdict.js'
import { hintOf, type MatcherContext, type MatcherResult } from './context.js'

/** Whether an assertion holds in one engine, or for one of the things it lists, and what happened there. */
export interface Finding {
  readonly engine: Profile
  /** Which of the listed things it is about; left out where the engines are what differs. */
  readonly item?: string | undefined
  readonly holds: boolean
  /** Left out where the engine has no part in it. */
  readonly journey?: Journey | Verdict | undefined
}

/** Everything a matcher has found out. */
export interface Case {
  readonly name: string
  /** What was given to `expect`, in a word: `response`, `endpoint`. */
  readonly received: string
  /** What was asserted, as the first line shows it. */
  readonly expected: string
  readonly findings: readonly Finding[]
  /** One sentence for a positive that fails. Default: the explanation of the first block. */
  readonly failed?: (() => string | undefined) | undefined
  /** One sentence for a negative that fails: what let it through. */
  readonly held: () => string
  /** Further lines for either. */
  readonly notes?: (() => readonly string[]) | undefined
  /** What the server should send instead; `false` for nothing. Default: worked out from the first block. */
  readonly instead?: (() => SendInstead | false | undefined) | undefined
  /** Whether the explanation of the first block follows the sentence. Default: true. */
  readonly explain?: boolean | undefined
}

/**
 * An assertion must hold in every engine asked, and its `.not` must in every one not hold; where they differ both forms fail.
 */
export function conclude(context: MatcherContext, found: Case): MatcherResult {
  const negated = context.isNot === true
  const holding = found.findings.filter((finding) => finding.holds)
  const all = holding.length === found.findings.length
  const some = holding.length > 0
  return {
    pass: negated ? some : all,
    message: () => (negated ? heldMessage(context, found, holding) : failedMessage(context, found)),
  }
}

function journeysOf(findings: readonly Finding[]): { engine: Profile; journey: Journey | Verdict }[] {
  return findings.flatMap(({ engine, journey }) => (journey === undefined ? [] : [{ engine, journey }]))
}

function failedMessage(context: MatcherContext, found: Case): string {
  const failing = found.findings.filter((finding) => !finding.holds)
  return failureMessage({
    hint: hintOf(context, found.name, found.received, found.expected),
    sentence:
      [differenceNote(found.findings, failing), found.failed?.()]
        .filter((text) => text !== undefined)
        .join(' ') || undefined,
    journeys: journeysOf(failing),
    explain: found.explain,
    notes: found.notes?.(),
    instead: found.instead?.(),
  })
}

function heldMessage(context: MatcherContext, found: Case, holding: readonly Finding[]): string {
  return failureMessage({
    hint: hintOf(context, found.name, found.received, found.expected),
    sentence: [found.held(), differenceNote(found.findings, holding)]
      .filter((text) => text !== undefined)
      .join(' '),
    journeys: journeysOf(holding),
    explain: false,
    notes: found.notes?.(),
    instead: false,
  })
}

/** Which engines, or which of the things listed, it is about, where not all do the same. */
function differenceNote(all: readonly Finding[], concerned: readonly Finding[]): string | undefined {
  if (concerned.length === all.length || all.length < 2) return undefined
  const others = all.filter((finding) => !concerned.includes(finding))
  return `This is so ${namesOf(concerned)}, not ${namesOf(others)}.`
}

function namesOf(findings: readonly Finding[]): string {
  const items = new Set(findings.flatMap(({ item }) => item ?? []))
  const engines = new Set(findings.map(({ engine }) => engine))
  const inEngines = items.size === 0 || engines.size > 1 ? `in ${engineNames([...engines])}` : ''
  return [items.size === 0 ? '' : `for ${listed([...items])}`, inEngines]
    .filter((text) => text !== '')
    .join(' ')
}
