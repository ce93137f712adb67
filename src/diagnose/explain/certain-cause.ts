/** The cause that asking again has made certain: what differs between the offending response and those beside it. */

import { isOkStatus } from '../../fetch/redirect.js'
import { listed, quoted } from '../../text/shown.js'
import { differencesOf } from '../again/differences.js'
import type { BlockedCase } from '../case.js'
import type { Evidence } from '../evidence.js'
import type { CorsCause, PossibleCause } from './cause.js'

/** Why the origin, the method or a header is not allowed; empty where nothing was asked that tells. */
export function certainCauses(found: BlockedCase, evidence: Evidence): PossibleCause[] {
  const { isOriginListed } = evidence
  const { refused, isCached, isPreflightGranted, rulesRunForMissingPath, looksAtOrigin } =
    differencesOf(found)
  if (refused !== null) return [refusedAlone(refused.methods, refused.headers)]
  if (isCached) return [CACHED]
  if (rulesRunForMissingPath) return [coveredElsewhere(found)]
  if (isPreflightGranted && found.blockedAt === 'response' && isOkStatus(found.status ?? 0)) {
    return [
      {
        causes: ['no-cors-here'],
        words:
          'preflights for this URL are allowed, so the CORS rules know this origin, but they do not run for the response itself',
      },
    ]
  }
  if (isOriginListed === true) return []
  const origin = quoted(found.verdict.hop.origin)
  // What the response itself shows says more, and is said elsewhere.
  if (evidence.traces.length === 0 && evidence.refusedElsewhere.length > 0)
    return [
      {
        causes: ['origin-not-listed'],
        words: `the preflight for this URL shows CORS rules (${listed(evidence.refusedElsewhere.slice(0, 2).map(quoted))}) that do not allow this origin, so ${origin} is not on the server's list`,
      },
    ]
  return looksAtOrigin === true
    ? [
        {
          causes: ['origin-not-listed'],
          words: `${origin} is not on the server's list: the server responds differently to another origin, or to none`,
        },
      ]
    : []
}

/** The CORS rules run for a path that does not exist, and not for this response: its status tells what is in their way. */
function coveredElsewhere(found: BlockedCase): PossibleCause {
  const { status = 0, blockedAt } = found
  const allowed = 'the CORS rules allow this origin at a path that does not exist, so'
  if (blockedAt === 'redirect')
    return {
      causes: ['redirected', 'no-cors-here'],
      words: `${allowed} the server redirects before its CORS rules run, or they leave out this path`,
    }
  if (status === 401 || status === 407)
    return {
      causes: ['auth-before-cors', 'no-cors-here'],
      words: `${allowed} authentication runs before them here, or they leave out this path`,
    }
  if (status >= 400 && blockedAt === 'response')
    return {
      causes: ['errors-without-cors', 'no-cors-here'],
      words: `${allowed} they leave out this ${status} or this path`,
    }
  if (status === 403)
    return {
      causes: ['auth-before-cors', 'no-cors-here'],
      words: `${allowed} something refuses OPTIONS before they run here, such as a firewall, or they leave out this path`,
    }
  return { causes: ['no-cors-here'], words: `${allowed} they do not cover this one` }
}

/** Why the response names another origin; empty where nothing was asked that tells. */
export function certainMismatch(found: BlockedCase, difference: string | null): PossibleCause[] {
  const { isCached, isConstant, allowsStrangers } = differencesOf(found)
  if (isCached) return [CACHED]
  if (isConstant)
    return [
      {
        causes: ['origin-not-listed'],
        words: `${difference === null ? '' : `${difference}; `}the server names it to an unknown origin too: either it always names this one origin, or ${quoted(found.verdict.hop.origin)} is not on its list`,
      },
    ]
  return allowsStrangers === true
    ? [
        {
          causes: ['cached'],
          words: 'the server allows even an unknown origin, so a cache kept the response to another request',
        },
      ]
    : []
}

const CACHED: PossibleCause = {
  causes: ['cached'],
  words:
    'the same request is allowed where no cache has a response yet, so a cache kept the response to another one',
}

function refusedAlone(methods: readonly string[], headers: readonly string[]): PossibleCause {
  const parts = [
    ...methods.map(quoted),
    ...(headers.length === 0
      ? []
      : [`the header${headers.length > 1 ? 's' : ''} ${listed(headers.map(quoted))}`]),
  ]
  const causes: CorsCause[] = [
    ...(methods.length > 0 ? (['method-not-listed'] as const) : []),
    ...(headers.length > 0 ? (['header-not-listed'] as const) : []),
  ]
  return {
    causes,
    words: `the server allows this origin a plain GET, and refuses ${listed(parts)}, which ${
      methods.length + headers.length > 1 ? 'are' : 'is'
    } not on its list`,
  }
}
