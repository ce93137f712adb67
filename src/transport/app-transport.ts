/** Requests to an app in this process: one that takes Node's requests, over a socket of this machine, or a Fetch handler. */
import type { RequestListener } from 'node:http'
import { watchClosing } from './closed-servers.js'
import type { FetchHandler, HttpServerLike } from './in-process-app.js'
import { lazyTransport } from './lazy-transport.js'
import type { Transport } from './transport.js'

const transports = new WeakMap<object, Transport>()

/**
 * A transport to an app in this process, the same for each call with the same app.
 *
 * While requests are under way it listens on a port of 127.0.0.1 that the system chooses, which does not keep the process alive. Every
 * request goes there, whatever its URL, with the `Host` of the URL; MSW and proxies in the environment have no part in it. For an https
 * URL the app is told so, by `X-Forwarded-Proto` and by a socket that says it is encrypted.
 *
 * A server is given our connections whether it listens or not, and is never made to listen or closed; an `https.Server` likewise,
 * without TLS. One that has been closed is not asked any more: that is an error.
 *
 * @example listenerTransport((request, response) => response.end('hello'))
 */
export function listenerTransport(app: RequestListener | HttpServerLike): Transport {
  let transport = transports.get(app)
  if (transport === undefined) {
    if (typeof app !== 'function') watchClosing(app)
    transport = lazyTransport(async () => (await import('./senders.js')).socketTransport(app))
    transports.set(app, transport)
  }
  return transport
}

/**
 * A transport to a Fetch handler. It gets a `Request` of Node's own class, in which `Origin`, `Cookie`, `Host` and the other headers
 * that browsers forbid scripts to set can be read, as on a server.
 *
 * @param hint why it may have thrown a `TypeError`, and the fix
 * @example fetchHandlerTransport((request) => new Response('hello'))
 */
export function fetchHandlerTransport(handler: FetchHandler, hint?: string): Transport {
  return lazyTransport(async () => (await import('./senders.js')).handlerTransport(handler, hint), true)
}

/** Whether a value is a server of `node:http` or `node:https`. */
export function isHttpServer(value: unknown): value is HttpServerLike {
  if (typeof value !== 'object' || value === null) return false
  const { listening, address, emit, on, headersTimeout } = value as Partial<Record<string, unknown>>
  // `headersTimeout` is what tells it from a server of node:net.
  return (
    typeof listening === 'boolean' &&
    typeof address === 'function' &&
    typeof emit === 'function' &&
    typeof on === 'function' &&
    headersTimeout !== undefined
  )
}
