/** `Request` and `Headers` as the page's window has them: relative URLs, the browser's guards, its refusals. */
import { Readable } from 'node:stream'
import { deviationsOf, type Profile } from '../engines/profiles.js'
import { bodyClassOf, InheritedBody, ownBody } from '../fetch/body.js'
import type { Deviations } from '../fetch/deviations.js'
import {
  type Client,
  FetchRequest,
  type RequestCache,
  type RequestCredentials,
  type RequestMode,
  type RequestRedirect,
} from '../fetch/fetch-request.js'
import type { Header } from '../fetch/header-list.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import { byteLowercase, equalsIgnoringCase, normalizeHeaderValue } from '../fetch/http-tokens.js'
import { createRequest } from '../fetch/page-request.js'
import { type ReferrerPolicy, referrerPolicies } from '../fetch/referrer.js'
import {
  isForbiddenRequestHeader,
  isNoCorsSafelistedRequestHeader,
  isNoCorsSafelistedRequestHeaderName,
} from '../fetch/request-headers.js'
import { hasMembers } from '../subject/shape.js'
import { argument } from '../text/shown.js'
import { fetchClasses, standsInFor } from '../transport/fetch-classes.js'
import type { AskedRequest, CorsRequest } from '../verdict/cors-request.js'
import { bodyBytes } from './body-bytes.js'
import { callError } from './engine-errors.js'
import type { CoveredGlobal } from './install.js'
import { type Inspect, ownMembers } from './own-members.js'
import { classesOfScripts } from './response-class.js'
import { serverSide } from './server-side.js'

/** Pairs, a record, or a `Headers` object. */
export type PageHeadersInit = HeadersLike | readonly (readonly string[])[]

/** The second argument of `fetch` and `Request`, as in a browser. */
export interface PageRequestInit {
  readonly method?: string | undefined
  readonly headers?: PageHeadersInit | undefined
  readonly body?: unknown
  /** `navigate` is refused; it is here so that a page's `fetch` goes where `typeof fetch` is asked for. */
  readonly mode?: RequestMode | 'navigate' | undefined
  readonly credentials?: RequestCredentials | undefined
  readonly redirect?: RequestRedirect | undefined
  readonly cache?: RequestCache | undefined
  readonly signal?: AbortSignal | null | undefined
  readonly duplex?: 'half' | undefined
  readonly keepalive?: boolean | undefined
  readonly integrity?: string | undefined
  readonly referrer?: string | undefined
  readonly referrerPolicy?: ReferrerPolicy | undefined
}

/** What `fetch` takes first. */
export type PageRequestInput = string | URL | PageRequest | Request

/** A request a script has built. */
export interface PageRequest {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly mode: RequestMode
  readonly credentials: RequestCredentials
  readonly redirect: RequestRedirect
  readonly cache: RequestCache
  readonly referrer: string
  readonly referrerPolicy: ReferrerPolicy
  readonly keepalive: boolean
  readonly signal: AbortSignal
  readonly body: ReadableStream<Uint8Array> | null
  readonly bodyUsed: boolean
  clone(): PageRequest
  arrayBuffer(): Promise<ArrayBuffer>
  blob(): Promise<Blob>
  bytes(): Promise<Uint8Array>
  formData(): Promise<FormData>
  json(): Promise<unknown>
  text(): Promise<string>
}

/** What a script gave to `fetch`, put together. */
export interface Call {
  readonly request: AskedRequest
  readonly signal: AbortSignal | undefined
  /** Uses up the request that the body came with, once the new one is made. */
  readonly take?: (() => void) | undefined
}

/** What a request of ours keeps to itself. */
interface Kept {
  /** Its header list, line by line. */
  readonly lines: readonly Header[]
  /** The signal it was given; `signal` itself is never absent. */
  readonly signal: AbortSignal | undefined
  /** Its body, which {@link take} gives away: it cannot be used again. */
  readonly body: unknown
  readonly isBodyLocked: boolean
  take(): void
}

/** What a request of ours keeps; undefined for any other. */
let keptBy: (request: object) => Kept | undefined

/** Reads the arguments of `fetch` and `new Request()`. The init wins over a request given first, whose body it then leaves alone. */
export function readCall(input: PageRequestInput, second?: PageRequestInit | null): Call {
  const init: PageRequestInit = second ?? {}
  if (!hasMembers(init as unknown)) throw new TypeError("The provided value is not of type 'RequestInit'.")
  checkInit(init)
  if (isStream(init.body) && (init.body.locked || Readable.isDisturbed(init.body as never)))
    throw new TypeError('The provided stream is locked or has been read from already.')
  const base: PageRequestInit & { url: string } = isRequestLike(input)
    ? requestParts(input, init.body === undefined)
    : { url: String(input) }
  const given = <Name extends keyof PageRequestInit>(name: Name): PageRequestInit[Name] =>
    init[name] === undefined ? base[name] : init[name]
  const method = given('method')
  // https://fetch.spec.whatwg.org/#dom-request step 13. If init is not empty, then set request's referrer to "client" and its referrer policy to the empty string.
  const isEmpty = Object.keys(init).length === 0
  return {
    request: {
      url: base.url,
      method: method === undefined ? undefined : String(method),
      headers: lines(given('headers')),
      body: given('body') as CorsRequest['body'],
      mode: given('mode') as RequestMode | undefined,
      credentials: given('credentials'),
      redirect: given('redirect'),
      cache: given('cache'),
      referrer: init.referrer ?? (isEmpty ? base.referrer : undefined),
      referrerPolicy: init.referrerPolicy ?? (isEmpty ? base.referrerPolicy : undefined),
      keepalive: Boolean(given('keepalive')),
    },
    signal: given('signal') ?? undefined,
    take: isRequestLike(input) && init.body === undefined ? keptBy(input)?.take : undefined,
  }
}

/** The members of an init that are one of a few words, with the name that Web IDL has for the choice. */
const CHOICES: readonly (readonly [name: string, type: string, values: readonly string[]])[] = [
  ['mode', 'RequestMode', ['cors', 'no-cors', 'same-origin', 'navigate']],
  ['credentials', 'RequestCredentials', ['omit', 'same-origin', 'include']],
  ['cache', 'RequestCache', ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached']],
  ['redirect', 'RequestRedirect', ['follow', 'error', 'manual']],
  ['referrerPolicy', 'ReferrerPolicy', ['', ...referrerPolicies]],
  ['duplex', 'RequestDuplex', ['half']],
  ['priority', 'RequestPriority', ['high', 'low', 'auto']],
]

/**
 * What Web IDL and the first steps refuse of an init, whatever the engine. A boolean for `credentials` is left to who tells what to write.
 * @see https://fetch.spec.whatwg.org/#dom-request
 */
function checkInit(init: PageRequestInit): void {
  for (const [name, type, values] of CHOICES) {
    const value = (init as Record<string, unknown>)[name]
    if (value === undefined || typeof value === 'boolean' || values.includes(String(value))) continue
    throw new TypeError(
      `${argument(String(value))} is not a valid value of ${name}: ${type} is one of ${values.map((each) => `'${each}'`).join(', ')}`,
    )
  }
  // 17. If mode is "navigate", then throw.
  if (init.mode === 'navigate') throw new TypeError("a Request cannot be made with the mode 'navigate'")
  // 11. If init["window"] exists and is non-null, then throw.
  const { window } = init as { readonly window?: unknown }
  if (window !== undefined && window !== null) throw new TypeError('the window of a Request can only be null')
}

/**
 * Reads the arguments of `fetch`. The body of a `Request` that is Node's can only be read as a stream, whatever it was made of: a browser would know,
 * and stream nothing that was at hand.
 */
export async function readFetchCall(input: PageRequestInput, init?: PageRequestInit): Promise<Call> {
  if (
    !isRequestLike(input) ||
    keptBy(input) !== undefined ||
    input.body === null ||
    init?.body !== undefined
  ) {
    const call = readCall(input, init)
    call.take?.()
    return call
  }
  if (input.bodyUsed) throw alreadyUsed()
  return readCall(input, { ...init, body: new Uint8Array(await input.arrayBuffer()) })
}

/**
 * Fills a header list: pairs are taken as they are, a `Headers` object lists its values combined, and all that a record holds is text.
 * @see https://fetch.spec.whatwg.org/#concept-headers-fill
 */
function lines(headers: PageHeadersInit | undefined): Header[] {
  if (headers === undefined) return []
  if (!hasMembers(headers)) throw notHeaders('The provided value is neither a sequence nor a record')
  if (typeof (headers as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') {
    return Object.entries(headers).map(([name, value]): Header => [name, String(value)])
  }
  return Array.from(headers as unknown as Iterable<unknown>, (entry): Header => {
    if (!Array.isArray(entry) || entry.length !== 2) throw notHeaders('a header must be a [name, value] pair')
    return [String(entry[0]), String(entry[1])]
  })
}

function notHeaders(why: string): TypeError {
  return new TypeError(`Failed to construct 'Headers': ${why}`)
}

function isRequestLike(input: PageRequestInput): input is PageRequest | Request {
  return hasMembers(input) && typeof input.url === 'string' && typeof input.method === 'string'
}

function requestParts(request: PageRequest | Request, withBody: boolean): PageRequestInit & { url: string } {
  const kept = keptBy(request)
  const { url, method } = request
  if (withBody && (request.bodyUsed || kept?.isBodyLocked === true)) throw alreadyUsed()
  return {
    url,
    method,
    headers: kept === undefined ? request.headers : kept.lines,
    body: withBody ? inherited(kept === undefined ? request.body : kept.body) : undefined,
    mode: request.mode as RequestMode,
    credentials: request.credentials as RequestCredentials,
    redirect: request.redirect as RequestRedirect,
    cache: request.cache as RequestCache,
    referrer: request.referrer,
    referrerPolicy: request.referrerPolicy as ReferrerPolicy,
    keepalive: request.keepalive,
    signal: kept === undefined ? request.signal : kept.signal,
  }
}

function inherited(body: unknown): InheritedBody | null {
  return body === null ? null : new InheritedBody(body)
}

function alreadyUsed(): TypeError {
  return new TypeError('Cannot construct a Request with a Request object that has already been used.')
}

/** The page's `Request` class. */
export interface PageRequestClass {
  new (input: PageRequestInput, init?: PageRequestInit): PageRequest
}

/** The page's `Headers` class: Node's own, for a `Headers` of its own has no guard. */
export type PageHeadersClass = typeof Headers

/** The `Request` class of a page. */
export function requestClassOf(client: Client, engine: Profile): PageRequestClass {
  class Request extends ScriptRequest {
    constructor(input: PageRequestInput, init?: PageRequestInit) {
      super(client, engine, readCall(input, init))
    }
  }
  return ownMembers(Request)
}

/** The same to stand in for the global one, which servers in this process still get: they may set any header. */
export function installedRequestClass(
  client: Client,
  engine: Profile,
  place: CoveredGlobal,
): PageRequestClass {
  const Own = requestClassOf(client, engine)
  // In a browser there is one class. MSW 3 takes by it whether a server's request came from `fetch`.
  Object.defineProperty(Own, Symbol.hasInstance, {
    value: (value: unknown) =>
      Function.prototype[Symbol.hasInstance].call(Own, value) ||
      Function.prototype[Symbol.hasInstance].call(place.first(), value),
    configurable: true,
  })
  const Request = new Proxy(Own, {
    construct: (PageRequest, args, newTarget) => {
      const isServers = serverSide() !== undefined
      if (!isServers && place.isLive()) return Reflect.construct(PageRequest, args, newTarget)
      const next = isServers ? undefined : place.top()
      // Also to a class that extends this one, as MSW's does.
      return Reflect.construct((next ?? place.first()) as PageRequestClass, args)
    },
  })
  return standsInFor(Request, place.first)
}

/** @see https://fetch.spec.whatwg.org/#request-class */
class ScriptRequest implements PageRequest {
  readonly #client: Client
  readonly #engine: Profile
  readonly #call: Call
  readonly #made: FetchRequest
  readonly #guard: HeadersGuard
  readonly signal: AbortSignal
  #body: unknown
  #taken = false
  /** A Response of Node's, which lends the methods that read a body. */
  #holder: Response | undefined

  static {
    keptBy = (request) =>
      #made in request
        ? {
            lines: request.#guard.lines,
            signal: request.#call.signal,
            body: request.#body,
            isBodyLocked: request.#holder?.body?.locked === true,
            take: () => {
              if (request.#body !== null) request.#taken = true
            },
          }
        : undefined
  }

  constructor(client: Client, engine: Profile, call: Call) {
    const deviations = deviationsOf(engine)
    this.#client = client
    this.#engine = engine
    this.#call = call
    this.#made = made(client, engine, call, deviations)
    this.#guard = new HeadersGuard(this.#made.headers, this.mode, deviations)
    this.#body = ownBody(call.request.body) ?? null
    this.signal = dependentSignal(call.signal)
    call.take?.()
  }

  get url(): string {
    return this.#made.currentUrl.href
  }

  get method(): string {
    return this.#made.method
  }

  get headers(): Headers {
    return this.#guard.headers
  }

  get mode(): RequestMode {
    // No script makes navigations.
    return this.#made.mode as RequestMode
  }

  get credentials(): RequestCredentials {
    return this.#made.credentials
  }

  get redirect(): RequestRedirect {
    return this.#made.redirect
  }

  get cache(): RequestCache {
    return this.#made.cache
  }

  get referrer(): string {
    const { referrer } = this.#made
    if (referrer === 'no-referrer') return ''
    return referrer === 'client' ? 'about:client' : referrer.href
  }

  get referrerPolicy(): ReferrerPolicy {
    return this.#made.referrerPolicy
  }

  get keepalive(): boolean {
    return this.#made.keepalive
  }

  get integrity(): string {
    return ''
  }

  get isReloadNavigation(): boolean {
    return false
  }

  get isHistoryNavigation(): boolean {
    return false
  }

  get duplex(): 'half' {
    return 'half'
  }

  get destination(): string {
    return ''
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#body === null) return null
    return (this.#taken ? this.#holder?.body : this.#hold().body) ?? null
  }

  get bodyUsed(): boolean {
    return this.#taken || this.#holder?.bodyUsed === true
  }

  clone(): PageRequest {
    if (this.bodyUsed)
      throw new TypeError("Failed to execute 'clone' on 'Request': Request body is already used")
    let body = this.#body
    if (isStream(body)) {
      const [one, other] = body.tee()
      this.#body = one
      this.#holder = undefined
      body = other
    }
    const request = {
      ...this.#call.request,
      headers: this.#guard.lines,
      body: inherited(body) as unknown as CorsRequest['body'],
    }
    const copy = new ScriptRequest(this.#client, this.#engine, { signal: this.#call.signal, request })
    return Object.setPrototypeOf(copy, Object.getPrototypeOf(this) as object) as PageRequest
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#hold().arrayBuffer()
  }

  async blob(): Promise<Blob> {
    return this.#hold().blob()
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.#hold().arrayBuffer())
  }

  async formData(): Promise<FormData> {
    return this.#hold().formData()
  }

  async json(): Promise<unknown> {
    return this.#hold().json()
  }

  async text(): Promise<string> {
    return this.#hold().text()
  }

  #hold(): Response {
    if (this.#taken) throw new TypeError('Body is unusable: Body has already been read')
    const { Response: NodeResponse } = fetchClasses()
    const type = this.headers.get('content-type')
    this.#holder ??= new NodeResponse(readable(this.#body) as never, {
      headers: type === null ? {} : { 'content-type': type },
    })
    return this.#holder
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect?: Inspect): unknown {
    const { url, method, headers, mode, credentials, redirect, cache, signal, bodyUsed } = this
    const shown = { url, method, headers, mode, credentials, redirect, cache, signal, bodyUsed }
    return inspect === undefined ? shown : `Request ${inspect(shown, options)}`
  }
}

function made(client: Client, engine: Profile, { request }: Call, deviations: Deviations): FetchRequest {
  const init = { ...request, headers: request.headers as Header[] }
  let made = createRequest(client, init, deviations)
  // Refused only when it is fetched.
  if (!(made instanceof FetchRequest) && made.code === 'stream-body-unsupported') {
    made = createRequest(client, { ...init, body: undefined }, deviations)
  }
  if (made instanceof FetchRequest) return made
  throw callError(engine, made, 'Request', request, undefined)
}

/** A signal of its own, which follows the one that was given. @see https://fetch.spec.whatwg.org/#dom-request step 30 */
function dependentSignal(followed: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController()
  if (followed?.aborted === true) controller.abort(followed.reason)
  else followed?.addEventListener('abort', () => controller.abort(followed.reason), { once: true })
  return controller.signal
}

function isStream(body: unknown): body is ReadableStream<Uint8Array> {
  return bodyClassOf(body) === 'ReadableStream'
}

/** A body as Node's `Response` takes it: of forms and blobs it knows its own alone, and those of jsdom and happy-dom would be text to it. */
function readable(body: unknown): unknown {
  const kind = bodyClassOf(body)
  if (kind !== 'FormData' && kind !== 'Blob') return body
  return new ReadableStream({
    async start(controller) {
      controller.enqueue((await bodyBytes(body)) as Uint8Array)
      controller.close()
    },
  })
}

/**
 * The guard of a request's headers: what a page may not set is dropped.
 * @see https://fetch.spec.whatwg.org/#concept-headers-guard
 */
class HeadersGuard {
  /** One of the environment's, with its methods guarded. */
  readonly headers: Headers
  /** The header list, which `headers` shows combined. */
  lines: readonly Header[]
  readonly #own: Headers
  readonly #noCors: boolean
  readonly #deviations: Deviations

  constructor(lines: readonly Header[], mode: RequestMode, deviations: Deviations) {
    const { Headers: OwnHeaders } = classesOfScripts()
    // happy-dom's lists names as, and in the order in which, they were written.
    const listed = lines.map(([name, value]): [string, string] => [byteLowercase(name), value])
    this.headers = new OwnHeaders(listed.sort(([a], [b]) => (a < b ? -1 : a === b ? 0 : 1)))
    this.lines = lines
    this.#own = OwnHeaders.prototype
    this.#noCors = mode === 'no-cors'
    this.#deviations = deviations
    for (const method of ['append', 'set', 'delete'] as const) {
      Object.defineProperty(this.headers, method, {
        value: (name: string, value?: string) =>
          this[method](String(name), normalizeHeaderValue(String(value))),
        configurable: true,
      })
    }
  }

  append(name: string, value: string): void {
    if (this.#refuses(name, this.#combined(name, value))) return
    this.#own.append.call(this.headers, byteLowercase(name), value)
    this.lines = [...this.lines, [name, value]]
  }

  set(name: string, value: string): void {
    // DEVIATION: `set()` judges the new value behind the old one.
    const judgesCombined = this.#noCors && this.#deviations.requestHeaders.noCorsSetJudgesCombined
    if (this.#refuses(name, judgesCombined ? this.#combined(name, value) : value)) return
    this.#own.set.call(this.headers, byteLowercase(name), value)
    const first = this.lines.find((line) => equalsIgnoringCase(line[0], name))
    this.lines =
      first === undefined
        ? [...this.lines, [name, value]]
        : this.lines.flatMap((line): Header[] => {
            if (line === first) return [[line[0], value]]
            return equalsIgnoringCase(line[0], name) ? [] : [line]
          })
  }

  delete(name: string): void {
    if (isForbiddenRequestHeader(name, '', this.#deviations)) return
    if (this.#noCors && !isNoCorsSafelistedRequestHeaderName(name)) return
    this.#own.delete.call(this.headers, name)
    this.lines = this.lines.filter((line) => !equalsIgnoringCase(line[0], name))
  }

  #refuses(name: string, value: string): boolean {
    return (
      isForbiddenRequestHeader(name, value, this.#deviations) ||
      (this.#noCors && !isNoCorsSafelistedRequestHeader(name, value, this.#deviations))
    )
  }

  #combined(name: string, value: string): string {
    const present = this.headers.get(name)
    return present === null ? value : `${present}, ${value}`
  }
}
