/** Whether a handler takes a request, found without running its resolver. */

import { isToken } from '../fetch/http-tokens.js'
import { isForbiddenMethod } from '../fetch/methods.js'
import { fetchClasses } from '../transport/fetch-classes.js'
import type { MswContext, MswHandler } from './msw-handlers.js'
import { hasMembers, membersOf } from './shape.js'

/** Whether a handler is for `OPTIONS` alone: for preflights, as most are. */
export function isForOptions({ info: { method } }: MswHandler): boolean {
  return typeof method === 'string' && method.toUpperCase() === 'OPTIONS'
}

/** Whether one of the handlers takes a request, as {@link takes}. */
export async function someTake(
  handlers: readonly MswHandler[],
  method: string,
  url: string,
  context: MswContext | undefined,
): Promise<boolean> {
  for (const handler of handlers) if (await takes(handler, method, url, context)) return true
  return false
}

/**
 * Whether a handler takes a request of this method to a URL. Neither its headers nor its body are known: an operation of GraphQL is taken to be the
 * handler's, and a custom predicate is asked with a request that has neither, and taken to match where it throws.
 */
async function takes(
  handler: MswHandler,
  method: string,
  url: string,
  resolutionContext: MswContext | undefined,
): Promise<boolean> {
  if (isSpent(handler) || !isToken(method) || isForbiddenMethod(method) || !isOfMethod(handler, method))
    return false
  const { Request } = fetchClasses()
  const asked = { request: new Request(url, { method }), resolutionContext }
  try {
    const parsedResult = await handler.parse(asked)
    const match = hasMembers(parsedResult) ? membersOf(parsedResult, 'match') : undefined
    if (match !== undefined) return match.matches === true
    return (await handler.predicate({ ...asked, parsedResult })) === true
  } catch {
    // It reads what is not known yet.
    return true
  }
}

/** Whether a handler for one request has had it. */
function isSpent(handler: MswHandler): boolean {
  const { isUsed, options } = handler as { isUsed?: unknown; options?: { once?: unknown } }
  return isUsed === true && options?.once === true
}

function isOfMethod({ info }: MswHandler, method: string): boolean {
  if (info.method instanceof RegExp) return info.method.test(method)
  if (typeof info.method === 'string') return info.method.toLowerCase() === method.toLowerCase()
  // @see https://graphql.github.io/graphql-over-http/draft/#sec-Request
  return !('operationType' in info) || method === 'GET' || method === 'POST'
}
