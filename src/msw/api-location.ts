/** Where the API of a mock is, below which a contract's paths are. */

import type { AppliedPolicy, ApplyPolicy } from '../contract/applied-policy.js'
import { commonMethods } from '../contract/notations.js'
import type { MswHandler } from '../subject/msw-handlers.js'
import { argument, shown, shownUrl } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'

/** What is said of CORS to a request; undefined for one that goes elsewhere. */
export type PolicyAt = (url: URL, method: string, origin: string | null) => AppliedPolicy | undefined

const NO_CORS: AppliedPolicy = { varies: false, grant: undefined }

/** The policy for the requests below a URL, or for all of them. What has no route is granted nothing. */
export function policyBelow(baseUrl: string | URL | undefined, apply: ApplyPolicy): PolicyAt {
  if (baseUrl === undefined) return (url, method, origin) => apply(method, url.pathname, origin) ?? NO_CORS
  const { origin: host, pathname } = new URL(baseUrl)
  const root = pathname.replace(/\/$/, '')
  return (url, method, origin) =>
    url.origin === host && url.pathname.startsWith(`${root}/`)
      ? (apply(method, url.pathname.slice(root.length), origin) ?? NO_CORS)
      : undefined
}

/** A handler's methods, and its path: parameters are as in a contract. */
interface Place {
  readonly methods: readonly string[]
  readonly url: URL
}

/**
 * Without a base URL, handlers that are all below a path that the contract leaves out would all be without CORS.
 * @throws CorsUsageError where each of them is, that names the base URL
 */
export function checkLocation(handlers: readonly MswHandler[], apply: ApplyPolicy, where: string): void {
  const places = handlers.map(placeOf)
  const known = places.filter((place) => place !== undefined)
  const isRoute = ({ methods }: Place, path: string): boolean =>
    methods.some((method) => apply(method, path, null) !== undefined)
  // Whatever is at a path that only its own code knows may be on a route.
  if (known.length < places.length || known.some((place) => isRoute(place, place.url.pathname))) return
  for (const place of known) {
    const { origin, pathname } = place.url
    const ends = [...pathname.matchAll(/(?<=.)\//g)].map(({ index }) => index)
    const end = ends.find((at) => isRoute(place, pathname.slice(at)))
    if (end === undefined) continue
    throw new CorsUsageError(
      `${where}: no handler is for a route of the contract, whose ${shown(pathname.slice(end))} is at ${shownUrl(`${origin}${pathname}`)}; say where the API is: ${where.replace('()', '')}(contract, handlers, { baseUrl: ${argument(`${origin}${pathname.slice(0, end)}`)} })`,
    )
  }
}

/** Undefined for a pattern, an expression, a predicate, a path without an origin, and for GraphQL. */
function placeOf({ info: { method, path } }: MswHandler): Place | undefined {
  if (typeof path !== 'string' || path.includes('*') || !URL.canParse(path)) return undefined
  // MSW makes nothing of a slash at the end.
  const url = new URL(path.replace(/(?<=[^/])\/$/, ''))
  return { methods: typeof method === 'string' ? [method.toUpperCase()] : commonMethods, url }
}
