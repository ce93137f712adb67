/** The body of an answer as a script reads it: decoded, and with the errors that a script sees. */
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
// Not the global one: jsdom environments have none.
import { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { getHeader, type HeaderList } from '../fetch/header-list.js'
import type { TransportResponse } from '../transport/transport.js'
import type { VisibleBody } from './page-response.js'

const DECODERS: Readonly<Record<string, (() => NodeJS.ReadWriteStream) | undefined>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * The body of an answer.
 * @param failed what a script sees of an error
 */
export function visibleBody(
  answer: Pick<TransportResponse, 'body' | 'bytes'> & { readonly headers: HeaderList },
  failed: (error: unknown) => unknown,
): VisibleBody | null {
  const codings = (getHeader(answer.headers, 'content-encoding') ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '')
  const { bytes } = answer
  if (bytes === undefined && answer.body === null) return null
  const stream = (): ReadableStream<Uint8Array> => {
    const source = answer.body ?? once(bytes as () => Promise<Uint8Array>)
    return withErrors(decoded(source, codings), failed)
  }
  if (bytes === undefined || codings.length > 0) return { stream }
  return {
    stream,
    bytes: () =>
      bytes().catch((error: unknown) => {
        throw failed(error)
      }),
  }
}

async function* once(bytes: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes()
}

type Source = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** Without its content codings; what is no known one is left as it is. @see https://fetch.spec.whatwg.org/#handle-content-codings */
function decoded(body: Source, codings: readonly string[]): Source {
  const decoders = codings.map((coding) => DECODERS[coding])
  if (decoders.length === 0 || decoders.includes(undefined)) return body
  const last = new PassThrough()
  const streams = decoders.reverse().map((make) => (make as () => NodeJS.ReadWriteStream)())
  const chain = [Readable.from(body as AsyncIterable<Uint8Array>), ...streams, last]
  pipeline(chain as unknown as [NodeJS.ReadableStream, NodeJS.WritableStream]).catch((error: Error) =>
    last.destroy(error),
  )
  return last
}

function withErrors(source: Source, failed: (error: unknown) => unknown): ReadableStream<Uint8Array> {
  const iterator = (source as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  return new NodeReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next()
          if (done === true) controller.close()
          else controller.enqueue(new Uint8Array(value))
        } catch (error) {
          controller.error(failed(error))
        }
      },
      async cancel() {
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  ) as ReadableStream<Uint8Array>
}
