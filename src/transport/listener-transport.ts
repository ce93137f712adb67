/** An app in this process that takes Node's requests, reached over a socket of this machine. */
import { createServer, Server as HttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import type { Header } from '../fetch/header-list.js'
import { containsHeader } from '../fetch/header-list.js'
import { type Dispatching, dispatchRequest } from './dispatching.js'
import type { Transport } from './transport.js'
import { loadUndici } from './undici-module.js'

/** A server of `node:http` or `node:https`; recognised by shape. */
export interface HttpServerLike {
  readonly listening: boolean
  address(): AddressInfo | string | null
  emit(event: string, ...args: unknown[]): boolean
}

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
    transport = createTransport(app)
    transports.set(app, transport)
  }
  return transport
}

interface Listening {
  readonly origin: string
  close(): Promise<void>
}

function createTransport(app: RequestListener | HttpServerLike): Transport {
  let listening: Promise<Listening> | undefined
  const listen = (): Promise<Listening> => {
    const theirs = originOfListening(app)
    if (theirs !== undefined) return Promise.resolve({ origin: theirs, async close() {} })
    listening ??= listenFor(app)
    return listening
  }
  return {
    async send(request) {
      const { origin } = await listen()
      // Undici derives Host from where it connects to.
      const { host } = new URL(request.url)
      const headers: readonly Header[] = containsHeader(request.headers, 'host')
        ? request.headers
        : [['Host', host], ...request.headers]
      return dispatchRequest(loopbackDispatcher(), { ...request, headers }, origin)
    },
    async close() {
      const closing = listening
      listening = undefined
      await (await closing)?.close()
    },
  }
}

/** Where a plain http server listens that somebody else started. */
function originOfListening(app: RequestListener | HttpServerLike): string | undefined {
  if (typeof app === 'function' || !app.listening || isTlsServer(app)) return undefined
  const address = app.address()
  if (address === null || typeof address === 'string') return undefined
  const anyAddress = address.address === '::' || address.address === '0.0.0.0'
  const host = anyAddress ? '127.0.0.1' : address.address
  return host.includes(':') ? `http://[${host}]:${address.port}` : `http://${host}:${address.port}`
}

function isTlsServer(app: HttpServerLike): boolean {
  return typeof (app as { setSecureContext?: unknown }).setSecureContext === 'function'
}

function listenFor(app: RequestListener | HttpServerLike): Promise<Listening> {
  const sockets = new Set<Socket>()
  const server: Server =
    typeof app === 'function'
      ? createServer(app)
      : createSocketServer((socket) => app.emit(isTlsServer(app) ? 'secureConnection' : 'connection', socket))
  server.on('connection', (socket: Socket) => {
    socket.unref()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.unref()
      resolve({
        origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            for (const socket of sockets) socket.destroy()
          }),
      })
    })
  })
}

let dispatcher: Dispatching | undefined

function loopbackDispatcher(): Dispatching {
  if (dispatcher === undefined) {
    const { Agent, buildConnector } = loadUndici()
    const connect = buildConnector({})
    dispatcher = new Agent({
      connect: (options, callback) => pastMocks(() => connect(options, callback)),
      keepAliveTimeout: 1000,
    }) as unknown as Dispatching
  }
  return dispatcher
}

/** MSW 3 patches sockets themselves, and lets through what it takes for its own. */
function pastMocks(connect: () => void): void {
  const context = (
    globalThis as { __MSW_INTERNAL_CONNECTION_CONTEXT?: { run?: (callback: () => void) => void } }
  ).__MSW_INTERNAL_CONNECTION_CONTEXT
  if (typeof context?.run === 'function') context.run(connect)
  else connect()
}

/** Whether a value is a server of `node:http` or `node:https`. */
export function isHttpServer(value: unknown): value is HttpServerLike {
  if (value instanceof HttpServer) return true
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
