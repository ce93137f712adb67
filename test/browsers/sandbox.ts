/**
 * Runs one engine apart from the machine: its own network (loopback only), mounts (an /etc/hosts of its own) and process ids, so that
 * ending the first process ends everything it started.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Job } from './inside.js'
import type { Engine, Recording, Scenario } from './scenario.js'

export interface EngineRun {
  readonly recordings: readonly Recording[]
  /** Why the run is not complete. */
  readonly problem: string | null
}

/** The longest a run may take, in milliseconds: its waits, half a second a scenario, and two minutes. */
function limitOf(scenarios: readonly Scenario[]): number {
  const waits = scenarios.flatMap(({ steps }) => steps.map(({ wait = 0 }) => wait))
  return waits.reduce((sum, wait) => sum + wait, 120_000 + 500 * scenarios.length)
}

/** Records scenarios in an engine. */
export async function record(engine: Engine, scenarios: readonly Scenario[]): Promise<EngineRun> {
  const dir = mkdtempSync(path.join(tmpdir(), `recorder-${engine}-`))
  const remove = () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
  process.once('exit', remove)
  try {
    const job: Job = { engine, scenarios, limit: limitOf(scenarios) }
    writeFileSync(path.join(dir, 'job.json'), JSON.stringify(job))
    const failure = await inNamespaces(dir, job.limit + 15_000)
    try {
      return JSON.parse(readFileSync(path.join(dir, 'result.json'), 'utf8')) as EngineRun
    } catch {
      return { recordings: [], problem: failure || 'no result' }
    }
  } finally {
    remove()
    process.off('exit', remove)
  }
}

/** Runs `inside.ts` and says what went wrong, if something did. */
async function inNamespaces(dir: string, limit: number): Promise<string> {
  const root = process.getuid?.() === 0
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  const command = [process.execPath, fileURLToPath(new URL('./run.mjs', import.meta.url)), '--inside', dir]
  const child = spawn('unshare', [...(root ? [] : ['--map-root-user']), ...namespaces, ...command], {
    stdio: ['pipe', process.env.RECORDER_DEBUG === '1' ? 'inherit' : 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4000)
    if (process.env.RECORDER_DEBUG === '1') process.stderr.write(chunk)
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), limit)
  await new Promise<void>((resolve) => {
    child.on('error', (error) => {
      errors += error.message
      resolve()
    })
    child.on('close', () => resolve())
  })
  clearTimeout(timer)
  return errors.trim()
}
