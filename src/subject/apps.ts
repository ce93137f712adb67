/** Apps in this process: what they look like, and how to reach them. */
import type { ServerName } from '../diagnose/remedies/server-names.js'
import { CorsUsageError, describeValue, isCorsUsageError } from '../text/usage-error.js'
import { fetchHandlerTransport, isHttpServer, listenerTransport } from '../transport/app-transport.js'
import { closedError } from '../transport/closed-servers.js'
import { type FetchHandler, shownError } from '../transport/in-process-app.js'
import { lazyTransport } from '../transport/lazy-transport.js'
import { discardBody, type Transport } from '../transport/transport.js'
import { handlersOf, isMswHandlers, isMswServer, mswTransport, originOfHandlers } from './msw-handlers.js'
import { someTake } from './msw-match.js'
import { call, hasMembers, hasMethods, type Members } from './shape.js'

type Listener = Parameters<typeof listenerTransport>[0]

/** An app in this process. */
export interface App {
  /** As messages name it: `Express`, `Fastify`, `a fetch handler`, …. */
  readonly name: string
  readonly transport: Transport
  /** Whose remedies fit it, where that is known. */
  readonly server: ServerName | undefined
  /** The origin that it is at, as far as it says so itself. */
  readonly origin?: (() => string | undefined) | undefined
  /** Whether it has something for such a request, where that can be seen without sending it. */
  readonly takes?: ((method: string, url: string) => Promise<boolean>) | undefined
}

interface Kind {
  readonly name: string
  readonly server?: ServerName
  is(value: Members): boolean
  reach(value: Members): Transport
  /** What else an {@link App} has. */
  more?(value: Members): Pick<App, 'origin' | 'takes'>
}

const asMock = {
  reach: (app: Members) => mswTransport(handlersOf(app)),
  more: (app: Members) => {
    const handlers = handlersOf(app)
    return {
      origin: () => originOfHandlers(handlers),
      takes: (method: string, url: string) =>
        someTake(handlers(), method, url, { baseUrl: new URL(url).origin }),
    }
  },
}

/** In order. Apps of one framework often look like those of another as well. */
const kinds: readonly Kind[] = [
  { name: 'MSW handlers', is: isMswHandlers, ...asMock },
  { name: 'an MSW server', is: isMswServer, ...asMock },
  {
    name: 'NestJS',
    server: 'nest',
    is: (app) => hasMethods(app, 'getHttpAdapter', 'getHttpServer'),
    reach: reachNest,
  },
  { name: 'Fastify', server: 'fastify', is: isFastify, reach: reachFastify },
  {
    name: "Vite's dev server",
    server: 'vite',
    is: (app) => hasMethods(app, 'transformRequest') && typeof app.middlewares === 'function',
    reach: (app) => listenerTransport(app.middlewares as Listener),
  },
  {
    name: 'Express',
    server: 'express',
    is: (app) => isMiddleware(app) && hasMethods(app, 'set', 'engine', 'render'),
    reach: (app) => listenerTransport(app as unknown as Listener),
  },
  {
    name: 'Connect',
    is: isMiddleware,
    reach: (app) => listenerTransport(app as unknown as Listener),
  },
  {
    name: 'Koa',
    server: 'koa',
    is: (app) => hasMethods(app, 'callback') && Array.isArray(app.middleware),
    reach: (app) => listenerTransport(call(app, 'callback') as Listener),
  },
  { name: 'an http.Server', is: isServer, reach: (app) => listenerTransport(app as unknown as Listener) },
  {
    name: 'a { listener }',
    is: (app) => typeof app === 'object' && 'listener' in app && !hasMethods(app, 'fetch'),
    reach: reachListener,
  },
  {
    name: 'Hono',
    server: 'hono',
    is: (app) => typeof app === 'object' && hasMethods(app, 'fetch', 'basePath') && Array.isArray(app.routes),
    reach: reachFetch,
  },
  {
    name: 'h3',
    server: 'h3',
    is: (app) => typeof app === 'object' && hasMethods(app, 'fetch', 'handler', 'register', 'mount'),
    reach: reachFetch,
  },
  {
    name: 'a { fetch }',
    is: (app) => typeof app === 'object' && hasMethods(app, 'fetch'),
    reach: reachFetch,
  },
  { name: 'a fetch handler', is: (app) => typeof app === 'function', reach: reachFunction },
]

/** One for each app: servers stay open from one assertion to the next. */
const transports = new WeakMap<object, App>()

/**
 * Reads an app in this process; undefined for any other value.
 * @throws CorsUsageError for a function that may be either a listener or a Fetch handler
 */
export function readApp(value: unknown): App | undefined {
  if (!hasMembers(value)) return undefined
  const known = transports.get(value)
  if (known !== undefined) return known
  refuseLookalikes(value)
  const kind = kinds.find(({ is }) => is(value))
  if (kind === undefined) return undefined
  const app: App = {
    name: kind.name,
    transport: kind.reach(value),
    server: kind.server,
    ...kind.more?.(value),
  }
  transports.set(value, app)
  return app
}

/** Express and Connect: a function with the members of an app. */
function isMiddleware(app: Members): boolean {
  return typeof app === 'function' && MIDDLEWARE_MEMBERS.some((name) => name in (app as object))
}

/** Of Express and Connect; a bare function has none. */
const MIDDLEWARE_MEMBERS = ['handle', 'use', 'set', 'stack']

function isFastify(app: Members): boolean {
  return hasMethods(app, 'inject', 'ready') && 'server' in app
}

function isServer(app: Members): boolean {
  return isHttpServer(app)
}

/** Its routes exist once it is ready; it need not listen. Closed, it responds with 503 to everything. */
function reachFastify(app: Members): Transport {
  const transport = prepared(async () => {
    await (call(app, 'ready') as PromiseLike<unknown>)
    return app.server
  })
  return whileOpen(transport, () => isFastifyClosed(app))
}

/** Does not take what an app says while it closes for a response of its own. */
function whileOpen(transport: Transport, isAppClosed: () => boolean): Transport {
  return {
    ...transport,
    async send(request) {
      if (isAppClosed()) throw closedError(request)
      const response = await transport.send(request)
      if (!isAppClosed()) return response
      discardBody(response.body)
      throw closedError(request)
    },
  }
}

/** Its state is told nowhere else. A plugin's instance inherits it. */
function isFastifyClosed(app: Members): boolean {
  for (let instance: unknown = app; hasMembers(instance); instance = Object.getPrototypeOf(instance)) {
    for (const symbol of Object.getOwnPropertySymbols(instance)) {
      if (symbol.description !== 'fastify.state') continue
      const state = (instance as { readonly [symbol]?: unknown })[symbol]
      return hasMembers(state) && state.closing === true
    }
  }
  return false
}

function reachNest(app: Members): Transport {
  const instance = call(call(app, 'getHttpAdapter') as Members, 'getInstance')
  const onFastify = hasMembers(instance) && isFastify(instance)
  const transport = prepared(async () => {
    if (app.isInitialized === false) await (call(app, 'init') as PromiseLike<unknown>)
    if (onFastify) await (call(instance, 'ready') as PromiseLike<unknown>)
    return call(app, 'getHttpServer')
  })
  return onFastify ? whileOpen(transport, () => isFastifyClosed(instance)) : transport
}

function reachListener(app: Members): Transport {
  const { listener } = app
  if (typeof listener === 'function' || isHttpServer(listener)) return listenerTransport(listener as Listener)
  throw new CorsUsageError(
    `endpoint({ listener }): listener must be a function (request, response) or an http.Server; got ${describeValue(listener)}`,
  )
}

function reachFetch(app: Members): Transport {
  const { length } = app.fetch as FetchHandler
  return fetchHandlerTransport(
    (request) => call(app, 'fetch', request) as ReturnType<FetchHandler>,
    // As Workers have it, whose platform gives the rest.
    length < 2
      ? undefined
      : `it takes ${length} parameters and was given the first; give it the others, { fetch: (request) => worker.fetch(request, env) }`,
  )
}

function reachFunction(app: Members): Transport {
  const handler = app as unknown as FetchHandler
  if (app === (globalThis.fetch as unknown)) {
    throw new CorsUsageError("pass the URL, not `fetch` itself: expect('https://…')")
  }
  if (/^class\b/.test(Function.prototype.toString.call(app))) {
    throw new CorsUsageError(`${describeValue(app)} is a class: give an app, or a response of it`)
  }
  if (handler.length > 1) {
    throw new CorsUsageError(
      `${describeValue(app)} takes ${handler.length} parameters, which does not show what it is: write endpoint({ listener }) for Node's (request, response), or endpoint({ fetch }) for a handler that takes a Request`,
    )
  }
  return fetchHandlerTransport((request) => handler(request))
}

/** A transport to a server that has to get ready first. */
function prepared(ready: () => Promise<unknown>): Transport {
  return lazyTransport(async () => {
    const server = await ready().catch(notReady)
    if (isHttpServer(server)) return listenerTransport(server)
    throw new CorsUsageError(
      `only apps over HTTP/1.1 can be reached in this process; got ${describeValue(server)}: start it and give its URL`,
    )
  })
}

function notReady(error: unknown): never {
  throw isCorsUsageError(error) ? error : new Error(`the app did not become ready: ${shownError(error)}`)
}

/** @throws CorsUsageError */
function refuseLookalikes(value: Members): void {
  if (hasMethods(value, 'inspect', 'fetch', 'XMLHttpRequest')) {
    throw new CorsUsageError(
      'pass what the page fetched, not the page itself: expect(await page.inspect(url)), or the URL itself',
    )
  }
  if (hasMethods(value, 'updateSettings', 'address')) {
    throw new CorsUsageError('an HTTP/2 server cannot be reached in this process: start it and give its URL')
  }
  if (isMiddleware(value) && !hasMethods(value, 'listen')) {
    throw new CorsUsageError('a router is not an app yet: mount it on one, express().use(router)')
  }
  if (isH3WithoutFetch(value)) {
    throw new CorsUsageError('an app of h3 1 needs its adapter: endpoint({ listener: toNodeListener(app) })')
  }
}

/** h3 1: it takes its own events only. */
function isH3WithoutFetch(value: Members): boolean {
  return (
    Array.isArray(value.stack) &&
    typeof value === 'object' &&
    hasMethods(value, 'handler', 'use') &&
    value.fetch === undefined
  )
}
