/**
 * Registers the matchers with Vitest: `import 'expect-cors/vitest'` in a set-up file, or name it in `setupFiles`.
 *
 * The types extend `Chai.Assertion`, which has no type parameters in Vitest 3, 4 and 5 alike; `Assertion<T>` and `Matchers<R, T>` differ between them.
 */

import type { Assertion } from 'vitest'
import * as vitest from 'vitest'
import type { CorsAsymmetricMatchers, CorsMatcherArguments, Returns } from '../matchers/assert/types.js'
import { matchersOnDemand } from './matchers-on-demand.js'
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

/** @ts-ignore Vitest 5: the subject is the second parameter, and the first is what an assertion returns. */
export type First<S> = S extends Assertion<infer A> ? A : unknown
/** @ts-ignore Vitest 3 and 4: there is one parameter. */
export type Second<S> = S extends Assertion<any, infer T> ? T : unknown
/** What was given to `expect`. */
export type SubjectOf<S> = [First<S>] extends [void | Promise<void>] ? Second<S> : First<S>

declare global {
  namespace Chai {
    interface Assertion {
      /** Holds when a page at `origin` may read the response without credentials. */
      toAllowOrigin<S>(this: S, ...args: CorsMatcherArguments['toAllowOrigin']): Returns<SubjectOf<S>>
      /** Holds when every page may read the response without credentials. */
      toAllowAnyOrigin<S>(this: S, ...args: CorsMatcherArguments['toAllowAnyOrigin']): Returns<SubjectOf<S>>
      /** Holds when a page at `origin` may read the response of a request with credentials. */
      toAllowCredentialedOrigin<S>(
        this: S,
        ...args: CorsMatcherArguments['toAllowCredentialedOrigin']
      ): Returns<SubjectOf<S>>
      /** Holds when the preflight for that request succeeds. */
      toAllowPreflight<S>(this: S, ...args: CorsMatcherArguments['toAllowPreflight']): Returns<SubjectOf<S>>
      /** Holds when the preflight answer permits the methods. */
      toAllowMethod<S>(this: S, ...args: CorsMatcherArguments['toAllowMethod']): Returns<SubjectOf<S>>
      /** Holds when the preflight answer permits a page to set these request headers. */
      toAllowRequestHeader<S>(
        this: S,
        ...args: CorsMatcherArguments['toAllowRequestHeader']
      ): Returns<SubjectOf<S>>
      /** Holds when the whole journey, preflight, redirects and response, ends readable. */
      toAllowCorsRequest<S>(
        this: S,
        ...args: CorsMatcherArguments['toAllowCorsRequest']
      ): Returns<SubjectOf<S>>
      /** Holds when every engine asked blocks the request, and for that code where one is given. */
      toBlockCorsRequest<S>(
        this: S,
        ...args: CorsMatcherArguments['toBlockCorsRequest']
      ): Returns<SubjectOf<S>>
      /** Holds when a browser sends a preflight before that request. Sends nothing. */
      toRequirePreflight(...args: CorsMatcherArguments['toRequirePreflight']): void
      /** Holds when the headers are present and a page's script can read them. */
      toExposeHeader<S>(this: S, ...args: CorsMatcherArguments['toExposeHeader']): Returns<SubjectOf<S>>
      /** Holds when each engine caches the preflight's answer for at least that many seconds, or as long as it ever does. */
      toCachePreflightFor<S>(
        this: S,
        ...args: CorsMatcherArguments['toCachePreflightFor']
      ): Returns<SubjectOf<S>>
      /** Holds when `Vary` names `Origin`. */
      toVaryOnOrigin<S>(this: S, ...args: CorsMatcherArguments['toVaryOnOrigin']): Returns<SubjectOf<S>>
    }
  }
}

declare module 'vitest' {
  interface AsymmetricMatchersContaining extends CorsAsymmetricMatchers {}
}
