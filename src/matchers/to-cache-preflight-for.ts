import { engineNames } from '../diagnose/engines.js'
import type { Profile } from '../engines/profiles.js'
import type { CorsFailureCode } from '../fetch/failure.js'
import { containsHeader, extractHeaderListValues, getHeader } from '../fetch/header-list.js'
import { isToken } from '../fetch/http-tokens.js'
import { isForbiddenMethod, normalizeMethod } from '../fetch/methods.js'
import { preflightMaxAge } from '../fetch/preflight-cache.js'
import type { ResponseHead } from '../fetch/response-head.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { LiveOptions } from '../subject/options.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { argument } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { checkOrigin, createClient } from '../verdict/client.js'
import { deviationsOf } from '../verdict/engine.js'
import { isPreflightCached } from '../verdict/preflight-cached.js'
import { alsoAsymmetric } from './assert/asymmetric.js'
import { conclude } from './assert/conclude.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import type { Finding } from './assert/finding.js'
import { askLive, type LiveRequest, pageRequest } from './assert/live.js'
import { checkPreflight, judgePreflightAnswer, refuseUnknownPermission } from './assert/observed-preflight.js'
import {
  type JudgeIn,
  judgeAs,
  judgedOrigin,
  type NamelessFailure,
  namelessFailure,
  type ObservedRequest,
  urlOf,
} from './assert/observed-response.js'
import type { PreflightAnswerOptions } from './assert/permitted.js'
import { preflightAll, preflightFinding } from './assert/preflight-question.js'
import { enginesOf, refuseJourney, refuseLiveOptions, resolveSubject } from './assert/subject-of.js'
import { requestWords } from './assert/want.js'

const NAME = 'toCachePreflightFor'

/**
 * Holds when each engine caches the preflight's answer for at least that long, or for as long as that engine ever does (Chromium 7,200 s,
 * Firefox 86,400 s, WebKit 600 s). With `.not`: none does.
 *
 * @param seconds above 0
 * @param options on an endpoint `origin` is needed, and the method or headers that the preflight is for
 * @throws CorsUsageError for 0: an answer is fresh for 0 seconds whatever it says
 * @see https://fetch.spec.whatwg.org/#http-access-control-max-age
 * @example expect(preflightResponse).toCachePreflightFor(600)
 */
export const toCachePreflightFor = alsoAsymmetric(function toCachePreflightFor(
  this: MatcherContext,
  received: unknown,
  seconds: number,
  options?: PreflightAnswerOptions,
): MatcherResult | Promise<MatcherResult> {
  if (typeof seconds !== 'number' || !(seconds > 0) || !Number.isFinite(seconds)) {
    const hint =
      seconds === 0
        ? ': every answer is fresh for 0 seconds; to assert that nothing is cached, write .not.toCachePreflightFor(1)'
        : ''
    throw new CorsUsageError(
      `${NAME} takes a number of seconds above 0; got ${describeValue(seconds)}${hint}`,
    )
  }
  const { origin, ...rest } = options ?? {}
  if (origin !== undefined) checkOrigin(origin)
  const subject = resolveSubject(NAME, received, rest, origin)
  switch (subject.kind) {
    case 'response':
      refuseLiveOptions(NAME, rest, ['method', 'headers', 'credentials', 'engines'])
      return onResponse(this, subject, seconds, origin, rest)
    case 'endpoint':
      if (origin === undefined) {
        throw new CorsUsageError(
          `${NAME} on an endpoint needs the page's origin: ${NAME}(${seconds}, { origin: 'https://app.example.com', method: 'PUT' })`,
        )
      }
      return onEndpoint(this, subject, seconds, origin)
    default:
      return refuseJourney(NAME)
  }
})

function onResponse(
  context: MatcherContext,
  subject: ResponseSubject,
  seconds: number,
  saidOrigin: string | undefined,
  options: LiveOptions,
): MatcherResult {
  const origin = judgedOrigin(context, subject, saidOrigin)
  const engines = enginesOf(options)
  const credentials = options.credentials ?? subject.sentCredentials
  const said = options.method !== undefined || options.headers !== undefined
  const permitted = said
    ? { method: options.method, headers: options.headers }
    : permittedRequest(subject, origin, credentials === 'include', engines)
  const request = { ...(permitted ?? { method: 'PUT' }), origin, credentials }
  const asked = { ...request, credentials: credentials === 'include' }
  const judgeIn = said
    ? judgePreflightAnswer(context, subject, asked)
    : judgeChosen(context, subject, asked, permitted !== undefined)
  const url = urlOf(subject).href
  const findings = engines.map((engine): Finding => {
    const journey = judgeIn(engine)
    return { engine, journey, holds: isCached(engine, request, url, subject.head, seconds) }
  })
  const journey = findings[0]?.journey
  const nameless =
    journey !== undefined && 'verdict' in journey ? namelessFailure(subject, journey.verdict) : undefined
  const lists =
    listedIn(subject.head, 'access-control-allow-methods').length > 0 ||
    listedIn(subject.head, 'access-control-allow-headers').length > 0
  const useless =
    permitted === undefined && lists && codeOf(journey) === 'method-not-allowed' ? USELESS : undefined
  return concludeCached(context, 'response', seconds, findings, subject.head, nameless, useless)
}

function codeOf(journey: Finding['journey']): CorsFailureCode | undefined {
  return journey !== undefined && 'verdict' in journey ? journey.verdict.code : journey?.code
}

/** A request that was chosen to fit the response asserts nothing of what was asked; how long it is kept is there to be read, or is not. */
function judgeChosen(
  context: MatcherContext,
  subject: ResponseSubject,
  request: ObservedRequest,
  permits: boolean,
): JudgeIn {
  checkPreflight(subject)
  if (!permits || !containsHeader(subject.head.headers, 'access-control-max-age'))
    refuseUnknownPermission(context, subject)
  return judgeAs(subject, request, 'preflight')
}

/** Any name that a page may set and that needs permission. */
const PROBE = 'x-expect-cors'

const USELESS =
  'It permits no method and no header that a page may use and that needs a preflight, so there is nothing to cache it for.'

/**
 * The request that a response is judged for where none is said: the one its preflight asked for, where that is known; else one that it permits, by
 * its first method, or its first header, that every engine preflights. Undefined where it permits none.
 */
function permittedRequest(
  subject: ResponseSubject,
  origin: string,
  credentials: boolean,
  engines: readonly Profile[],
): Omit<LiveRequest, 'origin'> | undefined {
  const { asked, head } = subject
  const isPreflighted = (request: { method?: string; headers?: readonly string[] }): boolean => {
    const { method = 'GET' } = request
    if (!isToken(method) || isForbiddenMethod(method) || normalizeMethod(method) !== method) return false
    const judgeIn = judgeAs(subject, { ...request, origin, credentials }, 'preflight')
    return engines.every((engine) => judgeIn(engine).verdict.preflight.required)
  }
  const candidates: { method?: string; headers?: readonly string[] }[] = []
  if (typeof asked?.method === 'string')
    candidates.push({ method: asked.method, headers: asked.headers.filter(isToken) })
  const methods = listedIn(head, 'access-control-allow-methods')
  const names = listedIn(head, 'access-control-allow-headers')
  for (const method of methods) if (method !== '*') candidates.push({ method })
  for (const name of names) if (name !== '*') candidates.push({ headers: [name] })
  if (!credentials && methods.includes('*')) candidates.push({ method: 'PUT' })
  if (!credentials && names.includes('*')) candidates.push({ headers: [PROBE] })
  return candidates.find(isPreflighted)
}

function listedIn({ headers }: ResponseHead, name: string): readonly string[] {
  const { values } = extractHeaderListValues(headers, name)
  return Array.isArray(values) ? [...new Set(values)] : []
}

function isCached(
  engine: Profile,
  request: LiveRequest,
  url: string,
  answer: ResponseHead,
  seconds: number,
): boolean {
  // An engine's own limit is as long as it ever keeps anything; a moment before the end it is still fresh.
  const wanted = Math.min(seconds, deviationsOf(engine).maxAgeLimit) - 0.001
  const client = createClient(request.origin, undefined, false)
  return isPreflightCached(engine, client, { ...request, url }, answer, wanted)
}

function onEndpoint(
  context: MatcherContext,
  endpoint: EndpointSubject,
  seconds: number,
  origin: string,
): Promise<MatcherResult> {
  const { options } = endpoint
  return askLive(context, NAME, endpoint, async (signal) => {
    const request = pageRequest(options, origin)
    const answers = (await preflightAll(endpoint, request, enginesOf(options), signal)).filter(
      ({ preflighted }) => preflighted,
    )
    if (answers.length === 0) {
      throw new CorsUsageError(
        `no browser sends a preflight for ${requestWords(options)}, so there is no answer to cache: name the method or headers that need one, ${NAME}(${seconds}, { origin, method: 'PUT' })`,
      )
    }
    const findings = answers.map(({ engine, journey }): Finding => {
      const answer = journey.exchanges[0]?.response
      return {
        engine,
        journey,
        holds: answer !== undefined && isCached(engine, request, endpoint.url.href, answer, seconds),
      }
    })
    return concludeCached(context, 'endpoint', seconds, findings, answers[0]?.journey.exchanges[0]?.response)
  })
}

function concludeCached(
  context: MatcherContext,
  received: string,
  seconds: number,
  findings: readonly Finding[],
  answer: ResponseHead | undefined,
  nameless?: NamelessFailure,
  useless?: string,
): MatcherResult {
  const headers = answer?.headers ?? []
  const kept = (engine: Profile): number => preflightMaxAge(headers, deviationsOf(engine))
  const sentence = (): string => {
    const value = getHeader(headers, 'access-control-max-age')
    const said =
      value === null ? 'There is no Access-Control-Max-Age' : `Access-Control-Max-Age is ${argument(value)}`
    return `${said}: ${keepers(findings, seconds, kept)}.`
  }
  const passed = findings.some(
    ({ engine, journey }) =>
      journey !== undefined && 'verdict' in journey && preflightFinding(engine, journey).passed,
  )
  return conclude(context, {
    name: NAME,
    received,
    expected: String(seconds),
    findings,
    failed: () =>
      passed
        ? sentence()
        : (nameless?.sentence ?? useless ?? 'The preflight does not succeed, so nothing is cached.'),
    held: sentence,
    ofEveryEngine: true,
    explain: nameless === undefined && useless === undefined,
    notes: () => {
      if (context.isNot === true) return []
      if (nameless !== undefined) return [nameless.note]
      return passed && findings.some((finding) => asksAgain(finding, seconds, kept))
        ? ['Firefox does not look `*` up in its cache: list the methods and headers by name.']
        : []
    },
    instead: () => {
      if (nameless !== undefined || useless !== undefined) return false
      if (!passed) return undefined
      const tooShort = findings.some((finding) => !finding.holds && !asksAgain(finding, seconds, kept))
      return tooShort ? { lines: [['Access-Control-Max-Age', String(seconds)]] } : false
    },
  })
}

/** Whether an engine keeps the answer for long enough, but has no use for it. */
function asksAgain({ engine, holds }: Finding, seconds: number, kept: (engine: Profile) => number): boolean {
  return !holds && kept(engine) >= Math.min(seconds, deviationsOf(engine).maxAgeLimit)
}

/** Who keeps the answer for how long, those that do alike together. */
function keepers(findings: readonly Finding[], seconds: number, kept: (engine: Profile) => number): string {
  const groups = new Map<string, Profile[]>()
  for (const finding of findings) {
    const { engine } = finding
    const limit = deviationsOf(engine).maxAgeLimit
    const words = asksAgain(finding, seconds, kept)
      ? 'but has no use for it'
      : `for ${kept(engine)} s${kept(engine) >= limit && limit < seconds ? ', as long as it ever does' : ''}`
    groups.set(words, [...(groups.get(words) ?? []), engine])
  }
  return [...groups]
    .map(
      ([words, engines]) =>
        `${engineNames(engines)} ${engines.length === 1 ? 'keeps' : 'keep'} the answer ${words}`,
    )
    .join('; ')
}
