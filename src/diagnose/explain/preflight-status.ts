/** Why a preflight whose origin is allowed has a status that no browser accepts. */
import { listed, quoted } from '../../text/shown.js'
import { differencesOf } from '../again/differences.js'
import type { BlockedCase } from '../case.js'
import type { Evidence } from '../evidence.js'
import { type PermittedList, permittedHeaders, permittedMethods } from '../permission.js'
import type { CorsCause, PossibleCause } from './cause.js'
import { certainCauses } from './certain-cause.js'
import { cachedCopy } from './why-cached.js'
import { statusCause } from './why-missing.js'

/** The possible causes, the likelier first. */
export function badStatusCauses(found: BlockedCase, evidence: Evidence): PossibleCause[] {
  const status = found.status ?? 0
  const certain = certainCauses(found, evidence)
  if (certain.length > 0) return certain
  return [
    ...cachedCopy(found, evidence),
    ...(evidence.hasLines ? withCorsHeaders(found, status) : [statusCause(status) ?? ONLY_OK]),
  ]
}

const ONLY_OK: PossibleCause = { causes: ['no-options-route'], words: 'only 200 to 299 will do' }

/** The lines are known, and they allow the origin: whatever the status, CORS rules ran. */
function withCorsHeaders(found: BlockedCase, status: number): PossibleCause[] {
  if (status === 401 || status === 407)
    return [
      {
        causes: ['auth-before-cors'],
        words:
          'its CORS headers are there, but authentication still refuses OPTIONS, and preflights never carry credentials',
      },
    ]
  const refusals =
    REFUSALS.has(status) && !differencesOf(found).isGetAlike
      ? [
          ...refusal('method-not-listed', 'Access-Control-Allow-Methods', permittedMethods(found)),
          ...refusal('header-not-listed', 'Access-Control-Allow-Headers', permittedHeaders(found)),
        ]
      : []
  if (refusals.length > 0) return refusals
  if (NO_ROUTE.has(status))
    return [
      {
        causes: ['no-options-route'],
        words:
          'its CORS headers are there, but OPTIONS goes on to the routes, none of which handles it at this path; the CORS rules should respond to preflights themselves',
      },
    ]
  const cause = statusCause(status)
  if (status >= 500 && cause !== undefined) return [cause]
  if (status >= 400)
    return [
      {
        causes: ['no-options-route'],
        words:
          'its CORS headers are there, but either OPTIONS goes on to something that refuses it, though the CORS rules should respond to preflights themselves, or they are set to respond with this status',
      },
    ]
  return [cause ?? ONLY_OK]
}

/** CORS rules respond with these to a method or a header that they refuse. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 405])
const NO_ROUTE: ReadonlySet<number> = new Set([404, 405, 415, 501])

function refusal(cause: CorsCause, header: string, { names, missing }: PermittedList): PossibleCause[] {
  if (missing.length === 0 || names.length === 0) return []
  return [
    {
      causes: [cause],
      words: `the CORS rules refuse ${listed(missing.map(quoted), 'or')}, which is not in ${header} (${quoted(names.join(', '))})`,
    },
  ]
}
