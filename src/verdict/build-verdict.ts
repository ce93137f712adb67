/** Makes the verdict of where a request has come to. */
import type { Profile } from '../engines/profiles.js'
import type { Failure, FetchOutcome, Prompt } from '../fetch/failure.js'
import type { PreflightReason } from '../fetch/fetch-context.js'
import type { Client, FetchRequest } from '../fetch/fetch-request.js'
import { hasLenientWildcard, visibleHeaderNames } from '../fetch/filtered-response.js'
import { isOrigin } from '../fetch/origin.js'
import type { ResponseType } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { isSecretHeader, REDACTED, redactLocation, redactUrl, redactUserInfo } from '../text/redact.js'
import type { AskedRequest } from './cors-request.js'
import { eventStreamFailure } from './event-stream.js'
import type { Run } from './run.js'
import type { Verdict } from './verdict.js'

const NO_REASONS: readonly PreflightReason[] = []
const NO_NAMES: readonly string[] = []

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** The parts every verdict has. One literal and no spreading: verdicts are made by the million. */
function verdictSoFar(run: Run, outcome: Verdict['outcome'], status: number | undefined): Mutable<Verdict> {
  const { request, context } = run
  const url = redactUserInfo(request.urlList[0] as URL)
  const hopUrl = request.redirectCount === 0 ? url : redactUserInfo(request.currentUrl)
  const origin = request.serializedOrigin
  const verdict: Mutable<Verdict> = {
    engine: run.engine,
    outcome,
    origin: request.client.origin.serialized,
    page: request.client.page,
    initiator: request.initiator,
    url,
    method: request.history.initialMethod,
    mode: request.mode,
    redirect: request.redirect,
    credentials: request.credentials === 'include',
    hop: status === undefined ? { url: hopUrl, origin } : { url: hopUrl, origin, status },
    preflight: preflightPart(context.preflightReasons ?? NO_REASONS, run.preflight),
    exposedHeaders: NO_NAMES,
    warnings: context.warnings,
  }
  if (request.element !== null) verdict.as = request.element
  if (request.isPreload) verdict.preload = 'made'
  return verdict
}

function preflightPart(
  reasons: readonly PreflightReason[],
  request: RequestHead | null,
): Verdict['preflight'] {
  if (reasons.length === 0) return NO_PREFLIGHT
  const shown = reasons.map(withoutSecretValue)
  return request === null ? { required: true, reasons: shown } : { required: true, reasons: shown, request }
}

function withoutSecretValue(reason: PreflightReason): PreflightReason {
  return reason.kind === 'header' && isSecretHeader(reason.name) ? { ...reason, value: REDACTED } : reason
}

const NO_PREFLIGHT: Verdict['preflight'] = { required: false, reasons: NO_REASONS }

function addFailure(verdict: Mutable<Verdict>, failure: Failure): void {
  verdict.code = failure.code
  verdict.blockedAt = failure.blockedAt
  if (failure.header !== undefined) verdict.header = failure.header
  if (failure.value !== undefined) verdict.value = shownValue(failure)
  if (failure.part !== undefined) verdict.part = shownPart(failure.part)
  if (failure.status !== undefined) verdict.status = failure.status
}

/** A header's value without secrets: of a `Location`, or of a header that the page set. */
function shownValue({ header = '', value }: Failure): string | null {
  if (typeof value !== 'string') return null
  if (header === 'Location') return redactLocation(value)
  return !header.startsWith('Access-Control-') && isSecretHeader(header) ? REDACTED : value
}

/** The offending part without secrets: it may be a URL. */
function shownPart(part: string): string {
  return /[/\\?=]/.test(part) ? redactLocation(redactUrl(part)) : part
}

/** The verdict on a request that has ended, or that cannot go on without a response to what is to be sent next. */
export function verdictOf(run: Run): Verdict {
  return run.next === null ? finalVerdict(run) : incompleteVerdict(run, run.next)
}

/** Why a request was refused that has ended, or null. */
export function failureOf({ outcome, request, context }: Run): Failure | null {
  if (outcome.failure !== null) return outcome.failure
  return 'prompt' in outcome ? null : eventStreamFailure(request, outcome.response, context.deviations)
}

/** Whether the verdict on a request is `allowed`, where nobody asks for more of it. */
export function isAllowed(run: Run): boolean {
  if (run.next !== null || failureOf(run) !== null) return false
  const { outcome } = run
  return 'type' in outcome && !isOpaque(outcome.type)
}

type Passed = Exclude<Extract<FetchOutcome, { failure: null }>, Prompt>

function isOpaque(type: ResponseType): boolean {
  return type === 'opaque' || type === 'opaqueredirect'
}

/** What a frame shows of another origin, its page cannot look into. */
function isForeignFrame({ request }: Run): boolean {
  return request.mode === 'navigate' && !isOrigin(request.client.origin, request.currentOrigin)
}

function finalVerdict(run: Run): Verdict {
  const failure = failureOf(run)
  if (failure !== null) {
    const blocked = verdictSoFar(run, 'blocked', run.status)
    addFailure(blocked, failure)
    return blocked
  }
  if ('prompt' in run.outcome) {
    const waiting = verdictSoFar(run, 'prompt', run.status)
    waiting.prompt = run.outcome.prompt
    return waiting
  }
  const { type, response } = run.outcome as Passed
  const verdict = verdictSoFar(run, isOpaque(type) || isForeignFrame(run) ? 'opaque' : 'allowed', run.status)
  verdict.type = type
  verdict.exposedHeaders = visibleHeaderNames(
    type,
    response.headers,
    run.request.credentials === 'include',
    hasLenientWildcard(run.request, run.context.deviations),
  )
  return verdict
}

function incompleteVerdict(run: Run, send: NonNullable<Run['next']>): Verdict {
  const verdict = verdictSoFar(run, 'incomplete', undefined)
  verdict.needs =
    run.request.redirectCount > 0 ? 'redirect' : send.phase === 'preflight' ? 'preflight' : 'response'
  verdict.next = run.head(send)
  return verdict
}

/** The verdict where the page's own API refused: nothing is ever sent. */
export function unsentVerdict(
  engine: Profile,
  client: Client,
  request: AskedRequest,
  failure: Failure,
): Verdict {
  const origin = client.origin.serialized
  const url = URL.canParse(request.url, client.url.href)
    ? redactUserInfo(new URL(request.url, client.url))
    : redactLocation(request.url)
  const blocked: Mutable<Verdict> = {
    engine,
    outcome: 'blocked',
    origin,
    page: client.page,
    initiator: request.as === undefined ? (request.initiator ?? 'fetch') : 'element',
    url,
    method: request.method ?? 'GET',
    mode: request.mode ?? 'cors',
    redirect: request.redirect ?? 'follow',
    credentials: request.credentials === 'include',
    hop: { url, origin },
    preflight: NO_PREFLIGHT,
    exposedHeaders: NO_NAMES,
    warnings: [],
  }
  if (request.as !== undefined) blocked.as = request.as
  addFailure(blocked, failure)
  return blocked
}

/** The verdict on what came, and is of no use to the element that asked. */
export function refusedVerdict(verdict: Verdict, failure: Failure): Verdict {
  const { type, ...rest } = verdict
  const blocked: Mutable<Verdict> = { ...rest, outcome: 'blocked', exposedHeaders: NO_NAMES }
  addFailure(blocked, failure)
  return blocked
}

/** The verdict on a request that is given the response of a preload. */
export function preloadedVerdict(
  preload: Verdict,
  use: FetchRequest,
  type: ResponseType | undefined,
): Verdict {
  const { as, type: asked, ...rest } = preload
  const verdict: Mutable<Verdict> = {
    ...rest,
    initiator: use.initiator,
    mode: use.mode,
    redirect: use.redirect,
    credentials: use.credentials === 'include',
    preload: 'used',
  }
  if (use.element !== null) verdict.as = use.element
  if (type === undefined) return verdict
  verdict.type = type
  verdict.outcome = isOpaque(type) ? 'opaque' : 'allowed'
  if (isOpaque(type)) verdict.exposedHeaders = NO_NAMES
  return verdict
}
