/** Which caches keep a response, and for how long, as far as its headers decide that. @see https://httpwg.org/specs/rfc9111.html */

import {
  containsHeader,
  decodeAndSplit,
  getHeader,
  type HeaderList,
  headerLines,
} from '../fetch/header-list.js'
import type { Exchange } from '../verdict/verdict.js'

/**
 * How a cache keeps a response:
 * - `never`: not at all, or it never gives it out again;
 * - `asking`: it gives it out once the server has said that it is still good;
 * - `unsaid`: nothing says for how long, so it is the cache's own setting that decides;
 * - `fresh`: it gives it out without asking.
 */
export type Keeping = 'never' | 'asking' | 'unsaid' | 'fresh'

/** How the caches on the way keep a response, and how a browser's own does. */
export interface KeptBy {
  readonly shared: Keeping
  readonly browser: Keeping
}

/** Statuses whose responses a cache may keep although nothing says for how long. @see https://httpwg.org/specs/rfc9110.html#overview.of.status.codes */
const HEURISTIC: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501])

/** What is meant for some caches on the way alone, and wins there. @see https://httpwg.org/specs/rfc9213.html */
const TARGETED = [
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'netlify-cdn-cache-control',
  'vercel-cdn-cache-control',
  'surrogate-control',
]

/** How caches keep a response. */
export function keptBy({ request, response: { status, headers } }: Exchange): KeptBy {
  const said = directivesOf(headerLines(headers, 'cache-control'))
  const seconds = lifetimeOf(headers)
  const isHeuristic = HEURISTIC.has(status)
  const own: Said = { said, seconds, isHeuristic }
  const isGuarded =
    containsHeader(request.headers, 'authorization') &&
    !['public', 's-maxage', 'must-revalidate'].some((name) => said.has(name))
  const targeted = TARGETED.map((name) => headerLines(headers, name))
    .filter((lines) => lines.length > 0)
    .map((lines) => sharedKeeping({ ...own, said: directivesOf(lines), seconds: null }, headers))
  return {
    shared: longest([isGuarded ? 'never' : sharedKeeping(own, headers), ...targeted]),
    browser: browserKeeping(own, headers),
  }
}

interface Said {
  readonly said: ReadonlyMap<string, string | null>
  /** Until `Expires`; null where that is not said. */
  readonly seconds: number | null
  readonly isHeuristic: boolean
}

function sharedKeeping({ said, seconds, isHeuristic }: Said, headers: HeaderList): Keeping {
  if (said.has('no-store') || said.get('private') === null) return 'never'
  const explicit = secondsOf(said, 's-maxage') ?? secondsOf(said, 'max-age') ?? seconds
  if (said.get('no-cache') === null || (explicit !== null && explicit <= 0 && !servesStale(said)))
    return isHeuristic || explicit !== null ? 'asking' : 'never'
  if (explicit !== null) return 'fresh'
  // Those in use keep no response with a cookie of its own accord.
  if (!(isHeuristic || said.has('public')) || containsHeader(headers, 'set-cookie')) return 'never'
  return 'unsaid'
}

function browserKeeping({ said, seconds, isHeuristic }: Said, headers: HeaderList): Keeping {
  if (said.has('no-store')) return 'never'
  const isChecked = containsHeader(headers, 'etag') || containsHeader(headers, 'last-modified')
  const asking = isChecked ? 'asking' : 'never'
  const pragma = said.size === 0 && /\bno-cache\b/i.test(getHeader(headers, 'pragma') ?? '')
  if (said.has('no-cache') || pragma) return asking
  const explicit = secondsOf(said, 'max-age') ?? seconds
  if (explicit !== null) return explicit > 0 || servesStale(said) ? 'fresh' : asking
  return isHeuristic && heuristicSeconds(headers) >= 1 ? 'fresh' : asking
}

/** @see https://httpwg.org/specs/rfc5861.html#n-the-stale-while-revalidate-cache-control-extension */
function servesStale(said: Said['said']): boolean {
  return (secondsOf(said, 'stale-while-revalidate') ?? 0) > 0
}

const ORDER: readonly Keeping[] = ['never', 'asking', 'unsaid', 'fresh']

function longest(all: readonly Keeping[]): Keeping {
  return ORDER.findLast((each) => all.includes(each)) ?? 'never'
}

/** Directives by name, in lower case, the first of each; null where one has no value. */
function directivesOf(lines: readonly string[]): ReadonlyMap<string, string | null> {
  const directives = new Map<string, string | null>()
  for (const directive of lines.flatMap(decodeAndSplit)) {
    const [, name = '', value] = /^\s*([^=\s]+)\s*(?:=\s*(.*))?$/s.exec(directive) ?? []
    const known = name.toLowerCase()
    if (known !== '' && !directives.has(known))
      directives.set(known, value === undefined ? null : value.replace(/^"(.*)"$/s, '$1'))
  }
  return directives
}

/** What is not a number is stale. @see https://httpwg.org/specs/rfc9111.html#calculating.freshness.lifetime */
function secondsOf(said: Said['said'], name: string): number | null {
  const value = said.get(name)
  if (value === undefined) return null
  return value !== null && /^\d+$/.test(value) ? Number(value) : 0
}

/** Seconds between `Date` and `Expires`, where that is said; one that is not a date has passed. */
function lifetimeOf(headers: HeaderList): number | null {
  const [expires] = headerLines(headers, 'expires')
  if (expires === undefined) return null
  const until = Date.parse(expires)
  return Number.isNaN(until) ? 0 : (until - dateOf(headers)) / 1000
}

/** A tenth of the time since it was changed, as all engines have it. @see https://httpwg.org/specs/rfc9111.html#heuristic.freshness */
function heuristicSeconds(headers: HeaderList): number {
  const changed = Date.parse(getHeader(headers, 'last-modified') ?? '')
  return Number.isNaN(changed) ? 0 : (dateOf(headers) - changed) / 10_000
}

function dateOf(headers: HeaderList): number {
  const date = Date.parse(getHeader(headers, 'date') ?? '')
  return Number.isNaN(date) ? Date.now() : date
}
