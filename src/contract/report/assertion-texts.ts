/** What assertions about a contract say when they fail. */

import { alignEngines } from '../../diagnose/engines.js'
import { failureMessage } from '../../diagnose/failure-message.js'
import { getConfiguration } from '../../subject/configure.js'
import { bounded } from '../../text/message.js'
import type { ContractCell, ContractReport } from '../contract-report.js'
import { asText } from './as-text.js'
import { askAgain, journeysOf } from './cell-journeys.js'
import { cellFault, cellTitle } from './matrix.js'

/** Of a cell that is not held: the message that a matcher would give, and the command that asks it alone. */
export function cellMessage(cell: ContractCell, report: Pick<ContractReport, 'targets'>): string {
  const all = journeysOf(cell)
  const blocked = all.filter(({ journey }) => journey.verdict.outcome === 'blocked')
  const command = askAgain(cell)
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

/** Of a whole contract: the matrix and the first cells that are not held. */
export function contractMessage(hint: string, report: ContractReport): string {
  const text = asText(report, {
    title: 'The contract',
    color: false,
    width: 120,
    rows: 20,
    faults: 5,
    commands: true,
  })
  // The first line is the runner's, with its colors.
  return `${hint}\n\n${bounded(text)}`
}
