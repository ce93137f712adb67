/** What a reader finds in a client's response. */
import type { Header } from '../fetch/header-list.js'

/** The facts of a response, before they are judged fit. */
export interface Reading {
  /** The client, as messages name it: `fetch Response`, `undici`, `supertest`, `axios`, …. */
  readonly client: string
  readonly status: unknown
  /** Undefined where they cannot be read. */
  readonly lines: readonly Header[] | undefined
  /** Whether the client hides duplicate lines: it has joined them. */
  readonly joinsLines: boolean
  /** The `Origin` that was sent; null where it is known that none was; undefined where it is not known. */
  readonly sentOrigin?: string | null | undefined
  readonly sentMethod?: string | undefined
  readonly url?: string | undefined
  /** Whether the client followed redirects, so that this is the last of several responses. */
  readonly followedRedirects?: boolean | undefined
  /** Why the response shows what a page's script sees and not what the server sent. */
  readonly filtered?: string | undefined
}

/** Reads a client's response; undefined where the value is not of that client. */
export type Reader = (value: Readonly<Record<string, unknown>>) => Reading | undefined
