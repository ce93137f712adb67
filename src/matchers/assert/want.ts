/** Reading the argument of matchers that take a whole request. */

import { readHeaders } from '../../fetch/headers-init.js'
import { normalizeMethod } from '../../fetch/methods.js'
import type { LiveOptions } from '../../subject/options.js'
import { listed, shown } from '../../text/shown.js'
import { CorsUsageError, describeValue } from '../../text/usage-error.js'

/** Splits an argument into the request and the options of the assertion. @throws CorsUsageError for one without an origin */
export function wantOf<Want extends LiveOptions & { readonly origin: string }>(
  matcher: string,
  wanted: Want,
): { readonly want: Want; readonly options: LiveOptions } {
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
  const { origin: _, ...options } = wanted
  return { want: wanted, options }
}

/** A request in a few words: `PUT with content-type and authorization, with credentials`. */
export function requestWords(want: Pick<LiveOptions, 'method' | 'headers' | 'credentials' | 'path'>): string {
  const names = [...new Set(readHeaders(want.headers).map(([name]) => name.toLowerCase()))]
  const what = shown(normalizeMethod(want.method ?? 'GET'))
  const headers = names.length === 0 ? '' : ` with ${listed(names.map(shown))}`
  return `${what}${headers}${want.credentials === 'include' ? ', with credentials' : ''}`
}
