/** The real network, through undici. */
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { CorsUsageError } from '../verdict/usage-error.js'
import { type Dispatching, dispatchRequest, isDispatching } from './dispatching.js'
import { installedDispatcher } from './global-dispatcher.js'
import { lookup } from './lookup.js'
import { isNetworkMocked } from './mock-detection.js'
import { nodeHttpTransport } from './node-http-transport.js'
import type { Transport } from './transport.js'
import { loadUndici } from './undici-module.js'

/** How to reach the network. */
export interface NetworkOptions {
  /** A dispatcher of undici (`Agent`, `ProxyAgent`, `MockAgent`, …) of any major. Default: see {@link undiciTransport}. */
  readonly dispatcher?: unknown
}

/**
 * Sends to the network:
 * 1. through the `dispatcher` given;
 * 2. else, where MSW or nock is listening, through `node:http`, which reaches its handlers;
 * 3. else through the dispatcher that was installed with `setGlobalDispatcher`, such as a MockAgent;
 * 4. else through an agent of our own, which verifies TLS, speaks HTTP/1.1 (over HTTP/2 the raw header lines are lost), honours
 *    `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` except for this machine itself, as browsers do, and does not keep the process alive.
 *
 * That choice is made anew for each request.
 *
 * @throws CorsUsageError for a `dispatcher` that is none
 */
export function undiciTransport(options: NetworkOptions = {}): Transport {
  const { dispatcher } = options
  if (dispatcher !== undefined && !isDispatching(dispatcher)) {
    throw new CorsUsageError(
      'dispatcher must be a dispatcher of undici, such as new Agent() or new MockAgent(): an object with the methods dispatch() and request()',
    )
  }
  return {
    async send(request) {
      if (dispatcher !== undefined) return dispatchRequest(dispatcher, request)
      // Bun's undici is a shell without dispatchers.
      if (isNetworkMocked() || process.versions.bun !== undefined) return nodeHttpTransport.send(request)
      return dispatchRequest(installedDispatcher() ?? ownDispatcher(new URL(request.url)), request)
    },
    // The agents are shared, and their idle sockets keep nothing alive.
    async close() {},
  }
}

/** Ours, by the proxies they were made for. */
const agents = new Map<string, Dispatching>()

function ownDispatcher(url: URL): Dispatching {
  const { env } = process
  const proxies = isLoopbackHost(url.hostname)
    ? []
    : [env.http_proxy ?? env.HTTP_PROXY, env.https_proxy ?? env.HTTPS_PROXY].map((proxy) => proxy ?? '')
  const key = proxies.join(' ')
  let agent = agents.get(key)
  if (agent === undefined) {
    const { Agent, EnvHttpProxyAgent } = loadUndici()
    // Servers in tests come and go: a connection is not trusted for long.
    const settings = { connect: { lookup }, keepAliveTimeout: 1000, keepAliveMaxTimeout: 1000 }
    agent = (key.trim() === ''
      ? new Agent(settings)
      : new EnvHttpProxyAgent(settings)) as unknown as Dispatching
    agents.set(key, agent)
  }
  return agent
}
