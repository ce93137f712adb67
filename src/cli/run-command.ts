/** The command `expect-cors`, from its arguments to its exit code. */

import { colors, plain } from '../diagnose/colors.js'
import { errorMessage } from '../text/message.js'
import { nearest } from '../text/nearest.js'
import { literal } from '../text/shown.js'
import { EXPLAIN_USAGE, readExplainArguments } from './arguments.js'
import { AUDIT_USAGE, readAuditArguments } from './audit-arguments.js'
import { auditCommand } from './audit-command.js'
import { CHECK_USAGE, readCheckArguments } from './check-arguments.js'
import { checkCommand } from './check-command.js'
import { explainMessage, messageReport } from './explain-message.js'
import { explainRequest, isLetThrough } from './explain-request.js'
import { jsonError, jsonMessage, jsonReport } from './json-report.js'
import { textReport } from './report.js'
import { version } from './version.js'

/** Where a command writes. */
export interface Output {
  readonly out: (text: string) => void
  readonly error: (text: string) => void
  /** Whether `out` is a terminal that shows colors. */
  readonly color: boolean
  /** How many columns that terminal has. */
  readonly width?: number | undefined
  /** Shows a line in the place of the last one, on a terminal that is not `out`; undefined where there is none. */
  readonly counter?: ((line: string) => void) | undefined
  /** What is on standard input, to its end; null on a terminal. `patience` is how many milliseconds it may take to begin. */
  readonly input: (patience?: number) => Promise<string | null>
}

const ALLOWED = 0
const BLOCKED = 1
const NOT_JUDGED = 2

/** A pipe that nobody writes to is not waited for. */
const SOON = 1000

const USAGE = `Usage: expect-cors <command>

  explain <url> --origin <origin>   what browsers make of a request, why, and what to change
  explain --message <text>          what a message of a browser's console means, and what to do
  check <file> --target <url>       whether a server honors a contract: every origin on every route
  audit <url…> --trusted <origin…>  whether origins get in that must not, and what else is wrong with a policy

  --help, --version

expect-cors explain --help, expect-cors check --help and expect-cors audit --help say more.
`

const USAGES: ReadonlyMap<string, string> = new Map([
  ['explain', EXPLAIN_USAGE],
  ['check', CHECK_USAGE],
  ['audit', AUDIT_USAGE],
])

/** Runs the command and resolves with its exit code. */
export async function run(args: readonly string[], output: Output): Promise<number> {
  const [command, ...rest] = args
  const ended = args.indexOf('--')
  const options = ended < 0 ? args : args.slice(0, ended)
  if (options.includes('--version')) {
    output.out(`${version()}\n`)
    return ALLOWED
  }
  if (options.includes('--help') || options.includes('-h')) {
    output.out(USAGES.get(command ?? '') ?? USAGE)
    return ALLOWED
  }
  if (command === 'explain') return explain(rest, output)
  if (command === 'check') return check(rest, output)
  if (command === 'audit') return audit(rest, output)
  const near = command === undefined ? undefined : nearest(command, [...USAGES.keys()])
  const what = command === undefined ? 'a command is missing' : `unknown command ${literal(command)}`
  output.error(
    `expect-cors: ${what}${near === undefined ? '; see expect-cors --help' : `; did you mean ${near}?`}\n`,
  )
  return NOT_JUDGED
}

async function explain(args: readonly string[], output: Output): Promise<number> {
  let json = false
  try {
    const piped = args.length === 0 ? await output.input(SOON) : null
    const read = readExplainArguments(piped === null || piped.trim() === '' ? args : [`--message=${piped}`])
    json = read.json
    if ('message' in read) {
      const message = read.message === '-' ? ((await output.input()) ?? '') : read.message
      const explained = explainMessage(message)
      output.out(
        `${json ? jsonMessage(explained) : messageReport(explained, output.color ? colors : plain)}\n`,
      )
      return ALLOWED
    }
    const explained = await explainRequest(read)
    const report = json
      ? jsonReport(explained, read)
      : textReport(explained, read, output.color ? colors : plain)
    output.out(`${report.trimEnd()}\n`)
    const verdicts = explained.runs.map(({ journey }) => journey.verdict)
    if (verdicts.some(({ outcome }) => outcome === 'blocked')) return BLOCKED
    return verdicts.every((verdict) => isLetThrough(verdict, explained.sent)) ? ALLOWED : NOT_JUDGED
  } catch (error) {
    return failed(error, json, output)
  }
}

const OUTCOMES = { honored: ALLOWED, broken: BLOCKED, unjudged: NOT_JUDGED } as const

async function check(args: readonly string[], output: Output): Promise<number> {
  try {
    const outcome = await checkCommand(readCheckArguments(args), output)
    return outcome === undefined ? ALLOWED : OUTCOMES[outcome]
  } catch (error) {
    return failed(error, false, output)
  }
}

const AUDITED = { clean: ALLOWED, findings: BLOCKED, unjudged: NOT_JUDGED } as const

async function audit(args: readonly string[], output: Output): Promise<number> {
  try {
    return AUDITED[await auditCommand(readAuditArguments(args), output)]
  } catch (error) {
    return failed(error, false, output)
  }
}

const EXPECTED = ['CommandError', 'CorsUsageError', 'CorsNetworkError']

function failed(error: unknown, json: boolean, output: Output): number {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  const text = EXPECTED.includes(name) ? message : `this is a bug in expect-cors: ${stack ?? message}`
  if (json) output.out(`${jsonError({ name, message: errorMessage(text) })}\n`)
  else output.error(`expect-cors: ${errorMessage(text)}\n`)
  return NOT_JUDGED
}
