/** Bodies between the web's streams and Node's. */
import { Readable } from 'node:stream'
// Not the global one: jsdom environments have none.
import { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { TransportRequest, TransportResponse } from './transport.js'

/** A request's body for Node's clients. */
export function toNodeBody(body: TransportRequest['body']): Uint8Array | Readable | null {
  if (body === null || body === undefined) return null
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return isOwnStream(body) ? Readable.fromWeb(body) : Readable.from(chunksOf(body), { objectMode: false })
}

/** Whether a stream is of Node's own class: a polyfill's has the same methods, and Node refuses it. */
function isOwnStream(body: object): body is NodeReadableStream<Uint8Array> {
  try {
    return typeof lockedOf?.call(body) === 'boolean'
  } catch {
    return false
  }
}

const lockedOf = Object.getOwnPropertyDescriptor(NodeReadableStream.prototype, 'locked')?.get

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}

/** Whether a response has no body, whatever its headers say. @see https://httpwg.org/specs/rfc9112.html#message.body.length */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status === 101 || status === 103 || status === 204 || status === 304
}

/** A response's body, to be read in one of two ways. */
export interface UnreadBody {
  stream(): ReadableStream<Uint8Array>
  /** All of it. */
  bytes(): Promise<Uint8Array>
}

type Head = Pick<TransportResponse, 'status' | 'statusText' | 'headers'>

/** A response whose body, where it has one, is still to be read. */
export function unreadResponse(head: Head, body: UnreadBody | null): TransportResponse {
  return body === null ? { ...head, body, httpVersion: '1.1' } : new UnreadResponse(head, body)
}

/** Makes the stream of its body only where that is asked for. A class, because one is made for each request. */
class UnreadResponse implements TransportResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: TransportResponse['headers']
  readonly httpVersion = '1.1'
  readonly bytes: () => Promise<Uint8Array>
  readonly #unread: UnreadBody
  #body: ReadableStream<Uint8Array> | undefined

  constructor({ status, statusText, headers }: Head, unread: UnreadBody) {
    this.status = status
    this.statusText = statusText
    this.headers = headers
    this.bytes = () => unread.bytes()
    this.#unread = unread
  }

  get body(): ReadableStream<Uint8Array> {
    this.#body ??= this.#unread.stream()
    return this.#body
  }
}

/** A body that is being read, chunk by chunk. */
export interface BodyReading {
  /** The next chunk, or null at the end. */
  next(): Promise<Uint8Array | null>
  cancel(): void
}

/** All that is read. */
export async function bytesOf(reading: BodyReading): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let chunk = await reading.next(); chunk !== null; chunk = await reading.next()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A stream of what is read. @param read begins to read */
export function streamOf(read: () => BodyReading): ReadableStream<Uint8Array> {
  let reading: BodyReading | undefined
  return new NodeReadableStream<Uint8Array>(
    {
      async pull(controller) {
        reading ??= read()
        const chunk = await reading.next()
        if (chunk === null) controller.close()
        else controller.enqueue(chunk)
      },
      cancel() {
        reading ??= read()
        reading.cancel()
      },
    },
    { highWaterMark: 0 },
  ) as ReadableStream<Uint8Array>
}

/**
 * The body of a response of Node's. One that cannot have any is drained.
 * @param failed makes the error the reader sees
 */
export function unreadBody(
  stream: Readable,
  method: string,
  status: number,
  failed: (error: unknown) => Error,
): UnreadBody | null {
  // Until somebody reads it, nobody else hears that it broke off.
  stream.on('error', ignore)
  if (isBodiless(method, status)) {
    stream.resume()
    return null
  }
  return {
    stream: () => toWebBody(stream, method, status, failed) as ReadableStream<Uint8Array>,
    bytes: () => allBytes(stream, failed),
  }
}

function allBytes(stream: Readable, failed: (error: unknown) => Error): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const brokeOff = (): void =>
      reject(failed(stream.errored ?? new Error('the connection was closed before the body was complete')))
    if (stream.destroyed) {
      brokeOff()
      return
    }
    stream.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    stream.on('error', brokeOff)
    stream.on('close', () => {
      if (!stream.readableEnded) brokeOff()
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  })
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
