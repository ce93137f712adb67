import { type CorsFailureCode, corsFailureCodes } from '../fetch/failure.js'
import { nearest } from '../text/nearest.js'
import { argument, listed } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { conclude } from './assert/conclude.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import { opaqueFailure } from './assert/opaque.js'
import { requestWords } from './assert/want.js'
import { warnOnce } from './assert/warn.js'
import { type JourneyFinding, type WantedRequest, wholeJourney } from './assert/whole-journey.js'

const NAME = 'toBlockCorsRequest'
const CODE = 'EXPECT_CORS_BLOCKED_OTHERWISE'

/**
 * Holds when every engine asked blocks the request, and for that reason where a code is given. An opaque response satisfies neither form.
 * With a code, `.not` says no more than "not for this code": it holds where the request is blocked for another, and a warning tells so.
 *
 * @param wanted the request; on a journey or verdict the code may stand in its place
 * @param code one of {@link CorsFailureCode}
 * @throws CorsUsageError for a response, and for an incomplete verdict
 * @example await expect(app).toBlockCorsRequest({ origin: 'https://evil.example' }, 'missing-allow-origin')
 * @example expect(await page.inspect('https://api.example.com/orders')).toBlockCorsRequest('preflight-status')
 */
export function toBlockCorsRequest(
  this: MatcherContext,
  received: unknown,
  wanted?: WantedRequest | CorsFailureCode,
  code?: CorsFailureCode,
): MatcherResult | Promise<MatcherResult> {
  const request = typeof wanted === 'string' ? undefined : wanted
  const reason = typeof wanted === 'string' ? wanted : code
  if (reason !== undefined) checkCode(reason)
  return wholeJourney(
    this,
    NAME,
    received,
    request,
    { unsentCode: reason, refusalHolds: this.isNot !== true },
    (findings, kind, notes) => {
      const others = reason === undefined ? [] : blockedOtherwise(findings, reason)
      const otherwise = `It is blocked, but for ${listed(others.map((code) => argument(code)))}, not for '${reason}'.`
      const forIt = reason === undefined || findings.some(({ verdict }) => verdict.code === reason)
      if (this.isNot === true && others.length > 0 && !forIt) warnOnce(CODE, warningText(reason, otherwise))
      const expected = [
        request === undefined ? '' : `{ ${requestWords(request)} }`,
        reason === undefined ? '' : argument(reason),
      ]
        .filter((text) => text !== '')
        .join(', ')
      return (
        opaqueFailure(this, NAME, kind, expected, findings) ??
        conclude(this, {
          name: NAME,
          received: kind,
          expected,
          findings: findings.map(({ engine, verdict, journey }) => ({
            engine,
            journey,
            holds: verdict.outcome === 'blocked' && (reason === undefined || verdict.code === reason),
          })),
          failed: () =>
            others.length > 0
              ? otherwise
              : `It is not blocked: a page at ${findings[0]?.verdict.origin} may read the response.`,
          held: () => {
            if (reason === undefined) return 'The request is blocked.'
            return forIt
              ? `The request is blocked for '${reason}', and .not with a code says: not for this code.`
              : otherwise
          },
          instead: () => false,
          explainHeld: true,
          notes: () => notes,
        })
      )
    },
  )
}

/** The codes it is blocked for, other than that one. */
function blockedOtherwise(findings: readonly JourneyFinding[], reason: CorsFailureCode): CorsFailureCode[] {
  const codes = findings.flatMap(({ verdict }) => (verdict.outcome === 'blocked' ? (verdict.code ?? []) : []))
  return [...new Set(codes)].filter((code) => code !== reason)
}

/** It must not be read as "is not blocked". */
function warningText(reason: CorsFailureCode | undefined, otherwise: string): string {
  return `.not.${NAME}(…, '${reason}') holds, because with a code it says no more than "not for this code". ${otherwise} Leave the code out to assert that the request is not blocked.`
}

/** A code that is none would make every `.not` hold. @throws CorsUsageError */
function checkCode(code: unknown): void {
  if (typeof code === 'string' && (corsFailureCodes as readonly string[]).includes(code)) return
  const near = typeof code === 'string' ? nearest(code, corsFailureCodes) : undefined
  throw new CorsUsageError(
    `${NAME}: ${describeValue(code)} is no failure code${near === undefined ? '' : `; did you mean '${near}'?`}`,
  )
}
