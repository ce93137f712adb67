/** `evaluateCors`: a request and the responses observed for it, judged. Pure, synchronous, no I/O. */

import { deviationsOf, type Profile } from '../engines/profiles.js'
import type { Failure } from '../fetch/failure.js'
import { type Client, FetchRequest } from '../fetch/fetch-request.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import type { ResponseHead } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { CorsUsageError } from '../text/usage-error.js'
import { refusedVerdict, unsentVerdict, verdictOf } from './build-verdict.js'
import { checkEngine, clientAt } from './client.js'
import { type CorsRequest, toFetchRequest } from './cors-request.js'
import { elementFailure } from './element-response.js'
import { readResponseHead } from './read-input.js'
import { urlOf } from './remembered.js'
import { Run } from './run.js'
import type { Exchange, Verdict } from './verdict.js'

/** A response head as it was observed. Duplicate header lines count: give pairs where there are any. */
export interface ResponseHeadInput {
  readonly status: number
  readonly headers: HeadersLike
}

/** What {@link evaluateCors} judges. */
export interface EvaluateCorsInput {
  readonly request: CorsRequest
  /** The response to the preflight, if one was sent. */
  readonly preflight?: ResponseHeadInput | undefined
  /** The response to the request itself. */
  readonly response?: ResponseHeadInput | undefined
  /** Whose behaviour. Default `standard`. */
  readonly engine?: Profile | undefined
}

/**
 * Judges a request and its responses as a browser would.
 *
 * Where what was given does not decide, the outcome is `incomplete` and `needs` and `next` say what to send; a redirect that a browser would follow
 * is such a case.
 *
 * @throws CorsUsageError for an origin that is not in its canonical form, a value that is not of its type, or an unknown engine
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 * @example
 * const verdict = evaluateCors({
 *   request: { origin: 'https://app.example.com', url: 'https://api.example.com/orders' },
 *   response: { status: 200, headers: { 'Access-Control-Allow-Origin': '*' } },
 * })
 * verdict.outcome // 'allowed'
 */
export function evaluateCors(input: EvaluateCorsInput): Verdict {
  if (typeof input?.request !== 'object' || input.request === null)
    throw new CorsUsageError(
      'evaluateCors takes { request: { origin, url }, preflight?, response?, engine? }',
    )
  const engine = input.engine ?? 'standard'
  checkEngine(engine)
  const { origin, page, url } = input.request
  const client = clientAt(origin, page, true)
  return judge(engine, client, input, typeof url === 'string' ? urlOf(url) : undefined)
}

/** As {@link evaluateCors}, for a page that is already known, and a URL that may have been parsed already. */
export function judge(engine: Profile, client: Client, input: EvaluateCorsInput, url?: URL): Verdict {
  const { request } = input
  const run = startRun(engine, client, request, url)
  if (!(run instanceof Run)) return unsentVerdict(engine, client, request, run)
  const taken: ResponseHead[] = []
  for (let send = run.next; send !== null; send = run.next) {
    const given = send.phase === 'preflight' ? input.preflight : input.response
    if (given === undefined || run.request.redirectCount > 0) break
    const head = readResponseHead(given, send.phase)
    taken.push(head)
    run.take(head)
  }
  const verdict = withElementFailure(run, taken.at(-1))
  if (verdict.outcome === 'blocked' && taken.length > 0)
    new Judged(verdict, { engine, client, request, url, taken })
  return verdict
}

/** The verdict, or why the element that asked cannot make use of a response that CORS lets it have. */
function withElementFailure(run: Run, response: ResponseHead | undefined): Verdict {
  const verdict = verdictOf(run)
  if (verdict.type === undefined || response === undefined) return verdict
  const failure = elementFailure(run.request, response, run.context.deviations)
  return failure === null ? verdict : refusedVerdict(verdict, failure)
}

/** The run of a request, or why the page's own API refuses it. */
function startRun(
  engine: Profile,
  client: Client,
  request: CorsRequest,
  url: URL | undefined,
): Run | Failure {
  const read = toFetchRequest(client, request, deviationsOf(engine), url)
  return read instanceof FetchRequest ? new Run(engine, read, request.httpVersion) : read
}

/** What a verdict was judged by. */
interface Given {
  readonly engine: Profile
  readonly client: Client
  readonly request: CorsRequest
  readonly url: URL | undefined
  readonly taken: readonly ResponseHead[]
}

/** Makes nothing but gives back the verdict, so that a class below it adds its private field to that. */
class Same {
  constructor(verdict: Verdict) {
    // biome-ignore lint/correctness/noConstructorReturn: it is what this class is for
    return verdict
  }
}

/**
 * Notes on a blocked verdict what it was judged by, where no reader and no copy of its data sees it: a private field. A WeakMap of all
 * verdicts takes as long as to judge them.
 */
class Judged extends Same {
  readonly #given: Given

  constructor(verdict: Verdict, given: Given) {
    super(verdict)
    this.#given = given
  }

  static given(verdict: Verdict): Given | undefined {
    return #given in verdict ? verdict.#given : undefined
  }
}

/** The exchanges that a blocked verdict of {@link evaluateCors} was judged by; empty for a copy of one, and for any other. */
export function exchangesOf(verdict: Verdict): Exchange[] {
  const given = Judged.given(verdict)
  if (given === undefined) return []
  const run = startRun(given.engine, given.client, given.request, given.url)
  if (!(run instanceof Run)) return []
  const exchanges: Exchange[] = []
  for (const response of given.taken) {
    const send = run.next
    if (send === null) break
    exchanges.push({ kind: send.phase, request: run.head(send), response })
    run.take(response)
  }
  return exchanges
}

/**
 * The CORS-preflight request that a browser sends before `request`, or null where it sends none.
 *
 * @param engine default `standard`
 * @throws CorsUsageError as {@link evaluateCors}
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch
 * @example
 * corsPreflightRequest({ origin: 'https://app.example.com', url: 'https://api.example.com/orders', method: 'PUT' })
 * // { method: 'OPTIONS', url: 'https://api.example.com/orders', headers: [['Accept', …], ['Access-Control-Request-Method', 'PUT'], ['Origin', …]] }
 */
export function corsPreflightRequest(request: CorsRequest, engine: Profile = 'standard'): RequestHead | null {
  return evaluateCors({ request, engine }).preflight.request ?? null
}
