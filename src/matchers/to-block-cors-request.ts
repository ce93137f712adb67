import { diagnosis } from '../diagnose/diagnosis.js'
import { type CorsFailureCode, corsFailureCodes } from '../fetch/failure.js'
import { nearest } from '../text/nearest.js'
import { argument } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { type WantedRequest, wantedWords } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'
import { warnOnce } from './assert/warn.js'
import { isAnyOpaque, type JourneyFinding, journeyQuestion, wholeJourney } from './assert/whole-journey.js'

const NAME = 'toBlockCorsRequest'

/**
 * Holds when every engine asked blocks the request, and for that reason where a code is given. An opaque response satisfies neither form.
 * With a code, `.not` says no more than "not for this code": it holds where the request is blocked for another, and a warning tells so.
 *
 * @param wanted the request; on a journey or verdict the code may stand in its place
 * @param code one of {@link CorsFailureCode}
 * @throws CorsUsageError for a response, and for an incomplete verdict
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 * @example await expect(app).toBlockCorsRequest({ origin: 'https://evil.example' }, 'missing-allow-origin')
 * @example expect(await page.inspect('https://api.example.com/orders')).toBlockCorsRequest('preflight-status')
 */
export const toBlockCorsRequest = defineMatcher({
  name: NAME,
  question(wanted?: WantedRequest | CorsFailureCode, code?: CorsFailureCode) {
    const reason = typeof wanted === 'string' ? wanted : code
    if (reason !== undefined) checkCode(reason)
    return { ...journeyQuestion(NAME, typeof wanted === 'string' ? undefined : wanted), code: reason }
  },
  ...wholeJourney({
    name: NAME,
    outcome: 'blocked',
    judge(found, { wanted, code }, negated, notes) {
      const others = code === undefined ? [] : otherCodes(found, code)
      const forIt = code === undefined || found.some(({ verdict }) => verdict.code === code)
      // It must not be read as "is not blocked".
      if (negated && others.length > 0 && !forIt)
        warnOnce('EXPECT_CORS_BLOCKED_OTHERWISE', diagnosis().blockedOtherwiseWarning(others, code))
      return {
        asksWho: true,
        findings: found.map(({ engine, verdict, journey }) => ({
          engine,
          journey,
          holds: verdict.outcome === 'blocked' && (code === undefined || verdict.code === code),
        })),
        isOpaque: isAnyOpaque(found),
        words: () => ({
          expected: [
            ...(wanted === undefined ? [] : [`{ ${wantedWords(wanted)} }`]),
            ...(code === undefined ? [] : [argument(code)]),
          ].join(', '),
          sentence:
            negated && forIt
              ? diagnosis().blockedSentence(code)
              : others.length > 0
                ? diagnosis().blockedOtherwiseSentence(others, code)
                : diagnosis().notBlockedSentence(found[0]?.verdict),
          notes,
          // What holds is a block.
          ...(negated ? { explain: true } : { instead: false }),
        }),
      }
    },
  }),
})

/** The codes it is blocked for, other than that one. */
function otherCodes(found: readonly JourneyFinding[], code: CorsFailureCode): CorsFailureCode[] {
  const codes = found.flatMap(({ verdict }) => (verdict.outcome === 'blocked' ? (verdict.code ?? []) : []))
  return [...new Set(codes)].filter((other) => other !== code)
}

/** An unknown code would make every `.not` hold. @throws CorsUsageError */
function checkCode(code: unknown): void {
  if (typeof code === 'string' && (corsFailureCodes as readonly string[]).includes(code)) return
  const near = typeof code === 'string' ? nearest(code, corsFailureCodes) : undefined
  throw new CorsUsageError(
    `${NAME}: ${describeValue(code)} is not a failure code${near === undefined ? '' : `; did you mean '${near}'?`}`,
  )
}
