/** MSW handlers as a server, without `setupServer`. */

import { hasMethods } from '../subject/shape.js'
import { fetchHandlerTransport } from '../transport/fetch-handler-transport.js'
import type { Transport } from '../transport/transport.js'
import { CorsUsageError } from '../verdict/usage-error.js'

interface MswModule {
  readonly getResponse: (handlers: readonly unknown[], request: Request) => Promise<Response | undefined>
}

/** Whether a value is a list of MSW request handlers. Recognised by shape. */
export function isMswHandlers(value: unknown): value is readonly unknown[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((handler) => hasMethods(handler, 'run', 'parse'))
  )
}

/** A transport that asks the handlers in order, as MSW does. A request that none of them handles is an error, never an answer. */
export function mswTransport(handlers: readonly unknown[]): Transport {
  return fetchHandlerTransport(async (request) => {
    const { getResponse } = await loadMsw()
    const response = await getResponse(handlers, request)
    if (response !== undefined) return response
    throw new CorsUsageError(
      `no MSW handler answers ${request.method} ${request.url}${request.method === 'OPTIONS' ? ': a browser sends this preflight, so the mock needs http.options() too' : ''}`,
    )
  })
}

async function loadMsw(): Promise<MswModule> {
  try {
    // The user's own copy, which made the handlers.
    return (await import('msw' as string)) as MswModule
  } catch (error) {
    throw new CorsUsageError(`MSW handlers were given, but msw cannot be loaded: ${(error as Error).message}`)
  }
}
