/** What a request body brings along: its Content-Type, and whether it can be sent a second time. */

/** The bodies `fetch` and `XMLHttpRequest` take. Recognized by shape, so that objects of another realm count. */
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

type BodyClass = 'ArrayBuffer' | 'URLSearchParams' | 'FormData' | 'Blob' | 'ReadableStream'

/**
 * Which of the classes that a body can have it is of; undefined for any other.
 * @see https://fetch.spec.whatwg.org/#bodyinit-unions
 */
export function bodyClassOf(value: unknown): BodyClass | undefined {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  switch (tag) {
    case 'ArrayBuffer':
    case 'URLSearchParams':
    case 'FormData':
    case 'Blob':
    case 'ReadableStream':
      return tag
    case 'SharedArrayBuffer':
      return 'ArrayBuffer'
    case 'File':
      return 'Blob'
  }
  // happy-dom's have no tag.
  const { append, getAll, arrayBuffer, slice } = Object(value) as Record<string, unknown>
  if (typeof append === 'function' && typeof getAll === 'function') return 'FormData'
  return typeof arrayBuffer === 'function' && typeof slice === 'function' ? 'Blob' : undefined
}

/**
 * Extracts what a body brings along; null for no body, `'unknown'` for a value that is not a body.
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
  switch (bodyClassOf(body)) {
    case 'ArrayBuffer':
      return { kind: 'bytes', contentType: null }
    case 'URLSearchParams':
      return { kind: 'urlencoded', contentType: 'application/x-www-form-urlencoded;charset=UTF-8' }
    case 'FormData':
      return { kind: 'formdata', contentType: `multipart/form-data; boundary=${BOUNDARY_PLACEHOLDER}` }
    case 'Blob': {
      const { type } = body as Blob
      return { kind: 'blob', contentType: type === '' ? null : type }
    }
    case 'ReadableStream':
      return { kind: 'stream', contentType: null }
    default:
      return 'unknown'
  }
}
