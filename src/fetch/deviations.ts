/**
 * Where an engine departs from the Fetch Standard: one named switch per rule, all off in the standard. A step of the standard asks its
 * switch and never an engine's name; `engines/` fills the table in and cites the recording that shows each.
 */
export interface Deviations {
  // Request headers

  /** `User-Agent` is still a forbidden request-header. */
  readonly forbidUserAgentRequestHeader: boolean
  /** Several lines of one name are judged as one combined value; the standard judges each on its own. */
  readonly judgeCombinedRequestHeaders: boolean
  /** A name given twice is listed twice in `Access-Control-Request-Headers`. */
  readonly repeatDuplicateRequestHeaderNames: boolean
  /** Of several `Content-Type` lines all are judged but one is sent: the first where there is a body, else the last. */
  readonly sendsOneContentType: boolean
  /** A byte above 0x7F in a safelisted value makes it unsafe. */
  readonly nonAsciiSafelistedValueIsUnsafe: boolean
  /** `BYTES=0-1` is read as `bytes=0-1`. */
  readonly rangeUnitIgnoresCase: boolean
  /** The ends of a safelisted `Range` must fit 64 bits. */
  readonly rangeEndsFit64Bits: boolean
  /** The `Range` of a GET is sent in normal form: lower-case unit, no white space, no leading zeros. */
  readonly rewriteRangeValue: boolean
  /** Header values are sent as UTF-8 instead of one byte per character. */
  readonly encodeRequestHeadersAsUtf8: boolean
  /** Further CORS-safelisted request-headers: lower-case name to the values that are. */
  readonly safelistedClientHints: ReadonlyMap<string, RegExp>

  // Bodies

  /** What a `ReadableStream` body is: a stream, its string conversion, or refused. */
  readonly streamBody: 'stream' | 'text' | 'refused'
  /** An upload listener makes an XHR preflighted only when there is a body. */
  readonly uploadListenerNeedsBody: boolean
  /** XHR sends no `Content-Type` for a Blob whose type is not a MIME type. */
  readonly xhrDropsInvalidBlobType: boolean
  /** XHR overwrites the charset parameter of a text body in place, even where it already says UTF-8 in another case. */
  readonly xhrRewritesCharsetInPlace: boolean
  /** The `Content-Type` a body brings along is sent and shown in `no-cors` mode although it is not safelisted. */
  readonly noCorsKeepsBodyContentType: 'no' | 'unparsable' | 'all'

  // Responses

  /** Empty lines are dropped when several lines of a name are combined. */
  readonly dropEmptyDuplicateValues: boolean
  /** Header bytes are decoded as UTF-8 instead of one character per byte. */
  readonly decodeResponseHeadersAsUtf8: boolean

  // Preflights

  /** `*` in `Access-Control-Allow-Headers` covers `Authorization`. */
  readonly wildcardCoversAuthorization: boolean
  /** A preflight answered 3xx without `Location` is judged by its status, not as a redirect. */
  readonly redirectNeedsLocation: boolean

  // The preflight cache

  /** The longest an answer is kept, in seconds. */
  readonly maxAgeLimit: number
  /** What a malformed `Access-Control-Max-Age` comes to: the default of 5 seconds, or nothing is kept. */
  readonly malformedMaxAge: 'default' | 'no-cache'
  /** What a negative `Access-Control-Max-Age` comes to: malformed, hence the default, or 0. */
  readonly negativeMaxAge: 'default' | 'no-cache'
  /** How `Access-Control-Max-Age` is read where it overflows. */
  readonly overflowingMaxAge: 'default' | 'limit'
  /** `*` is not honoured when a cached answer is looked up. */
  readonly cacheIgnoresWildcards: boolean
  /** A cached answer must list the method even where it is safelisted. */
  readonly cacheNeedsSafelistedMethod: boolean
  /** The request cache modes `reload`, `no-store`, `no-cache` send a preflight whatever is cached. */
  readonly cacheModeBypassesPreflightCache: boolean
  /** A failure does not remove cached answers. */
  readonly keepsCacheOnFailure: boolean

  // Redirects

  /** A redirect status without a usable `Location` value (empty) is an ordinary response. */
  readonly emptyLocationIsNone: boolean
  /** Several `Location` lines are joined by `, `. */
  readonly joinsLocationLines: boolean
  /** A `Location` with user info is refused whatever the mode and origins. */
  readonly refusesAnyRedirectUserInfo: boolean
  /** 301 and 302 turn every method but GET and HEAD into GET, not only POST. */
  readonly redirectChangesAnyMethod: boolean
  /** A request that was preflighted once is preflighted after every redirect, whatever became of it. */
  readonly preflightSticksAfterRedirect: boolean
  /** Headers that a redirect removed are still listed in later preflights. */
  readonly preflightListsRemovedHeaders: boolean
  /** A preflight after a tainting redirect carries the real origin instead of `null`. */
  readonly preflightKeepsOriginAfterRedirect: boolean
  /** A GET that a redirect made of a POST keeps its `Origin` header. */
  readonly keepsOriginAfterMethodChange: boolean
  /** After the second of two redirects the headers a redirect removed are sent again. */
  readonly restoresRemovedHeaders: boolean

  /** Beyond the second redirect past the page's origin, the CORS check judges `same-origin` credentials as `include`. */
  readonly judgesCredentialsAfterSecondRedirect: boolean

  // Mixed content and schemes

  /** `http://localhost` is mixed content on an https page. */
  readonly localhostIsMixedContent: boolean
}

/** The Fetch Standard itself. */
export const noDeviations: Deviations = {
  forbidUserAgentRequestHeader: false,
  judgeCombinedRequestHeaders: false,
  repeatDuplicateRequestHeaderNames: false,
  sendsOneContentType: false,
  nonAsciiSafelistedValueIsUnsafe: false,
  rangeUnitIgnoresCase: false,
  rangeEndsFit64Bits: false,
  rewriteRangeValue: false,
  encodeRequestHeadersAsUtf8: false,
  safelistedClientHints: new Map(),
  streamBody: 'stream',
  uploadListenerNeedsBody: false,
  xhrDropsInvalidBlobType: false,
  xhrRewritesCharsetInPlace: false,
  noCorsKeepsBodyContentType: 'no',
  dropEmptyDuplicateValues: false,
  decodeResponseHeadersAsUtf8: false,
  wildcardCoversAuthorization: false,
  redirectNeedsLocation: false,
  maxAgeLimit: Number.POSITIVE_INFINITY,
  malformedMaxAge: 'default',
  negativeMaxAge: 'default',
  overflowingMaxAge: 'limit',
  cacheIgnoresWildcards: false,
  cacheNeedsSafelistedMethod: false,
  cacheModeBypassesPreflightCache: false,
  keepsCacheOnFailure: false,
  emptyLocationIsNone: false,
  joinsLocationLines: false,
  refusesAnyRedirectUserInfo: false,
  redirectChangesAnyMethod: false,
  preflightSticksAfterRedirect: false,
  preflightListsRemovedHeaders: false,
  preflightKeepsOriginAfterRedirect: false,
  keepsOriginAfterMethodChange: false,
  restoresRemovedHeaders: false,
  judgesCredentialsAfterSecondRedirect: false,
  localhostIsMixedContent: false,
}
