/** The command line. */
import { parseArgs } from 'node:util'
import { families } from './generate/index.js'
import { type Engine, engines } from './scenario.js'

export interface Options {
  /** Those asked for by name; empty for whichever can run. */
  readonly engines: readonly Engine[]
  readonly count: number
  readonly seed: number
  readonly families: readonly string[]
  /** Record a sample of the shared recordings again instead of new scenarios. */
  readonly fromRecordings: boolean
  /** Record the scenarios of generate/probes.ts. */
  readonly probes: boolean
  /** Look at the page of a contract's report instead. */
  readonly reportPage: boolean
  /** Look at the page of examples/front-end/ alone. */
  readonly frontEnd: boolean
  /** A file to record scenarios from: JSON, one scenario or an array. */
  readonly scenarios: string | null
  /** A folder for the recordings, one file per engine. */
  readonly out: string | null
  /** How many mismatches are printed in full. */
  readonly show: number
  readonly help: boolean
}

export const usage = `Records CORS scenarios in real browsers and compares each with our simulation.

  npm run test:browsers -- [options]

  --engines <names>     chromium, firefox, webkit; by default those that are installed
  --count <n>           scenarios per engine (150)
  --seed <n>            the scenarios' seed; by default a new one, which is printed
  --family <names>      only these families: ${Object.keys(families).join(', ')}
  --probes              scenarios that each ask one question on which engines differ
  --scenarios <file>    these scenarios (a JSON object or array, as mismatches are printed)
  --from-recordings     record a sample of test/recordings again and compare with what is there
  --report-page         instead: is the HTML page of a contract's report accessible in Chromium? (--out keeps pictures)
  --front-end           instead: examples/front-end/ in Chromium, which is looked at after new scenarios as well
  --out <folder>        keep the recordings: <folder>/<engine>.jsonl
  --show <n>            mismatches printed in full, per engine (10)
`

/** Reads the arguments; a wrong one is an error to show. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engines: { type: 'string', multiple: true },
      count: { type: 'string' },
      seed: { type: 'string' },
      family: { type: 'string', multiple: true },
      scenarios: { type: 'string' },
      'from-recordings': { type: 'boolean' },
      probes: { type: 'boolean' },
      'report-page': { type: 'boolean' },
      'front-end': { type: 'boolean' },
      out: { type: 'string' },
      show: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  return {
    engines: among<Engine>('engine', values.engines, engines),
    count: whole('--count', values.count, 150),
    seed: whole('--seed', values.seed, Math.floor(Math.random() * 1_000_000)),
    families: among('family', values.family, Object.keys(families)),
    fromRecordings: values['from-recordings'] ?? false,
    probes: values.probes ?? false,
    reportPage: values['report-page'] ?? false,
    frontEnd: values['front-end'] ?? false,
    scenarios: values.scenarios ?? null,
    out: values.out ?? null,
    show: whole('--show', values.show, 10),
    help: values.help ?? false,
  }
}

function among<T extends string>(what: string, given: readonly string[] = [], known: readonly T[]): T[] {
  const names = given.flatMap((list) => list.split(',')).filter(Boolean)
  const wrong = names.find((name) => !(known as readonly string[]).includes(name))
  if (wrong !== undefined) throw new Error(`no ${what} "${wrong}"; there are: ${known.join(', ')}`)
  return [...new Set(names)] as T[]
}

function whole(name: string, value: string | undefined, fallback: number): number {
  const number = value === undefined ? fallback : Number(value)
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${name} takes a whole number`)
  return number
}
