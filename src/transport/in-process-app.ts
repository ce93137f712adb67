/** What an app in this process looks like, and what reaches it. */
import type { AddressInfo } from 'node:net'
import { containsHeader, type Header } from '../fetch/header-list.js'
import { shown } from '../text/shown.js'
import { destinationOf } from './dispatcher.js'
import type { TransportRequest } from './transport.js'

/** A server of `node:http` or `node:https`; recognized by shape. */
export interface HttpServerLike {
  readonly listening: boolean
  address(): AddressInfo | string | null
  emit(event: string, ...args: unknown[]): boolean
  on(event: string, listener: () => void): unknown
}

/** What `{ fetch }` objects and bare handlers do. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/**
 * A request's headers as they arrive at a server that stands for the request's URL: with its `Host`, and from behind something that
 * has taken the TLS off where the URL is https. Those that were given win.
 */
export function arrivingHeaders(request: HeadOfRequest): Header[] {
  const arriving = withHost(request)
  const isHttps = destinationOf(request.url).protocol === 'https:'
  if (isHttps && !containsHeader(arriving, 'x-forwarded-proto')) arriving.push(['X-Forwarded-Proto', 'https'])
  return arriving
}

/** What an app threw, as messages name it: `TypeError: fetch failed`. Told by shape: it may come from another realm. */
export function shownError(error: unknown): string {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown }
  return shown(typeof message === 'string' ? `${String(name ?? 'Error')}: ${message}` : String(error))
}

/** A request's headers with the `Host` of its URL, unless one is among them. */
export function withHost({ url, headers }: HeadOfRequest): Header[] {
  return containsHeader(headers, 'host') ? [...headers] : [['Host', destinationOf(url).host], ...headers]
}

type HeadOfRequest = Pick<TransportRequest, 'url' | 'headers'>
