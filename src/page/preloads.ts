/** The preloads of a page: what was asked for ahead of time, until something uses it. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import type { Deviations } from '../fetch/deviations.js'
import type { ElementKind } from '../fetch/element-request.js'
import { FetchRequest } from '../fetch/fetch-request.js'
import { isPreloadOf, type Preload, type PreloadMismatch, preloadMismatch } from '../fetch/preload.js'
import type { ResponseHead } from '../fetch/response.js'
import { anySignal, untilAborted } from '../transport/transport.js'
import { preloadedVerdict, refusedVerdict } from '../verdict/build-verdict.js'
import { type AskedRequest, toFetchRequest } from '../verdict/cors-request.js'
import type { Journey, Verdict } from '../verdict/verdict.js'
import type { PageState, SettledFetch } from './page-fetch.js'
import type { VisibleResponse } from './response-class.js'
import type { Arrival } from './travel.js'
import { visibleBody } from './visible-body.js'

/** A preload and what came of it. */
export interface Preloaded extends Preload {
  readonly journey: Journey
  /** The response, where there was one. */
  readonly response: ResponseHead | null
  /** What a script that asks as the preload did may see; null where it was refused. */
  readonly visible: VisibleResponse | null
  /** All of the body. */
  readonly content: Uint8Array
}

/** A preload that may still be under way. */
interface Entry extends Preload {
  /** What came of it; null where no response came. */
  readonly settled: Promise<Preloaded | null>
}

/** What there is for a request. */
export interface PreloadFound {
  /** What it is given instead of a response of its own. */
  readonly preloaded?: Preloaded
  /** Why it makes no use of one that there is. */
  readonly mismatch?: PreloadMismatch
  /** Whether what comes of it is judged as if it had been asked for without CORS. */
  readonly tainted?: boolean
}

const NOTHING: PreloadFound = {}

/** @see https://html.spec.whatwg.org/multipage/links.html#map-of-preloaded-resources */
export class Preloads {
  readonly #engine: Profile
  #list: Entry[] = []

  constructor(engine: Profile) {
    this.#engine = engine
  }

  /** Whether there is none, as on most pages. */
  get isEmpty(): boolean {
    return this.#list.length === 0
  }

  /** Adds one that is asked for now. @param came rejects where no response came, which leaves nothing of it */
  add(preload: Omit<Preload, 'refused'>, came: Promise<Preloaded>): void {
    const settled = came.catch(() => {
      this.#remove(entry)
      return null
    })
    const entry: Entry = { ...preload, refused: false, settled }
    this.#list.push(entry)
  }

  /**
   * What there is for a request, which waits for what is under way; a preload is used once.
   * @param signal ends the wait
   * @throws CorsNetworkError where it did
   */
  async take(use: FetchRequest, signal: AbortSignal): Promise<PreloadFound> {
    if (use.initiator === 'eventsource') return NOTHING
    const deviations = deviationsOf(this.#engine)
    const { preloads } = deviations
    const ofKind = this.#list.filter((each) => isPreloadOf(each, use, deviations))
    const entry = ofKind.find((each) => preloadMismatch(each, use, deviations) === null)
    if (entry === undefined) return this.#unused(ofKind[0], use, deviations)
    // DEVIATION: some kinds are kept.
    const isKept = preloads.kept === 'all' || preloads.kept.has(use.destination)
    if (!isKept) this.#remove(entry)
    const asked = { method: use.method, url: use.currentUrl.href, signal }
    const preloaded = await untilAborted(asked, () => entry.settled)
    // DEVIATION: what was refused is asked for again.
    const asksAgain =
      preloaded?.refused === true && preloads.refusedAreAskedAgain.has(use.element as ElementKind)
    if (preloaded === null || asksAgain) {
      this.#remove(entry)
      return NOTHING
    }
    const isOfUse = preloadMismatch(preloaded, use, deviations) === null
    return isOfUse ? { preloaded } : this.#unused(preloaded, use, deviations)
  }

  /** What a preload that is of no use to a request leaves of its mark. */
  #unused(other: Preload | undefined, use: FetchRequest, deviations: Deviations): PreloadFound {
    if (other === undefined) return NOTHING
    const mismatch = preloadMismatch(other, use, deviations) as PreloadMismatch
    // DEVIATION: what was asked for without CORS stays so for elements, though they ask again.
    const tainted =
      deviations.preloads.withoutCorsTaints &&
      use.element !== null &&
      use.destination !== '' &&
      other.request.mode === 'no-cors' &&
      use.mode === 'cors'
    return { mismatch, tainted }
  }

  #remove(entry: Entry): void {
    this.#list = this.#list.filter((each) => each !== entry)
  }
}

/** What a preload has for a request. */
export async function preloadFor(
  page: PageState,
  request: AskedRequest,
  signal: AbortSignal | undefined,
): Promise<(PreloadFound & { readonly preloaded?: never }) | (PreloadFound & Given)> {
  if (request.preload === true) return NO_PRELOAD
  const use = requestOf(page, request)
  if (use === null) return NO_PRELOAD
  const ends = signal === undefined ? page.signal : anySignal([signal, page.signal])
  const { preloaded, ...found } = await page.preloads.take(use, ends)
  return preloaded === undefined ? found : { preloaded, use }
}

/** What a page will send; null where it sends nothing. */
export function requestOf({ client, engine }: PageState, request: AskedRequest): FetchRequest | null {
  const made = toFetchRequest(client, request, deviationsOf(engine))
  return made instanceof FetchRequest ? made : null
}

interface Given {
  readonly preloaded: Preloaded
  readonly use: FetchRequest
}

export const NO_PRELOAD: PreloadFound & { readonly preloaded?: never } = {}

/** The response of a preload, as one to another request. */
export function settlePreloaded(
  use: FetchRequest,
  { journey, visible, response, content }: Preloaded,
): SettledFetch {
  // What was asked for with CORS shows no more than this request would.
  const type = visible?.type === 'cors' && use.mode === 'no-cors' ? 'opaque' : visible?.type
  const given: Journey = { verdict: preloadedVerdict(journey.verdict, use, type), exchanges: [] }
  if (visible === null || type === undefined) return { journey: given, request: use, response, visible: null }
  const bytes = async (): Promise<Uint8Array> => content
  const body = visibleBody({ headers: [], body: null, bytes }, (error) => error)
  return {
    journey: given,
    request: use,
    response,
    visible: type === 'opaque' ? { ...visible, ...OPAQUE } : { ...visible, body },
  }
}

/** What an opaque response shows. @see https://fetch.spec.whatwg.org/#concept-filtered-response-opaque */
const OPAQUE = {
  type: 'opaque',
  url: '',
  redirected: false,
  status: 0,
  statusText: '',
  headers: [],
  body: null,
} as const satisfies Partial<VisibleResponse>

/** An arrival with what a preload of its URL has left of its mark. */
export function marked<R extends ResponseHead>(
  arrival: Arrival<R>,
  { mismatch, tainted }: PreloadFound,
): Arrival<R> {
  if (mismatch === undefined) return arrival
  const verdict: Verdict = { ...arrival.verdict, preload: 'unused', preloadMismatch: mismatch }
  if (tainted !== true || verdict.type !== 'cors') return { ...arrival, verdict }
  if (verdict.as === 'style')
    return { ...arrival, verdict: { ...verdict, outcome: 'opaque', type: 'opaque', exposedHeaders: [] } }
  const failure = { code: 'preloaded-without-cors', blockedAt: 'response' } as const
  return { ...arrival, verdict: refusedVerdict(verdict, failure) }
}
