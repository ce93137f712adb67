/** The body of a response that a Fetch handler made: it ends when the request does, and nobody waits for it to be let go. */
import { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { type BodyReading, bytesOf, streamOf, type UnreadBody } from './bodies.js'
import { checkMicrotasks } from './check-timers.js'
import { toBodyError } from './no-response.js'
import { discardBody, type TransportRequest } from './transport.js'

/** A stream of the web's, of whatever class, or of Node's. */
export type HandlerBody = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** Reads a body as far as the request's signal lets it: neither the stream nor who writes it has to listen to that. */
export function handlerBody(source: HandlerBody, request: TransportRequest): UnreadBody {
  return {
    stream: () => streamOf(() => readingOf(source, request)),
    bytes: async () => bytesOf(readingOf(source, request)),
  }
}

/** @throws TypeError for a body that somebody else is reading */
function readingOf(source: HandlerBody, request: TransportRequest): BodyReading {
  const { signal } = request
  checkMicrotasks()
  const stream = 'getReader' in source ? source : NodeReadableStream.from(source)
  const reader = stream.getReader() as ReadableStreamDefaultReader<Uint8Array>
  // It ends the read that is waiting, whatever the stream makes of it.
  const cancel = (): void => discardBody(reader)
  signal?.addEventListener('abort', cancel, { once: true })
  return {
    async next() {
      if (signal?.aborted === true) cancel()
      const { done, value } = await reader.read()
      if (signal?.aborted === true) throw toBodyError(signal.reason, request)
      if (!done) return value
      signal?.removeEventListener('abort', cancel)
      return null
    },
    cancel() {
      signal?.removeEventListener('abort', cancel)
      cancel()
    },
  }
}
