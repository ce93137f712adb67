/** Words for a response that a cache had kept, one on the way or the browser's own. */
import { listed, quoted } from '../../text/shown.js'
import type { CacheSigns } from '../cache-signs.js'
import type { BlockedCase } from '../case.js'
import type { Evidence } from '../evidence.js'
import { variesOnOrigin } from '../vary.js'
import type { PossibleCause } from './cause.js'

/** The cause that the browser itself had kept the response; none where its server sent it. */
export function browserCopy({ last, lines = [] }: BlockedCase): PossibleCause[] {
  if (last?.cacheState === 'validated') {
    const words =
      "it came from the browser's HTTP cache, confirmed by a 304, and that replaces only the CORS headers that it has itself"
    return [{ causes: ['cached'], words }]
  }
  if (last?.cacheState !== 'local') return []
  const start = "it came from the browser's HTTP cache without a request"
  const words = variesOnOrigin(lines)
    ? `${start}: it was refused before, and this browser keeps it all the same until it is no longer fresh`
    : `${start}: an earlier one, without \`Origin\` as for an image or from another origin, had put it there (there is no \`Vary: Origin\`)`
  return [{ causes: ['cached'], words }]
}

/** The cause that a cache had the response already, where its headers show that. */
export function cachedCopy({ lines = [] }: BlockedCase, { cache }: Evidence): PossibleCause[] {
  if (cache?.isHit !== true) return []
  const vary = variesOnOrigin(lines) ? 'and ignores `Vary: Origin`' : '(there is no `Vary: Origin`)'
  return [
    {
      causes: ['cached'],
      words: `it came from a cache (${cacheLines(cache)}) that kept the response to another request ${vary}`,
    },
  ]
}

/** The lines that show a cache: `X-Cache: HIT` and `Age: 30`. */
export function cacheLines({ lines }: CacheSigns): string {
  return listed(lines.slice(0, 2).map(([name, value]) => quoted(`${name}: ${value}`)))
}

/** Whether a cache may have kept the response without saying so: nothing tells it to keep the responses to different origins apart. */
export function mayBeCached({ lines = [] }: BlockedCase, { hasLines, cache }: Evidence): boolean {
  return hasLines && !variesOnOrigin(lines) && cache?.isHit !== false
}
