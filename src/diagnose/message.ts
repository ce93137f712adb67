/** A failure message, put together from its parts. Pure strings; the runner adds its colours. */
import type { Profile } from '../engines/profiles.js'
import type { Journey } from '../verdict/journey.js'
import type { Verdict } from '../verdict/verdict.js'
import { pageFor } from './docs.js'
import { alignEngines, capitalizedEngineNames } from './engines.js'
import { formatExchanges } from './exchange.js'
import { explainCors } from './explain.js'
import { type ServerName, serverRemedies } from './remedies/index.js'
import { type SendInstead, sendInstead, sendInsteadText } from './send-instead.js'
import { blockedCaseOf, caseOf, type DiagnosisSubject } from './subject.js'

/** What one engine made of a request. */
export interface EngineJourney {
  readonly engine: Profile
  /** A verdict alone where nothing was sent. */
  readonly journey: Journey | Verdict
}

/** The parts of a failure message; those that are left out are not shown. */
export interface FailureParts {
  /** The runner's own first line: `expect(endpoint).toAllowPreflight(expected)`. */
  readonly hint?: string | undefined
  /** What was expected and is not so, in one sentence. Default: the explanation of the first block. */
  readonly sentence?: string | undefined
  /** What happened in each engine that was asked. */
  readonly journeys?: readonly EngineJourney[] | undefined
  /** Who does what, in one line; null for nothing. Default: worked out from the journeys. */
  readonly difference?: string | null | undefined
  /** Whether to add the explanation of the first block after the sentence. Default: true. */
  readonly explain?: boolean | undefined
  /** Further lines, after the explanation. */
  readonly notes?: readonly string[] | undefined
  /** What to send instead: given, or left out with `false`. Default: worked out from the first block. */
  readonly instead?: SendInstead | false | undefined
  /** Whose snippet to show after that: named, or left out with `false`. Default: recognised by the answer's headers. */
  readonly server?: ServerName | false | undefined
}

/**
 * Puts a failure message together.
 *
 * @example
 * failureMessage({ hint: 'expect(endpoint).toAllowPreflight(expected)', journeys: [{ engine: 'chromium', journey }] })
 * // expect(endpoint).toAllowPreflight(expected)
 * //
 * // The preflight's answer does not allow `PUT`: Access-Control-Allow-Methods is `GET, POST`, which does not list it.
 * //
 * // > OPTIONS https://api.example.com/orders
 * // > Origin: https://app.example.com
 * // > Access-Control-Request-Method: PUT
 * // < 204
 * // < Access-Control-Allow-Origin: https://app.example.com
 * // ✗ Access-Control-Allow-Methods: GET, POST
 * //
 * // Send instead:
 * //   Access-Control-Allow-Methods: GET, POST, PUT
 * //
 * // Read on: expect-cors/docs/errors/method-not-allowed.md
 */
export function failureMessage(parts: FailureParts): string {
  const journeys = parts.journeys ?? []
  const verdicts = journeys.map(({ journey }) => caseOf(journey).verdict)
  const blocked = journeys.find((_, index) => verdicts[index]?.outcome === 'blocked')?.journey
  const explanation =
    blocked === undefined || parts.explain === false ? undefined : explainCors(blocked).explanation
  const difference = parts.difference === undefined ? alignEngines(verdicts).line : parts.difference
  return paragraphs([
    parts.hint,
    lines([
      difference === null ? undefined : `${difference}.`,
      parts.sentence,
      explanation === parts.sentence ? undefined : explanation,
      ...(parts.notes ?? []),
    ]),
    exchangesText(journeys),
    insteadText(parts.instead, blocked),
    parts.server === false ? undefined : snippetText(blocked, parts.server),
    blocked === undefined ? undefined : readOn(blocked),
  ])
}

function lines(texts: readonly (string | undefined)[]): string | undefined {
  const present = texts.filter((text) => text !== undefined && text !== '')
  return present.length === 0 ? undefined : present.join('\n')
}

function paragraphs(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined && text !== '').join('\n\n')
}

/** Each different course of exchanges once, under the engines that took it where there are several. */
function exchangesText(journeys: readonly EngineJourney[]): string {
  const courses = new Map<string, Profile[]>()
  for (const { engine, journey } of journeys) {
    const text = formatExchanges(journey)
    if (text === '') continue
    const engines = courses.get(text)
    if (engines === undefined) courses.set(text, [engine])
    else engines.push(engine)
  }
  // Several courses of the same engines are of several things that were asked.
  const labels = new Set([...courses.values()].map((engines) => engines.join(' ')))
  if (labels.size < 2) return [...courses.keys()].join('\n\n')
  return [...courses].map(([text, engines]) => `${capitalizedEngineNames(engines)}:\n${text}`).join('\n\n')
}

function insteadText(
  given: FailureParts['instead'],
  blocked: DiagnosisSubject | undefined,
): string | undefined {
  if (given === false) return undefined
  const instead = given ?? (blocked === undefined ? null : sendInstead(blocked))
  if (instead === null) return undefined
  const text = sendInsteadText(instead)
  return text.length === 0 ? undefined : `Send instead:\n${indented(text.join('\n'))}`
}

/** The snippet for the server that is nearest to the app. */
function snippetText(
  blocked: DiagnosisSubject | undefined,
  server: ServerName | undefined,
): string | undefined {
  const found = blocked === undefined ? null : blockedCaseOf(blocked)
  const remedy = found === null ? undefined : serverRemedies(found, { server })[0]
  if (remedy?.snippet === undefined || remedy.for === 'server') return undefined
  return `In ${remedy.for}: ${remedy.title}\n${indented(remedy.snippet)}`
}

/** The page about the code. */
function readOn(blocked: DiagnosisSubject): string | undefined {
  const code = blockedCaseOf(blocked)?.code
  return code === undefined ? undefined : `Read on: ${pageFor(code)}`
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
