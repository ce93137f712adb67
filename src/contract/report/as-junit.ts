/** A report as JUnit XML: a suite for each target, a test case for each cell. What was not judged is an error, so that no consumer takes it for passed. */

import { escapedMarkup } from '../../text/markup.js'
import { errorMessage } from '../../text/message.js'
import type { ContractCell, ContractReport } from '../contract-report.js'
import { commandFor } from './cell-journeys.js'
import { cellFault, cellName, rowName, totalsOf } from './matrix.js'

export function asJunit(report: ContractReport, title: string): string {
  const { targets, cells } = report
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: title, ...counts(cells) })}>`,
    ...targets.map((target) =>
      suite(
        target,
        cells.filter((cell) => cell.target === target),
      ),
    ),
    '</testsuites>',
    '',
  ].join('\n')
}

function suite(target: string, cells: readonly ContractCell[]): string {
  return [
    `  <testsuite${attributes({ name: target, ...counts(cells) })}>`,
    ...cells.map((cell) => testCase(cell, target)),
    '  </testsuite>',
  ].join('\n')
}

function counts(cells: readonly ContractCell[]): Record<string, string | number> {
  const { broken, unjudged } = totalsOf(cells)
  return { tests: cells.length, failures: broken, errors: unjudged, skipped: 0, time: 0 }
}

function testCase(cell: ContractCell, target: string): string {
  const start = `    <testcase${attributes({ classname: `${target}.${rowName(cell)}`, name: cellName(cell), time: 0 })}`
  if (cell.outcome === 'held') return `${start}/>`
  const element = cell.outcome === 'broken' ? 'failure' : 'error'
  const command = commandFor(cell)
  const body = [cell.explanation, command].filter((text) => text !== undefined).map(errorMessage)
  return [
    `${start}>`,
    `      <${element}${attributes({ message: cellFault(cell), type: cell.code ?? cell.outcome })}>${escapedMarkup(body.join('\n'))}</${element}>`,
    '    </testcase>',
  ].join('\n')
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapedMarkup(String(value))}"`)
    .join('')
}
