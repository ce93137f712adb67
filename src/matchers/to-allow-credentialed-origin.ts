import type { LiveOptions } from '../subject/options.js'
import { alsoAsymmetric } from './assert/asymmetric.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import { allowOrigin } from './assert/readable-by.js'

/**
 * Holds when a page at `origin` may read the response of a request with credentials: `Access-Control-Allow-Origin` is that origin and not
 * `*`, and `Access-Control-Allow-Credentials` is `true`.
 *
 * @param origin the page's serialized origin
 * @throws CorsUsageError as {@link toAllowOrigin}
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
 * @example expect(response).toAllowCredentialedOrigin('https://app.example.com')
 */
export const toAllowCredentialedOrigin = alsoAsymmetric(function toAllowCredentialedOrigin(
  this: MatcherContext,
  received: unknown,
  origin: string,
  options?: LiveOptions,
): MatcherResult | Promise<MatcherResult> {
  return allowOrigin(
    this,
    { name: 'toAllowCredentialedOrigin', credentials: true },
    received,
    origin,
    options,
  )
})
