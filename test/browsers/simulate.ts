/** What our simulation does with a scenario: the one place that knows which simulation that is. */
import { siteRelation } from '../../src/page/site.js'
import { type PageRunner, startPageRunner } from '../recordings/page-run.js'
import { clientOf } from '../recordings/replay.js'
import type { Engine, LogEntry, Outcome, Scenario } from './scenario.js'

export interface Simulation {
  /** What is left out is not compared. */
  readonly steps: readonly Partial<Outcome>[]
  readonly log: readonly Omit<LogEntry, 'rule'>[]
}

let runner: Promise<PageRunner> | undefined
/** One scenario runs at a time. */
let last: Promise<unknown> = Promise.resolve()

/** Runs a scenario in the simulated page of an engine. */
export function simulate(scenario: Scenario, engine: Engine): Promise<Simulation> {
  runner ??= startPageRunner()
  const ours = Promise.all([runner, last]).then(async ([{ run }]): Promise<Simulation> => {
    const { outcomes, log } = await run(scenario, engine)
    return { steps: outcomes, log }
  })
  last = ours.catch(() => undefined)
  return ours
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
