// What `npm pack` would publish: not too much, and every file that README.md and the pages in docs/ link to.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const LIMIT = 1_880_000

const [{ unpackedSize, files }] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  }),
)
const published = new Set(files.map((file) => file.path))
const problems = []

if (!published.has('dist/cjs/index.js')) problems.push('dist/ is missing: run `npm run build` first')
if (unpackedSize > LIMIT)
  problems.push(
    `the package takes ${Math.round(unpackedSize / 1000)} kB unpacked in ${files.length} files; the limit is ${LIMIT / 1000} kB`,
  )

// An address in a registry's page or an editor is relative to the page: what is not published leads nowhere there.
for (const page of [...published].filter((file) => file.endsWith('.md'))) {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8').replace(/^```[\s\S]*?^```$/gm, '')
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?:|#)/.test(target)) continue
    const file = path.posix.join(path.posix.dirname(page), target.replace(/#.*/, ''))
    if (!published.has(file)) problems.push(`${page} links to ${file}, which is not published`)
  }
}

for (const problem of problems) console.error(`check-package: ${problem}`)
if (problems.length > 0) process.exit(1)
console.log(`${files.length} files, ${Math.round(unpackedSize / 1000)} kB unpacked`)
