import type { CorsFailureCode } from './failure.js'
import type { RequestCache } from './fetch-request.js'
import type { LocationLines } from './redirect.js'

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
  /** Of several `Content-Type` lines all are judged but one is sent: the first where there is a body and no redirect, else the last. */
  readonly sendsOneContentType: boolean
  /** Names of which a `fetch` sends one value only where it is given several: the first or the last. They are all judged. */
  readonly singleRequestHeaders: ReadonlyMap<string, 'first' | 'last'>
  /** An empty value replaces what a `fetch` gave before under its name, and gives way to what it gives after. */
  readonly emptyRequestValueReplaces: boolean
  /** In `no-cors` mode `set()` judges the new value behind the old one, as `append()` does. */
  readonly noCorsSetJudgesCombined: boolean
  /** A comma anywhere in a `Content-Type` makes it unsafe. */
  readonly contentTypeWithCommaIsUnsafe: boolean
  /** Blanks before a `Content-Type`, which only the type of a Blob can have, make it unsafe in XHR. */
  readonly blankBeforeContentTypeIsUnsafe: boolean
  /** A byte above 0x7F in a safelisted value makes it unsafe. */
  readonly nonAsciiSafelistedValueIsUnsafe: boolean
  /** `BYTES=0-1` is read as `bytes=0-1`. */
  readonly rangeUnitIgnoresCase: boolean
  /** The largest number that a safelisted `Range` may name, or null for no limit. */
  readonly rangeLimit: bigint | null
  /** The numbers of a safelisted `Range` may have a plus sign. */
  readonly rangeMayHavePlusSigns: boolean
  /**
   * The `Range` of a GET that may be answered from the HTTP cache is sent in normal form: lower-case unit, no white space, no leading
   * zeros, plus signs or empty elements. Conditional requests and `cache: 'no-store'` are not.
   */
  readonly rewriteRangeValue: boolean
  /** Header values are sent as UTF-8 instead of one byte per character. */
  readonly encodeRequestHeadersAsUtf8: boolean
  /** Further CORS-safelisted request-headers: lower-case name to the values that are. */
  readonly safelistedClientHints: ReadonlyMap<string, RegExp>

  // Bodies

  /** What a `ReadableStream` body is: a stream, its string conversion, or refused. */
  readonly streamBody: 'stream' | 'text' | 'refused'
  /** In `no-cors` mode a body brings its `Content-Type` along, whatever it is, until the `Request` is made anew of another. */
  readonly noCorsKeepsBodyContentType: boolean
  /** An upload listener makes an XHR preflighted only when there is a body. */
  readonly uploadListenerNeedsBody: boolean
  /** The upload of an XHR whose URL needs no server fires nothing. */
  readonly localUploadsAreSilent: boolean
  /** An upload whose redirect is refused for where it leads, or whose next preflight fails, has failed. */
  readonly refusedRedirectFailsUpload: boolean
  /** A body that a redirect has sent again fires `progress` again, after `loadend`. */
  readonly resentUploadProgresses: boolean
  /** XHR reports the progress of a redirect of the page's own origin that is refused for where it leads. */
  readonly refusedRedirectProgresses: boolean
  /** XHR sends no `Content-Type` for a Blob whose type is not a MIME type; `strict` has every parameter spelt out. */
  readonly xhrDropsInvalidBlobType: false | 'lenient' | 'strict'
  /** XHR overwrites the charset parameter of a text body in place, even where it already says UTF-8 in another case. */
  readonly xhrRewritesCharsetInPlace: boolean
  /** XHR overwrites the charset parameter of a URL-encoded body too: as the standard does it for text, or in place, quotes included. */
  readonly xhrRewritesUrlEncodedCharset: false | 'as-text' | 'in-place'
  /** Whether a `Content-Type` is safelisted is judged by the value that the page set, not by the one that XHR made of it. */
  readonly xhrJudgesTypeAsSet: boolean
  /** In a worker XHR ends the types it gives bodies in `charset=utf-8`, in lower case, and leaves those that the page set alone. */
  readonly workerXhrKeepsCharset: boolean

  // Responses

  /** Empty lines are dropped when several lines of a name are combined. */
  readonly dropEmptyDuplicateValues: boolean
  /** Names of which empty lines are kept all the same. */
  readonly keepsEmptyLinesOf: ReadonlySet<string>
  /** Names that no script sees where several lines of them are not empty. */
  readonly hiddenWhereRepeated: ReadonlySet<string>
  /** Two lines spelt exactly `Access-Control-Allow-Origin` are two, even where one of them is empty. */
  readonly countsAllowOriginLines: boolean
  /** Names of which a response may not have two different lines, whatever its status: the answer is then no answer at all. */
  readonly conflictingLinesRefused: readonly string[]
  /** Names of which a script reads the first line only. */
  readonly firstResponseLineCounts: ReadonlySet<string>
  /** What stands between the lines of a `Content-Type` that a script reads. */
  readonly contentTypeSeparator: ', ' | ','
  /** The `responseURL` of an XHR has none of the user info that the page gave. */
  readonly responseUrlHidesUserInfo: boolean
  /** A `fetch` exposes every header for a `*` although an element after it is no token. */
  readonly wildcardExposesBeforeInvalidName: boolean
  /** Which of several values of `Content-Type` is the type of an event stream: the standard's choice of all, the first, or the first of the last line. */
  readonly eventStreamType: 'extracted' | 'first' | 'first-of-last-line'
  /** Where the type of an event stream ends, besides at `;`: the standard has it consist of tokens instead. */
  readonly eventStreamTypeEndsAt: RegExp | null
  /** What an event stream fails for and is asked for again all the same, as after its end. */
  readonly eventStreamRetriesAfter: ReadonlySet<CorsFailureCode>
  /** The schemes a redirect may name with the same effect, where it is refused for its scheme. */
  readonly eventStreamRetriesAfterRedirectTo: ReadonlySet<string>
  /** An event stream comes from a server: none is read from a `data:` URL. */
  readonly eventStreamNeedsServer: boolean
  /** An event stream may name no charset but UTF-8. */
  readonly eventStreamMustBeUtf8: boolean
  /** Tabs and line breaks inside a `data:` URL are escaped, not removed. */
  readonly escapesWhiteSpaceInDataUrls: boolean
  /** Blanks are removed from a `data:` URL whose data are base64. */
  readonly removesBlanksFromBase64Urls: boolean
  /** The type of a `data:` URL is cut at every `;`, its parameters are shown as they are written, a charset last, which must be a token. */
  readonly cutsDataUrlType: boolean
  /** A `fetch` of a `data:` URL shows a `Content-Length`. */
  readonly dataUrlHasContentLength: boolean
  /** Header bytes are decoded as UTF-8 instead of one character per byte. */
  readonly decodeResponseHeadersAsUtf8: boolean

  // Preflights

  /** A preflight carries the `User-Agent` that the page set. */
  readonly preflightCarriesUserAgent: boolean
  /** `*` in `Access-Control-Allow-Headers` covers `Authorization`. */
  readonly wildcardCoversAuthorization: boolean
  /** A preflight sent for an upload listener or a stream needs an answer that names the method, where that is not safelisted. */
  readonly preflightFlagGrantsNoMethod: boolean

  // The preflight cache

  /** The longest an answer is kept, in seconds. */
  readonly maxAgeLimit: number
  /** What a malformed `Access-Control-Max-Age` comes to: the default of 5 seconds, or nothing is kept. */
  readonly malformedMaxAge: 'default' | 'no-cache'
  /** `Access-Control-Max-Age` may have a plus sign. */
  readonly maxAgeMayHavePlusSign: boolean
  /** `Access-Control-Max-Age` may have vertical tabs and form feeds around it. */
  readonly maxAgeMayHaveControls: boolean
  /** What a negative `Access-Control-Max-Age` comes to: malformed, hence the default, or 0. */
  readonly negativeMaxAge: 'default' | 'no-cache'
  /** How `Access-Control-Max-Age` is read where it overflows. */
  readonly overflowingMaxAge: 'default' | 'limit'
  /** `*` is not honoured when a cached answer is looked up. */
  readonly cacheIgnoresWildcards: boolean
  /** A cached answer must list HEAD; only GET and POST go without. */
  readonly cacheNeedsHeadEntry: boolean
  /** One answer is kept per origin and URL: the next replaces it, and a request it does not cover drops it. */
  readonly cacheKeepsOneAnswer: boolean
  /** Answers to requests with and without credentials are kept apart. */
  readonly cacheSeparatesCredentials: boolean
  /** An answer that passes the CORS check is cached although it does not permit this request's method or headers. */
  readonly cachesRefusingAnswers: boolean
  /** The request cache modes that send a preflight whatever is cached. */
  readonly cacheModesThatPreflight: ReadonlySet<RequestCache>
  /** A request that is conditional by its headers sends a preflight whatever is cached, unless it names a cache mode. */
  readonly conditionalRequestsPreflight: 'never' | 'fetch' | 'always'
  /** With `cache: 'no-store'` the answer to a preflight is not kept. */
  readonly noStoreKeepsNoAnswer: boolean
  /** `*` among cached header names does not cover `Authorization`, though it does in a fresh answer. */
  readonly cachedWildcardLeavesOutAuthorization: boolean
  /** Which opaque origins share cached answers between requests: all, only those of pages (not those that a redirect made opaque), or none. */
  readonly opaqueOriginsShareCache: 'all' | 'pages' | 'none'
  /** Nothing is cached for an origin that a redirect made opaque. */
  readonly taintedOriginsAreUncached: boolean
  /** Which blocked requests remove the cached answers for their URL: those that needed a preflight, all, or none. */
  readonly failureClearsCache: 'preflighted' | 'any' | 'never'

  // Redirects

  /** What an empty `Location` is: the same URL again, none (an ordinary response), or invalid. */
  readonly emptyLocation: 'same-url' | 'none' | 'invalid'
  /** How several `Location` lines are read; to the standard they are a failure, even where they are equal. */
  readonly locationLines: LocationLines
  /** `redirect: 'error'` lets a redirect status through that comes without a `Location`, or with an empty one. */
  readonly redirectErrorNeedsLocation: boolean
  /** `redirect: 'manual'` refuses a `Location` that does not parse. */
  readonly manualRedirectNeedsValidLocation: boolean
  /** A `Location` with user info is refused whatever the mode and origins, but in XHR. */
  readonly refusesAnyRedirectUserInfo: boolean
  /** An invalid `Location`, or one redirect too many, is refused before the CORS check is asked. */
  readonly judgesLocationBeforeCorsCheck: boolean
  /** A cross-origin redirect makes a GET of a DELETE, whatever the status, and leaves its headers alone. */
  readonly crossOriginRedirectMakesDeleteGet: boolean
  /**
   * What becomes of headers that a redirect removed, on the next redirect: they stay away; those of the body are sent again unless that
   * redirect changes the method too (outside CORS only `Content-Type`, and from the first 307 or 308 on); or every header is, but for what
   * that one redirect itself removes, judged by the first method.
   */
  readonly removedHeaders: 'stay-away' | 'body-returns' | 'all-return'
  /** A cross-origin `Location` with user info on a same-origin response is refused after the preflight it asks for, not before. */
  readonly preflightsBeforeRefusingUserInfo: boolean
  /** A request that was preflighted once is preflighted after every redirect, whatever became of it. */
  readonly preflightSticksAfterRedirect: boolean
  /**
   * Which headers a preflight after a redirect is due for: those the request now has, or those it began with. With `initial` all those are
   * listed; with `initial-but-removed` the last redirect's removals are left out of the list, not out of the decision.
   */
  readonly redirectedPreflightHeaders: 'current' | 'initial' | 'initial-but-removed'
  /** After a preflight, that of the first redirect that removes it still lists the `Content-Type` that an XHR's body brought along. */
  readonly redirectedPreflightKeepsBodyType: boolean
  /** A preflight after a tainting redirect carries the real origin instead of `null`. */
  readonly preflightKeepsOriginAfterRedirect: boolean
  /** Outside CORS, a redirect that leaves an origin makes the `Origin` header `null` for good. */
  readonly noCorsRedirectHidesOrigin: boolean
  /** Outside CORS, `same-origin` credentials go wherever redirects lead, if the first URL is the page's own. */
  readonly noCorsCredentialsFollowRedirects: boolean
  /** Outside CORS, a GET of an opaque origin with `include` says so to secure servers of its page's site: their cookies are held back. */
  readonly heldBackCookiesShowOrigin: boolean
  /** A redirect to where the page is not at home removes the client hints of {@link Deviations.safelistedClientHints}, but for `Save-Data`. */
  readonly redirectRemovesClientHints: boolean
  /** A loopback address over http gets no referrer of a page on https. */
  readonly loopbackGetsNoReferrer: boolean
  /** An event stream is asked for with a referrer in frames of an opaque origin too, and without one in workers. */
  readonly eventStreamReferrerIsOfDocuments: boolean
  /** Where a page is on https, a loopback address over http is no downgrade that hides its origin. */
  readonly loopbackIsNoDowngrade: boolean
  /** A GET that a redirect made of a POST keeps its `Origin` header until a redirect leaves an origin. */
  readonly keepsOriginAfterMethodChange: boolean
  /**
   * Where a same-origin request was redirected away, the CORS check of a further redirect judges `same-origin` credentials as `include`. Of a
   * preflighted request it refuses after the next preflight.
   */
  readonly judgesCredentialsOfLaterRedirects: boolean

  // Mixed content and schemes

  /** Mixed content after a redirect is refused after the preflight that is due for it. */
  readonly preflightsBeforeMixedContent: boolean
  /** `cache: 'only-if-cached'` asks the server where nothing is cached. */
  readonly ignoresOnlyIfCached: boolean
  /** `http://localhost` is mixed content on an https page. */
  readonly localhostIsMixedContent: boolean
  /** Outside CORS, `redirect` must be `follow` for a `data:` URL too. */
  readonly noCorsDataUrlMustFollow: boolean
  /** `about:blank` cannot be fetched, not even in mode `no-cors`. */
  readonly refusesAboutBlank: boolean
}

/** The Fetch Standard itself. */
export const noDeviations: Deviations = {
  forbidUserAgentRequestHeader: false,
  judgeCombinedRequestHeaders: false,
  repeatDuplicateRequestHeaderNames: false,
  sendsOneContentType: false,
  singleRequestHeaders: new Map(),
  emptyRequestValueReplaces: false,
  noCorsSetJudgesCombined: false,
  contentTypeWithCommaIsUnsafe: false,
  blankBeforeContentTypeIsUnsafe: false,
  nonAsciiSafelistedValueIsUnsafe: false,
  rangeUnitIgnoresCase: false,
  rangeLimit: null,
  rangeMayHavePlusSigns: false,
  rewriteRangeValue: false,
  encodeRequestHeadersAsUtf8: false,
  safelistedClientHints: new Map(),
  streamBody: 'stream',
  noCorsKeepsBodyContentType: false,
  uploadListenerNeedsBody: false,
  localUploadsAreSilent: false,
  refusedRedirectFailsUpload: false,
  resentUploadProgresses: false,
  refusedRedirectProgresses: false,
  xhrDropsInvalidBlobType: false,
  xhrRewritesCharsetInPlace: false,
  xhrRewritesUrlEncodedCharset: false,
  xhrJudgesTypeAsSet: false,
  workerXhrKeepsCharset: false,
  dropEmptyDuplicateValues: false,
  keepsEmptyLinesOf: new Set(),
  hiddenWhereRepeated: new Set(),
  countsAllowOriginLines: false,
  conflictingLinesRefused: [],
  firstResponseLineCounts: new Set(),
  contentTypeSeparator: ', ',
  responseUrlHidesUserInfo: false,
  wildcardExposesBeforeInvalidName: false,
  eventStreamType: 'extracted',
  eventStreamTypeEndsAt: null,
  eventStreamRetriesAfter: new Set(),
  eventStreamRetriesAfterRedirectTo: new Set(),
  eventStreamNeedsServer: false,
  eventStreamMustBeUtf8: false,
  escapesWhiteSpaceInDataUrls: false,
  removesBlanksFromBase64Urls: false,
  cutsDataUrlType: false,
  dataUrlHasContentLength: false,
  decodeResponseHeadersAsUtf8: false,
  preflightCarriesUserAgent: false,
  wildcardCoversAuthorization: false,
  preflightFlagGrantsNoMethod: false,
  maxAgeLimit: Number.POSITIVE_INFINITY,
  malformedMaxAge: 'default',
  maxAgeMayHavePlusSign: false,
  maxAgeMayHaveControls: false,
  negativeMaxAge: 'default',
  overflowingMaxAge: 'limit',
  cacheIgnoresWildcards: false,
  cacheNeedsHeadEntry: false,
  cacheKeepsOneAnswer: false,
  cacheSeparatesCredentials: false,
  cachesRefusingAnswers: false,
  cacheModesThatPreflight: new Set(),
  conditionalRequestsPreflight: 'never',
  noStoreKeepsNoAnswer: false,
  cachedWildcardLeavesOutAuthorization: false,
  opaqueOriginsShareCache: 'all',
  taintedOriginsAreUncached: false,
  failureClearsCache: 'preflighted',
  emptyLocation: 'same-url',
  locationLines: 'single',
  redirectErrorNeedsLocation: false,
  manualRedirectNeedsValidLocation: false,
  refusesAnyRedirectUserInfo: false,
  judgesLocationBeforeCorsCheck: false,
  crossOriginRedirectMakesDeleteGet: false,
  removedHeaders: 'stay-away',
  preflightsBeforeRefusingUserInfo: false,
  preflightSticksAfterRedirect: false,
  redirectedPreflightHeaders: 'current',
  redirectedPreflightKeepsBodyType: false,
  preflightKeepsOriginAfterRedirect: false,
  noCorsRedirectHidesOrigin: false,
  noCorsCredentialsFollowRedirects: false,
  heldBackCookiesShowOrigin: false,
  redirectRemovesClientHints: false,
  loopbackGetsNoReferrer: false,
  eventStreamReferrerIsOfDocuments: false,
  loopbackIsNoDowngrade: false,
  keepsOriginAfterMethodChange: false,
  judgesCredentialsOfLaterRedirects: false,
  preflightsBeforeMixedContent: false,
  ignoresOnlyIfCached: false,
  localhostIsMixedContent: false,
  noCorsDataUrlMustFollow: false,
  refusesAboutBlank: false,
}
