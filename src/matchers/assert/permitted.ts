/** Shared by the two matchers that ask what a preflight answer permits: methods, and request headers. */
import { engineNames } from '../../diagnose/engines.js'
import type { Profile } from '../../engines/profiles.js'
import type { HeadersLike } from '../../fetch/headers-init.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import type { LiveOptions } from '../../subject/options.js'
import type { ResponseSubject } from '../../subject/response-subject.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { checkOrigin } from '../../verdict/client.js'
import { conclude } from './conclude.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { type Finding, groupedBy } from './finding.js'
import { askLive } from './live.js'
import { judgePreflightAnswer } from './observed-preflight.js'
import {
  judgedOrigin,
  type NamelessFailure,
  namelessFailure,
  unknownOriginNote,
} from './observed-response.js'
import { type PreflightFinding, preflightAll, preflightFinding } from './preflight-question.js'
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
  readonly request: { readonly method?: string; readonly headers?: HeadersLike }
  /** Holds whatever the answer says. */
  readonly always?: boolean
}

/** What is asked about, and how. */
export interface Permission {
  readonly name: string
  readonly expected: string
  readonly items: readonly Item[]
  /** In which engines, by the options in force. */
  readonly engines: (options: LiveOptions) => readonly Profile[]
  /** Options that have no meaning for it, and why. */
  readonly refused: readonly (readonly [name: keyof LiveOptions, why: string])[]
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
  for (const [name, why] of permission.refused) {
    if (rest[name] !== undefined)
      throw new CorsUsageError(`${permission.name} takes no option ${name}: ${why}`)
  }
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
  const origin = judgedOrigin(context, subject, said)
  const credentials = (options.credentials ?? subject.sentCredentials) === 'include'
  const answers = permission.items.flatMap((item): Answer[] => {
    const { method = options.method, headers } = item.request
    const judgeIn = judgePreflightAnswer(context, subject, { origin, method, headers, credentials })
    return permission
      .engines(options)
      .map((engine) => ({ item, ...preflightFinding(engine, judgeIn(engine)) }))
  })
  const nameless = namelessFailure(subject, (answers[0] as Answer).journey.verdict)
  const notes = context.isNot === true || said === undefined ? [] : unknownOriginNote(subject, said)
  return concludePermission(context, permission, 'response', answers, notes, nameless)
}

function onEndpoint(
  context: MatcherContext,
  permission: Permission,
  endpoint: EndpointSubject,
  origin: string,
): Promise<MatcherResult> {
  const { credentials, method } = endpoint.options
  return askLive(context, permission.name, endpoint, async (signal) => {
    const engines = permission.engines(endpoint.options)
    const answers: Answer[] = []
    for (const item of permission.items) {
      // What always holds is asked all the same, so that nothing passes because nothing answered.
      const asked = item.always === true ? { ...item.request, headers: PROBE } : item.request
      const request = { origin, method, ...asked, credentials }
      for (const answer of await preflightAll(endpoint, request, engines, signal)) {
        answers.push({ item, ...answer })
      }
    }
    return concludePermission(context, permission, 'endpoint', answers, [])
  })
}

/** A header that makes any request preflighted. */
const PROBE: HeadersLike = ['x-expect-cors']

/** What a preflight's answer says of one thing, in one engine. */
type Answer = PreflightFinding & { readonly item: Item }

/** An engine that sends no preflight for it (Chromium drops `User-Agent`) does not ask for permission, and has no say. */
function concludePermission(
  context: MatcherContext,
  permission: Permission,
  received: string,
  answers: readonly Answer[],
  notes: readonly string[],
  nameless?: NamelessFailure,
): MatcherResult {
  const findings: Finding[] = []
  const unasked: string[] = []
  const byItem = groupedBy(answers, ({ item }) => item)
  for (const item of permission.items) {
    const own = byItem.get(item) ?? []
    const asking = own.filter(({ preflighted }) => preflighted || item.always === true)
    const others = own.filter((answer) => !asking.includes(answer)).map(({ engine }) => engine)
    if (asking.length === 0) {
      throw new CorsUsageError(
        `${permission.name}: ${engineNames(others)} ${others.length === 1 ? 'sends' : 'send'} no preflight for ${item.name}, so that no server can permit or refuse it there`,
      )
    }
    if (others.length > 0) {
      unasked.push(
        `${engineNames(others)} would send no preflight for ${item.name}, and ${others.length === 1 ? 'was' : 'were'} not judged.`,
      )
    }
    for (const { engine, journey, passed } of asking)
      findings.push(
        item.always === true
          ? { engine, item: item.name, holds: true }
          : { engine, item: item.name, journey, holds: passed },
      )
  }
  return conclude(context, {
    name: permission.name,
    received,
    expected: permission.expected,
    findings,
    held: () =>
      permission.held([...new Set(findings.flatMap(({ holds, item }) => (holds ? (item ?? []) : [])))]),
    ...(nameless === undefined
      ? {}
      : { failed: () => nameless.sentence, explain: false, instead: () => false }),
    notes: () => [
      ...unasked,
      ...(nameless === undefined || context.isNot === true ? [] : [nameless.note]),
      ...notes,
    ],
  })
}
