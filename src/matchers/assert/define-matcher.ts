/** What all matchers do alike: read the arguments, say what was given to `expect`, judge that, and conclude. */
import type { Judgment } from '../../diagnose/judgment.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import type { JourneySubject } from '../../subject/journey-subject.js'
import { checkLiveOptions, type LiveOptions } from '../../subject/options.js'
import { type RequestSubject, readRequest } from '../../subject/request-subject.js'
import type { ResponseSubject } from '../../subject/response-subject.js'
import { readSubject } from '../../subject/subject.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { alsoAsymmetric } from './asymmetric.js'
import { conclude } from './conclude.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { askLive } from './live.js'
import { toldApart } from './told-apart.js'

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
export type MatcherDefinition<Args extends readonly unknown[], Asked extends Question> = MatcherParts<
  Args,
  Asked
> &
  (AsksEndpoint<Asked> | JudgesUnsent<Asked>)

/** How a page asks an endpoint. */
interface AsksEndpoint<Asked extends Question> {
  readonly onEndpoint: (
    endpoint: EndpointSubject,
    asked: LiveQuestion<Asked>,
    asking: Asking,
  ) => Promise<Judgment>
  /** What an endpoint needs to be asked, where a page's origin is needed; left out where it is not. */
  readonly onEndpointNeeds?: (asked: Asked) => string
  readonly onUnsent?: never
}

/** What is judged of a request that is not sent; the assertion is done at once. */
interface JudgesUnsent<Asked extends Question> {
  readonly onUnsent: (given: EndpointSubject | RequestSubject, asked: Asked) => Judgment
  readonly onEndpoint?: never
  readonly onEndpointNeeds?: never
}

interface MatcherParts<Args extends readonly unknown[], Asked extends Question> {
  readonly name: string
  /** Reads the arguments. @throws CorsUsageError */
  readonly question: (...args: Args) => Asked
  /** Options it takes besides those of every live assertion. */
  readonly ownOptions?: readonly string[]
  /** Options that mean nothing to it, and why. */
  readonly refusedOptions?: { readonly [Name in keyof LiveOptions]?: string }
  /** Why it says nothing of what elements ask; left out where it does. */
  readonly noElements?: string
  /** Options that mean something on a response, though it has been requested already. */
  readonly optionsOnResponse?: readonly (keyof LiveOptions)[]
  /** What the options must be besides. @throws CorsUsageError */
  readonly check?: (options: LiveOptions) => void
  /** Text where it takes no response: why, and what does. */
  readonly onResponse: ((response: ResponseSubject, asked: Asked, negated: boolean) => Judgment) | string
  /** Text or left out where it takes none: what it takes instead. */
  readonly onJourney?: ((journey: JourneySubject, asked: Asked, negated: boolean) => Judgment) | string
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
  const {
    name,
    ownOptions,
    onResponse,
    onEndpoint,
    onEndpointNeeds,
    onUnsent,
    onJourney = TAKES_NONE,
  } = definition
  const matcher: Matcher<Args> = function (received, ...args) {
    const asked = definition.question(...args)
    const { options, origin } = asked
    refuseOptions(definition, options)
    checkLiveOptions(options, `${name}()`, ownOptions)
    if (options !== undefined) refuseElements(definition, options)
    if (onUnsent !== undefined) {
      const request = readRequest(received)
      if (request !== undefined) return conclude(this, name, 'endpoint', onUnsent(request, asked))
    }
    const subject = readSubject(received, options, origin)
    if (options !== undefined) definition.check?.(options)
    switch (subject.kind) {
      case 'response':
        if (typeof onResponse === 'string') {
          throw notOnResponse(name, onResponse)
        }
        refuseLiveOptions(name, options, definition.optionsOnResponse)
        return conclude(this, name, 'response', onResponse(subject, asked, this.isNot === true))
      case 'endpoint': {
        refuseElements(definition, subject.options)
        if (onUnsent !== undefined) return conclude(this, name, 'endpoint', onUnsent(subject, asked))
        if (origin === undefined && onEndpointNeeds !== undefined)
          throw new CorsUsageError(`${name} on an endpoint needs ${onEndpointNeeds(asked)}`)
        const question = asked as LiveQuestion<Asked>
        return askLive(this, name, subject, async ({ signal, spare }) => {
          const asking = { negated: this.isNot === true, signal }
          const judgment = await onEndpoint(subject, question, asking)
          const call = { context: this, name, args }
          return conclude(this, name, 'endpoint', await toldApart(judgment, call, subject, spare))
        })
      }
      case 'journey':
        if (typeof onJourney === 'string') throw new CorsUsageError(`${name} ${onJourney}`)
        return conclude(this, name, 'journey', onJourney(subject, asked, this.isNot === true))
    }
  }
  return typeof onResponse === 'string' ? matcher : alsoAsymmetric(matcher)
}

const TAKES_NONE =
  'takes a response or an endpoint; a journey or verdict has been judged already: use toAllowCorsRequest() or toBlockCorsRequest() on it'

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

function refuseElements(
  { name, noElements }: Pick<MatcherDefinition<never, Question>, 'name' | 'noElements'>,
  { as }: LiveOptions,
): void {
  if (noElements === undefined || as === undefined) return
  throw new CorsUsageError(`${name} says nothing of what asks as '${as}': ${noElements}`)
}

/** A matcher that takes no response, and what does. */
function notOnResponse(matcher: string, instead: string): CorsUsageError {
  return new CorsUsageError(
    `${matcher} takes an endpoint (an app or a URL) or a journey, not a response: ${instead}`,
  )
}

/** Options that say how to ask an endpoint have no meaning on a response that is there already. @throws CorsUsageError */
export function refuseLiveOptions(
  matcher: string,
  options: object | undefined,
  allowed: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === undefined || allowed.includes(name)) continue
    throw new CorsUsageError(
      `${matcher} got the option ${name} for a response, which has been requested already: ${name} says how to ask an endpoint. Give expect the app or its URL`,
    )
  }
}
