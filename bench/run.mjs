// `npm run bench`: every claim of speed, side by side with what it is compared with, in one run of less than three minutes.
// docs/performance.md says what is measured and why.
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

const started = performance.now()
run(here('../scripts/build.mjs'))
console.log(`\nNode ${process.version}, ${process.arch}, ${availableParallelism()} cores`)
for (const part of [
  'imports.mjs',
  'verdicts.mjs',
  'assertions.mjs',
  'page.mjs',
  'contract.mjs',
  'replay.mjs',
])
  run('--no-warnings', here(part))
console.log(`\nin ${Math.round((performance.now() - started) / 1000)} s`)
