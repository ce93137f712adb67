/** The pages of docs/errors/ are what `node scripts/docs-errors.mjs` writes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { renderErrorPages } from '../../scripts/docs-errors.mjs'
import { run } from '../../src/cli/run-command.js'
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
  expect(docsFor(code)[0]).toBe(`node_modules/expect-cors/docs/errors/${code}.md`)
  expect(existsSync(path.join(docs, 'errors', `${code}.md`))).toBe(true)
})

/** The arguments of a command line as a shell splits it. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|\S+/g)].map((word) => word[1] ?? word[0])

test.each(corsFailureCodes)('what the page of %s says to reproduce it does', async (code) => {
  const page = readFileSync(path.join(docs, 'errors', `${code}.md`), 'utf8')
  const [, line] = /```sh\nnpx expect-cors (.*)\n```/.exec(page) ?? []
  if (line === undefined) return
  const [source] = /import \{ createServer \}[\s\S]*?(?=\n```)/.exec(page) ?? []
  let address = 'localhost:8080'
  if (source !== undefined) {
    const folder = mkdtempSync(path.join(tmpdir(), 'expect-cors-errors-'))
    const file = path.join(folder, 'server.mjs')
    const exported = source.replace('createServer((', 'export const server = createServer((')
    writeFileSync(file, exported.replace('.listen(8080)', ".listen(0, '127.0.0.1')"))
    const { server } = (await import(/* @vite-ignore */ file)) as { server: Server }
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
      rmSync(folder, { recursive: true })
    })
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve))
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  let out = ''
  const ended = await run([...wordsOf(line.replace('localhost:8080', address)), '--json'], {
    out: (text) => {
      out += text
    },
    error: (text) => {
      throw new Error(text)
    },
    color: false,
    input: async () => null,
  })
  expect(ended).toBe(1)
  const { engines } = JSON.parse(out) as { engines: { code: string | null }[] }
  expect(engines.map((each) => each.code)).toContain(code)
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
