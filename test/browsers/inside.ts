/**
 * The part that runs inside an engine's namespaces: has a loopback and an /etc/hosts of its own, serves the scenarios and drives the
 * engine. Started by sandbox.ts; writes its recordings to a file.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeCertificate } from './certificate.js'
import { drivers } from './engines/index.js'
import { type Engine, hosts, type Scenario } from './scenario.js'
import { listen } from './servers.js'
import { Session } from './session.js'

/** What sandbox.ts leaves in `job.json`. */
export interface Job {
  readonly engine: Engine
  readonly scenarios: readonly Scenario[]
  /** Milliseconds until the run is given up. */
  readonly limit: number
}

/** How long an engine may say nothing, in milliseconds. */
const patience = 60_000

export async function runInside(dir: string): Promise<never> {
  // The other end is the process that wants the recordings: when that is gone, so is all of this.
  process.stdin.on('end', () => process.exit(1)).resume()
  const job = JSON.parse(readFileSync(path.join(dir, 'job.json'), 'utf8')) as Job
  // Opened now: the folder is out of sight once /tmp is another.
  const result = openSync(path.join(dir, 'result.json'), 'w')
  const session = new Session(job.scenarios)
  let problem: string | null = null
  try {
    await record(job, session, dir)
  } catch (error) {
    problem = (error as Error).message
  }
  writeFileSync(result, JSON.stringify({ problem, recordings: session.recordings }))
  process.exit(0)
}

async function record(job: Job, session: Session, dir: string): Promise<void> {
  isolate(dir)
  const work = mkdtempSync('/tmp/recorder-')
  const certificate = makeCertificate(work, hosts)
  await listen(certificate, (request, scheme, port) => session.answer(request, scheme, port))
  const profile = path.join(work, 'profile')
  mkdirSync(profile, { mode: 0o700 })
  const options = { url: session.startUrl, dir: profile, ca: path.join(work, 'ca.pem') }
  const engine = await drivers[job.engine].launch(options)
  const ended = new Promise<never>((_, reject) => {
    engine.on('error', reject)
    engine.on('exit', (code, signal) => reject(new Error(`the engine ended by itself (${signal ?? code})`)))
    setTimeout(() => reject(new Error(`not done after ${job.limit / 1000} s`)), job.limit)
    setInterval(() => {
      if (Date.now() - session.lastSign > patience) reject(new Error('the engine says nothing any more'))
    }, 1000)
  })
  await Promise.race([session.finished, ended])
}

/** Brings loopback up, gives the names to it and an empty `/tmp`, for this namespace only. */
function isolate(dir: string): void {
  const mount = (...args: string[]) => execFileSync('mount', args)
  execFileSync('ip', ['link', 'set', 'lo', 'up'])
  // Resolvers that ask for configured address families (AI_ADDRCONFIG, as WebKitGTK's) do not count 127.0.0.1.
  execFileSync('ip', ['address', 'add', '192.0.2.1/32', 'dev', 'lo'])
  const file = path.join(dir, 'hosts')
  writeFileSync(file, `127.0.0.1 ${hosts.join(' ')}\n`)
  mount('--bind', file, '/etc/hosts')
  // For profiles, and for the locks and sockets that displays leave: gone with the namespace.
  mount('-t', 'tmpfs', 'tmpfs', '/tmp')
  mkdirSync('/tmp/.X11-unix', { mode: 0o1777 })
}
