/** Matchers inside other assertions: `expect.toAllowOrigin(…)`. */
import { isEndpoint, resolveEndpoint } from '../../subject/endpoint.js'
import { readJourney } from '../../subject/journey-subject.js'
import { readResponse } from '../../subject/response-subject.js'
import { hasMethods } from '../../subject/shape.js'
import { isCorsUsageError } from '../../text/usage-error.js'
import type { MatcherContext } from './context.js'
import type { Matcher } from './define-matcher.js'

/** Nothing is wrong with it, so what a matcher throws on it is about its arguments. */
const ANY_RESPONSE = { status: 200, headers: {} }

/**
 * Makes a matcher fit for use inside other assertions, which it is not told of: whether they are negated, and whether they look for the value that
 * matches among others that need not.
 *
 * So what is not a response does not match, inverse or not. And a response does not match only where the negative could be judged as well: `.not.toEqual`
 * around it must not hold because nobody knows what was asked.
 */
export function alsoAsymmetric<Args extends readonly unknown[]>(matcher: Matcher<Args>): Matcher<Args> {
  return function (received, ...args) {
    if (!isAsymmetric(this)) return matcher.call(this, received, ...args)
    const inverse = this.isNot === true
    if (isNoResponse(received)) {
      matcher.call({ ...this, isNot: false }, ANY_RESPONSE, ...args)
      return { pass: inverse, message: () => 'expected a response' }
    }
    const result = matcher.call(this, received, ...args)
    if (!inverse && !('then' in result) && !result.pass)
      matcher.call({ ...this, isNot: true }, received, ...args)
    return result
  }
}

/** A runner that calls a matcher for an assertion of its own says whether it is below `resolves`. */
function isAsymmetric({ promise, equals }: MatcherContext): boolean {
  return promise === undefined && equals !== undefined
}

/**
 * Whether it is nothing that a matcher has anything to say of; what was forgotten to be awaited, endpoints, and what cannot be read, it refuses
 * itself.
 */
function isNoResponse(value: unknown): boolean {
  try {
    if (hasMethods(value, 'then') || readJourney(value) !== undefined || readResponse(value) !== undefined)
      return false
  } catch {
    return false
  }
  try {
    if (!isEndpoint(value)) return true
    resolveEndpoint(value)
    return false
  } catch (error) {
    if (isCorsUsageError(error)) return true
    throw error
  }
}
