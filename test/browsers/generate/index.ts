/** Random scenarios: the same seed, family and number give the same scenario. */
import type { Scenario } from '../scenario.js'
import { families } from './families.js'
import { Random } from './random.js'

export { families } from './families.js'
export { probes } from './probes.js'

/** The scenario of that number in a family. */
export function generateOne(seed: number, family: string, number: number): Scenario {
  const make = families[family]?.make
  if (make === undefined) throw new Error(`no family ${family}`)
  const { page, steps, rules } = make(new Random(seed, family, number))
  const id = `r${seed}-${family}-${String(number).padStart(4, '0')}`
  return { id, family, page, steps, server: { rules } }
}

/** So many scenarios, spread over the families by their weights. */
export function generate(count: number, seed: number, only: readonly string[]): Scenario[] {
  const names = only.length > 0 ? only : Object.keys(families)
  const total = names.reduce((sum, name) => sum + (families[name]?.weight ?? 0), 0)
  const scenarios: Scenario[] = []
  let share = 0
  for (const name of names) {
    const before = Math.round((share / total) * count)
    share += families[name]?.weight ?? 0
    const here = Math.round((share / total) * count) - before
    for (let number = 0; number < here; number++) scenarios.push(generateOne(seed, name, number))
  }
  return scenarios
}
