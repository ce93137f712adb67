/**
 * Registers the matchers with Bun's test runner: name `expect-cors/bun` among `preload` in `bunfig.toml`, or import it in a test file.
 */
import { describe, expect, test } from 'bun:test'
import type { CorsAsymmetricMatchers, CorsMatchers } from '../matchers/assert/types.js'
import type { DescribeCorsContract } from './describe-contract.js'
import { matchersOnDemand } from './matchers-on-demand.js'
import { suites } from './suites.js'

expect.extend(matchersOnDemand)

export const describeCorsContract: DescribeCorsContract = (...args) =>
  suites().describeContract({ describe, test }, describeCorsContract, ...args)

declare module 'bun:test' {
  interface Matchers<T = unknown> extends CorsMatchers<void, T> {}
  interface AsymmetricMatchers extends CorsAsymmetricMatchers {}
}
