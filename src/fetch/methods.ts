/** Methods: safelisted, forbidden, normalized. */
import { byteUppercase } from './http-tokens.js'

/** Whether `method` is `GET`, `HEAD` or `POST`, which CORS never has to permit.
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-method */
export function isCorsSafelistedMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'POST'
}

/** Whether a page may not use `method` at all: `CONNECT`, `TRACE`, `TRACK` in any case.
 * @see https://fetch.spec.whatwg.org/#forbidden-method */
export function isForbiddenMethod(method: string): boolean {
  const upper = byteUppercase(method)
  return upper === 'CONNECT' || upper === 'TRACE' || upper === 'TRACK'
}

/**
 * Upper-cases `DELETE`, `GET`, `HEAD`, `OPTIONS`, `POST`, `PUT` in any case; every other method, `patch` among them, stays
 * as it was written.
 * @see https://fetch.spec.whatwg.org/#concept-method-normalize
 */
export function normalizeMethod(method: string): string {
  switch (method) {
    case 'GET':
    case 'POST':
    case 'PUT':
      return method
  }
  const upper = byteUppercase(method)
  switch (upper) {
    case 'DELETE':
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
    case 'POST':
    case 'PUT':
      return upper
    default:
      return method
  }
}

/** Whether a method changes nothing on a server. A page may use no `TRACE`. @see https://httpwg.org/specs/rfc9110.html#safe.methods */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
