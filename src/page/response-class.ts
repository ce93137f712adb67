/** The `Response` a page's script gets. */

import type { HeaderList } from '../fetch/header-list.js'
import { isHeaderValue } from '../fetch/http-tokens.js'
import type { ResponseType } from '../fetch/response.js'
import { type FetchClasses, fetchClasses } from '../transport/fetch-classes.js'
import { discardBody } from '../transport/transport.js'
import { type Inspect, ownMembers } from './own-members.js'

/** A body still to be read: in one of two ways. */
export interface VisibleBody {
  stream(): ReadableStream<Uint8Array>
  /** All of it at once, where that is quicker than by the stream. */
  readonly bytes?: () => Promise<Uint8Array>
}

/** What a script may see of a response. */
export interface VisibleResponse {
  readonly type: ResponseType
  /** Empty for an opaque one. */
  readonly url: string
  readonly redirected: boolean
  readonly status: number
  readonly statusText: string
  /** One line per name. */
  readonly headers: HeaderList
  readonly body: VisibleBody | null
  /** How it was requested, for assertions on it. */
  readonly requested: {
    readonly origin: string
    readonly method: string
    readonly credentials: string
    readonly sameOrigin: boolean
    /** Every header line, where the script may see any. */
    readonly received: HeaderList | undefined
  }
}

/** All of a body. */
export async function readBody(body: VisibleBody | null): Promise<Uint8Array> {
  if (body === null) return new Uint8Array()
  if (body.bytes !== undefined) return body.bytes()
  const { Response: NodeResponse } = fetchClasses()
  return new Uint8Array(await new NodeResponse(body.stream() as never).arrayBuffer())
}

const PAGE_RESPONSE = Symbol.for('expect-cors.pageResponse')

/**
 * Makes the response: one of Node's own class, with the type, URL and status that browsers give it, and headers that cannot be changed.
 * @see https://fetch.spec.whatwg.org/#response-class
 */
export function createPageResponse(visible: VisibleResponse): Response {
  const classes = pageClasses()
  return new classes.Response(visible, classes) as unknown as Response
}

/** The classes of a page's responses, which extend those of an environment. */
interface PageClasses {
  readonly Response: typeof PageResponse
  readonly Headers: typeof PageHeaders
  readonly NodeResponse: typeof Response
}

const known = new WeakMap<object, PageClasses>()

/** Whose instances a page's are: what a script calls `Response` is the environment's class, where it has one. */
export function classesOfScripts(): Pick<FetchClasses, 'Response' | 'Headers'> {
  const { Response, Headers } = globalThis
  return typeof Response === 'function' && typeof Headers === 'function'
    ? { Response, Headers }
    : fetchClasses()
}

function pageClasses(): PageClasses {
  const { Response, Headers } = classesOfScripts()
  const { Response: NodeResponse } = fetchClasses()
  let classes = known.get(Response)
  if (classes === undefined) {
    classes = {
      Response: ownMembers(class Response extends PageResponse {}, Response),
      Headers: ownMembers(class Headers extends PageHeaders {}, Headers),
      NodeResponse,
    }
    Object.defineProperty(classes.Response.prototype, 'constructor', { value: Response })
    Object.defineProperty(classes.Headers.prototype, 'constructor', { value: Headers })
    known.set(Response, classes)
  }
  return classes
}

const decoder = new TextDecoder()

/**
 * Headers whose guard is immutable. They are read from the lines themselves, for Node's would trim a combined value and add the type of the body.
 * It is no object that Node's constructor made: nothing of Node's is needed but to be known as a `Headers`.
 */
class PageHeaders {
  readonly #lines: HeaderList

  constructor(lines: HeaderList) {
    this.#lines = lines
  }

  append(): void {
    throw immutable('append')
  }

  delete(): void {
    throw immutable('delete')
  }

  set(): void {
    throw immutable('set')
  }

  get(name: string): string | null {
    const key = String(name).toLowerCase()
    return this.#lines.find(([other]) => other === key)?.[1] ?? null
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  getSetCookie(): string[] {
    return []
  }

  *entries(): IterableIterator<[string, string]> {
    for (const [name, value] of this.#lines) yield [name, value]
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.#lines) yield name
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.#lines) yield value
  }

  forEach(callback: (value: string, name: string, parent: unknown) => void, thisArg?: unknown): void {
    for (const [name, value] of this.#lines) callback.call(thisArg, value, name, this)
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries()
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect?: Inspect): unknown {
    const shown = Object.fromEntries(this.#lines)
    return inspect === undefined ? shown : `Headers ${inspect(shown, options)}`
  }
}

/** Reads the body straight from the wire; only a script that asks for the stream, or for a clone, has a Response of Node's that holds it. */
class PageResponse {
  readonly [PAGE_RESPONSE]: VisibleResponse['requested']
  readonly #visible: VisibleResponse
  readonly #classes: PageClasses
  readonly headers: PageHeaders
  #holder: Response | null
  #used = false

  constructor(visible: VisibleResponse, classes: PageClasses, holder: Response | null = null) {
    this[PAGE_RESPONSE] = visible.requested
    this.#visible = visible
    this.#classes = classes
    this.headers = new classes.Headers(visible.headers)
    this.#holder = holder
  }

  get type(): string {
    return this.#visible.type
  }

  get url(): string {
    return this.#visible.url
  }

  get redirected(): boolean {
    return this.#visible.redirected
  }

  get status(): number {
    return this.#visible.status
  }

  get statusText(): string {
    return this.#visible.statusText
  }

  get ok(): boolean {
    const { status } = this.#visible
    return status >= 200 && status <= 299
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#visible.body === null) return null
    return this.#hold().body as ReadableStream<Uint8Array>
  }

  get bodyUsed(): boolean {
    return this.#holder?.bodyUsed ?? this.#used
  }

  clone(): PageResponse {
    const copy = this.#hold().clone()
    return new this.#classes.Response(this.#visible, this.#classes, copy)
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    if (this.#holder !== null) return this.#holder.arrayBuffer()
    const { buffer, byteOffset, byteLength } = await this.#bytes()
    return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength)
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer())
  }

  async text(): Promise<string> {
    if (this.#holder !== null) return this.#holder.text()
    return decoder.decode(await this.#bytes())
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }

  async blob(): Promise<unknown> {
    return this.#hold().blob()
  }

  async formData(): Promise<unknown> {
    return this.#hold().formData()
  }

  /** All of a body that nobody has touched. */
  #bytes(): Promise<Uint8Array> {
    const { body } = this.#visible
    if (body === null) return Promise.resolve(new Uint8Array())
    if (this.#used) return Promise.reject(new TypeError('Body is unusable: Body has already been read'))
    this.#used = true
    return readBody(body)
  }

  #hold(): Response {
    if (this.#holder === null) {
      const { body } = this.#visible
      const stream = body === null ? null : this.#used ? new Uint8Array() : body.stream()
      this.#holder = new this.#classes.NodeResponse(stream as never, { headers: this.#contentType() })
      // It was read without it, and whoever reads to the end keeps the lock.
      if (this.#used) discardBody(this.#holder.body?.getReader())
    }
    return this.#holder
  }

  /** What `blob()` and `formData()` go by. */
  #contentType(): Record<string, string> {
    const value = this.headers.get('content-type')
    return value === null || !isHeaderValue(value) ? {} : { 'content-type': value }
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect?: Inspect): unknown {
    const { type, url, redirected, status, statusText, ok, headers, bodyUsed } = this
    const shown = { status, statusText, ok, headers, bodyUsed, type, url, redirected }
    return inspect === undefined ? shown : `Response ${inspect(shown, options)}`
  }
}

function immutable(method: string): TypeError {
  return new TypeError(`Failed to execute '${method}' on 'Headers': Headers are immutable`)
}
