/** What {@link listenerTransport} loads with its first request. */
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import { checkNextTick } from './check-timers.js'
import { closedError, isClosed } from './closed-servers.js'
import { destinationOf, type OwnDispatching } from './dispatcher.js'
import { dispatchRequest } from './dispatching.js'
import { arrivingHeaders, type HttpServerLike } from './in-process-app.js'
import { skippingContinue } from './interim-responses.js'
import { isNetworkMocked } from './mock-detection.js'
import { LONGEST_HEAD, toNetworkError } from './no-response.js'
import { nodeHttpTransport } from './node-http-transport.js'
import { dispatchToOwn } from './own-dispatching.js'
import { areTimersFaked } from './real-timers.js'
import type { Transport, TransportRequest, TransportResponse } from './transport.js'
import { loadUndici } from './undici-module.js'

/** Where an app is reached for URLs of one scheme: a listening socket, and our connections to it. */
interface Door {
  readonly origin: string
  readonly dispatcher: ClosableDispatcher | undefined
  /** Ends what is under way. */
  close(): Promise<void>
  /** Ends once what is under way has ended. */
  retire(): Promise<void>
}

interface ClosableDispatcher extends OwnDispatching {
  close(): Promise<void>
}

// Bun's undici is a shell without dispatchers.
const isBun = process.versions.bun !== undefined

/** Reaches an app over sockets of this machine, which exist for as long as they are needed. */
export function socketTransport(app: RequestListener | HttpServerLike): Transport {
  const doors = new Map<string, Promise<Door>>()
  let users = 0
  const hasClosed = (): boolean => typeof app !== 'function' && isClosed(app)
  const doorFor = (protocol: string): Promise<Door> => {
    let door = doors.get(protocol)
    if (door === undefined) {
      door = openDoor(app, protocol === 'https:')
      doors.set(protocol, door)
    }
    return door
  }
  const leave = async (how: 'close' | 'retire'): Promise<void> => {
    const left = [...doors.values()]
    doors.clear()
    await Promise.allSettled(left.map(async (door) => (await door)[how]()))
  }
  if (typeof app !== 'function') app.on('close', () => void leave('close'))
  return {
    open() {
      users++
    },
    async send(request) {
      const { signal } = request
      if (signal?.aborted === true) throw toNetworkError(signal.reason, request)
      if (hasClosed()) throw closedError(request)
      checkNextTick()
      users++
      try {
        const door = await doorFor(destinationOf(request.url).protocol)
        return await sendThrough(door, { ...request, headers: arrivingHeaders(request) })
      } catch (error) {
        throw hasClosed() ? closedError(request) : toNetworkError(error, request)
      } finally {
        users--
        if (users === 0) void leave('retire')
      }
    },
    async close() {
      users = Math.max(0, users - 1)
      if (users === 0) await leave('close')
    },
  }
}

function sendThrough({ origin, dispatcher }: Door, request: TransportRequest): Promise<TransportResponse> {
  if (dispatcher !== undefined && !areTimersFaked()) return dispatchToOwn(dispatcher, request, origin)
  // A mock that listens would see it. undici needs no timer for the first request of a connection.
  if (dispatcher !== undefined && isNetworkMocked())
    return dispatchRequest(dispatcherTo(origin), request, origin, true)
  return nodeHttpTransport.send({ ...request, url: origin + destinationOf(request.url).path })
}

async function openDoor(app: RequestListener | HttpServerLike, encrypted: boolean): Promise<Door> {
  const theirs = isBun ? originOfListening(app) : undefined
  if (theirs !== undefined) {
    return { origin: theirs, dispatcher: undefined, async close() {}, async retire() {} }
  }
  const sockets = new Set<Socket>()
  const server: Server =
    typeof app === 'function'
      ? createServer(app)
      : createSocketServer((socket) => app.emit(isTlsServer(app) ? 'secureConnection' : 'connection', socket))
  server.prependListener('connection', (socket: Socket) => {
    socket.unref()
    // What frameworks go by, where they trust no proxy.
    if (encrypted) Object.defineProperty(socket, 'encrypted', { value: true })
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const origin = `http://127.0.0.1:${await listen(server)}`
  const dispatcher = isBun ? undefined : dispatcherTo(origin)
  return {
    origin,
    dispatcher,
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await dispatcher?.destroy()
    },
    async retire() {
      server.close()
      await dispatcher?.close()
    },
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.unref()
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Where a plain http server listens that somebody else started: in Bun it takes no connections of ours. */
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

/** A pool: it costs half of what an agent does. */
function dispatcherTo(origin: string): ClosableDispatcher {
  const { Pool, buildConnector } = loadUndici()
  const connect = skippingContinue(buildConnector({}))
  return new Pool(origin, {
    connect: (options, callback) => pastMocks(() => connect(options, callback)),
    maxHeaderSize: LONGEST_HEAD,
  }) as unknown as ClosableDispatcher
}

/** MSW 3 patches sockets themselves, and lets through what it takes for its own. */
function pastMocks(connect: () => void): void {
  const context = (
    globalThis as { __MSW_INTERNAL_CONNECTION_CONTEXT?: { run?: (callback: () => void) => void } }
  ).__MSW_INTERNAL_CONNECTION_CONTEXT
  if (typeof context?.run === 'function') context.run(connect)
  else connect()
}
