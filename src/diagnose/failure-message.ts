/** A failure message, put together from its parts. Pure strings; the runner adds its colors. */
import type { Profile } from '../engines/profiles.js'
import { bounded } from '../text/message.js'
import { capitalized, listed } from '../text/shown.js'
import type { Journey, Verdict } from '../verdict/verdict.js'
import { type BlockedCase, blockedCaseOf, caseOf, mergedCase } from './case.js'
import { type Paint, plain } from './colors.js'
import { docsFor } from './docs.js'
import { alignEngines, engineNames } from './engines.js'
import { serversOf } from './evidence.js'
import { exchangeTexts } from './exchange.js'
import { explanationOf } from './explain.js'
import { type About, aboutCases, withRequest } from './first-line.js'
import { addedOption } from './remedies/added-option.js'
import { type ServerName, serverRemedies } from './remedies/index.js'
import { type SendInstead, sendInsteadOf, sendInsteadText } from './send-instead.js'

/** What one engine made of a request. */
export interface EngineJourney {
  readonly engine: Profile
  /** A verdict alone where nothing was sent. */
  readonly journey: Journey | Verdict
  /** Which of several things asked about it is about: a method, a header. */
  readonly item?: string | undefined
}

/** What is said of an assertion that fails; what is left out is not said. */
export interface SaidOfFailure {
  /** What was expected and is not so, in one sentence. Default: the explanation of the first block. */
  readonly sentence?: string | undefined
  /** Whether the explanation of the first block follows the sentence. Default: true. */
  readonly explain?: boolean | undefined
  /** Further lines, after the explanation. */
  readonly notes?: readonly string[] | undefined
  /** What was exchanged, where it is not that of the journeys. */
  readonly exchanges?: readonly string[] | undefined
  /** The fix in words, where it is not what to send instead. */
  readonly wayOut?: string | undefined
  /** What to send instead: given, or left out with `false`, and the snippet with it. Default: worked out from the first block. */
  readonly instead?: SendInstead | false | undefined
  /** The request that it is about. Default: that of the journeys. */
  readonly about?: About | undefined
  /** Whether every origin is asked about, and those that asked are samples. Default: the one that asked. */
  readonly anyOrigin?: boolean | undefined
}

/** The parts of a failure message; those that are left out are not shown. */
export interface FailureParts extends SaidOfFailure {
  /** The assertion, as the runner shows it: `expect(endpoint).toAllowPreflight(expected)`. */
  readonly hint?: string | undefined
  /** What happened in each engine that was asked. */
  readonly journeys?: readonly EngineJourney[] | undefined
  /** Who does what, in one line; null for nothing. Default: worked out from the journeys. */
  readonly difference?: string | null | undefined
  /** Whose snippet to show after that. Default: the server that is known to have responded. */
  readonly server?: ServerName | undefined
  /** What is said where no snippet is known for it; null for nothing. Default: how to name it. */
  readonly unrecognized?: string | null | undefined
  /** The runner's colors. Default: none. */
  readonly paint?: MessagePaint | undefined
  /** Whether the reader can open a file of this package's. Default: yes. */
  readonly canOpen?: ((page: string) => boolean) | undefined
}

/** Colors for what stands out in a message. */
export type MessagePaint = Pick<Paint, 'good' | 'bad'>

/**
 * Puts a failure message together.
 *
 * @example
 * failureMessage({ hint: 'expect(endpoint).toAllowPreflight(expected)', journeys: [{ engine: 'chromium', journey }] })
 * // PUT /orders from https://app.example.com: the preflight response does not allow `PUT`: Access-Control-Allow-Methods is …
 * //
 * // expect(endpoint).toAllowPreflight(expected)
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
 * // Read on: node_modules/expect-cors/docs/errors/method-not-allowed.md
 */
export function failureMessage(parts: FailureParts): string {
  const journeys = parts.journeys ?? []
  const verdicts = journeys.map(({ journey }) => caseOf(journey).verdict)
  const blocked = mergedCase(journeys.flatMap(({ journey }) => blockedCaseOf(journey) ?? []))
  const explanation = blocked === null || parts.explain === false ? undefined : explanationOf(blocked)
  const difference = parts.difference === undefined ? alignEngines(verdicts).line : parts.difference
  const asked = parts.about ?? aboutCases(journeys.map(({ journey }) => caseOf(journey)))
  // Those that asked for all were samples.
  const about = asked !== undefined && parts.anyOrigin === true ? { ...asked, origin: null } : asked
  const [reason, ...more] = present([
    difference === null ? undefined : `${difference}.`,
    parts.sentence,
    explanation === parts.sentence ? undefined : explanation,
    ...(parts.notes ?? []),
  ])
  const message = paragraphs([
    reason === undefined ? undefined : [withRequest(reason, about), ...more].join('\n'),
    HINT,
    parts.exchanges?.join('\n\n') ?? exchangesText(journeys),
    parts.wayOut,
    insteadText(parts, blocked),
    snippetText(parts, blocked),
    blocked === null ? undefined : readOn(blocked, parts.canOpen),
  ])
  // Colors count in no length.
  const [before = '', after = ''] = painted(bounded(message), parts.paint ?? plain).split(HINT)
  return paragraphs([before.trimEnd(), parts.hint, after.trimStart()])
}

/** Where the assertion is shown, in the runner's own colors. */
const HINT = '\u0000'

/** The offending lines, and what to send instead, in the runner's colors. */
function painted(message: string, { bad, good }: MessagePaint): string {
  let isInstead = false
  return message
    .split('\n')
    .map((line) => {
      if (line === INSTEAD) isInstead = true
      else if (line === '') isInstead = false
      if (isInstead) return good(line)
      return line.startsWith('✗') ? bad(line) : line
    })
    .join('\n')
}

function present(texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined && text !== '') as string[]
}

function paragraphs(texts: readonly (string | undefined)[]): string {
  return present(texts).join('\n\n')
}

/** The exchanges that some journeys have in common. */
interface Course {
  readonly text: string
  readonly engines: Set<Profile>
  readonly items: Set<string>
}

/** Each different course of exchanges once, under the engines that took it and the things it is about, where these differ. */
function exchangesText(journeys: readonly EngineJourney[]): string {
  const courses = new Map<string, Course>()
  const items = new Set(journeys.flatMap(({ item }) => item?.toLowerCase() ?? []))
  // Many things may be asked about one journey.
  const texts = new Map<EngineJourney['journey'], string>()
  for (const { engine, journey, item } of journeys) {
    const text = texts.get(journey) ?? exchangeTexts(journey, items).join('\n\n')
    texts.set(journey, text)
    if (text === '') continue
    const course = courses.get(text) ?? { text, engines: new Set(), items: new Set() }
    courses.set(text, course)
    course.engines.add(engine)
    // An origin is seen where it is sent.
    if (item !== undefined && !text.includes(`> Origin: ${item}\n`)) course.items.add(item)
  }
  const all = [...courses.values()]
  const enginesDiffer = new Set(all.map(({ engines }) => [...engines].join(' '))).size > 1
  const itemsDiffer = new Set(all.map(({ items }) => [...items].join(' '))).size > 1
  return all
    .map(({ text, engines, items }) => {
      const label = [
        ...(enginesDiffer ? [engineNames([...engines])] : []),
        ...(itemsDiffer && items.size > 0 ? [`for ${listed([...items])}`] : []),
      ].join(', ')
      return label === '' ? text : `${capitalized(label)}:\n${text}`
    })
    .join('\n\n')
}

const INSTEAD = 'Send instead:'

function insteadText(
  { instead: given, anyOrigin }: FailureParts,
  blocked: BlockedCase | null,
): string | undefined {
  if (given === false) return undefined
  const instead = given ?? (blocked === null ? null : sendInsteadOf(blocked, { anyOrigin }))
  if (instead === null) return undefined
  const text = sendInsteadText(instead)
  return text.length === 0 ? undefined : `${INSTEAD}\n${indented(text.join('\n'))}`
}

/** The snippet for the server that is nearest to the app. */
function snippetText(
  { instead: given, journeys = [], server, unrecognized = NAME_THE_SERVER, anyOrigin }: FailureParts,
  blocked: BlockedCase | null,
): string | undefined {
  if (given === false) return undefined
  if (blocked === null) return optionText(given, journeys, server)
  const { hop, url } = blocked.verdict
  // Where a redirect led to, a server responds that is not the known one.
  const isKnown = hop.url === url || new URL(hop.url).origin === new URL(url).origin
  const [remedy] = serverRemedies(blocked, { server: isKnown ? server : undefined, anyOrigin })
  if (remedy === undefined) return undefined
  if (remedy.for === 'server') return unrecognized ?? undefined
  const head = `In ${remedy.for}: ${remedy.title}`
  return remedy.snippet === undefined ? head : `${head}\n${indented(remedy.snippet)}`
}

const NAME_THE_SERVER =
  'The server was not recognized: configure({ server }), with the name of yours, shows where these lines go.'

/** The option of CORS rules that allow the request, and are to say more. */
function optionText(
  instead: SendInstead | undefined,
  journeys: readonly EngineJourney[],
  server: ServerName | undefined,
): string | undefined {
  const [line] = instead?.lines ?? []
  const [first] = journeys
  if (line === undefined || first === undefined) return undefined
  const servers = server === undefined ? serversOf(caseOf(first.journey)) : [server]
  const remedy = addedOption(line, servers)
  return remedy?.snippet === undefined
    ? undefined
    : `In ${remedy.for}: ${remedy.title}\n${indented(remedy.snippet)}`
}

/** The page about the code: this package's own, where it can be opened. */
function readOn({ code }: BlockedCase, canOpen: FailureParts['canOpen']): string {
  const pages = docsFor(code)
  const page = pages.find((each) => canOpen === undefined || canOpen(each))
  return `Read on: ${page ?? ''}`
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
