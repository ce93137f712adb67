/** What an assertion asks, read from its arguments. */
import type { RequestMode, RequestRedirect } from '../../fetch/fetch-request.js'
import { readHeaders } from '../../fetch/headers-init.js'
import { normalizeMethod } from '../../fetch/methods.js'
import type { LiveOptions } from '../../subject/options.js'
import { argument, listed, row, shown } from '../../text/shown.js'
import { CorsUsageError, describeValue } from '../../text/usage-error.js'
import { checkOrigin } from '../../verdict/client.js'

/** For which page, and how to ask. */
export interface OriginOptions extends LiveOptions {
  /** The page's serialized origin. Needed for an endpoint; on a response, the default is the one it was requested with. */
  readonly origin?: string | undefined
}

/** A request of a page, and how to ask. */
export interface WantedPreflight extends LiveOptions {
  /** The page's serialized origin. */
  readonly origin: string
}

/** A request of a page whose whole journey is asked about. */
export interface WantedRequest extends WantedPreflight {
  /** Default `cors`. */
  readonly mode?: RequestMode | undefined
  /** Default `follow`. */
  readonly redirect?: RequestRedirect | undefined
}

/** The page's origin, and the options beside it. @throws CorsUsageError for a value that is not an origin */
export function pageOf(options: OriginOptions | undefined): {
  origin: string | undefined
  options: LiveOptions
} {
  // Taken apart, it would not be seen that it is none.
  if (typeof options !== 'object' || Array.isArray(options))
    return { origin: undefined, options: (options ?? {}) as LiveOptions }
  const { origin, ...rest } = options ?? {}
  if (origin !== undefined) checkOrigin(origin)
  return { origin, options: rest }
}

/** A request that is asked about, its page's origin and the options. @throws CorsUsageError for one without an origin */
export function wantedOf<Wanted extends WantedPreflight>(
  matcher: string,
  wanted: Wanted,
): { origin: string; options: LiveOptions; wanted: Wanted } {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    throw new CorsUsageError(
      `${matcher} takes one object such as { origin: 'https://app.example.com', method: 'PUT' }; got ${describeValue(wanted)}`,
    )
  }
  if (wanted.origin === undefined) {
    throw new CorsUsageError(
      `${matcher} needs the page's origin: ${matcher}({ origin: 'https://app.example.com', … })`,
    )
  }
  const { origin, ...options } = wanted
  checkOrigin(origin)
  return { origin, options, wanted }
}

/** A name or several, each once. @throws CorsUsageError for an empty list, or what is not a string */
export function namesOf(matcher: string, what: string, value: string | readonly string[]): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const name of names) {
    if (typeof name === 'string' && name !== '') continue
    throw new CorsUsageError(`${matcher} takes a ${what} or a list of them; got ${describeValue(name)}`)
  }
  if (names.length === 0) throw new CorsUsageError(`${matcher} got an empty list: name at least one ${what}`)
  return [...new Set(names as readonly string[])]
}

/** Names as the first line shows them: one alone, several as a list. */
export function quotedNames(names: readonly string[]): string {
  const [only = ''] = names
  return names.length === 1 ? argument(only) : `[${row(names.map(argument))}]`
}

/** A request in a few words: `PUT with content-type and authorization, with credentials`. */
export function wantedWords(
  wanted: Pick<LiveOptions, 'method' | 'headers' | 'credentials'> & { readonly as?: string | undefined },
): string {
  const names = [...new Set(readHeaders(wanted.headers).map(([name]) => name.toLowerCase()))]
  const what = shown(normalizeMethod(wanted.method ?? 'GET'))
  const headers = names.length === 0 ? '' : ` with ${listed(names.map(shown))}`
  const as = wanted.as === undefined ? '' : ` as '${wanted.as}'`
  return `${what}${headers}${as}${wanted.credentials === 'include' ? ', with credentials' : ''}`
}
