/** Whether the caches on the way keep a response, as far as its headers decide that. @see https://httpwg.org/specs/rfc9111.html */

import { noDeviations } from '../fetch/deviations.js'
import { containsHeader, type HeaderList, headerLines } from '../fetch/header-list.js'
import { cacheDirectives } from '../fetch/http-caching.js'
import type { Exchange } from '../verdict/verdict.js'

/**
 * How such a cache keeps a response:
 * - `never`: not at all, or it never gives it out again;
 * - `asking`: it gives it out once the server has said that it is still good;
 * - `unsaid`: nothing says for how long, so it is the cache's own setting that decides;
 * - `fresh`: it gives it out without asking.
 */
export type Keeping = 'never' | 'asking' | 'unsaid' | 'fresh'

/** Statuses whose responses a cache may keep although nothing says for how long. @see https://httpwg.org/specs/rfc9110.html#overview.of.status.codes */
const HEURISTIC: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501])

/** What is meant for some of them alone, and wins there. @see https://httpwg.org/specs/rfc9213.html */
export const targetedFields = [
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'netlify-cdn-cache-control',
  'vercel-cdn-cache-control',
  'surrogate-control',
]

type Directives = ReturnType<typeof cacheDirectives>

/** How caches on the way keep a response; the one that keeps it longest. */
export function keptOnTheWay({ kind, request, response: { status, headers } }: Exchange): Keeping {
  // @see https://httpwg.org/specs/rfc9110.html#OPTIONS
  if (kind === 'preflight') return 'never'
  const said = cacheDirectives(headers, noDeviations)
  const isGuarded =
    containsHeader(request.headers, 'authorization') &&
    !['public', 's-maxage', 'must-revalidate'].some((name) => said.has(name))
  const own = isGuarded ? 'never' : keeping(said, lifetimeOf(headers), status, headers)
  const targeted = targetedFields
    .filter((name) => containsHeader(headers, name))
    .map((name) => keeping(cacheDirectives(headers, noDeviations, name), null, status, headers))
  return ORDER.findLast((each) => each === own || targeted.includes(each)) ?? 'never'
}

const ORDER: readonly Keeping[] = ['never', 'asking', 'unsaid', 'fresh']

function keeping(said: Directives, lifetime: number | null, status: number, headers: HeaderList): Keeping {
  if (said.has('no-store') || isOfAll(said, 'private')) return 'never'
  const isHeuristic = HEURISTIC.has(status)
  const seconds = secondsOf(said, 's-maxage') ?? secondsOf(said, 'max-age') ?? lifetime
  // @see https://httpwg.org/specs/rfc5861.html#n-the-stale-while-revalidate-cache-control-extension
  const servesStale = (secondsOf(said, 'stale-while-revalidate') ?? 0) > 0
  if (isOfAll(said, 'no-cache') || (seconds !== null && seconds <= 0 && !servesStale))
    return isHeuristic || seconds !== null ? 'asking' : 'never'
  if (seconds !== null) return 'fresh'
  // Those in use keep no response with a cookie of its own accord.
  if (!(isHeuristic || said.has('public')) || containsHeader(headers, 'set-cookie')) return 'never'
  return 'unsaid'
}

/** Whether a directive is there and not of some header fields alone, which it names. */
function isOfAll(said: Directives, name: string): boolean {
  return said.get(name)?.includes('') === true
}

/** What is not a number is stale. @see https://httpwg.org/specs/rfc9111.html#calculating.freshness.lifetime */
function secondsOf(said: Directives, name: string): number | null {
  const [value] = said.get(name) ?? []
  if (value === undefined) return null
  return /^\d+$/.test(value) ? Number(value) : 0
}

/** Seconds between `Date` and `Expires`, where that is said; one that is not a date has passed. */
function lifetimeOf(headers: HeaderList): number | null {
  const [expires] = headerLines(headers, 'expires')
  if (expires === undefined) return null
  const [date] = headerLines(headers, 'date').map((value) => Date.parse(value))
  const [until, now] = [Date.parse(expires), date === undefined || Number.isNaN(date) ? Date.now() : date]
  return Number.isNaN(until) ? 0 : (until - now) / 1000
}
