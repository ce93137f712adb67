/**
 * Registers the matchers with Jest's global `expect`: name `expect-cors/jest` in `setupFilesAfterEnv`, or import it in a test file.
 *
 * The types extend those of `@types/jest`, 29 and 30. For `import { expect } from '@jest/globals'` there is `expect-cors/jest-globals`.
 */
import type { CorsAsymmetricMatchers, CorsMatchers } from '../matchers/assert/types.js'
import type { DescribeCorsContract, TestRunner } from './describe-contract.js'
import { registerWithJest } from './jest-tests.js'
import { suites } from './suites.js'

interface JestExpect {
  extend(matchers: object): void
  getState(): { currentTestName?: string }
}
type Hook = (run: () => void) => void
declare const expect: JestExpect | undefined
declare const afterEach: Hook
declare const afterAll: Hook
declare const describe: TestRunner['describe']
declare const test: TestRunner['test']

if (typeof expect === 'undefined') {
  throw new Error(
    "expect-cors/jest found no global expect: name it in Jest's setupFilesAfterEnv (not in setupFiles), or, where injectGlobals is off, use expect-cors/jest-globals",
  )
}
registerWithJest({ expect, afterEach, afterAll })

export const describeCorsContract: DescribeCorsContract = (...args) =>
  suites().describeContract({ describe, test }, describeCorsContract, ...args)

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: all declarations of an interface must agree, and @types/jest has it so
    interface Matchers<R, T = {}> extends CorsMatchers<R, T> {}
    interface Expect extends CorsAsymmetricMatchers {}
    interface InverseAsymmetricMatchers extends CorsAsymmetricMatchers {}
  }
}
