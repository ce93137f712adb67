import { conclude } from './assert/conclude.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import { opaqueFailure } from './assert/opaque.js'
import { requestWords } from './assert/want.js'
import { type WantedRequest, wholeJourney } from './assert/whole-journey.js'

const NAME = 'toAllowCorsRequest'

/**
 * Holds when the whole journey, preflight, redirects and response, ends with a response the page's script can read. An opaque response satisfies neither form.
 *
 * @param wanted the request; left out on a journey or verdict
 * @throws CorsUsageError for a response, which does not show its preflight, and for an incomplete verdict
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 * @example await expect(app).toAllowCorsRequest({ origin: 'https://app.example.com', method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' })
 * @example expect(await page.inspect('https://api.example.com/orders')).toAllowCorsRequest()
 */
export function toAllowCorsRequest(
  this: MatcherContext,
  received: unknown,
  wanted?: WantedRequest,
): MatcherResult | Promise<MatcherResult> {
  return wholeJourney(
    this,
    NAME,
    received,
    wanted,
    { refusalHolds: this.isNot === true },
    (findings, kind, notes) => {
      const expected = wanted === undefined ? '' : `{ ${requestWords(wanted)} }`
      return (
        opaqueFailure(this, NAME, kind, expected, findings) ??
        conclude(this, {
          name: NAME,
          received: kind,
          expected,
          findings: findings.map(({ engine, verdict, journey }) => ({
            engine,
            journey,
            holds: verdict.outcome === 'allowed',
          })),
          held: () => {
            const verdict = findings[0]?.verdict
            return `A page at ${verdict?.origin} may send ${verdict?.method} and read the response${verdict?.credentials === true ? ', with credentials' : ''}.`
          },
          notes: () => notes,
        })
      )
    },
  )
}
