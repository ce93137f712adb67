/** The words of `toBlockCorsRequest`. */
import type { CorsFailureCode } from '../../fetch/failure.js'
import { argument, listed } from '../../text/shown.js'
import type { Verdict } from '../../verdict/verdict.js'
import { useWords } from '../explain/words.js'

/** Of the negative: that it is blocked, for the code in question where there is one. */
export function blockedSentence(code: CorsFailureCode | undefined): string {
  return code === undefined
    ? 'The request is blocked.'
    : `The request is blocked for '${code}', and .not with a code says: not for this code.`
}

/** Of either form. */
export function blockedOtherwiseSentence(
  others: readonly CorsFailureCode[],
  code: CorsFailureCode | undefined,
): string {
  return `It is blocked, but for ${listed(others.map((other) => argument(other)))}, not for '${code}'.`
}

/** Of a negative that holds. */
export function blockedOtherwiseWarning(
  others: readonly CorsFailureCode[],
  code: CorsFailureCode | undefined,
): string {
  return `.not.toBlockCorsRequest(…, '${code}') holds, because with a code it says no more than "not for this code". ${blockedOtherwiseSentence(others, code)} Leave the code out to assert that the request is not blocked.`
}

/** Of the positive. */
export function notBlockedSentence(verdict: Verdict | undefined): string {
  return `It is not blocked: a page at ${verdict?.origin} may ${useWords(verdict ?? {}, 'the response')}.`
}
