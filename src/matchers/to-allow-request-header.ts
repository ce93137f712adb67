import { diagnosis } from '../diagnose/diagnosis.js'
import { unsafeValueFor } from '../fetch/headers-init.js'
import { byteLowercase, isToken } from '../fetch/http-tokens.js'
import { isForbiddenRequestHeader } from '../fetch/request-headers.js'
import { enginesOf } from '../page/ask.js'
import { argument, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { namesOf, type OriginOptions, pageOf } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'
import { permission } from './assert/permits.js'

const NAME = 'toAllowRequestHeader'

/**
 * Holds when the preflight response permits a page to set these request headers, all of them; with `.not`, none of them. `*` counts without
 * credentials only, and covers `Authorization` in today's engines but not in the standard.
 *
 * @param names each taken with a value that needs permission, so `Accept` too
 * @param options on an endpoint `origin` is needed
 * @throws CorsUsageError for an invalid name, or one that no page may set
 * @see https://fetch.spec.whatwg.org/#http-access-control-allow-headers
 * @example expect(preflightResponse).toAllowRequestHeader(['content-type', 'authorization'])
 */
export const toAllowRequestHeader = defineMatcher({
  name: NAME,
  question(names: string | readonly string[], options?: OriginOptions) {
    const headers = namesOf(NAME, 'header name', names).map(checkName)
    const items = headers.map((name) => ({ name, request: { headers: [name] } }))
    return { ...pageOf(options), names: headers, items }
  },
  refusedOptions: { headers: 'it asks about the names it is given', body: 'a preflight has none' },
  ...permission({
    name: NAME,
    engines: enginesOf,
    held: (names) => diagnosis().permittedSentence(names),
  }),
})

function checkName(name: string): string {
  if (!isToken(name)) throw new CorsUsageError(`${NAME}: ${argument(name)} is not a valid header name`)
  if (isForbiddenRequestHeader(name, unsafeValueFor(name))) {
    throw new CorsUsageError(
      `${NAME}: no page may set ${shown(name)}, whatever the server says: browsers drop it`,
    )
  }
  return byteLowercase(name)
}
