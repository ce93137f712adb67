/** Responses of status 100, which a server may send unasked: undici takes the connection for broken. It skips all other 1xx by itself. */
import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { LONGEST_HEAD } from './head-limit.js'

/** A connector whose sockets hold back what undici cannot read. @see https://httpwg.org/specs/rfc9110.html#status.1xx */
export function skippingContinue(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const [error, socket] = result
      if (error === null) skipContinue(socket)
      callback(...result)
    })
}

/** Looks at what comes first after something was sent: there a head begins. */
function skipContinue(socket: Socket): void {
  const read = socket.read.bind(socket)
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  let expectsHead = true
  let held = Buffer.alloc(0)
  Object.assign(socket, {
    write(...args: unknown[]): boolean {
      expectsHead = true
      return write(...args)
    },
    read(size?: number): unknown {
      for (;;) {
        const chunk: unknown = read(size)
        if (!expectsHead || !Buffer.isBuffer(chunk)) return chunk
        held = Buffer.concat([held, chunk])
        const rest = withoutContinue(held)
        if (rest === null) continue
        expectsHead = false
        held = Buffer.alloc(0)
        return rest
      }
    },
  })
}

const CONTINUE = /^HTTP\/1\.1 100(?!\d)/
const START = 'HTTP/1.1 100 '

/** What follows the heads of status 100, or null where more must come to tell. */
function withoutContinue(bytes: Buffer): Buffer | null {
  let rest = bytes
  while (CONTINUE.test(rest.toString('latin1', 0, START.length))) {
    const end = rest.indexOf('\r\n\r\n')
    if (end === -1) return rest.length > LONGEST_HEAD ? rest : null
    rest = rest.subarray(end + 4)
  }
  const start = rest.toString('latin1', 0, START.length)
  return start.length < START.length && START.startsWith(start) ? null : rest
}
