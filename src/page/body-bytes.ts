/** The bytes of a request body. */
import { BOUNDARY_PLACEHOLDER, bodyClassOf } from '../fetch/body.js'

/** The bytes of a body, or its stream; null for none. A FormData body is bounded by {@link BOUNDARY_PLACEHOLDER}. */
export async function bodyBytes(body: unknown): Promise<Uint8Array | ReadableStream<Uint8Array> | null> {
  if (body === null || body === undefined) return null
  if (typeof body === 'string') return Buffer.from(body)
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
  switch (bodyClassOf(body)) {
    case 'ArrayBuffer':
      return new Uint8Array(body as ArrayBuffer)
    case 'Blob':
      return new Uint8Array(await (body as Blob).arrayBuffer())
    case 'FormData':
      return multipart(body as FormData)
    case 'ReadableStream':
      return body as ReadableStream<Uint8Array>
    default:
      return Buffer.from(String(body))
  }
}

/** Every line break is one of two characters, in a form's names and values. @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#convert-to-a-list-of-name-value-pairs */
export function withLineBreaks(text: string): string {
  return text.replace(/\r?\n|\r/g, '\r\n')
}

const escapeName = (text: string): string =>
  text.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22')

/** @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
async function multipart(form: FormData): Promise<Uint8Array> {
  const encoder = new TextEncoder()
  const parts: Uint8Array[] = []
  for (const [name, value] of form) {
    const head = `--${BOUNDARY_PLACEHOLDER}\r\nContent-Disposition: form-data; name="${escapeName(withLineBreaks(name))}"`
    if (typeof value === 'string') {
      parts.push(encoder.encode(`${head}\r\n\r\n${withLineBreaks(value)}\r\n`))
      continue
    }
    const type = value.type === '' ? 'application/octet-stream' : value.type
    parts.push(
      encoder.encode(`${head}; filename="${escapeName(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`),
    )
    parts.push(new Uint8Array(await value.arrayBuffer()), encoder.encode('\r\n'))
  }
  parts.push(encoder.encode(`--${BOUNDARY_PLACEHOLDER}--\r\n`))
  return Buffer.concat(parts)
}
