/** What a block comes from, and how the possible causes are said: the likelier first. */

/** What the server's owner has to change. */
export type CorsCause =
  /** The CORS rules ran and do not allow this origin. */
  | 'origin-not-listed'
  /** A proxy in front of the server drops or rewrites `Origin`. */
  | 'origin-not-passed-on'
  | 'method-not-listed'
  | 'header-not-listed'
  /** No CORS rules run for this response: none at all, or none for this path or method. */
  | 'no-cors-here'
  /** The CORS rules do not respond to OPTIONS, and the routes have nothing for it. */
  | 'no-options-route'
  | 'auth-before-cors'
  /** Error responses leave without the headers that other responses have. */
  | 'errors-without-cors'
  /** The server, or its CORS rules, throw. */
  | 'server-fails'
  /** A proxy or gateway responds in place of the app. */
  | 'gateway'
  | 'rate-limit'
  /** A cache kept the response to another request. */
  | 'cached'
  | 'redirected'
  /** Two layers both add a header. */
  | 'doubled'
  /** A header's name or value is not what browsers know. */
  | 'misspelt'
  | 'wildcard-with-credentials'
  | 'credentials-not-allowed'
  /** A redirect between foreign origins took the page's origin away. */
  | 'tainted'
  /** Something that only the page can change, or that is not about CORS. */
  | 'page'

/** One possible cause, in words. */
export interface PossibleCause {
  /** What it may be; several where the same words cover them. */
  readonly causes: readonly CorsCause[]
  /** A clause that stands by itself, or after `either` and `or`. */
  readonly words: string
}

/** The possible causes as one clause: what is certain by itself, else `either …, or …`. */
export function eitherOr(possible: readonly PossibleCause[]): string | null {
  const words = possible.map((one) => one.words)
  if (words.length < 2) return words[0] ?? null
  return `either ${words.join(', or ')}`
}
