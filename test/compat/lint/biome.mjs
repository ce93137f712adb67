// What docs/runners.md says of Biome: `noFloatingPromises` does not see a matcher's promise, and sees that of `page.fetch()`.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const { stdout } = spawnSync(
  'node_modules/.bin/biome',
  ['lint', '--only=nursery/noFloatingPromises', '--reporter=github', 'vitest.ts', 'floating.ts'],
  { encoding: 'utf8' },
)
const found = [...stdout.matchAll(/^::\w+ title=([^,]+),file=([^,]+),line=(\d+)/gm)]
assert.deepEqual(
  found.map(([, rule, file, line]) => `${rule} ${path.basename(file)}:${line}`),
  ['lint/nursery/noFloatingPromises floating.ts:5'],
  stdout,
)
console.log('1 passed')
