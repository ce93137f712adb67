import { CorsUsageError } from '../text/usage-error.js'
import { readableBy } from './assert/readable-by.js'

/**
 * Holds when a page at `origin` may read the response without credentials, whatever its status: a 404 with the header is readable.
 *
 * @param origin the page's serialized origin, such as `https://app.example.com`; `null` is an opaque one
 * @param options how to ask an endpoint: `{ path, method, headers, … }`
 * @throws CorsUsageError for an origin that is not canonical, a response that cannot be judged, a negative where no sent origin is known
 * @see https://fetch.spec.whatwg.org/#concept-cors-check
 * @example expect(response).toAllowOrigin('https://app.example.com')
 * @example await expect(app).toAllowOrigin('https://app.example.com', { path: '/orders' })
 */
export const toAllowOrigin = readableBy('toAllowOrigin', 'omit', ({ credentials }) => {
  if (credentials === 'include') {
    throw new CorsUsageError(
      "toAllowOrigin asks without credentials: use toAllowCredentialedOrigin for credentials: 'include'",
    )
  }
})
