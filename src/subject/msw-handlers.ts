/** MSW handlers as a server, without `setupServer`. */

import { argument, listed, shown, shownUrl } from '../text/shown.js'
import { fetchHandlerTransport } from '../transport/app-transport.js'
import { shownError } from '../transport/in-process-app.js'
import { CorsNetworkError } from '../transport/network-error.js'
import type { Transport } from '../transport/transport.js'
import { hasMethods } from './shape.js'

/** A handler of MSW 2 or 3, as far as it is used. */
interface MswHandler {
  /** `GET https://api.example.com/orders`. */
  readonly info?: { readonly header?: unknown; readonly path?: unknown }
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
 * A request that none of them handles, or that one lets pass, is an error, never a response.
 */
export function mswTransport(handlers: readonly MswHandler[]): Transport {
  return fetchHandlerTransport(async (request) => {
    const response = await firstResponse(handlers, request)
    if (response === undefined) {
      throw nothingHandled(
        request,
        `no MSW handler responds to it${elsewhere(handlers, request) ?? (request.method === 'OPTIONS' ? ': a browser sends this preflight, so the mock needs http.options() too' : '')}`,
      )
    }
    if (response.headers?.get?.('x-msw-intention') === 'passthrough') {
      throw nothingHandled(
        request,
        "an MSW handler passes it through, to a server that does not exist: have the handler respond, or assert the server's URL",
      )
    }
    return response
  })
}

/** Where the handlers are, if none is where they were asked. */
function elsewhere(handlers: readonly MswHandler[], request: Request): string | undefined {
  const asked = new URL(request.url).origin
  const origins = new Set<string>()
  for (const { info } of handlers) {
    const path = info?.path
    if (typeof path !== 'string' || !URL.canParse(path)) return undefined
    origins.add(new URL(path).origin)
  }
  const [first] = origins
  if (first === undefined || origins.has(asked)) return undefined
  return `: they are at ${listed([...origins].map((origin) => shownUrl(origin)))}, and are asked at ${shownUrl(asked)}; say where they are, endpoint(handlers, { baseUrl: ${argument(first)} }), or in servers { ${argument(first)}: handlers }`
}

function nothingHandled({ method, url }: Request, why: string, cause?: unknown): CorsNetworkError {
  const where = shownUrl(url)
  return new CorsNetworkError(`${method} ${where} got no response: ${why}`, { url: where, cause })
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
    const result = await handler.run({ request, requestId, resolutionContext }).catch((error: unknown) => {
      const { header = 'handler' } = handler.info ?? {}
      throw nothingHandled(
        request,
        `the MSW handler ${shown(String(header))} threw ${shownError(error)}`,
        error,
      )
    })
    if (result?.response !== undefined) return result.response
  }
  return undefined
}
