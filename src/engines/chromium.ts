/**
 * Chromium 156, and the browsers made of it. Each switch stands beside the recording that shows it
 * (`test/recordings/`); `docs/fidelity.md` explains them. Nothing here is keyed to a value of a recording.
 * @see services/network/public/cpp/cors
 */
import type { CorsFailureCode, Failure } from '../fetch/failure.js'
import type { RequestDestination } from '../fetch/fetch-request.js'
import { deviate, type Engine, type ScriptErrors } from './engine.js'

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

/** What an event stream of Chromium's is asked for again after. */
const networkErrors: ReadonlySet<CorsFailureCode> = new Set([
  'bad-port',
  'conflicting-header-lines',
  'invalid-url',
  'redirect-invalid-location',
  'too-many-redirects',
])

const FRAME_TYPES =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/jxl,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'

/** What is accepted for a destination. */
const accepted: ReadonlyMap<RequestDestination | 'svg', string> = new Map([
  ['image', 'image/jxl,image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8'],
  ['iframe', FRAME_TYPES],
  ['object', FRAME_TYPES],
  ['embed', FRAME_TYPES],
])

const deviations = deviate({
  requestHeaders: {
    forbidsUserAgent: true, // s1-request-headers: User-Agent is dropped
    judgesCombined: true, // s1-request-headers-0005
    judgesCombinedTrimmed: true, // r4711-request-headers-0016
    rangeLimit: 2n ** 63n - 2n, // probe-0074-range-9223372036854775807
    safelistedClientHints: clientHints, // s1-request-headers-0002
  },
  sentHeaders: {
    rewritesRange: true, // s1-request-headers-0014, probe-0085-range-bytes-1-6; not probe-0090-conditional-range-bytes-01-6
    noCorsRedirectHidesOrigin: true, // q0630-body-no-cors-app-api-oth-307-302-same-origin
    policyHidesOriginOfNavigationsOnly: true, // referrer-init-no-referrer; u0024-down-lo-http-no-cors-POST; not referrer-no-referrer-post-origin-null-cookie-login (a form)
  },
  bodies: {
    uploadListenerNeedsBody: true, // s1-xhr-0011
    xhrDropsInvalidBlobType: 'strict', // s1-bodies-0017
    xhrRewritesCharsetInPlace: true, // s1-request-headers-0053
    xhrRewritesUrlEncodedCharset: 'as-text', // probe-0340-xhr-in-window-sends-urlsearchparams-with-a-type
  },
  schemes: {
    escapesWhiteSpaceInDataUrls: true, // probe-0812-fetch-data-a-b
    cutsDataUrlType: true, // probe-0891-fetch-data-text-plain-a-b-c-x, probe-1841-fetch-detail-data-text-plain-a-b-charset-utf-8-eA
    refusesAboutBlank: true, // facts: about-blank
    dataWorkersReadNoBlobs: true, // origin-ctx-dataworker
  },
  preflight: {
    flagGrantsNoMethod: true, // q0250-cache-refused-upload
    wildcardCoversAuthorization: true, // s1-acah-values-0061
  },
  cache: {
    maxAgeLimit: 7200, // measured with a shifted clock: kept at 7,100 s, gone at 7,300 s
    maxAgeMayHavePlusSign: true, // w0007-age--2B60
    negativeMaxAge: 'no-cache', // s1-preflight-cache-0014
    overflowingMaxAge: 'default', // s1-preflight-cache: 99999999999999999999 expires after 5 s
    modesThatPreflight: new Set(['reload', 'no-store', 'no-cache']), // s1-preflight-cache-0011
    conditionalRequestsPreflight: 'always', // q0215-cache-with-If-None-Match-t, q0216-cache-xhr-with-If-None-Match-t
    noStoreKeepsNothing: true, // probe-0224-mode-no-store-first
    wildcardLeavesOutAuthorization: true, // probe-0235-star-authorization-twice
    opaqueOriginsShare: 'none', // probe-0240-page-sandboxed-iframe-app-http; within a request they do: u0012-loop-sandboxed-iframe-fetch-api-api-0
    taintedOriginsAreUncached: true, // u0002-loop-window-fetch-api-oth-0
    keepsOneResponse: true, // s1-preflight-cache-0023
    failureClears: 'never', // s1-preflight-cache-0001
  },
  httpCache: {
    partition: 'frame-site', // cache-frame-of-other-site, cache-two-othersite-reflect-maxage
    waitsForOthers: true, // hc-at-once-two-fresh
    separatesFrameDocuments: true, // cache-s3-iframe-then-fetch-maxage
    keptStatuses: 'any', // hc-force-500
    heuristicStatuses: new Set([200, 203, 206]), // hc-lastmod-203; not hc-lastmod-204
    lastingStatuses: new Set([300, 301, 308, 410]), // hc-plain-300, -301, -308, -410
    validatedStatuses: new Set([200, 206]), // hc-etag-200; not hc-etag-203
    mustRevalidateNeedsLifetime: true, // hc-fresh-of-mustrev
    invalidExpires: 'past-if-zero', // hc-fresh-of-expires0, hc-fresh-of-expires_bad
    quotedArguments: 'ignored', // hc-fresh-of-quoted, hc-fresh-of-fieldpriv
    ignoresQualifiedNoCache: true, // hc-fresh-of-fieldnc
    validatesOtherVariants: true, // hc-vary-etag
    invalidatedBy: new Set(['DELETE', 'PATCH', 'POST']), // hc-method-POST; not hc-method-PUT, nor hc-failed-POST-500
    dropsRefused: 'responses', // cache-refused-answer-is-cached; not hc-refused-redirect
    noCacheReloads: true, // hc-req-etag-Cache-Control-no-cache
    conditionalRequestsSayMaxAge: true, // cache-same-origin-if-none-match-304
    revalidationWaits: true, // cache-swr
  },
  redirect: {
    removesClientHints: true, // x0004-hints-api-http-api-http; not x0016-hints-app-http-app-http
    emptyLocation: 'none', // s1-redirects-0051
    locationLines: 'equal', // s1-redirects-0008
    judgesLocationBeforeCorsCheck: true, // s1-redirects-0036
    errorModeNeedsLocation: true, // probe-0397-redirect-error-cors-location-none
    manualModeNeedsValidLocation: true, // probe-0378-redirect-manual-cors-location-invalid
    refusesAnyUserInfo: true, // s1-redirects-0073; not in XHR: u0109-userinfo-xhr-u-p-cors
  },
  responses: {
    conflictingLinesRefused: ['Content-Disposition', 'Location'], // q0108-lines-Location-x-y-200, q0109-lines-Content-Disposition-inline-attachment-200
  },
  eventStreams: {
    typeEndsAt: /[\t (]/, // q0315-stream-text-event-stream-x, q0316-stream-text-event-stream-x
    retryAfter: networkErrors, // probe-1683-eventsource-app-http-302-to-http, q0135-eventsource-lines-Location
    retryAfterRedirectTo: new Set(['about:', 'blob:', 'data:']), // probe-1695-eventsource-app-http-302-to-about-blank
    mustBeUtf8: true, // probe-0473-stream-text-event-stream-charset-latin1
  },
  xhrEvents: {
    localUploadsAreSilent: true, // probe-1505-xhr-upload-data-text-plain-hello
    refusedRedirectFailsUpload: true, // t0383-mixed-upload-api-http-true, x0022-upload-302-api-http-api-http
    uploadWithoutBodyFails: true, // s1-xhr-0002
  },
  keepalive: {
    formsSayMaxAge: true, // referrer-https-origin
  },
  login: {
    asksAcrossOrigins: 'always', // auth-fetch-cors-include-401-none
    asksForImagesOf: 'same-site', // no shared recording shows it; facts: a 401 for images and their preloads
    asksForNoEventStream: true, // no shared recording shows it; facts: a 401 for an EventSource, of the page's own origin too
    refusesUrlsOfElements: true, // no shared recording shows it; facts: user info in <img>
    repeatsAfterTimeout: true, // no shared recording shows it; facts: status 408
    refusesProxyAuthentication: true, // no shared recording shows it; facts: status 407
  },
  referrer: {
    loopbackIsDowngrade: true, // r8080-schemes-0000
  },
  elements: {
    accepts: accepted, // element-img-none-none, element-frames-star
    anySheetTypeLoads: true, // facts: CSS as text/plain
    tracksHaveAnyStatus: true, // element-track-404
    sayOriginAtHome: 'but-media', // element-css-same-origin, element-track-same-origin; not element-audio-same-origin
  },
  preloads: {
    ignoreHeaders: true, // preload-fetch-anon-then-fetch-header
    kept: new Set(['font']), // preload-font-twice; not preload-image-twice
    refusedAreAskedAgain: new Set(['module']), // preload-module-none-refused
  },
  browserHeaders: {
    preflightAlwaysSaysMode: true, // s1-acao-values-0010
  },
})

function beaconError({ code }: Failure): string {
  switch (code) {
    case 'unsupported-scheme':
      return 'Beacons are only supported over HTTP(S).'
    case 'stream-body-with-keepalive':
      return 'sendBeacon cannot have a ReadableStream body.'
    default:
      return 'The URL argument is ill-formed or unsupported.'
  }
}

const callError: ScriptErrors['callError'] = (failure, site, { method, url }) => {
  const start =
    site === 'fetch' ? "Failed to execute 'fetch' on 'Window': " : "Failed to construct 'Request': "
  if (site === 'sendBeacon') return `Failed to execute 'sendBeacon' on 'Navigator': ${beaconError(failure)}`
  switch (failure.code) {
    case 'invalid-url':
      return `${start}Failed to parse URL from ${url}`
    case 'url-with-credentials':
      return `${start}Request cannot be constructed from a URL that includes credentials: ${url}`
    case 'invalid-method':
      return `${start}'${method}' is not a valid HTTP method.`
    case 'forbidden-method':
      return `${start}'${method}' HTTP method is unsupported.`
    case 'method-in-no-cors-mode':
      return `${start}'${method}' is unsupported in no-cors mode.`
    case 'invalid-request-header':
      return `${start}Invalid ${failure.part ?? 'value'}`
    case 'invalid-referrer':
      return `${start}Referrer '${failure.part ?? ''}' is not a valid URL.`
    case 'only-if-cached-mode':
      return `${start}'only-if-cached' can be set only with 'same-origin' mode`
    case 'stream-body-with-keepalive':
      return 'Keepalive request cannot have a ReadableStream body.'
    case 'stream-body-in-no-cors-mode':
      return `${start}If request is made from ReadableStream, mode should be"same-origin" or "cors"`
    default:
      return `${start}Request with GET/HEAD method cannot have body.`
  }
}

export const chromium: Engine = {
  name: 'Chromium',
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  languages: 'en-US,en;q=0.9',
  deviations,
  cookies: {
    laxByDefault: true,
    schemeful: true,
    countsRedirects: 'never',
    countsSchemeChanges: false,
    thirdParty: 'shared',
    sameSiteOnlyFromOwnHost: false,
    opaqueIsCrossSite: true,
    largest: 4096,
    partitionedNeedsSecure: true,
  },
  errors: { networkError: 'Failed to fetch', callError },
  console: 'chromium',
}
