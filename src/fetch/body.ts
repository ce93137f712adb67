/** What a request body brings along: its Content-Type, and whether it can be sent a second time. */

/** The bodies `fetch` and `XMLHttpRequest` take. Recognised by shape, so that objects of another realm count. */
export type CorsBody =
  | string
  | URLSearchParams
  | FormData
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream
  | null
  | undefined

/** A body as CORS sees it. @see https://fetch.spec.whatwg.org/#concept-body */
export interface RequestBody {
  readonly kind: 'text' | 'urlencoded' | 'formdata' | 'blob' | 'bytes' | 'stream'
  /** The `Content-Type` the body brings along, or null. */
  readonly contentType: string | null
}

/** The boundary shown where a real one is only made when the body is sent. */
export const BOUNDARY_PLACEHOLDER = '----expect-cors-boundary'

/** The body of a `Request` that another is made of: its type is a header of that request by now, or was taken away. */
export class InheritedBody {
  constructor(readonly body: unknown) {}
}

/** A body without what says where it is from. */
export function ownBody(body: unknown): unknown {
  return body instanceof InheritedBody ? body.body : body
}

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

/**
 * Extracts what a body brings along; null for no body, `'unknown'` for a value that is no body.
 * @see https://fetch.spec.whatwg.org/#concept-bodyinit-extract
 */
export function extractBody(body: unknown): RequestBody | null | 'unknown' {
  if (body === null || body === undefined) return null
  // 10. Switch on object: the type; a stream alone has no source.
  if (body instanceof InheritedBody) {
    const inherited = extractBody(body.body)
    return inherited === null || inherited === 'unknown' ? inherited : { ...inherited, contentType: null }
  }
  if (typeof body === 'string') return { kind: 'text', contentType: 'text/plain;charset=UTF-8' }
  if (ArrayBuffer.isView(body)) return { kind: 'bytes', contentType: null }
  switch (tagOf(body)) {
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
      return { kind: 'bytes', contentType: null }
    case 'URLSearchParams':
      return { kind: 'urlencoded', contentType: 'application/x-www-form-urlencoded;charset=UTF-8' }
    case 'FormData':
      return { kind: 'formdata', contentType: `multipart/form-data; boundary=${BOUNDARY_PLACEHOLDER}` }
    case 'Blob':
    case 'File': {
      const { type } = body as Blob
      return { kind: 'blob', contentType: type === '' ? null : type }
    }
    case 'ReadableStream':
      return { kind: 'stream', contentType: null }
    default:
      return 'unknown'
  }
}
