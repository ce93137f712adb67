/** What a cell went through in each engine, what to change, and what asks it alone. */

import { exposeInstead } from '../../diagnose/assertions/exposed.js'
import { alignEngines, capitalizedEngineNames } from '../../diagnose/engines.js'
import { exchangeTexts } from '../../diagnose/exchange.js'
import { explainCors } from '../../diagnose/explain.js'
import { explainCommand } from '../../diagnose/explain-command.js'
import type { EngineJourney } from '../../diagnose/failure-message.js'
import type { Remedy } from '../../diagnose/remedies/index.js'
import { sendInsteadText } from '../../diagnose/send-instead.js'
import type { Profile } from '../../engines/profiles.js'
import { isSafeMethod } from '../../fetch/methods.js'
import { shown } from '../../text/shown.js'
import type { Journey } from '../../verdict/verdict.js'
import { ANY_ORIGIN } from '../contract-plan.js'
import type { ContractCell } from '../contract-report.js'

/** A cell's journey in one engine. */
export interface CellJourney extends EngineJourney {
  readonly journey: Journey
}

export function journeysOf({ verdicts = [], exchanges = [] }: ContractCell): CellJourney[] {
  return verdicts.map((verdict, index) => ({
    engine: verdict.engine,
    journey: { verdict, exchanges: exchanges[index] ?? [] },
  }))
}

/** What was exchanged, once for all engines that exchanged the same. */
export interface Course {
  /** Where engines went different ways. */
  readonly engines: string | undefined
  /** Each exchange, line by line. */
  readonly exchanges: readonly string[]
}

export function coursesOf(cell: ContractCell): Course[] {
  const courses = new Map<string, { engines: Profile[]; exchanges: readonly string[] }>()
  for (const { engine, journey } of journeysOf(cell)) {
    const exchanges = exchangeTexts(journey, aboutOf(cell))
    if (exchanges.length === 0) continue
    const key = exchanges.join('\n\n')
    const known = courses.get(key)
    if (known === undefined) courses.set(key, { engines: [engine], exchanges })
    else known.engines.push(engine)
  }
  return [...courses.values()].map(({ engines, exchanges }) => ({
    engines: courses.size > 1 ? capitalizedEngineNames(engines) : undefined,
    exchanges,
  }))
}

/** The response headers that a cell's explanation speaks of. */
export function aboutOf({ header }: ContractCell): ReadonlySet<string> | undefined {
  return header === undefined ? undefined : new Set([header.toLowerCase()])
}

/** Who does what, where the engines differ. */
export function differenceOf({ verdicts = [] }: ContractCell): string | undefined {
  return alignEngines(verdicts).line ?? undefined
}

/** The fixes, each once: those elsewhere only where there is no other, because the contract holds the server to it. */
export function remediesOf(cell: ContractCell): Remedy[] {
  const remedies = new Map<string, Remedy>()
  for (const { journey } of journeysOf(cell)) {
    for (const remedy of explainCors(journey).remedies) {
      const name = `${remedy.for} ${remedy.title}`
      if (!remedies.has(name)) remedies.set(name, remedy)
    }
  }
  const all = [...remedies.values(), ...exposing(cell)]
  const servers = all.filter((remedy) => remedy.for !== 'page' && remedy.for !== 'proxy')
  return servers.length > 0 ? servers : all
}

/** What lets scripts read the header that they cannot. */
function exposing(cell: ContractCell): Remedy[] {
  const { header } = cell
  const journey = journeysOf(cell).find(({ journey: { verdict } }) => verdict.outcome === 'allowed')?.journey
  if (header === undefined || journey === undefined) return []
  const lines = journey.exchanges.at(-1)?.response.headers ?? []
  const instead = exposeInstead([header], lines, journey.verdict.credentials)
  if (instead === false) return []
  const title = `Send instead, so that a page's script can read ${shown(header)}`
  return [{ for: 'server', title, snippet: sendInsteadText(instead).join('\n') }]
}

/** The command that asks a cell's request alone; undefined where nobody else reaches what it asked. */
export function commandFor(cell: ContractCell): string | undefined {
  const { request, exchanges = [], verdicts } = cell
  // Of any origin, the one that it was asked as.
  const origin = cell.origin === ANY_ORIGIN ? verdicts?.[0]?.origin : cell.origin
  if (request === undefined || origin === undefined) return undefined
  // Of other methods the command sends the preflight alone, unless it is told otherwise.
  const isSent = exchanges.flat().some(({ kind }) => kind === 'request')
  return explainCommand({ ...request, origin, send: isSent && !isSafeMethod(request.method) })
}
