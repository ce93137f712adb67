/** `Request` and `Headers` as the page's window has them: relative URLs, the browser's guards, its refusals. */
import type { Profile } from '../engines/profiles.js'
import { InheritedBody, ownBody } from '../fetch/body.js'
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
import { equalsIgnoringCase, normalizeHeaderValue } from '../fetch/http-tokens.js'
import { createRequest } from '../fetch/page-request.js'
import {
  isForbiddenRequestHeader,
  isNoCorsSafelistedRequestHeader,
  isNoCorsSafelistedRequestHeaderName,
} from '../fetch/request-headers.js'
import { hasMembers } from '../subject/shape.js'
import { fetchClasses } from '../transport/fetch-classes.js'
import type { CorsRequest } from '../verdict/cors-request.js'
import { deviationsOf } from '../verdict/engine.js'
import { callError } from './engine-errors.js'

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
  readonly referrerPolicy?: string | undefined
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
  readonly request: Omit<CorsRequest, 'origin' | 'page'>
  readonly signal: AbortSignal | undefined
}

/** What a request of ours keeps to itself. */
interface Kept {
  /** Its header list, line by line. */
  readonly lines: () => readonly Header[]
  /** The signal it was given; `signal` itself is never absent. */
  readonly signal: AbortSignal | undefined
  /** Gives the body away: it cannot be used again. */
  take(): unknown
}

const KEPT = Symbol('kept')

/** Reads the arguments of `fetch` and `new Request()`. The init wins over a request given first, whose body it then leaves alone. */
export function readCall(input: PageRequestInput, init: PageRequestInit = {}): Call {
  const given = Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined))
  const base = isRequestLike(input) ? requestParts(input, !('body' in given)) : { url: String(input) }
  const { signal, method, headers, body, mode, credentials, redirect, cache } = {
    ...base,
    ...given,
  } as PageRequestInit & {
    url: string
  }
  return {
    request: {
      url: base.url,
      method: method === undefined ? undefined : String(method),
      headers: lines(headers),
      body: body as CorsRequest['body'],
      mode: mode as RequestMode | undefined,
      credentials,
      redirect,
      cache,
    },
    signal: signal ?? undefined,
  }
}

/**
 * Reads the arguments of `fetch`. The body of a `Request` that is Node's can only be read as a stream, whatever it was made of: a browser would know,
 * and stream nothing that was at hand.
 */
export async function readFetchCall(input: PageRequestInput, init?: PageRequestInit): Promise<Call> {
  if (!isRequestLike(input) || KEPT in input || input.body === null || init?.body !== undefined)
    return readCall(input, init)
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
  const kept = (request as { [KEPT]?: Kept })[KEPT]
  const { url, method } = request
  if (withBody && request.bodyUsed) throw alreadyUsed()
  return {
    url,
    method,
    headers: kept === undefined ? request.headers : kept.lines(),
    body: withBody ? inherited(kept === undefined ? request.body : kept.take()) : undefined,
    mode: request.mode as RequestMode,
    credentials: request.credentials as RequestCredentials,
    redirect: request.redirect as RequestRedirect,
    cache: request.cache as RequestCache,
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

/** Makes the `Request` class of a page. */
export function requestClassOf(client: Client, engine: Profile): PageRequestClass {
  const deviations = deviationsOf(engine)
  function PageRequestConstructor(
    this: unknown,
    input: PageRequestInput,
    init?: PageRequestInit,
  ): PageRequest {
    if (new.target === undefined)
      throw new TypeError("Class constructor Request cannot be invoked without 'new'")
    const request = createPageRequest(client, engine, deviations, readCall(input, init))
    return Object.setPrototypeOf(request, new.target.prototype) as PageRequest
  }
  Object.defineProperty(PageRequestConstructor, 'name', { value: 'Request' })
  return PageRequestConstructor as unknown as PageRequestClass
}

function createPageRequest(client: Client, engine: Profile, deviations: Deviations, call: Call): PageRequest {
  const { request: parts, signal } = call
  const init = { ...parts, headers: parts.headers as Header[] }
  let made = createRequest(client, init, deviations)
  // Refused only when it is fetched.
  if (!(made instanceof FetchRequest) && made.code === 'stream-body-unsupported') {
    made = createRequest(client, { ...init, body: undefined }, deviations)
  }
  if (!(made instanceof FetchRequest)) {
    const what = { method: parts.method ?? 'GET', url: parts.url, mode: parts.mode ?? 'cors' }
    throw callError(engine, made, 'Request', what, undefined)
  }
  const { Response: NodeResponse } = fetchClasses()
  let body = ownBody(parts.body) ?? null
  let taken = false
  // Node's Response lends the methods that read a body.
  let holder: Response | undefined
  const held = (): Response => {
    if (taken) throw new TypeError('Body is unusable: Body has already been read')
    // A form is written with a boundary of Node's own, which its Content-Type names.
    const isForm = Object.prototype.toString.call(body) === '[object FormData]'
    const type = headers.get('content-type')
    holder ??= new NodeResponse(body as never, {
      headers: isForm || type === null ? {} : { 'content-type': type },
    })
    return holder
  }
  const { headers, lines } = guardedHeaders(made.headers, made.mode, deviations)
  const kept: Kept = {
    lines,
    signal,
    take() {
      if (body !== null) taken = true
      return body
    },
  }
  const request = {
    url: made.currentUrl.href,
    method: made.method,
    headers,
    mode: made.mode,
    credentials: made.credentials,
    redirect: made.redirect,
    cache: made.cache,
    destination: '',
    signal: signal ?? new AbortController().signal,
    get body() {
      return body === null ? null : taken ? (holder?.body ?? null) : held().body
    },
    get bodyUsed() {
      return taken || holder?.bodyUsed === true
    },
    clone() {
      if (this.bodyUsed)
        throw new TypeError("Failed to execute 'clone' on 'Request': Request body is already used")
      let copied = body
      if (isStream(body)) {
        const [one, other] = body.tee()
        body = one
        copied = other
        holder = undefined
      }
      const copy = createPageRequest(client, engine, deviations, {
        ...call,
        request: { ...parts, headers: lines(), body: inherited(copied) as unknown as CorsRequest['body'] },
      })
      return Object.setPrototypeOf(copy, Object.getPrototypeOf(this) as object) as PageRequest
    },
    arrayBuffer: async () => held().arrayBuffer(),
    blob: async () => held().blob(),
    bytes: async () => new Uint8Array(await held().arrayBuffer()),
    formData: async () => held().formData(),
    json: async () => held().json(),
    text: async () => held().text(),
  }
  Object.defineProperty(request, KEPT, { value: kept })
  return request as unknown as PageRequest
}

function isStream(body: unknown): body is ReadableStream<Uint8Array> {
  return Object.prototype.toString.call(body) === '[object ReadableStream]'
}

interface GuardedHeaders {
  readonly headers: Headers
  /** The header list, which `headers` shows combined. */
  readonly lines: () => readonly Header[]
}

/**
 * Headers under the guard of a request: what a page may not set is dropped.
 * @see https://fetch.spec.whatwg.org/#concept-headers-guard
 */
function guardedHeaders(given: readonly Header[], mode: RequestMode, deviations: Deviations): GuardedHeaders {
  const { Headers: NodeHeaders } = fetchClasses()
  const headers = new NodeHeaders(given.map(([name, value]): [string, string] => [name, value]))
  let lines = given
  const isRefused = (name: string, value: string): boolean =>
    isForbiddenRequestHeader(name, value, deviations) ||
    (mode === 'no-cors' && !isNoCorsSafelistedRequestHeader(name, value, deviations))
  const combined = (name: string, value: string): string => {
    const present = headers.get(name)
    return present === null ? value : `${present}, ${value}`
  }
  const append = headers.append.bind(headers)
  const set = headers.set.bind(headers)
  const remove = headers.delete.bind(headers)
  const guarded = {
    append(name: string, value: string): void {
      if (isRefused(name, combined(name, value))) return
      append(name, value)
      lines = [...lines, [name, value]]
    },
    set(name: string, value: string): void {
      const judgesCombined = mode === 'no-cors' && deviations.noCorsSetJudgesCombined
      if (isRefused(name, judgesCombined ? combined(name, value) : value)) return
      set(name, value)
      const first = lines.find((line) => equalsIgnoringCase(line[0], name))
      lines = lines.flatMap((line): Header[] => {
        if (line === first) return [[line[0], value]]
        return equalsIgnoringCase(line[0], name) ? [] : [line]
      })
      if (first === undefined) lines = [...lines, [name, value]]
    },
    delete(name: string): void {
      if (isForbiddenRequestHeader(name, '', deviations)) return
      if (mode === 'no-cors' && !isNoCorsSafelistedRequestHeaderName(name)) return
      remove(name)
      lines = lines.filter((line) => !equalsIgnoringCase(line[0], name))
    },
  }
  for (const [method, run] of Object.entries(guarded)) {
    Object.defineProperty(headers, method, {
      value: (name: string, value?: string) => run(String(name), normalizeHeaderValue(String(value))),
      configurable: true,
    })
  }
  return { headers, lines: () => lines }
}
