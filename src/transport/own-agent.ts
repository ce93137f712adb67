/** Agents of our own: for the network, or for the proxies in the environment. */
import type { Dispatcher, Pool } from 'undici'
import { literal } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { destinationOf, type OwnDispatching } from './dispatcher.js'
import { skippingContinue } from './interim-responses.js'
import { lookup } from './lookup.js'
import { LONGEST_HEAD, ProxyConnectError } from './no-response.js'
import { loadUndici } from './undici-module.js'

/** Agents of our own, whose connections are shared by those who ask for one. */
export class OwnAgents {
  private readonly connections: number | undefined
  /** By the proxies they were made for. */
  private readonly agents = new Map<string, OwnDispatching>()

  /**
   * @param connections how many each opens to one server at most. One that has just responded is not ready at once: what is sent then waits for
   * it, where it would open another.
   */
  constructor(connections?: number) {
    this.connections = connections
  }

  /** The agent for a URL. */
  agentFor(url: string): OwnDispatching {
    const proxies = proxiesFor(url)
    let agent = this.agents.get(proxies)
    if (agent === undefined) {
      agent = newAgent(proxies, this.connections)
      this.agents.set(proxies, agent)
    }
    return agent
  }

  /** Ends what is under way, and every connection. */
  async destroy(): Promise<void> {
    const agents = [...this.agents.values()]
    this.agents.clear()
    await Promise.all(agents.map((agent) => agent.destroy()))
  }
}

/** An agent for one request through the proxies in the environment, or undefined where they have no part in it. */
export function newProxyAgent(url: string): OwnDispatching | undefined {
  const proxies = proxiesFor(url)
  return proxies === '' ? undefined : newAgent(proxies)
}

function proxiesFor(url: string): string {
  if (destinationOf(url).isLoopback) return ''
  const { env } = process
  const http = checkedProxy(env.http_proxy ?? env.HTTP_PROXY ?? '', 'HTTP_PROXY')
  const https = checkedProxy(env.https_proxy ?? env.HTTPS_PROXY ?? '', 'HTTPS_PROXY')
  return http === '' && https === '' ? '' : `${http} ${https}`
}

/** @throws CorsUsageError for what undici takes for no URL of a proxy, or shows with its password */
function checkedProxy(proxy: string, name: string): string {
  if (proxy === '' || (/^[a-z][a-z\d+.-]*:\/\//i.test(proxy) && URL.canParse(proxy))) return proxy
  throw new CorsUsageError(
    `${name} must be the URL of a proxy, such as http://proxy.example:8080; got ${literal(proxy)}`,
  )
}

function newAgent(proxies: string, connections?: number): OwnDispatching {
  const { Agent, EnvHttpProxyAgent, Pool, buildConnector } = loadUndici()
  // Servers in tests come and go: a connection is not trusted for long.
  const settings = {
    connect: { lookup },
    keepAliveTimeout: 1000,
    keepAliveMaxTimeout: 1000,
    maxHeaderSize: LONGEST_HEAD,
    ...(connections === undefined ? {} : { connections }),
  }
  const agent =
    proxies === ''
      ? new Agent({ ...settings, connect: skippingContinue(buildConnector(settings.connect)) })
      : new EnvHttpProxyAgent({
          ...settings,
          clientFactory: (proxy, options) => blameProxy(proxy, new Pool(proxy, options)),
        })
  return agent as unknown as OwnDispatching
}

/** What fails on the way to the proxy, or in asking it for a connection, is its fault; undici would try again for ever where it hangs up. */
function blameProxy(proxy: URL, pool: Pool): Pool {
  const connect: (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData> =
    pool.connect.bind(pool)
  return Object.assign(pool, {
    connect: (options: Dispatcher.ConnectOptions) =>
      connect(options).catch((error: unknown) => {
        throw new ProxyConnectError(proxy, error)
      }),
  })
}
