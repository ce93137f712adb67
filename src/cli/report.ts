/** What became of a request, for people. */
import type { Paint } from '../diagnose/colors.js'
import { consoleMessage } from '../diagnose/console/index.js'
import {
  alignEngines,
  blockWords,
  capitalizedEngineNames,
  type EngineGroup,
  engineName,
} from '../diagnose/engines.js'
import { exchangeTexts } from '../diagnose/exchange.js'
import { whyPreflighted } from '../diagnose/explain/why-preflight.js'
import { explainCors } from '../diagnose/explain.js'
import { renderExplanation } from '../diagnose/render.js'
import type { Profile } from '../engines/profiles.js'
import { canOpen } from '../matchers/assert/conclude.js'
import type { EngineRun } from '../page/ask.js'
import { bounded } from '../text/message.js'
import { capitalized, listed, shown, shownUrl } from '../text/shown.js'
import type { Journey, Verdict } from '../verdict/verdict.js'
import type { ExplainArguments } from './arguments.js'
import { type Explained, isPreflightAllowed } from './explain-request.js'

/** The report: the journey, the verdict in each engine, and for each kind of block its console messages, cause and fixes. */
export function textReport({ runs, notes, sent }: Explained, args: ExplainArguments, paint: Paint): string {
  const { groups, line } = alignEngines(runs.map(({ journey }) => journey.verdict))
  const report = [
    journeys(runs, paint),
    [...groups.map((group) => verdictLine(group, sent, paint)), ...(line === null ? [] : [`${line}.`])].join(
      '\n',
    ),
    ...notes,
    ...warnings(runs, paint),
    ...groups.map((group) => explained(group, groups, runs, args, paint)),
  ]
    .filter((text) => text !== '')
    .join('\n\n')
  return bounded(report)
}

/** Each different course of events once, under the engines that took it where there are several. */
function journeys(runs: readonly EngineRun[], paint: Paint): string {
  const courses = new Map<string, Profile[]>()
  for (const { engine, journey } of runs) {
    const text = course(journey, paint)
    courses.set(text, [...(courses.get(text) ?? []), engine])
  }
  if (courses.size === 1) return [...courses.keys()].join('')
  return [...courses]
    .map(([text, engines]) => `${paint.strong(`${capitalizedEngineNames(engines)}:`)}\n${text}`)
    .join('\n\n')
}

const WIDTH = 'preflight'.length + 2

/** Page, preflight, request, redirect, in the order they happened. */
function course(journey: Journey, paint: Paint): string {
  const { verdict, exchanges } = journey
  const steps = [step('page', asks(verdict), paint.strong)]
  const reasons = whyPreflighted(verdict)
  const texts = exchangeTexts(journey)
  let first: string | undefined
  for (const [index, { kind, request }] of exchanges.entries()) {
    first ??= request.url
    const text = marked(texts[index] ?? '', paint)
    if (kind === 'preflight') {
      const why = reasons.length === 0 ? [] : [`The browser asks first: ${listed(reasons)}.`]
      steps.push(step('preflight', [...why, text].join('\n'), paint.strong))
    } else {
      steps.push(step(request.url === first ? 'request' : 'redirect', text, paint.strong))
    }
  }
  if (verdict.outcome === 'blocked' && exchanges.at(-1)?.kind !== 'request') {
    steps.push(step('request', `${paint.bad('✗')} not sent`, paint.dim))
  }
  return steps.join('\n')
}

function asks(verdict: Verdict): string {
  const who = verdict.origin === 'null' ? 'null (an opaque origin)' : shown(verdict.origin)
  const how = verdict.credentials ? ', with credentials' : ''
  return `${who} asks for ${shown(verdict.method)} ${shownUrl(verdict.url)}${how}`
}

function step(name: string, text: string, paint: (text: string) => string): string {
  const [head = '', ...rest] = text.split('\n')
  return [
    paint(name) + ' '.repeat(WIDTH - name.length) + head,
    ...rest.map((each) => ' '.repeat(WIDTH) + each),
  ].join('\n')
}

/** What is wrong in color. */
function marked(text: string, paint: Paint): string {
  return text
    .split('\n')
    .map((each) => (each.startsWith('✗') ? paint.bad(each) : each))
    .join('\n')
}

function verdictLine(group: EngineGroup, sent: boolean, paint: Paint): string {
  const engines = capitalizedEngineNames(group.engines)
  const method = shown(group.verdict.method)
  if (isPreflightAllowed(group.verdict, sent))
    return paint.good(
      `✓ ${engines}: allowed by the preflight; ${method} itself was not sent (--send sends it)`,
    )
  if (!sent && group.outcome === 'incomplete')
    return paint.unsure(
      `? ${engines}: not judged, because this ${method} needs no preflight and was not sent itself (--send sends it)`,
    )
  if (group.outcome === 'allowed') return paint.good(`✓ ${engines}: allowed`)
  if (group.outcome === 'blocked') return paint.bad(`✗ ${engines}: blocked, ${blockWords(group)}`)
  return paint.unsure(`? ${engines}: ${group.outcome}`)
}

const STRICTER: Readonly<Record<Verdict['warnings'][number]['code'], string>> = {
  'wildcard-does-not-cover-authorization':
    '`*` in Access-Control-Allow-Headers does not cover Authorization: list it by name',
  'standard-requires-preflight': 'a preflight is required here',
  'empty-duplicate-line': 'an empty duplicate line of a header counts as part of its value',
}

/** Where an engine lets through what the standard refuses. */
function warnings(runs: readonly EngineRun[], paint: Paint): string[] {
  const said = new Map<string, Profile[]>()
  for (const { engine, journey } of runs) {
    for (const { code, section } of journey.verdict.warnings) {
      const text = `By the Fetch Standard ${STRICTER[code]} (${section}).`
      said.set(text, [...(said.get(text) ?? []), engine])
    }
  }
  return [...said].map(([text, engines]) =>
    paint.unsure(`${capitalizedEngineNames(engines)} would allow it. ${text}`),
  )
}

function explained(
  group: EngineGroup,
  groups: readonly EngineGroup[],
  runs: readonly EngineRun[],
  args: ExplainArguments,
  paint: Paint,
): string {
  const own = runs.filter(({ engine }) => group.engines.includes(engine))
  const { journey } = own[0] as EngineRun
  const explanation = explainCors(journey, { server: args.server })
  // Words alone: who allows it was said above.
  if (group.outcome !== 'blocked') return groups.length === 1 ? explanation.explanation : ''
  const text = renderExplanation(
    { ...explanation, docs: explanation.docs.filter(canOpen), consoleMessage: consoles(own) },
    { color: isColored(paint) },
  )
  return groups.length === 1 ? text : `${paint.strong(`${capitalizedEngineNames(group.engines)}:`)}\n${text}`
}

const isColored = (paint: Paint): boolean => paint.strong('') !== ''

/** What each engine's console prints; null where none prints anything. */
function consoles(runs: readonly EngineRun[]): string | null {
  const messages = runs.flatMap(({ engine, journey }) => {
    const message = consoleMessage(journey)
    return message === null ? [] : [`${capitalized(engineName(engine))}: ${message.replace(/\n/g, '\n  ')}`]
  })
  return messages.length === 0 ? null : messages.join('\n')
}
