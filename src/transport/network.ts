/** What {@link undiciTransport} loads with its first request. */
import { isLoopbackHost } from '../fetch/mixed-content.js'
import type { Dispatching } from './dispatcher.js'
import { dispatchRequest } from './dispatching.js'
import { installedDispatcher } from './global-dispatcher.js'
import { lookup } from './lookup.js'
import { isNetworkMocked } from './mock-detection.js'
import { nodeHttpTransport } from './node-http-transport.js'
import type { Transport } from './transport.js'
import { loadUndici } from './undici-module.js'

/** Sends through the dispatcher given, or as {@link undiciTransport} says. */
export function networkTransport(dispatcher: Dispatching | undefined): Transport {
  return {
    async send(request) {
      if (dispatcher !== undefined) return dispatchRequest(dispatcher, request)
      // Bun's undici is a shell without dispatchers.
      if (isNetworkMocked() || process.versions.bun !== undefined) return nodeHttpTransport.send(request)
      return dispatchRequest(installedDispatcher() ?? ownDispatcher(request.url), request)
    },
    // The agents are shared, and their idle sockets keep nothing alive.
    async close() {},
  }
}

/** Ours, by the proxies they were made for. */
const agents = new Map<string, Dispatching>()

function ownDispatcher(url: string): Dispatching {
  const { env } = process
  const http = env.http_proxy ?? env.HTTP_PROXY ?? ''
  const https = env.https_proxy ?? env.HTTPS_PROXY ?? ''
  const key = (http === '' && https === '') || isLoopbackHost(new URL(url).hostname) ? '' : `${http} ${https}`
  let agent = agents.get(key)
  if (agent === undefined) {
    const { Agent, EnvHttpProxyAgent } = loadUndici()
    // Servers in tests come and go: a connection is not trusted for long.
    const settings = { connect: { lookup }, keepAliveTimeout: 1000, keepAliveMaxTimeout: 1000 }
    agent = (key === '' ? new Agent(settings) : new EnvHttpProxyAgent(settings)) as unknown as Dispatching
    agents.set(key, agent)
  }
  return agent
}
