/** The HTTP cache of a browser: one stored response for each key. */
import type { StoredResponse } from './http-caching.js'

/** @see https://fetch.spec.whatwg.org/#determine-the-http-cache-partition */
export class HttpCache<Content> {
  readonly #stored = new Map<string, StoredResponse<Content>>()
  /** The clock, in milliseconds. */
  readonly now: () => number

  constructor(now: () => number = () => Date.now()) {
    this.now = now
  }

  get(key: string): StoredResponse<Content> | undefined {
    return this.#stored.get(key)
  }

  /** Stores a response in the place of the last one of that key: engines keep one variant. */
  put(key: string, stored: StoredResponse<Content>): void {
    this.#stored.set(key, stored)
  }

  /** Drops what is stored under a key. @param stored only if it is this one */
  drop(key: string, stored?: StoredResponse<Content>): void {
    if (stored === undefined || this.#stored.get(key) === stored) this.#stored.delete(key)
  }
}
