/** Transports that load with their first request: Node's network modules are not paid for by those who send nothing. */
import { isCorsUsageError } from '../text/usage-error.js'
import { toNetworkError } from './no-response.js'
import type { Transport, TransportRequest } from './transport.js'

/** A transport that is made when it first sends. */
export function lazyTransport(make: () => Promise<Transport>, joinsLines = false): Transport {
  let made: Promise<Transport> | undefined
  let ready: Transport | undefined
  const load = (): Promise<Transport> => {
    made ??= make().then((transport) => {
      ready = transport
      return transport
    })
    return made
  }
  return {
    joinsLines,
    open() {
      // What fails here fails again where something is sent.
      load().then(
        (transport) => transport.open?.(),
        () => {},
      )
    },
    send(request) {
      if (ready !== undefined) return ready.send(request)
      return load().then(
        (transport) => transport.send(request),
        (error: unknown) => refuse(error, request),
      )
    },
    async close() {
      await (await made?.catch(() => undefined))?.close()
    },
  }
}

/** An app that does not get ready, such as one whose plugin fails, never responds. */
function refuse(error: unknown, request: TransportRequest): never {
  throw isCorsUsageError(error) ? error : toNetworkError(error, request)
}
