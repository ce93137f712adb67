/** Responses of status 100, which a server may send unasked: undici takes the connection for broken. It skips all other 1xx by itself. */
import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { LONGEST_HEAD } from './no-response.js'

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
  let held: Buffer = Buffer.alloc(0)
  Object.assign(socket, {
    write(...args: unknown[]): boolean {
      expectsHead = true
      return write(...args)
    },
    read(size?: number): unknown {
      for (;;) {
        const chunk: unknown = read(size)
        if (!expectsHead || !Buffer.isBuffer(chunk)) return chunk
        if (held.length === 0 && isFinal(chunk)) {
          expectsHead = false
          return chunk
        }
        const rest = withoutContinue(held.length === 0 ? chunk : Buffer.concat([held, chunk]))
        if (mayBeContinue(rest)) {
          held = rest
          continue
        }
        expectsHead = false
        held = Buffer.alloc(0)
        return rest
      }
    },
  })
}

/** Whether a chunk begins with the head of a final response, as nearly all do: by the first digit of its status. */
function isFinal(bytes: Buffer): boolean {
  return bytes.length >= START.length && bytes[STATUS_AT] !== 0x31
}

const CONTINUE = /^HTTP\/1\.1 100(?!\d)/
const START = 'HTTP/1.1 100 '
const STATUS_AT = START.indexOf('100')

/** What follows the complete heads of status 100. */
function withoutContinue(bytes: Buffer): Buffer {
  let rest = bytes
  while (isContinue(rest)) {
    const end = rest.indexOf('\r\n\r\n')
    if (end === -1) break
    rest = rest.subarray(end + 4)
  }
  return rest
}

/** Whether more must come to tell what this is; a head that is too long is left to the parser. */
function mayBeContinue(bytes: Buffer): boolean {
  if (isContinue(bytes)) return bytes.length <= LONGEST_HEAD
  return bytes.length < START.length && START.startsWith(bytes.toString('latin1'))
}

function isContinue(bytes: Buffer): boolean {
  return CONTINUE.test(bytes.toString('latin1', 0, START.length))
}
