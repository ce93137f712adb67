/** What a browser does with `Content-Encoding`: loaded with the first response that has one. */
import { PassThrough, pipeline, Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

const DECODERS: Readonly<Record<string, (() => NodeJS.ReadWriteStream) | undefined>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** A body without its codings; where one of them is not known it is left as it is. @see https://fetch.spec.whatwg.org/#handle-content-codings */
export function withoutCodings(
  body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  codings: readonly string[],
): AsyncIterable<Uint8Array> {
  const source = body as AsyncIterable<Uint8Array>
  const decoders = codings.map((coding) => DECODERS[coding])
  if (decoders.includes(undefined)) return source
  const steps = decoders.reverse().map((create) => (create as () => NodeJS.ReadWriteStream)())
  const end = new PassThrough()
  // An error ends the last of them, and whoever reads it hears of it.
  pipeline([Readable.from(source), ...steps, end], () => {})
  return end
}
