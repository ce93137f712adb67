import type { MatcherContext } from '../matchers/assert/context.js'
import * as all from '../matchers/index.js'

/** Calls a matcher by its name. */
export type CallByName = (name: keyof typeof all, context: MatcherContext, args: unknown[]) => unknown

/**
 * A function for each matcher, called as it is. As built they are written out, without the matchers (scripts/build.mjs sees to that): Bun's failures say the name
 * that a function has in its source, and no other.
 */
export function wrappers(call: CallByName): Readonly<Record<string, unknown>> {
  const wrapper = (name: keyof typeof all): unknown =>
    ({
      [name](this: MatcherContext, ...args: unknown[]) {
        return call(name, this, args)
      },
    })[name]
  return Object.fromEntries((Object.keys(all) as (keyof typeof all)[]).map((name) => [name, wrapper(name)]))
}
