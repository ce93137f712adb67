/** Shared by the matchers that ask what a preflight answer permits. */
import type { Profile } from '../engines/profiles.js'
import { getHeader } from '../fetch/header-list.js'
import { parseOrigin } from '../fetch/origin.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import type { Journey } from '../verdict/journey.js'
import type { LiveRequest } from './live.js'
import { travelAll } from './live.js'

/** What a preflight's answer came to in one engine. */
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
    passed: verdict.preflight.required && verdict.outcome === 'incomplete' && verdict.needs === 'response',
  }
}

/**
 * The origin a preflight answer is judged for where none is said: the one that was sent, else the one the answer names, since only its lists
 * are asked about.
 */
export function originOfAnswer(subject: ResponseSubject, said: string | undefined): string {
  if (said !== undefined) return said
  if (typeof subject.sentOrigin === 'string') return subject.sentOrigin
  const value = getHeader(subject.head.headers, 'access-control-allow-origin')
  return value !== null && parseOrigin(value).kind !== 'invalid' ? value : UNKNOWN_ORIGIN
}

/** Stands for a page whose origin nobody has said. */
export const UNKNOWN_ORIGIN = 'https://page.invalid'

/** Sends the preflight alone, as each engine would; the request itself is never sent. */
export async function preflightAll(
  endpoint: EndpointSubject,
  request: LiveRequest,
  engines: readonly Profile[],
  signal: AbortSignal,
): Promise<PreflightFinding[]> {
  const { runs } = await travelAll(endpoint, request, engines, signal, { preflightOnly: true })
  return runs.map(({ engine, journey }) => preflightFinding(engine, journey))
}
