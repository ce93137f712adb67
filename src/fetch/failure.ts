/** Every way a browser can refuse. The codes are public and stable; what they mean in words lives in `diagnose/`. */
import type { LocalResponse, ResponseHead, ResponseType } from './response.js'

/** What the CORS check refuses. @see https://fetch.spec.whatwg.org/#concept-cors-check */
export const corsCheckCodes = [
  'missing-allow-origin',
  'multiple-allow-origin',
  'invalid-allow-origin',
  'allow-origin-mismatch',
  'wildcard-allow-origin-with-credentials',
  'invalid-allow-credentials',
] as const

/** What else is refused of a preflight response. @see https://fetch.spec.whatwg.org/#cors-preflight-fetch */
export const preflightCodes = [
  'preflight-redirect',
  'preflight-status',
  'invalid-allow-methods',
  'invalid-allow-headers',
  'method-not-allowed',
  'header-not-allowed',
] as const

/** What the page's own call refuses, `new Request`, `open()` or `setRequestHeader()`: nothing is sent. */
export const callCodes = [
  'invalid-url',
  'url-with-credentials',
  'invalid-method',
  'forbidden-method',
  'method-in-no-cors-mode',
  'invalid-request-header',
  'only-if-cached-mode',
  'invalid-referrer',
  'stream-body-unsupported',
  'stream-body-in-no-cors-mode',
  'stream-body-with-keepalive',
  'body-with-get-or-head',
] as const

/** Every {@link CorsFailureCode}. */
export const corsFailureCodes = [
  ...corsCheckCodes,
  ...preflightCodes,
  // Redirects. https://fetch.spec.whatwg.org/#http-redirect-fetch
  'redirect-with-credentials',
  /** Only Chromium: user info in a `Location` where the standard follows it, same-origin or `no-cors`. */
  'redirect-with-credentials-outside-cors',
  'redirect-to-unsupported-scheme',
  'redirect-invalid-location',
  'redirect-mode-error',
  'too-many-redirects',
  'redirect-stream-body',
  // Main fetch. https://fetch.spec.whatwg.org/#concept-main-fetch
  'same-origin-mode',
  'no-cors-redirect-mode',
  'unsupported-scheme',
  'mixed-content',
  'bad-port',
  /** `cache: 'only-if-cached'`, and the HTTP cache does not have it; where there is none, it counts as empty. */
  'not-in-http-cache',
  /** More than 64 KiB under way with `keepalive`. */
  'keepalive-quota',
  'stream-needs-http2',
  // HTTP fetch. https://fetch.spec.whatwg.org/#concept-http-fetch
  /** `Cross-Origin-Resource-Policy` on the response to a request without CORS. */
  'resource-policy',
  // HTTP-network fetch. https://fetch.spec.whatwg.org/#concept-http-network-fetch
  /** Two different lines of a header that can be one only, such as `Location`. */
  'conflicting-header-lines',
  /** Only Chromium: a 407 although there is no proxy. */
  'proxy-authentication-required',
  ...callCodes,
  // EventSource. https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface
  'event-stream-status',
  'event-stream-content-type',
  // Elements. https://html.spec.whatwg.org/multipage/urls-and-fetching.html
  'element-status',
  'element-content-type',
  /** Only WebKit: an element asks with CORS for what was preloaded without it. */
  'preloaded-without-cors',
] as const

/**
 * Why a journey was blocked.
 *
 * Codes say *what* was wrong; {@link Failure.blockedAt} says *where*, so that `missing-allow-origin` at `'preflight'` is Chromium's
 * `PreflightMissingAllowOriginHeader` and at `'response'` its `MissingAllowOriginHeader`.
 */
export type CorsFailureCode = (typeof corsFailureCodes)[number]

/** Where on its way a request was blocked. */
export type BlockedAt = 'preflight' | 'request' | 'redirect' | 'response'

/** A refusal, with the offending header and value. Data only; no words. */
export interface Failure {
  readonly code: CorsFailureCode
  /** Where it happened: before anything was sent (`request`), on the preflight response, on the response, or on a redirect to another URL. */
  readonly blockedAt: BlockedAt
  /** The offending header in its usual spelling, where a header is. */
  readonly header?: string
  /** Its value as the browser saw it: all lines of that name joined by `, `; null where the header is absent. */
  readonly value?: string | null
  /** The offending part of the value or request: the header name or method not permitted, the unparsable list element, a URL. */
  readonly part?: string
  /** The offending status. */
  readonly status?: number
}

/** The browser asks the user for a name and a password: the fetch goes on once they answer. */
export interface Prompt {
  readonly failure: null
  readonly prompt: { readonly realm: string }
}

/** How a fetch ended, or that it waits for the user. */
export type FetchOutcome =
  | { readonly failure: Failure }
  | Prompt
  | { readonly failure: null; readonly type: ResponseType; readonly response: ResponseHead | LocalResponse }

/** A fetch that ended in a refusal. */
export function fail(
  code: CorsFailureCode,
  blockedAt: BlockedAt,
  detail: Omit<Failure, 'code' | 'blockedAt'> = {},
): { readonly failure: Failure } {
  return { failure: { code, blockedAt, ...detail } }
}
