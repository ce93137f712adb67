/** Shared by the matchers that ask what a preflight response permits. */
import type { Profile } from '../../engines/profiles.js'
import { travelAll } from '../../page/ask.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import type { CorsRequest } from '../../verdict/cors-request.js'
import { isPreflightPassed, type Journey } from '../../verdict/verdict.js'

/** What a preflight came to in one engine. */
export interface PreflightFinding {
  readonly engine: Profile
  readonly journey: Journey
  /** Whether this engine sends a preflight for the request at all. */
  readonly preflighted: boolean
  /** Whether the preflight passed: the request itself would follow. */
  readonly passed: boolean
}

/** Reads a journey that was stopped after its preflight. */
export function preflightFinding(engine: Profile, journey: Journey): PreflightFinding {
  const { verdict } = journey
  return {
    engine,
    journey,
    preflighted: verdict.preflight.required,
    passed: isPreflightPassed(verdict),
  }
}

/** Sends the preflight alone, as each engine would; the request itself is never sent. */
export async function preflightAll(
  endpoint: EndpointSubject,
  request: CorsRequest,
  engines: readonly Profile[],
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  const { runs } = await travelAll(endpoint, request, engines, signal, { preflightOnly: true })
  return runs.map(({ engine, journey }) => preflightFinding(engine, journey))
}
