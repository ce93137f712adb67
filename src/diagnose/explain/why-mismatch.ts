/** Why `Access-Control-Allow-Origin` names another origin than the one that asked, or several. */
import { parseOrigin } from '../../fetch/origin.js'
import type { BlockedCase } from '../case.js'
import type { Evidence } from '../evidence.js'
import { originDifference } from '../origin-difference.js'
import type { PossibleCause } from './cause.js'
import { certainMismatch } from './certain-cause.js'
import { browserCopy, cachedCopy, mayBeCached } from './why-cached.js'

/** The possible causes, the likelier first. */
export function mismatchCauses(
  found: BlockedCase,
  evidence: Evidence,
  origin: string,
  value: string,
): PossibleCause[] {
  const difference = originDifference(origin, value)
  const isOther = value === 'null' || (!value.includes('*') && parseOrigin(value).kind === 'tuple')
  // No origin is written so: whoever asks, and whatever a cache keeps.
  if (!isOther && difference !== null) return [{ causes: ['misspelt'], words: difference }]
  const kept = browserCopy(found)
  if (kept.length > 0) return kept
  const certain = certainMismatch(found, isNearMiss(origin, value) ? difference : null)
  if (certain.length > 0) return certain
  const why = whyOther(origin, value, difference)
  const unlisted: PossibleCause = {
    causes: ['origin-not-listed'],
    words: `${why}so the server does not have this origin on its list`,
  }
  const cached = cachedCopy(found, evidence)
  if (cached.length > 0) return [...cached, unlisted]
  if (origin === 'null' || value === 'null' || !mayBeCached(found, evidence)) return [unlisted]
  return [
    {
      causes: ['origin-not-listed', 'cached'],
      words: `${unlisted.words}, or a cache kept the response to that one (there is no \`Vary: Origin\`)`,
    },
  ]
}

/** Whether it is the same host, `www.` aside: what differs is then a slip, and not another site. */
function isNearMiss(origin: string, value: string): boolean {
  return [origin, value].every((each) => URL.canParse(each)) && bareHost(origin) === bareHost(value)
}

function bareHost(origin: string): string {
  return new URL(origin).hostname.replace(/^www\./, '')
}

function whyOther(origin: string, value: string, difference: string | null): string {
  if (origin === 'null') return 'a sandboxed frame, a `data:` document or a file has no origin of its own, '
  if (value === 'null')
    return '`null` stands for pages without an origin, and some servers send it to refuse, '
  return difference === null ? '' : `${difference}, `
}

const DOUBLED: PossibleCause = {
  causes: ['doubled'],
  words: 'two layers, such as a proxy and the app behind it, both add it',
}

/** The possible causes, the likelier first. Many clients join lines of the same name, so that one line may have been two. */
export function severalValues(value: string): PossibleCause[] {
  const values = value.split(',').map((one) => one.trim())
  if (values.includes('*') || new Set(values).size < values.length) return [DOUBLED]
  return [
    {
      causes: ['misspelt'],
      words: 'the server lists every origin it allows, where it has to send just the one that asked',
    },
    DOUBLED,
  ]
}
