/** Whether something in this process responds to requests in place of the network. */
import http from 'node:http'
import https from 'node:https'
import { types } from 'node:util'

/**
 * Whether MSW (2 or 3), nock or anything else built on `@mswjs/interceptors` is listening now. Ask at the time of the call: servers
 * listen and close between tests.
 *
 * MSW 2 and nock put proxies in the place of `node:http`'s functions, on its default export. MSW 3 patches sockets further down; it keeps
 * a registry of its interceptors.
 */
export function isNetworkMocked(): boolean {
  return (
    isPatched(http.request) ||
    isPatched(https.request) ||
    isPatched(http.ClientRequest) ||
    hasActiveInterceptor()
  )
}

function isPatched(value: unknown): boolean {
  // nock before version 14 has no proxies, but a class of its own.
  return types.isProxy(value) || (value as { name?: unknown }).name === 'OverriddenClientRequest'
}

/** Interceptors that see what `node:http` sends. */
const NODE_INTERCEPTORS = [
  'socket-interceptor',
  'http-request-interceptor',
  'client-request-interceptor',
].map((name) => Symbol.for(name))

function hasActiveInterceptor(): boolean {
  const registry = (globalThis as { __MSW_INTERCEPTORS_REGISTRY?: unknown }).__MSW_INTERCEPTORS_REGISTRY
  if (!types.isMap(registry)) return false
  return NODE_INTERCEPTORS.some(
    (symbol) => (registry.get(symbol) as { readyState?: unknown } | undefined)?.readyState === 'ACTIVE',
  )
}
