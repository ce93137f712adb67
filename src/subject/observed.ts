/** `observed()`: what the client does not know of its request, said beside the response. */
import type { RequestCredentials } from '../fetch/fetch-request.js'
import { isToken } from '../fetch/http-tokens.js'
import { describeValue } from '../text/describe-value.js'
import { CorsUsageError } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'
import { checkCredentials, checkNames } from './options.js'
import { hasMembers } from './shape.js'

const BRAND: unique symbol = Symbol.for('expect-cors.observed')

/** How a response was requested. */
export interface ObservedRequest {
  /** The `Origin` it was sent with; null for none. */
  readonly origin?: string | null | undefined
  /** The method it was sent with. */
  readonly method?: string | undefined
  readonly credentials?: RequestCredentials | undefined
}

/** A response with what is known of its request. Made by {@link observed}. */
export interface ObservedFacts {
  /** Tells it from anything else that has a `response`, such as an app of Express or Koa. */
  readonly [BRAND]: true
  readonly response: unknown
  readonly origin?: string | null
  readonly method?: string
  readonly credentials?: RequestCredentials
}

/**
 * Says how a response was requested, where its client does not know: a negative about an origin means something only when that
 * origin was sent.
 *
 * @param response a response of any client, or `{ status, headers }`
 * @throws CorsUsageError for an origin that is not in its canonical form; for a response that is no response, the assertion throws
 * @example
 * const response = await fetch(url, { headers: { Origin: 'https://evil.example' } })
 * expect(observed(response, { origin: 'https://evil.example' })).not.toAllowOrigin('https://evil.example')
 */
export function observed(response: unknown, request: ObservedRequest): ObservedFacts {
  if (!hasMembers(request)) {
    throw new CorsUsageError(
      `observed(response, { origin, method, credentials }): the second argument must be an object; got ${describeValue(request)}`,
    )
  }
  if (
    typeof response === 'object' &&
    response !== null &&
    'then' in response &&
    typeof response.then === 'function'
  ) {
    throw new CorsUsageError(
      'observed() got a promise where a response is expected: await it first, observed(await …, { origin })',
    )
  }
  checkNames(request, ['origin', 'method', 'credentials'], 'observed()')
  const { origin, method, credentials } = request as ObservedRequest
  if (origin !== undefined && origin !== null) checkOrigin(origin)
  if (method !== undefined && (typeof method !== 'string' || !isToken(method))) {
    throw new CorsUsageError(
      `observed(): method must be an HTTP method such as 'GET'; got ${describeValue(method)}`,
    )
  }
  checkCredentials(credentials)
  const inner = observedOf(response)
  const facts = {
    ...inner,
    response: inner === undefined ? response : inner.response,
    ...(origin === undefined ? {} : { origin }),
    ...(method === undefined ? {} : { method }),
    ...(credentials === undefined ? {} : { credentials }),
  }
  return Object.freeze(Object.defineProperty(facts, BRAND, { value: true }) as typeof facts & ObservedFacts)
}

/** The facts of a value made by {@link observed} of any copy of this package, or undefined. */
export function observedOf(value: unknown): ObservedFacts | undefined {
  return hasMembers(value) && (value as { [BRAND]?: unknown })[BRAND] === true
    ? (value as unknown as ObservedFacts)
    : undefined
}
