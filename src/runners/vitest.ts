/**
 * Registers the matchers with Vitest: `import 'expect-cors/vitest'` in a set-up file, or name it in `setupFiles`.
 *
 * The types extend `Chai.Assertion`, which has no type parameters in Vitest 3, 4 and 5 alike; `Assertion<T>` and `Matchers<R, T>` differ between them.
 */

import type { Assertion } from 'vitest'
import * as vitest from 'vitest'
import type {
  Always,
  CorsAsymmetricMatchers,
  CorsMatcherArguments,
  Returns,
} from '../matchers/assert/types.js'
import type { DescribeCorsContract } from './describe-contract.js'
import { matchersOnDemand } from './matchers-on-demand.js'
import { suites } from './suites.js'
import { extendExpect } from './vitest-assertions.js'
import { type FileHooks, type SuiteHooks, watchFile } from './vitest-tests.js'

type HooksOf = (file: object) => SuiteHooks

/** Vitest 3.2 and 4.0 have it in a module that Vitest 5 has not, and that its bundler looks for wherever a name is written out. */
async function hooksElsewhere(name: string): Promise<HooksOf> {
  return ((await import(/* @vite-ignore */ name)) as { getHooks: HooksOf }).getHooks
}

const hooksOf =
  (vitest.TestRunner?.getSuiteHooks as unknown as HooksOf | undefined) ?? hooksElsewhere('vitest/suite')

const hooks: FileHooks = { afterAll: vitest.afterAll, of: async (file) => (await hooksOf)(file) }
extendExpect(vitest, matchersOnDemand as unknown as Readonly<Record<string, () => unknown>>, hooks)
watchFile(hooks)

export const describeCorsContract: DescribeCorsContract = (...args) =>
  suites().describeContract(vitest, describeCorsContract, ...args)

/** @ts-ignore Vitest 5: the subject is the second parameter, and the first is what an assertion returns. */
export type First<S> = S extends Assertion<infer A> ? A : unknown
/** @ts-ignore Vitest 3 and 4: there is one parameter. */
export type Second<S> = S extends Assertion<any, infer T> ? T : unknown
/** What was given to `expect`. */
export type SubjectOf<S> = [First<S>] extends [void | Promise<void>] ? Second<S> : First<S>

/** The matchers, of which each returns what the subject's kind asks for. */
type Matchers = {
  [Name in keyof CorsMatcherArguments]: <S>(
    this: S,
    ...args: CorsMatcherArguments[Name]
  ) => Name extends keyof Always<void> ? Always<void>[Name] : Returns<SubjectOf<S>>
}

declare global {
  namespace Chai {
    interface Assertion extends Matchers {}
  }
}

declare module 'vitest' {
  interface AsymmetricMatchersContaining extends CorsAsymmetricMatchers {}
}
