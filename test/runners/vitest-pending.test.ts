/** A forgotten `await` fails the test that forgot it, at the line of the call, and no other. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { slice } from '../slice.js'
import { type Report, runFixtures } from './run-fixtures.js'

const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}.fixture.ts`, import.meta.url), 'utf8')

/** The lines, counted from 1, of a fixture that contain the text. */
function linesOf(name: string, text: string): number[] {
  return fixture(name)
    .split('\n')
    .flatMap((line, index) => (line.includes(text) ? [index + 1] : []))
}

/** Ways to run test files; each run of Vitest takes seconds. */
const ways: [string, string[]][] = [
  ['one file', ['pending']],
  ['two files in one worker', ['pending', 'second', '--no-isolate', '--maxWorkers=1']],
  ['threads', ['pending', 'second', '--pool=threads']],
  [
    'threads, two files in one worker',
    ['pending', 'second', '--pool=threads', '--no-isolate', '--maxWorkers=1'],
  ],
  ['threads with a context each', ['pending', 'second', '--pool=vmThreads']],
]

describe.each(slice(ways, 4))('%s', (_, flags) => {
  let report: Report
  beforeAll(async () => {
    report = await runFixtures(flags)
  }, 60_000)

  test('the very tests that forgot it fail, and no others', () => {
    const names = Object.keys(report.tests)
    const failed = names.filter((name) => report.tests[name] !== null)
    expect(failed).toEqual(names.filter((name) => /^(forgets|fails)/.test(name)))
    expect(failed.length).toBeGreaterThan(25)
    expect(report.code).not.toBe(0)
  })

  test('each says so, by the call and its line', () => {
    for (const [name, said] of Object.entries(report.tests)) {
      if (said === null || name.startsWith('fails, ') || name === 'forgets a polled one') continue
      expect(said, name).toMatch(/Nothing waited for expect\(…\)\.[\w.]+\(.*\): put `await` before it/)
      expect(said, name).toMatch(/(pending|second)\.fixture\.ts:\d+:\d+/)
    }
    expect(report.tests['forgets one that nothing answers']).toContain(
      "expect(…).toAllowMethod(['PUT', 'DELETE'], { origin: 'https://app.example.com' })",
    )
    expect(report.tests['forgets a resolved one']).toContain('expect(…).resolves.not.toAllowOrigin(')
    const [line] = linesOf('pending', "path: '/slow?token")
    expect(report.tests['forgets a slow one']).toContain(`pending.fixture.ts:${line}:`)
    expect(report.tests['forgets two']).toContain('.toExposeHeader(')
    expect(report.tests['forgets two']).toContain('.toAllowAnyOrigin(')
  })

  test('it is said beside another reason to fail', () => {
    const said = report.tests['forgets, and fails for another reason']
    expect(said).toContain('another reason')
    expect(said).toContain('Nothing waited')
  })

  test.each(['fails, awaited', 'fails, softly'])(
    'an awaited failure is a failure, at its line: %s',
    (name) => {
      const said = report.tests[name]
      expect(said).toContain('Access-Control-Allow-Origin')
      expect(said).not.toContain('Nothing waited')
      const [line = 0] = linesOf('pending', `test('${name}'`)
      expect(said).toContain(`pending.fixture.ts:${line + 1}:`)
    },
  )

  test('nothing is said a second time, and no secret', () => {
    expect(report.output).not.toMatch(/Unhandled (Errors|Rejection)/)
    expect(report.output).not.toContain('Promise returned by')
    expect(Object.values(report.tests).join('\n')).not.toContain('s3cret')
  })
})

test('where no test can be failed, the run fails, with the call and its line', async () => {
  const { code, tests, output } = await runFixtures(['run'])
  expect(code).not.toBe(0)
  expect(Object.values(tests).filter((said) => said !== null)).toEqual([])
  for (const line of linesOf('run', '// forgotten')) expect(output).toMatch(`run.fixture.ts:${line}:`)
  const paths = [...fixture('run').matchAll(/path: '(.*)' .*\/\/ forgotten/g)].map(([, path]) => path)
  expect(paths).toContain('/concurrent')
  for (const path of paths) {
    expect(output).toMatch(
      new RegExp(`(Nothing waited for|The test ended before) expect\\(…\\)\\.toAllowOrigin\\(.*'${path}'`),
    )
  }
}, 60_000)
