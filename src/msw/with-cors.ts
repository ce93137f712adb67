/** `withCors`: handlers of MSW, with the CORS of an API. */

import type { CorsContract } from '../contract/contract.js'
import {
  isMswHandler,
  isMswServer,
  isPassedThrough,
  isRequestHandler,
  type MswHandler,
  type MswResult,
  type MswRun,
} from '../subject/msw-handlers.js'
import { isForOptions, someTake } from '../subject/msw-match.js'
import { checkNames, optionChecks } from '../subject/options.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { checkLocation, type PolicyAt, policyBelow } from './api-location.js'
import { type CorsLines, linesOfPreflight, responseLines, writeLines } from './cors-lines.js'
import { type LeftBecause, leavePreflight, takePreflight } from './left-preflights.js'
import { type MockPolicy, readMockPolicy } from './mock-policy.js'

/** How {@link withCors} finds what is said of a request. */
export interface WithCorsOptions {
  /** Where the API is: `https://api.example.com/v1`. Requests to other places are left alone. @default everywhere: the contract's paths are those of the URLs */
  readonly baseUrl?: string | URL | undefined
  /** Which of the contract's environments holds. @default none of them */
  readonly environment?: string | undefined
}

/** A handler of MSW, of any version: for requests of any kind, or for WebSockets. */
export interface AnyMswHandler {
  // biome-ignore lint/suspicious/noExplicitAny: what MSW gives it differs by version and kind.
  run(...args: any[]): Promise<unknown>
  // biome-ignore lint/suspicious/noExplicitAny: likewise.
  parse(...args: any[]): unknown
}

const WHERE = 'withCors()'

/**
 * The same handlers, which now respond to preflights and carry CORS headers, on errors too, as an API with that policy would. CORS headers
 * of their own are replaced. A request that none of them handled is still handled by none.
 *
 * @param policy a contract, or a policy for all of the API
 * @throws CorsUsageError for a policy or contract with a mistake, and for what is not a list of handlers
 * @example
 * const server = setupServer(...withCors(contract, handlers))
 */
export function withCors<Handler extends AnyMswHandler>(
  policy: CorsContract | MockPolicy,
  handlers: readonly Handler[],
  options: WithCorsOptions = {},
): Handler[] {
  checkNames(options, ['baseUrl', 'environment'], WHERE)
  const apply = readMockPolicy(policy, WHERE, options.environment)
  checkHandlers(handlers)
  const { baseUrl } = options
  const requestHandlers = handlers.filter((handler) => isRequestHandler(handler))
  if (baseUrl === undefined) checkLocation(requestHandlers, apply, WHERE)
  else optionChecks.baseUrl(baseUrl, WHERE)
  const elsewhere: LeftBecause = { notBelow: String(baseUrl) }
  const api = new MockedApi(policyBelow(baseUrl, apply), requestHandlers, elsewhere)
  return handlers.map((handler) => (isRequestHandler(handler) ? api.serve(handler) : handler))
}

/** @throws CorsUsageError */
function checkHandlers(handlers: unknown): void {
  const expected = `${WHERE} takes a list of MSW handlers, withCors(policy, [http.get(…)])`
  if (!Array.isArray(handlers)) {
    const way = isMswServer(handlers)
      ? ': give the server its handlers so, setupServer(...withCors(policy, handlers))'
      : isMswHandler(handlers)
        ? ': write [handler]'
        : ''
    throw new CorsUsageError(`${expected}; got ${describeValue(handlers)}${way}`)
  }
  for (const [index, handler] of handlers.entries()) {
    if (isMswHandler(handler)) continue
    const way = Array.isArray(handler) ? ': spread it, [...handlers, ...others]' : ''
    throw new CorsUsageError(`${expected}; number ${index + 1} is ${describeValue(handler)}${way}`)
  }
}

/** Handlers, with the CORS of an API before them. */
class MockedApi {
  readonly #policyAt: PolicyAt
  readonly #handlers: readonly MswHandler[]
  /** Why it leaves what goes elsewhere. */
  readonly #elsewhere: LeftBecause

  constructor(policyAt: PolicyAt, handlers: readonly MswHandler[], elsewhere: LeftBecause) {
    this.#policyAt = policyAt
    this.#handlers = handlers
    this.#elsewhere = elsewhere
  }

  /** The handler as a part of the API. Its state stays its own: used once, it is used. */
  serve<Handler extends MswHandler>(handler: Handler): Handler {
    const run = (args: MswRun): Promise<MswResult | null> => this.#run(handler, args)
    return new Proxy(handler, {
      get(target, name) {
        if (name === 'run') return run
        const member: unknown = Reflect.get(target, name, target)
        // Its private members are there on itself only.
        return typeof member === 'function' && name !== 'constructor' ? member.bind(target) : member
      },
    })
  }

  async #run(handler: MswHandler, args: MswRun): Promise<MswResult | null> {
    const { request } = args
    const origin = request.headers.get('origin')
    const asked = origin === null ? null : preflightMethod(request)
    const policy = this.#policyAt(new URL(request.url), asked ?? request.method, origin)
    if (policy === undefined) {
      if (asked !== null) leavePreflight(this.#elsewhere)
      return handler.run(args)
    }
    if (asked !== null) {
      const result = await this.#preflight(handler, args, asked, linesOfPreflight(policy))
      if (result === null) leavePreflight('no-handler')
      return result
    }
    return this.#told(await handler.run(args), responseLines(policy))
  }

  /**
   * A preflight is responded to where a handler takes the request that it asks for. That one's resolver does not run, because the request is not
   * there yet; the resolver of an `http.options()` does, because it is written for preflights.
   */
  async #preflight(
    handler: MswHandler,
    args: MswRun,
    asked: string,
    cors: CorsLines,
  ): Promise<MswResult | null> {
    const { requestId, resolutionContext } = args
    const { url } = args.request
    if (asked !== 'OPTIONS' && isForOptions(handler)) {
      const result = await handler.run(args)
      const isLeft = result !== null && result.response === undefined
      if (!isLeft || !(await someTake(this.#handlers, asked, url, resolutionContext)))
        return this.#told(result, cors)
    } else {
      if (!(await someTake([handler], asked, url, resolutionContext))) return null
      takePreflight()
      const forPreflights = asked === 'OPTIONS' ? [] : this.#handlers.filter(isForOptions)
      if (await someTake(forPreflights, 'OPTIONS', url, resolutionContext)) return null
    }
    const headers = new Headers()
    writeLines(headers, cors)
    const request = args.request.clone()
    return {
      handler,
      request,
      requestId,
      parsedResult: {},
      response: new Response(null, { status: 204, headers }),
    }
  }

  /** What a handler made of a request, with these CORS headers in place of its own. */
  #told(result: MswResult | null, cors: CorsLines): MswResult | null {
    const response = result?.response
    if (response === undefined || response.status < 200 || isPassedThrough(response)) return result
    // Without a body, a resolver may return it again, to another origin, while this one is being read.
    const isOurs = response.body !== null && !isImmutable(response.headers)
    const told = isOurs ? response : copyOf(response)
    writeLines(told.headers, cors)
    return { ...result, response: told }
  }
}

/** The method that a preflight asks for; null for a request that is not a preflight. */
function preflightMethod(request: Request): string | null {
  return request.method === 'OPTIONS' ? request.headers.get('access-control-request-method') : null
}

/** Those of a `fetch`, and of `Response.redirect()`. */
function isImmutable(headers: Headers): boolean {
  try {
    headers.delete('access-control-allow-origin')
    return false
  } catch {
    return true
  }
}

/** A copy with what MSW notes on it: the cookies that it sets, or a type. */
function copyOf(response: Response): Response {
  const { body, status, statusText, headers } = response
  const copy = new Response(body, { status, statusText, headers: new Headers(headers) })
  for (const key of Reflect.ownKeys(response))
    if (!Object.hasOwn(copy, key))
      Object.defineProperty(copy, key, Object.getOwnPropertyDescriptor(response, key) as PropertyDescriptor)
  return copy
}
