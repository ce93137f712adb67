// `no-floating-promises` sees a forgotten `await` on an endpoint, and leaves an assertion on a response alone.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ESLint } from 'eslint'
import { parser, plugin } from 'typescript-eslint'

for (const [file, types] of [
  ['vitest.ts', ['node']],
  ['jest.ts', ['node', 'jest']],
]) {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.ts'],
      plugins: { ts: plugin },
      languageOptions: { parser, parserOptions: { project: `tsconfig.${types.length}.json` } },
      rules: { 'ts/no-floating-promises': 'error' },
    },
  })
  const [{ messages }] = await eslint.lintFiles([file])
  const forgotten = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.endsWith('// forgotten') ? [index + 1] : []))
  assert.deepEqual(
    messages.map(({ ruleId, line, message }) => (ruleId === 'ts/no-floating-promises' ? line : message)),
    forgotten,
  )
}
console.log('2 passed')
