/** Whether a response came through a shared cache, and from what it kept; and URLs that no cache has seen. */
import type { Header, HeaderList } from '../fetch/header-list.js'

/** What a response shows of a cache it came through. */
export interface CacheSigns {
  /** Whether the cache had the response already; null where the headers do not tell. */
  readonly isHit: boolean | null
  /** The header lines that show it. */
  readonly lines: readonly Header[]
}

type Reader = (value: string) => boolean | null

const byWord: Reader = (value) => {
  if (/\bhit\b|_hit\b|\bstale\b|\brevalidated\b|\bupdating\b/i.test(value)) return true
  if (/\bmiss\b|_miss\b|\bbypass\b|\bpass\b|\bexpired\b|\bdynamic\b|\buncacheable\b|\bfwd\b/i.test(value))
    return false
  return byCount(value)
}
/** Counts of hits, one for each cache on the way. */
const byCount: Reader = (value) =>
  /^\s*\d+(\s*,\s*\d+)*\s*$/.test(value) ? value.split(',').some((count) => Number(count) > 0) : null
/** Varnish names a second request, the one that filled its cache, on a hit. */
const byVarnishIds: Reader = (value) => (/^\s*\d+(\s+\d+)?\s*$/.test(value) ? /\d\s+\d/.test(value) : null)
const byPresence: Reader = () => null

/** Each header a cache adds, and how it says whether it had the response already. */
const CACHE_HEADERS: ReadonlyMap<string, Reader> = new Map([
  ['cache-status', byWord],
  ['x-cache', byWord],
  ['x-cache-status', byWord],
  ['x-cache-hits', byCount],
  ['x-proxy-cache', byWord],
  ['x-vercel-cache', byWord],
  ['x-nextjs-cache', byWord],
  ['x-drupal-cache', byWord],
  ['cf-cache-status', byWord],
  ['akamai-cache-status', byWord],
  ['x-varnish', byVarnishIds],
  ['age', (value) => (/^\s*0*[1-9]\d*\s*$/.test(value) ? true : null)],
  ['x-served-by', (value) => (/\bcache-/i.test(value) ? byPresence(value) : false)],
  ['via', (value) => (/varnish|squid|cache|cloudfront|cdn|ATS|traffic ?server/i.test(value) ? null : false)],
])

/** Headers that any server may send: they count only where their value speaks of a cache. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['via', 'x-served-by'])

/**
 * What a response shows of a cache; null where nothing does.
 * @example cacheSigns([['X-Cache', 'HIT'], ['Age', '30']]) // { isHit: true, lines: [['X-Cache', 'HIT'], ['Age', '30']] }
 */
export function cacheSigns(lines: HeaderList): CacheSigns | null {
  const signs: { line: Header; says: boolean | null }[] = []
  for (const line of lines) {
    const name = line[0].toLowerCase()
    const read = CACHE_HEADERS.get(name)
    if (read === undefined) continue
    const says = read(line[1])
    if (says === false && AMBIGUOUS.has(name)) continue
    signs.push({ line, says })
  }
  if (signs.length === 0) return null
  const hits = signs.filter(({ says }) => says === true)
  if (hits.length > 0) return { isHit: true, lines: hits.map(({ line }) => line) }
  const misses = signs.some(({ says }) => says === false)
  return { isHit: misses ? false : null, lines: signs.map(({ line }) => line) }
}

/** Nobody reads it; to a cache it is another URL. */
const FRESH = 'expect-cors-fresh'

/** A URL with a query parameter that no cache has seen; what its query has already stays as it is written. */
export function freshUrl(url: string, nonce: string): string {
  const fresh = new URL(url)
  fresh.search = `${fresh.search === '' ? '?' : `${fresh.search}&`}${FRESH}=${nonce}`
  return fresh.href
}

/** A URL that a server made of a fresh one, such as a redirect that keeps the query, without what is fresh in it. */
export function withoutFresh(url: string, nonce: string): string {
  const [before = '', after] = url.split(`${FRESH}=${nonce}`)
  if (after === undefined) return url
  return after.startsWith('&') ? before + after.slice(1) : before.slice(0, -1) + after
}

/** Whether one URL is another with what no cache has seen. */
export function isFreshUrl(url: string, of: string): boolean {
  const nonce = new URL(url).searchParams.get(FRESH)
  return nonce !== null && freshUrl(of, nonce) === url
}
