/** A request as the Fetch Standard's algorithms see it, mutable while it is on its way. */
import type { BlobEntry } from './blob-url.js'
import type { RequestBody } from './body.js'
import type { Deviations } from './deviations.js'
import type { ElementKind } from './element-request.js'
import type { Failure } from './failure.js'
import type { Header } from './header-list.js'
import { isOrigin, type Origin, type RegistrableDomain } from './origin.js'
import type { ReferrerPolicy } from './referrer.js'

/** @see https://fetch.spec.whatwg.org/#concept-request-mode */
export type RequestMode = 'cors' | 'no-cors' | 'same-origin'
/** @see https://fetch.spec.whatwg.org/#concept-request-credentials-mode */
export type RequestCredentials = 'omit' | 'same-origin' | 'include'
/** @see https://fetch.spec.whatwg.org/#concept-request-redirect-mode */
export type RequestRedirect = 'follow' | 'error' | 'manual'
/** @see https://fetch.spec.whatwg.org/#concept-request-cache-mode */
export type RequestCache = 'default' | 'no-store' | 'reload' | 'no-cache' | 'force-cache' | 'only-if-cached'
/** Which API of the page makes the request. */
export type Initiator = 'fetch' | 'xhr' | 'eventsource' | 'beacon' | 'form' | 'element'
/** @see https://fetch.spec.whatwg.org/#concept-request-destination */
export type RequestDestination =
  | ''
  | 'audio'
  | 'embed'
  | 'font'
  | 'iframe'
  | 'image'
  | 'manifest'
  | 'object'
  | 'script'
  | 'sharedworker'
  | 'style'
  | 'track'
  | 'video'
  | 'worker'

/** The page that makes a request. */
export interface Client {
  readonly origin: Origin
  /** The page's URL as it may be shown, without user info. */
  readonly page: string
  /** The page's URL, against which relative URLs resolve, and from which the referrer comes. */
  readonly url: URL
  /** Whether the page was loaded over https, so that http is mixed content; a sandboxed frame's opaque origin does not tell. */
  readonly secure: boolean
  /** Whether requests to insecure URLs from a secure page are refused. */
  readonly mixedContent: boolean
  /** Whether the script runs in a worker. */
  readonly worker?: boolean
  /** The page or frame that a frame or worker is part of; absent where this is a top-level page. */
  readonly parent?: Client
  /** What a frame or worker was made of that no server sent; its {@link url} is then its parent's. */
  readonly madeOf?: 'srcdoc' | 'blob' | 'data'
  /** Whether nothing says where the page is. */
  readonly nowhere?: boolean
  /** The page's referrer policy. Default: the default one. @see https://html.spec.whatwg.org/multipage/browsers.html#policy-container */
  readonly referrerPolicy?: ReferrerPolicy
  /** The registrable domain of a host, or null where it has none. Where this is absent, other hosts are other sites. */
  readonly registrableDomain?: RegistrableDomain
}

/** The top-level page that a frame or worker is part of. @see https://html.spec.whatwg.org/multipage/webappapis.html#concept-environment-top-level-origin */
export function topLevelOf(client: Client): Client {
  let top = client
  while (top.parent !== undefined) top = top.parent
  return top
}

/** Whether a script runs in a worker that is made of a `data:` URL. @see https://html.spec.whatwg.org/multipage/workers.html#set-up-a-worker-environment-settings-object */
export function isDataWorker({ worker, madeOf }: Client): boolean {
  return worker === true && madeOf === 'data'
}

const removesNothing = (): boolean => false

let requestCount = 0

/** What the standard forgets of a request on its way and some engines remember. */
class RequestHistory {
  /** The headers and method as the page set them. */
  readonly initialHeaders: readonly Header[]
  readonly initialMethod: string
  /** Those that the script itself set: for XHR without the `Content-Type` that the body brought along. */
  authorHeaders: readonly Header[]
  /** Whether the first URL was of the page's own origin. */
  readonly startedSameOrigin: boolean
  /** Whether there is an upload listener that this engine sends no preflight for. */
  hasIdleUploadListener = false
  /** A refusal that takes effect once the next preflight, if one is due, has passed. */
  refusal: Failure | null = null
  /** Whether a preflight was due on an earlier hop. */
  preflightWasDue = false
  /** Whether a redirect has left an origin, so that `Authorization` is gone. */
  leftAnOrigin = false
  /** What the last redirect removed, by name. */
  lastRemoved: (name: string) => boolean = removesNothing
  /** Whether the type of a body that a redirect dropped is beyond recall. */
  bodyForgotten = false
  /** Whether a redirect left an origin when or after one made a GET of another method. */
  leftAnOriginAsGet = false
  /** Whether a redirect made a GET of another method. */
  methodChanged = false

  constructor(headers: readonly Header[], method: string, startedSameOrigin: boolean) {
    this.initialHeaders = headers
    this.initialMethod = method
    this.authorHeaders = headers
    this.startedSameOrigin = startedSameOrigin
  }
}

/** @see https://fetch.spec.whatwg.org/#concept-request */
export class FetchRequest {
  readonly client: Client
  readonly initiator: Initiator
  /** The URL list; the last is the current URL. */
  readonly urlList: URL[]
  /** The serialized origin of the current URL; `null` for one that has none. */
  currentOrigin: string
  method: string
  headers: Header[]
  body: RequestBody | null
  mode: RequestMode | 'navigate' = 'cors'
  credentials: RequestCredentials = 'same-origin'
  redirect: RequestRedirect = 'follow'
  cache: RequestCache = 'default'
  destination: RequestDestination = ''
  /** What asks, where an element does. */
  element: ElementKind | null = null
  /** Whether it is asked for ahead of time. */
  isPreload = false
  /** The URL that the request comes from: the page's, another of its origin, or once redirected what was told before. */
  referrer: 'client' | 'no-referrer' | URL = 'client'
  /** Empty for the page's. */
  referrerPolicy: ReferrerPolicy = ''
  /** Whether it outlives its page. */
  keepalive = false
  /** What stands behind a `blob:` URL. */
  blob: BlobEntry | null = null
  /** The bytes of its body, and of those of the page's others with `keepalive` that are under way. */
  keepaliveBytes = 0
  /** Set by the APIs that let a page choose method and headers. */
  unsafeRequest = true
  /** Set by an upload listener or a stream body. */
  useCorsPreflight = false
  /** What the browser itself says of who asks: the `Authorization` of a login. */
  authorization: string | null = null
  responseTainting: 'basic' | 'cors' | 'opaque' = 'basic'
  redirectCount = 0
  /** Whether the redirect-taint is not `same-origin`: the request's origin then serializes to `null`. */
  tainted = false
  /** What some engines hold on to. */
  readonly history: RequestHistory

  constructor(
    client: Client,
    url: URL,
    method: string,
    headers: Header[],
    body: RequestBody | null,
    initiator: Initiator,
  ) {
    this.client = client
    this.initiator = initiator
    this.urlList = [url]
    this.currentOrigin = url.origin
    this.method = method
    this.headers = headers
    this.body = body
    this.history = new RequestHistory(headers, method, isOrigin(client.origin, this.currentOrigin))
  }

  /** @see https://fetch.spec.whatwg.org/#concept-request-current-url */
  get currentUrl(): URL {
    return this.urlList[this.urlList.length - 1] as URL
  }

  /** Stands for the request's origin where that is opaque and not that of any other request. */
  get ownOpaqueOrigin(): string {
    if (this.#ownOpaqueOrigin === null) this.#ownOpaqueOrigin = `null (request ${++requestCount})`
    return this.#ownOpaqueOrigin
  }
  #ownOpaqueOrigin: string | null = null

  /** @see https://fetch.spec.whatwg.org/#serializing-a-request-origin */
  get serializedOrigin(): string {
    return this.tainted ? 'null' : this.client.origin.serialized
  }
}

/**
 * Whether a request carries cookies and logins, and keeps those of its response.
 * @see https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch step 3
 */
export function sendsCredentials(request: FetchRequest, deviations: Deviations): boolean {
  if (request.credentials !== 'same-origin') return request.credentials === 'include'
  // DEVIATION: redirects decide on the cookies of no-cors requests.
  if (request.mode === 'no-cors' && deviations.cookies.noCorsCredentialsFollowRedirects)
    return request.history.startedSameOrigin
  return request.responseTainting === 'basic'
}

/** Whether a URL carries a user name or password. @see https://url.spec.whatwg.org/#include-credentials */
export function includesCredentials(url: URL): boolean {
  return url.href.includes('@') && (url.username !== '' || url.password !== '')
}
