/** Children that serve: started on a port of their own, ready when they answer, and always ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Start, TriedServer } from './tried-server.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Running {
  readonly url: string
  stop(): Promise<void>
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts a server; again on another port where somebody else was quicker. */
export async function start(
  server: TriedServer,
  settings: Pick<Start, 'fault' | 'fix' | 'upstream'>,
): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    const work = realpathSync(mkdtempSync(path.join(tmpdir(), 'expect-cors-server-')))
    // A script finds the packages of this folder first, then those of the package.
    symlinkSync(path.join(root, 'node_modules'), path.join(work, 'node_modules'), 'junction')
    const folder = mkdtempSync(path.join(work, 'run-'))
    symlinkSync(path.join(root, 'test/servers/node_modules'), path.join(folder, 'node_modules'), 'junction')
    try {
      return await launch(server, { ...settings, port, folder }, () =>
        rmSync(work, { recursive: true, force: true, maxRetries: 3 }),
      )
    } catch (error) {
      rmSync(work, { recursive: true, force: true, maxRetries: 3 })
      if (attempt === 3) throw error
    }
  }
}

const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) kill(child, 'SIGKILL')
})

/** The whole group: some servers fork. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal)
  } catch {
    // It has ended.
  }
}

async function launch(server: TriedServer, settings: Start, clean: () => void): Promise<Running> {
  const { command, args, env } = server.prepare(settings)
  let said = ''
  const child = spawn(command, args, {
    cwd: settings.folder,
    detached: true,
    env: { ...process.env, ...env, PORT: String(settings.port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000)
    })
  let ended = false
  const exit = new Promise<void>((resolve) => {
    const end = (): void => {
      ended = true
      children.delete(child)
      resolve()
    }
    child.on('exit', end)
    child.on('error', (error) => {
      said += error.message
      end()
    })
  })
  const stop = async (): Promise<void> => {
    kill(child, 'SIGTERM')
    const late = setTimeout(() => kill(child, 'SIGKILL'), 3000)
    await exit
    clearTimeout(late)
    // What it has forked.
    kill(child, 'SIGKILL')
    clean()
  }
  const deadline = Date.now() + 30_000
  while (!(await answers(settings.port))) {
    if (ended || Date.now() > deadline) {
      await stop()
      throw new Error(`${server.name} ${ended ? 'ended' : 'did not answer'} (${command}):\n${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url: `http://127.0.0.1:${settings.port}`, stop }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', path: '/', timeout: 5000, agent: false }, (response) => {
      response.resume()
      resolve(true)
    })
    asked.on('error', () => resolve(false))
    asked.on('timeout', () => asked.destroy())
    asked.end()
  })
}
