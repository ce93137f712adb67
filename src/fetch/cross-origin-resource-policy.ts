/** The cross-origin resource policy check, which a server asks for with `Cross-Origin-Resource-Policy`. */
import type { FetchRequest } from './fetch-request.js'
import { getHeader } from './header-list.js'
import { isOrigin, isSameSiteHost } from './origin.js'
import type { ResponseHead } from './response.js'

/**
 * The cross-origin resource policy internal check, for the embedder policy "unsafe-none" and not for navigation.
 * TODO: other embedder policies.
 * @see https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
 */
export function isBlockedByResourcePolicy(
  { client, currentUrl }: FetchRequest,
  response: ResponseHead,
): boolean {
  const { origin, registrableDomain } = client
  // 2. Let policy be the result of getting `Cross-Origin-Resource-Policy` from response's header list.
  switch (getHeader(response.headers, 'cross-origin-resource-policy')) {
    // 5. If origin is same origin with response's URL's origin, then return allowed.
    case 'same-origin':
      return !isOrigin(origin, currentUrl.origin)
    // If origin is schemelessly same site with response's URL's origin, and origin's scheme is "https" or response's URL's scheme is
    // not "https", then return allowed.
    case 'same-site':
      return !(
        origin.kind === 'tuple' &&
        isSameSiteHost(origin.host, currentUrl.hostname, registrableDomain) &&
        (origin.scheme === 'https' || currentUrl.protocol !== 'https:')
      )
    // 3-4. If policy is none of the three, then it is `cross-origin`.
    default:
      return false
  }
}
