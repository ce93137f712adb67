/** A forgotten `await` fails the test that forgot it, by name, and nothing else. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'

interface Report {
  readonly code: number
  /** What Vitest says of each test that fails, by its name; null for one that passes. */
  readonly tests: Readonly<Record<string, string | null>>
  readonly output: string
}

async function runFixture(name: string): Promise<Report> {
  const vitest = path.join(
    path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
    'vitest.mjs',
  )
  const config = fileURLToPath(new URL('fixtures/vitest.config.ts', import.meta.url))
  const folder = await mkdtemp(path.join(tmpdir(), 'expect-cors-'))
  const file = path.join(folder, 'report.json')
  // The default reporter names unhandled rejections, the other one does not.
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, '--no-color']
  const args = [vitest, 'run', name, '--config', config, ...reporters]
  // A Vitest of its own, which must not take itself for a worker of this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(VITEST|VITE_|TEST$)/.test(key)),
  )
  const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>(
    (resolve) => {
      execFile(process.execPath, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
          stdout,
          stderr,
        })
      })
    },
  )
  const json = JSON.parse(await readFile(file, 'utf8')) as {
    testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[]
  }
  await rm(folder, { recursive: true })
  const results = json.testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    code,
    tests: Object.fromEntries(
      results.map(({ title, status, failureMessages }) => [
        title,
        status === 'passed' ? null : failureMessages.join('\n'),
      ]),
    ),
    output: stdout + stderr,
  }
}

let report: Report
beforeAll(async () => {
  report = await runFixture('pending')
}, 60_000)

test('the very test that forgot it fails, with the name of the matcher', () => {
  expect(report.tests['forgets await']).toContain('expect(…).toAllowOrigin(…) was still waiting')
  expect(report.tests['forgets await']).toContain('put `await` before it')
  expect(report.tests['forgets await of a negative that would hold']).toContain(
    'expect(…).not.toAllowPreflight(…)',
  )
  expect(report.tests['forgets two']).toContain(
    'expect(…).toExposeHeader(…), expect(…).toAllowAnyOrigin(…) were still',
  )
  expect(report.tests['forgets await of an endpoint that nothing answers']).toContain('toAllowMethod')
  expect(report.tests['forgets await of an app that answers at once']).toContain('not.toAllowOrigin')
  expect(report.code).not.toBe(0)
})

test('it is said beside another reason to fail', () => {
  const said = report.tests['fails for another reason, having forgotten await']
  expect(said).toContain('another reason')
  expect(said).toContain('still waiting')
})

test('tests beside it pass', () => {
  const passed = Object.entries(report.tests).flatMap(([name, failure]) => (failure === null ? [name] : []))
  expect(passed).toEqual([
    'before',
    'after',
    'returns the promise',
    'awaits, slowly',
    'ends in between',
    'ends in between, too',
    'last',
  ])
})

test('an awaited failure is a failure', () => {
  expect(report.tests['awaits a failure']).toContain('Access-Control-Allow-Origin')
  expect(report.tests['awaits a failure']).not.toContain('still waiting')
})

test('nothing is said a second time, as an unhandled rejection', () => {
  expect(report.output).not.toMatch(/unhandled/i)
})
