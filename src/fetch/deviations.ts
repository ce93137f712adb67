import type { ElementKind } from './element-request.js'
import type { CorsFailureCode } from './failure.js'
import type { RequestCache, RequestDestination } from './fetch-request.js'
import type { Header } from './header-list.js'
import type { LocationLines } from './redirect.js'

/** @see https://httpwg.org/specs/rfc9110.html#overview.of.status.codes */
const heuristicallyCacheable: ReadonlySet<number> = new Set([
  200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501,
])

/** Every switch as the Fetch Standard has it. What the type of a value does not say, `as` does. */
const standard = {
  // Request headers
  requestHeaders: {
    /** `User-Agent` is still a forbidden request-header. */
    forbidsUserAgent: false,
    /** Several lines of one name are judged as one combined value; the standard judges each on its own. */
    judgesCombined: false,
    /** White space at the end of a combined value is not judged. */
    judgesCombinedTrimmed: false,
    /** A name given twice is listed twice in `Access-Control-Request-Headers`. */
    listsNamesAgain: false,
    /** In `no-cors` mode `set()` judges the new value behind the old one, as `append()` does. */
    noCorsSetJudgesCombined: false,
    /** A comma anywhere in a `Content-Type` makes it unsafe. */
    contentTypeWithCommaIsUnsafe: false,
    /** Blanks before a `Content-Type`, which only the type of a Blob can have, make it unsafe in XHR. */
    blankBeforeContentTypeIsUnsafe: false,
    /** A byte above 0x7F in a safelisted value makes it unsafe. */
    nonAsciiValueIsUnsafe: false,
    /** `BYTES=0-1` is read as `bytes=0-1`. */
    rangeUnitIgnoresCase: false,
    /** The largest number that a safelisted `Range` may name, or null for no limit. */
    rangeLimit: null as bigint | null,
    /** The numbers of a safelisted `Range` may have a plus sign. */
    rangeMayHavePlusSigns: false,
    /** Further CORS-safelisted request-headers: lower-case name to the values that are. */
    safelistedClientHints: new Map() as ReadonlyMap<string, RegExp>,
  },
  // Headers as they are sent
  sentHeaders: {
    /** Of several `Content-Type` lines all are judged but one is sent: the first where there is a body and no redirect, else the last. */
    oneContentType: false,
    /** Names of which a `fetch` sends one value only where it is given several: the first or the last. They are all judged. */
    singleHeaders: new Map() as ReadonlyMap<string, 'first' | 'last'>,
    /** An empty value replaces what a `fetch` gave before under its name, and gives way to what it gives after. */
    emptyValueReplaces: false,
    /**
     * The `Range` of a GET that may be served from the HTTP cache is sent in normal form: lower-case unit, no white space, no leading
     * zeros, plus signs or empty elements. Conditional requests and `cache: 'no-store'` are not.
     */
    rewritesRange: false,
    /** Header values are sent as UTF-8 instead of one byte per character. */
    encodesAsUtf8: false,
    /** A preflight carries the `User-Agent` that the page set. */
    preflightCarriesUserAgent: false,
    /** Outside CORS, a redirect that leaves an origin makes the `Origin` header `null` for good. */
    noCorsRedirectHidesOrigin: false,
    /** Workers that are made of a `data:` URL say the origin of their page outside CORS, and are at home where their page is. */
    dataWorkersActForPage: false,
    /** A referrer policy hides the origin of navigations only, not that of what scripts and elements ask for. */
    policyHidesOriginOfNavigationsOnly: false,
    /** A GET that a redirect made of a POST keeps its `Origin` header until a redirect leaves an origin. */
    keepsOriginAfterMethodChange: false,
  },
  // Bodies
  bodies: {
    /** What a `ReadableStream` body is: a stream, its string conversion, or refused. */
    streams: 'stream' as 'stream' | 'text' | 'refused',
    /** In `no-cors` mode a body brings its `Content-Type` along, whatever it is, until the `Request` is made anew of another. */
    noCorsKeepsContentType: false,
    /** An upload listener makes an XHR preflighted only when there is a body. */
    uploadListenerNeedsBody: false,
    /** XHR sends no `Content-Type` for a Blob whose type is not a MIME type; `strict` has every parameter spelt out. */
    xhrDropsInvalidBlobType: false as false | 'lenient' | 'strict',
    /** XHR overwrites the charset parameter of a text body in place, even where it already says UTF-8 in another case. */
    xhrRewritesCharsetInPlace: false,
    /** XHR overwrites the charset parameter of a URL-encoded body too: as the standard does it for text, or in place, quotes included. */
    xhrRewritesUrlEncodedCharset: false as false | 'as-text' | 'in-place',
    /** Whether a `Content-Type` is safelisted is judged by the value that the page set, not by the one that XHR made of it. */
    xhrJudgesTypeAsSet: false,
    /** In a worker XHR ends the types it gives bodies in `charset=utf-8`, in lower case, and leaves those that the page set alone. */
    workerXhrKeepsCharset: false,
  },
  // Mixed content and schemes
  schemes: {
    /** Mixed content after a redirect is refused after the preflight that is due for it. */
    preflightsBeforeMixedContent: false,
    /** `cache: 'only-if-cached'` asks the server where nothing is cached. */
    ignoresOnlyIfCached: false,
    /** `http://localhost` is mixed content on an https page. */
    localhostIsMixedContent: false,
    /** `about:blank` cannot be fetched, not even in mode `no-cors`. */
    refusesAboutBlank: false,
    /** Outside CORS, `redirect` must be `follow` for a `data:` URL too. */
    noCorsDataUrlMustFollow: false,
    /** Tabs and line breaks inside a `data:` URL are escaped, not removed. */
    escapesWhiteSpaceInDataUrls: false,
    /** Workers that are made of a `data:` URL cannot fetch `blob:` URLs. */
    dataWorkersReadNoBlobs: false,
    /** Blanks are removed from a `data:` URL whose data are base64. */
    removesBlanksFromBase64Urls: false,
    /** The type of a `data:` URL is cut at every `;`, its parameters are shown as they are written, a charset last, which must be a token. */
    cutsDataUrlType: false,
    /** A `fetch` of a `data:` URL shows a `Content-Length`. */
    dataUrlHasContentLength: false,
  },
  // Preflights
  preflight: {
    /** `*` in `Access-Control-Allow-Headers` covers `Authorization`. */
    wildcardCoversAuthorization: false,
    /** A preflight sent for an upload listener or a stream needs a response that names the method, where that is not safelisted. */
    flagGrantsNoMethod: false,
    /** A request that was preflighted once is preflighted after every redirect, whatever became of it. */
    sticksAfterRedirect: false,
    /**
     * Which headers a preflight after a redirect is due for: those the request now has, or those it began with. With `initial` all those are
     * listed; with `initial-but-removed` the last redirect's removals are left out of the list, not out of the decision.
     */
    headersAfterRedirect: 'current' as 'current' | 'initial' | 'initial-but-removed',
    /** After a preflight, that of the first redirect that removes it still lists the `Content-Type` that an XHR's body brought along. */
    keepsBodyTypeAfterRedirect: false,
    /** A preflight after a tainting redirect carries the real origin instead of `null`. */
    keepsOriginAfterRedirect: false,
  },
  // The preflight cache
  cache: {
    /** The longest a response is kept, in seconds. */
    maxAgeLimit: Number.POSITIVE_INFINITY,
    /** What a malformed `Access-Control-Max-Age` comes to: the default of 5 seconds, or nothing is kept. */
    malformedMaxAge: 'default' as 'default' | 'no-cache',
    /** `Access-Control-Max-Age` may have a plus sign. */
    maxAgeMayHavePlusSign: false,
    /** `Access-Control-Max-Age` may have vertical tabs and form feeds around it. */
    maxAgeMayHaveControls: false,
    /** What a negative `Access-Control-Max-Age` comes to: malformed, hence the default, or 0. */
    negativeMaxAge: 'default' as 'default' | 'no-cache',
    /** How `Access-Control-Max-Age` is read where it overflows. */
    overflowingMaxAge: 'limit' as 'default' | 'limit',
    /** `*` is not honored when a cached response is looked up. */
    ignoresWildcards: false,
    /** A cached response must list HEAD; only GET and POST go without. */
    needsHeadEntry: false,
    /** One response is kept per origin and URL: the next replaces it, and a request it does not cover drops it. */
    keepsOneResponse: false,
    /** Responses to requests with and without credentials are kept apart. */
    separatesCredentials: false,
    /** A response that passes the CORS check is cached although it does not permit this request's method or headers. */
    keepsRefusingResponses: false,
    /** The request cache modes that send a preflight whatever is cached. */
    modesThatPreflight: new Set() as ReadonlySet<RequestCache>,
    /** A request that is conditional by its headers sends a preflight whatever is cached, unless it names a cache mode. */
    conditionalRequestsPreflight: 'never' as 'never' | 'fetch' | 'always',
    /** With `cache: 'no-store'` the response to a preflight is not kept. */
    noStoreKeepsNothing: false,
    /** `*` among cached header names does not cover `Authorization`, though it does in a fresh response. */
    wildcardLeavesOutAuthorization: false,
    /** Which opaque origins share cached responses between requests: all, only those of pages (not those that a redirect made opaque), or none. */
    opaqueOriginsShare: 'all' as 'all' | 'pages' | 'none',
    /** Nothing is cached for an origin that a redirect made opaque. */
    taintedOriginsAreUncached: false,
    /** Which blocked requests remove the cached responses for their URL: those that needed a preflight, all, or none. */
    failureClears: 'preflighted' as 'preflighted' | 'any' | 'never',
  },
  // The HTTP cache
  httpCache: {
    /** Whose responses are kept apart: those of each top-level site, whatever its scheme, also those of each frame's site, or nobody's. */
    partition: 'top-level-site' as 'top-level-site' | 'top-level-domain' | 'frame-site' | 'none',
    /** Requests with and without credentials do not share responses. */
    separatesCredentials: false,
    /** A request waits for the response to another one that is under way, and takes it for its own. */
    waitsForOthers: false,
    /** What elements load of another site shares no responses with what scripts ask for there. */
    separatesElementsOfOtherSites: false,
    /** The documents of frames share no responses with anything else. */
    separatesFrameDocuments: false,
    /** The statuses that are kept although the response names no lifetime. */
    keptStatuses: heuristicallyCacheable as ReadonlySet<number> | 'any',
    /** The statuses that are kept where the response names a lifetime. */
    explicitStatuses: 'any' as ReadonlySet<number> | 'any',
    /** The statuses that a `Last-Modified` makes fresh for a while. */
    heuristicStatuses: heuristicallyCacheable,
    /** The statuses that stay fresh for good where the response names no lifetime. */
    lastingStatuses: new Set() as ReadonlySet<number>,
    /** The statuses that can be fresh. */
    freshStatuses: 'any' as ReadonlySet<number> | 'any',
    /** The statuses that are validated; others are asked for anew. */
    validatedStatuses: 'any' as ReadonlySet<number> | 'any',
    /** What can be neither fresh nor validated is not kept. */
    keepsOnlyReusable: false,
    /** With `must-revalidate` a `Last-Modified` makes nothing fresh. */
    mustRevalidateNeedsLifetime: false,
    /** What an `Expires` that is not a date means: the past, the past if it is `0` and else nothing, or nothing. */
    invalidExpires: 'past' as 'past' | 'past-if-zero' | 'ignored',
    /** Whether a directive's argument may stand in quotes, or may not, or nothing counts from the first that does. */
    quotedArguments: 'read' as 'read' | 'ignored' | 'last',
    /** `no-cache="set-cookie"` forbids nothing. */
    ignoresQualifiedNoCache: false,
    /** White space around `=` and what follows the digits of `max-age` are overlooked. */
    lenientMaxAge: false,
    /** The largest `max-age` that counts. */
    maxAgeLimit: Number.POSITIVE_INFINITY,
    /** A negative `max-age` is 0, not ignored. */
    negativeMaxAgeIsZero: false,
    /** Of several `max-age` the last counts. */
    lastMaxAgeCounts: false,
    /** `stale-while-revalidate` counts although there is `must-revalidate`. */
    staleDespiteMustRevalidate: false,
    /** A response that a request with other values of what `Vary` names got is validated by its `ETag`. */
    validatesOtherVariants: false,
    /** `Vary: Cookie` is about the cookies that there are, sent or not. */
    variesOnUnsentCookies: false,
    /** What a HEAD is given: a stored response to a GET, one to a HEAD, or the server. */
    headIsServedBy: 'get' as 'get' | 'head' | 'server',
    /** The methods that drop what is stored for their URL. */
    invalidatedBy: 'unsafe-methods' as 'unsafe-methods' | 'other-methods' | ReadonlySet<string>,
    /** Headers with empty values are not kept. */
    losesEmptyHeaders: false,
    /** What is not kept where it is then refused, by CORS for one. */
    dropsRefused: 'nothing' as 'nothing' | 'responses' | 'redirects',
    /** A request with `Cache-Control: no-cache` is not even conditional. */
    noCacheReloads: false,
    /** A request with `Cache-Control: no-store` is not served from the cache. */
    noStoreAsksServer: false,
    /** `Pragma` in a request says nothing. */
    ignoresRequestPragma: false,
    /** A 304 to a request that was not conditional confirms what is stored. */
    takesUnaskedNotModified: false,
    /** The responses to requests with `Range` are kept, each for itself. */
    keepsRangeResponses: false,
    /** A conditional request of the page's own carries `Cache-Control: max-age=0`, not `no-cache`. */
    conditionalRequestsSayMaxAge: false,
    /** A request in the background, for `stale-while-revalidate`, carries `Cache-Control: max-age=0`. */
    revalidationSaysMaxAge: false,
    /** A request in the background waits until the stale response has been delivered. */
    revalidationWaits: false,
  },
  // Redirects
  redirect: {
    /** What an empty `Location` is: the same URL again, none (an ordinary response), or invalid. */
    emptyLocation: 'same-url' as 'same-url' | 'none' | 'invalid',
    /** How several `Location` lines are read; to the standard they are a failure, even where they are equal. */
    locationLines: 'single' as LocationLines,
    /** `redirect: 'error'` lets a redirect status through that comes without a `Location`, or with an empty one. */
    errorModeNeedsLocation: false,
    /** `redirect: 'manual'` refuses a `Location` that does not parse. */
    manualModeNeedsValidLocation: false,
    /** Schemes that `redirect: 'manual'` refuses too. */
    manualModeRefusesSchemes: new Set() as ReadonlySet<string>,
    /** A `Location` with user info is refused whatever the mode and origins, but in XHR. */
    refusesAnyUserInfo: false,
    /** An invalid `Location`, or one redirect too many, is refused before the CORS check is asked. */
    judgesLocationBeforeCorsCheck: false,
    /** A cross-origin redirect makes a GET of a DELETE, whatever the status, and leaves its headers alone. */
    crossOriginMakesDeleteGet: false,
    /**
     * What becomes of headers that a redirect removed, on the next redirect: they stay away; those of the body are sent again unless that
     * redirect changes the method too (outside CORS only `Content-Type`, and from the first 307 or 308 on); or every header is, but for what
     * that one redirect itself removes, judged by the first method.
     */
    removedHeaders: 'stay-away' as 'stay-away' | 'body-returns' | 'all-return',
    /** A redirect to where the page is not at home removes the client hints of `requestHeaders.safelistedClientHints`, but for `Save-Data`. */
    removesClientHints: false,
    /** A cross-origin `Location` with user info on a same-origin response is refused after the preflight it asks for, not before. */
    preflightsBeforeRefusingUserInfo: false,
    /**
     * Where a same-origin request was redirected away, the CORS check of a further redirect judges `same-origin` credentials as `include`. Of a
     * preflighted request it refuses after the next preflight.
     */
    judgesCredentialsOfLaterRedirects: false,
  },
  // Responses
  responses: {
    /** Empty lines are dropped when several lines of a name are combined. */
    dropsEmptyLines: false,
    /** Names of which empty lines are kept all the same. */
    keepsEmptyLinesOf: new Set() as ReadonlySet<string>,
    /** Names that no script sees where several lines of them are not empty. */
    hiddenWhereRepeated: new Set() as ReadonlySet<string>,
    /** Two lines spelt exactly `Access-Control-Allow-Origin` are two, even where one of them is empty. */
    countsAllowOriginLines: false,
    /** Names of which a response may not have two different lines, whatever its status: the response is then no response at all. */
    conflictingLinesRefused: [] as readonly string[],
    /** Names of which a script reads the first line only. */
    firstLineCounts: new Set() as ReadonlySet<string>,
    /** What stands between the lines of a `Content-Type` that a script reads. */
    contentTypeSeparator: ', ' as ', ' | ',',
    /** The body of a 205 is read; to the standard that status has none. */
    resetContentHasBody: false,
    /** The `responseURL` of an XHR has none of the user info that the page gave. */
    urlHidesUserInfo: false,
    /** A `fetch` exposes every header for a `*` although an element after it is not a token. */
    wildcardExposesBeforeInvalidName: false,
    /** Header bytes are decoded as UTF-8 instead of one character per byte. */
    decodesAsUtf8: false,
  },
  // Event streams
  eventStreams: {
    /** Which of several values of `Content-Type` is the type of an event stream: the standard's choice of all, the first, or the first of the last line. */
    type: 'extracted' as 'extracted' | 'first' | 'first-of-last-line',
    /** Where the type of an event stream ends, other than at `;`: the standard has it consist of tokens instead. */
    typeEndsAt: null as RegExp | null,
    /** An event stream may name no charset but UTF-8. */
    mustBeUtf8: false,
    /** An event stream comes from a server: none is read from a `data:` URL. */
    needServer: false,
    /** What an event stream fails for and is asked for again all the same, as after its end. */
    retryAfter: new Set() as ReadonlySet<CorsFailureCode>,
    /** The schemes a redirect may name with the same effect, where it is refused for its scheme. */
    retryAfterRedirectTo: new Set() as ReadonlySet<string>,
  },
  // Events of XMLHttpRequest
  xhrEvents: {
    /** The upload of an XHR whose URL needs no server fires nothing. */
    localUploadsAreSilent: false,
    /** An upload whose redirect is refused for where it leads, or whose next preflight fails, has failed. */
    refusedRedirectFailsUpload: false,
    /** A body that a redirect has sent again fires `progress` again, after `loadend`. */
    resentUploadProgresses: false,
    /** XHR reports the progress of a redirect of the page's own origin that is refused for where it leads. */
    refusedRedirectProgresses: false,
    /** The response to an upload that a script may not read makes the upload a failed one. */
    blockedResponseFailsUpload: false,
    /** An upload without a body fails too, where method and headers make the request preflighted. */
    uploadWithoutBodyFails: false,
    /** An empty response body fires `progress`. */
    emptyBodyProgresses: false,
  },
  // Logins and repeated requests
  login: {
    /** Whether a challenge of another origin makes the browser ask the user: never, outside CORS only, or always. */
    asksAcrossOrigins: 'outside-cors' as 'never' | 'outside-cors' | 'always',
    /** For whose images the user is asked: whosever they are, those of the page's site, or those of its origin. */
    asksForImagesOf: 'anyone' as 'anyone' | 'same-site' | 'same-origin',
    /** The user is not asked for an event stream, which gets the 401. */
    asksForNoEventStream: false,
    /** The user is asked although the page sent an `Authorization` of its own. */
    asksAfterOwnAuthorization: true,
    /** A login that is known at the page's own origin is sent instead of the page's own `Authorization`. */
    knownReplacesOwn: false,
    /** User name and password of an XHR are sent on the challenge of another origin, whatever the credentials mode. */
    urlIsForOtherOrigins: false,
    /** What elements ask for outside CORS may not have a user name or a password in its URL. */
    refusesUrlsOfElements: false,
    /** Logins are known to pages of the site only that they were given at. */
    partitioned: false,
    /** A request is sent once more after a 408. */
    repeatsAfterTimeout: false,
    /** A 407 is a network error. */
    refusesProxyAuthentication: false,
  },
  // Beacons and what outlives its page
  keepalive: {
    /** The bodies of requests with `keepalive` may be of any size, together too. */
    hasNoQuota: false,
    /** Once the page is left, nothing more of a request with `keepalive` is sent: neither what waits for its preflight nor a redirect. */
    sendsNothingOnceLeft: false,
    /** Beacons go out with `Cache-Control: max-age=0`. */
    beaconsSayMaxAge: false,
    /** Beacons go out without known logins. */
    beaconsHaveNoLogins: false,
    /** The navigation of a form goes out with `Cache-Control: max-age=0`. */
    formsSayMaxAge: false,
  },
  // Referrers
  referrer: {
    /** A loopback address over http is a downgrade: it gets no referrer of a page on https, unless the policy allows downgrades. */
    loopbackIsDowngrade: false,
    /** `unsafe-url`, `no-referrer-when-downgrade` and `origin-when-cross-origin` tell other sites no more than the default policy does. */
    clampsAcrossSites: false,
    /** An event stream is asked for with a referrer in frames of an opaque origin too, and without one in workers. */
    eventStreamReferrerIsOfDocuments: false,
    /** Frames with an opaque origin send the referrer of their URL. */
    opaqueOriginsSendReferrer: false,
    /** Frames and workers made of a blob send the origin of the page that made it. */
    blobPagesSendOrigin: false,
    /** A `srcdoc` frame sends no referrer. */
    srcdocHasNoReferrer: false,
  },
  // Headers that the browser adds
  browserHeaders: {
    /** Outside CORS, a GET of an opaque origin with `include` says so to secure servers of its page's site: their cookies are held back. */
    heldBackCookiesShowOrigin: false,
    /** A preflight says its `Sec-Fetch-Mode` to servers that are not potentially trustworthy too. */
    preflightAlwaysSaysMode: false,
  },
  // Elements
  elements: {
    /** What is accepted for a destination, and for an SVG document, where that is not what the standard says. */
    accepts: new Map() as ReadonlyMap<RequestDestination | 'svg', string>,
    /** Fonts are asked for without CORS. */
    fontsAreNoCors: false,
    /** A preload of a font is asked for with CORS, without credentials, whatever its `crossorigin` says. */
    fontPreloadsAreCors: false,
    /** Text tracks are asked for without CORS, like images, where the media element has no `crossorigin`. */
    tracksAreNoCors: false,
    /** SVG documents that a page refers to must be of its own origin, whatever they are needed for. */
    svgIsSameOrigin: false,
    /** `<object>` and `<embed>` ask as frames do. */
    embedsAreFrames: false,
    /** What media are asked for with. */
    mediaHeaders: [['Range', 'bytes=0-']] as readonly Header[],
    /** Elements that ask with CORS say so to the page's own origin too, in an `Origin` header: all of them, or all but media. */
    sayOriginAtHome: 'none' as 'none' | 'all' | 'but-media',
    /** A redirect that leaves an origin removes the `Sec-Fetch-*` headers of a request with CORS. */
    redirectsRemoveMetadata: false,
    /** What a module imports is asked for with the page as its referrer, and not the module. */
    importsHavePageAsReferrer: false,
    /** Text tracks are asked for without a referrer. */
    tracksHaveNoReferrer: false,
    /** A style sheet that CORS refused is an empty one, whose rules a script may read. */
    refusedSheetsAreReadable: false,
    /** What a script throws is told in full, wherever the script comes from. */
    scriptErrorsAreTold: false,
    /** A style sheet of another type loads, and is not applied. */
    anySheetTypeLoads: false,
    /** Text tracks may have any status. */
    tracksHaveAnyStatus: false,
    /** Text tracks may be read wherever they come from. */
    tracksAreReadable: false,
  },
  // Preloads
  preloads: {
    /** What tells whether a request is given a preload: its mode and credentials, what its `crossorigin` attribute says, or its type alone. */
    matchedBy: 'request' as 'request' | 'attribute' | 'type',
    /** A `fetch` is given a preload although it sets headers, which are then never sent. */
    ignoreHeaders: false,
    /** Only requests with the cache mode `default` are given a preload. */
    needDefaultCacheMode: false,
    /** A preloaded script is not given to modules. */
    scriptsAreClassic: false,
    /** The destinations of which a preload may be used more than once. */
    kept: new Set() as 'all' | ReadonlySet<RequestDestination>,
    /** What is asked for again where its preload was refused; the standard gives it the refusal. */
    refusedAreAskedAgain: new Set() as ReadonlySet<ElementKind>,
    /** A preload that CORS refused fires `load`. */
    refusedFireLoad: false,
    /** A preload without CORS of what an element then asks for with CORS leaves its mark: the element fails, or its style sheet is opaque. */
    withoutCorsTaints: false,
    /** A preload for `fetch` fails for its status. */
    fetchNeedsOkStatus: false,
  },
  // Cookies
  cookies: {
    /** Outside CORS, `same-origin` credentials go wherever redirects lead, if the first URL is the page's own. */
    noCorsCredentialsFollowRedirects: false,
  },
}

type Standard = typeof standard

/**
 * Where an engine departs from the Fetch Standard: one named switch per rule, grouped by the step that reads it, all off in the standard. A
 * step of the standard asks its switch and never an engine's name; `engines/` says who differs and cites the recording that shows it.
 */
export type Deviations = { readonly [Section in keyof Standard]: Readonly<Standard[Section]> }

/** The Fetch Standard itself. */
export const noDeviations: Deviations = standard
