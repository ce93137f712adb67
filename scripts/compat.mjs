// Installs the packed package into empty projects, one per combination of Node and test runner, and there runs
// a small suite and the type checker. What users get is tested: the tarball, through its `exports`.
//
//   node scripts/compat.mjs [text]     only the combinations whose name contains the text
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

const vitest = {
  fixture: 'test/compat/vitest',
  with: ['express@5', 'cors@2', '@types/express@5', '@types/cors@2'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
}

const combinations = [
  { node: 20, runner: 'vitest@3.2', typescript: '5.9', ...vitest },
  { node: 24, runner: 'vitest@5', typescript: '7', ...vitest },
].map((combination) => ({
  name: `Node ${combination.node}, ${combination.runner}, typescript@${combination.typescript}`,
  ...combination,
}))

const wanted = combinations.filter(({ name }) => name.includes(process.argv[2] ?? ''))
if (wanted.length === 0) {
  console.error(`no such combination; there are:\n${combinations.map(({ name }) => name).join('\n')}`)
  process.exit(1)
}

const workplace = await mkdtemp(path.join(tmpdir(), 'expect-cors-compat-'))
try {
  const tarball = await pack()
  for (const combination of wanted) await check(combination, tarball)
} finally {
  await rm(workplace, { recursive: true, force: true })
}

async function pack() {
  await run(process.execPath, ['scripts/build.mjs'], { cwd: root })
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', workplace], { cwd: root })
  const tarball = (await readdir(workplace)).find((name) => name.endsWith('.tgz'))
  return path.join(workplace, tarball)
}

async function check(combination, tarball) {
  const project = await mkdtemp(path.join(workplace, 'project-'))
  const steps = {
    install: async () => {
      await cp(path.join(root, combination.fixture), project, { recursive: true })
      const manifest = { name: 'fixture', version: '0.0.0', private: true, type: 'module' }
      await writeFile(path.join(project, 'package.json'), JSON.stringify(manifest))
      await inProject('npm', [
        ...['install', '--no-audit', '--no-fund', '--loglevel=error', tarball, combination.runner],
        ...[`node@${combination.node}`, `@types/node@${combination.node}`],
        ...[`typescript@${combination.typescript}`, ...combination.with],
      ])
      // A runner that quietly ran under another Node would prove nothing.
      const { stdout } = await inProject(node, ['--version'])
      if (!stdout.startsWith(`v${combination.node}.`)) throw new Error(`installed Node is ${stdout}`)
    },
    test: () => inProject(node, combination.test),
    types: () => inProject(node, ['node_modules/typescript/bin/tsc', '--noEmit']),
  }
  const node = path.join(project, 'node_modules/node/bin/node')
  const inProject = (command, args) => run(command, args, { cwd: project, env: environment() })

  const failures = []
  for (const [step, action] of Object.entries(steps)) {
    try {
      await action()
    } catch (error) {
      failures.push(`--- ${step}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.code ? '' : error.stack}`)
      if (step === 'install') break
    }
  }
  console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'}  ${combination.name}`)
  if (failures.length > 0) {
    console.log(failures.join('\n'))
    process.exitCode = 1
  }
}

/** What npm and Vitest set for their children would reach into the project under test. */
function environment() {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_OPTIONS)/i.test(name))
  return { ...Object.fromEntries(inherited), NO_COLOR: '1' }
}
