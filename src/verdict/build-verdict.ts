/** Makes the verdict of where a request has come to. */
import type { Profile } from '../engines/profiles.js'
import type { Failure } from '../fetch/failure.js'
import type { Client, FetchRequest } from '../fetch/fetch-request.js'
import { visibleHeaderNames } from '../fetch/filtered-response.js'
import type { FetchContext, FetchOutcome, PreflightReason, Send } from '../fetch/main-fetch.js'
import { preflightRequestHead, type RequestHead, requestHead } from '../fetch/sent-headers.js'
import type { CorsRequest } from './cors-request.js'
import { eventStreamFailure } from './event-stream.js'
import { isSecretHeader, REDACTED, redactUserInfo } from './redact.js'
import type { Hop, Verdict } from './verdict.js'

const NO_REASONS: readonly PreflightReason[] = []
const NO_NAMES: readonly string[] = []

/** A request under way in one engine. */
export interface Run {
  readonly engine: Profile
  readonly request: FetchRequest
  readonly context: FetchContext
  /** The first preflight, where one is sent. */
  readonly preflight: RequestHead | null
}

/** Starts the account of a run, from what is to be sent first, if anything. */
export function startRun(
  engine: Profile,
  request: FetchRequest,
  context: FetchContext,
  first: Send | null,
): Run {
  const subject = first?.preflight
  const preflight = subject === undefined ? null : preflightRequestHead(request, subject, context.deviations)
  return { engine, request, context, preflight }
}

/** The request that is to be sent next. */
export function headOf(run: Run, send: Send): RequestHead {
  const { request, context } = run
  return send.preflight === undefined
    ? requestHead(request, context.deviations)
    : preflightRequestHead(request, send.preflight, context.deviations)
}

type Common = Omit<Verdict, 'outcome' | 'exposedHeaders'>

function common({ engine, request, context, preflight }: Run, status: number | undefined): Common {
  const hop: Hop = { url: redactUserInfo(request.currentUrl), origin: request.serializedOrigin }
  return {
    engine,
    origin: request.client.origin.serialized,
    page: redactUserInfo(request.client.url),
    initiator: request.initiator,
    url: redactUserInfo(request.urlList[0] as URL),
    method: request.initialMethod,
    mode: request.mode,
    redirect: request.redirect,
    credentials: request.credentials === 'include',
    hop: status === undefined ? hop : { ...hop, status },
    preflight: preflightPart(context.preflightReasons ?? NO_REASONS, preflight),
    warnings: context.warnings,
  }
}

function preflightPart(
  reasons: readonly PreflightReason[],
  request: RequestHead | null,
): Verdict['preflight'] {
  if (reasons.length === 0) return { required: false, reasons: NO_REASONS }
  const shown = reasons.map((reason) =>
    reason.kind === 'header' && isSecretHeader(reason.name) ? { ...reason, value: REDACTED } : reason,
  )
  return request === null ? { required: true, reasons: shown } : { required: true, reasons: shown, request }
}

/** The verdict on a request that has ended; `status` is that of the last answer. */
export function finalVerdict(run: Run, outcome: FetchOutcome, status: number | undefined): Verdict {
  const failure = outcome.failure ?? eventStreamFailure(run.request, outcome.response)
  if (outcome.failure !== null || failure !== null) {
    return { ...common(run, status), outcome: 'blocked', ...(failure as Failure), exposedHeaders: NO_NAMES }
  }
  const { type, response } = outcome
  return {
    ...common(run, status),
    outcome: type === 'opaque' || type === 'opaqueredirect' ? 'opaque' : 'allowed',
    type,
    exposedHeaders: visibleHeaderNames(type, response.headers, run.request.credentials === 'include'),
  }
}

/** The verdict on a request that cannot go on without an answer to `send`. */
export function incompleteVerdict(run: Run, send: Send): Verdict {
  return {
    ...common(run, undefined),
    outcome: 'incomplete',
    exposedHeaders: NO_NAMES,
    needs: run.request.redirectCount > 0 ? 'redirect' : send.phase === 'preflight' ? 'preflight' : 'response',
    next: headOf(run, send),
  }
}

/** The verdict where the page's own API refused: nothing is ever sent. */
export function unsentVerdict(
  engine: Profile,
  client: Client,
  request: CorsRequest,
  failure: Failure,
): Verdict {
  const origin = client.origin.serialized
  const url = URL.canParse(request.url, client.url.href)
    ? redactUserInfo(new URL(request.url, client.url))
    : request.url
  return {
    engine,
    outcome: 'blocked',
    origin,
    page: redactUserInfo(client.url),
    initiator: request.initiator ?? 'fetch',
    url,
    method: request.method ?? 'GET',
    mode: request.mode ?? 'cors',
    redirect: request.redirect ?? 'follow',
    credentials: request.credentials === 'include',
    hop: { url, origin },
    preflight: { required: false, reasons: NO_REASONS },
    ...failure,
    exposedHeaders: NO_NAMES,
    warnings: [],
  }
}
