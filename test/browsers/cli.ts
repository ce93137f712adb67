/** `npm run test:browsers`: records, compares, reports. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { recordingsOf } from '../recordings/recordings.js'
import { compare, type Difference, sameRecording } from './compare.js'
import { missingPackages } from './engines/index.js'
import { generate, probes } from './generate/index.js'
import { type Options, readOptions, usage } from './options.js'
import { type Mismatch, printed, tally } from './report.js'
import { record } from './sandbox.js'
import { type Engine, engines, type Recording, type Scenario } from './scenario.js'
import type { simulate } from './simulate.js'

/** Runs the command; returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let options: Options
  try {
    options = readOptions(args)
  } catch (error) {
    console.error(`test:browsers: ${(error as Error).message}`)
    return 2
  }
  if (options.help) {
    console.log(usage)
    return 0
  }
  if (options.reportPage) {
    if (availableEngines(['chromium']) === null) return 1
    return (await import('./report-page.js')).lookAtReportPage(options.out)
  }
  if (options.frontEnd) {
    if (availableEngines(['chromium']) === null) return 1
    return (await import('./front-end.js')).lookAtFrontEnd()
  }
  const available = availableEngines(options.engines)
  if (available === null) return 1
  // An interrupted run takes its engines along: they end with their standard input.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  if (options.scenarios === null && !options.fromRecordings && !options.probes)
    console.log(`seed ${options.seed}`)
  const results = await Promise.all(available.map((engine) => runEngine(engine, options)))
  await (await import('./simulate.js').catch(() => null))?.endSimulation()
  for (const { text } of results) console.log(text)
  for (const { summary } of results) console.log(summary)
  const isNew = options.scenarios === null && !options.fromRecordings && !options.probes
  const exitCode =
    isNew && available.includes('chromium') ? await (await import('./front-end.js')).lookAtFrontEnd() : 0
  return results.every(({ good }) => good) ? exitCode : 1
}

/** The engines to run: those asked for, which must all be there, or those that are. */
function availableEngines(asked: readonly Engine[]): readonly Engine[] | null {
  const wanted = asked.length > 0 ? asked : engines
  const absent = wanted.filter((engine) => {
    const missing = missingPackages(engine)
    if (missing.length > 0) {
      console.error(
        `${engine}: not installed; sh test/browsers/install.sh ${engine} (wants ${missing.join(', ')})`,
      )
    }
    return missing.length > 0
  })
  const there = wanted.filter((engine) => !absent.includes(engine))
  return there.length === 0 || (asked.length > 0 && absent.length > 0) ? null : there
}

interface EngineReport {
  readonly text: string
  readonly summary: string
  readonly good: boolean
}

async function runEngine(engine: Engine, options: Options): Promise<EngineReport> {
  const shared = options.fromRecordings ? sample(engine, options) : null
  const scenarios = shared?.map(({ scenario }) => scenario) ?? scenariosOf(options)
  // Recordings need no simulation: it may be broken, or not built yet, where they are made.
  const simulation = shared === null ? (await import('./simulate.js')).simulate : null
  const began = Date.now()
  const { recordings, problem } = await record(engine, scenarios)
  if (options.out !== null) keep(options.out, engine, recordings)
  const mismatches: Mismatch[] = []
  for (const recording of recordings) {
    const before = shared?.find(({ scenario }) => scenario.id === recording.scenario.id)
    const differences =
      before === undefined ? await judged(recording, engine, simulation) : changed(before, recording)
    if (differences.length > 0) mismatches.push({ recording, differences })
  }
  const counterpart = shared === null ? 'the simulation' : 'test/recordings'
  const agreeing = recordings.length - mismatches.length
  const seconds = ((Date.now() - began) / 1000).toFixed(0)
  const incomplete =
    problem === null ? '' : `; only ${recordings.length} of ${scenarios.length} recorded: ${problem}`
  return {
    text: [
      ...mismatches.slice(0, options.show).map((mismatch) => `${printed(engine, mismatch)}\n`),
      ...(mismatches.length > 0 ? [`${engine}, mismatches by kind:`, tally(mismatches)] : []),
    ].join('\n'),
    summary: `${engine}: ${agreeing} of ${recordings.length} scenarios as in ${counterpart}, ${mismatches.length} mismatches, ${seconds} s${incomplete}`,
    good: mismatches.length === 0 && problem === null && recordings.length === scenarios.length,
  }
}

/** What the simulation got wrong; that it threw, if it did. */
async function judged(
  recording: Recording,
  engine: Engine,
  simulation: typeof simulate | null,
): Promise<Difference[]> {
  if (simulation === null) return []
  try {
    return compare(recording, await simulation(recording.scenario, engine))
  } catch (error) {
    return [{ what: 'simulation', expected: 'an outcome', got: (error as Error).stack ?? String(error) }]
  }
}

function changed(before: Recording, now: Recording): Difference[] {
  if (sameRecording(before, now)) return []
  return [
    { what: 'outcomes', expected: before.result.steps, got: now.result.steps },
    { what: 'requests', expected: before.log, got: now.log },
  ]
}

function scenariosOf({ probes: probing, scenarios, count, seed, families }: Options): Scenario[] {
  if (probing) return probes()
  if (scenarios === null) return generate(count, seed, families)
  return [JSON.parse(readFileSync(scenarios, 'utf8')) as Scenario | Scenario[]].flat()
}

/** Recordings spread evenly over all there are. */
function sample(engine: Engine, { count, families }: Options): Recording[] {
  const all = recordingsOf(engine).filter(
    ({ scenario }) => families.length === 0 || families.includes(scenario.family),
  )
  const step = Math.max(1, all.length / count)
  return Array.from(
    { length: Math.min(count, all.length) },
    (_, index) => all[Math.floor(index * step)] as Recording,
  )
}

function keep(folder: string, engine: Engine, recordings: readonly Recording[]): void {
  mkdirSync(folder, { recursive: true })
  const lines = recordings.map((recording) => `${JSON.stringify(recording)}\n`)
  writeFileSync(path.join(folder, `${engine}.jsonl`), lines.join(''))
}
