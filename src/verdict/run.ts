/** The one driver of the fetch steps: every caller takes from it what is to be sent next and gives it the response. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import type { Failure, FetchOutcome } from '../fetch/failure.js'
import type { FetchContext } from '../fetch/fetch-context.js'
import type { FetchRequest } from '../fetch/fetch-request.js'
import type { Logins } from '../fetch/http-authentication.js'
import { mainFetch, type Send } from '../fetch/main-fetch.js'
import type { PreflightCache } from '../fetch/preflight-cache.js'
import type { ResponseHead } from '../fetch/response.js'
import { preflightRequestHead, type RequestHead, requestHead } from '../fetch/sent-headers.js'

/**
 * A request under way in one engine. Whether responses are at hand or have to be waited for is up to the caller.
 * @example
 * for (let send = run.next; send !== null; send = run.next) run.take(respond(run.head(send)))
 * run.outcome
 */
export class Run {
  readonly engine: Profile
  readonly request: FetchRequest
  readonly context: FetchContext
  /** The first preflight, where one is sent. */
  readonly preflight: RequestHead | null
  /** The status of the last response. */
  status: number | undefined
  private readonly steps: ReturnType<typeof mainFetch>
  private readonly first: Send | null
  private state: IteratorResult<Send, FetchOutcome>

  constructor(
    engine: Profile,
    request: FetchRequest,
    httpVersion?: FetchContext['httpVersion'],
    cache?: PreflightCache,
    logins?: Logins,
    hasHttpCache = false,
  ) {
    this.engine = engine
    this.request = request
    const deviations = deviationsOf(engine)
    this.context = {
      deviations,
      cache,
      logins,
      httpVersion,
      hasHttpCache,
      warnings: [],
      preflightReasons: null,
      preflight: null,
    }
    this.status = undefined
    this.steps = mainFetch(request, this.context)
    this.state = this.steps.next()
    this.first = this.next
    this.preflight =
      this.first?.preflight === undefined
        ? null
        : preflightRequestHead(request, this.first.preflight, deviations)
  }

  /** What is to be sent next, or null where the fetch has ended. */
  get next(): Send | null {
    return this.state.done === true ? null : this.state.value
  }

  /** How the fetch has ended. */
  get outcome(): FetchOutcome {
    if (this.state.done !== true) throw new Error('the fetch has not ended')
    return this.state.value
  }

  /** The request that is to be sent, as it is put on the wire. */
  head(send: Send): RequestHead {
    const { deviations } = this.context
    if (send.preflight === undefined) return requestHead(this.request, deviations)
    return send === this.first && this.preflight !== null
      ? this.preflight
      : preflightRequestHead(this.request, send.preflight, deviations)
  }

  /** Takes the response to what was to be sent next. */
  take(response: ResponseHead): void {
    this.status = response.status
    this.state = this.steps.next(response)
  }

  /** Takes the refusal of what was to be sent next. */
  refuse(refusal: { readonly failure: Failure }): void {
    this.state = this.steps.next(refusal)
  }
}
