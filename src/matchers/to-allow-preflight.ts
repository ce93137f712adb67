import { diagnosis } from '../diagnose/diagnosis.js'
import type { Judgment } from '../diagnose/judgment.js'
import { enginesOf, requestTo } from '../page/ask.js'
import { CorsUsageError } from '../text/usage-error.js'
import { type WantedPreflight, wantedOf, wantedWords } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'
import { judgePreflightResponse } from './assert/observed-preflight.js'
import { checkSentOrigin, unknownOriginNote } from './assert/observed-response.js'
import { type PreflightFinding, preflightAll, preflightFinding } from './assert/preflight-question.js'

const NAME = 'toAllowPreflight'

/**
 * Holds when the preflight for that request succeeds: an ok status, the origin, the method and every CORS-unsafe header. Nothing but the preflight is sent.
 *
 * @param wanted the request that the preflight is for: `{ origin, method, headers, credentials }`
 * @throws CorsUsageError where no engine would preflight the request: that is what `toAllowCorsRequest` is for
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 * @example await expect(app).toAllowPreflight({ origin: 'https://app.example.com', method: 'PUT', headers: ['content-type'] })
 */
export const toAllowPreflight = defineMatcher({
  name: NAME,
  noElements: 'it asks without a preflight',
  question: (wanted: WantedPreflight) => wantedOf(NAME, wanted),
  optionsOnResponse: ['method', 'headers', 'credentials', 'body', 'engines'],
  onResponse(response, { origin, wanted }, negated) {
    checkSentOrigin(negated, response, origin)
    const { method = 'GET', headers, body, credentials } = wanted
    const judgeIn = judgePreflightResponse(negated, response, { origin, method, headers, body, credentials })
    const found = enginesOf(wanted).map((engine) => preflightFinding(engine, judgeIn(engine)))
    return judged(wanted, found, negated ? [] : unknownOriginNote(response, origin))
  },
  async onEndpoint(endpoint, { origin }, { signal }) {
    const { options } = endpoint
    const found = await preflightAll(endpoint, requestTo(endpoint, origin), enginesOf(options), signal)
    return judged({ ...options, origin }, found, [])
  },
})

/** Judges the engines that preflight; those that do not have no say, and are named. */
function judged(
  wanted: WantedPreflight,
  found: readonly PreflightFinding[],
  notes: readonly string[],
): Judgment {
  const asked = found.filter(({ preflighted }) => preflighted)
  if (asked.length === 0) throw noPreflight(wanted, found)
  const unasked = found.filter(({ preflighted }) => !preflighted).map(({ engine }) => engine)
  return {
    asksWho: true,
    findings: asked.map(({ engine, passed, journey }) => ({ engine, holds: passed, journey })),
    words: (negated) => ({
      expected: `{ ${wantedWords(wanted)} }`,
      sentence: negated
        ? diagnosis().preflightSucceedsSentence(wantedWords(wanted), wanted.origin)
        : undefined,
      notes: [...(unasked.length === 0 ? [] : [diagnosis().notAskedNote(unasked, 'it')]), ...notes],
    }),
  }
}

function noPreflight(wanted: WantedPreflight, found: readonly PreflightFinding[]): CorsUsageError {
  const refused = found.find(({ journey }) => journey.verdict.outcome === 'blocked')?.journey.verdict
  return new CorsUsageError(
    refused === undefined
      ? `no browser sends a preflight for ${wantedWords(wanted)}: its method and headers are CORS-safelisted. Use toAllowCorsRequest for the whole journey, or name the method or headers that need a preflight`
      : `no browser sends ${wantedWords(wanted)} at all (${refused.code}), so there is no preflight to judge: toBlockCorsRequest asserts that`,
  )
}
