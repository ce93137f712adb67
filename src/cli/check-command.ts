/** `expect-cors check`: a contract in a file, held against servers. */

import { checkCorsContract } from '../contract/check-contract.js'
import type { ContractProgress, ContractReport } from '../contract/contract-report.js'
import { loadCorsContract } from '../contract/load-contract.js'
import { faultCounts } from '../contract/report/matrix.js'
import { renderCorsReport } from '../contract/report/render-report.js'
import { grouped } from '../text/shown.js'
import type { CheckArguments } from './check-arguments.js'
import { wouldSend } from './check-preview.js'
import { interruptible, writeReport } from './report-output.js'

/** What is used of where a command writes. */
interface CheckOutput {
  readonly out: (text: string) => void
  readonly color: boolean
  readonly width?: number | undefined
  /** Shows a line in the place of the last one; undefined where nobody sees it change. */
  readonly counter?: ((line: string) => void) | undefined
}

/** Checks, and writes the report. Resolves with its outcome; undefined where nothing was to be sent. @throws CommandError, CorsUsageError */
export async function checkCommand(
  args: CheckArguments,
  output: CheckOutput,
): Promise<ContractReport['outcome'] | undefined> {
  const { target, options, dryRun } = args
  const contract = loadCorsContract(args.file)
  if (dryRun) {
    output.out(`${wouldSend(contract, target, options)}\n`)
    return undefined
  }
  try {
    const report = await interruptible((signal) =>
      checkCorsContract(contract, target, { ...options, signal, onProgress: countingOn(output.counter) }),
    )
    output.counter?.('')
    write(report, args, output)
    return report.outcome
  } finally {
    output.counter?.('')
  }
}

/** The report where it was asked for, and its outcome alone on the terminal where that is a file. */
function write(
  report: ContractReport,
  { format, output: file }: CheckArguments,
  { out, color, width }: CheckOutput,
): void {
  const isTerminal = file === undefined && format === 'text'
  // A terminal whose size nobody has set says 0 columns.
  const terminal = isTerminal ? { color, width: width || undefined } : {}
  const text = renderCorsReport(report, { format, ...terminal }).trimEnd()
  const [headline = ''] = renderCorsReport(report, { color }).split('\n')
  writeReport(text, headline, file, out)
}

/** Milliseconds between two lines. */
const PATIENCE = 100

/** `120/240 cells, 1 broken` */
function countingOn(counter: CheckOutput['counter']): ((progress: ContractProgress) => void) | undefined {
  if (counter === undefined) return undefined
  let last = 0
  return ({ judged, cells, broken, unjudged, requests }) => {
    const now = Date.now()
    if (now - last < PATIENCE) return
    last = now
    const parts = [
      `${grouped(judged)}/${grouped(cells)} cells`,
      ...faultCounts(broken, unjudged),
      `${grouped(requests)} requests`,
    ]
    counter(parts.join(', '))
  }
}
