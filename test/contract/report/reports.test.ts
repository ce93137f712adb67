import axe from 'axe-core'
// @ts-expect-error it comes without types
import { JSDOM } from 'jsdom'
import { describe, expect, test } from 'vitest'
import { remediesOf } from '../../../src/contract/report/cell-journeys.js'
import { renderCorsReport } from '../../../src/contract/report/render-report.js'
import { inline } from '../../../src/text/markdown.js'
import { proseMarkup } from '../../../src/text/markup.js'
import { APP, blockedCell, cell, driftedReport, EVIL, PREVIEW, report } from './sample-report.js'

const formats = ['text', 'markdown', 'json', 'junit', 'html'] as const
const honored = report([
  cell({ route: 'GET /orders', origin: APP }),
  cell({ route: 'GET /orders', origin: EVIL }),
])
const unjudged = report([
  cell({ route: 'GET /orders', origin: APP }),
  cell({
    route: 'GET /gone',
    origin: EVIL,
    outcome: 'unjudged',
    code: 'no-control',
    explanation: 'No allowed origin passed.',
  }),
])

/** What nobody may be shown as it is: markup, an end of every block, and what terminals and readers are fooled by. */
const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(1)>"'&]]>--></pre></details>\u202e\u2028\u2029\u0007\u001b[31m\u200b\ufeff| \`\`\`\n## x`

function hostileReport() {
  const headers = [
    ['Access-Control-Allow-Origin', HOSTILE],
    ['X-Other', HOSTILE],
    ['Set-Cookie', 'session=s3cr3t'],
  ] as const
  const broken = blockedCell(
    { route: 'GET /orders', origin: APP, target: HOSTILE, explanation: `It says ${HOSTILE}.` },
    headers,
  )
  const named = blockedCell(
    { route: `GET /${HOSTILE}`, origin: PREVIEW, target: HOSTILE, explanation: `It says ${HOSTILE}.` },
    headers,
  )
  return report([broken, named], {
    targets: [HOSTILE],
    drift: [{ route: `GET /${HOSTILE}`, origin: PREVIEW, outcomes: { [HOSTILE]: 'broken' } }],
  })
}

describe('as they are', () => {
  test.each(formats)('%s', (format) => {
    // What the remedies say is not the report's concern.
    const titles = driftedReport().cells.flatMap((each) =>
      remediesOf(each).flatMap(({ title }) => [title, proseMarkup(title), inline(title)]),
    )
    const text = renderCorsReport(driftedReport(), { format })
    expect(titles.reduce((shown, title) => shown.replaceAll(title, 'Do this'), text)).toMatchSnapshot()
  })

  test('text in a narrow terminal, in color', () => {
    const text = renderCorsReport(driftedReport(), { width: 50, color: true })
    expect(text).toMatchSnapshot()
  })

  test.each(formats)('%s of a contract that is honored', (format) => {
    expect(renderCorsReport(honored, { format, title: 'Orders API' })).toMatchSnapshot()
  })

  test('text of what could not be judged', () => {
    expect(renderCorsReport(unjudged)).toMatchSnapshot()
  })
})

describe('whatever a server sent', () => {
  test.each(formats)('nothing unseen is in %s, and no secret', (format) => {
    const text = renderCorsReport(hostileReport(), { format })
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(text).not.toContain('s3cr3t')
  })

  test('html has no element of its making', () => {
    const { document } = new JSDOM(renderCorsReport(hostileReport(), { format: 'html' })).window
    expect(document.querySelectorAll('script, img, [onerror], iframe, object, link')).toHaveLength(0)
    expect(document.querySelectorAll('details')).toHaveLength(2)
    expect(document.body.textContent).toContain('<script>alert(1)</script>')
  })

  test('junit is well-formed, and keeps what was sent as text', () => {
    const { document } = new JSDOM(renderCorsReport(hostileReport(), { format: 'junit' }), {
      contentType: 'text/xml',
    }).window
    expect([...document.querySelectorAll('testcase')].map(({ children }) => children.length)).toEqual([1, 1])
    expect(document.querySelector('failure')?.textContent).toContain('<script>alert(1)</script>')
  })

  test('json is JSON', () => {
    const data = JSON.parse(renderCorsReport(hostileReport(), { format: 'json' })) as {
      cells: { route: string }[]
    }
    expect(data.cells.map(({ route }) => route)).toEqual(['GET /orders', `GET /${HOSTILE}`])
  })

  test('markdown has no markup of its making outside of code', () => {
    const text = renderCorsReport(hostileReport(), { format: 'markdown' })
    const prose = text.replace(/^(`{3,})\n[\s\S]*?\n\1$/gm, '').replace(/`[^`\n]*`/g, '')
    expect(prose.match(/(?<!\\)<(?!\/?(?:details|summary|b)>)[a-z/!]/gi)).toBeNull()
    expect(text.match(/^<details>/gm)).toHaveLength(2)
    expect(text.match(/^## /gm)).toHaveLength(1)
  })
})

describe('much of it', () => {
  const routes = Array.from({ length: 200 }, (_, index) => `GET /route-with-a-long-name/${index}/:id`)
  const origins = Array.from({ length: 50 }, (_, index) => `https://tenant-${index}.example.com`)
  const large = report(
    routes.flatMap((route, index) =>
      origins.map((origin) =>
        index % 10 === 3
          ? blockedCell({ route, origin, expected: 'allow' }, [['Access-Control-Allow-Origin', EVIL]])
          : cell({ route, origin }),
      ),
    ),
  )

  test('markdown stays below what a comment may have', () => {
    const text = renderCorsReport(large, { format: 'markdown' })
    expect(text.length).toBeLessThanOrEqual(65_536)
    expect(text).toContain('10,000 cells: 9,000 held, 1,000 broken')
    expect(text).toMatch(/… \d+ more broken …/)
    expect(text.match(/^<details><summary>❌/gm)?.length).toBeGreaterThan(0)
  })

  test('text shows what is not held, each route once before any twice, within its width', () => {
    const text = renderCorsReport(large, { width: 100 })
    const lines = text.split('\n').filter((line) => !line.includes('npx expect-cors'))
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100)
    expect(text).toContain('… 180 rows in which every cell holds …')
    const shownRoutes = [...text.matchAll(/^✗ GET \/route-with-a-long-name\/(\d+)/gm)].map(
      ([, index]) => index,
    )
    expect(new Set(shownRoutes)).toHaveLength(20)
    expect(text).toContain('… 980 more broken …')
  })

  test('json and junit have every cell, html every cell and the first explanations', () => {
    const data = JSON.parse(renderCorsReport(large, { format: 'json' })) as { cells: unknown[] }
    expect(data.cells).toHaveLength(10_000)
    expect(renderCorsReport(large, { format: 'junit' }).match(/<testcase /g)).toHaveLength(10_000)
    const html = renderCorsReport(large, { format: 'html' })
    expect(html.match(/<td /g)).toHaveLength(10_000)
    expect(html.match(/<details /g)).toHaveLength(500)
  }, 60_000)
})

test('every link of the page leads to a cell below', () => {
  const { document } = new JSDOM(renderCorsReport(driftedReport(), { format: 'html' })).window
  const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '')
  expect(links).toHaveLength(7)
  for (const link of links) expect(document.querySelector(link)?.closest('details')).not.toBeNull()
})

test.each([
  ['broken', driftedReport()],
  ['honored', honored],
])(
  'axe-core finds nothing in the page of a contract that is %s',
  async (_, of) => {
    const dom = new JSDOM(renderCorsReport(of, { format: 'html' }), { runScripts: 'outside-only' })
    dom.window.eval(axe.source)
    const { violations } = await (dom.window as unknown as { axe: typeof axe }).axe.run(dom.window.document, {
      // What is painted, test/browsers looks at.
      rules: { 'color-contrast': { enabled: false } },
    })
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  },
  60_000,
)

describe('the command of a cell', () => {
  const commandOf = (request: object): string => {
    const broken = blockedCell({ route: 'GET /orders', origin: APP }, [])
    const of = report([
      { ...broken, request: { ...broken.request, headers: [], extraHeaders: [], ...request } as never },
    ])
    return /npx expect-cors .*/.exec(renderCorsReport(of))?.[0] ?? ''
  }

  test.each([
    { headers: [['X-Note', "it's"]], says: `--header 'X-Note: it'\\''s'` },
    { headers: [['Authorization', 'Bearer s3cr3t']], says: '--header Authorization=@AUTHORIZATION' },
    { headers: [['x-note', '[redacted]']], says: '--header x-note=@X_NOTE' },
    { extraHeaders: ['X-Gate'], says: '--extra-header X-Gate=@X_GATE' },
    {
      url: 'https://api.example.com/orders?token=s3cr3t&b=1',
      says: `'https://api.example.com/orders?token=[redacted]&b=1'`,
    },
    { url: 'https://api.example.com/$(id)', says: `'https://api.example.com/$(id)'` },
    { method: 'DELETE', says: '--method DELETE --send' },
    { credentials: 'omit', says: 'explain https://api.example.com/orders --origin https://app.example.com' },
  ])('$says', ({ says, ...request }) => {
    const command = commandOf(request)
    expect(command).toContain(says)
    expect(command).not.toContain('s3cr3t')
  })

  test('for any origin it names the one that was asked as', () => {
    const { verdicts: _, ...unjudged } = blockedCell({ route: 'GET /orders', origin: APP }, [])
    const broken = { ...blockedCell({ route: 'GET /orders', origin: APP }, []), origin: '*' }
    expect(renderCorsReport(report([broken]))).toContain(`--origin ${APP} `)
    expect(renderCorsReport(report([{ ...unjudged, origin: '*' }]))).not.toContain('npx')
  })

  test('there is none where nobody else reaches the app', () => {
    const { request: _, ...inProcess } = blockedCell({ route: 'GET /orders', origin: APP }, [])
    expect(renderCorsReport(report([inProcess]))).not.toContain('npx')
  })
})

describe('what is refused', () => {
  test.each([
    [
      Promise.resolve(honored),
      {},
      'renderCorsReport takes what checkCorsContract returned; got an object of class Promise: await it first',
    ],
    [{}, {}, 'renderCorsReport takes what checkCorsContract returned; got an empty object'],
    [honored, { format: 'htm' }, 'did you mean html?'],
    [honored, { formt: 'html' }, 'did you mean "format"?'],
    [honored, 'html', 'renderCorsReport takes options such as { format: \'html\' }; got the string "html"'],
    [honored, { width: 0 }, 'width must be a number of columns; got the number 0'],
  ])('%#', (of, options, says) => {
    expect(() => renderCorsReport(of as never, options as never)).toThrow(says)
  })
})
