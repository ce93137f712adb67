/** An explanation as text for a terminal, or as Markdown for a report. */

import { fenced, inline } from '../text/markdown.js'
import { bounded } from '../text/message.js'
import { escapeLines } from '../text/shown.js'
import { colors, type Paint, plain } from './colors.js'
import type { Explanation } from './explain.js'
import type { Remedy } from './remedies/index.js'

/** How an explanation is shown. */
export interface RenderOptions {
  /** Default `text`. */
  readonly format?: 'text' | 'markdown' | undefined
  /** Whether text has ANSI colors. Default false. */
  readonly color?: boolean | undefined
}

/**
 * Writes an explanation out: what happened, why, what the console prints, the fixes, where to read on.
 *
 * @example
 * console.log(renderExplanation(explainCors(verdict), { color: process.stdout.isTTY }))
 * @example
 * const comment = renderExplanation(explainCors(journey), { format: 'markdown' })
 */
export function renderExplanation(explanation: Explanation, options: RenderOptions = {}): string {
  return bounded(
    options.format === 'markdown'
      ? markdown(explanation)
      : text(explanation, options.color === true ? colors : plain),
  )
}

function text(explanation: Explanation, paint: Paint): string {
  const { summary, consoleMessage, remedies, docs } = explanation
  const head = /^allowed/.test(summary) ? paint.good : /^blocked/.test(summary) ? paint.bad : paint.strong
  return paragraphs([
    head(escapeLines(summary)),
    escapeLines(explanation.explanation),
    consoleMessage === null
      ? undefined
      : `${paint.strong('The console prints:')}\n${indented(escapeLines(consoleMessage))}`,
    ...remedies.map((remedy) => remedyText(remedy, paint)),
    docs.length === 0
      ? undefined
      : `${paint.strong('Read on:')}\n${docs.map((page) => `  ${paint.dim(escapeLines(page))}`).join('\n')}`,
  ])
}

function remedyText({ for: place, title, snippet }: Remedy, paint: Paint): string {
  const head = `${paint.strong(`${placeName(place)}:`)} ${escapeLines(title)}`
  return snippet === undefined ? head : `${head}\n${indented(escapeLines(snippet))}`
}

const PLACES: Readonly<Record<string, string>> = {
  server: 'On the server',
  page: 'On the page',
  proxy: 'In front of both',
}

function placeName(place: string): string {
  return PLACES[place] ?? `In ${escapeLines(place)}`
}

function markdown(explanation: Explanation): string {
  const { summary, consoleMessage, remedies, docs } = explanation
  return paragraphs([
    `**${inline(summary)}**`,
    inline(explanation.explanation),
    consoleMessage === null ? undefined : `The console prints:\n\n${fenced(consoleMessage)}`,
    ...remedies.map(({ for: place, title, snippet }) => {
      const head = `- **${placeName(place)}:** ${inline(title)}`
      return snippet === undefined ? head : `${head}\n\n${indented(fenced(snippet))}`
    }),
    docs.length === 0 ? undefined : `Read on:\n\n${docs.map((page) => `- ${link(page)}`).join('\n')}`,
  ])
}

/** A URL as a link; a file of the package by its name. */
function link(page: string): string {
  return /^https?:/.test(page)
    ? `<${escapeLines(page).replace(/[\s<>]/g, encodeURI)}>`
    : `\`${escapeLines(page).replaceAll('`', '')}\``
}

function indented(lines: string): string {
  return lines.replace(/^(?=.)/gm, '  ')
}

function paragraphs(texts: readonly (string | undefined)[]): string {
  return texts.filter((each) => each !== undefined).join('\n\n')
}
