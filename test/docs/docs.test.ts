/**
 * Runs the samples of README.md and docs/, and compares the messages of those that fail with what the page shows.
 * `npx vitest run test/docs -u` writes the messages into the pages.
 */
import { execFile } from 'node:child_process'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { moduleOf, readSamples, type Sample, shownMessage, withMessages } from './pages.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = ['README.md', ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
)
// Outside the checkout, so that nothing there sees the modules come and go.
const workplace = realpathSync(mkdtempSync(path.join(tmpdir(), 'expect-cors-docs-')))
symlinkSync(path.join(root, 'node_modules'), path.join(workplace, 'node_modules'), 'junction')
writeFileSync(path.join(workplace, 'package.json'), '{ "type": "module" }')
afterAll(() => rmSync(workplace, { recursive: true, force: true }))

/** Whether Vitest was started with `-u`. */
function isUpdating(): boolean {
  const { snapshotState } = expect.getState() as unknown as { snapshotState?: { _updateSnapshot?: string } }
  return snapshotState?._updateSnapshot === 'all'
}

interface Written {
  readonly sample: Sample
  readonly file: string
}

/** Writes each sample as a module of its own. */
function write(page: string, samples: readonly Sample[]): Written[] {
  const setup: Sample[] = []
  const written: Written[] = []
  for (const sample of samples) {
    if (sample.kind === 'setup') setup.push(sample)
    if (sample.kind === 'setup' || sample.kind === 'not run') continue
    const isTestFile = sample.kind.startsWith('test file')
    const name = `${page.replace(/\W/g, '-')}-${written.length}${isTestFile ? '.sample' : ''}.ts`
    const file = path.join(workplace, name)
    writeFileSync(file, isTestFile ? sample.code : moduleOf(setup, sample))
    written.push({ sample, file })
  }
  return written
}

const samplesOf = new Map(
  pages.map((page) => {
    const text = readFileSync(path.join(root, page), 'utf8')
    return [page, { text, samples: write(page, readSamples(page, text)) }] as const
  }),
)

describe.each([...samplesOf].filter(([, { samples }]) => samples.length > 0))(
  '%s',
  (page, { text, samples }) => {
    const messages = new Map<Sample, string>()
    afterAll(() => {
      if (messages.size > 0) writeFileSync(path.join(root, page), withMessages(text, messages))
    })

    function compare(sample: Sample, message: string): void {
      const got = shownMessage(message)
      if (isUpdating() && got !== sample.message) messages.set(sample, got)
      else expect(got, `${page}, ${sample.name}: the page shows another message`).toBe(sample.message)
    }

    for (const { sample, file } of samples) {
      test(sample.name, { timeout: 60_000 }, async () => {
        if (sample.kind.startsWith('test file')) {
          const { passed, failed } = await ranAlone(file)
          if (sample.kind === 'test file passes') expect(failed).toEqual([])
          else {
            expect(failed, 'one test of the file fails').toHaveLength(1)
            compare(sample, failed[0] as string)
          }
          expect(passed + failed.length).toBeGreaterThan(0)
          return
        }
        const { sample: run } = (await import(/* @vite-ignore */ file)) as { sample(): Promise<void> }
        if (sample.kind === 'passes') return run()
        compare(sample, await messageOf(run))
      })
    }
  },
)

async function messageOf(run: () => Promise<void>): Promise<string> {
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reason as Error,
  )
  if (error === undefined) throw new Error('this sample should fail, and passes')
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`
}

const run = promisify(execFile)

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

let report: Promise<Report> | undefined

/** What Vitest makes of a test file that a page shows whole: all of them run once, by a Vitest of their own. */
async function ranAlone(file: string): Promise<{ passed: number; failed: string[] }> {
  report ??= runTestFiles()
  const found = (await report).testResults.find(({ name }) => path.basename(name) === path.basename(file))
  if (found === undefined || found.assertionResults.length === 0)
    throw new Error(`Vitest ran no test of ${file}: ${found?.message}`)
  const failed = found.assertionResults.filter(({ status }) => status !== 'passed')
  return {
    passed: found.assertionResults.length - failed.length,
    // Vitest reports the stack; the message is what comes before its first line.
    failed: failed.map(({ failureMessages }) =>
      (failureMessages[0] ?? '').replace(/\n +at [^\n]*(\n +at [^\n]*)*$/, '').replace(/^Error: /, ''),
    ),
  }
}

async function runTestFiles(): Promise<Report> {
  const config = path.join(workplace, 'vitest.config.mjs')
  const output = path.join(workplace, 'report.json')
  writeFileSync(
    config,
    `import config from ${JSON.stringify(path.join(root, 'vitest.config.ts'))}
export default { resolve: config.resolve, test: { include: ['*.sample.ts'] } }
`,
  )
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^VITEST|^TEST$/.test(name)))
  await run(
    process.execPath,
    [
      path.join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      `--root=${workplace}`,
      `--config=${config}`,
      // A process for all: each would load the package anew.
      '--no-isolate',
      '--maxWorkers=1',
      '--reporter=json',
      `--outputFile=${output}`,
    ],
    { env: { ...env, NO_COLOR: '1' } },
  ).catch(() => undefined)
  return JSON.parse(readFileSync(output, 'utf8')) as Report
}

test('the samples are type-checked', { timeout: 60_000 }, async () => {
  const config = path.join(workplace, 'tsconfig.json')
  writeFileSync(
    config,
    JSON.stringify({ extends: path.join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }),
  )
  const { stdout } = await run(process.execPath, [
    path.join(root, 'node_modules/typescript/bin/tsc'),
    '--noEmit',
    '-p',
    config,
  ]).catch((error: { stdout: string }) => error)
  const ours = stdout.split('\n').filter((line) => line.includes(path.basename(workplace)))
  expect(ours).toEqual([])
  // Where tsc itself did not run, it says nothing of our files either.
  expect(stdout === '' || /error TS\d+/.test(stdout), stdout).toBe(true)
})
