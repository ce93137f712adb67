import { engineNames } from '../diagnose/engines.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { LiveOptions } from '../subject/options.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'
import { alsoAsymmetric } from './assert/asymmetric.js'
import { conclude } from './assert/conclude.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import { askLive, pageRequest } from './assert/live.js'
import { judgePreflightAnswer } from './assert/observed-preflight.js'
import { checkSentOrigin, unknownOriginNote } from './assert/observed-response.js'
import { type PreflightFinding, preflightAll, preflightFinding } from './assert/preflight-question.js'
import { enginesOf, refuseJourney, refuseLiveOptions, resolveSubject } from './assert/subject-of.js'
import { requestWords, wantOf } from './assert/want.js'

/** The request whose preflight is asked about. */
export interface WantedPreflight extends LiveOptions {
  /** The page's serialized origin. */
  readonly origin: string
  readonly headers?: HeadersLike | undefined
}

const NAME = 'toAllowPreflight'

/**
 * Holds when the preflight for that request succeeds: an ok status, the origin, the method and every CORS-unsafe header. Nothing but the preflight is sent.
 *
 * @throws CorsUsageError where no engine would preflight the request: that is what `toAllowCorsRequest` is for
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 * @example await expect(app).toAllowPreflight({ origin: 'https://app.example.com', method: 'PUT', headers: ['content-type'] })
 */
export const toAllowPreflight = alsoAsymmetric(function toAllowPreflight(
  this: MatcherContext,
  received: unknown,
  wanted: WantedPreflight,
): MatcherResult | Promise<MatcherResult> {
  const { want, options } = wantOf(NAME, wanted)
  checkOrigin(want.origin)
  const subject = resolveSubject(NAME, received, options, want.origin)
  switch (subject.kind) {
    case 'response':
      refuseLiveOptions(NAME, options, ['method', 'headers', 'credentials', 'body', 'engines'])
      return onResponse(this, subject, want)
    case 'endpoint':
      return onEndpoint(this, subject, want.origin)
    default:
      return refuseJourney(NAME)
  }
})

function onResponse(context: MatcherContext, subject: ResponseSubject, want: WantedPreflight): MatcherResult {
  checkSentOrigin(context, subject, want.origin)
  const judgeIn = judgePreflightAnswer(context, subject, {
    origin: want.origin,
    method: want.method ?? 'GET',
    headers: want.headers,
    body: want.body,
    credentials: want.credentials === 'include',
  })
  const findings = enginesOf(want).map((engine) => preflightFinding(engine, judgeIn(engine)))
  const notes = context.isNot === true ? [] : unknownOriginNote(subject, want.origin)
  return concludePreflight(context, 'response', want, findings, notes)
}

function onEndpoint(
  context: MatcherContext,
  endpoint: EndpointSubject,
  origin: string,
): Promise<MatcherResult> {
  const { options } = endpoint
  const want = { ...options, extraHeaders: undefined, origin }
  return askLive(context, NAME, endpoint, async (signal) => {
    const request = pageRequest(options, origin)
    const findings = await preflightAll(endpoint, request, enginesOf(options), signal)
    return concludePreflight(context, 'endpoint', want, findings, [])
  })
}

/** Judges the engines that preflight; those that do not have no say, and are named. */
function concludePreflight(
  context: MatcherContext,
  received: string,
  want: WantedPreflight,
  findings: readonly PreflightFinding[],
  notes: readonly string[],
): MatcherResult {
  const asked = findings.filter(({ preflighted }) => preflighted)
  const unasked = findings.filter(({ preflighted }) => !preflighted)
  if (asked.length === 0) {
    const refused = findings.find(({ journey }) => journey.verdict.outcome === 'blocked')?.journey.verdict
    if (refused !== undefined) {
      throw new CorsUsageError(
        `no browser sends ${requestWords(want)} at all (${refused.code}), so there is no preflight to judge: toBlockCorsRequest asserts that`,
      )
    }
    throw new CorsUsageError(
      `no browser sends a preflight for ${requestWords(want)}: its method and headers are CORS-safelisted. Use toAllowCorsRequest for the whole journey, or name the method or headers that need a preflight`,
    )
  }
  const unaskedNote =
    unasked.length === 0
      ? []
      : [
          `${engineNames(unasked.map(({ engine }) => engine))} would send no preflight for it, and ${unasked.length === 1 ? 'was' : 'were'} not judged.`,
        ]
  return conclude(context, {
    name: NAME,
    received,
    expected: `{ ${requestWords(want)} }`,
    findings: asked.map(({ engine, passed, journey }) => ({ engine, holds: passed, journey })),
    held: () => `The preflight for ${requestWords(want)} from ${shown(want.origin)} succeeds.`,
    notes: () => [...unaskedNote, ...notes],
  })
}
