/** The verdict: plain, serialisable data, without prose. */
import type { Profile } from '../engines/profiles.js'
import type { ElementKind } from '../fetch/element-request.js'
import type { BlockedAt, CorsFailureCode } from '../fetch/failure.js'
import type { PreflightReason, Warning } from '../fetch/fetch-context.js'
import type { Initiator, RequestMode, RequestRedirect } from '../fetch/fetch-request.js'
import type { CacheState } from '../fetch/http-network-or-cache-fetch.js'
import type { PreloadMismatch } from '../fetch/preload.js'
import type { ResponseHead, ResponseType } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'

/** Where a request was when its fate was decided: after redirects another URL, and perhaps another origin, than the page asked with. */
export interface Hop {
  /** The current URL, without user info. */
  readonly url: string
  /** The origin sent there: `null` once a redirect has tainted it. */
  readonly origin: string
  /** The status of the last response, where there was one. */
  readonly status?: number
}

/** What a browser would do with a request and the responses it got. */
export interface Verdict {
  /** Whose behaviour. */
  readonly engine: Profile
  /**
   * - `allowed`: the page's script may read the response;
   * - `blocked`: it gets a network error, for {@link Verdict.code};
   * - `opaque`: it gets a response it cannot look into (`no-cors`, or `redirect: 'manual'`);
   * - `prompt`: the browser asks the user for a name and a password, and the script gets nothing until they answer; pages only;
   * - `incomplete`: what was given does not decide; see {@link Verdict.needs}.
   */
  readonly outcome: 'allowed' | 'blocked' | 'opaque' | 'incomplete' | 'prompt'
  /** The page's serialized origin. */
  readonly origin: string
  /** The page's URL, without user info. */
  readonly page: string
  /** Which API of the page made the request. */
  readonly initiator: Initiator
  /** What asked, where {@link initiator} is `element`. */
  readonly as?: ElementKind
  /** The URL asked for, without user info. */
  readonly url: string
  /** The method as it is sent, normalized. */
  readonly method: string
  /** `navigate` is that of frames. */
  readonly mode: RequestMode | 'navigate'
  readonly redirect: RequestRedirect
  /** Whether the credentials mode is `include`. */
  readonly credentials: boolean
  /** Where the request was when this was decided. */
  readonly hop: Hop
  readonly preflight: {
    /** Whether this engine sends a preflight before the request. */
    readonly required: boolean
    /** Every reason why. Values of secret headers are redacted. */
    readonly reasons: readonly PreflightReason[]
    /** The exact preflight this engine sends, where one is required. */
    readonly request?: RequestHead
  }
  /** What the user is asked for, where the outcome is `prompt`: the realm that the server names. */
  readonly prompt?: { readonly realm: string }
  /** Whether this is a preload, was given the response of one (nothing was sent), or makes no use of one of the same URL. */
  readonly preload?: 'made' | 'used' | 'unused'
  /** What of the request does not match the preload that it makes no use of. */
  readonly preloadMismatch?: PreloadMismatch
  /** The response's type, where there is one. */
  readonly type?: ResponseType
  /** Where it was blocked. */
  readonly blockedAt?: BlockedAt
  /** Why it was blocked. */
  readonly code?: CorsFailureCode
  /** The offending header in its usual spelling. */
  readonly header?: string
  /** Its value as the browser saw it, all lines joined by `, `; null where it is absent. */
  readonly value?: string | null
  /** The offending part: a header name or method not permitted, an unparsable list element, a URL. */
  readonly part?: string
  /** The offending status. */
  readonly status?: number
  /** The names of the response's headers a script may read, lower case, sorted. Empty unless allowed. */
  readonly exposedHeaders: readonly string[]
  /** What is missing to decide. */
  readonly needs?: 'preflight' | 'response' | 'redirect'
  /** The request to send next, where the verdict is incomplete. Its headers are not redacted: they are meant to be sent. */
  readonly next?: RequestHead
  /** Where the standard is stricter than this engine. */
  readonly warnings: readonly Warning[]
}

/** Whether the preflight has passed, and the request itself is what would be sent next. */
export function isPreflightPassed({ outcome, needs, preflight }: Verdict): boolean {
  return outcome === 'incomplete' && needs === 'response' && preflight.required
}

/** One request and its response. */
export interface Exchange {
  readonly kind: 'preflight' | 'request'
  /** The request as it left, `extraHeaders` and cookies included. */
  readonly request: RequestHead
  /** The head of the response, every header line as it came. */
  readonly response: ResponseHead
  /**
   * Whether the response came from the browser's HTTP cache: without any request (`local`), or after the server had confirmed it (`validated`).
   * @see https://fetch.spec.whatwg.org/#concept-response-cache-state
   */
  readonly cacheState?: CacheState | undefined
  /** What kind of server responded, where that is known otherwise than by its headers: `express`, `hono`, …. */
  readonly server?: string | undefined
}

/** What a page's request went through in one engine. */
export interface Journey {
  readonly verdict: Verdict
  /** Every request and its response, in the order they were sent. */
  readonly exchanges: readonly Exchange[]
  /**
   * Other exchanges with the same server that are at hand, such as what was asked again once an assertion had failed: they tell the possible
   * causes apart, and take no part in the verdict.
   */
  readonly related?: readonly Exchange[] | undefined
}
