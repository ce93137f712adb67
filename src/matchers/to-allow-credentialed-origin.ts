import { CorsUsageError } from '../text/usage-error.js'
import { readableBy } from './assert/readable-by.js'

/**
 * Holds when a page at `origin` may read the response of a request with credentials: `Access-Control-Allow-Origin` is that origin and not
 * `*`, and `Access-Control-Allow-Credentials` is `true`.
 *
 * @param origin the page's serialized origin
 * @param options how to ask an endpoint: `{ path, method, headers, … }`
 * @throws CorsUsageError as {@link toAllowOrigin}
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
 * @example expect(response).toAllowCredentialedOrigin('https://app.example.com')
 */
export const toAllowCredentialedOrigin = readableBy(
  'toAllowCredentialedOrigin',
  'include',
  ({ credentials = 'include' }) => {
    if (credentials !== 'include') {
      throw new CorsUsageError(
        `toAllowCredentialedOrigin always asks with credentials: leave credentials: '${credentials}' out, or use toAllowOrigin`,
      )
    }
  },
)
