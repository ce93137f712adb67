/**
 * The request that a mock is being asked. In happy-dom, MSW gives its handlers a `Request` of that class, which has dropped `Origin` and whatever else
 * browsers forbid scripts to set: who has to know asks here.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { getHeader } from '../fetch/header-list.js'
import type { TransportRequest } from './transport.js'

const underWay = new AsyncLocalStorage<TransportRequest>()

/** Sends a request to where a mock may be, whose handlers run within. */
export function asUnderWay<T>(request: TransportRequest, send: () => T): T {
  return underWay.run(request, send)
}

/** The value of a header of a request that reached a handler, or null. */
export function arrivedHeader(request: Request, name: string): string | null {
  const value = request.headers.get(name)
  if (value !== null) return value

  const sent = underWay.getStore()
  // A handler may send requests of its own.
  const isSame = sent?.method === request.method && sent.url === request.url
  return isSame ? getHeader(sent.headers, name) : null
}
