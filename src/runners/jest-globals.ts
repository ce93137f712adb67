/**
 * Registers the matchers with the `expect` of `@jest/globals`, of Jest 29 and 30: name `expect-cors/jest-globals` in
 * `setupFilesAfterEnv`, or import it in a test file.
 *
 * The types extend those of the package `expect`, which pnpm's strict layout lets this package see only where the project has it.
 */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import type { CorsAsymmetricMatchers, CorsMatchers } from '../matchers/assert/types.js'
import type { DescribeCorsContract } from './describe-contract.js'
import { registerWithJest } from './jest-tests.js'
import { suites } from './suites.js'

registerWithJest({ expect, afterEach, afterAll })

export const describeCorsContract: DescribeCorsContract = (...args) =>
  suites().describeContract({ describe, test }, describeCorsContract, ...args)

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends CorsMatchers<R, T> {}
  interface AsymmetricMatchers extends CorsAsymmetricMatchers {}
}
