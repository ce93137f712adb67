/** A report for a terminal. */

import { colors, type Paint, plain } from '../../diagnose/colors.js'
import { errorMessage } from '../../text/message.js'
import { capitalized, grouped, numberOf, shown } from '../../text/shown.js'
import type { ContractCell, ContractDrift, ContractReport } from '../contract-report.js'
import { commandFor } from './cell-journeys.js'
import {
  cellFault,
  cellName,
  cellTitle,
  driftText,
  faultsLeft,
  faultsOf,
  isHeldRow,
  MARKS,
  type Mark,
  type Matrix,
  type MatrixRow,
  markOf,
  marksOf,
  matricesOf,
  OUTCOMES,
  outcomeWords,
  shownRows,
  totalsText,
} from './matrix.js'

export interface TextOptions {
  readonly title: string
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
  /** Rows of a matrix at most; of more, those that hold are left out. */
  readonly rows: number
  /** Cells that are explained at most. */
  readonly faults: number
  /** Whether a line to paste stands below a cell. */
  readonly commands: boolean
}

/** Matrices, totals, what differs between targets, and the first cells that are not held. */
export function asText(report: ContractReport, options: TextOptions): string {
  const paint = options.color ? colors : plain
  const { outcome, targets } = report
  const headline = `${options.title}: ${OUTCOMES[outcome]}`
  const matrices = matricesOf(report).map((matrix) => {
    const name = targets.length > 1 ? [paint.strong(shown(matrix.target))] : []
    return [...name, ...matrixLines(matrix, options, paint)].join('\n')
  })
  return [
    paint[PAINTS[outcome]](paint.strong(headline)),
    ...matrices,
    [legend(report, paint), `${totalsText(report)}.`].join('\n'),
    drift(report, options, paint),
    ...faults(report, options, paint),
  ]
    .filter((text) => text !== '')
    .join('\n\n')
}

/** What each outcome is painted with, of a report, a cell and its mark. */
const PAINTS: Readonly<Record<Mark | ContractCell['outcome'] | ContractReport['outcome'], keyof Paint>> = {
  honored: 'good',
  held: 'good',
  allowed: 'good',
  denied: 'dim',
  broken: 'bad',
  unjudged: 'unsure',
}

function sign(mark: Mark, paint: Paint): string {
  return paint[PAINTS[mark]](MARKS[mark].sign)
}

const GAP = 2
const INDENT = ' '.repeat(GAP)

function matrixLines(matrix: Matrix, options: TextOptions, paint: Paint): string[] {
  const { origins } = matrix
  const rows = shownRows(matrix.rows, options.rows)
  const longest = Math.max(0, ...rows.map(({ name }) => lengthOf(name)))
  const names = Math.min(longest, Math.max(20, Math.floor(options.width / 2)))
  const headings = origins.map((origin) => shown(origin))
  const room = options.width - names
  const fits = headings.reduce((sum, heading) => sum + heading.length + GAP, 0) <= room
  // Columns that do not fit are numbered, with what each stands for above.
  const key = fits ? [] : headings.map((heading, index) => `${columnNumber(index, origins)}  ${heading}`)
  const columns = fits ? headings : origins.map((_, index) => String(index + 1))
  const blocks = columnBlocks(columns, room)
  return [
    ...key.map((line) => paint.dim(line)),
    ...blocks.flatMap((block, index) => [
      ...(index > 0 ? [''] : []),
      paint.dim(`${' '.repeat(names)}${block.map((at) => pad(columns[at] as string)).join('')}`.trimEnd()),
      ...rows.map(({ name, cells }) => {
        const signs = block.map((at) => placed(cells[at], (columns[at] as string).length, paint))
        return `${abbreviated(name, names).padEnd(names)}${signs.join('')}`.trimEnd()
      }),
    ]),
    ...rowsLeft(matrix.rows, rows),
  ]
}

function columnNumber(index: number, all: readonly unknown[]): string {
  return String(index + 1).padStart(String(all.length).length)
}

function pad(heading: string): string {
  return ' '.repeat(GAP) + heading
}

/** A cell's sign in the middle below its heading. */
function placed(cell: ContractCell | undefined, width: number, paint: Paint): string {
  const before = GAP + Math.floor((width - 1) / 2)
  const text = cell === undefined ? ' ' : sign(markOf(cell), paint)
  return ' '.repeat(before) + text + ' '.repeat(GAP + width - before - 1)
}

/** Columns that stand side by side, as many as there is room for. */
function columnBlocks(columns: readonly string[], room: number): number[][] {
  const blocks: number[][] = []
  let used = Number.POSITIVE_INFINITY
  for (const [index, { length }] of columns.entries()) {
    if (used + length + GAP > room) {
      blocks.push([])
      used = 0
    }
    blocks.at(-1)?.push(index)
    used += length + GAP
  }
  return blocks
}

function rowsLeft(all: readonly MatrixRow[], rows: readonly MatrixRow[]): string[] {
  const isShown = new Set(rows)
  const left = all.filter((row) => !isShown.has(row))
  if (left.length === 0) return []
  const held = left.filter(isHeldRow).length
  const rest = left.length - held
  return [
    ...(held > 0 ? [`… ${numberOf(held, 'row')} in which every cell holds …`] : []),
    ...(rest > 0 ? [`… ${grouped(rest)} more in which some do not …`] : []),
  ]
}

function legend(report: ContractReport, paint: Paint): string {
  return marksOf(report)
    .map((mark) => `${sign(mark, paint)} ${MARKS[mark].words}`)
    .join('   ')
}

/** What differs between targets, side by side. */
function drift(report: ContractReport, options: TextOptions, paint: Paint): string {
  const { targets, drift: differing } = report
  if (differing.length === 0) return ''
  const rows = differing.slice(0, options.rows)
  const columns = targets.map((target) => shown(target))
  const widths = columns.map((column) => Math.max(column.length, MARKS.unjudged.words.length))
  const names = Math.max(...rows.map((each) => lengthOf(cellName(each))))
  const fits = names + widths.reduce((sum, width) => sum + GAP + width, 0) <= options.width
  const outcomes = (each: ContractDrift): string[] =>
    targets.map((target, at) => {
      const outcome = each.outcomes[target]
      if (outcome === undefined) return ' '.repeat(widths[at] as number)
      const text = outcomeWords(outcome)
      return paint[PAINTS[outcome]](fits ? text.padEnd(widths[at] as number) : `${columns[at]} ${text}`)
    })
  const gap = ' '.repeat(GAP)
  const heading = columns.map((column, at) => gap + column.padEnd(widths[at] as number)).join('')
  return [
    `${paint.strong('Drift')}: ${driftText(report)}`,
    ...(fits ? [paint.dim((' '.repeat(names) + heading).trimEnd())] : []),
    ...rows.flatMap((each) =>
      fits
        ? [[cellName(each).padEnd(names), ...outcomes(each)].join(gap).trimEnd()]
        : [cellName(each), INDENT + outcomes(each).join(', ')],
    ),
    ...(differing.length > rows.length ? [`… ${grouped(differing.length - rows.length)} more …`] : []),
  ].join('\n')
}

function faults(report: ContractReport, options: TextOptions, paint: Paint): string[] {
  const first = faultsOf(report, options.faults)
  const left = faultsLeft(report, first)
  return [
    ...first.map((cell) => faultText(cell, report, options, paint)),
    ...(left === '' ? [] : [`… ${left} …`]),
  ]
}

function faultText(cell: ContractCell, report: ContractReport, options: TextOptions, paint: Paint): string {
  const command = options.commands ? commandFor(cell) : undefined
  return [
    `${sign(markOf(cell), paint)} ${paint.strong(cellTitle(cell, report))}`,
    ...wrapped(capitalized(cellFault(cell)), options.width),
    ...(cell.explanation === undefined ? [] : wrapped(errorMessage(cell.explanation), options.width)),
    ...(command === undefined ? [] : [INDENT + paint.dim(command)]),
  ].join('\n')
}

/** Broken between words, where it can be. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] += ` ${word}`
    else lines.push(INDENT + word)
  }
  return lines
}

function lengthOf(text: string): number {
  return [...text].length
}

/** Cut in the middle, so that method and end are seen. */
function abbreviated(text: string, width: number): string {
  const characters = [...text]
  if (characters.length <= width) return text
  const end = Math.floor((width - 1) / 2)
  return `${characters.slice(0, width - 1 - end).join('')}…${characters.slice(characters.length - end).join('')}`
}
