// Recorded scenarios through the simulated page beside a real Chromium that does the same: a page for each, its requests, a server that
// answers as recorded. Chromium's time includes its start, once for all scenarios, as it does for whoever tests with a browser.
import { register } from 'node:module'
import { table } from './measure.mjs'

const COUNT = 300

register('../test/browsers/typescript-hooks.mjs', import.meta.url)
const { missingPackages } = await import('../test/browsers/engines/index.ts')
const { record } = await import('../test/browsers/sandbox.ts')
const { startPageRunner } = await import('../test/recordings/page-run.ts')
const { recordingsOf } = await import('../test/recordings/recordings.ts')

// Spread over all families; those that wait for a cache to expire are left out, for the page does not have to.
const all = recordingsOf('chromium')
  .map(({ scenario }) => scenario)
  .filter(({ steps }) => steps.every(({ wait = 0 }) => wait === 0))
const scenarios = Array.from({ length: COUNT }, (_, index) => all[Math.floor((index * all.length) / COUNT)])

const missing = missingPackages('chromium')
if (missing.length > 0) {
  console.log(
    `\nThe page beside Chromium: skipped, chromium is not installed (sh test/browsers/install.sh chromium)`,
  )
} else {
  // The first round of a process has everything to load and to compile, as a test file has it; the best of the others has not.
  const times = {}
  for (const over of ['sockets', 'dispatcher']) {
    const runner = await startPageRunner(over)
    const rounds = []
    for (let round = 0; round < 12; round++) {
      const started = performance.now()
      for (const scenario of scenarios) await runner.run(scenario, 'chromium')
      rounds.push(performance.now() - started)
    }
    runner.close()
    times[over] = { first: rounds[0], warm: Math.min(...rounds) }
  }
  const started = performance.now()
  const { recordings, problem } = await record('chromium', scenarios)
  const chromium = performance.now() - started
  if (problem !== null || recordings.length !== COUNT) throw new Error(`Chromium: ${problem}`)
  const row = (name, time) => [
    name,
    `${(time / 1000).toFixed(2).padStart(7)} s`,
    `${(time / COUNT).toFixed(2).padStart(7)} ms each`,
    `${(chromium / time).toFixed(0).padStart(5)} ×`,
  ]
  table(`${COUNT} recorded scenarios`, [
    row('Chromium', chromium),
    row('the page over sockets, the first time', times.sockets.first),
    row('the page over sockets, warm', times.sockets.warm),
    row('the page, served in the process, warm', times.dispatcher.warm),
  ])
}
