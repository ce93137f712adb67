import { isToken } from '../fetch/http-tokens.js'
import { isCorsSafelistedMethod, isForbiddenMethod, normalizeMethod } from '../fetch/methods.js'
import { argument, listed, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { alsoAsymmetric } from './assert/asymmetric.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import { namesOf, quotedNames } from './assert/names.js'
import { type PreflightAnswerOptions, permitted } from './assert/permitted.js'

const NAME = 'toAllowMethod'

/**
 * Holds when the preflight answer permits the methods, all of them; with `.not`, none of them. `GET`, `HEAD` and `POST` always hold.
 *
 * @param methods normalized as `fetch` does: `put` is `PUT`, but `patch` stays `patch`
 * @param options on an endpoint `origin` is needed
 * @throws CorsUsageError for a method that is none, or that no page may use
 * @see https://fetch.spec.whatwg.org/#http-access-control-allow-methods
 * @example expect(preflightResponse).toAllowMethod(['PUT', 'DELETE'])
 */
export const toAllowMethod = alsoAsymmetric(function toAllowMethod(
  this: MatcherContext,
  received: unknown,
  methods: string | readonly string[],
  options?: PreflightAnswerOptions,
): MatcherResult | Promise<MatcherResult> {
  const names = namesOf(NAME, 'method', methods)
  return permitted(
    this,
    {
      name: NAME,
      expected: quotedNames(names),
      items: names.map((name) => {
        const method = checkMethod(name)
        return { name: method, request: { method }, always: isCorsSafelistedMethod(method) }
      }),
      engines: () => ['standard'],
      refused: [
        ['engines', 'every engine reads Access-Control-Allow-Methods alike'],
        ['method', 'it asks about the methods it is given'],
        ['headers', 'toAllowPreflight asks about a method and headers together'],
        ['body', 'a preflight has none'],
      ],
      held: (held) => {
        const safelisted = held.filter(isCorsSafelistedMethod)
        if (safelisted.length > 0)
          return `CORS cannot refuse a safelisted method: ${listed(safelisted)} always holds.`
        return `The preflight's answer permits ${listed(held.map(shown))}.`
      },
    },
    received,
    options,
  )
})

function checkMethod(method: string): string {
  if (!isToken(method)) throw new CorsUsageError(`${NAME}: ${argument(method)} is no HTTP method`)
  if (isForbiddenMethod(method)) {
    throw new CorsUsageError(
      `${NAME}: no page may use ${shown(method)}, whatever the server says: fetch throws before it sends anything`,
    )
  }
  return normalizeMethod(method)
}
