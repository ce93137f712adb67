/**
 * What each engine does differently from the Fetch Standard, as a table of named switches. Each switch stands beside the recording
 * that shows it (`test/recordings/`); `docs/fidelity.md` explains them. Nothing here is keyed to a value of a recording.
 */
import { type Deviations, noDeviations } from '../fetch/deviations.js'
import type { CorsFailureCode } from '../fetch/failure.js'

/** Whose behaviour: the Fetch Standard's, or an engine's. `webkitgtk` adds what only WebKitGTK's network layer (libsoup) does. */
export type Profile = 'standard' | 'chromium' | 'firefox' | 'webkit' | 'webkitgtk'

/** The three engines an assertion must hold in by default. */
export const defaultEngines = ['chromium', 'firefox', 'webkit'] as const satisfies readonly Profile[]

/** Legacy client hints that Chromium still safelists, with the values that count. */
const clientHints: ReadonlyMap<string, RegExp> = new Map([
  // probe-0097-hint-DPR-1: `1.` is none
  ['device-memory', /^\d+(\.\d+)?$/],
  ['downlink', /^\d+(\.\d+)?$/],
  ['dpr', /^\d+(\.\d+)?$/],
  ['ect', /^(slow-2g|2g|3g|4g)$/],
  ['rtt', /^\d+$/],
  ['save-data', /^on$/i],
  ['viewport-width', /^\d+$/],
  ['width', /^\d+$/],
])

/** Request headers that Firefox's network layer keeps one value of. */
const singleHeaders: ReadonlyMap<string, 'first' | 'last'> = new Map([
  ['authorization', 'last'], // probe-0000-fetch-repeats-Authorization
  ['content-disposition', 'last'],
  ['from', 'last'],
  ['if-modified-since', 'last'],
  ['if-unmodified-since', 'last'],
  ['location', 'last'],
  ['max-forwards', 'last'],
  ['strict-transport-security', 'first'],
  ['user-agent', 'last'],
])

/** Headers that Firefox's network layer keeps one line of; two different ones of the last three make it refuse the answer. */
const singleResponseHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'strict-transport-security',
  'user-agent',
  'content-disposition',
  'location',
])

/** What an event stream of Chromium's is asked for again after. */
const networkErrors: ReadonlySet<CorsFailureCode> = new Set([
  'bad-port',
  'conflicting-header-lines',
  'invalid-url',
  'redirect-invalid-location',
  'too-many-redirects',
])

/** @see Chromium 156: services/network/public/cpp/cors */
const chromium: Deviations = {
  ...noDeviations,
  forbidUserAgentRequestHeader: true, // s1-request-headers: User-Agent is dropped
  judgeCombinedRequestHeaders: true, // s1-request-headers-0005
  rangeLimit: 2n ** 63n - 2n, // probe-0074-range-9223372036854775807
  rewriteRangeValue: true, // s1-request-headers-0014, probe-0085-range-bytes-1-6; not probe-0090-conditional-range-bytes-01-6
  safelistedClientHints: clientHints, // s1-request-headers-0002
  uploadListenerNeedsBody: true, // s1-xhr-0011
  localUploadsAreSilent: true, // probe-1505-xhr-upload-data-text-plain-hello
  refusedRedirectFailsUpload: true, // t0383-mixed-upload-api-http-true, x0022-upload-302-api-http-api-http
  xhrDropsInvalidBlobType: 'strict', // s1-bodies-0017
  xhrRewritesCharsetInPlace: true, // s1-request-headers-0053
  xhrRewritesUrlEncodedCharset: 'as-text', // probe-0340-xhr-in-window-sends-urlsearchparams-with-a-type
  preflightFlagGrantsNoMethod: true,
  conflictingLinesRefused: ['Content-Disposition', 'Location'], // q0108-lines-Location-x-y-200, q0109-lines-Content-Disposition-inline-attachment-200
  eventStreamTypeEndsAt: /[\t (]/, // q0315-stream-text-event-stream-x, q0316-stream-text-event-stream-x
  eventStreamRetriesAfter: networkErrors, // probe-1683-eventsource-app-http-302-to-http, q0135-eventsource-lines-Location
  eventStreamRetriesAfterRedirectTo: new Set(['about:', 'blob:', 'data:']), // probe-1695-eventsource-app-http-302-to-about-blank
  eventStreamMustBeUtf8: true, // probe-0473-stream-text-event-stream-charset-latin1
  escapesWhiteSpaceInDataUrls: true, // probe-0812-fetch-data-a-b
  cutsDataUrlType: true, // probe-0891-fetch-data-text-plain-a-b-c-x, probe-1841-fetch-detail-data-text-plain-a-b-charset-utf-8-eA
  wildcardCoversAuthorization: true, // s1-acah-values-0061
  maxAgeLimit: 7200, // measured with a shifted clock: kept at 7,100 s, gone at 7,300 s
  maxAgeMayHavePlusSign: true, // w0007-age--2B60
  negativeMaxAge: 'no-cache',
  overflowingMaxAge: 'default', // s1-preflight-cache: 99999999999999999999 expires after 5 s
  cacheModesThatPreflight: new Set(['reload', 'no-store', 'no-cache']), // s1-preflight-cache-0011
  conditionalRequestsPreflight: 'always', // q0215-cache-with-If-None-Match-t, q0216-cache-xhr-with-If-None-Match-t
  noStoreKeepsNoAnswer: true, // probe-0224-mode-no-store-first
  cachedWildcardLeavesOutAuthorization: true, // probe-0235-star-authorization-twice
  opaqueOriginsShareCache: 'none', // probe-0240-page-sandboxed-iframe-app-http; within a request they do: u0012-loop-sandboxed-iframe-fetch-api-api-0
  taintedOriginsAreUncached: true, // u0002-loop-window-fetch-api-oth-0
  noCorsRedirectHidesOrigin: true, // q0630-body-no-cors-app-api-oth-307-302-same-origin
  redirectRemovesClientHints: true, // x0004-hints-api-http-api-http; not x0016-hints-app-http-app-http
  loopbackGetsNoReferrer: true, // r8080-schemes-0000
  loopbackIsNoDowngrade: true, // u0024-down-lo-http-no-cors-POST
  cacheKeepsOneAnswer: true, // s1-preflight-cache-0023
  failureClearsCache: 'never', // s1-preflight-cache-0001
  emptyLocation: 'none', // s1-redirects-0051
  locationLines: 'equal',
  judgesLocationBeforeCorsCheck: true, // s1-redirects-0036
  redirectErrorNeedsLocation: true, // probe-0397-redirect-error-cors-location-none
  manualRedirectNeedsValidLocation: true, // probe-0378-redirect-manual-cors-location-invalid
  refusesAnyRedirectUserInfo: true, // s1-redirects-0073; not in XHR: u0109-userinfo-xhr-u-p-cors
  refusesAboutBlank: true, // facts: about-blank
}

const firefox: Deviations = {
  ...noDeviations,
  repeatDuplicateRequestHeaderNames: true, // s1-request-headers-0035
  sendsOneContentType: true, // s1-request-headers-0005 (no body: the last), -0137 (a body: the first)
  singleRequestHeaders: singleHeaders,
  emptyRequestValueReplaces: true, // probe-0022-fetch-repeats-X-A-a, probe-0023-fetch-repeats-X-A-a
  noCorsSetJudgesCombined: true, // probe-0770-set-no-cors-Accept
  contentTypeWithCommaIsUnsafe: true, // probe-0067-type-text-plain-a-b-c
  rangeLimit: 2n ** 64n - 1n, // probe-0076-range-18446744073709551615
  blankBeforeContentTypeIsUnsafe: true, // v0066-blob-xhr-text-plain
  nonAsciiSafelistedValueIsUnsafe: true, // s1-request-headers-0056
  streamBody: 'text', // s1-bodies-0002
  xhrRewritesUrlEncodedCharset: 'in-place', // probe-0340-xhr-in-window-sends-urlsearchparams-with-a-type
  xhrJudgesTypeAsSet: true, // u0100-xhr-judged-api-xhr-method-POST-headers-Content-Type-text-pla
  workerXhrKeepsCharset: true, // probe-0349-xhr-in-worker-sends-text, probe-0350-xhr-in-worker-sends-text-with-a-type
  dropEmptyDuplicateValues: true, // s1-expose-headers-0018, probe-0216-age-60
  keepsEmptyLinesOf: new Set(['x-frame-options']), // t0446-visible-X-Frame-Options-a
  hiddenWhereRepeated: new Set(['www-authenticate']), // t0480-visible-WWW-Authenticate-a-b
  countsAllowOriginLines: true, // probe-0199-origin; not t0008-acao-case-ac-ac
  conflictingLinesRefused: ['Content-Disposition', 'Location'], // q0108-lines-Location-x-y-200, q0109-lines-Content-Disposition-inline-attachment-200
  contentTypeSeparator: ',', // t0408-visible-Content-Type-a-b
  firstResponseLineCounts: singleResponseHeaders, // t0420-visible-From-a-b
  wildcardExposesBeforeInvalidName: true, // probe-0169-exposes-a-b; not in XHR: q0278-xhr-same-origin-exposes-a-b
  eventStreamTypeEndsAt: /[\t ]/, // q0315-stream-text-event-stream-x
  eventStreamNeedsServer: true, // probe-1606-stream-data-text-event-stream-data-hello-0A-0A
  localUploadsAreSilent: true, // probe-1505-xhr-upload-data-text-plain-hello
  removesBlanksFromBase64Urls: true, // q1051-fetch-window-data-base64-e-A
  eventStreamReferrerIsOfDocuments: true, // s1-eventsource-0021 (a frame), -0014 (a worker)
  refusedRedirectProgresses: true, // v0026-ui-xhr-app-api-u-p
  heldBackCookiesShowOrigin: true, // probe-0486-sandboxed-no-cors-app-https-include; not with http or another site: probe-0483, -0498
  dataUrlHasContentLength: true, // probe-0510-fetch-GET-data-text-plain-hello
  preflightFlagGrantsNoMethod: true,
  wildcardCoversAuthorization: true, // s1-acah-values-0061; the console announces that this will end
  maxAgeLimit: 86400,
  malformedMaxAge: 'no-cache', // s1-preflight-cache-0000
  negativeMaxAge: 'no-cache',
  cacheIgnoresWildcards: true, // s1-preflight-cache-0001
  cacheNeedsHeadEntry: true, // s1-preflight-cache-0013; GET goes without: -0009
  cacheSeparatesCredentials: true,
  failureClearsCache: 'any',
  locationLines: 'equal',
  cacheModesThatPreflight: new Set(['reload', 'no-store']), // s1-preflight-cache-0011; not probe-0229-mode-no-cache-second
  conditionalRequestsPreflight: 'fetch', // q0215-cache-with-If-None-Match-t; not q0216-cache-xhr-with-If-None-Match-t
  preflightSticksAfterRedirect: true, // s1-redirects-0009
  redirectedPreflightHeaders: 'initial-but-removed', // s1-redirects-0033
  redirectedPreflightKeepsBodyType: true, // probe-0442-xhr-POST-blob-301
  preflightKeepsOriginAfterRedirect: true, // s1-redirects-0004
  removedHeaders: 'all-return', // s1-redirects-0001, -0058
}

const webkit: Deviations = {
  ...noDeviations,
  judgeCombinedRequestHeaders: true, // s1-request-headers-0005
  rangeLimit: 2n ** 64n - 1n, // probe-0076-range-18446744073709551615
  rangeMayHavePlusSigns: true, // probe-0079-range-2-6
  rangeUnitIgnoresCase: true, // s1-request-headers-0015
  streamBody: 'refused', // s1-bodies-0002
  noCorsKeepsBodyContentType: true, // s1-bodies-0017
  xhrDropsInvalidBlobType: 'lenient', // s1-bodies-0017
  xhrRewritesUrlEncodedCharset: 'as-text', // probe-0340-xhr-in-window-sends-urlsearchparams-with-a-type
  preflightCarriesUserAgent: true, // probe-0021-fetch-repeats-User-Agent
  preflightFlagGrantsNoMethod: true,
  wildcardCoversAuthorization: true, // s1-acah-values-0061
  maxAgeLimit: 600, // measured with a shifted clock: kept at 580 s, gone at 620 s
  maxAgeMayHavePlusSign: true, // w0007-age--2B60
  maxAgeMayHaveControls: true, // w0000-age-60-0B
  negativeMaxAge: 'no-cache',
  overflowingMaxAge: 'default',
  opaqueOriginsShareCache: 'pages', // q0233-cache-chain-api-http-other-http-put; not probe-0240-page-sandboxed-iframe-app-http
  responseUrlHidesUserInfo: true, // probe-0522-xhr-user-info-u-p
  cacheKeepsOneAnswer: true, // s1-preflight-cache-0041
  cachesRefusingAnswers: true, // s1-preflight-cache-0023
  failureClearsCache: 'never', // s1-preflight-cache-0019
  preflightSticksAfterRedirect: true, // s1-redirects-0009
  redirectedPreflightHeaders: 'initial', // s1-redirects-0143
  keepsOriginAfterMethodChange: true, // s1-modes-0026
  emptyLocation: 'invalid', // s1-redirects-0115
  locationLines: 'equal',
  redirectErrorNeedsLocation: true, // probe-0397-redirect-error-cors-location-none
  preflightsBeforeRefusingUserInfo: true, // s1-redirects-0027
  removedHeaders: 'body-returns', // s1-redirects-0015
  judgesCredentialsOfLaterRedirects: true, // probe-0264-chain-app-api-api-PUT
  eventStreamType: 'first', // probe-0468-stream-text-event-stream-text-plain
  eventStreamTypeEndsAt: /[\t ]/, // q0315-stream-text-event-stream-x
  eventStreamNeedsServer: true, // probe-1606-stream-data-text-event-stream-data-hello-0A-0A
  resentUploadProgresses: true, // x0024-upload-307-app-http-api-http
  noCorsDataUrlMustFollow: true, // r501-data-urls-0166
  noCorsCredentialsFollowRedirects: true, // q0692-body-no-cors-app-api-app-302-303-same-origin
  preflightsBeforeMixedContent: true, // probe-0328-mixed-app-https-to-api-http-custom
  ignoresOnlyIfCached: true, // probe-0504-GET-only-if-cached
  refusesAboutBlank: true, // facts: about-blank
  localhostIsMixedContent: true, // s1-schemes: https page to http://localhost
}

const webkitgtk: Deviations = {
  ...webkit,
  decodeResponseHeadersAsUtf8: true, // s1-expose-headers-0009
  encodeRequestHeadersAsUtf8: true, // s1-request-headers-0056
  eventStreamType: 'first-of-last-line', // probe-0478-stream-text-plain-text-event-stream
  locationLines: 'joined', // s1-redirects-0024
  crossOriginRedirectMakesDeleteGet: true, // s1-redirects-0001 (302), -0048 (307)
}

/** Each profile's switches. */
export const profiles: Readonly<Record<Profile, Deviations>> = {
  standard: noDeviations,
  chromium,
  firefox,
  webkit,
  webkitgtk,
}
