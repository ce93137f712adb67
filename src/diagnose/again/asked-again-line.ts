/** What was asked again, in one line. */
import { row, shown } from '../../text/shown.js'
import type { Exchange } from '../../verdict/verdict.js'
import { isFreshUrl } from '../cache-signs.js'
import type { Case } from '../case.js'
import { isOriginAllowed } from './differences.js'
import { isGranted, isMissingUrl, questionOf } from './next-question.js'
import { STRANGER } from './other-origins.js'

/**
 * Says what was asked once an assertion had failed, and what came of it.
 * @example askedAgainLine(found, asked)
 * // 'Asked again: a preflight for GET alone (status 200, allowed), a preflight for PUT alone (status 403, refused).'
 */
export function askedAgainLine(found: Case, asked: readonly Exchange[]): string {
  return `Asked again: ${row(asked.map((exchange) => `${words(found, exchange)} (${outcome(found, exchange)})`))}.`
}

function words({ last }: Case, exchange: Exchange): string {
  const { kind, method, headers, origin, url } = questionOf(exchange)
  const own = last === undefined ? undefined : questionOf(last)
  const what = kind === 'preflight' ? 'a preflight' : shown(method)
  if (isMissingUrl(url)) return `${what} for a path that does not exist`
  if (own !== undefined && isFreshUrl(url, own.url)) return `${what} past every cache`
  if (origin === null) return `${what} without Origin`
  if (origin !== own?.origin)
    return `${what} from ${origin === STRANGER ? 'an unknown origin' : shown(origin)}`
  return `${what} for ${headers.length === 0 ? shown(method) : row(headers.map(shown))} alone`
}

function outcome(found: Case, exchange: Exchange): string {
  const { status } = exchange.response
  if (questionOf(exchange).origin === null) return `status ${status}`
  const isAllowed = exchange.kind === 'preflight' ? isGranted(exchange, found) : isOriginAllowed(exchange)
  return `status ${status}, ${isAllowed ? 'allowed' : 'refused'}`
}
