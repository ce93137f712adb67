// Builds `dist/`: bundled JavaScript in both module formats, and declarations.
//
// There is one build, in CommonJS: what is needed at once but seldom (ON_DEMAND) can be required there when it is needed,
// and a process that mixes both formats has one copy of everything. For `import` there are small files that hand on what it
// exports, and the runner entries, whose runners are ESM only.
//
//   node scripts/build.mjs          build
//   node scripts/build.mjs --sync   first rewrite what package.json takes from scripts/entries.mjs
import { execFileSync } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { rolldown } from 'rolldown'
import {
  commands,
  entries,
  packageBin,
  packageExports,
  packageLinks,
  packageNode10,
  packageSideEffects,
} from './entries.mjs'
import { trimDeclarations } from './trim-declarations.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const inRoot = (...segments) => path.join(root, ...segments)
const source = (module) => inRoot('src', `${module}.ts`)
const posix = (file) => file.split(path.sep).join('/')

/**
 * Modules of one function, named as its file, that gives another module; as built it requires that one when it is first called.
 */
const ON_DEMAND = {
  'diagnose/diagnosis': 'diagnose/on-failure',
  'contract/contracts': 'contract/for-assertions',
  'audit/audits': 'audit/for-matchers',
  'runners/matchers': 'matchers/index',
  'runners/awaiting': 'runners/forgotten-await',
  'runners/suites': 'runners/describe-contract',
}

/** What has a function for each matcher. */
const WRAPPERS = 'runners/wrappers'

const modules = Object.values(entries)

/** Entries of functions, each of which as built requires the module that has it when it is first called. */
const FUNCTIONS_ON_DEMAND = ['index', 'matchers/index', 'msw/index']

/** What an entry calls besides when it is loaded: Jest takes hooks only while it reads a file. */
const CALLED_AT_ONCE = { 'msw/index': { 'msw/running-test': 'watchTests' } }

/** What they load at once because it is not a plain function: classes, which are made and asked for with `instanceof`, and values. */
const AT_ONCE = [
  'engines/profiles',
  'fetch/preflight-cache',
  'page/cors-error',
  'page/login-prompt-error',
  'text/usage-error',
  'transport/network-error',
]

/** What stack traces, matchers and the page's classes are called by. */
const KEPT_NAMES = { function: true, class: true }

/** What must see the timers before a test fakes them, and the function that is called for that: the bundler drops an import of no name. */
const BEFORE_FAKES = { 'subject/shared-state': 'realClock', 'transport/real-timers': 'areTimersFaked' }

/** What compilers give for `import m from` of a marked module, and the types promise; `expect.extend` and `import *` must not see it. */
const DEFAULT = "Object.defineProperty(exports, 'default', { value: exports })"

/**
 * What loads together with these modules is one chunk, except for what is in a chunk before it. Left to itself the bundler
 * makes a chunk for every combination of entries and lazily loaded modules that share a module.
 */
const CHUNKS = {
  // What runners share; what only Vitest or only Jest needs is beside it.
  'set-up': ['runners/bun', 'runners/awaiting', 'runners/suites', 'matchers/assert/begun'],
  timers: ['transport/real-timers'],
  tests: ['msw/running-test'],
  // What `expect-cors` loads at once.
  engines: [
    'text/usage-error',
    'transport/network-error',
    'page/cors-error',
    'page/login-prompt-error',
    'engines/profiles',
    'fetch/preflight-cache',
  ],
  verdict: ['verdict/evaluate-cors'],
  // The page shares it with what sends requests.
  core: [...(await exportsOf('matchers/index')).keys(), 'transport/in-process-app'],
  diagnose: ['diagnose/on-failure'],
}

/** What a command shares with what loads later: a file of its own, or the bundler puts it into the command. */
const SHARED = ['transport/lookup']

/** Node has loaded these itself by the time it runs a file; others, `node:http` above all, take milliseconds. */
const CHEAP_BUILTINS = new Set(['node:events', 'node:module', 'node:timers', 'node:util', 'node:vm'])

const manifest = JSON.parse(await readFile(inRoot('package.json'), 'utf8'))
const derived = {
  ...packageLinks(),
  bin: packageBin(),
  sideEffects: packageSideEffects(),
  exports: packageExports(),
  ...packageNode10(),
}
if (process.argv.includes('--sync')) {
  Object.assign(manifest, derived)
  await writeFile(inRoot('package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
} else {
  for (const [key, value] of Object.entries(derived)) {
    // Compared as text as well: the order of conditions in `exports` means something.
    if (!isDeepStrictEqual(manifest[key], value) || JSON.stringify(manifest[key]) !== JSON.stringify(value)) {
      fail(`"${key}" in package.json differs from scripts/entries.mjs: run \`npm run build -- --sync\``)
    }
  }
}

await rm(inRoot('dist'), { recursive: true, force: true })
const chunks = [
  ...(await bundle('cjs', [
    ...new Set([
      ...modules,
      ...(await Promise.all(FUNCTIONS_ON_DEMAND.map(exportsOf))).flatMap((found) => [...found.keys()]),
      ...Object.values(ON_DEMAND),
      ...Object.values(commands),
      ...SHARED,
    ]),
  ])),
  ...(await bundle('esm', modules.filter(isRunner))),
]
for (const { file, imports } of chunks) {
  const command = Object.values(commands).find((module) => imports.includes(`cjs/${module}.js`))
  if (command !== undefined)
    fail(`${file} imports ${command}, which would run the command: put what they share into SHARED`)
}
for (const [module, names] of await exportsOf('matchers/index')) {
  if (!isDeepStrictEqual(chunks.find(({ file }) => file === `cjs/${module}.js`).exports, names))
    fail(`src/${module}.ts must export one matcher, called as the file: its name is read from there`)
}
chunks.push(...(await facades(modules.filter((module) => !isRunner(module)))))
await writeFile(inRoot('dist/cjs/package.json'), '{ "type": "commonjs" }\n')
await declarations()
for (const module of modules.filter((module) => !isRunner(module))) await checkEntry(module)
reportImportCost()
for (const module of Object.values(commands)) await checkCommand(inRoot('dist/cjs', `${module}.js`))

async function bundle(format, inputs) {
  const own = new Set(
    [...modules, ...Object.values(ON_DEMAND), ...Object.values(commands), ...SHARED].map(source),
  )
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(inputs.map((module) => [module, source(module)])),
    plugins: [onDemand(format)],
    platform: 'node',
    external: /^(?!\.{0,2}\/|[a-z]:[\\/]|\0)/i,
    tsconfig: false,
    transform: { target: 'es2022' },
    // package.json speaks of dist/; in src/ no import is dropped.
    treeshake: { moduleSideEffects: true },
    // No comments that name the sources, which are not published.
    experimental: { attachDebugInfo: 'none' },
    // A slow machine is no fault of the sources.
    checks: { bundlerTimings: false },
    onLog(level, log, handler) {
      if (level === 'warn') fail(log.message)
      handler(level, log)
    },
  })
  try {
    const { output } = await build.write({
      dir: `dist/${format}`,
      format,
      exports: 'named',
      // Compilers make of `import * as m` an object with a `default` besides, which `expect.extend` refuses, unless this marks a module.
      esModule: true,
      footer: ({ name, exports }) =>
        format === 'cjs' && Object.values(entries).includes(name) && exports.length > 0 ? DEFAULT : '',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name].js',
      // Jest runs CommonJS where a native `import()` is refused: lazily loaded packages are required lazily.
      dynamicImportInCjs: false,
      comments: { legal: true, annotation: true, jsdoc: false },
      // Smaller, and lines and the names in stack traces stay: Node prints the whole line that an error came from.
      minify: {
        compress: { keepNames: KEPT_NAMES },
        mangle: { toplevel: false, keepNames: KEPT_NAMES },
        codegen: { removeWhitespace: false },
      },
      codeSplitting: {
        groups: Object.entries(format === 'cjs' ? CHUNKS : {}).map(([name, roots]) => {
          let closure
          return {
            debugName: name,
            name(id, context) {
              closure ??= staticClosure(roots.map(source), context)
              return closure.has(id) && !own.has(id) ? name : null
            },
          }
        }),
      },
    })
    return output
      .filter((file) => file.type === 'chunk')
      .map(({ fileName, code, exports, imports, isDynamicEntry }) => ({
        file: `${format}/${posix(fileName)}`,
        code,
        exports,
        imports: imports.map((name) => (/^(chunks|runners|cli)\//.test(name) ? `${format}/${name}` : name)),
        isDynamicEntry,
      }))
  } finally {
    await build.close()
  }
}

function onDemand(format) {
  const stubs = new Map(Object.entries(ON_DEMAND).map(([stub, module]) => [source(stub), { stub, module }]))
  return {
    name: 'on-demand',
    resolveId: (source) => (/^(\.\.\/)+cjs\//.test(source) ? { id: source, external: true } : null),
    load(id) {
      const entry = FUNCTIONS_ON_DEMAND.find((module) => source(module) === id)
      if (entry !== undefined) return requiringFunctions(entry)
      if (id === source(WRAPPERS)) return writtenWrappers()
      const found = stubs.get(id)
      if (!found) return null
      const file = JSON.stringify(`../../cjs/${found.module}.js`)
      const name = path.posix.basename(found.stub)
      return [
        ...(format === 'esm'
          ? [
              "import { createRequire } from 'node:module'",
              `const load = () => createRequire(import.meta.url)(${file})`,
            ]
          : [`const load = () => require(${file})`]),
        'let loaded',
        `export const ${name} = () => (loaded ??= load())`,
      ].join('\n')
    },
  }
}

/** Each with its name in the source, which is what Bun prints. */
async function writtenWrappers() {
  const names = [...(await exportsOf('matchers/index')).values()].flat()
  const written = names.map((name) => `${name}(...args) { return call('${name}', this, args) }`)
  return `export const wrappers = (call) => ({ ${written.join(', ')} })`
}

/** An entry in which each function requires its module when it is first called. */
async function requiringFunctions(entry) {
  const up = '../'.repeat(entry.split('/').length)
  const code = Object.entries({ ...BEFORE_FAKES, ...CALLED_AT_ONCE[entry] }).map(
    ([module, name]) => `import { ${name} } from ${JSON.stringify(source(module))}\n${name}()`,
  )
  for (const [module, names] of await exportsOf(entry)) {
    if (AT_ONCE.includes(module)) {
      code.push(`export { ${names.join(', ')} } from ${JSON.stringify(source(module))}`)
      continue
    }
    const loaded = `loaded${code.length}`
    const load = `(${loaded} ??= require(${JSON.stringify(`${up}cjs/${module}.js`)}))`
    code.push(`let ${loaded}`)
    for (const name of names)
      code.push(`export function ${name}(...args) { return Reflect.apply(${load}.${name}, this, args) }`)
  }
  return code.join('\n')
}

/**
 * What an entry exports, types aside, by the module that has it. Where it exports all of one, that is what is called as the file:
 * `toAllowOrigin` of `to-allow-origin.js`.
 */
async function exportsOf(entry) {
  const found = new Map()
  for (const [, list, from] of (await readFile(source(entry), 'utf8')).matchAll(
    /^export (\*|\{[^}]*\}) from '(.+)\.js'/gm,
  )) {
    const names =
      list === '*'
        ? [path.posix.basename(from).replace(/-(.)/g, (_, letter) => letter.toUpperCase())]
        : list
            .slice(1, -1)
            .split(',')
            .map((name) => name.trim())
    const values = names.filter((name) => name !== '' && !name.startsWith('type '))
    if (values.length > 0) found.set(path.posix.join(path.posix.dirname(entry), from), values)
  }
  return found
}

/** What `import` gets of a module that is built as CommonJS. */
function facades(modules) {
  return Promise.all(
    modules.map(async (module) => {
      const { exports } = chunks.find(({ file }) => file === `cjs/${module}.js`)
      const file = `esm/${module}.js`
      const target = path.posix.relative(path.posix.dirname(file), `cjs/${module}.js`)
      const code = [
        "import { createRequire } from 'node:module'",
        `export const { ${exports.join(', ')} } = createRequire(import.meta.url)(${JSON.stringify(target)})`,
        '',
      ].join('\n')
      await mkdir(path.dirname(inRoot('dist', file)), { recursive: true })
      await writeFile(inRoot('dist', file), code)
      return { file, code, exports, imports: ['node:module', `cjs/${module}.js`], isDynamicEntry: false }
    }),
  )
}

/** These modules and those that load with them: what they import statically, and what that does. */
function staticClosure(ids, context, seen = new Set()) {
  for (const id of ids) {
    if (seen.has(id)) continue
    seen.add(id)
    staticClosure(context.getModuleInfo(id)?.importedIds ?? [], context, seen)
  }
  return seen
}

/** The declarations are those of CommonJS, once; for `import` there are small files that hand on what they declare. */
async function declarations() {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
  const { bin } = JSON.parse(await readFile(typescript, 'utf8'))
  try {
    execFileSync(
      process.execPath,
      [path.join(path.dirname(typescript), bin.tsc), '-p', 'tsconfig.build.json'],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    )
  } catch {
    fail('the declarations were not emitted')
  }
  for (const file of await readdir(inRoot('src'), { recursive: true })) {
    if (!file.endsWith('.ts') || /\.(test|d)\.ts$/.test(file)) continue
    const [written, emitted] = await Promise.all([
      readFile(inRoot('src', file), 'utf8'),
      readFile(inRoot('dist/cjs', file.replace(/\.ts$/, '.d.ts')), 'utf8'),
    ])
    if (directives(written) !== directives(emitted)) {
      fail(
        `src/${posix(file)}: a @ts-ignore did not reach the declarations. The compiler emits only JSDoc comments, ` +
          'above a declaration or a member: write /** @ts-ignore why */ there, and what it covers on one line',
      )
    }
  }
  await trimDeclarations(
    inRoot('dist/cjs'),
    modules.map((module) => inRoot('dist/cjs', `${module}.d.ts`)),
  )
  for (const module of modules) {
    const toCommonJs = path.posix.relative(
      path.posix.dirname(`esm/${module}`),
      `cjs/${path.posix.dirname(module)}`,
    )
    const declared = isRunner(module)
      ? // What it augments is told apart by how it is resolved: in an ES module, as one.
        (await readFile(inRoot('dist/cjs', `${module}.d.ts`), 'utf8')).replace(
          /(from |import |import\()(['"])(\.[^'"]+)/g,
          (_, before, quote, relative) => `${before}${quote}${path.posix.join(toCommonJs, relative)}`,
        )
      : `export * from '${path.posix.join(toCommonJs, path.posix.basename(module))}.js'\n`
    await writeFile(inRoot('dist/esm', `${module}.d.ts`), declared)
  }
}

/** An entry gives the same to `import`, to `require`, and to the imports that compilers turn into `require`. */
async function checkEntry(module) {
  const required = createRequire(import.meta.url)(inRoot('dist/cjs', `${module}.js`))
  const imported = await import(pathToFileURL(inRoot('dist/esm', `${module}.js`)).href)
  const names = Object.keys(required)
  if (!isDeepStrictEqual(Object.keys(imported).sort(), names.toSorted()))
    fail(`${module} exports other names to import than to require: ${Object.keys(imported).join(', ')}`)
  if (names.some((name) => required[name] !== imported[name]))
    fail(`${module} is loaded twice when it is imported and required`)
  if (FUNCTIONS_ON_DEMAND.includes(module)) await checkOnDemand(module)
  if (names.includes('default') || required.__esModule !== true || required.default !== required)
    fail(`${module} as CommonJS needs __esModule and a default, both not enumerable`)
}

/** What an entry requires on demand are plain functions: the function in its place has no class's prototype, and cannot be called with `new`. */
async function checkOnDemand(entry) {
  for (const [module, names] of await exportsOf(entry)) {
    if (AT_ONCE.includes(module)) continue
    const required = createRequire(import.meta.url)(inRoot('dist/cjs', `${module}.js`))
    for (const name of names)
      if (typeof required[name] !== 'function' || /^class\b/.test(String(required[name])))
        fail(`${name} is not a plain function: put ${module}, which exports it, into AT_ONCE`)
  }
}

/** A command starts, and knows its version. */
async function checkCommand(file) {
  await chmod(file, 0o755)
  const said = execFileSync(process.execPath, [file, '--version'], { encoding: 'utf8' }).trim()
  if (said !== manifest.version) fail(`${file} --version says ${said}`)
}

function directives(text) {
  return text.match(/@ts-ignore/g)?.length ?? 0
}

function isRunner(module) {
  return module.startsWith('runners/')
}

/** Importing an entry must stay cheap. Says what each loads, and fails when that is more than it should be. */
function reportImportCost() {
  const peers = new Set(Object.keys(manifest.peerDependencies ?? {}))
  const byFile = new Map(chunks.map((chunk) => [chunk.file, chunk]))
  for (const format of ['esm', 'cjs']) {
    for (const [subpath, module] of Object.entries(entries)) {
      const files = new Set()
      const packages = new Set()
      const load = (name, importer) => {
        const chunk = byFile.get(name)
        if (!chunk) {
          // A chunk's list of imports names some that were then shaken off, and those that are required on demand.
          if (importer.code.includes(JSON.stringify(name)) && !name.startsWith('.')) packages.add(name)
        } else if (!files.has(name)) {
          files.add(name)
          for (const imported of chunk.imports) load(imported, chunk)
        }
      }
      load(`${format}/${module}.js`)
      const bytes = [...files].reduce((sum, name) => sum + Buffer.byteLength(byFile.get(name).code), 0)
      const entry = path.posix.join('expect-cors', subpath)
      const also = packages.size > 0 ? ` + ${[...packages].join(', ')}` : ''
      console.log(`${format}  ${entry}: ${files.size} files, ${(bytes / 1024).toFixed(1)} kB${also}`)

      const kilobytes = isRunner(module) ? 10 : 100
      if (bytes > kilobytes * 1024)
        fail(
          `${entry} loads ${(bytes / 1024).toFixed(1)} kB on import; a set-up file must stay below 10, others below 100`,
        )
      // A set-up file: itself, what both of Jest's share, what all runners share, and the bundler's helpers. Others: the same in CommonJS as well, the errors' texts, the engines.
      if (files.size > (isRunner(module) ? 4 : 8))
        fail(`${entry} loads ${files.size} files on import: ${[...files].join(', ')}`)
      for (const name of packages) {
        const allowed =
          CHEAP_BUILTINS.has(name) || (isRunner(module) && (peers.has(name) || name === 'bun:test'))
        if (!allowed) fail(`${entry} loads ${name} on import; import() it where it is first needed`)
      }
    }
  }
  const lazy = chunks.filter(({ isDynamicEntry }) => isDynamicEntry).map(({ file }) => file)
  const demanded = Object.values(ON_DEMAND).map((module) => `cjs/${module}.js`)
  console.log(`loaded when first needed: ${[...demanded, ...lazy].join(', ')}`)
}

function fail(message) {
  console.error(`build: ${message}`)
  process.exit(1)
}
