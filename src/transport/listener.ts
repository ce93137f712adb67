/** What {@link listenerTransport} loads with its first request. */
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import { containsHeader, type Header } from '../fetch/header-list.js'
import type { Dispatching } from './dispatcher.js'
import { dispatchRequest } from './dispatching.js'
import { LONGEST_HEAD } from './head-limit.js'
import type { HttpServerLike } from './in-process-app.js'
import { isNetworkMocked } from './mock-detection.js'
import { nodeHttpTransport } from './node-http-transport.js'
import { areTimersFaked, checkNextTick } from './real-timers.js'
import type { Transport, TransportRequest, TransportResponse } from './transport.js'
import { loadUndici } from './undici-module.js'

interface Listening {
  readonly origin: string
  close(): Promise<void>
}

/** Reaches an app over a socket of this machine. */
export function socketTransport(app: RequestListener | HttpServerLike): Transport {
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
      // Bun's undici is a shell without dispatchers.
      if (process.versions.bun !== undefined) return sendByNodeHttp(request, headers, origin)
      checkNextTick()
      if (!areTimersFaked()) return dispatchRequest(loopbackDispatcher(), { ...request, headers }, origin)
      // A mock that listens would see it. undici needs no timer for the first request of a connection.
      if (isNetworkMocked()) return dispatchRequest(newDispatcher(), { ...request, headers }, origin, true)
      return sendByNodeHttp(request, headers, origin)
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

function sendByNodeHttp(
  request: TransportRequest,
  headers: readonly Header[],
  origin: string,
): Promise<TransportResponse> {
  const { pathname, search } = new URL(request.url)
  return nodeHttpTransport.send({ ...request, headers, url: origin + pathname + search })
}

let dispatcher: Dispatching | undefined

function loopbackDispatcher(): Dispatching {
  dispatcher ??= newDispatcher()
  return dispatcher
}

function newDispatcher(): Dispatching {
  const { Agent, buildConnector } = loadUndici()
  const connect = buildConnector({})
  return new Agent({
    connect: (options, callback) => pastMocks(() => connect(options, callback)),
    keepAliveTimeout: 1000,
    maxHeaderSize: LONGEST_HEAD,
  }) as unknown as Dispatching
}

/** MSW 3 patches sockets themselves, and lets through what it takes for its own. */
function pastMocks(connect: () => void): void {
  const context = (
    globalThis as { __MSW_INTERNAL_CONNECTION_CONTEXT?: { run?: (callback: () => void) => void } }
  ).__MSW_INTERNAL_CONNECTION_CONTEXT
  if (typeof context?.run === 'function') context.run(connect)
  else connect()
}
