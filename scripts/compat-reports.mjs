// What the tests that are to fail came to, in the projects of `npm run test:compat`.
import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** The one test of docs/front-end.md that is to show how a test fails did so, and no other. */
export async function onlyUnawaresFailed(folder) {
  const report = JSON.parse(await readFile(path.join(folder, 'docs/report.json'), 'utf8'))
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests.filter(({ status }) => status !== 'passed')
  const [only] = failed
  if (
    failed.length !== 1 ||
    only.title !== 'swallows what fails' ||
    !only.failureMessages.join('\n').includes('CorsError')
  ) {
    const suites = report.testResults.filter(({ assertionResults }) => assertionResults.length === 0)
    throw new Error(
      [
        ...failed.flatMap(({ title, failureMessages }) => [title, ...failureMessages]),
        ...suites.map(({ message }) => message),
      ].join('\n') || 'no test failed',
    )
  }
  if (report.testResults.some(({ assertionResults }) => assertionResults.length === 0))
    throw new Error('a file has no tests')
  return `ok (${tests.length})`
}

/** The tests that forgot it failed, by the words for it, and no others. */
export async function onlyForgottenFailed(folder) {
  const report = JSON.parse(await readFile(path.join(folder, 'forgotten.json'), 'utf8'))
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const wrong = tests.filter(({ title, status, failureMessages }) => {
    if (!title.startsWith('forgets')) return status !== 'passed'
    return status !== 'failed' || !failureMessages.join('\n').includes('Nothing waited for expect(…)')
  })
  if (tests.length < 15 || wrong.length > 0) {
    throw new Error(`${tests.length} tests, of which wrong:\n${JSON.stringify(wrong, null, 2)}`)
  }
}

/** As many tests failed as mistakes.txt has lines, and what each line says is on the terminal. */
export async function mistakesAreSaid(folder, output) {
  const sentences = (await readFile(path.join(folder, 'mistakes.txt'), 'utf8')).trimEnd().split('\n')
  // Vitest and Jest; Bun and Playwright; node:test.
  const count = /Tests:? +(\d+) failed|^ *(\d+) fail(?:ed)?$|^\S fail (\d+)$/m
    .exec(output)
    ?.slice(1)
    .find(Boolean)
  const unsaid = sentences.filter((sentence) => !output.includes(sentence))
  if (Number(count) === sentences.length && unsaid.length === 0) return `ok (${count})`
  throw new Error(`${count} failed of ${sentences.length}; not said:\n${unsaid.join('\n')}\n${output}`)
}
