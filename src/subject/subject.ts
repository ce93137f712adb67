/** What was given to `expect()`. */

import { harmlessError } from '../text/message.js'
import { CorsUsageError, describeValue, isCorsUsageError } from '../text/usage-error.js'
import { shownError } from '../transport/in-process-app.js'
import { type EndpointSubject, isEndpoint, resolveEndpoint } from './endpoint.js'
import { type JourneySubject, readJourney } from './journey-subject.js'
import { observedOf } from './observed.js'
import type { LiveOptions } from './options.js'
import { type ResponseSubject, readResponse } from './response-subject.js'
import { hasMembers, hasMethods } from './shape.js'

export type { EndpointSubject, JourneySubject, ResponseSubject }
export type Subject = ResponseSubject | EndpointSubject | JourneySubject

/**
 * Says what a value is: an observed response, an endpoint, or a journey.
 *
 * @param options those of the assertion, for an endpoint
 * @param pageOrigin the serialized origin of the page that asks, for an endpoint
 * @throws CorsUsageError for a value of none of these kinds, and for one that CORS cannot be judged by
 */
export function readSubject(received: unknown, options?: LiveOptions, pageOrigin?: string): Subject {
  try {
    return recognize(received, options, pageOrigin)
  } catch (error) {
    if (isCorsUsageError(error)) throw error
    // A getter that throws, a proxy that has been revoked.
    throw new CorsUsageError(`what expect() was given cannot be read: it throws ${shownError(error)}`, {
      cause: harmlessError(error),
    })
  }
}

function recognize(received: unknown, options?: LiveOptions, pageOrigin?: string): Subject {
  refuseUnsent(received)
  const judged = readJourney(received) ?? readResponse(received)
  if (judged !== undefined) return judged
  if (isEndpoint(received)) return resolveEndpoint(received, options, pageOrigin)
  const given = observedOf(received)?.response ?? received
  throw new CorsUsageError(
    `expected a response, a URL, an app in this process or a journey; got ${describeValue(given)}. A response needs its status and headers: { status, headers }`,
  )
}

/** @throws CorsUsageError for a promise, and for a request that nobody has sent */
function refuseUnsent(received: unknown): void {
  // An app of Fastify is a thenable until it is ready.
  if (!hasMethods(received, 'then') || hasMethods(received, 'inject', 'ready')) return
  if (hasMethods(received, 'end', 'set')) {
    throw new CorsUsageError(
      `this is a request that has not been sent yet${describeClass(received)}: await it first, expect(await request(app).get('/').set('Origin', origin))`,
    )
  }
  throw new CorsUsageError('this is a promise: await it first, expect(await …)')
}

function describeClass(received: unknown): string {
  return hasMembers(received) ? ` (${describeValue(received)})` : ''
}
