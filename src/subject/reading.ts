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
  /** The header lines of the request; undefined where the client does not tell. */
  readonly sent?: readonly Header[] | undefined
  /** The `Origin` that was sent, where that alone is known. */
  readonly sentOrigin?: string | undefined
  readonly sentMethod?: string | undefined
  readonly url?: string | undefined
  /** Whether the client followed redirects, so that this is the last of several responses; `unseen` where it may have, and does not tell. */
  readonly followedRedirects?: boolean | 'unseen' | undefined
  /** Why the response shows what a page's script sees and not what the server sent. */
  readonly filtered?: string | undefined
}

/** Reads a client's response; undefined where the value is not of that client. */
export type Reader = (value: Readonly<Record<string, unknown>>) => Reading | undefined
