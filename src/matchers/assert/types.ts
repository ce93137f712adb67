/** What the matchers look like on a runner's `expect`. */
import type { CorsFailureCode } from '../../fetch/failure.js'
import type { ObservedFacts } from '../../subject/observed.js'
import type { LiveOptions } from '../../subject/options.js'
import type { Journey } from '../../verdict/journey.js'
import type { Verdict } from '../../verdict/verdict.js'
import type { WantedPreflight } from '../to-allow-preflight.js'
import type { WantedPreflightNeed } from '../to-require-preflight.js'
import type { PreflightAnswerOptions } from './permitted.js'
import type { WantedRequest } from './whole-journey.js'

/** What has been answered or judged already: a matcher on it is synchronous. */
export type Answered =
  | { readonly status: unknown; readonly headers: unknown }
  | { readonly statusCode?: unknown; readonly headers: unknown }
  | { readonly statusCode: unknown; readonly multiValueHeaders: unknown }
  | ObservedFacts
  | Journey
  | Verdict

type IsAny<T> = 0 extends 1 & T ? true : false

/** What an assertion returns: nothing for what has been answered already, a promise for an endpoint. */
export type Returns<Subject> =
  IsAny<Subject> extends true
    ? void
    : unknown extends Subject
      ? void
      : Subject extends Answered
        ? void
        : Promise<void>

/** Fits wherever a value is expected, as the runners' own asymmetric matchers do. */
// biome-ignore lint/suspicious/noExplicitAny: nothing else fits everywhere
type Match = any

/** Matchers of which the asymmetric form works: on responses, synchronously. */
export interface CorsAsymmetricMatchers {
  toAllowOrigin(origin: string): Match
  toAllowAnyOrigin(): Match
  toAllowCredentialedOrigin(origin: string): Match
  toAllowPreflight(wanted: WantedPreflight): Match
  toAllowMethod(methods: string | readonly string[], options?: PreflightAnswerOptions): Match
  toAllowRequestHeader(names: string | readonly string[], options?: PreflightAnswerOptions): Match
  toExposeHeader(names: string | readonly string[], options?: PreflightAnswerOptions): Match
  toCachePreflightFor(seconds: number, options?: PreflightAnswerOptions): Match
  toVaryOnOrigin(): Match
}

/** The arguments of each matcher. */
export interface CorsMatcherArguments {
  toAllowOrigin: [origin: string, options?: LiveOptions]
  toAllowAnyOrigin: [options?: LiveOptions]
  toAllowCredentialedOrigin: [origin: string, options?: LiveOptions]
  toAllowPreflight: [wanted: WantedPreflight]
  toAllowMethod: [methods: string | readonly string[], options?: PreflightAnswerOptions]
  toAllowRequestHeader: [names: string | readonly string[], options?: PreflightAnswerOptions]
  toAllowCorsRequest: [wanted?: WantedRequest]
  toBlockCorsRequest: [wanted?: WantedRequest | CorsFailureCode, code?: CorsFailureCode]
  toRequirePreflight: [wanted: WantedPreflightNeed]
  toExposeHeader: [names: string | readonly string[], options?: PreflightAnswerOptions]
  toCachePreflightFor: [seconds: number, options?: PreflightAnswerOptions]
  toVaryOnOrigin: [options?: PreflightAnswerOptions]
}

/** What an assertion returns below `.resolves` and `.rejects` (a promise always), and elsewhere. */
type ReturnsUnder<R, Subject> = R extends PromiseLike<unknown> ? Promise<void> : Returns<Subject>

/** The matchers on an assertion of a runner that tells what was given to `expect`: `R` is what its own matchers return. */
export interface CorsMatchers<R, Subject> {
  /** Holds when a page at `origin` may read the response without credentials. */
  toAllowOrigin(...args: CorsMatcherArguments['toAllowOrigin']): ReturnsUnder<R, Subject>
  /** Holds when every page may read the response without credentials. */
  toAllowAnyOrigin(...args: CorsMatcherArguments['toAllowAnyOrigin']): ReturnsUnder<R, Subject>
  /** Holds when a page at `origin` may read the response of a request with credentials. */
  toAllowCredentialedOrigin(
    ...args: CorsMatcherArguments['toAllowCredentialedOrigin']
  ): ReturnsUnder<R, Subject>
  /** Holds when the preflight for that request succeeds. */
  toAllowPreflight(...args: CorsMatcherArguments['toAllowPreflight']): ReturnsUnder<R, Subject>
  /** Holds when the preflight answer permits the methods. */
  toAllowMethod(...args: CorsMatcherArguments['toAllowMethod']): ReturnsUnder<R, Subject>
  /** Holds when the preflight answer permits a page to set these request headers. */
  toAllowRequestHeader(...args: CorsMatcherArguments['toAllowRequestHeader']): ReturnsUnder<R, Subject>
  /** Holds when the whole journey, preflight, redirects and response, ends readable. */
  toAllowCorsRequest(...args: CorsMatcherArguments['toAllowCorsRequest']): ReturnsUnder<R, Subject>
  /** Holds when every engine asked blocks the request, and for that code where one is given. */
  toBlockCorsRequest(...args: CorsMatcherArguments['toBlockCorsRequest']): ReturnsUnder<R, Subject>
  /** Holds when a browser sends a preflight before that request. Sends nothing. */
  toRequirePreflight(...args: CorsMatcherArguments['toRequirePreflight']): R
  /** Holds when the headers are present and a page's script can read them. */
  toExposeHeader(...args: CorsMatcherArguments['toExposeHeader']): ReturnsUnder<R, Subject>
  /** Holds when each engine caches the preflight's answer for at least that many seconds, or as long as it ever does. */
  toCachePreflightFor(...args: CorsMatcherArguments['toCachePreflightFor']): ReturnsUnder<R, Subject>
  /** Holds when `Vary` names `Origin`. */
  toVaryOnOrigin(...args: CorsMatcherArguments['toVaryOnOrigin']): ReturnsUnder<R, Subject>
}
