/** From what holds in each engine to a runner's pass or fail. */
import { alignEngines, engineNames } from '../../diagnose/engines.js'
import type { EngineJourney } from '../../diagnose/failure-message.js'
import type { SendInstead } from '../../diagnose/send-instead.js'
import type { Profile } from '../../engines/profiles.js'
import { getConfiguration } from '../../subject/configure.js'
import { listed, shown } from '../../text/shown.js'
import { hintOf, type MatcherContext, type MatcherResult } from './context.js'
import { diagnosis } from './diagnosis.js'
import { type Finding, groupedBy } from './finding.js'
import { isWarned, warnOfStandard } from './warn.js'

/** Everything a matcher has found out. */
export interface Case {
  readonly name: string
  /** What was given to `expect`, in a word: `response`, `endpoint`. */
  readonly received: string
  /** What was asserted, as the first line shows it. */
  readonly expected: string | (() => string)
  readonly findings: readonly Finding[]
  /** One sentence for a positive that fails. Default: the explanation of the first block. */
  readonly failed?: (() => string | undefined) | undefined
  /** One sentence for a negative that fails: what let it through. */
  readonly held: () => string
  /** Further lines for either. */
  readonly notes?: (() => readonly string[]) | undefined
  /** What the server should send instead; `false` for nothing. Default: worked out from the first block. */
  readonly instead?: (() => SendInstead | false | undefined) | undefined
  /** Whether every origin is asked about, and those that asked are samples. */
  readonly anyOrigin?: boolean | undefined
  /** Whether the explanation of the first block follows the sentence. Default: true. */
  readonly explain?: boolean | undefined
  /** Whether the sentences speak of every engine, and not of those concerned only. */
  readonly ofEveryEngine?: boolean | undefined
  /** Whether a negative that fails is explained, and says what to send instead: where what holds is a block. Default: false. */
  readonly explainHeld?: boolean | undefined
}

/**
 * An assertion must hold in every engine asked, and its `.not` must in every one not hold; where they differ both forms fail.
 */
export function conclude(context: MatcherContext, found: Case): MatcherResult {
  const negated = context.isNot === true
  const holding = found.findings.filter((finding) => finding.holds)
  const all = holding.length === found.findings.length
  const some = holding.length > 0
  if (all && !negated && found.findings.some(isWarned)) warnOfStandard(found.name, found.findings)
  return {
    pass: negated ? some : all,
    message: () => (negated ? heldMessage(context, found, holding) : failedMessage(context, found)),
  }
}

function hint(context: MatcherContext, { name, received, expected }: Case): string {
  return hintOf(context, name, received, typeof expected === 'function' ? expected() : expected)
}

function journeysOf(findings: readonly Finding[]): EngineJourney[] {
  return findings.flatMap(({ engine, journey, item }) =>
    journey === undefined ? [] : [{ engine, journey, item }],
  )
}

function failedMessage(context: MatcherContext, found: Case): string {
  const failing = found.findings.filter((finding) => !finding.holds)
  const difference = engineDifference(found.findings)
  const sentence = found.failed?.()
  return diagnosis().failureMessage({
    hint: hint(context, found),
    difference,
    sentence: sentences(
      sentence,
      itemDifference(found.findings, failing) ??
        (sentence === undefined && difference !== null
          ? undefined
          : engineSplit(
              sentence === undefined || found.ofEveryEngine === true ? 'It fails' : 'That is so',
              found.findings,
              failing,
            )),
    ),
    journeys: journeysOf(failing),
    explain: found.explain,
    notes: found.notes?.(),
    instead: found.instead?.(),
    anyOrigin: found.anyOrigin,
    server: getConfiguration().server,
  })
}

function heldMessage(context: MatcherContext, found: Case, holding: readonly Finding[]): string {
  return diagnosis().failureMessage({
    hint: hint(context, found),
    difference: engineDifference(found.findings),
    sentence: sentences(
      found.held(),
      engineSplit(found.ofEveryEngine === true ? 'It holds' : 'That is so', found.findings, holding),
    ),
    journeys: journeysOf(holding),
    explain: found.explainHeld === true,
    notes: found.notes?.(),
    ...(found.explainHeld === true ? {} : { instead: false }),
    server: getConfiguration().server,
  })
}

function sentences(...texts: readonly (string | undefined)[]): string | undefined {
  const said = texts.filter((text) => text !== undefined && text !== '')
  return said.length === 0 ? undefined : said.join(' ')
}

/** Which engine does what, where they differ about the same thing. */
function engineDifference(findings: readonly Finding[]): string | null {
  const byItem = groupedBy(findings, ({ item }) => item)
  for (const [item, own] of byItem) {
    const verdicts = journeysOf(own).map(({ journey }) => ('verdict' in journey ? journey.verdict : journey))
    const { line } = alignEngines(verdicts)
    if (line !== null) return item === undefined || byItem.size === 1 ? line : `${line} (${shown(item)})`
  }
  return null
}

/** Which of the things listed it fails for, and which not. */
function itemDifference(all: readonly Finding[], failing: readonly Finding[]): string | undefined {
  const itemsOf = (findings: readonly Finding[]): string[] => [
    ...new Set(findings.flatMap(({ item }) => item ?? [])),
  ]
  const bad = itemsOf(failing)
  const isBad = new Set(bad)
  const good = itemsOf(all).filter((item) => !isBad.has(item))
  return bad.length === 0 || good.length === 0
    ? undefined
    : `It fails for ${listed(bad.map(shown))}, not for ${listed(good.map(shown))}.`
}

/** In which engines it is so, and in which not. */
function engineSplit(
  what: string,
  all: readonly Finding[],
  concerned: readonly Finding[],
): string | undefined {
  const enginesOf = (findings: readonly Finding[]): Profile[] => [
    ...new Set(findings.map(({ engine }) => engine)),
  ]
  const these = enginesOf(concerned)
  const others = enginesOf(all).filter((engine) => !these.includes(engine))
  return others.length === 0 ? undefined : `${what} in ${engineNames(these)}, not in ${engineNames(others)}.`
}
