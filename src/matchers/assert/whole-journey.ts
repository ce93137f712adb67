/** Shared by the two matchers that judge a whole journey. */

import type { Judgment } from '../../diagnose/judgment.js'
import type { Profile } from '../../engines/profiles.js'
import type { CorsFailureCode } from '../../fetch/failure.js'
import { enginesOf, requestTo, travelAll } from '../../page/ask.js'
import { refuseEndInSelfRedirect } from '../../page/self-redirect.js'
import { shown, shownUrl } from '../../text/shown.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { ownOriginError } from '../../verdict/client.js'
import type { Journey, Verdict } from '../../verdict/verdict.js'
import { type WantedRequest, wantedOf } from './asked.js'
import type { MatcherDefinition, Question } from './define-matcher.js'

/** What each engine's journey came to. */
export interface JourneyFinding {
  readonly engine: Profile
  readonly verdict: Verdict
  readonly journey: Journey | Verdict
}

/** What is asked of a journey. */
export interface JourneyQuestion extends Question {
  /** Left out on a journey, of which the request is a part already. */
  readonly wanted?: WantedRequest | undefined
  /** The code it is to be blocked for. */
  readonly code?: CorsFailureCode | undefined
}

/** A request and its options, where there is one. @throws CorsUsageError */
export function journeyQuestion(name: string, wanted: WantedRequest | undefined): JourneyQuestion {
  return wanted === undefined ? {} : wantedOf(name, wanted)
}

/** How a matcher judges journeys. */
interface JourneyJudge {
  readonly name: string
  /** The outcome that it asserts. */
  readonly outcome: 'allowed' | 'blocked'
  readonly judge: (
    findings: readonly JourneyFinding[],
    asked: JourneyQuestion,
    negated: boolean,
    notes: readonly string[],
  ) => Judgment
}

/** The parts of a matcher that judges journeys: one that is given, or those that each engine makes to an endpoint. */
export function wholeJourney({
  name,
  outcome,
  judge,
}: JourneyJudge): Pick<
  MatcherDefinition<never, JourneyQuestion>,
  'ownOptions' | 'onResponse' | 'onEndpoint' | 'onEndpointNeeds' | 'onJourney'
> {
  return {
    ownOptions: ['mode', 'redirect'],
    onResponse:
      'a response does not show its preflight. Use toAllowOrigin, toAllowCredentialedOrigin or toExposeHeader on it, and toAllowPreflight on the preflight response',
    onEndpointNeeds: () => `the request: ${name}({ origin: 'https://app.example.com', … })`,
    async onEndpoint(endpoint, asked, { negated, signal }) {
      const { origin, wanted, code } = asked
      const request = requestTo(endpoint, origin, { mode: wanted?.mode, redirect: wanted?.redirect })
      const { runs, notes } = await travelAll(endpoint, request, enginesOf(endpoint.options), signal, {
        unsentCode: code,
        refusalHolds: (outcome === 'blocked') !== negated,
      })
      const findings = runs.map(({ engine, journey }) => ({ engine, journey, verdict: journey.verdict }))
      return judge(findings, asked, negated, notes)
    },
    onJourney({ verdict, journey = verdict }, asked, negated) {
      if (asked.wanted !== undefined) {
        throw new CorsUsageError(
          `${name} on a journey takes no request: what was sent is part of the journey already`,
        )
      }
      checkJudged(name, verdict)
      refuseEndInSelfRedirect(verdict, 'exchanges' in journey ? journey.exchanges : [])
      return judge([{ engine: verdict.engine, verdict, journey }], asked, negated, [])
    },
  }
}

/** Whether an opaque response is among them. */
export function isAnyOpaque(findings: readonly JourneyFinding[]): boolean {
  return findings.some(({ verdict }) => verdict.outcome === 'opaque')
}
/** Nothing is said of a journey that has not ended, nor of one in which CORS had no say. @throws CorsUsageError */
export function checkJudged(name: string, verdict: Verdict): void {
  if (verdict.outcome === 'prompt') {
    throw new CorsUsageError(
      `${name} got the verdict that the browser asks the user to log in, after which anything may follow: give the page the login with openPage(…, { logins })`,
    )
  }
  if (verdict.outcome !== 'incomplete') {
    checkCrossOrigin(name, verdict)
    return
  }
  const { next, needs } = verdict
  const request = next === undefined ? 'the next request' : `${shown(next.method)} ${shownUrl(next.url)}`
  const what =
    needs === 'preflight'
      ? `the preflight (${request})`
      : `${request}${needs === 'redirect' ? ', where it is redirected,' : ''}`
  throw new CorsUsageError(
    `${name} got an incomplete verdict, which proves nothing: it needs the response to ${what} first`,
  )
}

/** @throws CorsUsageError for a journey that never left the page's own origin, and for a URL that brings its response along */
function checkCrossOrigin(name: string, { type, origin, url, hop }: Verdict): void {
  // A redirect that left the origin and came back has tainted the request's own.
  const stayed = [hop.origin, originOf(url), originOf(hop.url)].every((one) => one === origin)
  if (type === 'cors' || !(type === 'basic' || (stayed && origin !== 'null'))) return
  const wayOut = "Ask a server of another origin, such as page.inspect('https://api.example.com/orders')"
  if (stayed) throw ownOriginError(shownUrl(url), wayOut)
  throw new CorsUsageError(
    `${name} got a journey in which CORS has no say, because ${shownUrl(url)} has no server.  ${wayOut}`,
  )
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}
