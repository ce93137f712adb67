/** What the matchers look like on a runner's `expect`. */
import type { CorsFailureCode } from '../fetch/failure.js'
import type { ObservedFacts } from '../subject/observed.js'
import type { LiveOptions } from '../subject/options.js'
import type { Journey } from '../verdict/journey.js'
import type { Verdict } from '../verdict/verdict.js'
import type { PreflightAnswerOptions } from './permitted.js'
import type { WantedPreflight } from './to-allow-preflight.js'
import type { WantedPreflightNeed } from './to-require-preflight.js'
import type { WantedRequest } from './whole-journey.js'

/** What has been answered or judged already: a matcher on it is synchronous. */
export type Answered =
  | { readonly status: unknown; readonly headers: unknown }
  | { readonly statusCode?: unknown; readonly headers: unknown }
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

/** Matchers of which the asymmetric form works: on responses, synchronously. */
export interface CorsAsymmetricMatchers {
  toAllowOrigin(origin: string): unknown
  toAllowAnyOrigin(): unknown
  toAllowCredentialedOrigin(origin: string): unknown
  toAllowPreflight(wanted: WantedPreflight): unknown
  toAllowMethod(methods: string | readonly string[], options?: PreflightAnswerOptions): unknown
  toAllowRequestHeader(names: string | readonly string[], options?: PreflightAnswerOptions): unknown
  toExposeHeader(names: string | readonly string[], options?: PreflightAnswerOptions): unknown
  toCachePreflightFor(seconds: number, options?: PreflightAnswerOptions): unknown
  toVaryOnOrigin(): unknown
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
