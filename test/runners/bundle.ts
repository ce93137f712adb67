/**
 * For tests that start runs of Vitest of their own: the package's entries as one bundle of a dozen files, made once from the sources. Each such run
 * would otherwise transform and load some hundreds of modules anew. `vitest.config.ts` resolves the package there in those runs.
 */
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('../../', import.meta.url))
const modules = ['index', 'matchers/index', 'msw/index', 'runners/vitest']

export async function setup(): Promise<() => void> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'expect-cors-bundle-')))
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction')
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(modules.map((module) => [module, path.join(root, 'src', `${module}.ts`)])),
    platform: 'node',
    external: /^(?!\.{0,2}\/|[a-z]:[\\/]|\0)/i,
    tsconfig: false,
  })
  await build.write({ dir: folder, format: 'esm', sourcemap: true })
  await build.close()
  // Workers have it from here, and what they start from them.
  process.env.EXPECT_CORS_BUNDLE = folder
  return () => {
    delete process.env.EXPECT_CORS_BUNDLE
    rmSync(folder, { recursive: true, force: true })
  }
}
