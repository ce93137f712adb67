/** What all matchers do alike: read the arguments, say what was given to `expect`, judge that, and conclude. */
import type { Judgment } from '../../diagnose/judgment.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import type { JourneySubject } from '../../subject/journey-subject.js'
import type { LiveOptions } from '../../subject/options.js'
import type { ResponseSubject } from '../../subject/response-subject.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { alsoAsymmetric } from './asymmetric.js'
import { conclude } from './conclude.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { askLive } from './live.js'
import { notOnResponse, refuseLiveOptions, resolveSubject } from './subject-of.js'

/** What an assertion asks; a matcher adds what is its own. */
export interface Question {
  /** The page's serialized origin. */
  readonly origin?: string | undefined
  readonly options?: LiveOptions | undefined
}

/** A question about an endpoint, which a page asks. */
type LiveQuestion<Asked extends Question> = Asked & { readonly origin: string }

/** How a live assertion goes about it. */
export interface Asking {
  /** Whether it is below `.not`. */
  readonly negated: boolean
  /** Aborted where nobody waits any longer. */
  readonly signal: AbortSignal
}

/** What is a matcher's own. */
export interface MatcherDefinition<Args extends readonly unknown[], Asked extends Question> {
  readonly name: string
  /** Reads the arguments. @throws CorsUsageError */
  readonly question: (...args: Args) => Asked
  /** Options it takes besides those of every live assertion. */
  readonly ownOptions?: readonly string[]
  /** Options that mean nothing to it, and why. */
  readonly refusedOptions?: { readonly [Name in keyof LiveOptions]?: string }
  /** Options that mean something on a response, though it has been requested already. */
  readonly optionsOnResponse?: readonly (keyof LiveOptions)[]
  /** What the options must be besides. @throws CorsUsageError */
  readonly check?: (options: LiveOptions) => void
  /** Text where it takes no response: why, and what does. */
  readonly onResponse: ((response: ResponseSubject, asked: Asked, negated: boolean) => Judgment) | string
  readonly onEndpoint: (
    endpoint: EndpointSubject,
    asked: LiveQuestion<Asked>,
    asking: Asking,
  ) => Promise<Judgment>
  /** What an endpoint needs to be asked, where a page's origin is needed; left out where it is not. */
  readonly onEndpointNeeds?: (asked: Asked) => string
  /** Left out where it takes none. */
  readonly onJourney?: (journey: JourneySubject, asked: Asked, negated: boolean) => Judgment
}

/** A matcher as runners call it. */
export type Matcher<Args extends readonly unknown[]> = (
  this: MatcherContext,
  received: unknown,
  ...args: Args
) => MatcherResult | Promise<MatcherResult>

/** Makes a matcher. Those that judge responses may be used inside other assertions too, `expect.toAllowOrigin(…)`. */
export function defineMatcher<Args extends readonly unknown[], Asked extends Question>(
  definition: MatcherDefinition<Args, Asked>,
): Matcher<Args> {
  const { name, ownOptions, onResponse, onEndpoint, onEndpointNeeds, onJourney } = definition
  const matcher: Matcher<Args> = function (received, ...args) {
    const asked = definition.question(...args)
    const { options, origin } = asked
    refuseOptions(definition, options)
    const subject = resolveSubject(name, received, options, origin, ownOptions)
    if (options !== undefined) definition.check?.(options)
    switch (subject.kind) {
      case 'response':
        if (typeof onResponse === 'string') {
          throw notOnResponse(name, onResponse)
        }
        refuseLiveOptions(name, options, definition.optionsOnResponse)
        return conclude(this, name, 'response', onResponse(subject, asked, this.isNot === true))
      case 'endpoint': {
        if (origin === undefined && onEndpointNeeds !== undefined)
          throw new CorsUsageError(`${name} on an endpoint needs ${onEndpointNeeds(asked)}`)
        const question = asked as LiveQuestion<Asked>
        return askLive(this, name, subject, async (signal) => {
          const asking = { negated: this.isNot === true, signal }
          return conclude(this, name, 'endpoint', await onEndpoint(subject, question, asking))
        })
      }
      case 'journey':
        if (onJourney === undefined) {
          throw new CorsUsageError(
            `${name} takes a response or an endpoint; a journey or verdict has been judged already: use toAllowCorsRequest() or toBlockCorsRequest() on it`,
          )
        }
        return conclude(this, name, 'journey', onJourney(subject, asked, this.isNot === true))
    }
  }
  return typeof onResponse === 'string' ? matcher : alsoAsymmetric(matcher)
}

function refuseOptions(
  { name, refusedOptions }: Pick<MatcherDefinition<never, Question>, 'name' | 'refusedOptions'>,
  options: LiveOptions | undefined,
): void {
  if (refusedOptions === undefined || options === undefined) return
  for (const [option, why] of Object.entries(refusedOptions)) {
    if (options[option as keyof LiveOptions] !== undefined)
      throw new CorsUsageError(`${name} takes no option ${option}: ${why}`)
  }
}
