import path from 'node:path'

/**
 * The package's entry points: what users import, and the module in `src/` behind it.
 *
 * To add one, add a line and run `npm run build -- --sync`, which rewrites `exports` and its like in
 * package.json from this table. A plain build fails while the two disagree.
 */
export const entries = {
  '.': 'index',
  './matchers': 'matchers/index',
  './vitest': 'runners/vitest',
  './jest': 'runners/jest',
  './jest-globals': 'runners/jest-globals',
  './bun': 'runners/bun',
  './msw': 'msw/index',
}

/** What is published as it is. */
const files = {
  './contract.schema.json': './contract.schema.json',
}

/** The commands, and the module in `src/` behind each. They are built as CommonJS only. */
export const commands = {
  'expect-cors': 'cli/main',
}

/** Where the sources are published, as `https://github.com/owner/name`; undefined where that is not known. */
const repository = undefined

export const packageLinks = () => ({
  repository: repository && { type: 'git', url: `git+${repository}.git` },
  homepage: repository && `${repository}#readme`,
  bugs: repository && `${repository}/issues`,
})

export const packageBin = () =>
  Object.fromEntries(Object.entries(commands).map(([name, module]) => [name, `dist/cjs/${module}.js`]))

/**
 * ESM and CommonJS for every entry, those for ESM-only runners included: a project without `"type": "module"`
 * resolves the types under `require`, although its runner then loads the ESM file.
 */
export const packageExports = () => ({
  ...Object.fromEntries(
    Object.entries(entries).map(([subpath, module]) => [
      subpath,
      {
        import: { types: `./dist/esm/${module}.d.ts`, default: `./dist/esm/${module}.js` },
        require: { types: `./dist/cjs/${module}.d.ts`, default: `./dist/cjs/${module}.js` },
      },
    ]),
  ),
  ...files,
  './package.json': './package.json',
})

/**
 * The types for TypeScript with `moduleResolution: node10` (or `node`), which does not read `exports`; what reads those does not look here.
 * They are those of the ES modules: of CommonJS, a file that is emitted as an ES module would get a `default` beside the matchers.
 */
export const packageNode10 = () => ({
  main: `./dist/cjs/${entries['.']}.js`,
  types: `./dist/esm/${entries['.']}.d.ts`,
  typesVersions: {
    '*': Object.fromEntries(
      Object.entries(entries)
        .filter(([subpath]) => subpath !== '.')
        .map(([subpath, module]) => [path.posix.normalize(subpath), [`./dist/esm/${module}.d.ts`]]),
    ),
  },
})

/** Registering matchers is the one side effect, and only the runner entries have it. */
export const packageSideEffects = () => ['./dist/*/runners/*.js']
