/** What our simulation does with a scenario: the one place that knows which simulation that is. */
import { profiles } from '../../src/engines/profiles.js'
import { scriptHeaderLines } from '../../src/page/response-body.js'
import { profileOf, replay } from '../recordings/replay.js'
import type { Engine, LogEntry, Outcome, Scenario } from './scenario.js'

export interface Simulation {
  /** What is left out is not compared. */
  readonly steps: readonly (Partial<Outcome> & { readonly because?: string })[]
  readonly log: readonly Omit<LogEntry, 'rule'>[]
}

/** Runs a scenario in the simulation of an engine. */
export function simulate(scenario: Scenario, engine: Engine): Simulation {
  const { steps, log } = replay(scenario, profileOf[engine])
  const deviations = profiles[profileOf[engine]]
  return {
    steps: steps.map(({ failure, ...outcome }) => ({
      ...outcome,
      ...(outcome.headers === undefined ? {} : { headers: scriptHeaderLines(outcome.headers, deviations) }),
      ...(failure === undefined ? {} : { because: failure.code }),
    })),
    log,
  }
}
