/** Filtered responses: what a script sees of what the server sent. */
import { basicHeaderNames, corsExposedHeaderNames } from './exposed-headers.js'
import type { HeaderList } from './header-list.js'
import { byteLowercase } from './http-tokens.js'

/** @see https://fetch.spec.whatwg.org/#concept-filtered-response */
export type ResponseType = 'basic' | 'cors' | 'opaque' | 'opaqueredirect'

/** The names a script may read on a response of that type: lower case, sorted. */
export function visibleHeaderNames(type: ResponseType, headers: HeaderList, credentials: boolean): string[] {
  switch (type) {
    case 'basic':
      return basicHeaderNames(headers)
    case 'cors':
      return corsExposedHeaderNames(headers, credentials)
    default:
      return []
  }
}

/** The header lines a script may read on a response of that type, in the order they were received. */
export function visibleHeaders(type: ResponseType, headers: HeaderList, credentials: boolean): HeaderList {
  const names = new Set(visibleHeaderNames(type, headers, credentials))
  return headers.filter((line) => names.has(byteLowercase(line[0])))
}
