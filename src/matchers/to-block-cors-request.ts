import { type CorsFailureCode, corsFailureCodes } from '../fetch/failure.js'
import { describeValue } from '../text/describe-value.js'
import { nearest } from '../text/nearest.js'
import { argument } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { conclude } from './conclude.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { opaqueFailure } from './opaque.js'
import { requestWords } from './want.js'
import { type WantedRequest, wholeJourney } from './whole-journey.js'

const NAME = 'toBlockCorsRequest'

/**
 * Holds when every engine asked blocks the request, and for that reason where a code is given. An opaque response satisfies neither form.
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
          failed: () => {
            const other = findings.find(
              ({ verdict }) => verdict.outcome === 'blocked' && verdict.code !== reason,
            )?.verdict
            if (reason !== undefined && other !== undefined)
              return `It is blocked, but for '${other.code}', not for '${reason}'.`
            return `It is not blocked: a page at ${findings[0]?.verdict.origin} may read the response.`
          },
          held: () => `The request is blocked${reason === undefined ? '' : ` for '${reason}'`}.`,
          instead: () => false,
          explainHeld: true,
          notes: () => notes,
        })
      )
    },
  )
}

/** A code that is none would make every `.not` hold. @throws CorsUsageError */
function checkCode(code: unknown): void {
  if (typeof code === 'string' && (corsFailureCodes as readonly string[]).includes(code)) return
  const near = typeof code === 'string' ? nearest(code, corsFailureCodes) : undefined
  throw new CorsUsageError(
    `${NAME}: ${describeValue(code)} is no failure code${near === undefined ? '' : `; did you mean '${near}'?`}`,
  )
}
