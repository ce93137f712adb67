/** A report for a pull request. */

import { fenced, inline, plainMarkdown } from '../../text/markdown.js'
import { capitalized, escapeControls, grouped, numberOf, shown } from '../../text/shown.js'
import type { ContractCell, ContractReport } from '../contract-report.js'
import { commandFor, coursesOf, differenceOf, remediesOf } from './cell-journeys.js'
import {
  cellFault,
  cellName,
  cellTitle,
  driftText,
  faultsLeft,
  faultsOf,
  MARKS,
  type Mark,
  type Matrix,
  markOf,
  marksOf,
  matricesOf,
  OUTCOMES,
  outcomeWords,
  shownRows,
  totalsText,
} from './matrix.js'

/** As much as GitHub takes for a comment. */
const LONGEST = 65_536

/** How much is shown, from all to next to nothing: the first that fits is taken. */
const AMOUNTS = [
  { rows: 500, faults: 100 },
  { rows: 200, faults: 40 },
  { rows: 100, faults: 15 },
  { rows: 30, faults: 5 },
  { rows: 10, faults: 1 },
  { rows: 0, faults: 0 },
] as const

type Amount = (typeof AMOUNTS)[number]

/** Tables, what differs between targets, and the first cells that are not held, each folded. At most 65,536 characters. */
export function asMarkdown(report: ContractReport, title: string): string {
  for (const amount of AMOUNTS) {
    const text = written(report, title, amount)
    if (text.length <= LONGEST) return text
  }
  return [headline(report, title), `${totalsText(report)}.`, ''].join('\n\n')
}

const EMOJI: Readonly<Record<Mark | ContractCell['outcome'] | ContractReport['outcome'], string>> = {
  honored: '✅',
  held: '✅',
  allowed: '✅',
  denied: '🚫',
  broken: '❌',
  unjudged: '❔',
}

function headline({ outcome }: ContractReport, title: string): string {
  return `## ${EMOJI[outcome]} ${cellText(title)}: ${OUTCOMES[outcome]}`
}

function written(report: ContractReport, title: string, amount: Amount): string {
  const faults = faultsOf(report, amount.faults)
  const left = faultsLeft(report, faults)
  return [
    headline(report, title),
    `${totalsText(report)}.`,
    ...matricesOf(report).map((matrix) => table(matrix, report, amount)),
    legend(report),
    drift(report, amount),
    ...faults.map((cell) => details(cell, report)),
    left === '' ? '' : `… ${left} …`,
    '',
  ]
    .filter((text, index, all) => text !== '' || index === all.length - 1)
    .join('\n\n')
}

function legend(report: ContractReport): string {
  return marksOf(report)
    .map((mark) => `${EMOJI[mark]} ${MARKS[mark].words}`)
    .join(' · ')
}

/** More columns than this are numbered. */
const MOST_NAMED_COLUMNS = 8

function table({ target, origins, rows }: Matrix, { targets }: ContractReport, amount: Amount): string {
  const own = shownRows(rows, amount.rows)
  const isNumbered = origins.length > MOST_NAMED_COLUMNS
  const headings = origins.map((origin, index) => (isNumbered ? String(index + 1) : code(origin)))
  const left = rows.length - own.length
  return [
    ...(targets.length > 1 ? [`### ${cellText(target)}`] : []),
    ...(isNumbered
      ? [folded('Origins', origins.map((origin, index) => `${index + 1}. ${code(origin)}`).join('\n'))]
      : []),
    ...(own.length === 0
      ? []
      : [
          [
            `| | ${headings.join(' | ')} |`,
            `| :-- |${' :-: |'.repeat(headings.length)}`,
            ...own.map(
              ({ name, cells }) =>
                `| ${cellText(name)} | ${cells.map((cell) => (cell === undefined ? ' ' : EMOJI[markOf(cell)])).join(' | ')} |`,
            ),
          ].join('\n'),
        ]),
    ...(left > 0 ? [`… ${numberOf(left, 'more row')} …`] : []),
  ].join('\n\n')
}

function drift(report: ContractReport, amount: Amount): string {
  const { targets, drift: differing } = report
  if (differing.length === 0) return ''
  const rows = differing.slice(0, amount.rows)
  return [
    `### Drift`,
    `${driftText(report)}.`,
    [
      `| | ${targets.map(cellText).join(' | ')} |`,
      `| :-- |${' :-: |'.repeat(targets.length)}`,
      ...rows.map(
        (each) =>
          `| ${cellText(cellName(each))} | ${targets.map((target) => driftCell(each.outcomes[target])).join(' | ')} |`,
      ),
    ].join('\n'),
    ...(differing.length > rows.length ? [`… ${grouped(differing.length - rows.length)} more …`] : []),
  ].join('\n\n')
}

function driftCell(outcome: ContractCell['outcome'] | undefined): string {
  return outcome === undefined ? ' ' : `${EMOJI[outcome]} ${outcomeWords(outcome)}`
}

function details(cell: ContractCell, report: ContractReport): string {
  const command = commandFor(cell)
  const difference = differenceOf(cell)
  const [remedy] = remediesOf(cell)
  return folded(
    `${EMOJI[markOf(cell)]} <b>${summaryText(cellTitle(cell, report))}</b>: ${summaryText(cellFault(cell))}`,
    [
      ...(difference === undefined ? [] : [inline(`${capitalized(difference)}.`)]),
      ...(cell.explanation === undefined ? [] : [inline(cell.explanation)]),
      ...coursesOf(cell).map(({ engines, exchanges }) => {
        const text = fenced(exchanges.join('\n\n'))
        return engines === undefined ? text : `${engines}:\n\n${text}`
      }),
      ...(remedy === undefined
        ? []
        : [
            `**Fix:** ${inline(remedy.title)}`,
            ...(remedy.snippet === undefined ? [] : [fenced(remedy.snippet)]),
          ]),
      ...(command === undefined ? [] : [fenced(command)]),
    ].join('\n\n'),
  )
}

/** Markdown inside needs the empty lines. */
function folded(summary: string, text: string): string {
  return `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`
}

/** A summary is HTML, in which no Markdown counts. */
function summaryText(text: string): string {
  return escapeControls(text).replace(/[&<>*_`[\]\\~@#]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function cellText(text: string): string {
  return plainMarkdown(shown(text).replaceAll('`', "'"))
}

/** Code in a table, where a pipe ends a cell even between back quotes. */
function code(text: string): string {
  return `\`${shown(text).replaceAll('`', '').replaceAll('|', '\\|')}\``
}
