/** What the matchers look like on a runner's `expect`. */
import type { ObservedFacts } from '../../subject/observed.js'
import type { Journey, Verdict } from '../../verdict/verdict.js'
import type { MatcherContext } from './context.js'

/** Every matcher there is. */
type Matchers = typeof import('../index.js')

/** The arguments of each matcher. */
export type CorsMatcherArguments = {
  [Name in keyof Matchers]: Matchers[Name] extends (
    this: MatcherContext,
    received: unknown,
    ...args: infer Args
  ) => unknown
    ? Args
    : never
}

/** What is there already, a response or what was judged: a matcher on it is synchronous. */
export type Observed =
  | { readonly status: unknown; readonly headers: unknown }
  | { readonly statusCode?: unknown; readonly headers: unknown }
  | { readonly statusCode: unknown; readonly multiValueHeaders: unknown }
  | ObservedFacts
  | Journey
  | Verdict

type IsAny<T> = 0 extends 1 & T ? true : false

/** What an assertion returns: nothing for what is there already, a promise for an endpoint. */
export type Returns<Subject> =
  IsAny<Subject> extends true
    ? void
    : unknown extends Subject
      ? void
      : Subject extends Observed
        ? void
        : Promise<void>

/** Fits wherever a value is expected, as the runners' own asymmetric matchers do. */
// biome-ignore lint/suspicious/noExplicitAny: nothing else fits everywhere
type Match = any

/** Matchers that judge no response, of which there is no asymmetric form. */
type OfJourneys =
  | 'toAllowCorsRequest'
  | 'toBlockCorsRequest'
  | 'toHonorCorsContract'
  | 'toKeepOriginsApartInCaches'
  | 'toRejectUntrustedOrigins'
  | 'toRequirePreflight'

/** Matchers whose options say how to ask an endpoint, and nothing of a response. */
type OptionsForEndpoints =
  | 'toAllowOrigin'
  | 'toAllowAnyOrigin'
  | 'toAllowCredentialedOrigin'
  | 'toVaryOnOrigin'

type WithoutOptions<Args extends readonly unknown[]> =
  Required<Args> extends [infer Origin, unknown] ? [origin: Origin] : []

/** Matchers of which the asymmetric form works: on responses, synchronously. */
export type CorsAsymmetricMatchers = {
  // Mapped from all, so that editors find what is said of each.
  [Name in keyof Matchers as Exclude<Name, OfJourneys>]: (
    ...args: Name extends OptionsForEndpoints
      ? WithoutOptions<CorsMatcherArguments[Name]>
      : CorsMatcherArguments[Name]
  ) => Match
}

/** What an assertion returns below `.resolves` and `.rejects` (a promise always), and elsewhere. */
type ReturnsUnder<R, Subject> = R extends PromiseLike<unknown> ? Promise<void> : Returns<Subject>

/** Where it is the same for every subject: `R` is what a runner's own matchers return. */
export interface Always<R> {
  toHonorCorsContract: Promise<void>
  toKeepOriginsApartInCaches: Promise<void>
  toRejectUntrustedOrigins: Promise<void>
  toRequirePreflight: R
}

/** The matchers on an assertion of a runner that tells what was given to `expect`: `R` is what its own matchers return. */
export type CorsMatchers<R, Subject> = {
  [Name in keyof Matchers]: (
    ...args: CorsMatcherArguments[Name]
  ) => Name extends keyof Always<R> ? Always<R>[Name] : ReturnsUnder<R, Subject>
}
