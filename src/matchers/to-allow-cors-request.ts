import { diagnosis } from '../diagnose/diagnosis.js'
import { type WantedRequest, wantedWords } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'
import { isAnyOpaque, journeyQuestion, wholeJourney } from './assert/whole-journey.js'

const NAME = 'toAllowCorsRequest'

/**
 * Holds when the whole journey, preflight, redirects and response, ends with a response the page's script can read. An opaque response satisfies neither form.
 * The request is really sent: against a deployed API judge a method that changes state with `toAllowPreflight`.
 *
 * @param wanted the request; left out on a journey or verdict
 * @throws CorsUsageError for a response, which does not show its preflight, and for an incomplete verdict
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 * @example await expect(app).toAllowCorsRequest({ origin: 'https://app.example.com', method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' })
 * @example expect(await page.inspect('https://api.example.com/orders')).toAllowCorsRequest()
 */
export const toAllowCorsRequest = defineMatcher({
  name: NAME,
  question: (wanted?: WantedRequest) => journeyQuestion(NAME, wanted),
  ...wholeJourney({
    name: NAME,
    outcome: 'allowed',
    judge: (found, { wanted }, _negated, notes) => ({
      asksWho: true,
      findings: found.map(({ engine, verdict, journey }) => ({
        engine,
        journey,
        holds: verdict.outcome === 'allowed',
      })),
      isOpaque: isAnyOpaque(found),
      words(negated) {
        const verdict = found[0]?.verdict
        return {
          expected: wanted === undefined ? '' : `{ ${wantedWords(wanted)} }`,
          sentence: negated && verdict !== undefined ? diagnosis().allowedSentence(verdict) : undefined,
          notes,
        }
      },
    }),
  }),
})
