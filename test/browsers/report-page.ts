/** `npm run test:browsers -- --report-page`: the page of a contract's report in a real Chromium, looked at by axe-core. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import axe from 'axe-core'
import { renderCorsReport } from '../../src/contract/report/render-report.js'
import { driftedReport } from '../contract/report/sample-report.js'

/** How a page is looked at. */
interface View {
  readonly name: string
  readonly arguments: readonly string[]
  /** What is changed of the page for it. */
  readonly page?: (html: string) => string
}

/** The cells' details, which axe-core would pass over while they are closed. */
const opened = (html: string): string => html.replaceAll('<details ', '<details open ')

const WIDE = '--window-size=1200,1600'
const LIGHT = '--blink-settings=preferredColorScheme=1'
const DARK = '--blink-settings=preferredColorScheme=0'

const views: readonly View[] = [
  { name: 'light', arguments: [WIDE, LIGHT] },
  { name: 'light, opened', arguments: [WIDE, LIGHT], page: opened },
  { name: 'dark', arguments: [WIDE, DARK] },
  { name: 'dark, opened', arguments: [WIDE, DARK], page: opened },
  { name: 'narrow', arguments: ['--window-size=500,1600', LIGHT], page: opened },
  {
    name: 'printed',
    arguments: [WIDE, DARK],
    page: (html) => opened(html).replace('@media print', '@media screen'),
  },
]

/** Looks at the page in every view; returns the exit code. @param out a folder for pictures of what was seen */
export async function lookAtReportPage(out: string | null): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-page-'))
  try {
    let good = true
    for (const view of views) {
      const found = await lookAt(view, folder, out)
      console.log(`${view.name}: ${found.length === 0 ? 'nothing found' : `\n${found.join('\n')}`}`)
      good &&= found.length === 0
    }
    return good ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function lookAt(view: View, folder: string, out: string | null): Promise<string[]> {
  const html = renderCorsReport(driftedReport(), { format: 'html' })
  const page = view.page?.(html) ?? html
  const file = path.join(folder, 'page.html')
  if (out !== null) {
    mkdirSync(out, { recursive: true })
    writeFileSync(file, page)
    await chromium(view, folder, [
      `--screenshot=${path.resolve(out, `${view.name.replaceAll(', ', '-')}.png`)}`,
      file,
    ])
  }
  // The page itself lets no script run.
  const scripted = page
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '')
    .replace('</body>', () => `<script>${axe.source}</script><script>${RUN}</script></body>`)
  if (!page.includes('Content-Security-Policy')) return ['the page has no Content-Security-Policy']
  writeFileSync(file, scripted)
  const dom = await chromium(view, folder, ['--virtual-time-budget=20000', '--dump-dom', file])
  const said = /<title>axe (\{.*\})<\/title>/.exec(dom)?.[1]
  if (said === undefined) return ['axe-core did not end']
  const { passes, found, wide } = JSON.parse(said) as { passes: number; found: string[]; wide: boolean }
  return [
    ...found,
    ...(passes < 15 ? [`axe-core tried only ${passes} rules`] : []),
    ...(wide ? ['the page is wider than its window'] : []),
  ]
}

/** Puts what was found into the title: words without markup. Of a sign alone axe-core cannot tell the contrast; its color stands with words, too. */
const RUN = `axe.run(document, { resultTypes: ['violations', 'incomplete'] }).then(({ violations, incomplete, passes }) => {
  const isSign = ({ any }) => any.some(({ data }) => data?.messageKey === 'nonBmp' || data?.messageKey === 'shortTextContent')
  const unsure = incomplete.flatMap((rule) => {
    const nodes = rule.nodes.filter((node) => !isSign(node))
    return nodes.length === 0 ? [] : [{ ...rule, nodes }]
  })
  const words = ({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ').replace(/[<>&]/g, '')
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth
  document.title = 'axe ' + JSON.stringify({ passes: passes.length, found: [...violations, ...unsure].map(words), wide })
})`

async function chromium(view: View, folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      `--user-data-dir=${path.join(folder, 'profile')}`,
      ...view.arguments,
      ...args.slice(0, -1),
      `file://${args.at(-1)}`,
    ],
    { maxBuffer: 2 ** 26, timeout: 120_000 },
  )
  return stdout
}
