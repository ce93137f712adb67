/** `enforceCors` holds for a test or a file, fails the test that made a call, and leaves nothing behind. */
import { expect, test } from 'vitest'
import { slice } from '../slice.js'
import { runFixtures } from './run-fixtures.js'

const files = ['msw-first', 'msw-second', 'msw-third', 'msw-fourth']

const oneWorker = ['--no-isolate', '--maxWorkers=1']
/** Ways to run test files; each run of Vitest takes seconds. MSW does not load in jsdom or happy-dom with a context each. */
const ways: [string, string[]][] = [
  ['a process each', []],
  ['one worker for all', oneWorker],
  ['one worker for all, jsdom', [...oneWorker, '--environment=jsdom']],
  ['one worker for all, happy-dom', [...oneWorker, '--environment=happy-dom']],
  ['threads', ['--pool=threads']],
  ['threads with a context each', ['--pool=vmThreads']],
]

test.each(slice(ways, 6))('%s', { timeout: 60_000 }, async (_, flags) => {
  const { tests, output, code } = await runFixtures([...files, ...flags])
  const names = Object.keys(tests)
  expect(
    names.filter((name) => tests[name] !== null),
    output,
  ).toEqual(names.filter((name) => name.startsWith('fails')))
  expect([names.length, code]).toEqual([25, 1])
  expect(output).not.toContain('Unhandled')
  const swallowed = tests['fails: what swallows the error']
  for (const text of [
    'has no Access-Control-Allow-Origin header, so a page at https://first.example.com may not read it',
    "enforceCors({ origin: 'https://first.example.com', failOnBlocked: true })",
    '> GET https://api.example.com/closed',
    '< 200',
    'Send instead:',
    "withCors({ allow: ['https://first.example.com'] }, handlers)",
    'msw-first.fixture.ts:',
  ])
    expect(swallowed).toContain(text)
  expect(tests['fails: two at once']?.match(/> GET/g)).toHaveLength(2)
  expect(tests['fails: a preflight without a handler']).toContain(
    'a browser asks OPTIONS https://api.example.com/open before this PUT',
  )
  expect(tests['fails: a server that is closed']).toContain('no MSW server is listening')
})

test('in a set-up file it holds for each file', { timeout: 60_000 }, async () => {
  const { tests, output, code } = await runFixtures(
    ['msw-third', 'msw-fourth', '--no-isolate', '--maxWorkers=1'],
    { FIXTURE_SETUP: './msw-setup.ts' },
  )
  expect([Object.values(tests).filter((failed) => failed !== null), code], output).toEqual([[], 0])
})

test('what a test side by side with others made fails the run', { timeout: 60_000 }, async () => {
  const { output, code } = await runFixtures(['msw-concurrent'])
  expect(code).toBe(1)
  expect(output).toContain(
    'has no Access-Control-Allow-Origin header, so a page at https://app.example.com may not read it',
  )
})
