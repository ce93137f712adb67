/** Bodies between the web's streams and Node's. */
import { Readable } from 'node:stream'
// Not the global one: jsdom environments have none.
import { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { TransportRequest } from './transport.js'

/** A request's body for Node's clients. */
export function toNodeBody(body: TransportRequest['body']): Uint8Array | Readable | null {
  if (body === null || body === undefined) return null
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return Readable.fromWeb(body as NodeReadableStream<Uint8Array>)
}

/** Whether an answer has no body, whatever its headers say. @see https://fetch.spec.whatwg.org/#null-body-status */
export function isBodiless(method: string, status: number): boolean {
  return (
    method === 'HEAD' ||
    status === 101 ||
    status === 103 ||
    status === 204 ||
    status === 205 ||
    status === 304
  )
}

/**
 * A response's body as the page reads it. One that cannot have any is drained, so that its connection is free again.
 * @param failed makes the error the reader sees
 */
export function toWebBody(
  stream: Readable,
  method: string,
  status: number,
  failed: (error: unknown) => Error,
): ReadableStream<Uint8Array> | null {
  if (isBodiless(method, status)) {
    stream.on('error', ignore).resume()
    return null
  }
  let done = false
  return new NodeReadableStream<Uint8Array>(
    {
      start(controller) {
        stream.pause()
        stream.on('data', (chunk: Buffer) => {
          if (done) return
          controller.enqueue(new Uint8Array(chunk))
          if ((controller.desiredSize ?? 0) <= 0) stream.pause()
        })
        stream.on('end', () => {
          if (!done) controller.close()
          done = true
        })
        stream.on('error', (error) => {
          if (!done) controller.error(failed(error))
          done = true
        })
        stream.on('close', () => {
          if (!done)
            controller.error(failed(new Error('the connection was closed before the body was complete')))
          done = true
        })
        stream.pause()
      },
      pull() {
        stream.resume()
      },
      cancel() {
        done = true
        stream.destroy()
      },
    },
    { highWaterMark: 0 },
  ) as ReadableStream<Uint8Array>
}

function ignore(): void {}
