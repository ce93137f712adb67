/** What sends: loaded with the first request, and all of it at once. */
export { handlerTransport } from './fetch-handler.js'
export { socketTransport } from './listener.js'
export { networkTransport } from './network.js'
