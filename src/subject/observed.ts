/** `observed()`: what the client does not know of its request, said beside the response. */

import type { RequestCredentials } from '../fetch/fetch-request.js'
import { type Header, headerLines } from '../fetch/header-list.js'
import { isToken } from '../fetch/http-tokens.js'
import { shown } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'
import { readLines } from './lines.js'
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
  /**
   * The headers it was sent with. On the response to a preflight, `Access-Control-Request-Method` and `-Headers` say what it was asked; an
   * `Origin` among them need not be said again.
   */
  readonly headers?: SentHeaders | undefined
}

/** A record, pairs, or a `Headers` object. */
type SentHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string]>

/** A response with what is known of its request. Made by {@link observed}. */
export interface ObservedFacts {
  /** Tells it from anything else that has a `response`, such as an app of Express or Koa. */
  readonly [BRAND]: true
  readonly response: unknown
  readonly origin?: string | null
  readonly method?: string
  readonly credentials?: RequestCredentials
  readonly headers?: readonly Header[]
}

/**
 * Says how a response was requested, where its client does not know: a negative about an origin means something only when that
 * origin was sent, and one about a method or header only when a preflight asked for it. It also vouches that the response did not come after
 * redirects, where its client hides them.
 *
 * @param response a response of any client, or `{ status, headers }`
 * @throws CorsUsageError for an origin that is not in its canonical form; for a value that is not a response, the assertion throws
 * @example
 * const response = await fetch(url, { headers: { Origin: 'https://evil.example' } })
 * expect(observed(response, { origin: 'https://evil.example' })).not.toAllowOrigin('https://evil.example')
 * @example
 * const headers = { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'DELETE' }
 * const response = await fetch(url, { method: 'OPTIONS', headers })
 * expect(observed(response, { method: 'OPTIONS', headers })).not.toAllowMethod('DELETE')
 */
export function observed(response: unknown, request: ObservedRequest): ObservedFacts {
  if (!hasMembers(request)) {
    throw new CorsUsageError(
      `observed(response, { origin, method, headers, credentials }): the second argument must be an object; got ${describeValue(request)}`,
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
  checkNames(request, ['origin', 'method', 'credentials', 'headers'], 'observed()')
  const { origin, method, credentials, headers } = request as ObservedRequest
  if (origin !== undefined && origin !== null) checkOrigin(origin)
  if (method !== undefined && (typeof method !== 'string' || !isToken(method))) {
    throw new CorsUsageError(
      `observed(): method must be an HTTP method such as 'GET'; got ${describeValue(method)}`,
    )
  }
  checkCredentials(credentials)
  const sent = headers === undefined ? undefined : readSent(headers, origin)
  const inner = observedOf(response)
  const facts = {
    ...inner,
    response: inner === undefined ? response : inner.response,
    ...(origin === undefined ? {} : { origin }),
    ...(method === undefined ? {} : { method }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(sent === undefined ? {} : { headers: sent }),
  }
  return Object.freeze(Object.defineProperty(facts, BRAND, { value: true }) as typeof facts & ObservedFacts)
}

/** @throws CorsUsageError */
function readSent(headers: unknown, origin: string | null | undefined): readonly Header[] {
  const sent = readLines(headers)
  if (sent === undefined) {
    throw new CorsUsageError(
      `observed(): headers must be those that were sent, such as { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'PUT' }; got ${describeValue(headers)}`,
    )
  }
  const among = headerLines(sent, 'origin')[0]
  if (among !== undefined) checkOrigin(among)
  if (among !== undefined && origin !== undefined && among !== origin) {
    throw new CorsUsageError(
      `observed() says the origin ${shown(String(origin))}, but its headers have Origin: ${shown(among)}: leave one of them out`,
    )
  }
  return sent
}

/** The facts of a value made by {@link observed} of any copy of this package, or undefined. */
export function observedOf(value: unknown): ObservedFacts | undefined {
  return hasMembers(value) && (value as { [BRAND]?: unknown })[BRAND] === true
    ? (value as unknown as ObservedFacts)
    : undefined
}
