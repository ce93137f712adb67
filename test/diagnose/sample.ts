/** One request, and answers to it, as journeys. */

import type { Profile } from '../../src/engines/profiles.js'
import type { CorsRequest } from '../../src/verdict/cors-request.js'
import { evaluateCors } from '../../src/verdict/evaluate-cors.js'
import type { Exchange, Journey } from '../../src/verdict/verdict.js'

export const APP = 'https://app.example.com'
export const API = 'https://api.example.com'

type Lines = readonly (readonly [string, string])[]

/** What a server answered: status and lines. */
export type Answer = readonly [status: number, lines: Lines]

export interface Sample extends Partial<CorsRequest> {
  readonly preflight?: Answer
  readonly response?: Answer
  readonly engine?: Profile
}

/** The journey of a request that was answered so. */
export function journey(sample: Sample): Journey {
  const { preflight, response, engine = 'chromium', ...rest } = sample
  const request: CorsRequest = { origin: APP, url: `${API}/orders`, ...rest }
  const head = (answer: Answer) => ({
    status: answer[0],
    headers: answer[1].map(([n, v]) => [n, v] as const),
  })
  const verdict = evaluateCors({
    request,
    engine,
    preflight: preflight === undefined ? undefined : head(preflight),
    response: response === undefined ? undefined : head(response),
  })
  const exchanges: Exchange[] = []
  if (verdict.preflight.request !== undefined && preflight !== undefined) {
    exchanges.push({ kind: 'preflight', request: verdict.preflight.request, response: head(preflight) })
  }
  if (response !== undefined && verdict.blockedAt !== 'preflight' && verdict.blockedAt !== 'request') {
    const headers = [...Object.entries(request.headers ?? {}), ['Origin', APP]] as [string, string][]
    const sent = { method: verdict.method, url: verdict.url, headers }
    exchanges.push({ kind: 'request', request: sent, response: head(response) })
  }
  return { verdict, exchanges }
}

/** Lines that allow a request with credentials. */
export const ALLOWS: Lines = [
  ['Access-Control-Allow-Origin', APP],
  ['Access-Control-Allow-Credentials', 'true'],
]
