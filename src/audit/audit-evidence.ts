/** From an exchange with the server to what a finding shows of it, and from both to a finding. */

import { getHeader, type Header } from '../fetch/header-list.js'
import { redactUrl } from '../text/redact.js'
import { shownValue } from '../text/shown.js'
import type { Exchange } from '../verdict/verdict.js'
import type { AuditEvidence, AuditFinding, AuditFindingId } from './audit-report.js'
import { findingClasses } from './finding-classes.js'
import type { AskedOrigin } from './route-asker.js'

const TELLING =
  /^(?:access-control-|vary$|age$|via$|x-cache|cache-control$|location$|cross-origin-resource-policy$)/i

/** What a finding shows of an exchange. */
function shownEvidence({ request, response }: Exchange): AuditEvidence {
  const { method, url, headers } = request
  return {
    method,
    url: redactUrl(url),
    origin: getHeader(headers, 'origin'),
    cookie: getHeader(headers, 'cookie') !== null,
    status: response.status,
    headers: response.headers
      .filter(([name]) => TELLING.test(name))
      .map(([name, value]): Header => [name, shownValue(name, value)]),
  }
}

/** A finding of a kind, in the words of its kind except for what is given. */
export function findingOf(
  id: AuditFindingId,
  own: Pick<AuditFinding, 'severity' | 'url' | 'explanation'> &
    Partial<Pick<AuditFinding, 'origin' | 'cause' | 'fix'>> & {
      readonly shows: readonly (AskedOrigin | Exchange)[]
    },
): AuditFinding {
  const { shows, ...said } = own
  const { cause, fix } = findingClasses[id]
  return {
    id,
    cause,
    fix,
    ...said,
    evidence: shows.map((each) => shownEvidence('last' in each ? each.last : each)),
  }
}
