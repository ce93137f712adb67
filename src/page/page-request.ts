/** `Request` and `Headers` as the page's window has them: relative URLs, the browser's guards, its refusals. */
import type { Profile } from '../engines/profiles.js'
import { extractBody } from '../fetch/body.js'
import type { Deviations } from '../fetch/deviations.js'
import {
  type Client,
  FetchRequest,
  type RequestCache,
  type RequestCredentials,
  type RequestMode,
  type RequestRedirect,
} from '../fetch/fetch-request.js'
import { containsHeader, type Header } from '../fetch/header-list.js'
import { type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import { normalizeHeaderValue } from '../fetch/http-tokens.js'
import { createRequest } from '../fetch/page-request.js'
import { isForbiddenRequestHeader, isNoCorsSafelistedRequestHeader } from '../fetch/request-headers.js'
import { hasMembers } from '../subject/shape.js'
import { fetchClasses } from '../transport/fetch-classes.js'
import type { CorsRequest } from '../verdict/cors-request.js'
import { deviationsOf } from '../verdict/engine.js'
import { callError } from './engine-errors.js'

/** The second argument of `fetch` and `Request`, as in a browser. */
export interface PageRequestInit {
  readonly method?: string | undefined
  readonly headers?: HeadersLike | undefined
  readonly body?: unknown
  readonly mode?: RequestMode | undefined
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

const BODY = Symbol('body')

/** Reads the arguments of `fetch` and `new Request()`. The init wins over a request given first. */
export function readCall(input: PageRequestInput, init: PageRequestInit = {}): Call {
  const base = isRequestLike(input) ? requestParts(input) : { url: String(input) }
  const given = Object.fromEntries(Object.entries(init).filter(([, value]) => value !== undefined))
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
      mode,
      credentials,
      redirect,
      cache,
    },
    signal: signal ?? undefined,
  }
}

/** A Headers object lists its values combined; pairs and records are read as they are. Names alone are no headers here. */
function lines(headers: HeadersLike | undefined): Header[] {
  if (headers !== undefined && !isIterable(headers)) return readHeaders(headers)
  return Array.from((headers as Iterable<unknown> | undefined) ?? [], (entry): Header => {
    if (!Array.isArray(entry) || entry.length !== 2) {
      throw new TypeError("Failed to construct 'Headers': a header must be a [name, value] pair")
    }
    return [String(entry[0]), String(entry[1])]
  })
}

function isIterable(value: unknown): boolean {
  return typeof (value as Iterable<unknown>)[Symbol.iterator] === 'function'
}

function isRequestLike(input: PageRequestInput): input is PageRequest | Request {
  return hasMembers(input) && typeof input.url === 'string' && typeof input.method === 'string'
}

function requestParts(request: PageRequest | Request): PageRequestInit & { url: string } {
  const own = (request as { [BODY]?: unknown })[BODY]
  const { url, method, headers, signal } = request
  return {
    url,
    method,
    headers,
    body: own === undefined ? request.body : own,
    mode: request.mode as RequestMode,
    credentials: request.credentials as RequestCredentials,
    redirect: request.redirect as RequestRedirect,
    cache: request.cache as RequestCache,
    signal,
  }
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
    return createPageRequest(client, engine, deviations, readCall(input, init))
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
  // Node's Response lends the methods that read a body.
  const holder = new NodeResponse((parts.body as never) ?? null)
  const headers = guardedHeaders(shownHeaders(made, parts.body, deviations), made.mode, deviations)
  return {
    [BODY]: parts.body ?? null,
    url: made.currentUrl.href,
    method: made.method,
    headers,
    mode: made.mode,
    credentials: made.credentials,
    redirect: made.redirect,
    cache: made.cache,
    signal: signal ?? new AbortController().signal,
    get body() {
      return holder.body as ReadableStream<Uint8Array> | null
    },
    get bodyUsed() {
      return holder.bodyUsed
    },
    clone: () =>
      createPageRequest(client, engine, deviations, {
        ...call,
        request: { ...parts, headers: [...headers] },
      }),
    arrayBuffer: () => holder.arrayBuffer(),
    blob: () => holder.blob() as Promise<Blob>,
    bytes: async () => new Uint8Array(await holder.arrayBuffer()),
    formData: () => holder.formData() as Promise<FormData>,
    json: () => holder.json(),
    text: () => holder.text(),
  } as PageRequest
}

/** What a `Request` shows: what will be sent, and in one engine what will not. */
function shownHeaders(made: FetchRequest, given: unknown, deviations: Deviations): readonly Header[] {
  const body = extractBody(given)
  const type = body === null || body === 'unknown' ? null : body.contentType
  if (made.mode !== 'no-cors' || !deviations.noCorsShowsBodyContentType || type === null) return made.headers
  return containsHeader(made.headers, 'content-type')
    ? made.headers
    : [...made.headers, ['Content-Type', type]]
}

/** Headers under the guard of a request: what a page may not set is dropped. @see https://fetch.spec.whatwg.org/#concept-headers-guard */
function guardedHeaders(lines: readonly Header[], mode: RequestMode, deviations: Deviations): Headers {
  const { Headers: NodeHeaders } = fetchClasses()
  const headers = new NodeHeaders(lines.map(([name, value]): [string, string] => [name, value]))
  const refused = (name: string, value: string): boolean =>
    isForbiddenRequestHeader(name, value, deviations) ||
    (mode === 'no-cors' && !isNoCorsSafelistedRequestHeader(name, value, deviations))
  for (const method of ['append', 'set'] as const) {
    const original = headers[method].bind(headers)
    Object.defineProperty(headers, method, {
      value: (name: string, value: string) => {
        const text = normalizeHeaderValue(String(value))
        const present = method === 'append' ? headers.get(name) : null
        if (!refused(String(name), present === null ? text : `${present}, ${text}`)) original(name, text)
      },
      configurable: true,
    })
  }
  return headers
}
