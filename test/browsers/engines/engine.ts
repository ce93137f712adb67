/** What the three launchers share. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import type { Engine } from '../scenario.js'

/** What an engine is started with. */
export interface LaunchOptions {
  readonly url: string
  /** A folder of its own, for its profile. */
  readonly dir: string
  /** The certificate of the run's authority. */
  readonly ca: string
}

export interface EngineDriver {
  readonly name: Engine
  /** Starts the engine at a URL. */
  launch(options: LaunchOptions): Promise<ChildProcess>
  /** Programs it takes and the Debian package of each. */
  readonly needs: readonly (readonly [program: string, debianPackage: string])[]
}

/** Where a program is: an absolute path, or a name to look up. */
export function find(program: string): string | null {
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
  const candidates = path.isAbsolute(program)
    ? [program]
    : folders.map((folder) => path.join(folder, program))
  for (const candidate of candidates) {
    try {
      accessSync(candidate, constants.X_OK)
      return candidate
    } catch {
      // Not this one.
    }
  }
  return null
}

/** Starts a program with nothing of the caller's environment but the path. */
export function start(
  program: string,
  args: readonly string[],
  dir: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const debug = process.env.RECORDER_DEBUG === '1'
  return spawn(find(program) ?? program, args, {
    cwd: dir,
    stdio: ['ignore', debug ? process.stderr : 'ignore', debug ? process.stderr : 'ignore'],
    env: {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      HOME: dir,
      TMPDIR: dir,
      XDG_RUNTIME_DIR: dir,
      XDG_CONFIG_HOME: dir,
      XDG_CACHE_HOME: dir,
      XDG_DATA_HOME: dir,
      ...env,
    },
  })
}
