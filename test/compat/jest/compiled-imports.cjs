// Every way to import the package, under every compiler that makes `require` of it.
const assert = require('node:assert/strict')
const test = require('node:test')
const babel = require('@babel/core')
const swc = require('@swc/core')
const esbuild = require('esbuild')
const ts = require('typescript')

const typescript = (esModuleInterop) => (code) =>
  ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop },
  }).outputText

const compilers = {
  'TypeScript, esModuleInterop': typescript(true),
  'TypeScript without it': typescript(false),
  Babel: (code) =>
    babel.transformSync(code, {
      filename: 'test.js',
      babelrc: false,
      configFile: false,
      presets: [['@babel/preset-env', { targets: { node: 'current' }, modules: 'commonjs' }]],
    }).code,
  SWC: (code) => swc.transformSync(code, { swcrc: false, module: { type: 'commonjs' } }).code,
  esbuild: (code) => esbuild.transformSync(code, { format: 'cjs' }).code,
}

/** What each exports as `all` is for `expect.extend`. */
const imports = (entry, names) => ({
  'import *': `import * as all from '${entry}'\nexport { all }`,
  'a default import': `import all from '${entry}'\nexport { all }`,
  both: `import byDefault, * as star from '${entry}'\nexport const all = { ...star, ...byDefault }`,
  names: `import { ${names} } from '${entry}'\nexport const all = { ${names} }`,
  'export *': `export * as all from '${entry}'`,
  'import()': `export const all = import('${entry}')`,
})

for (const entry of ['expect-cors', 'expect-cors/matchers']) {
  const required = require(entry)
  const names = Object.keys(required).sort()
  for (const [form, code] of Object.entries(imports(entry, names))) {
    for (const [compiler, compile] of Object.entries(compilers)) {
      test(`${form}, ${entry}, ${compiler}`, async () => {
        const module = { exports: {} }
        new Function('exports', 'module', 'require', compile(code))(module.exports, module, require)
        const all = await module.exports.all
        assert.deepEqual(Object.keys(all).sort(), names)
        for (const name of names) assert.equal(all[name], required[name])
      })
    }
  }
  test(`import of what is also required, ${entry}`, async () => {
    const imported = await import(entry)
    assert.deepEqual(Object.keys(imported).sort(), names)
    for (const name of names) assert.equal(imported[name], required[name])
  })
}

test('other files of the package stay closed', () => {
  assert.throws(() => require('expect-cors/dist/cjs/index.js'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })
})
