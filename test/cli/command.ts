/** The command: as it is built, run as a child, which takes a third of a second of a core; or from its sources, in this process. */
import { execFile } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { run } from '../../src/cli/run-command.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** How a child ended. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly error: string
}

export interface Command {
  /** What Node runs. */
  readonly file: string
  run(args: readonly string[], env?: Record<string, string>): Promise<Ended>
  remove(): void
}

/** Bundles the command as the package has it, into a folder of its own: `dist/` belongs to whoever builds. */
export async function buildCommand(): Promise<Command> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'expect-cors-cli-')))
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  writeFileSync(
    path.join(folder, 'package.json'),
    '{ "name": "expect-cors", "version": "1.2.3", "type": "commonjs" }',
  )
  const build = await rolldown({
    cwd: root,
    input: { main: path.join(root, 'src/cli/main.ts') },
    platform: 'node',
    external: /^(?!\.{0,2}\/|[a-z]:[\\/]|\0)/i,
    tsconfig: false,
  })
  await build.write({ dir: path.join(folder, 'dist/cli'), format: 'cjs', dynamicImportInCjs: false })
  await build.close()
  const file = path.join(folder, 'dist/cli/main.js')
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/proxy$|^(NO|FORCE)_COLOR$|^NODE_OPTIONS$/i.test(name)),
  )
  return {
    file,
    run: (args, env = {}) =>
      new Promise((resolve) => {
        execFile(process.execPath, [file, ...args], { env: { ...inherited, ...env } }, (error, out, said) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
          resolve({ code, out, error: said })
        })
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The command without a process of its own: as a child is tried what only a process has, and each exit code. */
export async function runHere(
  args: readonly string[],
  color = false,
  input: string | null = null,
): Promise<Ended> {
  const written = { out: '', error: '' }
  const code = await run(args, {
    out(text) {
      written.out += text
    },
    error(text) {
      written.error += text
    },
    color,
    input: () => Promise.resolve(input),
  })
  return { code, ...written }
}
