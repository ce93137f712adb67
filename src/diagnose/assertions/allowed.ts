/** The words of matchers whose negative fails because a page may use the response: what lets it. */
import { getHeader } from '../../fetch/header-list.js'
import { argument, shown } from '../../text/shown.js'
import type { Exchange, Journey, Verdict } from '../../verdict/verdict.js'
import { whyAllowed } from '../again/who-may.js'
import { caseOf } from '../case.js'
import { useWords } from '../explain/words.js'

/** Of `toAllowOrigin` and `toAllowCredentialedOrigin`. */
export function readableSentence(
  journey: Journey | undefined,
  origin: string,
  withCredentials: boolean,
  askedAgain: readonly Exchange[],
): string {
  const headers = journey?.exchanges.at(-1)?.response.headers ?? []
  const value = getHeader(headers, 'access-control-allow-origin')
  const how = withCredentials ? ' with credentials' : ''
  const by = value === null ? '' : `: Access-Control-Allow-Origin is ${argument(value)}${why(value)}`
  return `A page at ${shown(origin)} may ${useWords(journey?.verdict ?? {}, 'this response')}${how}${by}.`

  function why(sent: string): string {
    if (sent === '*') return ', which lets every page in'
    if (sent !== origin || journey === undefined) return ''
    return `, ${whyAllowed({ ...caseOf(journey), related: askedAgain })}`
  }
}

/** Of `toAllowCorsRequest`. */
export function allowedSentence(verdict: Verdict): string {
  const { origin, method, credentials } = verdict
  const send = verdict.as === undefined ? `send ${method} and ` : ''
  return `A page at ${origin} may ${send}${useWords(verdict, 'the response')}${credentials ? ', with credentials' : ''}.`
}
