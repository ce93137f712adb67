/** The `Response` a page's script gets. */
import type { ResponseType } from '../fetch/filtered-response.js'
import type { HeaderList } from '../fetch/header-list.js'
import { isHeaderValue } from '../fetch/http-tokens.js'
import { fetchClasses } from '../transport/fetch-classes.js'

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
  readonly body: ReadableStream<Uint8Array> | Uint8Array | null
  /** How it was requested, for assertions on it. */
  readonly requested: { readonly origin: string; readonly method: string; readonly credentials: string }
}

const PAGE_RESPONSE = Symbol.for('expect-cors.pageResponse')

/**
 * Makes the response: Node's own, with the type, URL and status that browsers give it, and headers that cannot be changed.
 * @see https://fetch.spec.whatwg.org/#response-class
 */
export function createPageResponse(visible: VisibleResponse): Response {
  const { Response: NodeResponse } = fetchClasses()
  const bodiless = [101, 103, 204, 205, 304].includes(visible.status)
  // Node's constructor refuses 0 and statuses below 200; the getters below say what it really is.
  const status = visible.status >= 200 && visible.status <= 599 ? visible.status : 200
  // What `blob()` and `formData()` go by; all others are read from the lines.
  const contentType = visible.headers.find(
    ([name, value]) => name === 'content-type' && isHeaderValue(value),
  )?.[1]
  const response = new NodeResponse(bodiless ? null : (visible.body as BodyInit | null), {
    status,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  })
  freezeHeaders(response.headers, visible.headers)
  return describe(response, visible)
}

type BodyInit = NonNullable<ConstructorParameters<typeof Response>[0]>

function describe(response: Response, visible: VisibleResponse): Response {
  const facts = {
    type: visible.type,
    url: visible.url,
    redirected: visible.redirected,
    status: visible.status,
    statusText: visible.statusText,
    ok: visible.status >= 200 && visible.status <= 299,
  }
  for (const [name, value] of Object.entries(facts)) {
    Object.defineProperty(response, name, { value, configurable: true, enumerable: true })
  }
  Object.defineProperty(response, 'clone', {
    value: () => {
      const clone = Object.getPrototypeOf(response).clone.call(response) as Response
      freezeHeaders(clone.headers, visible.headers)
      return describe(clone, visible)
    },
    configurable: true,
  })
  Object.defineProperty(response, PAGE_RESPONSE, { value: visible.requested })
  return response
}

/**
 * The guard of a response's headers is immutable. They are read from the lines themselves, for Node's would trim a combined value and add the type of
 * the body.
 */
function freezeHeaders(headers: Headers, lines: HeaderList): void {
  const values = new Map(lines)
  const pairs = (): [string, string][] => lines.map(([name, value]) => [name, value])
  const immutable = (method: string) => () => {
    throw new TypeError(`Failed to execute '${method}' on 'Headers': Headers are immutable`)
  }
  const members = {
    append: immutable('append'),
    delete: immutable('delete'),
    set: immutable('set'),
    get: (name: string) => values.get(String(name).toLowerCase()) ?? null,
    has: (name: string) => values.has(String(name).toLowerCase()),
    getSetCookie: () => [],
    entries: () => pairs().values(),
    keys: () => values.keys(),
    values: () =>
      pairs()
        .map(([, value]) => value)
        .values(),
    forEach: (callback: (value: string, name: string, parent: Headers) => void, thisArg?: unknown) => {
      for (const [name, value] of lines) callback.call(thisArg, value, name, headers)
    },
    [Symbol.iterator]: () => pairs().values(),
  }
  for (const key of Reflect.ownKeys(members)) {
    Object.defineProperty(headers, key, { value: members[key as keyof typeof members], configurable: true })
  }
}
