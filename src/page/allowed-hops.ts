/** What a page that a server allows gets from it, for those who then ask the same as somebody else. */

import { diagnosis } from '../diagnose/diagnosis.js'
import { normalizeMethod } from '../fetch/methods.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import { argument, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import type { Exchange } from '../verdict/verdict.js'
import { enginesOf, requestTo, travelAll } from './ask.js'

/** @throws CorsUsageError for requests whose responses no cache keeps */
export function checkCachedMethod({ options }: EndpointSubject, what: string): void {
  const method = normalizeMethod(options.method ?? 'GET')
  if (method === 'GET' || method === 'HEAD') return
  throw new CorsUsageError(
    `${what} asks several times, with GET or HEAD alone: those are what caches keep; got ${argument(method)}`,
  )
}

/**
 * The requests of a page that may read what it asked for, redirects first, each behind its preflight.
 * @param note how it was asked, for the error
 * @throws CorsUsageError where it may not
 */
export async function allowedHops(
  endpoint: EndpointSubject,
  origin: string,
  signal: AbortSignal,
  what: string,
  note = '',
): Promise<readonly Exchange[]> {
  const engines = enginesOf(endpoint.options)
  const { runs } = await travelAll(endpoint, requestTo(endpoint, origin), engines, signal)
  const refused = runs.find(({ journey }) => journey.verdict.outcome !== 'allowed')?.journey
  if (refused !== undefined) {
    throw new CorsUsageError(
      `${what} needs an origin that the server allows, because a refusal may lack Vary for any reason; it refuses ${shown(origin)} here: ${diagnosis().explainCors(refused).explanation} (${refused.verdict.code})${note}`,
    )
  }
  return runs[0]?.journey.exchanges ?? []
}
