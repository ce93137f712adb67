// The marginal import time in a worker that already holds Vitest: what a set-up file costs in every test file of every user.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, table } from './measure.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const ROUNDS = 15
const entries = {
  'expect-cors/vitest': 'expect-cors/vitest',
  'jest-extended': 'jest-extended',
  '@testing-library/jest-dom/vitest': '@testing-library/jest-dom/vitest',
}

// Each import in a fresh test file, hence a fresh worker that holds Vitest; the three in turn, many times.
const folder = mkdtempSync(join(tmpdir(), 'expect-cors-imports-'))
try {
  // Installed as a user has it: a copy in node_modules, so that Vitest does not take it for a source to transform.
  mkdirSync(join(folder, 'node_modules/expect-cors'), { recursive: true })
  for (const part of ['dist', 'package.json'])
    cpSync(join(root, part), join(folder, 'node_modules/expect-cors', part), { recursive: true })
  for (const name of ['vitest', 'jest-extended', '@testing-library']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  }
  const files = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(entries)) {
      const file = `${folder}/${String(round).padStart(2, '0')}-${files.length}.test.mjs`
      const specifier = entries[name]
      writeFileSync(
        file,
        `import { createRequire } from 'node:module'
import { test } from 'vitest'
import { performance } from 'node:perf_hooks'
const started = performance.now()
await import(${JSON.stringify(specifier)})
const took = performance.now() - started
test('imports', () => { console.log(${JSON.stringify(`@@ ${name} `)} + took) })
`,
      )
      files.push(file)
    }
  }
  writeFileSync(
    `${folder}/vitest.config.mjs`,
    `export default { test: { include: ['*.test.mjs'], root: ${JSON.stringify(folder)}, maxWorkers: 1, isolate: true, typecheck: { enabled: false } } }`,
  )
  const run = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      `${folder}/vitest.config.mjs`,
      '--root',
      folder,
    ],
    {
      encoding: 'utf8',
      cwd: folder,
    },
  )
  const results = Object.fromEntries(Object.keys(entries).map((name) => [name, []]))
  for (const [, name, took] of run.stdout.matchAll(/@@ (\S+) ([\d.]+)/g)) results[name].push(Number(took))
  for (const [name, values] of Object.entries(results)) {
    if (values.length < ROUNDS)
      throw new Error(`${name}: ${values.length} of ${ROUNDS} imports measured\n${run.stdout}\n${run.stderr}`)
  }
  const base = median(results['jest-extended'])
  table(
    `Importing in a worker that holds Vitest (median of ${ROUNDS} workers each)`,
    Object.entries(results).map(([name, values]) => [
      name,
      `${median(values).toFixed(1).padStart(6)} ms`,
      `${(median(values) / base).toFixed(2).padStart(5)} × jest-extended`,
    ]),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
