/** MSW handlers as a server: a list of them, or what `setupServer` returned, listening or not. */

import { argument, listed, shown, shownUrl } from '../text/shown.js'
import { fetchHandlerTransport } from '../transport/app-transport.js'
import { shownError } from '../transport/in-process-app.js'
import { CorsNetworkError } from '../transport/network-error.js'
import type { Transport } from '../transport/transport.js'
import { call, hasMethods, type Members } from './shape.js'

/** Where a request is, for handlers of relative paths. */
export interface MswContext {
  readonly baseUrl?: string | undefined
}

/** A request, as MSW gives it to a handler. */
export interface MswAsked {
  readonly request: Request
  readonly resolutionContext?: MswContext | undefined
}

/** What a handler runs with. */
export interface MswRun extends MswAsked {
  readonly requestId: string
}

/** What a handler made of a request that it takes. Without a response the next one is asked. */
export interface MswResult extends Partial<MswRun> {
  readonly handler?: unknown
  readonly parsedResult?: unknown
  readonly response?: Response | undefined
}

/** A request handler of MSW 2 or 3, as far as it is used. */
export interface MswHandler {
  readonly info: {
    /** `GET https://api.example.com/orders`. */
    readonly header?: unknown
    readonly method?: unknown
    readonly path?: unknown
  }
  /** Of GraphQL. */
  readonly endpoint?: unknown
  parse(args: MswAsked): Promise<unknown>
  predicate(args: MswAsked & { readonly parsedResult: unknown }): unknown
  run(args: MswRun): Promise<MswResult | null>
}

/** Whether a value is a handler of MSW, for requests or for WebSockets. Recognized by shape. */
export function isMswHandler(value: unknown): value is object {
  return hasMethods(value, 'run', 'parse')
}

/** Whether a handler of MSW is for requests, and not for WebSockets. */
export function isRequestHandler(handler: object): handler is MswHandler {
  return 'info' in handler && isMswHandler(handler)
}

/** Whether a value is a list of MSW handlers. */
export function isMswHandlers(value: unknown): value is readonly object[] {
  return Array.isArray(value) && value.length > 0 && value.every(isMswHandler)
}

/** Whether a value is what `setupServer` or its like returned. */
export function isMswServer(value: unknown): value is Members {
  return hasMethods(value, 'listHandlers', 'resetHandlers', 'use')
}

/** The request handlers that are there now. `server.use()` adds some while it runs. */
export type HandlersNow = () => readonly MswHandler[]

export function handlersOf(app: Members): HandlersNow {
  const all = (): readonly object[] =>
    (Array.isArray(app) ? app : call(app, 'listHandlers')) as readonly object[]
  return () => all().filter(isRequestHandler)
}

/** The one origin that handlers name; undefined where they name several, or none. */
export function originOfHandlers(handlers: HandlersNow): string | undefined {
  const [origin, ...others] = originsOf(handlers())
  return others.length === 0 ? origin : undefined
}

/** The origins that handlers name. Others are wherever they are asked: `*\/orders`, an expression, a predicate. */
function originsOf(handlers: readonly MswHandler[]): ReadonlySet<string> {
  return new Set(handlers.map(originOf).filter((origin) => origin !== undefined))
}

function originOf({ info, endpoint }: MswHandler): string | undefined {
  const path = info.path ?? endpoint
  return typeof path === 'string' && URL.canParse(path) ? new URL(path).origin : undefined
}

/**
 * A transport that asks the handlers in order, as MSW does; those of a relative path are taken to be of the endpoint's own origin.
 * A request that none of them handles, or that one lets pass, is an error, never a response.
 */
export function mswTransport(handlersNow: HandlersNow): Transport {
  return fetchHandlerTransport(async (request) => {
    const handlers = handlersNow()
    const response = await firstResponse(handlers, request)
    if (response === undefined) {
      throw nothingHandled(
        request,
        `no MSW handler responds to it${elsewhere(handlers, request) ?? (request.method === 'OPTIONS' ? ': a browser sends this preflight, so the mock needs http.options() too, or withCors() of expect-cors/msw' : '')}`,
      )
    }
    if (isPassedThrough(response)) {
      throw nothingHandled(
        request,
        "an MSW handler passes it through, to a server that does not exist: have the handler respond, or assert the server's URL",
      )
    }
    if (response.type === 'error')
      throw nothingHandled(request, 'an MSW handler returned a network error, HttpResponse.error()')
    return response
  })
}

/** Whether a handler lets the request pass: what `passthrough()` returned. */
export function isPassedThrough(response: Response): boolean {
  return response.headers?.get?.('x-msw-intention') === 'passthrough'
}

/** Where the handlers are, if each names its origin and none is where they were asked. */
function elsewhere(handlers: readonly MswHandler[], request: Request): string | undefined {
  if (handlers.some((handler) => originOf(handler) === undefined)) return undefined
  const asked = new URL(request.url).origin
  const [...origins] = originsOf(handlers)
  const [first] = origins
  if (first === undefined || origins.includes(asked)) return undefined
  return `: they are at ${listed(origins.map((origin) => shownUrl(origin)))}, and are asked at ${shownUrl(asked)}; say where they are, endpoint(handlers, { baseUrl: ${argument(first)} }), or in servers { ${argument(first)}: handlers }`
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
      const { header = 'handler' } = handler.info
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
