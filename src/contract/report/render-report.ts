/** `renderCorsReport`: a report in a format for people or machines. */

import { checkNames } from '../../subject/options.js'
import { hasMembers } from '../../subject/shape.js'
import { nearest } from '../../text/nearest.js'
import { shown } from '../../text/shown.js'
import { CorsUsageError, describeValue } from '../../text/usage-error.js'
import type { ContractReport } from '../contract-report.js'
import { asHtml } from './as-html.js'
import { asJson } from './as-json.js'
import { asJunit } from './as-junit.js'
import { asMarkdown } from './as-markdown.js'
import { asText } from './as-text.js'

export const reportFormats = ['text', 'markdown', 'json', 'junit', 'html'] as const
export type ReportFormat = (typeof reportFormats)[number]

/** How a report is written. */
export interface ReportOptions {
  /** @default 'text' */
  readonly format?: ReportFormat | undefined
  /** What stands above it. @default 'CORS contract' */
  readonly title?: string | undefined
  /** Whether text has ANSI colors. @default false */
  readonly color?: boolean | undefined
  /** How many columns text may take, `process.stdout.columns` say. @default 120 */
  readonly width?: number | undefined
}

const WIDTH = 120
const NARROWEST = 40
const MOST_ROWS = 60
const MOST_FAULTS = 20

/**
 * Writes a report out: the matrix of origins × routes, what differs between targets, and what is not held, with the reason and the command that asks a
 * cell alone.
 *
 * - `text`: for a terminal; of many cells the first that are not held;
 * - `markdown`: for a pull request, at most 65,536 characters;
 * - `json`: everything, in a form that does not change;
 * - `junit`: a test case for each cell; what was not judged is an error;
 * - `html`: one static page without a script.
 *
 * @param report what `checkCorsContract` returned
 * @throws CorsUsageError for what is not a report, and for an unknown format
 * @example
 * const report = await checkCorsContract(contract, { staging, production })
 * await writeFile('cors.html', renderCorsReport(report, { format: 'html' }))
 */
export function renderCorsReport(report: ContractReport, options: ReportOptions = {}): string {
  checkReport(report)
  const { format, title, color, width } = checkedOptions(options)
  switch (format) {
    case 'text':
      return asText(report, { title, color, width, rows: MOST_ROWS, faults: MOST_FAULTS, commands: true })
    case 'markdown':
      return asMarkdown(report, title)
    case 'json':
      return asJson(report)
    case 'junit':
      return asJunit(report, title)
    case 'html':
      return asHtml(report, title)
  }
}

function checkReport(report: unknown): void {
  if (hasMembers(report) && Array.isArray(report.cells) && Array.isArray(report.targets)) return
  throw new CorsUsageError(
    `renderCorsReport takes what checkCorsContract returned; got ${describeValue(report)}${hasMembers(report) && 'then' in report ? ': await it first' : ''}`,
  )
}

function checkedOptions(
  options: ReportOptions,
): Required<{ [Name in keyof ReportOptions]-?: NonNullable<ReportOptions[Name]> }> {
  const where = 'renderCorsReport'
  if (!hasMembers(options)) {
    throw new CorsUsageError(
      `${where} takes options such as { format: 'html' }; got ${describeValue(options)}`,
    )
  }
  checkNames(options, ['format', 'title', 'color', 'width'], where)
  const { format = 'text', title = 'CORS contract', color = false, width = WIDTH } = options as ReportOptions
  if (!reportFormats.includes(format)) {
    const near = typeof format === 'string' ? nearest(format, reportFormats) : undefined
    throw new CorsUsageError(
      `${where}: format must be one of ${reportFormats.join(', ')}; got ${describeValue(format)}${near === undefined ? '' : `; did you mean ${near}?`}`,
    )
  }
  if (typeof title !== 'string')
    throw new CorsUsageError(`${where}: title must be a string; got ${describeValue(title)}`)
  if (typeof color !== 'boolean')
    throw new CorsUsageError(`${where}: color must be true or false; got ${describeValue(color)}`)
  if (typeof width !== 'number' || !(width > 0))
    throw new CorsUsageError(`${where}: width must be a number of columns; got ${describeValue(width)}`)
  return { format, title: shown(title), color, width: Math.max(NARROWEST, width) }
}
