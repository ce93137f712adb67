// `npm run bench`: every claim of speed, side by side with what it is compared with, in one run.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

run(here('../scripts/build.mjs'))
console.log(`\nNode ${process.version}, ${process.arch}`)
for (const part of ['verdicts.mjs', 'page.mjs', 'replay.mjs', 'imports.mjs']) run(here(part))
