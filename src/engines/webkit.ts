/**
 * WebKit, and WebKitGTK 2.50, which adds what only its network layer, libsoup, does. Each switch stands beside the recording that shows it
 * (`test/recordings/`); `docs/fidelity.md` explains them. Nothing here is keyed to a value of a recording.
 */
import type { RequestDestination } from '../fetch/fetch-request.js'
import { deviate, type Engine, type ScriptErrors } from './engine.js'

/** What WebKit keeps although nothing says for how long. */
const webkitKept: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 404, 405, 410, 414, 501])

/** What is accepted for a destination. */
const accepted: ReadonlyMap<RequestDestination | 'svg', string> = new Map([
  ['svg', 'image/svg+xml'],
  ['image', 'image/webp,image/avif,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5'],
])

const deviations = deviate({
  requestHeaders: {
    judgesCombined: true, // s1-request-headers-0005
    rangeLimit: 2n ** 64n - 1n, // probe-0076-range-18446744073709551615
    rangeMayHavePlusSigns: true, // probe-0079-range-2-6
    rangeUnitIgnoresCase: true, // s1-request-headers-0015
  },
  sentHeaders: {
    preflightCarriesUserAgent: true, // probe-0021-fetch-repeats-User-Agent
    keepsOriginAfterMethodChange: true, // s1-modes-0026
    dataWorkersActForPage: true, // origin-ctx-dataworker
  },
  bodies: {
    streams: 'refused', // s1-bodies-0002
    noCorsKeepsContentType: true, // s1-bodies-0017
    xhrDropsInvalidBlobType: 'lenient', // s1-bodies-0017
    xhrRewritesUrlEncodedCharset: 'as-text', // probe-0340-xhr-in-window-sends-urlsearchparams-with-a-type
  },
  schemes: {
    noCorsDataUrlMustFollow: true, // r501-data-urls-0166
    preflightsBeforeMixedContent: true, // probe-0328-mixed-app-https-to-api-http-custom
    ignoresOnlyIfCached: true, // probe-0504-GET-only-if-cached
    refusesAboutBlank: true, // facts: about-blank
    dataWorkersReadNoBlobs: true, // origin-ctx-dataworker
    localhostIsMixedContent: true, // s1-schemes: https page to http://localhost
  },
  preflight: {
    flagGrantsNoMethod: true, // q0250-cache-refused-upload
    wildcardCoversAuthorization: true, // s1-acah-values-0061
    sticksAfterRedirect: true, // s1-redirects-0009
    headersAfterRedirect: 'initial', // s1-redirects-0143
  },
  cache: {
    maxAgeLimit: 600, // measured with a shifted clock: kept at 580 s, gone at 620 s
    maxAgeMayHavePlusSign: true, // w0007-age--2B60
    maxAgeMayHaveControls: true, // w0000-age-60-0B
    negativeMaxAge: 'no-cache', // s1-preflight-cache-0004
    overflowingMaxAge: 'default',
    opaqueOriginsShare: 'pages', // q0233-cache-chain-api-http-other-http-put; not probe-0240-page-sandboxed-iframe-app-http
    keepsOneResponse: true, // s1-preflight-cache-0041
    keepsRefusingResponses: true, // s1-preflight-cache-0023
    failureClears: 'never', // s1-preflight-cache-0019
  },
  httpCache: {
    partition: 'top-level-domain', // NetworkCache::Key: the registrable domain of the first party
    keptStatuses: webkitKept, // hc-lastmod-404; not hc-lastmod-308
    explicitStatuses: new Set([...webkitKept, 201, 202, 205, 206, 302, 303, 307, 403, 406, 415]), // hc-fresh-403; not hc-fresh-308, -500
    heuristicStatuses: webkitKept, // hc-lastmod-404, hc-lastmod-410
    lastingStatuses: new Set([301, 410]), // hc-plain-301, hc-plain-410
    validatedStatuses: new Set([200, 203, 204, 300, 404, 405, 410, 414, 501]), // hc-etag-404; not hc-etag-301
    keepsOnlyReusable: true, // hc-force-plain
    invalidExpires: 'ignored', // hc-fresh-of-expires0
    ignoresQualifiedNoCache: true, // hc-fresh-of-fieldnc
    lenientMaxAge: true, // hc-fresh-of-frac, hc-fresh-of-semicolon, hc-fresh-of-space
    negativeMaxAgeIsZero: true, // hc-fresh-of-neg
    staleDespiteMustRevalidate: true, // hc-swr-mustrev
    variesOnUnsentCookies: true, // cache-omit-then-include-star-vary-cookie
    headIsServedBy: 'server', // hc-method-HEAD
    invalidatedBy: 'other-methods', // hc-method-HEAD, -PUT, hc-failed-POST-500; not hc-failed-POST-302
    dropsRefused: 'responses', // cache-refused-answer-is-cached; not hc-refused-redirect
    keepsRangeResponses: true, // hc-range-206
  },
  redirect: {
    emptyLocation: 'invalid', // s1-redirects-0115
    locationLines: 'equal', // s1-redirects-0008
    errorModeNeedsLocation: true, // probe-0397-redirect-error-cors-location-none
    preflightsBeforeRefusingUserInfo: true, // s1-redirects-0027
    removedHeaders: 'body-returns', // s1-redirects-0015
    judgesCredentialsOfLaterRedirects: true, // probe-0264-chain-app-api-api-PUT
  },
  responses: {
    resetContentHasBody: true, // r4711-actual-status-0027
    urlHidesUserInfo: true, // probe-0522-xhr-user-info-u-p
  },
  eventStreams: {
    type: 'first', // probe-0468-stream-text-event-stream-text-plain
    typeEndsAt: /[\t ]/, // q0315-stream-text-event-stream-x
    needServer: true, // probe-1606-stream-data-text-event-stream-data-hello-0A-0A
  },
  xhrEvents: {
    resentUploadProgresses: true, // x0024-upload-307-app-http-api-http
  },
  keepalive: {
    beaconsSayMaxAge: true, // beacon-string-allowed
    beaconsHaveNoLogins: true, // auth-primed-cross
  },
  login: {
    asksAcrossOrigins: 'never', // auth-fetch-cors-include-401-none
    asksAfterOwnAuthorization: false, // facts: Authorization: Basic of the page
    knownReplacesOwn: true, // auth-primed-same
  },
  preloads: {
    matchedBy: 'type', // preload-style-anon-then-css
    needDefaultCacheMode: true, // preload-fetch-anon-then-fetch-nostore
    kept: 'all', // preload-fetch-twice, preload-script-twice
    withoutCorsTaints: true, // preload-script-none-then-script-anon, preload-style-none-then-css-anon
  },
  referrer: {
    opaqueOriginsSendReferrer: true, // referrer-contexts
    srcdocHasNoReferrer: true, // referrer-contexts
  },
  elements: {
    accepts: accepted, // element-img-none-none, element-svg-same-origin
    importsHavePageAsReferrer: true, // element-module-dep-cred
    fontsAreNoCors: true, // element-font-face-star
    tracksAreNoCors: true, // element-track-none-acao
    tracksAreReadable: true, // element-track-none-acao
    svgIsSameOrigin: true, // element-css-images-acao
    embedsAreFrames: true, // element-frames-star
    sayOriginAtHome: 'all', // element-audio-same-origin
    redirectsRemoveMetadata: true, // element-script-redirect-back-home-anon
  },
  cookies: {
    noCorsCredentialsFollowRedirects: true, // q0692-body-no-cors-app-api-app-302-303-same-origin
  },
})

const callError: ScriptErrors['callError'] = (failure, site) => {
  if (site === 'sendBeacon' && failure.code === 'invalid-url') return 'This URL is invalid'
  switch (failure.code) {
    case 'invalid-url':
    case 'url-with-credentials':
      return 'URL is not valid or contains user credentials.'
    case 'invalid-method':
      return 'Method is not a valid HTTP token.'
    case 'forbidden-method':
      return 'Method is forbidden.'
    case 'method-in-no-cors-mode':
      return 'Method must be GET, POST or HEAD in no-cors mode.'
    case 'invalid-request-header':
      return failure.part === 'name'
        ? `Invalid header name: '${failure.header ?? ''}'`
        : `Header '${failure.header ?? ''}' has invalid value: '${failure.value ?? ''}'`
    case 'invalid-referrer':
      return 'Referrer is not a valid URL.'
    case 'only-if-cached-mode':
      return 'only-if-cached cache option requires fetch mode to be same-origin.'
    case 'unsupported-scheme':
      return 'Beacons can only be sent over HTTP(S)'
    case 'stream-body-with-keepalive':
      return site === 'sendBeacon'
        ? 'Beacons cannot send ReadableStream body'
        : 'Request cannot have a ReadableStream body and keepalive set to true'
    case 'stream-body-unsupported':
      return 'ReadableStream uploading is not supported'
    default:
      return "Request has method 'GET' and cannot have a body"
  }
}

export const webkit: Engine = {
  name: 'WebKit',
  userAgent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  languages: 'en-US',
  deviations,
  cookies: {
    laxByDefault: false,
    schemeful: false,
    countsRedirects: 'but-own-host',
    countsSchemeChanges: true,
    thirdParty: 'none',
    sameSiteOnlyFromOwnHost: false,
    opaqueIsCrossSite: false,
    largest: Number.POSITIVE_INFINITY,
    partitionedNeedsSecure: false,
  },
  errors: { networkError: 'Load failed', callError },
  console: 'webkit',
}

export const webkitgtk: Engine = {
  ...webkit,
  name: 'WebKitGTK',
  deviations: deviate(
    {
      sentHeaders: {
        encodesAsUtf8: true, // s1-request-headers-0056
      },
      httpCache: {
        partition: 'none', // cache-two-othersite-reflect-maxage
      },
      redirect: {
        manualModeRefusesSchemes: new Set(['ftp:']), // x0200-manual-app-http-app-http-ftp
        locationLines: 'joined', // s1-redirects-0024
        crossOriginMakesDeleteGet: true, // s1-redirects-0001 (302), -0048 (307)
      },
      responses: {
        decodesAsUtf8: true, // s1-expose-headers-0009
      },
      elements: {
        mediaHeaders: [['Icy-Metadata', '1']], // element-audio-same-origin
      },
      eventStreams: {
        type: 'first-of-last-line', // probe-0478-stream-text-plain-text-event-stream
      },
    },
    deviations,
  ),
  // libsoup's default lets third parties have cookies.
  cookies: { ...webkit.cookies, thirdParty: 'shared', sameSiteOnlyFromOwnHost: true },
}
