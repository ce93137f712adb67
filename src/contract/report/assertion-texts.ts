/** What assertions about a contract say when they fail. */

import { alignEngines } from '../../diagnose/engines.js'
import { failureMessage } from '../../diagnose/failure-message.js'
import { getConfiguration } from '../../subject/configure.js'
import { bounded, errorMessage } from '../../text/message.js'
import type { ContractCell, ContractReport } from '../contract-report.js'
import { asText } from './as-text.js'
import { commandFor, journeysOf } from './cell-journeys.js'
import { cellFault, cellTitle, faultsOf } from './matrix.js'

/** Of a cell that is not held: the message that a matcher would give, and the command that asks it alone. */
export function cellMessage(cell: ContractCell, report: Pick<ContractReport, 'targets'>): string {
  const all = journeysOf(cell)
  const blocked = all.filter(({ journey }) => journey.verdict.outcome === 'blocked')
  const command = commandFor(cell)
  const message = failureMessage({
    hint: `${cellTitle(cell, report)} ${cellFault(cell)}`,
    sentence: cell.explanation,
    explain: cell.explanation === undefined,
    journeys: cell.expected === 'allow' && blocked.length > 0 ? blocked : all,
    difference: alignEngines(all.map(({ journey }) => journey.verdict)).line,
    server: getConfiguration().server,
  })
  return command === undefined ? message : `${message}\n\nAsk it alone:\n  ${command}`
}

/** Of a whole contract: what is wrong first, because runners show the first line in lists; the matrix and the first cells that are not held. */
export function contractMessage(hint: string, report: ContractReport): string {
  const [fault] = faultsOf(report, 1)
  const sentence = fault === undefined ? 'Every cell of the contract holds.' : cellSentence(fault, report)
  const text = asText(report, {
    title: 'The contract',
    color: false,
    width: 120,
    rows: 20,
    faults: 5,
    commands: true,
  })
  // The hint has the runner's colors.
  return [sentence, hint, bounded(text)].join('\n\n')
}

function cellSentence(cell: ContractCell, report: ContractReport): string {
  const what = `${cellTitle(cell, report)} ${cellFault(cell)}`
  return cell.explanation === undefined ? what : `${what}. ${errorMessage(cell.explanation)}`
}
