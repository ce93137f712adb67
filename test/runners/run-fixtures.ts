import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a run of Vitest said. */
export interface Report {
  readonly code: number
  /** What Vitest says of each test that fails, by its name; null for one that does not. */
  readonly tests: Readonly<Record<string, string | null>>
  /** The full names of those that were run. */
  readonly names: readonly string[]
  readonly output: string
}

const FIXTURES = new URL('fixtures/vitest.config.ts', import.meta.url)

/** Runs fixtures in a Vitest of its own. */
export async function runFixtures(
  flags: readonly string[],
  variables: Record<string, string> = {},
  configuration = FIXTURES,
): Promise<Report> {
  const vitest = path.join(
    path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
    'vitest.mjs',
  )
  const config = fileURLToPath(configuration)
  const folder = await mkdtemp(path.join(tmpdir(), 'expect-cors-'))
  const file = path.join(folder, 'report.json')
  // The default reporter names unhandled rejections, the other one does not.
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, '--no-color']
  const args = [vitest, 'run', ...flags, '--config', config, ...reporters]
  // A Vitest of its own, which must not take itself for a worker of this one.
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(VITEST|VITE_|TEST$)/.test(key))),
    ...variables,
  }
  const { code, stdout, stderr } = await new Promise<{ code: number; stdout: string; stderr: string }>(
    (resolve) => {
      execFile(process.execPath, args, { env, timeout: 110_000 }, (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
          stdout,
          stderr,
        })
      })
    },
  )
  const json = JSON.parse(await readFile(file, 'utf8')) as {
    testResults: {
      assertionResults: { title: string; fullName: string; status: string; failureMessages: string[] }[]
    }[]
  }
  await rm(folder, { recursive: true })
  const results = json.testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    code,
    tests: Object.fromEntries(
      results.map(({ title, status, failureMessages }) => [
        title,
        status === 'failed' ? failureMessages.join('\n') : null,
      ]),
    ),
    names: results.filter(({ status }) => status !== 'skipped').map(({ fullName }) => fullName),
    output: stdout + stderr,
  }
}
