// Draws examples/contract/matrix.svg, what the check of that example finds, from examples/contract/matrix.json.
//
//   node scripts/draw-contract.mjs          draw
//   node scripts/draw-contract.mjs --run    run the example first (it needs nginx and the built package), and keep what it found
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startEnvironments } from '../examples/contract/start.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const inExample = (name) => fileURLToPath(new URL(`../examples/contract/${name}`, import.meta.url))

const MARKS = {
  allowed: { sign: '✓', words: 'allowed' },
  denied: { sign: '–', words: 'denied' },
  broken: { sign: '✗', words: 'broken' },
  unjudged: { sign: '?', words: 'not judged' },
}

const SIZE = 26
const NAMES = 150
const HEAD = 178
const GAP = 26

/** What a cell shows, of what a report says of it. */
const markOf = ({ outcome, expected }) =>
  outcome !== 'held' ? outcome : expected === 'allow' ? 'allowed' : 'denied'

/** The matrices side by side: the routes once, and for each target the origins that it is asked as. */
export function drawMatrix(cells) {
  const unique = (of) => [...new Set(cells.map(of))]
  const rowOf = ({ route, status }) => (status === undefined ? route : `${route} ${status}`)
  const rows = unique(rowOf)
  const origins = unique(({ origin }) => origin)
  let x = NAMES
  const targets = unique(({ target }) => target).map((target) => {
    const own = cells.filter((cell) => cell.target === target)
    const columns = origins.filter((origin) => own.some((cell) => cell.origin === origin))
    const at = x
    x += columns.length * SIZE + GAP
    return { target, own, columns, at }
  })
  const width = x - GAP + 70
  const bottom = HEAD + rows.length * SIZE
  const height = bottom + 44
  const parts = [
    ...rows.map((row, index) =>
      text(row, NAMES - 10, HEAD + index * SIZE + 17, 'class="row" text-anchor="end"'),
    ),
    ...targets.flatMap(({ target, own, columns, at }) => [
      text(target, at, 22, 'class="target"'),
      ...columns.map((origin, index) => {
        const [left, top] = [at + index * SIZE + 17, HEAD - 8]
        return text(
          origin.replace('https://', ''),
          left,
          top,
          `class="origin" transform="rotate(-55 ${left} ${top})"`,
        )
      }),
      ...own.flatMap((cell) => {
        const left = at + columns.indexOf(cell.origin) * SIZE
        const top = HEAD + rows.indexOf(rowOf(cell)) * SIZE
        return square(markOf(cell), left, top)
      }),
    ]),
    ...Object.entries(MARKS).flatMap(([mark, { words }], index) => [
      square(mark, NAMES + index * 110, bottom + 14),
      text(words, NAMES + index * 110 + SIZE + 6, bottom + 31, 'class="row"'),
    ]),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(described(targets))}">
<style>
text { font: 12px ui-monospace, monospace; fill: #1f2328 }
.target { font: 700 15px system-ui, sans-serif }
.origin { font-size: 11px }
.sign { font-size: 14px; font-weight: 700; text-anchor: middle }
.allowed { fill: #dafbe1 } .denied { fill: #eaeef2 } .broken { fill: #ffcecb } .unjudged { fill: #fff1b8 }
.sign-allowed { fill: #116329 } .sign-denied { fill: #59636e } .sign-broken { fill: #a40e26 } .sign-unjudged { fill: #7d4e00 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .allowed { fill: #12361d } .denied { fill: #262c36 } .broken { fill: #67211f } .unjudged { fill: #4a3a0a }
  .sign-allowed { fill: #56d364 } .sign-denied { fill: #b1bac4 } .sign-broken { fill: #ffb3ad } .sign-unjudged { fill: #f2cc60 }
}
</style>
${parts.join('\n')}
</svg>
`
}

function described(targets) {
  const each = targets.map(({ target, own }) => {
    const broken = own.filter(({ outcome }) => outcome === 'broken').length
    return `${target}: ${broken === 0 ? 'every cell holds' : `${broken} of ${own.length} cells are broken`}`
  })
  return `The contract's matrix of routes and origins. ${each.join('; ')}.`
}

function square(mark, left, top) {
  return [
    `<rect class="${mark}" x="${left + 1}" y="${top + 1}" width="${SIZE - 2}" height="${SIZE - 2}" rx="4"/>`,
    text(MARKS[mark].sign, left + SIZE / 2, top + 18, `class="sign sign-${mark}"`),
  ].join('\n')
}

function text(words, x, y, attributes) {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(words)}</text>`
}

function escaped(words) {
  return words.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The cells that the command finds in the three environments. */
async function runExample() {
  const { targets, stop } = await startEnvironments()
  try {
    const args = Object.entries(targets).flatMap(([name, url]) => ['--target', `${name}=${url}`])
    const out = await new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        ['dist/cjs/cli/main.js', 'check', inExample('cors.yaml'), ...args, '--format', 'json'],
        { cwd: root, maxBuffer: 2 ** 26 },
        (error, stdout, stderr) => (stdout === '' ? reject(error ?? new Error(stderr)) : resolve(stdout)),
      )
    })
    return cellsOf(JSON.parse(out))
  } finally {
    await stop()
  }
}

/** What of a report is the same in every run. */
export function cellsOf({ cells }) {
  return cells.map(({ target, route, status, origin, expected, outcome, code }) => ({
    target,
    route,
    status,
    origin,
    expected,
    outcome,
    code,
  }))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--run')) {
    const lines = (await runExample()).map((cell) => `  ${JSON.stringify(cell)}`)
    await writeFile(inExample('matrix.json'), `[\n${lines.join(',\n')}\n]\n`)
  }
  const cells = JSON.parse(await readFile(inExample('matrix.json'), 'utf8'))
  await writeFile(inExample('matrix.svg'), drawMatrix(cells))
}
