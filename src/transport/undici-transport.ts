/** The real network, through undici. */
import { CorsUsageError } from '../text/usage-error.js'
import { isDispatching } from './dispatcher.js'
import { lazyTransport } from './lazy-transport.js'
// At once: it remembers the timers as they are before a test fakes them.
import './real-timers.js'
import type { Transport } from './transport.js'

/** How to reach the network. */
interface NetworkOptions {
  /** A dispatcher of undici (`Agent`, `ProxyAgent`, `MockAgent`, …) of any major. Default: see {@link undiciTransport}. */
  readonly dispatcher?: unknown
  /** How many connections are opened to one server at most, which are then nobody else's and end with the transport. Default: as many as it takes. */
  readonly connections?: number | undefined
}

/**
 * Sends to the network:
 * 1. through the `dispatcher` given;
 * 2. else, where MSW or nock is listening, through `node:http`, which reaches its handlers;
 * 3. else through the dispatcher that was installed with `setGlobalDispatcher`, such as a MockAgent;
 * 4. else, under fake timers, through `node:http`, which needs none of them;
 * 5. else through an agent of our own, which verifies TLS, speaks HTTP/1.1 (over HTTP/2 the raw header lines are lost), honors
 *    `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` except for this machine itself, as browsers do, and does not keep the process alive.
 *
 * That choice is made anew for each request.
 *
 * @throws CorsUsageError for a `dispatcher` that is not one
 */
export function undiciTransport(options: NetworkOptions = {}): Transport {
  const { dispatcher, connections } = options
  if (dispatcher !== undefined && !isDispatching(dispatcher)) {
    throw new CorsUsageError(
      'dispatcher must be a dispatcher of undici, such as new Agent() or new MockAgent(): an object with the methods dispatch() and request()',
    )
  }
  return lazyTransport(async () => (await loadSenders()).networkTransport(dispatcher, connections))
}

let senders: Promise<typeof import('./senders.js')> | undefined

/** Once: every page has a network of its own. */
function loadSenders(): Promise<typeof import('./senders.js')> {
  senders ??= import('./senders.js')
  return senders
}
