/** An app in this process that takes a Fetch `Request` and answers with a `Response`. */
import type { FetchHandler } from './in-process-app.js'
import { lazyTransport } from './lazy-transport.js'
import type { Transport } from './transport.js'

/**
 * A transport to a Fetch handler. It gets a `Request` of Node's own class, in which `Origin`, `Cookie`, `Host` and the other headers
 * that browsers forbid scripts to set can be read, as on a server.
 *
 * @example fetchHandlerTransport((request) => new Response('hello'))
 */
export function fetchHandlerTransport(handler: FetchHandler): Transport {
  return lazyTransport(async () => (await import('./senders.js')).handlerTransport(handler), true)
}
