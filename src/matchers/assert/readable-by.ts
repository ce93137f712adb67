/** Shared by the two matchers that ask whether an origin may read a response, without and with credentials. */
import type { Profile } from '../../engines/profiles.js'
import { getHeader } from '../../fetch/header-list.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import type { LiveOptions } from '../../subject/options.js'
import type { ResponseSubject } from '../../subject/response-subject.js'
import { argument, shown } from '../../text/shown.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { checkOrigin } from '../../verdict/client.js'
import { conclude } from './conclude.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { askLive, pageRequest, travelAll } from './live.js'
import { checkSentOrigin, joinedLinesNote, judgeResponse, unknownOriginNote } from './observed-response.js'
import { enginesOf, refuseJourney, refuseLiveOptions, resolveSubject } from './subject-of.js'

/** Which of the two it is. */
interface Question {
  readonly name: 'toAllowOrigin' | 'toAllowCredentialedOrigin'
  readonly credentials: boolean
}

export function allowOrigin(
  context: MatcherContext,
  question: Question,
  received: unknown,
  origin: string,
  options: LiveOptions | undefined,
): MatcherResult | Promise<MatcherResult> {
  checkOrigin(origin)
  const subject = resolveSubject(question.name, received, options, origin)
  checkCredentialsOption(question, options)
  switch (subject.kind) {
    case 'response':
      refuseLiveOptions(question.name, options, ['credentials', 'engines'])
      return onResponse(context, question, subject, origin, enginesOf(options))
    case 'endpoint':
      return onEndpoint(context, question, subject, origin)
    default:
      return refuseJourney(question.name)
  }
}

function checkCredentialsOption(question: Question, options: LiveOptions | undefined): void {
  const { credentials } = options ?? {}
  if (credentials === undefined || (credentials === 'include') === question.credentials) return
  throw new CorsUsageError(
    question.credentials
      ? `toAllowCredentialedOrigin always asks with credentials: leave credentials: '${credentials}' out, or use toAllowOrigin`
      : "toAllowOrigin asks without credentials: use toAllowCredentialedOrigin for credentials: 'include'",
  )
}

function onResponse(
  context: MatcherContext,
  question: Question,
  subject: ResponseSubject,
  origin: string,
  engines: readonly Profile[],
): MatcherResult {
  checkSentOrigin(context, subject, origin)
  const judgeIn = judgeResponse(subject, { origin, credentials: question.credentials })
  const findings = engines.map((engine) => {
    const journey = judgeIn(engine)
    return { engine, journey, holds: journey.verdict.outcome === 'allowed' }
  })
  return conclude(context, {
    name: question.name,
    received: 'response',
    expected: () => argument(origin),
    findings,
    held: () =>
      heldSentence(question, origin, getHeader(subject.head.headers, 'access-control-allow-origin')),
    notes: () => [
      ...joinedLinesNote(subject, findings[0]?.journey.verdict.code),
      ...(context.isNot === true ? [] : unknownOriginNote(subject, origin)),
    ],
  })
}

function onEndpoint(
  context: MatcherContext,
  question: Question,
  endpoint: EndpointSubject,
  origin: string,
): Promise<MatcherResult> {
  const { options } = endpoint
  const engines = enginesOf(options)
  return askLive(context, question.name, endpoint, async (signal) => {
    const { runs, notes } = await travelAll(
      endpoint,
      { ...pageRequest(options, origin), credentials: question.credentials ? 'include' : 'omit' },
      engines,
      signal,
      { refusalHolds: context.isNot === true },
    )
    return conclude(context, {
      name: question.name,
      received: 'endpoint',
      expected: argument(origin),
      findings: runs.map(({ engine, journey }) => ({
        engine,
        journey,
        holds: journey.verdict.outcome === 'allowed',
      })),
      held: () => {
        const last = runs[0]?.journey.exchanges.at(-1)
        const value =
          last === undefined ? null : getHeader(last.response.headers, 'access-control-allow-origin')
        return heldSentence(question, origin, value)
      },
      notes: () => notes,
    })
  })
}

function heldSentence(question: Question, origin: string, value: string | null): string {
  const how = question.credentials ? ' with credentials' : ''
  const by =
    value === null ? '' : `: Access-Control-Allow-Origin is ${argument(value)}${whyHeld(origin, value)}`
  return `A page at ${shown(origin)} may read this response${how}${by}.`
}

/** One answer does not tell a list from a pattern, nor from a server that repeats whatever it is sent. */
function whyHeld(origin: string, value: string): string {
  if (value === '*') return ', which lets every page in'
  return value === origin
    ? ", so it is on the server's list, matches a pattern there, or is repeated whatever it is"
    : ''
}
