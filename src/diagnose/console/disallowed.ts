/** The request headers that a preflight's answer does not allow: engines name different ones of them first. */
import { extractHeaderListValues } from '../../fetch/header-list.js'
import { isCorsNonWildcardRequestHeaderName } from '../../fetch/request-headers.js'
import type { ConsoleCase } from './console-case.js'

/** Lower-case names of every header that was asked for and is not allowed, sorted as they were asked. */
export function disallowedHeaders(found: ConsoleCase): string[] {
  const { verdict } = found
  const { value } = verdict
  const lines =
    found.answer ?? (typeof value === 'string' ? [['access-control-allow-headers', value] as const] : [])
  const { values } = extractHeaderListValues(lines, 'access-control-allow-headers')
  if (values === 'failure') return []
  const allowed = new Set((values ?? []).map((name) => name.toLowerCase()))
  const wildcard = allowed.has('*') && !verdict.credentials
  return found.asked.headers.filter(
    (name) => !allowed.has(name) && !(wildcard && !isCorsNonWildcardRequestHeaderName(name)),
  )
}
