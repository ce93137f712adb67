/** A report as what every format shows: matrices of origins × routes, totals, and what is not held, the most telling first. */

import { grouped, numberOf, shown } from '../../text/shown.js'
import type { ContractCell, ContractDrift, ContractReport } from '../contract-report.js'

/** What a cell shows. */
export type Mark = 'allowed' | 'denied' | 'broken' | 'unjudged'

export const MARKS: Readonly<Record<Mark, { readonly sign: string; readonly words: string }>> = {
  allowed: { sign: '✓', words: 'allowed' },
  denied: { sign: '–', words: 'denied' },
  broken: { sign: '✗', words: 'broken' },
  unjudged: { sign: '?', words: 'not judged' },
}

export const OUTCOMES: Readonly<Record<ContractReport['outcome'], string>> = {
  honored: 'honored',
  broken: 'broken',
  unjudged: 'could not be judged',
}

/** One route, and status where the contract names some. */
export interface MatrixRow {
  /** `PUT /orders/:id 401` */
  readonly name: string
  /** By the matrix' origins; undefined where the contract has none. */
  readonly cells: readonly (ContractCell | undefined)[]
}

/** The cells of one target. */
export interface Matrix {
  readonly target: string
  readonly origins: readonly string[]
  readonly rows: readonly MatrixRow[]
}

/** The marks that occur in a report, in the order that a legend explains them. */
export function marksOf({ cells }: ContractReport): Mark[] {
  const marks = new Set(cells.map(markOf))
  return (Object.keys(MARKS) as Mark[]).filter((mark) => marks.has(mark))
}

/** A cell's outcome in words. */
export function outcomeWords(outcome: ContractCell['outcome']): string {
  return outcome === 'unjudged' ? MARKS.unjudged.words : outcome
}

export function markOf({ outcome, expected }: Pick<ContractCell, 'outcome' | 'expected'>): Mark {
  if (outcome !== 'held') return outcome
  return expected === 'allow' ? 'allowed' : 'denied'
}

/** A matrix for each target, in the order of the cells. */
export function matricesOf({ targets, cells }: ContractReport): Matrix[] {
  const byTarget = new Map<string, ContractCell[]>(targets.map((target) => [target, []]))
  for (const cell of cells) byTarget.get(cell.target)?.push(cell)
  return [...byTarget].map(([target, own]) => {
    const origins = [...new Set(own.map(({ origin }) => origin))]
    const columns = new Map(origins.map((origin, index) => [origin, index]))
    const rows = new Map<string, (ContractCell | undefined)[]>()
    for (const cell of own) {
      const name = rowName(cell)
      const row = rows.get(name) ?? origins.map(() => undefined)
      row[columns.get(cell.origin) as number] = cell
      rows.set(name, row)
    }
    return { target, origins, rows: [...rows].map(([name, row]) => ({ name, cells: row })) }
  })
}

export function rowName({ route, status }: Pick<ContractCell, 'route' | 'status'>): string {
  return status === undefined ? shown(route) : `${shown(route)} ${status}`
}

/** What is asked in a cell: `PUT /orders/:id 401 ← https://app.example.com`. */
export function cellName(cell: Pick<ContractCell | ContractDrift, 'route' | 'status' | 'origin'>): string {
  return `${rowName(cell)} ← ${shown(cell.origin)}`
}

/** As {@link cellName}, with the target where there are several. */
export function cellTitle(cell: ContractCell, { targets }: Pick<ContractReport, 'targets'>): string {
  return targets.length > 1 ? `${shown(cell.target)}: ${cellName(cell)}` : cellName(cell)
}

/** `should be allowed: missing-allow-origin` */
export function cellFault({ outcome, expected, code }: ContractCell): string {
  const what =
    outcome === 'unjudged'
      ? MARKS.unjudged.words
      : expected === 'allow'
        ? 'should be allowed'
        : 'should be denied'
  return code === undefined ? what : `${what}: ${code}`
}

/** At most so many rows: of more, those that hold are left out. */
export function shownRows(rows: readonly MatrixRow[], most: number): readonly MatrixRow[] {
  return rows.length <= most ? rows : rows.filter((row) => !isHeldRow(row)).slice(0, most)
}

/** Whether all of a row holds. */
export function isHeldRow({ cells }: MatrixRow): boolean {
  return cells.every((cell) => cell === undefined || cell.outcome === 'held')
}

/** `24 cells: 22 held, 1 broken, 1 not judged; 31 requests` */
export function totalsText({ cells, requests }: ContractReport): string {
  const { held, broken, unjudged } = totalsOf(cells)
  const parts = [`${grouped(held)} held`, ...faultCounts(broken, unjudged)]
  return `${numberOf(cells.length, 'cell')}: ${parts.join(', ')}; ${numberOf(requests, 'request')}`
}

/** `['2 broken', '1 not judged']`, of each where there are any. */
export function faultCounts(broken: number, unjudged: number, more = ''): string[] {
  return [
    ...(broken > 0 ? [`${grouped(broken)}${more} broken`] : []),
    ...(unjudged > 0 ? [`${grouped(unjudged)}${more} not judged`] : []),
  ]
}

/** `1 cell differs between targets` */
export function driftText({ drift }: ContractReport): string {
  return `${numberOf(drift.length, 'cell')} ${drift.length === 1 ? 'differs' : 'differ'} between targets`
}

export function totalsOf(cells: readonly ContractCell[]): Readonly<Record<ContractCell['outcome'], number>> {
  const totals = { held: 0, broken: 0, unjudged: 0 }
  for (const { outcome } of cells) totals[outcome] += 1
  return totals
}

/**
 * The cells that are not held, broken ones first. Where there are more than `most`, the first of each route and code come before others that
 * say the same.
 */
export function faultsOf({ cells }: ContractReport, most: number): ContractCell[] {
  const broken = cells.filter(({ outcome }) => outcome === 'broken')
  const faults = [...broken, ...cells.filter(({ outcome }) => outcome === 'unjudged')]
  if (faults.length <= most) return faults
  const seen = new Map<string, number>()
  const ranked = faults.map((cell) => {
    const kind = [cell.target, rowName(cell), cell.outcome, cell.expected, cell.code].join('\n')
    const rank = seen.get(kind) ?? 0
    seen.set(kind, rank + 1)
    return { cell, rank: cell.outcome === 'broken' ? rank : cells.length + rank }
  })
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ cell }) => cell)
}

/** `37 more broken, 4 more not judged`; empty where all were shown. */
export function faultsLeft({ cells }: ContractReport, faults: readonly ContractCell[]): string {
  const all = totalsOf(cells)
  const shownOnes = totalsOf(faults)
  return faultCounts(all.broken - shownOnes.broken, all.unjudged - shownOnes.unjudged, ' more').join(', ')
}
