// What an editor shows over a matcher: what it asserts, each parameter, an example and where to read on, for every matcher and its asymmetric form.
import assert from 'node:assert/strict'
import * as matchers from 'expect-cors/matchers'
import ts from 'typescript'

const names = Object.keys(matchers)
/** Those that judge no response. */
const withoutAsymmetric = [
  'toAllowCorsRequest',
  'toBlockCorsRequest',
  'toHonorCorsContract',
  'toKeepOriginsApartInCaches',
  'toRejectUntrustedOrigins',
  'toRequirePreflight',
]
const HEADS = {
  vitest: "import 'expect-cors/vitest'\nimport { expect } from 'vitest'",
  jest: "import 'expect-cors/jest'",
  globals: "import 'expect-cors/jest-globals'\nimport { expect } from '@jest/globals'",
}
const texts = new Map(
  Object.entries(HEADS).map(([name, head]) => {
    const uses = names.flatMap((matcher) => [
      `expect({ status: 200, headers: {} }).${matcher}()`,
      `expect({ status: 200, headers: {} }).not.${matcher}()`,
      ...(withoutAsymmetric.includes(matcher) ? [] : [`expect.${matcher}()`]),
    ])
    return [`${process.cwd()}/hover-${name}.ts`, [head, ...uses].join('\n')]
  }),
)
const textOf = (file) => texts.get(file) ?? ts.sys.readFile(file)
const service = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  fileExists: (file) => texts.has(file) || ts.sys.fileExists(file),
  readFile: textOf,
  getCompilationSettings: () => ({
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: ['node', 'jest'],
  }),
  getScriptFileNames: () => [...texts.keys()],
  getScriptVersion: () => '1',
  getScriptSnapshot: (file) => {
    const text = textOf(file)
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
  },
  getDefaultLibFileName: ts.getDefaultLibFilePath,
})

let count = 0
const lacking = []
for (const [file, text] of texts) {
  for (const { index, 1: matcher } of text.matchAll(/\.(to[A-Z]\w+)\(/g)) {
    const { documentation, tags = [] } = service.getQuickInfoAtPosition(file, index + 1) ?? {}
    const said = (tag) =>
      tags.filter(({ name }) => name === tag).map(({ text }) => ts.displayPartsToString(text))
    const help = service.getSignatureHelpItems(file, text.indexOf('(', index) + 1, {})
    const documented = said('param').map((param) => param.split(' ')[0])
    const lacks = [
      /^Holds when /.test(ts.displayPartsToString(documentation)) ? '' : 'what it asserts',
      said('example').length > 0 ? '' : 'an example',
      said('see').some((link) => link.startsWith('https://')) ? '' : 'a link',
      ...(help?.items[0]?.parameters ?? [{ name: 'a call' }]).map(({ name }) =>
        documented.includes(name) ? '' : `the parameter ${name}`,
      ),
    ].filter((lack) => lack !== '')
    if (lacks.length > 0) lacking.push(`${file} ${matcher}: ${lacks.join(', ')}`)
    count++
  }
}
assert.deepEqual(lacking, [])
assert.equal(count, Object.keys(HEADS).length * (3 * names.length - withoutAsymmetric.length))
console.log(`${count} passed`)
