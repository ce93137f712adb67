/** A fix for a block: what to change and where, with this request's names filled in. */
/** A fix: what to change, where. */
export interface Remedy {
  /** Where the change goes: `express`, `nginx`, `page`, … */
  readonly for: string
  /** What to do, in one line. */
  readonly title: string
  /** What to write, where there is something to write. */
  readonly snippet?: string
}

/**
 * What kind of mistake it is:
 * - `policy`: the server's CORS rules do not cover this request, or it has none;
 * - `duplicate`: two layers both add a header;
 * - `auth`: the preflight is refused because authentication runs before CORS;
 * - `route`: nothing responds to OPTIONS at this path;
 * - `errors`: responses with an error status have no CORS headers;
 * - `redirect`: the preflight is redirected;
 * - `redirected`: the request is redirected before its CORS rules run;
 * - `before`: something else responds to the preflight before the CORS rules run: a rate limit, a size limit, maintenance;
 * - `continued`: the CORS rules allow everything, and leave it to something else to end the preflight;
 * - `cached`: a cache gave the response to another request;
 * - `path`: the server's CORS rules allow the origin elsewhere, and do not run for this path.
 */
export type RemedyKind =
  | 'policy'
  | 'duplicate'
  | 'auth'
  | 'route'
  | 'errors'
  | 'redirect'
  | 'redirected'
  | 'before'
  | 'continued'
  | 'cached'
  | 'path'

/** What a snippet is filled in with: what this request needs, and what is known of the rules that are there. */
export interface RemedyNeeds {
  readonly kind: RemedyKind
  /** Whether a response shows CORS rules: a snippet then changes what is wrong in them, and keeps the rest. */
  readonly seen: boolean
  /** The origins to name, the one that asked last; a lone `*` for all of them. */
  readonly origins: readonly string[]
  /** Which origins the rules allow as well, as far as that shows: those named above only, others that are not known, or all. */
  readonly others: 'none' | 'some' | 'all'
  /** All the methods to list: those listed already and those that this request needs; empty where none has to be named. */
  readonly methods: readonly string[]
  /** All the request headers to list: those listed already, as they are spelt there, and those that this request needs. */
  readonly headers: readonly string[]
  /** Whether credentials are to be allowed. */
  readonly credentials: boolean
  /** What of this the rules do not allow yet. */
  readonly missing: Missing
  /** The lists that the rules have and did not show, so that they can only be added to. */
  readonly hidden: { readonly methods: boolean; readonly headers: boolean }
  /** Of which lists what is missing may be on them all the same: the rules refused the origin, and showed no list. */
  readonly unshown: { readonly methods: boolean; readonly headers: boolean }
  /** The headers that came from two layers and may come once only. */
  readonly doubled: readonly string[]
  /** The response headers that are exposed already. */
  readonly exposed: readonly string[]
  /** For how many seconds preflights are cached already, where that is said. */
  readonly maxAge: number | undefined
  /** Whether the server allows whatever request headers are asked for, so that naming some would allow fewer. */
  readonly reflectsHeaders: boolean
  /** What became of the preflight: whether only lines of its response are wrong, or it needs another response. */
  readonly preflight: 'passed' | 'responded' | 'refused'
  /** Whether the preflight's response lists what is allowed, so that it can be kept. */
  readonly showsLists: boolean
}

/** What has to change. */
export interface Missing {
  readonly origin: boolean
  readonly credentials: boolean
  readonly methods: readonly string[]
  readonly headers: readonly string[]
}

/** Whether every origin is to be allowed. */
export function isAny({ origins }: RemedyNeeds): boolean {
  return origins[0] === '*'
}

/** The one origin to add; `*` for all of them. */
export function askerOf({ origins }: RemedyNeeds): string {
  return origins.at(-1) as string
}

/** Whether CORS rules are to run earlier than they do, rather than to allow more. */
export function isOrder({ kind }: RemedyNeeds): boolean {
  return kind !== 'policy' && kind !== 'duplicate' && kind !== 'cached'
}

/** One server's snippets. */
export interface ServerRemedies {
  /** What to do for each kind of mistake, in one line; `policy` stands in for those that are left out. */
  readonly titles: Readonly<Partial<Record<Exclude<RemedyKind, 'cached'>, string>>> & {
    readonly policy: string
  }
  /** The status that its CORS rules themselves respond with to what they do not allow: such a response is of kind `policy`. */
  readonly refusal?: number
  /** Whether our tests do not run it, for want of the server: its snippets are written after its documentation. */
  readonly untested?: boolean
  /** What to write; empty where the title says all. */
  readonly snippet: (needs: RemedyNeeds) => string
  /** How it keeps the responses to different origins apart, where it may be the cache that does not. */
  readonly cache?: { readonly title: string; readonly snippet: string }
}

/** A text in single quotes, as JavaScript, PHP and Ruby write it. */
export function single(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

/** A text in double quotes. */
export function double(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** `['a', 'b']` */
export function singles(items: readonly string[]): string {
  return `[${items.map(single).join(', ')}]`
}

/** `["a", "b"]` */
export function doubles(items: readonly string[]): string {
  return `[${items.map(double).join(', ')}]`
}

/** Lines of text, without those that are not needed. */
export function text(...lines: readonly (string | false)[]): string {
  return lines.filter((line) => line !== false).join('\n')
}
