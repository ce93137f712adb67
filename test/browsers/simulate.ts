/** What our simulation does with a scenario: the one place that knows which simulation that is. */
import { profiles } from '../../src/engines/profiles.js'
import { scriptHeaderLines } from '../../src/page/response-body.js'
import { siteRelation } from '../../src/page/site.js'
import { type PageRunner, startPageRunner } from '../recordings/page-run.js'
import { clientOf, profileOf, replay } from '../recordings/replay.js'
import type { Engine, LogEntry, Outcome, Scenario } from './scenario.js'

export interface Simulation {
  /** What is left out is not compared. */
  readonly steps: readonly Partial<Outcome>[]
  readonly log: readonly Omit<LogEntry, 'rule'>[]
  /** Whether cookies are simulated. */
  readonly cookies: boolean
}

let runner: Promise<PageRunner> | undefined
/** One scenario runs at a time. */
let last: Promise<unknown> = Promise.resolve()

/** Runs a scenario in the simulated page of an engine. */
export function simulate(scenario: Scenario, engine: Engine): Promise<Simulation> {
  if (hasUnsendableHeader(scenario)) return Promise.resolve(simulateSteps(scenario, engine))
  runner ??= startPageRunner()
  const ours = Promise.all([runner, last]).then(async ([{ run }]): Promise<Simulation> => {
    const { outcomes, log } = await run(scenario, engine)
    return { steps: outcomes, log, cookies: true }
  })
  last = ours.catch(() => undefined)
  return ours
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: those it is about
const CONTROLS = /[\x00-\x08\x0a-\x1f\x7f]/

/** Control characters in header values: browsers send and accept them, Node's HTTP clients do neither. */
function hasUnsendableHeader({ steps, server }: Scenario): boolean {
  const sent = [
    ...steps.map(({ request }) => request.headers ?? []),
    ...server.rules.map((rule) => rule.headers),
  ]
  return sent.flat().some(([, value]) => CONTROLS.test(value))
}

/** The steps below the page: what is sent and how it ends, but for what a script reads. */
export function simulateSteps(scenario: Scenario, engine: Engine): Simulation {
  const { steps, log } = replay(scenario, profileOf[engine])
  const deviations = profiles[profileOf[engine]]
  return {
    steps: steps.map(({ failure: _, headers, ...outcome }) => ({
      ...outcome,
      ...(headers === undefined ? {} : { headers: scriptHeaderLines(headers, deviations) }),
    })),
    log,
    cookies: false,
  }
}

/** Ends the simulation's server. */
export async function endSimulation(): Promise<void> {
  const ending = runner
  runner = undefined
  ;(await ending)?.close()
}

/** Whether cookies of the recorder's own go to an origin: pages visited all of them as a first party, and engines part cookies of other sites. */
export function isSameSite(scenario: Scenario, origin: string): boolean {
  return siteRelation(clientOf(scenario).origin, new URL(origin)) !== 'cross-site'
}
