/**
 * Registers the matchers with Jest's global `expect`: name `expect-cors/jest` in `setupFilesAfterEnv`, or import it in a test file.
 *
 * The types extend those of `@types/jest`, 29 and 30. For `import { expect } from '@jest/globals'` there is `expect-cors/jest-globals`.
 */
import type { CorsAsymmetricMatchers, CorsMatchers } from '../matchers/types.js'
import { failForgottenAwaits } from './forgotten-await.js'
import { matchersOnDemand } from './matchers-on-demand.js'

declare const expect: { extend(matchers: object): void } | undefined
declare const beforeEach: (run: () => void) => void
declare const afterEach: (run: () => void) => void

if (typeof expect === 'undefined') {
  throw new Error(
    "expect-cors/jest found no global expect: name it in Jest's setupFilesAfterEnv (not in setupFiles), or, where injectGlobals is off, use expect-cors/jest-globals",
  )
}
expect.extend(matchersOnDemand)
failForgottenAwaits(beforeEach, afterEach)

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: all declarations of an interface must agree, and @types/jest has it so
    interface Matchers<R, T = {}> extends CorsMatchers<R, T> {}
    interface Expect extends CorsAsymmetricMatchers {}
    interface InverseAsymmetricMatchers extends CorsAsymmetricMatchers {}
  }
}
