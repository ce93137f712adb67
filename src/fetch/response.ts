/** A response, as far as the steps of a fetch look at it. */
import type { Deviations } from './deviations.js'
import type { Failure } from './failure.js'
import { getHeader, type HeaderList } from './header-list.js'
import { equalsIgnoringCase } from './http-tokens.js'

/**
 * How much of a response a script sees.
 *
 * @see https://fetch.spec.whatwg.org/#concept-response-type
 */
export type ResponseType = 'basic' | 'cors' | 'opaque' | 'opaqueredirect'

/** The head of a response as it came over the wire. */
export interface ResponseHead {
  readonly status: number
  /** The header lines in the order they were received, duplicates kept. */
  readonly headers: HeaderList
}

/** A response that no server sent, whole. */
export interface LocalResponse extends ResponseHead {
  readonly content: Uint8Array
}

/** DEVIATION: the header of which a response has two different lines that this engine does not put up with, or null. */
export function conflictingLines(
  headers: HeaderList,
  { responses: { conflictingLinesRefused } }: Deviations,
): (Pick<Failure, 'value'> & { readonly header: string }) | null {
  for (const header of conflictingLinesRefused) {
    let first: string | null = null
    for (const line of headers) {
      if (!equalsIgnoringCase(line[0], header)) continue
      const value = line[1]
      if (first !== null && value !== first) return { header, value: getHeader(headers, header) }
      first = value
    }
  }
  return null
}
