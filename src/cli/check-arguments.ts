/** The arguments of `expect-cors check`. */

import type { CheckContractOptions } from '../contract/check-contract.js'
import { type ReportFormat, reportFormats } from '../contract/report/render-report.js'
import { literal } from '../text/shown.js'
import { CommandError } from './command-error.js'
import {
  chosenEngines,
  countOf,
  ENGINE_USAGE,
  extraHeadersOf,
  flag,
  formatOf,
  once,
  parseOptions,
  rateOf,
  string,
  timeoutOf,
} from './option-values.js'

/** What `expect-cors check` is asked to do. */
export interface CheckArguments {
  readonly file: string
  /** URLs by name, or the only one. */
  readonly target: string | Readonly<Record<string, string>>
  readonly options: CheckContractOptions
  readonly dryRun: boolean
  readonly format: ReportFormat
  /** Where the report goes instead of standard output. */
  readonly output: string | undefined
}

const OPTIONS = {
  target: string,
  header: string,
  'extra-header': string,
  only: string,
  rate: string,
  'dry-run': flag,
  format: string,
  output: string,
  environment: string,
  engine: string,
  engines: string,
  timeout: string,
  concurrency: string,
  'max-requests': string,
  seed: string,
} as const

export const CHECK_USAGE = `Usage: expect-cors check <file> --target [name=]<url> [options]

Holds servers to a contract, a JSON or YAML file: asks as every origin on every route, as browsers would.
Only GET, HEAD and OPTIONS are sent themselves; a route with any other method is judged by its preflight, unless the contract says send.

  --target [name=]<url>         where the routes are; several need names, and are compared: --target staging=https://…;
                                a target named like one of the contract's environments is held to that environment
  --header name=@VARIABLE       sent with every request, preflights included, and not judged: a staging gate's token;
                                may be repeated; also 'Name: value', which others on this machine can see;
                                --extra-header, its name in explain, is the same
  --only 'GET /orders'          this route only; may be repeated
  --environment <name>          the contract's environment, for every target
  --rate <rate>                 the most requests sent to each target: 4/s, 30/min
  --dry-run                     say what would be sent, and send nothing
  --format <format>             ${reportFormats.join(', ')}; default: by the ending of --output, or text
  --output <file>               write the report there, and only its outcome to the terminal
${ENGINE_USAGE}
  --timeout <milliseconds>      for each request; default 10000
  --concurrency <number>        requests under way at a time, to each target; default 16
  --max-requests <number>       send at most this many in all
  --seed <number>               chooses the origins that a route for any origin is asked as

Ctrl-C ends the run; the report has what was judged until then.

Exit code: 0 the contract is honored, 1 it is broken, 2 could not judge.
`

/** Reads the arguments after `check`. @throws CommandError with one line that says what is wrong */
export function readCheckArguments(args: readonly string[]): CheckArguments {
  const { values, positionals } = parseOptions(args, OPTIONS)
  const [file, ...others] = positionals
  if (file === undefined)
    throw new CommandError(
      'check takes the file of a contract: expect-cors check cors.yaml --target https://staging.example.com',
    )
  if (others.length > 0)
    throw new CommandError(
      `check takes one file; got ${literal(others[0] as string)} as well as ${literal(file)} (quote values that hold spaces)`,
    )
  const output = once('output', values.output)
  const format = once('format', values.format)
  const engines = [...(values.engine ?? []), ...(values.engines ?? [])]
  return {
    file,
    target: targetOf(values.target),
    options: {
      extraHeaders: extraHeadersOf(values),
      only: values.only,
      rate: rateOf(once('rate', values.rate)),
      environment: once('environment', values.environment),
      engines: engines.length === 0 ? undefined : chosenEngines(engines),
      timeout: timeoutOf(once('timeout', values.timeout) ?? '10000'),
      concurrency: countOf('concurrency', once('concurrency', values.concurrency)),
      maxRequests: countOf('max-requests', once('max-requests', values['max-requests'])),
      seed: countOf('seed', once('seed', values.seed), 0),
    },
    dryRun: values['dry-run'] === true,
    format: formatOf(format, output, reportFormats, ENDINGS),
    output,
  }
}

function targetOf(values: readonly string[] = []): CheckArguments['target'] {
  if (values.length === 0)
    throw new CommandError(
      '--target is missing: say where the server is, as in --target https://staging.example.com',
    )
  const targets = values.map(
    (value) => /^(?:([\w.-]+)=)?(.*)$/s.exec(value)?.slice(1) as [string | undefined, string],
  )
  const [[name, url]] = targets as [[string | undefined, string]]
  if (targets.length === 1 && name === undefined) return url
  const unnamed = targets.find(([each]) => each === undefined)
  if (unnamed !== undefined)
    throw new CommandError(
      `several targets need names: write --target name=… for ${literal(unnamed[1])}, as in --target staging=https://staging.example.com`,
    )
  const names = targets.map(([each]) => each as string)
  const twice = names.find((each, at) => names.indexOf(each) !== at)
  if (twice !== undefined)
    throw new CommandError(`two targets are called ${literal(twice)}: give each a name of its own`)
  return Object.fromEntries(targets.map(([each, of]) => [each as string, of]))
}

const ENDINGS: Readonly<Record<string, ReportFormat>> = {
  html: 'html',
  htm: 'html',
  json: 'json',
  md: 'markdown',
  xml: 'junit',
}
