/** MSW handlers as a server, without `setupServer`. */

import { CorsUsageError } from '../text/usage-error.js'
import { fetchHandlerTransport } from '../transport/fetch-handler-transport.js'
import type { Transport } from '../transport/transport.js'
import { hasMethods } from './shape.js'

/** A handler of MSW 2 or 3, as far as it is used. */
interface MswHandler {
  run(args: {
    request: Request
    requestId: string
    resolutionContext: { baseUrl: string }
  }): Promise<{ readonly response?: Response | undefined } | null>
}

/** Whether a value is a list of MSW request handlers. Recognised by shape. */
export function isMswHandlers(value: unknown): value is readonly MswHandler[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((handler) => hasMethods(handler, 'run', 'parse'))
  )
}

/**
 * A transport that asks the handlers in order, as MSW does; those of a relative path are taken to be of the endpoint's own origin.
 * A request that none of them handles, or that one lets pass, is an error, never an answer.
 */
export function mswTransport(handlers: readonly MswHandler[]): Transport {
  return fetchHandlerTransport(async (request) => {
    const what = `${request.method} ${request.url}`
    const response = await firstResponse(handlers, request)
    if (response === undefined) {
      throw new CorsUsageError(
        `no MSW handler answers ${what}${request.method === 'OPTIONS' ? ': a browser sends this preflight, so the mock needs http.options() too' : ''}`,
      )
    }
    if (response.headers.get('x-msw-intention') === 'passthrough') {
      throw new CorsUsageError(
        `an MSW handler lets ${what} pass, to a server that is not there: let it answer, or assert the server's URL`,
      )
    }
    return response
  })
}

let requests = 0

/** The handlers run themselves: no copy of MSW has to be found and loaded. */
async function firstResponse(
  handlers: readonly MswHandler[],
  request: Request,
): Promise<Response | undefined> {
  const resolutionContext = { baseUrl: new URL(request.url).origin }
  for (const handler of handlers) {
    const requestId = `expect-cors-${++requests}`
    const result = await handler.run({ request, requestId, resolutionContext })
    if (result?.response !== undefined) return result.response
  }
  return undefined
}
