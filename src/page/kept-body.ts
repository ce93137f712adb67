/** A response's body that the HTTP cache keeps: read once from its server, and as often as it is used from then on. */
import { discardBody, type TransportResponse } from '../transport/transport.js'
import { webStreams } from './lazy-packages.js'
import { readerOf } from './visible-body.js'

export class KeptBody {
  readonly #source: ReturnType<typeof readerOf>
  readonly #chunks: Uint8Array[] = []
  #reading: Promise<void> | undefined
  #ended = false
  #error: unknown
  #isDrained = false
  readonly #lost: () => void

  /** @param lost is told once that the body will never be whole */
  constructor({ body, bytes }: Pick<TransportResponse, 'body' | 'bytes'>, lost: () => void) {
    this.#source = readerOf(body ?? once(bytes))
    this.#lost = lost
  }

  /** Reads all of it, whether or not its readers do. */
  drain(): void {
    this.#isDrained = true
    const next = (): void => {
      if (!this.#ended) void this.#read().then(next)
    }
    next()
  }

  /** From its beginning. */
  stream(): ReadableStream<Uint8Array> {
    const { ReadableStream: NodeReadableStream } = webStreams()
    let index = 0
    return new NodeReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          while (index >= this.#chunks.length && !this.#ended) await this.#read()
          const chunk = this.#chunks[index++]
          if (chunk !== undefined) controller.enqueue(chunk.slice())
          else if (this.#error === undefined) controller.close()
          else controller.error(this.#error)
        },
        cancel: () => {
          if (this.#isDrained || this.#ended) return
          discardBody(this.#source)
          this.#end(new DOMException('nobody reads the body', 'AbortError'))
        },
      },
      { highWaterMark: 0 },
    ) as ReadableStream<Uint8Array>
  }

  /** The next chunk, for whoever waits for it. */
  #read(): Promise<void> {
    this.#reading ??= this.#source
      .read()
      .then(
        ({ done, value }) => {
          if (done === true) this.#end()
          else this.#chunks.push(value as Uint8Array)
        },
        (error: unknown) => this.#end(error),
      )
      .finally(() => {
        this.#reading = undefined
      })
    return this.#reading
  }

  #end(error?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#error = error
    if (error !== undefined) this.#lost()
  }
}

async function* once(bytes: TransportResponse['bytes']): AsyncGenerator<Uint8Array> {
  if (bytes !== undefined) yield await bytes()
}
