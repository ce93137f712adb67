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

/** The steps of a runner: what is run with the project's Node, and what makes it pass besides its exit code. */
const vitest = (...files) => ({
  fixture: 'vitest',
  type: 'module',
  steps: {
    suite: {
      args: ['node_modules/vitest/vitest.mjs', 'run', 'contract', ...(files.length ? files : ['suite'])],
    },
    forgotten: {
      args: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=forgotten.json'],
      env: { FORGOTTEN: '1' },
      after: onlyForgottenFailed,
    },
    // A set-up file runs again for the second file of a worker; what it imports does not.
    'forgotten, one worker': {
      args: [
        ...['node_modules/vitest/vitest.mjs', 'run', '--no-isolate', '--no-file-parallelism'],
        ...['--reporter=json', '--outputFile=forgotten.json'],
      ],
      env: { FORGOTTEN: '1' },
      after: onlyForgottenFailed,
    },
  },
  types: {
    head: "import 'expect-cors/vitest'\nimport { expect } from 'vitest'",
    types: ['node'],
  },
})

const jest = (major) => {
  const step = (setup, flags = []) => ({
    args: [...flags, 'node_modules/jest/bin/jest.js', '--no-cache'],
    env: { SETUP: setup },
  })
  const esm = ['--experimental-vm-modules', '--no-warnings']
  return {
    fixture: 'jest',
    type: 'commonjs',
    packages: [
      ...['jest', '@jest/globals', '@types/jest', 'expect', 'babel-jest', 'jest-environment-jsdom'].map(
        (name) => `${name}@${major}`,
      ),
      'jest-fixed-jsdom@0.0.11',
      ...['@babel/core@7', '@babel/preset-env@7', '@babel/preset-typescript@7'],
      ...['ts-jest@29', 'typescript@5.9', '@swc/core@1', '@swc/jest@0.2', 'esbuild@0.28'],
    ],
    steps: {
      babel: step('babel'),
      'babel, @jest/globals': step('babel globals'),
      'ts-jest': step('ts-jest'),
      'ts-jest, @jest/globals': step('ts-jest globals'),
      'ts-jest, node10': step('node10'),
      swc: step('swc'),
      'swc, @jest/globals': step('swc globals'),
      esm: step('esm', esm),
      'esm, @jest/globals': step('esm globals', esm),
      jsdom: step('jsdom'),
      'jsdom without Node’s globals': step('lacking'),
      'compiled imports': { args: ['--test', 'compiled-imports.cjs'] },
      docs: {
        args: ['node_modules/jest/bin/jest.js', '--no-cache', '--config', 'docs/jest/jest.config.cjs'],
      },
      'docs, @jest/globals': {
        args: [
          'node_modules/jest/bin/jest.js',
          '--no-cache',
          '--config',
          'docs/jest-globals/jest.config.cjs',
        ],
      },
      forgotten: {
        args: ['node_modules/jest/bin/jest.js', '--no-cache', '--json', '--outputFile=forgotten.json'],
        env: { SETUP: 'forgotten' },
        after: onlyForgottenFailed,
      },
    },
    types: {
      global: { head: "import 'expect-cors/jest'", types: ['node', 'jest'] },
      '@jest/globals': {
        head: "import 'expect-cors/jest-globals'\nimport { expect } from '@jest/globals'",
        types: ['node'],
      },
    },
  }
}

const nodeTest = (major) => ({
  packages: [`expect@${major}`],
  fixture: 'node-test',
  type: 'module',
  steps: {
    esm: { args: ['--test', 'suite.test.mjs'] },
    commonjs: { args: ['--test', 'commonjs.test.cjs'] },
    imports: { args: ['--test', 'imports.test.mjs'] },
    docs: { args: ['--test', 'docs/node-test/cors.test.mjs'] },
  },
  types: {
    head: "import type {} from 'expect-cors/jest-globals'\nimport { expect } from 'expect'",
    types: ['node'],
  },
})

/** What docs/front-end.md is about, with what its samples need. */
const frontEnd = (runner, packages) => ({
  fixture: 'front-end',
  type: 'module',
  packages: [
    ...[
      'react@19',
      'react-dom@19',
      '@types/react@19',
      '@testing-library/react@16',
      '@testing-library/dom@10',
    ],
    ...['axios@1', '@tanstack/react-query@5', 'ky@2', 'openapi-fetch@0.17', ...packages],
  ],
  steps: {
    docs: {
      args: {
        vitest: ['../node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=report.json'],
        jest: ['../node_modules/jest/bin/jest.js', '--json', '--outputFile=report.json'],
      }[runner],
      cwd: 'docs',
      after: onlyUnawaresFailed,
    },
    ...(runner === 'vitest' && {
      types: { args: ['node_modules/typescript-5/bin/tsc', '-p', 'tsconfig.json'] },
    }),
  },
})

const projects = [
  {
    name: 'Vitest 3.2',
    node: 20,
    packages: ['vitest@3.2', 'jsdom@26', 'happy-dom@20', 'msw@2', 'undici@7'],
    mocks: true,
    ...vitest('suite', 'jsdom', 'happy-dom', 'mocks'),
  },
  {
    name: 'Vitest 4',
    node: 22,
    ci: false,
    packages: ['vitest@4', 'jsdom@27', 'happy-dom@20', 'msw@2', 'undici@7'],
    mocks: true,
    ...vitest('suite', 'jsdom', 'happy-dom', 'mocks'),
  },
  {
    name: 'Vitest 5, MSW 3, undici 8',
    node: 24,
    packages: ['vitest@5', 'jsdom@latest', 'happy-dom@latest', 'msw@3', 'undici@8'],
    mocks: true,
    ...vitest('suite', 'jsdom', 'happy-dom', 'mocks'),
  },
  { name: 'Vitest 5', node: 26, ci: false, packages: ['vitest@5'], ...vitest() },
  { name: 'Vitest 5, pnpm', node: 24, pnpm: true, ci: false, packages: ['vitest@5'], ...vitest() },
  { name: 'Jest 29', node: 20, ...jest(29) },
  { name: 'Jest 30', node: 24, ...jest(30) },
  { name: 'Jest 30', node: 22, ci: false, ...jest(30) },
  { name: 'Jest 30', node: 26, ci: false, ...jest(30) },
  { name: 'Jest 30, pnpm', node: 24, pnpm: true, ci: false, ...jest(30) },
  {
    name: 'Bun',
    node: 24,
    packages: ['bun@1', 'bun-types@1'],
    fixture: 'bun',
    type: 'module',
    steps: {
      suite: { command: 'node_modules/.bin/bun', args: ['test', './suite.test.ts', './contract.test.ts'] },
      docs: { command: 'node_modules/.bin/bun', args: ['test'], cwd: 'docs/bun' },
    },
    types: {
      head: "import 'expect-cors/bun'\nimport { expect } from 'bun:test'",
      // Below `.not` Bun's types forget the subject; as Bun waits for a matcher's answer, an await changes nothing.
      without: ['negated'],
      types: ['bun-types'],
    },
  },
  {
    name: 'Playwright Test',
    node: 22,
    packages: ['@playwright/test@1'],
    fixture: 'playwright',
    type: 'module',
    steps: {
      suite: { args: ['node_modules/@playwright/test/cli.js', 'test', 'suite'] },
      commonjs: { args: ['node_modules/@playwright/test/cli.js', 'test', '--config', 'commonjs'] },
      docs: { args: ['node_modules/@playwright/test/cli.js', 'test', '--config', 'docs/playwright'] },
    },
    types: {
      head: "import { expect as base } from '@playwright/test'\nimport * as matchers from 'expect-cors/matchers'\n\nconst expect = base.extend(matchers)",
      // Its types follow the matcher and not the subject, and know no asymmetric matchers but its own.
      without: ['returns', 'negated', 'asymmetric'],
      types: ['node'],
    },
  },
  { name: 'node:test, expect 30', node: 26, ...nodeTest(30) },
  { name: 'node:test, expect 29', node: 20, ...nodeTest(29) },
  {
    name: 'Front end, Vitest 4, MSW 2',
    node: 22,
    ...frontEnd('vitest', ['vitest@4', 'jsdom@27', 'msw@2']),
  },
  {
    name: 'Front end, Vitest 5, MSW 3',
    node: 24,
    ci: false,
    ...frontEnd('vitest', ['vitest@5', 'jsdom@latest', 'msw@3']),
  },
  {
    name: 'Front end, Jest 30, MSW 2',
    node: 22,
    ...frontEnd('jest', [
      ...['jest@30', 'jest-environment-jsdom@30', 'jest-fixed-jsdom@0.0.11', 'babel-jest@30', 'msw@2'],
      ...['@babel/core@7', '@babel/preset-env@7', '@babel/preset-react@7', '@babel/preset-typescript@7'],
    ]),
  },
  {
    name: 'Editors and linters',
    node: 22,
    packages: [
      ...[
        'eslint@9',
        'typescript-eslint@8',
        'typescript@5.9',
        'vitest@4',
        '@types/jest@30',
        '@jest/globals@30',
        'expect@30',
      ],
    ],
    fixture: 'lint',
    type: 'module',
    steps: { lint: { args: ['lint.mjs'] }, hover: { args: ['hover.mjs'] } },
  },
].map((project) => ({ ...project, name: `${project.name}, Node ${project.node}` }))

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
        }
        return after === undefined ? countOf(output) : await after(folder)
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
  for (const name of ['common', project.fixture]) {
    await cp(path.join(root, 'test/compat', name), folder, { recursive: true })
  }
  for (const name of project.mocks ? [...TRUTH, 'mocks.test.ts'] : TRUTH) {
    await cp(path.join(root, 'test/truth', name), path.join(folder, name))
  }
  await copyDocs(project.fixture, folder)
  const manifest = { name: 'fixture', version: '0.0.0', private: true, type: project.type }
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest))
  const packages = [
    tarball,
    `node@${project.node}`,
    `@types/node@${Math.min(project.node, 24)}`,
    ...Object.values(COMPILERS),
    ...(project.packages ?? []),
  ]
  if (project.pnpm) {
    await inProject('npx', [
      '--yes',
      'pnpm@10',
      'add',
      '--config.dangerously-allow-all-builds=true',
      ...packages,
    ])
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

/** The samples of the pages that need more than Vitest, each where its page says. */
async function copyDocs(fixture, folder) {
  const pages = await Promise.all(
    ['runners', 'front-end'].map((name) => readFile(path.join(root, `docs/${name}.md`), 'utf8')),
  )
  for (const [, owner, file, code] of pages
    .join('\n')
    .matchAll(/<!-- compat: (\S+) (\S+) -->.*?\n```\w+\n(.*?)\n```/gs)) {
    if (owner !== fixture) continue
    const target = path.join(folder, 'docs', file)
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, code)
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

/** The one test of docs/front-end.md that is to show how a test fails did so, and no other. */
async function onlyUnawaresFailed(folder) {
  const report = JSON.parse(await readFile(path.join(folder, 'docs/report.json'), 'utf8'))
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests.filter(({ status }) => status !== 'passed')
  const [only] = failed
  if (
    failed.length !== 1 ||
    only.title !== 'swallows what fails' ||
    !only.failureMessages.join('\n').includes('CorsError')
  ) {
    const suites = report.testResults.filter(({ assertionResults }) => assertionResults.length === 0)
    throw new Error(
      [
        ...failed.flatMap(({ title, failureMessages }) => [title, ...failureMessages]),
        ...suites.map(({ message }) => message),
      ].join('\n') || 'no test failed',
    )
  }
  if (report.testResults.some(({ assertionResults }) => assertionResults.length === 0))
    throw new Error('a file has no tests')
  return `ok (${tests.length})`
}

/** The tests that forgot it failed, by the words for it, and no others. */
async function onlyForgottenFailed(folder) {
  const report = JSON.parse(await readFile(path.join(folder, 'forgotten.json'), 'utf8'))
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const wrong = tests.filter(({ title, status, failureMessages }) => {
    if (!title.startsWith('forgets')) return status !== 'passed'
    return status !== 'failed' || !failureMessages.join('\n').includes('Nothing waited for expect(…)')
  })
  if (tests.length < 15 || wrong.length > 0) {
    throw new Error(`${tests.length} tests, of which wrong:\n${JSON.stringify(wrong, null, 2)}`)
  }
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
