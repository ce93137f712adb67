/** Whether a handler takes a request, found without running its resolver. */

import { isToken } from '../fetch/http-tokens.js'
import { isForbiddenMethod } from '../fetch/methods.js'
import type { MswHandler, MswRun } from '../subject/msw-handlers.js'
import { hasMembers, membersOf } from '../subject/shape.js'
import { fetchClasses } from '../transport/fetch-classes.js'

/** Whether a handler is for `OPTIONS` alone: for preflights, as most are. */
export function isForOptions({ info: { method } }: MswHandler): boolean {
  return typeof method === 'string' && method.toUpperCase() === 'OPTIONS'
}

/** Whether one of the handlers takes a request of this method to where a preflight is sent. */
export async function someTake(
  handlers: readonly MswHandler[],
  method: string,
  args: MswRun,
): Promise<boolean> {
  for (const handler of handlers) if (await takes(handler, method, args)) return true
  return false
}

/**
 * Whether a handler takes a request of this method to where a preflight is sent. Of that request neither the headers nor the body are known yet:
 * an operation of GraphQL is taken to be the handler's, and a custom predicate is asked with a request that has neither.
 */
export async function takes(handler: MswHandler, method: string, args: MswRun): Promise<boolean> {
  if (isSpent(handler) || !isToken(method) || isForbiddenMethod(method) || !isOfMethod(handler, method))
    return false
  const { Request } = fetchClasses()
  const asked = { ...args, request: new Request(args.request.url, { method }) }
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
