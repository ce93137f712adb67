// The marginal import time in a worker that already holds Vitest: what a set-up file costs in every test file of every user. The matchers of
// expect-cors load with the first assertion, which has a row of its own: what a test file that uses them pays in all.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ratio, table, undisturbed } from './measure.mjs'
import { runVitest } from './vitest-project.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const ROUNDS = 15
const BASE = 'jest-extended'
const AIMS = { 'expect-cors/vitest': 0.2, 'expect-cors/matchers': 0.2, 'expect-cors': 0.3 }

const assertion =
  "expect({ status: 200, headers: { 'Access-Control-Allow-Origin': '*' } }).toAllowOrigin('https://app.example.com')"
const contenders = {
  'expect-cors/vitest': `await import('expect-cors/vitest')`,
  'expect-cors/vitest and the first assertion': `await import('expect-cors/vitest'); ${assertion}`,
  'expect-cors/matchers': `await import('expect-cors/matchers')`,
  'expect-cors': `await import('expect-cors')`,
  [BASE]: `await import('jest-extended')`,
  '@testing-library/jest-dom/vitest': `await import('@testing-library/jest-dom/vitest')`,
}

// Each in a test file of its own, hence in a worker of its own; the contenders in turn, many times.
const files = {}
for (let round = 0; round < ROUNDS; round++) {
  Object.values(contenders).forEach((code, index) => {
    files[`${String(round).padStart(2, '0')}-${index}.test.mjs`] = `
import { expect, test } from 'vitest'
const started = performance.now()
${code}
const took = performance.now() - started
test('imports', () => { expect(took).toBeGreaterThan(0); console.log(${JSON.stringify(`@@${index} `)} + took) })
`
  })
}
const output = runVitest(files)
const results = Object.keys(contenders).map(() => [])
for (const [, index, took] of output.matchAll(/@@(\d+) ([\d.]+)/g)) results[index].push(Number(took))
const times = Object.fromEntries(
  Object.keys(contenders).map((name, index) => {
    if (results[index].length < ROUNDS)
      throw new Error(`${name}: measured ${results[index].length} times\n${output}`)
    return [name, undisturbed(results[index])]
  }),
)
table(
  `Importing in a worker that holds Vitest (${ROUNDS} workers each)`,
  Object.entries(times).map(([name, value]) => [
    name,
    `${value.toFixed(1).padStart(6)} ms`,
    ratio(value, times[BASE], AIMS[name]),
  ]),
)

// Beside what it is for: the time of the processor that expect-cors/msw takes where MSW is loaded.
const LIMIT = 10
const beside = `
await import('msw'); await import('msw/node')
const before = process.cpuUsage()
await import('expect-cors/msw')
const { user, system } = process.cpuUsage(before)
console.log((user + system) / 1000)
`
const own = Array.from({ length: ROUNDS }, () =>
  Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', beside], { cwd: root, encoding: 'utf8' }),
  ),
)
table(`Importing expect-cors/msw where MSW is loaded (processor time, ${ROUNDS} processes)`, [
  ['expect-cors/msw', `${undisturbed(own).toFixed(1).padStart(6)} ms`, `aim: ${LIMIT} ms`],
])
if (!(undisturbed(own) <= LIMIT)) process.exitCode = 1
