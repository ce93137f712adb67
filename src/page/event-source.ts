/** `EventSource` as the page's window has it. */

import { deviationsOf } from '../engines/profiles.js'
import type { Deviations } from '../fetch/deviations.js'
import { parsePageUrl } from '../fetch/page-url.js'
import { LONGEST_TIMEOUT } from '../subject/clock.js'
import { argument } from '../text/shown.js'
import { isCorsUsageError } from '../text/usage-error.js'
import type { Verdict } from '../verdict/verdict.js'
import { corsErrorOf } from './cors-error.js'
import { withCause } from './engine-errors.js'
import { eventSourceParser } from './lazy-packages.js'
import { LoginPromptError } from './login-prompt-error.js'
import { ownMembers } from './own-members.js'
import { type PageState, send } from './page-fetch.js'

/** What an event stream delivers. */
class PageMessageEvent extends Event {
  readonly data: string
  readonly origin: string
  readonly lastEventId: string

  constructor(type: string, init: { data: string; origin: string; lastEventId: string }) {
    super(type)
    this.data = init.data
    this.origin = init.origin
    this.lastEventId = init.lastEventId
  }
}

// A method's type: the events of the DOM's types are assignable to it.
type Handler = { handle(event: Event): unknown }['handle'] | null

/** What a page's `EventSource` looks like to a script. */
export interface PageEventSource extends EventTarget {
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSED: 2
  readonly url: string
  readonly withCredentials: boolean
  readonly readyState: 0 | 1 | 2
  onopen: Handler
  onmessage: Handler
  onerror: Handler
  close(): void
}

/** The page's `EventSource` class. */
export interface PageEventSourceClass {
  new (url: string | URL, init?: { readonly withCredentials?: boolean }): PageEventSource
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSED: 2
}

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2

/** Milliseconds before a connection that ended is opened anew, unless the stream says otherwise. */
const RECONNECTION_TIME = 3000

/** Whether an engine takes what blocked a stream for a passing fault of the network. */
function isRetried({ code, part }: Verdict, deviations: Deviations): boolean {
  if (code === undefined) return false
  // DEVIATION: some network errors do not end the stream.
  if (deviations.eventStreams.retryAfter.has(code)) return true
  if (code !== 'redirect-to-unsupported-scheme' || part === undefined) return false
  return deviations.eventStreams.retryAfterRedirectTo.has(part.slice(0, part.indexOf(':') + 1))
}

/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface */
class PageStream extends EventTarget {
  static readonly CONNECTING = CONNECTING
  static readonly OPEN = OPEN
  static readonly CLOSED = CLOSED

  readonly CONNECTING = CONNECTING
  readonly OPEN = OPEN
  readonly CLOSED = CLOSED
  readonly url: string
  readonly withCredentials: boolean
  readonly #handlers: Record<'open' | 'message' | 'error', Handler> = {
    open: null,
    message: null,
    error: null,
  }
  readonly #page: PageState
  #readyState: 0 | 1 | 2 = CONNECTING
  #lastEventId = ''
  #reconnectionTime = RECONNECTION_TIME
  #timer: NodeJS.Timeout | undefined
  readonly #closed = new AbortController()

  constructor(page: PageState, url: string | URL, init: { readonly withCredentials?: boolean } = {}) {
    super()
    this.#page = page
    const parsed = parsePageUrl(String(url), page.client, deviationsOf(page.engine))
    if (parsed === null) {
      throw new DOMException(
        `Failed to construct 'EventSource': Cannot open an EventSource to ${argument(String(url))}. The URL is invalid.`,
        'SyntaxError',
      )
    }
    page.network.check(parsed.href)
    this.url = parsed.href
    this.withCredentials = init.withCredentials === true
    for (const type of ['open', 'message', 'error'] as const) {
      this.addEventListener(type, (event) => this.#handlers[type]?.call(this, event))
    }
    if (page.signal.aborted) {
      this.close()
      return
    }
    page.signal.addEventListener('abort', () => this.close(), {
      once: true,
      signal: this.#closed.signal,
    })
    void this.#connect()
  }

  get readyState(): 0 | 1 | 2 {
    return this.#readyState
  }

  // Of its prototype, as in a browser: happy-dom's EventTarget calls those that an object has of its own.
  get onopen(): Handler {
    return this.#handlers.open
  }

  set onopen(handler: Handler) {
    this.#handlers.open = handler
  }

  get onmessage(): Handler {
    return this.#handlers.message
  }

  set onmessage(handler: Handler) {
    this.#handlers.message = handler
  }

  get onerror(): Handler {
    return this.#handlers.error
  }

  set onerror(handler: Handler) {
    this.#handlers.error = handler
  }

  close(): void {
    this.#readyState = CLOSED
    clearTimeout(this.#timer)
    this.#closed.abort()
  }

  async #connect(): Promise<void> {
    try {
      const { journey, visible, request } = await send(
        this.#page,
        {
          url: this.url,
          headers: this.#lastEventId === '' ? [] : [['Last-Event-ID', this.#lastEventId]],
          credentials: this.withCredentials ? 'include' : 'same-origin',
          initiator: 'eventsource',
        },
        this.#closed.signal,
      )
      if (this.#readyState === CLOSED) return
      if (visible === null || request === null) {
        if (journey.verdict.outcome === 'prompt') {
          this.#fail(new LoginPromptError(journey))
          return
        }
        const cause = corsErrorOf(journey)
        if (isRetried(journey.verdict, deviationsOf(this.#page.engine))) this.#reconnect(cause)
        else this.#fail(cause)
        return
      }
      this.#readyState = OPEN
      this.dispatchEvent(new Event('open'))
      if (visible.body !== null) await this.#read(visible.body.stream(), request.currentUrl.origin)
      this.#reconnect()
    } catch (error) {
      // A host that is not there will not be.
      if (isCorsUsageError(error)) this.#fail(error)
      // The connection broke: it is opened anew, as after its end.
      else this.#reconnect(error)
    }
  }

  async #read(body: ReadableStream<Uint8Array>, origin: string): Promise<void> {
    const parser = eventSourceParser().createParser({
      onEvent: ({ id, event, data }) => {
        if (id !== undefined) this.#lastEventId = id
        if (this.#readyState === CLOSED) return
        this.dispatchEvent(
          new PageMessageEvent(event ?? 'message', { data, origin, lastEventId: this.#lastEventId }),
        )
      },
      onRetry: (time) => {
        this.#reconnectionTime = time
      },
    })
    const decoder = new TextDecoder()
    for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }))
  }

  #fail(cause: unknown): void {
    this.#readyState = CLOSED
    this.dispatchEvent(withCause(new Event('error'), cause))
  }

  #reconnect(cause?: unknown): void {
    if (this.#readyState === CLOSED) return
    this.#readyState = CONNECTING
    this.dispatchEvent(withCause(new Event('error'), cause))
    if ((this.#readyState as number) === CLOSED) return
    this.#timer = setTimeout(() => void this.#connect(), Math.min(this.#reconnectionTime, LONGEST_TIMEOUT))
  }
}

/** The `EventSource` class of a page. */
export function eventSourceClassOf(page: PageState): PageEventSourceClass {
  class EventSource extends PageStream {
    constructor(url: string | URL, init?: { readonly withCredentials?: boolean }) {
      super(page, url, init)
    }
  }
  return ownMembers(EventSource) as unknown as PageEventSourceClass
}
