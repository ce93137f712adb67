/** What a matcher has found out, and the message of an assertion that fails. */
import type { Profile } from '../engines/profiles.js'
import { listed, shown } from '../text/shown.js'
import type { Exchange, Journey, Verdict } from '../verdict/verdict.js'
import { askedAgainLine } from './again/asked-again-line.js'
import { wayToRefuse, whoMay } from './again/who-may.js'
import { type BlockedCase, blockedCaseOf, type Case, caseOf, mergedCase } from './case.js'
import { alignEngines, engineNames } from './engines.js'
import {
  type EngineJourney,
  type FailureParts,
  failureMessage,
  type SaidOfFailure,
} from './failure-message.js'
import { type Finding, groupedBy, itemsOf } from './finding.js'

/** How the message of a failure is shown. */
export interface ShownBy extends Pick<FailureParts, 'server' | 'paint' | 'canOpen'> {
  /** The assertion as the runner shows it, with what was asserted in it. */
  readonly hint: (expected: string) => string
}

/** What a matcher has found out. */
export interface Judgment {
  readonly findings: readonly Finding[]
  /** Whether an opaque response is among them, which satisfies neither form. */
  readonly isOpaque?: boolean
  /** Whether it is about who may ask, so that a failure without a block is told by asking as somebody else. */
  readonly asksWho?: boolean
  /** What was asked again once the assertion had failed. */
  readonly askedAgain?: readonly Exchange[]
  /** What is said of it, asked for only where the assertion fails; with what was asked again. */
  readonly words: (negated: boolean, askedAgain?: readonly Exchange[]) => Words
}

/**
 * The words of an assertion that fails. Of a positive the sentence says why, of a negative what let the request through; the first block is
 * explained, and what to send instead worked out, for a positive only.
 */
export interface Words extends SaidOfFailure {
  /** What was asserted, as the first line shows it. */
  readonly expected: string
  /** Whether the sentence says already what asking again has shown of who may. */
  readonly saysWho?: boolean | undefined
  /** Whether the sentence speaks of every engine, and not of those concerned only. */
  readonly ofEveryEngine?: boolean | undefined
}

/** The case of an assertion that fails, where asking again may tell more of it; else null. */
export function caseToAskAbout(judgment: Judgment, negated: boolean): Case | BlockedCase | null {
  if (judgment.isOpaque === true) return null
  const concerned = judgment.findings.filter(({ holds }) => holds === negated)
  const journeys = concerned.flatMap(({ journey }) =>
    journey !== undefined && 'verdict' in journey ? [journey] : [],
  )
  const blocked = mergedCase(journeys.flatMap((journey) => blockedCaseOf(journey) ?? []))
  if (blocked !== null) return blocked
  const [first] = journeys
  return judgment.asksWho === true && first !== undefined ? caseOf(first) : null
}

/**
 * The message of an assertion that fails.
 * @param shownBy what the runner and the project's configuration have to say about it
 */
export function judgmentMessage(judgment: Judgment, negated: boolean, { hint, ...shownBy }: ShownBy): string {
  const { findings, isOpaque } = judgment
  const { expected, ...said } = judgment.words(negated, judgment.askedAgain)
  if (isOpaque === true) return opaqueMessage({ ...shownBy, hint: hint(expected) }, findings)
  const concerned = findings.filter(({ holds }) => holds === negated)
  const difference = engineDifference(findings)
  // A negative's words are about what was let through; what the server should send is the positive's concern.
  const explain = said.explain ?? !negated
  return failureMessage({
    ...said,
    wayOut: said.wayOut ?? wayOutOf(judgment, negated),
    notes: [...(said.notes ?? []), ...askedAgainNotes(judgment, negated, said.saysWho === true)],
    hint: hint(expected),
    difference,
    sentence: sentences(said.sentence, split(findings, concerned, negated, said, difference)),
    journeys: journeysOf(concerned),
    explain,
    ...(negated && !explain ? { instead: false } : {}),
    ...shownBy,
  })
}

function askedAgainNotes(judgment: Judgment, negated: boolean, saysWho: boolean): string[] {
  const { askedAgain = [] } = judgment
  const found = caseToAskAbout(judgment, negated)
  if (askedAgain.length === 0 || found === null) return []
  const line = askedAgainLine(found, askedAgain)
  return 'code' in found || saysWho ? [line] : [`${line} ${whoMay({ ...found, related: askedAgain })}`]
}

/** How to refuse a request that is allowed and should not be. */
function wayOutOf(judgment: Judgment, negated: boolean): string | undefined {
  const found = caseToAskAbout(judgment, negated)
  if (found === null || 'code' in found) return undefined
  return wayToRefuse({ ...found, related: judgment.askedAgain ?? [] })
}

/** For which of the things listed it is so, or else in which engines. */
function split(
  all: readonly Finding[],
  concerned: readonly Finding[],
  negated: boolean,
  { sentence, ofEveryEngine }: Omit<Words, 'expected'>,
  difference: string | null,
): string | undefined {
  if (negated) return engineSplit(ofEveryEngine === true ? 'It holds' : 'This is the case', all, concerned)
  const items = itemDifference(all, concerned)
  if (items !== undefined) return items
  // The line about the engines says it already.
  if (sentence === undefined && difference !== null) return undefined
  return engineSplit(
    sentence === undefined || ofEveryEngine === true ? 'It fails' : 'This is the case',
    all,
    concerned,
  )
}

function opaqueMessage(shownBy: FailureParts, findings: readonly Finding[]): string {
  const opaque = journeysOf(findings).filter(({ journey }) => verdictOf(journey).outcome === 'opaque')
  const said = opaque.some(({ journey }) => verdictOf(journey).mode === 'no-cors')
    ? "mode: 'no-cors'"
    : "redirect: 'manual'"
  return failureMessage({
    ...shownBy,
    sentence: `The response is opaque: the request went through, but the page cannot look into it, so it is neither allowed nor blocked. That is what ${said} is for: leave it out if the page must read the response.`,
    journeys: opaque,
  })
}

function journeysOf(findings: readonly Finding[]): EngineJourney[] {
  return findings.flatMap(({ engine, journey, item }) =>
    journey === undefined ? [] : [{ engine, journey, item }],
  )
}

function verdictOf(journey: Journey | Verdict): Verdict {
  return 'verdict' in journey ? journey.verdict : journey
}

function sentences(...texts: readonly (string | undefined)[]): string | undefined {
  const said = texts.filter((text) => text !== undefined && text !== '')
  return said.length === 0 ? undefined : said.join(' ')
}

/** Which engine does what, where they differ about the same thing. */
function engineDifference(findings: readonly Finding[]): string | null {
  const byItem = groupedBy(findings, ({ item }) => item)
  for (const [item, own] of byItem) {
    const { line } = alignEngines(journeysOf(own).map(({ journey }) => verdictOf(journey)))
    if (line !== null) return item === undefined || byItem.size === 1 ? line : `${line} (${shown(item)})`
  }
  return null
}

/** Which of the things listed it fails for, and which not. */
function itemDifference(all: readonly Finding[], failing: readonly Finding[]): string | undefined {
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
  const these = enginesOf(concerned)
  const others = enginesOf(all).filter((engine) => !these.includes(engine))
  return others.length === 0 ? undefined : `${what} in ${engineNames(these)}, not in ${engineNames(others)}.`
}

function enginesOf(findings: readonly Finding[]): Profile[] {
  return [...new Set(findings.map(({ engine }) => engine))]
}
