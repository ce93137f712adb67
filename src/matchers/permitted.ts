/** Shared by the two matchers that ask what a preflight answer permits: methods, and request headers. */
import type { Profile } from '../engines/profiles.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { LiveOptions } from '../subject/options.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { checkOrigin } from '../verdict/client.js'
import { CorsUsageError } from '../verdict/usage-error.js'
import { conclude, type Finding } from './conclude.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { withinTime } from './live.js'
import { checkSentOrigin, judgePreflightAnswer, refuseUnasked, unknownOriginNote } from './observed-answer.js'
import { live } from './pending.js'
import { originOfAnswer, preflightAll, preflightFinding } from './preflight-question.js'
import { refuseJourney, refuseLiveOptions, resolveSubject } from './subject-of.js'

/** For whom a preflight answer is judged. */
export interface PreflightAnswerOptions extends LiveOptions {
  /** The page's serialized origin. Needed for an endpoint; on a response, the default is the one it was requested with. */
  readonly origin?: string | undefined
}

/** One thing asked about: a method, or a header. */
export interface Item {
  /** As messages name it. */
  readonly name: string
  /** The request a preflight is sent for to ask about it. */
  readonly request: { readonly method: string; readonly headers?: HeadersLike }
  /** Holds whatever the answer says. */
  readonly always?: boolean
}

/** What is asked about, and how. */
export interface Permission {
  readonly name: string
  readonly expected: string
  readonly items: readonly Item[]
  readonly engines: readonly Profile[]
  /** What is said where a negative fails. */
  readonly held: (names: readonly string[]) => string
}

export function permitted(
  context: MatcherContext,
  permission: Permission,
  received: unknown,
  options: PreflightAnswerOptions | undefined,
): MatcherResult | Promise<MatcherResult> {
  const { origin, ...rest } = options ?? {}
  if (origin !== undefined) checkOrigin(origin)
  const subject = resolveSubject(permission.name, received, rest, origin)
  switch (subject.kind) {
    case 'response':
      refuseLiveOptions(permission.name, rest, ['credentials', 'engines', 'method'])
      return onResponse(context, permission, subject, origin, rest)
    case 'endpoint':
      if (origin === undefined) {
        throw new CorsUsageError(
          `${permission.name} on an endpoint needs the page's origin: ${permission.name}(…, { origin: 'https://app.example.com' })`,
        )
      }
      return onEndpoint(context, permission, subject, origin)
    default:
      return refuseJourney(permission.name)
  }
}

function onResponse(
  context: MatcherContext,
  permission: Permission,
  subject: ResponseSubject,
  said: string | undefined,
  options: LiveOptions,
): MatcherResult {
  if (said !== undefined) checkSentOrigin(context, subject, said)
  else refuseUnasked(context, subject)
  const origin = originOfAnswer(subject, said)
  const credentials = options.credentials === 'include'
  const findings = permission.items.flatMap(({ name, request, always }) =>
    permission.engines.map((engine): Finding => {
      const journey = judgePreflightAnswer(subject, { origin, ...request, credentials }, engine)
      return {
        engine,
        item: name,
        journey,
        holds: always === true || preflightFinding(engine, journey).passed,
      }
    }),
  )
  const notes = context.isNot === true || said === undefined ? [] : unknownOriginNote(subject, said)
  return concludePermission(context, permission, 'response', findings, notes)
}

function onEndpoint(
  context: MatcherContext,
  permission: Permission,
  endpoint: EndpointSubject,
  origin: string,
): Promise<MatcherResult> {
  const { credentials, signal: userSignal } = endpoint.options
  return live(context, permission.name, (abandoned) =>
    withinTime(endpoint, [abandoned, userSignal], async (signal) => {
      const findings: Finding[] = []
      for (const { name, request, always } of permission.items) {
        // What always holds is asked all the same, so that nothing passes because nothing answered.
        const asked = always === true ? { ...request, headers: PROBE } : request
        const answers = await preflightAll(
          endpoint,
          { origin, ...asked, credentials },
          permission.engines,
          signal,
        )
        for (const { engine, journey, passed } of answers) {
          findings.push({ engine, item: name, journey, holds: always === true || passed })
        }
      }
      return concludePermission(context, permission, 'endpoint', findings, [])
    }),
  )
}

/** A header that makes any request preflighted. */
const PROBE: HeadersLike = ['x-expect-cors']

function concludePermission(
  context: MatcherContext,
  permission: Permission,
  received: string,
  findings: readonly Finding[],
  notes: readonly string[],
): MatcherResult {
  return conclude(context, {
    name: permission.name,
    received,
    expected: permission.expected,
    findings,
    held: () =>
      permission.held([...new Set(findings.flatMap(({ holds, item }) => (holds ? (item ?? []) : [])))]),
    notes: () => notes,
  })
}
