/**
 * Registers the matchers with Bun's test runner: name `expect-cors/bun` among `preload` in `bunfig.toml`, or import it in a test file.
 */
import { expect } from 'bun:test'
import type { CorsAsymmetricMatchers, CorsMatchers } from '../matchers/assert/types.js'
import { matchersOnDemand } from './matchers-on-demand.js'

expect.extend(matchersOnDemand)

declare module 'bun:test' {
  interface Matchers<T = unknown> extends CorsMatchers<void, T> {}
  interface AsymmetricMatchers extends CorsAsymmetricMatchers {}
}
