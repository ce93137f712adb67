import type { HeaderList } from './header-list.js'

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
