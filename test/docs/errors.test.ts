/** The pages of docs/errors/ are what `node scripts/docs-errors.mjs` writes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { renderErrorPages } from '../../scripts/docs-errors.mjs'
import { docsFor } from '../../src/diagnose/docs.js'
import { corsFailureCodes } from '../../src/fetch/failure.js'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

test('every page says what the package says', async () => {
  const pages = await renderErrorPages()
  for (const [name, text] of pages)
    expect(readFileSync(path.join(docs, name), 'utf8'), `${name}: run node scripts/docs-errors.mjs`).toBe(
      text,
    )
  const written = readdirSync(path.join(docs, 'errors')).map((name) => `errors/${name}`)
  expect(written.filter((name) => !pages.has(name))).toEqual([])
})

test.each(corsFailureCodes)('%s has a page that messages lead to', (code) => {
  expect(docsFor(code)[0]).toBe(`expect-cors/docs/errors/${code}.md`)
  expect(existsSync(path.join(docs, 'errors', `${code}.md`))).toBe(true)
})

test('links between pages lead somewhere', () => {
  const pages = readdirSync(docs, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
  for (const page of pages) {
    const text = readFileSync(path.join(docs, page), 'utf8').replace(/```[\s\S]*?```/g, '')
    for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)\s]*)?\)/g)) {
      if (/^https?:/.test(target)) continue
      expect(existsSync(path.join(docs, path.dirname(page), target)), `${page} links to ${target}`).toBe(true)
    }
  }
})
