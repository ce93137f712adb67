/** Which servers of Node's have been closed: their handlers would still respond, where nobody can reach them any more. */
import type { HttpServerLike } from './in-process-app.js'
import type { CorsNetworkError } from './network-error.js'
import { toNetworkError } from './no-response.js'
import type { TransportRequest } from './transport.js'

const closed = new WeakSet<object>()

/** Notes when a server closes; one that never listened says so in no other way. */
export function watchClosing(server: HttpServerLike): void {
  server.on('close', () => closed.add(server))
}

/** Whether a server has been closed, and does not listen again. */
export function isClosed(server: HttpServerLike): boolean {
  // Node keeps the key of what a server listened on when it has closed.
  const { _connectionKey } = server as { _connectionKey?: unknown }
  return !server.listening && (closed.has(server) || typeof _connectionKey === 'string')
}

/** What is said of a request to an app that has been closed. */
export function closedError(request: TransportRequest): CorsNetworkError {
  return toNetworkError(
    new Error('the app has been closed; assert before its close(), or create a new one'),
    request,
  )
}
