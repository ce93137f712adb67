/**
 * Firefox ESR 153. Each switch stands beside the recording that shows it
 * (`test/recordings/`); `docs/fidelity.md` explains them. Nothing here is keyed to a value of a recording.
 */
import type { RequestDestination } from '../fetch/fetch-request.js'
import { deviate, type Engine, type ScriptErrors } from './engine.js'

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

/** Headers that Firefox's network layer keeps one line of; two different ones of the last three make it refuse the response. */
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

/** What is accepted for a destination. */
const accepted: ReadonlyMap<RequestDestination | 'svg', string> = new Map([
  ['svg', '*/*'],
  ['image', 'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5'],
  ['audio', 'audio/webm,audio/ogg,audio/wav,audio/*;q=0.9,application/ogg;q=0.7,video/*;q=0.6,*/*;q=0.5'],
  ['video', 'video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5'],
  ['font', 'application/font-woff2;q=1.0,application/font-woff;q=0.9,*/*;q=0.8'],
])

const deviations = deviate({
  requestHeaders: {
    listsNamesAgain: true, // s1-request-headers-0035
    noCorsSetJudgesCombined: true, // probe-0770-set-no-cors-Accept
    contentTypeWithCommaIsUnsafe: true, // probe-0067-type-text-plain-a-b-c
    rangeLimit: 2n ** 64n - 1n, // probe-0076-range-18446744073709551615
    blankBeforeContentTypeIsUnsafe: true, // v0066-blob-xhr-text-plain
    nonAsciiValueIsUnsafe: true, // s1-request-headers-0056
  },
  sentHeaders: {
    oneContentType: true, // s1-request-headers-0005 (no body: the last), -0137 (a body: the first)
    singleHeaders: singleHeaders,
    emptyValueReplaces: true, // probe-0022-fetch-repeats-X-A-a, probe-0023-fetch-repeats-X-A-a
  },
  bodies: {
    streams: 'text', // s1-bodies-0002
    xhrRewritesUrlEncodedCharset: 'in-place', // probe-0340-xhr-in-window-sends-urlsearchparams-with-a-type
    xhrJudgesTypeAsSet: true, // u0100-xhr-judged-api-xhr-method-POST-headers-Content-Type-text-pla
    workerXhrKeepsCharset: true, // probe-0349-xhr-in-worker-sends-text, probe-0350-xhr-in-worker-sends-text-with-a-type
  },
  schemes: {
    removesBlanksFromBase64Urls: true, // q1051-fetch-window-data-base64-e-A
    dataUrlHasContentLength: true, // probe-0510-fetch-GET-data-text-plain-hello
  },
  preflight: {
    flagGrantsNoMethod: true, // q0250-cache-refused-upload
    wildcardCoversAuthorization: true, // s1-acah-values-0061; the console announces that this will end
    sticksAfterRedirect: true, // s1-redirects-0009
    headersAfterRedirect: 'initial-but-removed', // s1-redirects-0033
    keepsBodyTypeAfterRedirect: true, // probe-0442-xhr-POST-blob-301
    keepsOriginAfterRedirect: true, // s1-redirects-0004
  },
  cache: {
    maxAgeLimit: 86400, // no recording lasts a day; nsCORSListenerProxy.cpp says so
    malformedMaxAge: 'no-cache', // s1-preflight-cache-0000
    negativeMaxAge: 'no-cache', // s1-preflight-cache-0035
    ignoresWildcards: true, // s1-preflight-cache-0001
    needsHeadEntry: true, // s1-preflight-cache-0013; GET goes without: -0009
    separatesCredentials: true, // no recording shows it; nsPreflightCache::GetCacheKey has it in its key
    failureClears: 'any', // no recording shows 'any'; nsCORSListenerProxy::OnStartRequest removes entries whatever failed
    modesThatPreflight: new Set(['reload', 'no-store']), // s1-preflight-cache-0011; not probe-0229-mode-no-cache-second
    conditionalRequestsPreflight: 'fetch', // q0215-cache-with-If-None-Match-t; not q0216-cache-xhr-with-If-None-Match-t
  },
  httpCache: {
    separatesCredentials: true, // cache-s3-img-then-fetch-lastmod
    waitsForOthers: true, // hc-at-once-two-fresh
    separatesElementsOfOtherSites: true, // facts: an image and a fetch with credentials
    keptStatuses: 'any', // hc-force-500
    heuristicStatuses: new Set([200, 203, 204, 206, 301, 308, 410]), // hc-lastmod-204, -308; not hc-lastmod-300
    lastingStatuses: new Set([410]), // hc-plain-410
    freshStatuses: new Set([200, 203, 204, 206, 301, 302, 303, 307, 308, 410]), // hc-fresh-303; not hc-fresh-201, -404
    validatedStatuses: new Set([200, 201, 202, 203, 204, 205, 206]), // hc-etag-202; not hc-etag-300, -410
    quotedArguments: 'last', // hc-fresh-of-quoted, hc-fresh-of-fieldpriv
    lenientMaxAge: true, // hc-fresh-of-frac, hc-fresh-of-semicolon, hc-fresh-of-space
    maxAgeLimit: 2 ** 32 - 1, // hc-fresh-of-huge
    lastMaxAgeCounts: true, // hc-fresh-of-twice, hc-fresh-of-lines
    validatesOtherVariants: true, // hc-vary-etag
    headIsServedBy: 'head', // hc-method-HEAD, hc-first-HEAD
    invalidatedBy: new Set(), // hc-method-PUT, -POST, -DELETE, -PATCH
    losesEmptyHeaders: true, // hc-only-if
    dropsRefused: 'redirects', // hc-refused-redirect; not cache-refused-answer-is-cached
    noStoreAsksServer: true, // hc-req-Cache-Control-no-store
    ignoresRequestPragma: true, // hc-req-Pragma-no-cache
    takesUnaskedNotModified: true, // hc-unasked-304
    revalidationSaysMaxAge: true, // cache-swr
  },
  redirect: {
    locationLines: 'equal', // s1-redirects-0008
    removedHeaders: 'all-return', // s1-redirects-0001, -0058
  },
  responses: {
    dropsEmptyLines: true, // s1-expose-headers-0018, probe-0216-age-60
    keepsEmptyLinesOf: new Set(['x-frame-options']), // t0446-visible-X-Frame-Options-a
    hiddenWhereRepeated: new Set(['www-authenticate']), // t0480-visible-WWW-Authenticate-a-b
    countsAllowOriginLines: true, // probe-0199-origin; not t0008-acao-case-ac-ac
    conflictingLinesRefused: ['Content-Disposition', 'Location'], // q0108-lines-Location-x-y-200, q0109-lines-Content-Disposition-inline-attachment-200
    contentTypeSeparator: ',', // t0408-visible-Content-Type-a-b
    firstLineCounts: singleResponseHeaders, // t0420-visible-From-a-b
    wildcardExposesBeforeInvalidName: true, // probe-0169-exposes-a-b; not in XHR: q0278-xhr-same-origin-exposes-a-b
  },
  eventStreams: {
    typeEndsAt: /[\t ]/, // q0315-stream-text-event-stream-x
    needServer: true, // probe-1606-stream-data-text-event-stream-data-hello-0A-0A
  },
  xhrEvents: {
    localUploadsAreSilent: true, // probe-1505-xhr-upload-data-text-plain-hello
    refusedRedirectProgresses: true, // v0026-ui-xhr-app-api-u-p
    blockedResponseFailsUpload: true, // s1-xhr-0023
    emptyBodyProgresses: true, // s1-methods-0068
  },
  keepalive: {
    hasNoQuota: true, // beacon-size-65537, beacon-two-40k
    sendsNothingOnceLeft: true, // keepalive-unload-put-slow-preflight, keepalive-unload-redirect
  },
  login: {
    asksAcrossOrigins: 'always', // auth-fetch-cors-include-401-none
    asksForImagesOf: 'same-origin', // no shared recording shows it; facts: a 401 for images and their preloads
    asksAfterOwnAuthorization: false, // facts: Authorization: Basic of the page
    urlIsForOtherOrigins: true, // facts: xhr.open() with user and password
    partitioned: true, // auth-primed-cross
  },
  elements: {
    accepts: accepted, // element-img-none-none, element-audio-none-star, element-video-same-origin, element-font-face-star, element-svg-same-origin
    fontPreloadsAreCors: true, // preload-font-none-then-font
    svgIsSameOrigin: true, // element-css-images-acao
    tracksHaveNoReferrer: true, // element-track-same-origin
    tracksHaveAnyStatus: true, // element-track-404
    scriptErrorsAreTold: true, // element-script-throws-static
    refusedSheetsAreReadable: true, // element-css-cred-star
  },
  preloads: {
    matchedBy: 'attribute', // preload-fetch-none-then-fetch-nocors
    needDefaultCacheMode: true, // preload-fetch-anon-then-fetch-nostore
    scriptsAreClassic: true, // preload-script-anon-then-module
    kept: new Set(['font', 'image', 'style']), // preload-font-twice, preload-image-twice, preload-style-twice
    refusedAreAskedAgain: new Set(['script', 'style']), // preload-script-anon-refused
    refusedFireLoad: true, // preload-fetch-anon-refused
    fetchNeedsOkStatus: true, // preload-fetch-404
  },
  referrer: {
    loopbackIsDowngrade: true, // referrer-downgrade-default
    clampsAcrossSites: true, // referrer-element-attr, referrer-https-origin-when-cross-origin
    eventStreamReferrerIsOfDocuments: true, // s1-eventsource-0021 (a frame), -0014 (a worker)
    blobPagesSendOrigin: true, // referrer-contexts
  },
  browserHeaders: {
    heldBackCookiesShowOrigin: true, // probe-0486-sandboxed-no-cors-app-https-include; not with http or another site: probe-0483, -0498
  },
})

const callError: ScriptErrors['callError'] = (failure, site, { method, url, mode }) => {
  if (site === 'sendBeacon') {
    return failure.code === 'unsupported-scheme'
      ? `Navigator.sendBeacon: Beacon URL ${url} must be either http:// or https://.`
      : `Navigator.sendBeacon: ${url} is not a valid URL.`
  }
  const start = site === 'fetch' ? 'Window.fetch: ' : 'Request constructor: '
  switch (failure.code) {
    case 'invalid-url':
      return `${start}${url} is not a valid URL.`
    case 'url-with-credentials':
      return `${start}${url} is an url with embedded credentials.`
    case 'invalid-method':
    case 'forbidden-method':
    case 'method-in-no-cors-mode':
      return `${start}Invalid request method ${failure.part ?? method}.`
    case 'invalid-request-header':
      return `${start}${failure.part === 'name' ? (failure.header ?? '') : (failure.value ?? '')} is an invalid header ${failure.part ?? 'value'}.`
    case 'invalid-referrer':
      return `${start}${failure.part ?? ''} is not a valid URL.`
    case 'only-if-cached-mode':
      return `${start}Request mode '${mode}' was used, but request cache mode 'only-if-cached' can only be used with request mode 'same-origin'.`
    default:
      return `${start}HEAD or GET Request cannot have a body.`
  }
}

export const firefox: Engine = {
  name: 'Firefox',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
  languages: 'en-US,en;q=0.5',
  deviations,
  cookies: {
    laxByDefault: false,
    schemeful: false,
    countsRedirects: 'always',
    countsSchemeChanges: false,
    thirdParty: 'partitioned',
    sameSiteOnlyFromOwnHost: false,
    opaqueIsCrossSite: true,
    largest: 4096,
    partitionedNeedsSecure: true,
  },
  errors: { networkError: 'NetworkError when attempting to fetch resource.', callError },
  console: 'firefox',
}
