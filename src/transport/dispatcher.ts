/** Dispatchers of undici, of whatever major. */
import type { Readable } from 'node:stream'
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { remembered } from '../verdict/remembered.js'

/** What is needed of an undici dispatcher (`Agent`, `Pool`, `ProxyAgent`, `MockAgent`, …); recognized by shape. */
export interface Dispatching {
  request(options: {
    origin: string
    path: string
    method: string
    headers: string[]
    body: Uint8Array | Readable | null
    signal: AbortSignal | null
    responseHeaders: 'raw'
    reset?: boolean | undefined
  }): Promise<{
    statusCode: number
    statusText?: string
    headers: unknown
    body: Readable
    context?: unknown
  }>
}

/** What a dispatcher of the undici that this package loads tells of a response. */
export interface OwnHandler {
  onConnect(abort: (reason: unknown) => void): void
  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, statusText: string): boolean
  onData(chunk: Buffer): boolean
  onComplete(): void
  onError(error: unknown): void
  onUpgrade(): void
}

/** A dispatcher of the undici that this package loads. */
export interface OwnDispatching extends Dispatching {
  dispatch(
    options: {
      origin: string
      path: string
      method: string
      headers: string[]
      body: Uint8Array | Readable | null
    },
    handler: OwnHandler,
  ): boolean
  destroy(): Promise<void>
}

/** Whether a value is a dispatcher of undici. */
export function isDispatching(value: unknown): value is Dispatching & object {
  if (typeof value !== 'object' || value === null) return false
  const { dispatch, request } = value as { dispatch?: unknown; request?: unknown }
  return typeof dispatch === 'function' && typeof request === 'function'
}

/** Whether all that a dispatcher connects to is a proxy. */
export function connectsToProxy(dispatcher: object): boolean {
  return /^(?:Socks5)?ProxyAgent$/.test(dispatcher.constructor?.name ?? '')
}

/** Where on the wire a URL leads. */
interface Destination {
  readonly origin: string
  readonly protocol: string
  readonly host: string
  /** With the query. */
  readonly path: string
  /** Whether it is this machine. */
  readonly isLoopback: boolean
}

/** Read once for the many requests to one URL. */
export const destinationOf: (url: string) => Destination = remembered((url) => {
  const { origin, protocol, host, hostname, pathname, search } = new URL(url)
  return { origin, protocol, host, path: pathname + search, isLoopback: isLoopbackHost(hostname) }
})
