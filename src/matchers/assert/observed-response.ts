/** Judging a response that somebody else asked for. */

import type { Finding } from '../../diagnose/finding.js'
import type { Words } from '../../diagnose/judgment.js'
import { deviationsOf, type Profile } from '../../engines/profiles.js'
import type { Failure } from '../../fetch/failure.js'
import type { Warning } from '../../fetch/fetch-context.js'
import { FetchRequest } from '../../fetch/fetch-request.js'
import { containsHeader, getHeader } from '../../fetch/header-list.js'
import { parseOrigin } from '../../fetch/origin.js'
import { createRequest } from '../../fetch/page-request.js'
import type { EngineRun } from '../../page/ask.js'
import { getConfiguration } from '../../subject/configure.js'
import { askedWords, type ResponseSubject } from '../../subject/response-subject.js'
import { argument, shown, shownUrl } from '../../text/shown.js'
import { CorsUsageError } from '../../text/usage-error.js'
import { failureOf, isAllowed, verdictOf } from '../../verdict/build-verdict.js'
import {
  clientIgnoringMixedContent,
  OBSERVED_URL,
  ownOriginError,
  UNKNOWN_ORIGIN,
} from '../../verdict/client.js'
import { argumentsOf, type CorsRequest } from '../../verdict/cors-request.js'
import { remembered } from '../../verdict/remembered.js'
import { Run } from '../../verdict/run.js'
import type { Journey, Verdict } from '../../verdict/verdict.js'

/** The request that a response is judged as the response to; where it was sent, the response's client knows. */
export type JudgedRequest = Omit<CorsRequest, 'url'>

/**
 * Refuses what cannot be judged: a response that was requested with another origin, or a negative where no origin is known.
 * @throws CorsUsageError
 */
export function checkSentOrigin(negated: boolean, subject: ResponseSubject, origin: string): void {
  const { sentOrigin } = subject
  if (sentOrigin !== undefined && sentOrigin !== origin) {
    const how = sentOrigin === null ? 'without an Origin header' : `with Origin: ${shown(sentOrigin)}`
    throw new CorsUsageError(
      `this response was requested ${how}, so it does not show what a page at ${shown(origin)} gets: request it with the header Origin: ${shown(origin)}, or give expect the app or its URL instead of a response`,
    )
  }
  if (sentOrigin === undefined && negated && getConfiguration().unknownOrigin !== 'trust') {
    throw new CorsUsageError(
      `it is not known which origin this response was requested with, and a missing header may only mean that no Origin was sent. Say it: expect(observed(response, { origin: ${argument(origin)} })).not…, or give expect the app or its URL: await expect(app).not… (configure({ unknownOrigin: 'trust' }) turns this off)`,
    )
  }
}

/**
 * The origin a response is judged for by a matcher that can do without one: the one said, else the one it was asked with or names.
 * @throws CorsUsageError as {@link checkSentOrigin}, and for a negative on a response that no page may have asked for
 */
export function judgedOrigin(negated: boolean, subject: ResponseSubject, said: string | undefined): string {
  if (said === undefined) {
    refuseUnasked(negated, subject)
    return namedOrigin(subject)
  }
  checkSentOrigin(negated, subject, said)
  return said
}

/** The one that was sent, else the one the response names, since only its lists are asked about. */
function namedOrigin(subject: ResponseSubject): string {
  if (typeof subject.sentOrigin === 'string') return subject.sentOrigin
  const value = getHeader(subject.head.headers, 'access-control-allow-origin')
  return value !== null && parseOrigin(value).kind !== 'invalid' ? value : UNKNOWN_ORIGIN
}

/** Whether the client does not tell which origin was sent, so that a failure may only mean that none was. */
export function unknownOriginNote(subject: ResponseSubject, origin: string): string[] {
  if (subject.sentOrigin !== undefined || subject.ownPage) return []
  return [
    `Was it requested with the header \`Origin: ${shown(origin)}\`? Many servers send CORS headers only then; ${teller(subject)} does not say. observed(response, { origin }) says so.`,
  ]
}

function teller({ client }: ResponseSubject): string {
  return client.startsWith('{') ? client : `a response of ${client}`
}

/** How a failure is said where there is no origin to speak of. */
export interface NamelessFailure {
  readonly sentence: string
  readonly note: string
}

/** The failure of a response where nobody has said an origin and the response names none; undefined where there is one to speak of. */
export function namelessFailure(subject: ResponseSubject, verdict: Verdict): NamelessFailure | undefined {
  if (verdict.origin !== UNKNOWN_ORIGIN || verdict.header !== 'Access-Control-Allow-Origin') return undefined
  const value = getHeader(subject.head.headers, 'access-control-allow-origin')
  const sentence =
    value === null
      ? 'There is no Access-Control-Allow-Origin, so no page may read it.'
      : value === '*'
        ? "Access-Control-Allow-Origin is '*', which does not count for a request with credentials."
        : `Access-Control-Allow-Origin is ${argument(value)}, which is not an origin, so no page may read it.`
  return {
    sentence,
    note:
      subject.sentOrigin === null
        ? 'It was requested without an Origin header, and many servers send CORS headers only where there is one: send Origin as well.'
        : `Was it requested with an Origin header? Many servers send CORS headers only then; ${teller(subject)} does not say. Say for which page it is judged: { origin: 'https://app.example.com' }`,
  }
}

/** What is said of it, in place of an explanation. */
export function namelessWords({ sentence, note }: NamelessFailure): Omit<Words, 'expected'> {
  return { sentence, notes: [note], explain: false, instead: false }
}

/** A client that joins lines hides which of two faults it was. */
export function joinedLinesNote(subject: ResponseSubject, code: string | undefined): string[] {
  if (!subject.joinsLines || code !== 'multiple-allow-origin') return []
  return [
    `${subject.client} joins header lines of one name: it may have been two lines, probably of two layers that both add it.`,
  ]
}

/** The journey a response was part of, as an engine judges it. */
export type JudgeIn = (engine: Profile) => Journey

/** What one engine makes of a response. The journey is put together where somebody asks for it: an assertion that passes does not. */
export class ObservedRun implements EngineRun, Finding {
  readonly engine: Profile
  /** Whether the page may read the response. */
  readonly holds: boolean
  readonly warnings: readonly Warning[]
  readonly #run: Run
  readonly #exchanges: () => Journey['exchanges']
  #journey: Journey | undefined

  constructor(run: Run, exchanges: () => Journey['exchanges']) {
    this.engine = run.engine
    this.holds = isAllowed(run)
    this.warnings = run.context.warnings
    this.#run = run
    this.#exchanges = exchanges
  }

  get journey(): Journey {
    this.#journey ??= { verdict: verdictOf(this.#run), exchanges: this.#exchanges() }
    return this.#journey
  }
}

/**
 * Judges a response as the one to a simple request of that origin.
 * @throws CorsUsageError for the response to a preflight, which no page ever reads; a plain OPTIONS request is one like any other
 */
export function judgeResponse(
  subject: ResponseSubject,
  asked: JudgedRequest,
): (engine: Profile) => ObservedRun {
  if (typeof subject.asked?.method === 'string' && (subject.sentMethod ?? 'OPTIONS') === 'OPTIONS') {
    throw new CorsUsageError(
      `this is the response to a preflight (it was sent ${askedWords(subject.asked)}), which does not show what the request itself gets: send the request itself, use toAllowPreflight on this response, or give expect the app or its URL`,
    )
  }
  return observe(subject, asked, 'request')
}

/** Judges a response as one or the other, whatever it was sent for. */
export function judgeAs(
  subject: ResponseSubject,
  asked: JudgedRequest,
  kind: 'request' | 'preflight',
): JudgeIn {
  const observeIn = observe(subject, asked, kind)
  return (engine) => observeIn(engine).journey
}

function observe(
  subject: ResponseSubject,
  asked: JudgedRequest,
  kind: 'request' | 'preflight',
): (engine: Profile) => ObservedRun {
  const url = urlOfResponse(subject)
  const client = clientIgnoringMixedContent(asked.origin)
  if (url.origin === asked.origin) throw ownOriginError(shownUrl(url))
  const { head } = subject
  const given = argumentsOf({ url: url.href, ...asked }, url)
  const exchanges = (): Journey['exchanges'] => {
    const method = subject.sentMethod ?? (kind === 'preflight' ? 'OPTIONS' : 'GET')
    const headers = typeof subject.sentOrigin === 'string' ? ([['Origin', subject.sentOrigin]] as const) : []
    return [{ kind, request: { method, url: url.href, headers }, response: head }]
  }
  return (engine) => {
    const made = createRequest(client, given, deviationsOf(engine))
    const run = made instanceof FetchRequest ? new Run(engine, made) : null
    if (run?.next?.phase === kind) run.take(head)
    const failure = run === null ? (made as Failure) : run.next === null ? failureOf(run) : null
    if (run === null || failure?.blockedAt === 'request') {
      throw new CorsUsageError(
        `no page can make the request that this response is judged as a response to (${failure?.code} in ${engine}), so there is nothing to judge`,
      )
    }
    return new ObservedRun(run, exchanges)
  }
}

/** Where a response came from. Clients may know a part of it only (axios with a `baseURL`), which a page's own origin must not complete. */
export function urlOfResponse({ url }: ResponseSubject): URL {
  return (url === undefined ? undefined : urlWithoutUserInfo(url)) ?? NOWHERE
}

const NOWHERE = new URL(OBSERVED_URL)

const urlWithoutUserInfo = remembered((text): URL | undefined => {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
  const url = new URL(text)
  url.username = ''
  url.password = ''
  return url
})

/**
 * Refuses a negative that names no origin on a response that shows no sign of having been asked by a page.
 * @throws CorsUsageError
 */
function refuseUnasked(negated: boolean, subject: ResponseSubject): void {
  if (!negated || subject.ownPage || typeof subject.sentOrigin === 'string') return
  if (getConfiguration().unknownOrigin === 'trust' && subject.sentOrigin === undefined) return
  if (subject.sentOrigin === undefined && containsHeader(subject.head.headers, 'access-control-allow-origin'))
    return
  throw new CorsUsageError(
    `this response ${subject.sentOrigin === null ? 'was requested without an Origin header' : 'has no Access-Control-Allow-Origin, and it is not known whether it was requested with an Origin'}: a missing header may only mean that no page asked. Say it with observed(response, { origin: 'https://app.example.com' }), or give expect the app or its URL`,
  )
}
