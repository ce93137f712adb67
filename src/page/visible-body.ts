/** The body of a response as a script reads it: decoded, and with the errors that a script sees. */
import { getHeader, type HeaderList } from '../fetch/header-list.js'
import { discardBody, type TransportResponse } from '../transport/transport.js'
import { webStreams } from './lazy-packages.js'
import type { VisibleBody } from './response-class.js'

/**
 * The body of a response.
 * @param failed what a script sees of an error
 */
export function visibleBody(
  response: Pick<TransportResponse, 'body' | 'bytes'> & { readonly headers: HeaderList },
  failed: (error: unknown) => unknown,
): VisibleBody | null {
  const codings = codingsOf(response.headers)
  const { bytes } = response
  if (bytes === undefined && response.body === null) return null
  const stream = (): ReadableStream<Uint8Array> => {
    const source = response.body ?? once(bytes as () => Promise<Uint8Array>)
    return withErrors(codings.length === 0 ? source : decoded(source, codings), failed)
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

function codingsOf(headers: HeaderList): string[] {
  const value = getHeader(headers, 'content-encoding')
  if (value === null) return []
  return value
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '')
}

async function* once(bytes: () => Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes()
}

type Source = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** Without its content codings. */
async function* decoded(body: Source, codings: readonly string[]): AsyncGenerator<Uint8Array> {
  const { withoutCodings } = await import('./content-codings.js')
  yield* withoutCodings(body, codings)
}

function withErrors(source: Source, failed: (error: unknown) => unknown): ReadableStream<Uint8Array> {
  // Not the global one: jsdom environments have none.
  const { ReadableStream: NodeReadableStream } = webStreams()
  const chunks = readerOf(source)
  return new NodeReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.read()
          if (done === true) controller.close()
          else controller.enqueue(new Uint8Array(value as Uint8Array))
        } catch (error) {
          controller.error(failed(error))
        }
      },
      cancel() {
        discardBody(chunks)
      },
    },
    { highWaterMark: 0 },
  ) as ReadableStream<Uint8Array>
}

interface Chunks {
  read(): Promise<{ readonly done?: boolean | undefined; readonly value?: Uint8Array | undefined }>
  cancel(): unknown
}

/** A stream's own reader can be cancelled while it waits for a chunk, which an iterator cannot. */
export function readerOf(source: Source): Chunks {
  if ('getReader' in source) return source.getReader() as Chunks
  const iterator = source[Symbol.asyncIterator]()
  return { read: () => iterator.next(), cancel: () => iterator.return?.() }
}
