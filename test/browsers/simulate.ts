/** What our simulation does with a scenario: the one place that knows which simulation that is. */
import { profiles } from '../../src/engines/profiles.js'
import type { Deviations } from '../../src/fetch/deviations.js'
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
      ...(outcome.headers === undefined ? {} : { headers: shown(outcome.headers, deviations) }),
      ...(failure === undefined ? {} : { because: failure.code }),
    })),
    log,
  }
}

/** Header lines as a page reads them: the replay leaves that to what stands above it. */
function shown(lines: readonly (readonly [string, string])[], deviations: Deviations): [string, string][] {
  const names = lines.map(([name]) => name.toLowerCase())
  return lines.flatMap(([name, value]): [string, string][] => {
    const repeated = names.filter((other) => other === name.toLowerCase()).length > 1
    if (deviations.dropEmptyDuplicateValues && repeated && value === '') return []
    return [[name, deviations.decodeResponseHeadersAsUtf8 ? decodedAsUtf8(value) : value]]
  })
}

/** WebKitGTK shows a byte that is no UTF-8 as the three bytes of U+FFFD. */
function decodedAsUtf8(value: string): string {
  const decoded = Buffer.from(value, 'latin1').toString('utf8')
  return decoded.includes('\ufffd') ? Buffer.from(decoded, 'utf8').toString('latin1') : decoded
}
