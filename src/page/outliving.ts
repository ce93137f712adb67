/** What outlives its page: requests with `keepalive`, which go on when the page is left, in what is left of its browser. */
import { deviationsOf } from '../engines/profiles.js'
import type { FetchRequest } from '../fetch/fetch-request.js'
import { startTimer, stopTimer } from '../subject/clock.js'
import { discardBody, type TransportRequest } from '../transport/transport.js'
import type { PageState } from './page-fetch.js'

/** Milliseconds that a page goes on for once it is left: the next document has to come first. */
const FAREWELL = 200

/** Milliseconds that a browser which is closed waits for what outlives its pages. */
const LAST_WAIT = 2000

/** The requests of a browser's pages that outlive them. */
export class Outliving {
  readonly #running = new Set<Promise<unknown>>()
  readonly #over = new AbortController()

  /** Ends them. */
  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** Takes one from its call on. */
  add(request: Promise<unknown>): void {
    const done = (): void => {
      this.#running.delete(running)
    }
    const running = request.then(done, done)
    this.#running.add(running)
  }

  /** Waits for them, and ends what has not ended then. */
  async end(): Promise<void> {
    if (this.#running.size > 0) {
      // A call may become a request meanwhile.
      const all = async (): Promise<void> => {
        while (this.#running.size > 0) await Promise.all(this.#running)
      }
      let timer: ReturnType<typeof startTimer> | undefined
      const patience = new Promise<void>((resolve) => {
        timer = startTimer(resolve, LAST_WAIT)
      })
      await Promise.race([all(), patience])
      stopTimer(timer)
    }
    this.#over.abort(new DOMException('the page was closed', 'AbortError'))
  }
}

/** How a page is left. */
export class Leaving {
  readonly #left = new AbortController()
  readonly #embedder: Leaving | undefined
  #at: number | undefined
  /** Whether for another document, so that what was asked for last still goes out. */
  #isForNext = false

  /** @param embedder the page of a frame or worker, which goes with it */
  constructor(embedder?: Leaving) {
    this.#embedder = embedder
  }

  /** That of this page alone. */
  get signal(): AbortSignal {
    return this.#left.signal
  }

  get isLeft(): boolean {
    return this.#left.signal.aborted || this.#embedder?.isLeft === true
  }

  /** Milliseconds ago; 0 where it is still open. */
  get since(): number {
    const own = this.#at === undefined ? 0 : performance.now() - this.#at
    return Math.max(own, this.#embedder?.since ?? 0)
  }

  get isForNext(): boolean {
    return this.#isForNext || this.#embedder?.isForNext === true
  }

  leave(isForNext: boolean): void {
    this.#isForNext ||= isForNext && !this.isLeft
    this.#at ??= performance.now()
    this.#left.abort(new DOMException('the page was closed', 'AbortError'))
  }
}

/** Sends what was asked for when the page was left: it goes out, and nobody takes the response. */
export function sendLast({ leaving, network }: PageState, request: TransportRequest): void {
  if (!leaving.isForNext) return
  const farewell = new AbortController()
  startTimer(() => farewell.abort(), FAREWELL).unref()
  network.send({ ...request, signal: farewell.signal }).then(
    ({ body }) => discardBody(body),
    () => {},
  )
}

/** Whether a request that is about to be sent is lost with its page. */
export function isLost({ leaving, engine }: PageState, { keepalive }: FetchRequest): boolean {
  if (!leaving.isLeft) return false
  // DEVIATION: what has not been sent when the next document comes never is.
  return !keepalive || (deviationsOf(engine).keepalive.sendsNothingOnceLeft && leaving.since > FAREWELL)
}
