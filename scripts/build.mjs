// Builds `dist/`: bundled JavaScript in both module formats, and declarations.
//
//   node scripts/build.mjs          build
//   node scripts/build.mjs --sync   first rewrite `exports` in package.json from scripts/entries.mjs
import { execFileSync } from 'node:child_process'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { rolldown } from 'rolldown'
import { entries, packageExports, packageSideEffects } from './entries.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const inRoot = (...segments) => path.join(root, ...segments)
const posix = (file) => file.split(path.sep).join('/')

/** What matchers say when they fail. */
const DIAGNOSIS = 'diagnose/diagnosis'
/** Node has loaded these itself by the time it runs a file; others, `node:http` above all, take milliseconds. */
const CHEAP_BUILTINS = new Set(['node:module', 'node:timers', 'node:util', 'node:vm'])

const manifest = JSON.parse(await readFile(inRoot('package.json'), 'utf8'))
const derived = { sideEffects: packageSideEffects(), exports: packageExports() }
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
const bundles = { esm: await bundle('esm'), cjs: await bundle('cjs') }
await writeFile(inRoot('dist/cjs/package.json'), '{ "type": "commonjs" }\n')
await declarations()
reportImportCost()

async function bundle(format) {
  // The core is what the matchers load: one chunk, so that a runner entry loads two files. Left to itself the
  // bundler makes a chunk for every combination of entries and lazily loaded modules that share a module.
  let core
  const modules = [...Object.values(entries), ...(format === 'cjs' ? [DIAGNOSIS] : [])]
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(modules.map((module) => [module, `src/${module}.ts`])),
    plugins: [diagnosisOnDemand(format)],
    platform: 'node',
    external: /^(?!\.{0,2}\/|[a-z]:[\\/]|\0)/i,
    tsconfig: false,
    transform: { target: 'es2022' },
    // package.json speaks of dist/; in src/ no import is dropped.
    treeshake: { moduleSideEffects: true },
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
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name].js',
      // Jest runs CommonJS where a native `import()` is refused: lazily loaded packages are required lazily.
      dynamicImportInCjs: false,
      comments: { legal: true, annotation: true, jsdoc: false },
      codeSplitting: {
        groups: [
          {
            debugName: 'core',
            name: (id, context) => {
              core ??= staticClosure(inRoot('src', `${entries['./matchers']}.ts`), context)
              if (core.has(id)) return 'core'
              return id.startsWith(inRoot('src/diagnose/')) ? 'diagnose' : null
            },
          },
        ],
      },
    })
    return output.filter((file) => file.type === 'chunk')
  } finally {
    await build.close()
  }
}

/**
 * Failures are rare, and the words for them a third of the package: they load with the first failure. That has to be at once,
 * without `import()`, so that both builds require the CommonJS one; the words hold no state and take and give plain data.
 */
function diagnosisOnDemand(format) {
  const file = `../../cjs/${DIAGNOSIS}.js`
  const load = {
    esm: `import { createRequire } from 'node:module'
const load = () => createRequire(import.meta.url)(${JSON.stringify(file)})`,
    cjs: `const load = () => require(${JSON.stringify(file)})`,
  }
  return {
    name: 'diagnosis-on-demand',
    resolveId: (source) => (source === file ? { id: file, external: true } : null),
    load: (id) =>
      id === inRoot('src/matchers/diagnosis.ts')
        ? `${load[format]}\nlet words\nexport const diagnosis = () => (words ??= load())`
        : null,
  }
}

/** The modules that load with this one: those imported statically, and theirs. */
function staticClosure(id, context, seen = new Set()) {
  if (seen.has(id)) return seen
  seen.add(id)
  for (const imported of context.getModuleInfo(id)?.importedIds ?? []) staticClosure(imported, context, seen)
  return seen
}

/** One set of declarations serves both formats: the nested package.json makes the copies CommonJS. */
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
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
    const [written, emitted] = await Promise.all([
      readFile(inRoot('src', file), 'utf8'),
      readFile(inRoot('dist/esm', file.replace(/\.ts$/, '.d.ts')), 'utf8'),
    ])
    if (directives(written) !== directives(emitted)) {
      fail(
        `src/${posix(file)}: a @ts-ignore did not reach the declarations. The compiler emits only JSDoc comments, ` +
          'above a declaration or a member: write /** @ts-ignore why */ there, and what it covers on one line',
      )
    }
  }
  await cp(inRoot('dist/esm'), inRoot('dist/cjs'), {
    recursive: true,
    filter: (file) => !path.extname(file) || file.endsWith('.d.ts'),
  })
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
  for (const [format, chunks] of Object.entries(bundles)) {
    const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
    for (const [subpath, module] of Object.entries(entries)) {
      const files = new Set()
      const packages = new Set()
      const load = (name, importer) => {
        const chunk = byName.get(name)
        if (!chunk) {
          // A chunk's list of imports names some that were then shaken off.
          if (importer.code.includes(JSON.stringify(name))) packages.add(name)
        } else if (!files.has(name)) {
          files.add(name)
          for (const imported of chunk.imports) load(imported, chunk)
        }
      }
      load(`${module}.js`)
      const bytes = [...files].reduce((sum, name) => sum + Buffer.byteLength(byName.get(name).code), 0)
      const entry = path.posix.join('expect-cors', subpath)
      const also = packages.size > 0 ? ` + ${[...packages].join(', ')}` : ''
      console.log(`${format}  ${entry}: ${files.size} files, ${(bytes / 1024).toFixed(1)} kB${also}`)

      // Itself, the core, and for the whole package the words; the bundler may keep its helpers apart.
      if (files.size > (subpath === '.' ? 4 : 3))
        fail(`${entry} loads ${files.size} files on import: ${[...files].join(', ')}`)
      for (const name of packages) {
        const allowed = CHEAP_BUILTINS.has(name) || (isRunner(module) && peers.has(name))
        if (!allowed) fail(`${entry} loads ${name} on import; import() it where it is first needed`)
      }
    }
    const lazy = chunks.filter((chunk) => chunk.isDynamicEntry).map((chunk) => posix(chunk.fileName))
    console.log(`${format}  loaded when first needed: ${lazy.join(', ') || 'nothing of ours'}`)
  }
}

function fail(message) {
  console.error(`build: ${message}`)
  process.exit(1)
}
