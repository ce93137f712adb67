/** Transports that load with their first request: Node's network modules are not paid for by those who send nothing. */
import type { Transport } from './transport.js'

/** A transport that is made when it first sends. */
export function lazyTransport(make: () => Promise<Transport>, joinsLines = false): Transport {
  let made: Promise<Transport> | undefined
  const load = (): Promise<Transport> => {
    made ??= make()
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
    async send(request) {
      return (await load()).send(request)
    },
    async close() {
      await (await made?.catch(() => undefined))?.close()
    },
  }
}
