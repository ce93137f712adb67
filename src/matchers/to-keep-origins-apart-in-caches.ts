import { audits } from '../audit/audits.js'
import { diagnosis } from '../diagnose/diagnosis.js'
import { getConfiguration } from '../subject/configure.js'
import { argument } from '../text/shown.js'
import { type OriginOptions, pageOf } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'

const NAME = 'toKeepOriginsApartInCaches'

/**
 * Holds when no cache, neither one on the way nor a browser's own, gives one origin what was meant for another. `toVaryOnOrigin` reads the header; this
 * goes by what comes of it: a policy that is the same for all needs no `Vary`, nor does what no cache keeps, whereas a right header does not help
 * if a cache on the way ignores it, which is tried out.
 *
 * It asks with GET or HEAD, about 20 times, and never at the URL itself: each time with a new query parameter, `expect-cors-fresh`, so that nothing that a
 * cache holds for others is read or changed.
 *
 * @param options `{ origin, path? }`, with an origin that is allowed
 * @throws CorsUsageError for a method other than GET and HEAD, for an origin that the server does not allow, and where a cache on the way shows nothing
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
 * @example await expect('https://api.example.com').toKeepOriginsApartInCaches({ origin: 'https://app.example.com', path: '/orders' })
 */
export const toKeepOriginsApartInCaches = defineMatcher({
  name: NAME,
  question: (options?: OriginOptions) => pageOf(options),
  refusedOptions: { engines: 'a cache on the way serves every browser alike' },
  onResponse:
    'one response does not show what others get. Use toVaryOnOrigin on it, which reads its Vary header',
  onEndpointNeeds: () => `an origin that it allows: ${NAME}({ origin: 'https://app.example.com' })`,
  async onEndpoint(endpoint, { origin }, { signal }) {
    const { askEachHop, judgeCaches } = audits()
    const trials = await askEachHop(endpoint, { what: NAME, origin, signal })
    const found = trials.flatMap(judgeCaches)
    return {
      findings: [{ engine: 'standard', holds: found.length === 0 }],
      words: () => ({
        expected: `{ origin: ${argument(origin)} }`,
        ...diagnosis().keptApartWords(found, trials, {
          credentials: endpoint.options.credentials,
          server: getConfiguration().server,
        }),
      }),
    }
  },
})
