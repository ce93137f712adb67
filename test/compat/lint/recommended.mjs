// The samples of the pages pass what typescript-eslint recommends where it knows the types, and a forgotten `await` in them does not.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ESLint } from 'eslint'
import { configs } from 'typescript-eslint'

const eslint = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    ...configs.recommendedTypeChecked,
    {
      languageOptions: {
        parserOptions: { project: 'docs/tsconfig.json', tsconfigRootDir: process.cwd() },
      },
    },
  ],
})
const results = await eslint.lintFiles(['docs/**/*.ts'])
assert.ok(results.length > 3, 'there are samples')
assert.deepEqual(
  results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line, message }) => `${filePath}:${line} ${ruleId}: ${message}`),
  ),
  [],
)

const file = 'docs/cors.test.ts'
const code = readFileSync(file, 'utf8').replaceAll('await ', '')
const [{ messages }] = await eslint.lintText(code, { filePath: file })
const floating = messages.filter(({ ruleId }) => ruleId === '@typescript-eslint/no-floating-promises')
assert.equal(floating.length, code.match(/^ {2}expect\(/gm).length)
console.log(`${results.length} passed`)
