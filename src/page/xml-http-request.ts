/** `XMLHttpRequest` as the page's window has it. */

import { deviationsOf } from '../engines/profiles.js'
import type { Header } from '../fetch/header-list.js'
import { isHeaderValue, isToken, normalizeHeaderValue } from '../fetch/http-tokens.js'
import { isCorsSafelistedMethod, isForbiddenMethod, normalizeMethod } from '../fetch/methods.js'
import { parseMimeType } from '../fetch/mime-type.js'
import { isOrigin } from '../fetch/origin.js'
import { parsePageUrl } from '../fetch/page-url.js'
import { corsUnsafeRequestHeaders } from '../fetch/request-headers.js'
import { LONGEST_TIMEOUT } from '../subject/clock.js'
import { argument, shownValue } from '../text/shown.js'
import type { Journey } from '../verdict/verdict.js'
import { corsErrorOf } from './cors-error.js'
import { decodeText } from './decode-text.js'
import { withCause } from './engine-errors.js'
import { LoginPromptError } from './login-prompt-error.js'
import { ownMembers } from './own-members.js'
import { type PageState, send } from './page-fetch.js'
import { readBody, type VisibleResponse } from './response-class.js'
import { isRefusedRedirect, uploadEvents } from './upload-events.js'

/** The events that carry how much was transferred. */
class PageProgressEvent extends Event {
  readonly lengthComputable: boolean
  readonly loaded: number
  readonly total: number

  constructor(type: string, loaded = 0, total = 0) {
    super(type)
    this.lengthComputable = total > 0
    this.loaded = loaded
    this.total = total
  }
}

type Handler = ((this: unknown, event: Event) => unknown) | null

const REQUEST_EVENTS = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'] as const

/** An event target with `on…` attributes: of its prototype, as in a browser. happy-dom's calls those that an object has of its own. */
class HandlerTarget extends EventTarget {
  readonly #handlers = new Map<string, Handler>()
  #listening = false

  static {
    HandlerTarget.giveAttributes(HandlerTarget.prototype, REQUEST_EVENTS)
  }

  protected static giveAttributes(prototype: HandlerTarget, types: readonly string[]): void {
    for (const type of types) {
      Object.defineProperty(prototype, `on${type}`, {
        get(this: HandlerTarget) {
          return this.#handlers.get(type) ?? null
        },
        set(this: HandlerTarget, handler: Handler) {
          this.#setHandler(type, handler)
        },
        configurable: true,
        enumerable: true,
      })
    }
  }

  #setHandler(type: string, handler: Handler): void {
    const known = this.#handlers.has(type)
    this.#handlers.set(type, typeof handler === 'function' ? handler : null)
    if (!known) super.addEventListener(type, (event) => this.#handlers.get(type)?.call(this, event))
    if (handler !== null) this.#listening = true
  }

  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.#listening = true
    super.addEventListener(...args)
  }

  /** Whether a script has ever listened to this target. @see https://xhr.spec.whatwg.org/#upload-listener-flag */
  get hasListeners(): boolean {
    return this.#listening
  }
}

/** Where an XHR tells how its upload goes. */
interface PageXMLHttpRequestUpload extends EventTarget {
  onloadstart: Handler
  onprogress: Handler
  onabort: Handler
  onerror: Handler
  onload: Handler
  ontimeout: Handler
  onloadend: Handler
}

/** What a page's `XMLHttpRequest` looks like to a script. */
export interface PageXMLHttpRequest extends EventTarget {
  readonly UNSENT: 0
  readonly OPENED: 1
  readonly HEADERS_RECEIVED: 2
  readonly LOADING: 3
  readonly DONE: 4
  readonly readyState: number
  readonly status: number
  readonly statusText: string
  readonly responseURL: string
  readonly response: unknown
  readonly responseText: string
  responseType: '' | 'text' | 'json' | 'arraybuffer' | 'blob' | 'document'
  timeout: number
  withCredentials: boolean
  readonly upload: PageXMLHttpRequestUpload
  onreadystatechange: Handler
  onloadstart: Handler
  onprogress: Handler
  onabort: Handler
  onerror: Handler
  onload: Handler
  ontimeout: Handler
  onloadend: Handler
  open(
    method: string,
    url: string | URL,
    async?: boolean,
    user?: string | null,
    password?: string | null,
  ): void
  setRequestHeader(name: string, value: string): void
  send(body?: unknown): void
  abort(): void
  overrideMimeType(mime: string): void
  getResponseHeader(name: string): string | null
  getAllResponseHeaders(): string
}

/** The page's `XMLHttpRequest` class. */
export interface PageXMLHttpRequestClass {
  new (): PageXMLHttpRequest
  readonly UNSENT: 0
  readonly OPENED: 1
  readonly HEADERS_RECEIVED: 2
  readonly LOADING: 3
  readonly DONE: 4
}

const UNSENT = 0
const OPENED = 1
const HEADERS_RECEIVED = 2
const LOADING = 3
const DONE = 4

/** @see https://xhr.spec.whatwg.org/#the-open()-method step 9 */
function withUserInfo(url: URL, user: string | null, password: string | null): string {
  if (url.host !== '' && user !== null) url.username = user
  if (url.host !== '' && password !== null) url.password = password
  return url.href
}

interface Received {
  readonly visible: VisibleResponse
  readonly body: Uint8Array
}

/** Whether an engine reports the redirect that was refused: not to what can only be inside the browser. */
function isProgress({ verdict, exchanges }: Journey, { client, engine }: PageState): boolean {
  const last = exchanges.at(-1)
  // DEVIATION: to the standard a network error has no progress.
  return (
    deviationsOf(engine).xhrEvents.refusedRedirectProgresses &&
    last?.kind === 'request' &&
    isRefusedRedirect(verdict) &&
    !/^(data|blob|javascript):/.test(verdict.part ?? '') &&
    isOrigin(client.origin, new URL(last.request.url).origin)
  )
}

/** @see https://xhr.spec.whatwg.org/#interface-xmlhttprequest */
class PageXhr extends HandlerTarget {
  static {
    HandlerTarget.giveAttributes(PageXhr.prototype, ['readystatechange'])
  }

  static readonly UNSENT = UNSENT
  static readonly OPENED = OPENED
  static readonly HEADERS_RECEIVED = HEADERS_RECEIVED
  static readonly LOADING = LOADING
  static readonly DONE = DONE

  readonly UNSENT = UNSENT
  readonly OPENED = OPENED
  readonly HEADERS_RECEIVED = HEADERS_RECEIVED
  readonly LOADING = LOADING
  readonly DONE = DONE
  readonly upload = new HandlerTarget()
  responseType: PageXMLHttpRequest['responseType'] = ''
  withCredentials = false
  readonly #page: PageState
  #state = UNSENT
  #method = 'GET'
  #url = ''
  #headers: Header[] = []
  #sent = false
  #received: Received | null = null
  #running: AbortController | null = null
  #override: string | null = null
  #timeout = 0

  constructor(page: PageState) {
    super()
    this.#page = page
  }

  get timeout(): number {
    return this.#timeout
  }

  /** An `unsigned long`. */
  set timeout(milliseconds: number) {
    this.#timeout = Number(milliseconds) >>> 0
  }

  get readyState(): number {
    return this.#state
  }

  get status(): number {
    return this.#received?.visible.status ?? 0
  }

  get statusText(): string {
    return this.#received?.visible.statusText ?? ''
  }

  get responseURL(): string {
    return this.#received?.visible.url ?? ''
  }

  get responseText(): string {
    if (this.responseType !== '' && this.responseType !== 'text') {
      throw new DOMException(
        `The value is only accessible if the object's 'responseType' is '' or 'text' (was '${this.responseType}').`,
        'InvalidStateError',
      )
    }
    return this.#received === null ? '' : this.#decode()
  }

  get response(): unknown {
    if (this.responseType === '' || this.responseType === 'text') return this.responseText
    if (this.#received === null || this.#state !== DONE) return null
    const { body } = this.#received
    switch (this.responseType) {
      case 'arraybuffer':
        return body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength)
      case 'blob':
        return new Blob([body as Uint8Array<ArrayBuffer>], {
          type: this.#override ?? this.getResponseHeader('content-type') ?? '',
        })
      case 'json':
        try {
          return JSON.parse(this.#decode())
        } catch {
          return null
        }
      default:
        return null
    }
  }

  #decode(): string {
    const type = parseMimeType(this.#override ?? this.getResponseHeader('content-type') ?? '')
    return decodeText(this.#received?.body ?? new Uint8Array(), type?.parameters.get('charset') ?? 'utf-8')
  }

  /** @see https://xhr.spec.whatwg.org/#the-open()-method */
  open(
    method: string,
    url: string | URL,
    async = true,
    user: string | null = null,
    password: string | null = null,
  ): void {
    if (!isToken(String(method))) {
      throw new DOMException(
        `Failed to execute 'open' on 'XMLHttpRequest': ${argument(String(method))} is not a valid HTTP method.`,
        'SyntaxError',
      )
    }
    if (isForbiddenMethod(String(method))) {
      throw new DOMException(
        `Failed to execute 'open' on 'XMLHttpRequest': ${argument(String(method))} HTTP method is unsupported.`,
        'SecurityError',
      )
    }
    if (!async) {
      throw new DOMException(
        "Failed to execute 'open' on 'XMLHttpRequest': synchronous requests are not simulated.",
        'InvalidAccessError',
      )
    }
    const parsed = parsePageUrl(String(url), this.#page.client, deviationsOf(this.#page.engine))
    if (parsed === null) {
      throw new DOMException("Failed to execute 'open' on 'XMLHttpRequest': Invalid URL", 'SyntaxError')
    }
    this.#running?.abort()
    this.#running = null
    this.#method = normalizeMethod(String(method))
    this.#url = withUserInfo(parsed, user, password)
    this.#headers = []
    this.#sent = false
    this.#received = null
    if (this.#state !== OPENED) this.#changeState(OPENED)
  }

  /** @see https://xhr.spec.whatwg.org/#the-setrequestheader()-method */
  setRequestHeader(name: string, value: string): void {
    this.#checkOpened('setRequestHeader')
    const text = normalizeHeaderValue(String(value))
    const failed = "Failed to execute 'setRequestHeader' on 'XMLHttpRequest': "
    if (!isToken(String(name)))
      throw new DOMException(
        `${failed}${argument(String(name))} is not a valid HTTP header field name.`,
        'SyntaxError',
      )
    if (!isHeaderValue(text))
      throw new DOMException(
        `${failed}'${shownValue(name, text)}' is not a valid HTTP header field value.`,
        'SyntaxError',
      )
    this.#headers.push([String(name), text])
  }

  overrideMimeType(mime: string): void {
    this.#override = parseMimeType(mime) === null ? 'application/octet-stream' : mime
  }

  #checkOpened(method: string): void {
    if (this.#state === OPENED && !this.#sent) return
    throw new DOMException(
      `Failed to execute '${method}' on 'XMLHttpRequest': The object's state must be OPENED.`,
      'InvalidStateError',
    )
  }

  /**
   * @see https://xhr.spec.whatwg.org/#the-send()-method
   * @throws CorsUsageError for a URL behind which there is nothing
   */
  send(body?: unknown): void {
    this.#checkOpened('send')
    this.#page.network.check(this.#url)
    this.#sent = true
    const running = new AbortController()
    this.#running = running
    void this.#run(body, running)
  }

  async #run(body: unknown, running: AbortController): Promise<void> {
    const hasBody = body !== undefined && body !== null && this.#method !== 'GET' && this.#method !== 'HEAD'
    const { hasListeners } = this.upload
    this.#fire('loadstart')
    const upload = uploadEvents(this.#page.engine, {
      hasListeners,
      hasBody,
      isLocal: !/^https?:/.test(this.#url),
      isSimple: this.#isSimple(),
    })
    for (const type of upload.started) this.upload.dispatchEvent(new PageProgressEvent(type))
    let timedOut = false
    const timer =
      this.#timeout > 0
        ? setTimeout(
            () => {
              timedOut = true
              running.abort()
            },
            Math.min(this.#timeout, LONGEST_TIMEOUT),
          )
        : undefined
    let timesSent = 0
    try {
      const settled = await send(
        this.#page,
        {
          url: this.#url,
          method: this.#method,
          headers: this.#headers,
          body: (hasBody ? body : undefined) as never,
          credentials: this.withCredentials ? 'include' : 'same-origin',
          uploadListeners: hasListeners,
          initiator: 'xhr',
        },
        running.signal,
        ({ phase, request }) => {
          if (phase === 'request' && request.body !== null) timesSent++
        },
      )
      if (running.signal.aborted) throw running.signal.reason
      const { visible } = settled
      if (visible === null) {
        const { journey } = settled
        if (journey.verdict.outcome === 'prompt') throw new LoginPromptError(journey)
        if (isProgress(journey, this.#page)) this.#fire('progress')
        this.#fail('error', upload.failed(timesSent, journey.verdict), corsErrorOf(journey))
        return
      }
      for (const type of upload.done(timesSent)) this.upload.dispatchEvent(new PageProgressEvent(type))
      await this.#receive(visible, running)
    } catch (error) {
      if (this.#running !== running) return
      if (timedOut) this.#fail('timeout', upload.broken)
      else this.#fail('error', upload.broken, error)
    } finally {
      clearTimeout(timer)
    }
  }

  #isSimple(): boolean {
    return (
      isCorsSafelistedMethod(this.#method) &&
      corsUnsafeRequestHeaders(this.#headers, deviationsOf(this.#page.engine)).length === 0
    )
  }

  async #receive(visible: VisibleResponse, running: AbortController): Promise<void> {
    this.#received = { visible, body: new Uint8Array() }
    this.#changeState(HEADERS_RECEIVED)
    const body = await readBody(visible.body)
    if (this.#running !== running) return
    this.#received = { visible, body }
    const size = body.byteLength
    if (size > 0) this.#changeState(LOADING)
    // DEVIATION: nothing fires `progress`.
    if (size > 0 || deviationsOf(this.#page.engine).xhrEvents.emptyBodyProgresses)
      this.#fire('progress', size)
    this.#changeState(DONE)
    this.#fire('load', size)
    this.#fire('loadend', size)
  }

  #fail(type: 'error' | 'abort' | 'timeout', uploadTypes: readonly string[], cause?: unknown): void {
    this.#received = null
    this.#sent = false
    this.#changeState(DONE)
    for (const each of uploadTypes) this.upload.dispatchEvent(new PageProgressEvent(each))
    this.dispatchEvent(withCause(new PageProgressEvent(type), cause))
    this.#fire('loadend')
  }

  abort(): void {
    const running = this.#running
    this.#running = null
    running?.abort()
    if (this.#sent && this.#state !== DONE)
      this.#fail('abort', this.upload.hasListeners ? ['abort', 'loadend'] : [])
    if (this.#state === DONE) this.#state = UNSENT
  }

  #fire(type: string, loaded = 0): void {
    this.dispatchEvent(new PageProgressEvent(type, loaded, loaded))
  }

  #changeState(state: number): void {
    this.#state = state
    this.dispatchEvent(new Event('readystatechange'))
  }

  /** Documents are not parsed. */
  get responseXML(): null {
    return null
  }

  getResponseHeader(name: string): string | null {
    const line = this.#received?.visible.headers.find(([other]) => other === String(name).toLowerCase())
    return line?.[1] ?? null
  }

  /** @see https://xhr.spec.whatwg.org/#the-getallresponseheaders()-method */
  getAllResponseHeaders(): string {
    return (this.#received?.visible.headers ?? []).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  }
}

/** The `XMLHttpRequest` class of a page. */
export function xmlHttpRequestClassOf(page: PageState): PageXMLHttpRequestClass {
  class XMLHttpRequest extends PageXhr {
    constructor() {
      super(page)
    }
  }
  return ownMembers(XMLHttpRequest) as unknown as PageXMLHttpRequestClass
}
