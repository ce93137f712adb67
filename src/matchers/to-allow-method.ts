import { diagnosis } from '../diagnose/diagnosis.js'
import { isToken } from '../fetch/http-tokens.js'
import { isCorsSafelistedMethod, isForbiddenMethod, normalizeMethod } from '../fetch/methods.js'
import { argument, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { namesOf, type OriginOptions, pageOf } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'
import { permission } from './assert/permits.js'

const NAME = 'toAllowMethod'

/**
 * Holds when the preflight response permits the methods, all of them; with `.not`, none of them. `GET`, `HEAD` and `POST` always hold.
 *
 * @param methods normalized as `fetch` does: `put` is `PUT`, but `patch` stays `patch`
 * @param options on an endpoint `origin` is needed
 * @throws CorsUsageError for an invalid method, or one that no page may use
 * @see https://fetch.spec.whatwg.org/#http-access-control-allow-methods
 * @example expect(preflightResponse).toAllowMethod(['PUT', 'DELETE'])
 */
export const toAllowMethod = defineMatcher({
  name: NAME,
  question(methods: string | readonly string[], options?: OriginOptions) {
    const names = namesOf(NAME, 'method', methods)
    const items = names.map(checkMethod).map((method) => ({
      name: method,
      request: { method },
      always: isCorsSafelistedMethod(method),
    }))
    return { ...pageOf(options), names, items }
  },
  refusedOptions: {
    engines: 'every engine reads Access-Control-Allow-Methods alike',
    method: 'it asks about the methods it is given',
    headers: 'toAllowPreflight asks about a method and headers together',
    body: 'a preflight has none',
  },
  ...permission({
    name: NAME,
    engines: () => ['standard'],
    held: (methods) => diagnosis().methodsHeldSentence(methods),
  }),
})

function checkMethod(method: string): string {
  if (!isToken(method)) throw new CorsUsageError(`${NAME}: ${argument(method)} is not an HTTP method`)
  if (isForbiddenMethod(method)) {
    throw new CorsUsageError(
      `${NAME}: no page may use ${shown(method)}, whatever the server says: fetch throws before it sends anything`,
    )
  }
  return normalizeMethod(method)
}
