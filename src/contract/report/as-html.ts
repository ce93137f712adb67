/** A report as one static page: no script, nothing loaded from elsewhere, and whatever came from outside escaped. */

import { escapedMarkup as escaped, proseMarkup } from '../../text/markup.js'
import { errorMessage } from '../../text/message.js'
import { capitalized, grouped, shown } from '../../text/shown.js'
import type { ContractCell, ContractDrift, ContractReport } from '../contract-report.js'
import { commandFor, coursesOf, differenceOf, remediesOf } from './cell-journeys.js'
import { STYLE } from './html-style.js'
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
  totalsText,
} from './matrix.js'

/** Cells that are explained at most, so that a page of very many can still be opened. */
const MOST_FAULTS = 500

export function asHtml(report: ContractReport, title: string): string {
  const { outcome, targets } = report
  const faults = faultsOf(report, MOST_FAULTS)
  const ids = new Map(faults.map((cell, index) => [cell, `cell-${index + 1}`]))
  const heading = `${title}: ${OUTCOMES[outcome]}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${escaped(heading)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1 class="${outcome}">${escaped(heading)}</h1>
<p>${escaped(totalsText(report))}.</p>
${legend(report)}
</header>
<main>
${[
  ...matricesOf(report).map((matrix, index) => section(matrix, index, targets.length > 1, ids)),
  drift(report),
  explanations(report, faults, ids),
]
  .filter((text) => text !== '')
  .join('\n')}
</main>
</body>
</html>
`
}

function sign(mark: Mark): string {
  return `<span class="${mark}" aria-hidden="true">${MARKS[mark].sign}</span>`
}

function legend(report: ContractReport): string {
  const items = marksOf(report).map((mark) => `<li>${sign(mark)} ${MARKS[mark].words}</li>`)
  return items.length === 0 ? '' : `<ul class="legend" aria-label="Legend">${items.join('')}</ul>`
}

type Ids = ReadonlyMap<ContractCell, string>

function section({ target, origins, rows }: Matrix, index: number, isNamed: boolean, ids: Ids): string {
  const id = `matrix-${index + 1}`
  const name = isNamed ? escaped(shown(target)) : 'Origins and routes'
  return `<section>
<h2 id="${id}">${name}</h2>
<div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
<table>
<thead><tr><th scope="col">Route</th>${origins.map((origin) => `<th scope="col">${breakable(origin)}</th>`).join('')}</tr></thead>
<tbody>
${rows
  .map(
    (row) =>
      `<tr><th scope="row">${breakable(row.name)}</th>${row.cells.map((cell) => cellHtml(cell, ids)).join('')}</tr>`,
  )
  .join('\n')}
</tbody>
</table>
</div>
</section>`
}

function cellHtml(cell: ContractCell | undefined, ids: Ids): string {
  if (cell === undefined) return '<td></td>'
  const mark = markOf(cell)
  const id = ids.get(cell)
  const text = `${sign(mark)}<span class="unseen">${MARKS[mark].words}</span>`
  // A link into a closed <details> opens it.
  return `<td class="${mark}">${id === undefined ? text : `<a href="#${id}" title="${escaped(cellFault(cell))}">${text}</a>`}</td>`
}

/** Text that may break after a slash, a dot or a colon. */
function breakable(text: string): string {
  return escaped(shown(text)).replace(/[/.:]+(?=.)/g, '$&<wbr>')
}

function drift(report: ContractReport): string {
  const { targets, drift: differing } = report
  if (differing.length === 0) return ''
  const row = (each: ContractDrift): string =>
    `<tr><th scope="row">${breakable(cellName(each))}</th>${targets.map((target) => driftCell(each.outcomes[target])).join('')}</tr>`
  return `<section>
<h2 id="drift">Drift</h2>
<p>${driftText(report)}.</p>
<div class="scroll" role="region" aria-labelledby="drift" tabindex="0">
<table>
<thead><tr><th scope="col">Cell</th>${targets.map((target) => `<th scope="col">${escaped(shown(target))}</th>`).join('')}</tr></thead>
<tbody>
${differing.slice(0, MOST_FAULTS).map(row).join('\n')}
</tbody>
</table>
</div>${differing.length > MOST_FAULTS ? `\n<p>… ${grouped(differing.length - MOST_FAULTS)} more …</p>` : ''}
</section>`
}

function driftCell(outcome: ContractCell['outcome'] | undefined): string {
  if (outcome === undefined) return '<td></td>'
  return `<td class="${outcome}">${outcomeWords(outcome)}</td>`
}

function explanations(report: ContractReport, faults: readonly ContractCell[], ids: Ids): string {
  if (faults.length === 0) return ''
  const left = faultsLeft(report, faults)
  return `<section>
<h2>What does not hold</h2>
${faults.map((cell) => details(cell, report, ids)).join('\n')}${left === '' ? '' : `\n<p>… ${left} …</p>`}
</section>`
}

function details(cell: ContractCell, report: ContractReport, ids: Ids): string {
  const mark = markOf(cell)
  const difference = differenceOf(cell)
  const command = commandFor(cell)
  const remedies = remediesOf(cell)
  return `<details class="${mark}"><summary>${sign(mark)}<span class="unseen">${MARKS[mark].words}: </span> <b>${breakable(cellTitle(cell, report))}</b> <span>${escaped(cellFault(cell))}</span></summary>
<div id="${ids.get(cell) ?? ''}" class="cell">
${[
  ...(difference === undefined ? [] : [`<p>${proseMarkup(errorMessage(`${difference}.`))}</p>`]),
  ...(cell.explanation === undefined ? [] : [`<p>${proseMarkup(errorMessage(cell.explanation))}</p>`]),
  ...coursesOf(cell).map(
    ({ engines, exchanges }) =>
      `<h3>${engines === undefined ? 'Journey' : `Journey in ${escaped(engines)}`}</h3>\n${code(exchanges.map(exchange).join('\n\n'))}`,
  ),
  ...(remedies.length === 0 ? [] : ['<h3>Fix</h3>']),
  ...remedies.map(({ for: place, title, snippet }) => {
    const head = place === 'server' || place === 'page' ? '' : `${escaped(capitalized(place))}: `
    return `<p>${head}${proseMarkup(title)}</p>${snippet === undefined ? '' : `\n${code(escaped(snippet))}`}`
  }),
  ...(command === undefined ? [] : ['<h3>Ask it alone</h3>', code(escaped(command))]),
].join('\n')}
</div>
</details>`
}

/** Wide lines scroll, which must be possible without a mouse. */
function code(html: string): string {
  return `<pre tabindex="0">${html}</pre>`
}

/** An exchange with the offending lines marked. */
function exchange(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line.startsWith('✗') ? `<strong class="broken">${escaped(line)}</strong>` : escaped(line),
    )
    .join('\n')
}
