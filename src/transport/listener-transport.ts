/** An app in this process that takes Node's requests, reached over a socket of this machine. */
import type { RequestListener } from 'node:http'
import type { HttpServerLike } from './in-process-app.js'
import { lazyTransport } from './lazy-transport.js'
import type { Transport } from './transport.js'

const transports = new WeakMap<object, Transport>()

/**
 * A transport to an app in this process, the same for each call with the same app.
 *
 * The first `send` listens on a port of 127.0.0.1 that the system chooses; that does not keep the process alive, and `close()` ends
 * it. Every request goes there, whatever its URL, with the `Host` of the URL; MSW and proxies in the environment have no part in it.
 *
 * A server that listens already is used as it is and never closed. One that does not is given our connections without being made
 * to listen, so that it can listen later; an `https.Server` likewise, without TLS.
 *
 * @example listenerTransport((request, response) => response.end('hello'))
 */
export function listenerTransport(app: RequestListener | HttpServerLike): Transport {
  let transport = transports.get(app)
  if (transport === undefined) {
    transport = lazyTransport(async () => (await import('./senders.js')).socketTransport(app))
    transports.set(app, transport)
  }
  return transport
}

/** Whether a value is a server of `node:http` or `node:https`. */
export function isHttpServer(value: unknown): value is HttpServerLike {
  if (typeof value !== 'object' || value === null) return false
  const { listening, address, emit, headersTimeout } = value as Partial<Record<string, unknown>>
  // `headersTimeout` is what tells it from a server of node:net.
  return (
    typeof listening === 'boolean' &&
    typeof address === 'function' &&
    typeof emit === 'function' &&
    headersTimeout !== undefined
  )
}
