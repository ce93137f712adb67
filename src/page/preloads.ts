/** The preloads of a page: what was asked for ahead of time, until something uses it. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import type { ElementKind } from '../fetch/element-request.js'
import { FetchRequest } from '../fetch/fetch-request.js'
import { isPreloadOf, type Preload, type PreloadMismatch, preloadMismatch } from '../fetch/preload.js'
import type { ResponseHead } from '../fetch/response.js'
import { preloadedVerdict, refusedVerdict } from '../verdict/build-verdict.js'
import { type CorsRequest, toFetchRequest } from '../verdict/cors-request.js'
import type { Journey, Verdict } from '../verdict/verdict.js'
import type { PageState, Settled } from './page-fetch.js'
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
  #list: Preloaded[] = []

  constructor(engine: Profile) {
    this.#engine = engine
  }

  /** Whether there is none, as on most pages. */
  get isEmpty(): boolean {
    return this.#list.length === 0
  }

  add(preloaded: Preloaded): void {
    this.#list.push(preloaded)
  }

  /** What there is for a request; a preload is used once. */
  take(use: FetchRequest): PreloadFound {
    if (use.initiator === 'eventsource') return NOTHING
    const deviations = deviationsOf(this.#engine)
    const { preloads } = deviations
    const ofKind = this.#list.filter((each) => isPreloadOf(each, use, deviations))
    const preloaded = ofKind.find((each) => preloadMismatch(each, use, deviations) === null)
    if (preloaded !== undefined) {
      // DEVIATION: some kinds are kept.
      const isKept = preloads.kept === 'all' || preloads.kept.has(use.destination)
      if (!isKept) this.#remove(preloaded)
      // DEVIATION: what was refused is asked for again.
      const asksAgain = preloaded.refused && preloads.refusedAreAskedAgain.has(use.element as ElementKind)
      if (!asksAgain) return { preloaded }
      this.#remove(preloaded)
      return NOTHING
    }
    const [other] = ofKind
    if (other === undefined) return NOTHING
    const mismatch = preloadMismatch(other, use, deviations) as PreloadMismatch
    // DEVIATION: what was asked for without CORS stays so for elements, though they ask again.
    const tainted =
      preloads.withoutCorsTaints &&
      use.element !== null &&
      use.destination !== '' &&
      other.request.mode === 'no-cors' &&
      use.mode === 'cors'
    return { mismatch, tainted }
  }

  #remove(preloaded: Preloaded): void {
    this.#list = this.#list.filter((each) => each !== preloaded)
  }
}

/** What a preload has for a request. */
export function preloadFor(
  page: PageState,
  request: Omit<CorsRequest, 'origin' | 'page' | 'httpVersion'>,
): (PreloadFound & { readonly preloaded?: never }) | (PreloadFound & Given) {
  if (page.preloads.isEmpty || request.preload === true) return NO_PRELOAD
  const whole = { origin: page.client.origin.serialized, ...request }
  const use = toFetchRequest(page.client, whole, deviationsOf(page.engine))
  if (!(use instanceof FetchRequest)) return NO_PRELOAD
  const { preloaded, ...found } = page.preloads.take(use)
  return preloaded === undefined ? found : { preloaded, use }
}

interface Given {
  readonly preloaded: Preloaded
  readonly use: FetchRequest
}

const NO_PRELOAD: PreloadFound & { readonly preloaded?: never } = {}

/** The response of a preload, as one to another request. */
export function settlePreloaded(
  use: FetchRequest,
  { journey, visible, response, content }: Preloaded,
): Settled {
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
