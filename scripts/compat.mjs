// Installs the packed package into empty projects, one per runner and Node, and there runs what test/compat/ holds for that runner:
// the truth table, a forgotten await, and the types under every compiler and module resolution. What users get is tested: the tarball,
// through its `exports`. One table at the end.
//
//   node scripts/compat.mjs [text]     only the projects whose name contains the text
//   node scripts/compat.mjs --ci       those that a change must pass
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { projects } from './compat-projects.mjs'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

/** So many projects at a time. */
const PARALLEL = 2
/** Minutes after which a step has hung: an open handle must not keep a run alive. */
const STEP_TIMEOUT = 4 * 60_000

const TRUTH = ['truth.cjs', 'truth.d.cts', 'behaviours.json', 'answers.json']
const COMPILERS = { 5.9: 'typescript-5@npm:typescript@5.9', 7: 'typescript-7@npm:typescript@7' }
/** Module resolutions, and for ES modules and CommonJS the `module` each goes with. */
const RESOLUTIONS = {
  node16: { mts: 'node16', cts: 'node16' },
  nodenext: { mts: 'nodenext', cts: 'nodenext' },
  bundler: { mts: 'esnext', cts: 'esnext' },
  // TypeScript 7 does not have it.
  node10: { mts: 'esnext', cts: 'commonjs', compilers: ['typescript-5'] },
}
/** Those that a change must pass. */
const CI_RESOLUTIONS = { mts: ['node16', 'nodenext', 'bundler'], cts: ['nodenext', 'node10'] }

const text = process.argv.slice(2).find((argument) => !argument.startsWith('--'))
const wanted = projects.filter(
  ({ name, ci }) => name.includes(text ?? '') && !(process.argv.includes('--ci') && ci === false),
)
if (wanted.length === 0) {
  console.error(`no such project; there are:\n${projects.map(({ name }) => name).join('\n')}`)
  process.exit(1)
}

const started = Date.now()
const workplace = await mkdtemp(path.join(tmpdir(), 'expect-cors-compat-'))
const rows = []
try {
  const tarball = await pack()
  const queue = [...wanted]
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let project = queue.shift(); project !== undefined; project = queue.shift()) {
        rows.push(await check(project, tarball))
      }
    }),
  )
} finally {
  await rm(workplace, { recursive: true, force: true })
}
printTable()

async function pack() {
  await run(process.execPath, ['scripts/build.mjs'], { cwd: root })
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', workplace], { cwd: root })
  const tarball = (await readdir(workplace)).find((name) => name.endsWith('.tgz'))
  return path.join(workplace, tarball)
}

async function check(project, tarball) {
  const folder = await mkdtemp(path.join(workplace, 'project-'))
  const node = path.join(folder, 'node_modules/node/bin/node')
  const inProject = (command, args, env = {}, cwd = folder) =>
    run(command, args, {
      cwd,
      env: { ...environment(), ...env },
      timeout: STEP_TIMEOUT,
      maxBuffer: 2 ** 26,
    })
  const results = []
  const failures = []
  const step = async (name, action) => {
    try {
      results.push([name, (await action()) ?? 'ok'])
      return true
    } catch (error) {
      results.push([name, 'FAILED'])
      failures.push(
        `--- ${project.name}: ${name}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.code ? '' : error.stack}`,
      )
      return false
    }
  }

  const installed = await step('install', async () => {
    await install(project, folder, tarball, inProject)
    // A runner that quietly ran under another Node would prove nothing.
    const { stdout } = await inProject(node, ['--version'])
    if (!stdout.startsWith(`v${project.node}.`)) throw new Error(`installed Node is ${stdout}`)
  })
  if (installed) {
    for (const [name, { command = node, args, env, cwd = '.', after }] of Object.entries(project.steps)) {
      await step(name, async () => {
        let output = ''
        try {
          const { stdout, stderr } = await inProject(
            path.resolve(folder, command),
            args,
            env,
            path.join(folder, cwd),
          )
          output = stdout + stderr
        } catch (error) {
          if (after === undefined || error.killed) throw error
          output = error.stdout + error.stderr
        }
        return after === undefined ? countOf(output) : await after(folder, output)
      })
    }
    const kinds = project.types?.head === undefined ? (project.types ?? {}) : { '': project.types }
    for (const [kind, types] of Object.entries(kinds)) {
      const name = `types${kind === '' ? '' : `, ${kind}`}`
      await step(name, () => checkTypes(types, folder, inProject, node))
    }
  }
  console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'}  ${project.name}`)
  if (failures.length > 0) {
    console.log(failures.join('\n'))
    process.exitCode = 1
  }
  await rm(folder, { recursive: true, force: true })
  return { name: project.name, results }
}

async function install(project, folder, tarball, inProject) {
  for (const name of project.isPlain ? [project.fixture] : ['common', project.fixture]) {
    await cp(path.join(root, 'test/compat', name), folder, { recursive: true })
  }
  const truth = project.mocks ? [...TRUTH, 'mocks.test.ts'] : TRUTH
  for (const name of project.isPlain ? [] : truth) {
    await cp(path.join(root, 'test/truth', name), path.join(folder, name))
  }
  for (const [owner, place] of project.samples ?? [[project.fixture, 'docs']]) {
    await copySamples(owner, path.join(folder, place))
  }
  const manifest = { name: 'fixture', version: '0.0.0', private: true, type: project.type }
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest))
  if (project.isWorkspace) await nameTarball(folder, tarball)
  const packages = [
    ...(project.isWorkspace ? [] : [tarball]),
    `node@${project.node}`,
    `@types/node@${Math.min(project.node, 24)}`,
    ...Object.values(COMPILERS),
    ...(project.packages ?? []),
  ]
  if (project.pnpm) {
    const pnpm = (...args) => inProject('npx', ['--yes', 'pnpm@10', ...args])
    const place = project.isWorkspace ? ['--workspace-root'] : []
    await pnpm('add', ...place, '--config.dangerously-allow-all-builds=true', ...packages)
    if (project.isWorkspace) await pnpm('install', '--no-frozen-lockfile')
  } else {
    await inProject('npm', [
      'install',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--prefer-offline',
      ...packages,
    ])
  }
}

/** The packages of a workspace depend on the tarball each for itself. */
async function nameTarball(folder, tarball) {
  const packages = path.join(folder, 'packages')
  for (const name of await readdir(packages)) {
    const file = path.join(packages, name, 'package.json')
    const manifest = await readFile(file, 'utf8')
    await writeFile(file, manifest.replace('TARBALL', `file:${tarball}`))
  }
}

/** The samples of the pages that are marked with an owner's name, each where its page says. */
async function copySamples(owner, folder) {
  const docs = (await readdir(path.join(root, 'docs'))).filter((name) => name.endsWith('.md'))
  const pages = await Promise.all(
    ['README.md', ...docs.map((name) => `docs/${name}`)].map((name) =>
      readFile(path.join(root, name), 'utf8'),
    ),
  )
  const marked = /<!-- compat: (\S+) (\S+) -->.*?\n```\w+\n(.*?)\n```/gs
  const samples = [...pages.join('\n').matchAll(marked)].filter(([, name]) => name === owner)
  const codes = new Map()
  for (const [, , file, code] of samples) {
    if ((codes.get(file) ?? code) !== code) throw new Error(`two pages say ${owner} ${file}, each otherwise`)
    codes.set(file, code)
    const target = path.join(folder, file)
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, `${code}\n`)
  }
}

/** Every compiler × every module resolution × the libraries' own declarations checked or not, as an ES module and as CommonJS. */
async function checkTypes({ head, types, without = [] }, folder, inProject, node) {
  let body = await readFile(path.join(folder, 'types.body.ts'), 'utf8')
  for (const name of without) {
    body = body.replace(new RegExp(`\\nexport (async )?function ${name}\\(.*?\\n}\\n`, 's'), '')
  }
  const place = path.join(folder, 'types')
  await rm(place, { recursive: true, force: true })
  await mkdir(place)
  for (const extension of ['mts', 'cts'])
    await writeFile(path.join(place, `types.${extension}`), `${head}\n${body}`)
  let count = 0
  const problems = []
  for (const extension of ['mts', 'cts']) {
    const few = process.argv.includes('--ci')
    await writeFile(path.join(place, `types.${extension}`), `${head}\n${body}`)
    for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
      if (few && !CI_RESOLUTIONS[extension].includes(resolution)) continue
      for (const skipLibCheck of few ? [false] : [true, false]) {
        const compilerOptions = {
          target: 'es2022',
          lib: ['es2023', 'dom', 'dom.iterable'],
          types,
          module: options[extension],
          moduleResolution: resolution,
          strict: true,
          noEmit: true,
          skipLibCheck,
        }
        const config = path.join(place, 'tsconfig.json')
        await writeFile(config, JSON.stringify({ compilerOptions, files: [`types.${extension}`] }))
        for (const compiler of options.compilers ?? ['typescript-5', 'typescript-7']) {
          count++
          const lines = await compile(`node_modules/${compiler}/bin/tsc`, inProject, node)
          problems.push(
            ...lines.map((line) => `${compiler}, ${resolution}, skipLibCheck ${skipLibCheck}: ${line}`),
          )
        }
      }
    }
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return `ok (${count})`
}

async function compile(tsc, inProject, node) {
  const { stdout = '' } = await inProject(node, [tsc, '-p', 'types']).catch((error) => {
    if (error.killed || !error.stdout) throw error
    return error
  })
  // Other people's declarations have errors of their own, and an ES module's `require` is refused in CommonJS where that runner is ESM only.
  return stdout
    .split('\n')
    .filter(
      (line) => /error TS/.test(line) && !/node_modules\/(?!(.*\/)?expect-cors\/)|TS1479|TS1541/.test(line),
    )
}

/** How many tests a runner says have passed. */
function countOf(output) {
  const found =
    /(\d+) pass(?:ed)?\b/.exec(output.replace(/Test Files.*/, '').replace(/Test Suites:.*/, '')) ??
    /pass (\d+)/.exec(output)
  return found ? `ok (${found[1]})` : 'ok'
}

/** What npm and Vitest set for their children would reach into the project under test. */
function environment() {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_OPTIONS)/i.test(name))
  return { ...Object.fromEntries(inherited), NO_COLOR: '1', CI: '1' }
}

function printTable() {
  const order = new Map(wanted.map(({ name }, index) => [name, index]))
  rows.sort((a, b) => order.get(a.name) - order.get(b.name))
  const width = Math.max(...rows.map(({ name }) => name.length))
  console.log()
  for (const { name, results } of rows) {
    const failed = results.some(([, result]) => result === 'FAILED')
    const cells = results.filter(([step, result]) => step !== 'install' || result === 'FAILED')
    console.log(
      `${failed ? 'FAILED' : 'ok    '}  ${name.padEnd(width)}  ${cells.map(([step, result]) => `${step}: ${result}`).join('; ')}`,
    )
  }
  console.log(`${Math.round((Date.now() - started) / 1000)} s`)
}
