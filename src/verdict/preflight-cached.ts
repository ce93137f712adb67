/** Whether an engine would still remember a preflight's answer some time later. */
import type { Profile } from '../engines/profiles.js'
import { type Client, FetchRequest } from '../fetch/fetch-request.js'
import { mainFetch } from '../fetch/main-fetch.js'
import { PreflightCache } from '../fetch/preflight-cache.js'
import type { ResponseHead } from '../fetch/response-head.js'
import { type CorsRequest, createPageRequest } from './cors-request.js'
import { deviationsOf } from './engine.js'

/**
 * Whether the same request, made again `seconds` after its preflight was answered, goes without one.
 * @see https://fetch.spec.whatwg.org/#cors-preflight-cache
 */
export function isPreflightCached(
  engine: Profile,
  client: Client,
  request: CorsRequest,
  answer: ResponseHead,
  seconds: number,
): boolean {
  let now = 0
  const cache = new PreflightCache(() => now)
  const begin = (): ReturnType<typeof mainFetch> | null => {
    const deviations = deviationsOf(engine)
    const made = createPageRequest(client, request, deviations)
    if (!(made instanceof FetchRequest)) return null
    return mainFetch(made, { deviations, cache, warnings: [], preflightReasons: null, preflight: null })
  }
  const first = begin()
  const asked = first?.next()
  if (first === null || asked?.done !== false || asked.value.phase !== 'preflight') return false
  const passed = first.next(answer)
  if (passed.done === true) return false
  now = seconds * 1000
  const again = begin()?.next()
  return again?.done === false && again.value.phase === 'request'
}
