/** Whether an engine would still remember a preflight response some time later. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import { type Client, FetchRequest } from '../fetch/fetch-request.js'
import { PreflightCache } from '../fetch/preflight-cache.js'
import type { ResponseHead } from '../fetch/response.js'
import { type CorsRequest, toFetchRequest } from './cors-request.js'
import { Run } from './run.js'

/**
 * Whether the same request, made again `seconds` after the preflight response, goes without one.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-cache
 */
export function isPreflightCached(
  engine: Profile,
  client: Client,
  request: CorsRequest,
  response: ResponseHead,
  seconds: number,
): boolean {
  let now = 0
  const cache = new PreflightCache(() => now)
  const begin = (): Run | null => {
    const made = toFetchRequest(client, request, deviationsOf(engine))
    return made instanceof FetchRequest ? new Run(engine, made, undefined, cache) : null
  }
  const first = begin()
  if (first?.next?.phase !== 'preflight') return false
  first.take(response)
  if (first.next === null) return false
  now = seconds * 1000
  return begin()?.next?.phase === 'request'
}
