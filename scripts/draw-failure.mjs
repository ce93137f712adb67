// Draws docs/failure.svg: what a terminal shows of the test in README.md that fails, run by Vitest.
//
//   node scripts/draw-failure.mjs
//
// test/docs/facts.test.ts compares its text with the message in README.md, which is compared with the test's.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const COLUMNS = 118
/** Colors of a dark terminal, by the number that selects each. */
const COLORS = {
  30: '#1c2430',
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  37: '#e6edf3',
  90: '#8b949e',
}
const BACKGROUND = '#0d1117'
const FOREGROUND = '#e6edf3'

const [, sample] =
  /<!-- sample: test file fails -->\n```ts\n([\s\S]*?)```/.exec(
    await readFile(path.join(root, 'README.md'), 'utf8'),
  ) ?? []
if (sample === undefined) throw new Error('README.md has no test file that fails')
await writeFile(path.join(root, 'docs/failure.svg'), draw(linesOf(failureIn(await output(sample)))))

/** What Vitest writes to a terminal. */
async function output(code) {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'expect-cors-failure-')))
  try {
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }')
    await writeFile(path.join(folder, 'cors.test.ts'), code)
    await writeFile(
      path.join(folder, 'vitest.config.mjs'),
      `import config from ${JSON.stringify(path.join(root, 'vitest.config.ts'))}\nexport default { resolve: config.resolve }\n`,
    )
    const { NO_COLOR: _, ...env } = process.env
    return await new Promise((resolve) => {
      execFile(
        process.execPath,
        [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', `--root=${folder}`],
        { env: { ...env, FORCE_COLOR: '1' } },
        // The control character is not for regular expressions.
        (_error, stdout, stderr) => resolve((stdout + stderr).replaceAll('\u001b[', '␛[')),
      )
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** From the test's name to the end of the code frame, without what differs from run to run. */
function failureIn(text) {
  const lines = text.split('\n')
  const plain = lines.map((line) => line.replace(/␛\[[\d;]*m/g, ''))
  const first = plain.findIndex((line) => /^ FAIL /.test(line))
  const last = plain.findIndex((line, index) => index > first && /^⎯+/.test(line))
  if (first === -1 || last === -1)
    throw new Error(`the test in README.md does not fail:\n${plain.join('\n')}`)
  return lines
    .slice(first, last)
    .map((line) => line.replace(/(< (?:Date|ETag): )[^␛]*/, '$1…'))
    .join('\n')
    .trimEnd()
}

/** Lines no longer than the terminal is wide, broken between words, as pieces of text of one style each. */
function linesOf(text) {
  const lines = [[]]
  let column = 0
  let style = {}
  for (const [piece] of text.matchAll(/␛\[[\d;]*m|\n| +|[^\s␛]+/g)) {
    if (piece.startsWith('␛')) {
      for (const code of piece.slice(2, -1).split(';')) style = styled(style, Number(code))
      continue
    }
    if (piece === '\n' || column + piece.length > COLUMNS) {
      lines.push([])
      column = 0
      if (piece.trim() === '') continue
    }
    const line = lines.at(-1)
    if (line.at(-1)?.style === style) line.at(-1).text += piece
    else line.push({ style, text: piece })
    column += piece.length
  }
  return lines
}

function styled(style, code) {
  if (code === 0) return {}
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 7) return { ...style, inverse: true }
  if (code === 22) return { ...style, bold: false, dim: false }
  if (code === 27) return { ...style, inverse: false }
  if (code === 39) return { ...style, color: undefined }
  if (code === 49) return { ...style, background: undefined }
  if (code in COLORS) return { ...style, color: COLORS[code] }
  if (code - 10 in COLORS) return { ...style, background: COLORS[code - 10] }
  throw new Error(`scripts/draw-failure.mjs does not know the terminal's code ${code}`)
}

function draw(lines) {
  const [width, height, margin] = [7.23, 17, 16]
  const boxes = []
  const texts = lines.map((pieces, row) => {
    let column = 0
    const spans = pieces.map(({ style, text }) => {
      const [color, background] = style.inverse
        ? [style.background ?? BACKGROUND, style.color ?? FOREGROUND]
        : [style.color, style.background]
      const x = (margin + column * width).toFixed(1)
      if (background !== undefined)
        boxes.push(
          `<rect x="${x}" y="${margin + row * height}" width="${(text.length * width).toFixed(1)}" height="${height}" fill="${background}"/>`,
        )
      column += [...text].length
      const attributes = [
        ...(color === undefined ? [] : [`fill="${color}"`]),
        ...(style.bold ? ['font-weight="bold"'] : []),
        ...(style.dim ? ['opacity=".65"'] : []),
      ]
      return `<tspan x="${x}"${attributes.map((each) => ` ${each}`).join('')}>${escaped(text)}</tspan>`
    })
    return spans.length === 0 ? '' : `<text y="${margin + row * height + 13}">${spans.join('')}</text>`
  })
  const size = [Math.ceil(margin * 2 + COLUMNS * width), margin * 2 + lines.length * height]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size[0]} ${size[1]}" width="${size[0]}" height="${size[1]}" role="img" aria-label="What Vitest shows of the failing test">
<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>
${boxes.join('\n')}
<g fill="${FOREGROUND}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="12" xml:space="preserve">
${texts.filter((text) => text !== '').join('\n')}
</g>
</svg>
`
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
