// A project of its own with the package installed as a user has it, and Vitest run in it.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs test files and gives what they print.
 * @param {Record<string, string>} files
 */
export function runVitest(files, config = '') {
  const folder = mkdtempSync(join(tmpdir(), 'expect-cors-bench-'))
  try {
    // A copy in node_modules, so that Vitest does not take it for a source to transform.
    mkdirSync(join(folder, 'node_modules/expect-cors'), { recursive: true })
    for (const part of ['dist', 'package.json'])
      cpSync(join(root, part), join(folder, 'node_modules/expect-cors', part), { recursive: true })
    for (const name of ['vitest', 'undici', 'jest-extended', '@testing-library'])
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    writeFileSync(
      join(folder, 'vitest.config.mjs'),
      `export default { test: { include: ['*.test.mjs'], maxWorkers: 1, isolate: true, testTimeout: 120_000, ${config} } }`,
    )
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const { stdout, stderr, status } = spawnSync(process.execPath, [vitest, 'run', '--root', folder], {
      encoding: 'utf8',
      cwd: folder,
    })
    if (status !== 0) throw new Error(`Vitest failed\n${stdout}\n${stderr}`)
    return stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
