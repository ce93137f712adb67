/** Requests to an app in this process: a Node listener, or a Fetch handler. */
export { fetchHandlerTransport } from './fetch-handler-transport.js'
export { listenerTransport } from './listener-transport.js'
