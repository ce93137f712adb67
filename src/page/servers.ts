/** Where a page's requests go: an app in this process, a local stand-in, or the network. */

import { parseHttpOrigin } from '../fetch/origin.js'
import { readApp } from '../subject/apps.js'
import { argument, listed, shown, shownUrl } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { withHost } from '../transport/in-process-app.js'
import type { Transport, TransportRequest, TransportResponse } from '../transport/transport.js'
import { undiciTransport } from '../transport/undici-transport.js'
import { onServerSide } from './server-side.js'

/** Origins to what serves them: an app in this process, the URL of a stand-in, or MSW handlers. */
export type Servers = Readonly<Record<string, unknown>>

/** The network as a page sees it. */
export interface PageNetwork {
  /** @throws CorsUsageError for a URL behind which there is nothing: `servers` does not have its origin, and the network is shut off */
  check(url: string): void
  /** Rejects as {@link check} throws. */
  send(request: TransportRequest): Promise<TransportResponse>
  close(): Promise<void>
}

/** What of a page's options says where its requests go. */
interface Reach {
  readonly servers?: Servers | undefined
  readonly dispatcher?: unknown
  readonly network?: boolean | undefined
}

/**
 * Reads `servers`.
 * @throws CorsUsageError for a key that is not an http(s) origin, and a value that serves nothing
 */
export function createNetwork(reach: Reach, pageOrigin: string): PageNetwork {
  const { servers = {}, dispatcher } = reach
  const isOpen = reach.network ?? (reach.servers === undefined || dispatcher !== undefined)
  const network = undiciTransport(dispatcher === undefined ? {} : { dispatcher })
  const transports = new Map<string, Transport>()
  for (const [origin, server] of Object.entries(servers)) {
    const transport = transportTo(origin, server, network)
    transports.set(checkServerOrigin(origin), transport)
  }
  const opened = new Set<Transport>()
  let closed: Promise<unknown> | undefined
  const transportFor = (url: string): Transport => {
    const own = transports.size === 0 ? undefined : transports.get(new URL(url).origin)
    if (own === undefined && !isOpen) throw nothingBehind(url, [...transports.keys()], pageOrigin)
    return own ?? network
  }
  return {
    check(url) {
      if (!isOpen && /^https?:/.test(url)) transportFor(url)
    },
    async send(request) {
      const transport = transportFor(request.url)
      if (!opened.has(transport)) {
        opened.add(transport)
        transport.open?.()
      }
      return await onServerSide(() => transport.send(request))
    },
    async close() {
      closed ??= Promise.all([...opened].map((transport) => transport.close()))
      await closed
    },
  }
}

/** A mistyped host is not a failing server, which an app may well expect: it is not told as one. */
function nothingBehind(url: string, known: readonly string[], pageOrigin: string): CorsUsageError {
  const { origin } = new URL(url)
  const whose = origin === pageOrigin ? ", the page's own origin," : ''
  const there =
    known.length === 0 ? 'which is empty' : `which has ${listed(known.map((other) => argument(other)))}`
  return new CorsUsageError(
    `nothing serves ${argument(origin)}${whose} for the request to ${shownUrl(url)}: it is not among servers, ${there}. Add it there, or reach it over the network with openPage(…, { network: true })`,
  )
}

function checkServerOrigin(origin: string): string {
  if (origin.includes('*'))
    throw new CorsUsageError(
      `servers: ${argument(origin)} is a pattern; name each origin, 'https://api.example.com'`,
    )
  if (parseHttpOrigin(origin) !== null) return origin
  const canonical =
    URL.canParse(origin) && /^https?:/.test(origin) ? new URL(origin).origin : 'https://api.example.com'
  throw new CorsUsageError(`servers: ${argument(origin)} is not an http(s) origin; write '${canonical}'`)
}

function transportTo(origin: string, server: unknown, network: Transport): Transport {
  if (typeof server === 'string' || Object.prototype.toString.call(server) === '[object URL]') {
    return standIn(origin, String(server), network)
  }
  const app = readApp(server)
  if (app !== undefined) return app.transport
  throw new CorsUsageError(
    `servers: ${shown(origin)} must be served by an app in this process, a URL or MSW handlers; got ${describeValue(server)}`,
  )
}

/** A local server that stands for another origin, whose `Host` it is sent. */
function standIn(origin: string, address: string, network: Transport): Transport {
  if (!/^https?:/.test(address) || !URL.canParse(address)) {
    throw new CorsUsageError(
      `servers: ${shown(origin)} must be served by an absolute http(s) URL; got ${argument(address)}`,
    )
  }
  const base = new URL(address)
  return {
    send(request) {
      const url = new URL(request.url)
      const path = base.pathname.replace(/\/$/, '')
      return network.send({
        ...request,
        url: `${base.origin}${path}${url.pathname}${url.search}`,
        headers: withHost(request),
      })
    },
    async close() {},
  }
}
