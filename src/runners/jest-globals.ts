/**
 * Registers the matchers with the `expect` of `@jest/globals`, of Jest 29 and 30: name `expect-cors/jest-globals` in
 * `setupFilesAfterEnv`, or import it in a test file.
 *
 * The types extend those of the package `expect`, which pnpm's strict layout lets this package see only where the project has it.
 */
import { afterAll, afterEach, expect } from '@jest/globals'
import type { CorsAsymmetricMatchers, CorsMatchers } from '../matchers/assert/types.js'
import { registerWithJest } from './jest-tests.js'

registerWithJest({ expect, afterEach, afterAll })

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends CorsMatchers<R, T> {}
  interface AsymmetricMatchers extends CorsAsymmetricMatchers {}
}
