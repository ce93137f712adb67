/** What {@link undiciTransport} loads with its first request. */

import { checkNextTick } from './check-timers.js'
import type { Dispatching } from './dispatcher.js'
import { dispatchRequest } from './dispatching.js'
import { installedDispatcher } from './global-dispatcher.js'
import { isNetworkMocked } from './mock-detection.js'
import { sendToMock } from './mocked-request.js'
import { nodeHttpTransport } from './node-http-transport.js'
import { newProxyAgent, OwnAgents } from './own-agent.js'
import { dispatchToOwn } from './own-dispatching.js'
import { areTimersFaked } from './real-timers.js'
import type { Transport, TransportRequest, TransportResponse } from './transport.js'

/** Their idle sockets keep nothing alive. */
const sharedAgents = new OwnAgents()

/** Sends through the dispatcher given, or as {@link undiciTransport} says. */
export function networkTransport(dispatcher: Dispatching | undefined, connections?: number): Transport {
  const agents = connections === undefined ? sharedAgents : new OwnAgents(connections)
  return {
    async send(request) {
      if (dispatcher !== undefined) return dispatchRequest(dispatcher, request)
      if (isNetworkMocked()) return sendToMock(request)
      // Bun's undici is a shell without dispatchers.
      if (process.versions.bun !== undefined) return nodeHttpTransport.send(request)
      const installed = installedDispatcher()
      if (installed !== undefined) return dispatchRequest(installed, request)
      checkNextTick()
      if (areTimersFaked()) return sendUnderFakeTimers(request)
      const agent = agents.agentFor(request.url)
      // Waited for here, which takes fewer turns of the microtask queue than to return the promise.
      return await dispatchToOwn(agent, request)
    },
    async close() {
      if (agents !== sharedAgents) await agents.destroy()
    },
  }
}

/** `node:http` needs no timer, but knows no proxies; undici needs none for the first request of a connection. */
function sendUnderFakeTimers(request: TransportRequest): Promise<TransportResponse> {
  const agent = newProxyAgent(request.url)
  return agent === undefined
    ? nodeHttpTransport.send(request)
    : dispatchRequest(agent, request, undefined, true)
}
