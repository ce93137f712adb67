/** Shared by the two matchers that judge a whole journey. */

import type { Profile } from '../../engines/profiles.js'
import type { RequestMode, RequestRedirect } from '../../fetch/fetch-request.js'
import type { HeadersLike } from '../../fetch/headers-init.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import type { LiveOptions } from '../../subject/options.js'
import { shown, shownUrl } from '../../text/shown.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { checkOrigin } from '../../verdict/client.js'
import type { Journey } from '../../verdict/journey.js'
import type { Verdict } from '../../verdict/verdict.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { askLive, pageRequest, type TravelOptions, travelAll } from './live.js'
import { refuseEndInSelfRedirect } from './self-redirect.js'
import { enginesOf, refuseResponse, resolveSubject } from './subject-of.js'
import { wantOf } from './want.js'

/** A request of a page, and how to ask. */
export interface WantedRequest extends LiveOptions {
  /** The page's serialized origin. */
  readonly origin: string
  readonly headers?: HeadersLike | undefined
  /** Default `cors`. */
  readonly mode?: RequestMode | undefined
  /** Default `follow`. */
  readonly redirect?: RequestRedirect | undefined
}

/** What each engine's journey came to. */
export interface JourneyFinding {
  readonly engine: Profile
  readonly verdict: Verdict
  readonly journey: Journey | Verdict
}

/** How a whole journey is judged. */
export type WholeJourneyOptions = Pick<TravelOptions, 'unsentCode' | 'refusalHolds'>

const OWN_OPTIONS = ['mode', 'redirect']

/** Judges journeys: one that is given, or those that each engine makes to an endpoint. */
export function wholeJourney(
  context: MatcherContext,
  name: string,
  received: unknown,
  wanted: WantedRequest | undefined,
  options: WholeJourneyOptions,
  judge: (findings: readonly JourneyFinding[], received: string, notes: readonly string[]) => MatcherResult,
): MatcherResult | Promise<MatcherResult> {
  if (wanted === undefined) {
    const subject = resolveSubject(name, received, undefined, undefined)
    if (subject.kind === 'journey') {
      const { verdict, journey = verdict } = subject
      checkJudged(name, verdict)
      refuseEndInSelfRedirect(verdict, subject.journey?.exchanges ?? [])
      return judge([{ engine: verdict.engine, verdict, journey }], 'journey', [])
    }
    if (subject.kind === 'response') return refuseResponse(name, INSTEAD)
    throw new CorsUsageError(
      `${name} on an endpoint needs the request: ${name}({ origin: 'https://app.example.com', … })`,
    )
  }
  const { want, options: liveOptions } = wantOf(name, wanted)
  checkOrigin(want.origin)
  const subject = resolveSubject(name, received, liveOptions, want.origin, OWN_OPTIONS)
  if (subject.kind === 'response') return refuseResponse(name, INSTEAD)
  if (subject.kind === 'journey') {
    throw new CorsUsageError(
      `${name} on a journey takes no request: what was sent is part of the journey already`,
    )
  }
  return onEndpoint(context, name, subject, want, judge, options)
}

const INSTEAD =
  'a response does not show its preflight. Use toAllowOrigin, toAllowCredentialedOrigin or toExposeHeader on it, and toAllowPreflight on the answer to the preflight'

/** Nothing is said of a journey that has not ended, nor of one in which CORS had no say. @throws CorsUsageError */
export function checkJudged(name: string, verdict: Verdict): void {
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
    `${name} got an incomplete verdict, which is no verdict: it needs the answer to ${what} first`,
  )
}

/** @throws CorsUsageError for a journey that never left the page's own origin, and for a URL that brings its response along */
function checkCrossOrigin(name: string, { type, origin, url, hop }: Verdict): void {
  // A redirect that left the origin and came back has tainted the request's own.
  const stayed = [hop.origin, originOf(url), originOf(hop.url)].every((one) => one === origin)
  if (type === 'cors' || !(type === 'basic' || (stayed && origin !== 'null'))) return
  throw new CorsUsageError(
    `${name} got a journey in which CORS has no say: ${shownUrl(url)} is ${stayed ? "of the page's own origin" : "no server's"}, so there is nothing to judge. Ask a server of another origin, such as page.inspect('https://api.example.com/orders')`,
  )
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}

function onEndpoint(
  context: MatcherContext,
  name: string,
  endpoint: EndpointSubject,
  want: WantedRequest,
  judge: (findings: readonly JourneyFinding[], received: string, notes: readonly string[]) => MatcherResult,
  how: WholeJourneyOptions,
): Promise<MatcherResult> {
  const { options } = endpoint
  return askLive(context, name, endpoint, async (signal) => {
    const { origin, mode, redirect } = want
    const request = { ...pageRequest(options, origin), mode, redirect }
    const { runs, notes } = await travelAll(endpoint, request, enginesOf(options), signal, how)
    const findings = runs.map(({ engine, journey }) => ({ engine, journey, verdict: journey.verdict }))
    return judge(findings, 'endpoint', notes)
  })
}
