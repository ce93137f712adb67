/** What modules import is loaded with them. */
import type { Profile } from 'expect-cors'
import { describe, expect, test } from 'vitest'
import { importsOf } from '../../src/page/module-imports.js'
import { open } from './helpers.js'

const app = 'https://app.example.com'
const cdn = 'https://cdn.example.net'

test.each<[source: string, ...paths: string[]]>([
  [''],
  [`import './a.mjs'`, '/lib/a.mjs'],
  [`import"../a.mjs";import'/b.mjs'`, '/a.mjs', '/b.mjs'],
  [`import a from './a.mjs'; import * as b from "./b.mjs"`, '/lib/a.mjs', '/lib/b.mjs'],
  [`import a, {\n  b as c,\n  d,\n} from './a.mjs'`, '/lib/a.mjs'],
  [`export * from './a.mjs'\nexport { b } from './b.mjs'`, '/lib/a.mjs', '/lib/b.mjs'],
  [`export { a }\nimport b from './b.mjs'`, '/lib/b.mjs'],
  [`import './a.mjs'\nimport { b } from './a.mjs'`, '/lib/a.mjs'],
  [`import data from './a.json' with { type: 'json' }`, '/lib/a.json'],
  [`import react from 'react'`],
  [`const a = await import('./a.mjs')`],
  [`import.meta.resolve('./a.mjs')`],
  [`export default './a.mjs'; export const b = './b.mjs'`],
  [`// import './a.mjs'\n/* import './b.mjs'\n*/ import './c.mjs'`, '/lib/c.mjs'],
  ["const text = `\nimport './a.mjs'\n`"],
  [`const text = "import './a.mjs'"`],
  [`reimport './a.mjs'`],
  [`import a, { import as b, default as c } from './a.mjs'`, '/lib/a.mjs'],
  [`export { a as import } from './a.mjs';import{b}from'./b.mjs'`, '/lib/a.mjs', '/lib/b.mjs'],
  [`/* import './a.mjs'`],
  [`self.ran = 1\nimport './a.mjs'`, '/lib/a.mjs'],
])('%s', (source, ...paths) => {
  const urls = importsOf(source, new URL('/lib/main.mjs', cdn))
  expect(urls.map(String)).toEqual(paths.map((path) => `${cdn}${path}`))
})

test.each(['import ', 'export { a, ', '/*', 'import a from ', '"'])(
  'a long text of %j takes no time',
  (part) => {
    const start = performance.now()
    expect(importsOf(part.repeat(50_001), new URL(cdn))).toEqual([])
    expect(performance.now() - start).toBeLessThan(1000)
  },
)

test('a URL of another origin', () => {
  expect(importsOf(`import 'https://esm.example/a'`, new URL(cdn)).map(String)).toEqual([
    'https://esm.example/a',
  ])
})

/** A page, and modules of another origin by their paths; those without a source have no CORS headers. */
function opened(engine: Profile, modules: Readonly<Record<string, string | null>>) {
  const seen: Request[] = []
  const respond = (request: Request): Response => {
    seen.push(request)
    const source = modules[new URL(request.url).pathname]
    return new Response(source ?? '', {
      status: source === undefined ? 404 : 200,
      headers: {
        'Content-Type': 'text/javascript',
        ...(source === null
          ? {}
          : { 'Access-Control-Allow-Origin': app, 'Access-Control-Allow-Credentials': 'true' }),
      },
    })
  }
  const page = open(`${app}/shop`, { engine, servers: { [cdn]: respond } })
  const paths = (): string[] => seen.map(({ url }) => new URL(url).pathname)
  const sent = (name: string): (string | null)[] => seen.map(({ headers }) => headers.get(name))
  return { page, paths, sent }
}

describe('page.load', () => {
  test.each([
    ['chromium', `${cdn}/lib/main.mjs`],
    ['firefox', `${cdn}/lib/main.mjs`],
    ['webkit', `${app}/`],
  ] as const)('%s: an import is asked for as the module is, and comes from it', async (engine, referrer) => {
    const { page, paths, sent } = opened(engine, {
      '/lib/main.mjs': `import './dep.mjs'`,
      '/lib/dep.mjs': '',
    })
    const { event, imports } = await page.load(`${cdn}/lib/main.mjs`, { as: 'module' })
    expect(event).toBe('load')
    expect(imports?.map(({ verdict }) => verdict.url)).toEqual([`${cdn}/lib/dep.mjs`])
    expect(paths()).toEqual(['/lib/main.mjs', '/lib/dep.mjs'])
    expect(sent('Referer')).toEqual([`${app}/`, referrer])
    expect(sent('Origin')).toEqual([app, app])
    expect(sent('Sec-Fetch-Dest')).toEqual(['script', 'script'])
    expect(sent('Sec-Fetch-Mode')).toEqual(['cors', 'cors'])
  })

  test('with its credentials', async () => {
    const { page, sent } = opened('chromium', { '/main.mjs': `import './dep.mjs'`, '/dep.mjs': '' })
    await page.cookies.setCookie('a=1; SameSite=None; Secure', cdn)
    await page.load(`${cdn}/main.mjs`, { as: 'module', crossorigin: 'use-credentials' })
    expect(sent('Cookie')).toEqual(['a=1', 'a=1'])
  })

  test.each([
    ['refused', null, 'missing-allow-origin'],
    ['not found', undefined, 'element-status'],
  ])('one that is %s fails them all, and is what the verdict is of', async (_what, source, code) => {
    const modules = { '/main.mjs': `import './a.mjs'`, '/a.mjs': `import './b.mjs'` }
    const { page } = opened('chromium', source === undefined ? modules : { ...modules, '/b.mjs': source })
    const { event, verdict } = await page.load(`${cdn}/main.mjs`, { as: 'module' })
    expect(event).toBe('error')
    expect(verdict).toMatchObject({ code, url: `${cdn}/b.mjs`, as: 'module' })
    expect(page.blocked.map((blocked) => blocked.verdict.url)).toEqual([`${cdn}/b.mjs`])
  })

  test('one is loaded once, whoever imports it, and modules may import each other', async () => {
    const { page, paths } = opened('firefox', {
      '/main.mjs': `import './a.mjs'; import './b.mjs'`,
      '/a.mjs': `import './b.mjs'; import './main.mjs'`,
      '/b.mjs': `import './a.mjs'`,
      '/other.mjs': `import './a.mjs'`,
    })
    expect((await page.load(`${cdn}/main.mjs`, { as: 'module' })).event).toBe('load')
    expect((await page.load(`${cdn}/other.mjs`, { as: 'module' })).imports).toBeUndefined()
    expect(paths()).toEqual(['/main.mjs', '/a.mjs', '/b.mjs', '/other.mjs'])
  })

  test('what failed is asked for again', async () => {
    const { page, paths } = opened('firefox', { '/main.mjs': `import './a.mjs'`, '/a.mjs': null })
    await page.load(`${cdn}/main.mjs`, { as: 'module' })
    await page.load(`${cdn}/main.mjs`, { as: 'module' })
    expect(paths()).toEqual(['/main.mjs', '/a.mjs', '/main.mjs', '/a.mjs'])
  })

  test('a classic script imports nothing, nor does a preload', async () => {
    const { page, paths } = opened('chromium', { '/main.mjs': `import './a.mjs'`, '/a.mjs': '' })
    await page.load(`${cdn}/main.mjs`, { as: 'script' })
    await page.preload(`${cdn}/main.mjs`, { as: 'module' })
    expect(paths()).toEqual(['/main.mjs', '/main.mjs'])
  })
})
