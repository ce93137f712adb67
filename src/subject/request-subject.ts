/** A `Request` that nobody has sent yet. */
import type { RequestMode } from '../fetch/fetch-request.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import { isCorsSafelistedMethod } from '../fetch/methods.js'
import { hasMembers } from './shape.js'

/** A request as a page's script made it. */
export interface RequestSubject {
  readonly kind: 'request'
  readonly url: string
  readonly method: string
  readonly headers: HeadersLike
  /** Left out for `navigate` and the like, which are no script's. */
  readonly mode?: RequestMode
  /** Where it is a stream; any other has left its `Content-Type` among the headers. */
  readonly body?: ReadableStream
  readonly isBodyUsed: boolean
}

/** Reads a `Request`; undefined for anything else. */
export function readRequest(value: unknown): RequestSubject | undefined {
  if (!isRequest(value)) return undefined
  const { url, method, headers, mode, body, bodyUsed } = value
  return {
    kind: 'request',
    url,
    method,
    headers,
    ...(mode === 'cors' || mode === 'no-cors' || mode === 'same-origin' ? { mode } : {}),
    ...(isStreamed(value) ? { body: body as ReadableStream } : {}),
    isBodyUsed: bodyUsed === true,
  }
}

interface RequestLike {
  readonly url: string
  readonly method: string
  readonly headers: HeadersLike
  readonly mode?: unknown
  readonly body?: unknown
  readonly bodyUsed?: unknown
  clone(): unknown
}

/**
 * Whether a `Request` was made with a stream. All bodies are streams once they are inside; but one that was a stream has no source, and without a source the
 * constructor refuses to make a no-cors request of it.
 * @see https://fetch.spec.whatwg.org/#dom-request step 39
 */
function isStreamed(request: RequestLike): boolean {
  if (request.body === null || request.body === undefined || request.bodyUsed === true) return false
  // What is not safelisted is preflighted whatever its body, and refused in no-cors for its method.
  if (!isCorsSafelistedMethod(request.method)) return false
  const RequestClass = request.constructor as new (input: unknown, init: object) => unknown
  try {
    new RequestClass(request.clone(), { mode: 'no-cors' })
    return false
  } catch {
    return true
  }
}

function isRequest(value: unknown): value is RequestLike {
  return (
    hasMembers(value) &&
    typeof value.url === 'string' &&
    URL.canParse(value.url) &&
    typeof value.method === 'string' &&
    typeof value.clone === 'function' &&
    hasMembers(value.headers) &&
    !('status' in value)
  )
}
