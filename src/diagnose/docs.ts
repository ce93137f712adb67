/** Where to read on about a failure. */
import type { CorsFailureCode } from '../fetch/failure.js'
import type { LooksLikeCors } from './console/known-messages.js'

const MDN = 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS'
const FETCH = 'https://fetch.spec.whatwg.org/'
const HTML = 'https://html.spec.whatwg.org/multipage/'

/** Each code's page on MDN, where it has one, and its section of the standard. */
const DOCS: Readonly<Record<CorsFailureCode, readonly string[]>> = {
  'missing-allow-origin': [`${MDN}/Errors/CORSMissingAllowOrigin`, `${FETCH}#concept-cors-check`],
  'multiple-allow-origin': [`${MDN}/Errors/CORSMultipleAllowOriginNotAllowed`, `${FETCH}#concept-cors-check`],
  'invalid-allow-origin': [`${MDN}/Errors/CORSAllowOriginNotMatchingOrigin`, `${FETCH}#concept-cors-check`],
  'allow-origin-mismatch': [`${MDN}/Errors/CORSAllowOriginNotMatchingOrigin`, `${FETCH}#concept-cors-check`],
  'wildcard-allow-origin-with-credentials': [
    `${MDN}/Errors/CORSNotSupportingCredentials`,
    `${FETCH}#concept-cors-check`,
  ],
  'invalid-allow-credentials': [`${MDN}/Errors/CORSMissingAllowCredentials`, `${FETCH}#concept-cors-check`],
  'preflight-redirect': [`${MDN}/Errors/CORSExternalRedirectNotAllowed`, `${FETCH}#cors-preflight-fetch`],
  'preflight-status': [`${MDN}/Errors/CORSPreflightDidNotSucceed`, `${FETCH}#cors-preflight-fetch`],
  'invalid-allow-methods': [`${MDN}/Errors/CORSInvalidAllowMethod`, `${FETCH}#extract-header-list-values`],
  'invalid-allow-headers': [`${MDN}/Errors/CORSInvalidAllowHeader`, `${FETCH}#extract-header-list-values`],
  'method-not-allowed': [`${MDN}/Errors/CORSMethodNotFound`, `${FETCH}#cors-preflight-fetch`],
  'header-not-allowed': [
    `${MDN}/Errors/CORSMissingAllowHeaderFromPreflight`,
    `${FETCH}#cors-preflight-fetch`,
  ],
  'redirect-with-credentials': [`${FETCH}#http-redirect-fetch`],
  'redirect-with-credentials-outside-cors': [`${FETCH}#http-redirect-fetch`],
  'redirect-to-unsupported-scheme': [`${MDN}/Errors/CORSRequestNotHttp`, `${FETCH}#http-redirect-fetch`],
  'redirect-invalid-location': [`${FETCH}#concept-response-location-url`],
  'redirect-mode-error': [`${FETCH}#concept-request-redirect-mode`],
  'too-many-redirects': [`${FETCH}#http-redirect-fetch`],
  'redirect-stream-body': [`${FETCH}#http-redirect-fetch`],
  'same-origin-mode': [`${FETCH}#concept-main-fetch`],
  'no-cors-redirect-mode': [`${FETCH}#concept-main-fetch`],
  'unsupported-scheme': [`${MDN}/Errors/CORSRequestNotHttp`, `${FETCH}#concept-main-fetch`],
  'mixed-content': [
    'https://developer.mozilla.org/en-US/docs/Web/Security/Mixed_content',
    'https://w3c.github.io/webappsec-mixed-content/',
  ],
  'bad-port': [`${FETCH}#port-blocking`],
  'keepalive-quota': [`${FETCH}#http-network-or-cache-fetch`],
  'not-in-http-cache': [`${FETCH}#concept-http-network-or-cache-fetch`],
  'stream-needs-http2': [`${FETCH}#concept-http-network-fetch`],
  'proxy-authentication-required': [`${FETCH}#concept-http-network-or-cache-fetch`],
  'conflicting-header-lines': ['https://httpwg.org/specs/rfc9110.html#field.order'],
  'invalid-url': ['https://url.spec.whatwg.org/#url-parsing'],
  'url-with-credentials': [`${FETCH}#dom-request`],
  'invalid-method': [`${FETCH}#concept-method`],
  'forbidden-method': [`${FETCH}#forbidden-method`],
  'method-in-no-cors-mode': [`${FETCH}#dom-request`],
  'invalid-request-header': [`${FETCH}#concept-header-value`],
  'invalid-referrer': [`${FETCH}#dom-request`],
  'only-if-cached-mode': [`${FETCH}#dom-request`],
  'stream-body-unsupported': [`${FETCH}#dom-request`],
  'stream-body-in-no-cors-mode': [`${FETCH}#dom-request`],
  'stream-body-with-keepalive': [`${FETCH}#concept-bodyinit-extract`],
  'body-with-get-or-head': [`${FETCH}#dom-request`],
  'resource-policy': [
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Cross-Origin-Resource-Policy',
    `${FETCH}#cross-origin-resource-policy-header`,
  ],
  'element-status': [`${HTML}urls-and-fetching.html#create-a-potential-cors-request`],
  'element-content-type': [
    'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/MIME_types',
    `${FETCH}#should-response-to-request-be-blocked-due-to-mime-type?`,
  ],
  'preloaded-without-cors': [`${HTML}links.html#link-type-preload`],
  'event-stream-status': [`${HTML}server-sent-events.html#sse-processing-model`],
  'event-stream-content-type': [`${HTML}server-sent-events.html#sse-processing-model`],
}

/** This package's own page about a failure code: a file of the package, where a project has it. */
function pageFor(code: CorsFailureCode): string {
  return `node_modules/expect-cors/docs/errors/${code}.md`
}

/** The section about what looks like a CORS error but is not one. */
export function pageAbout(looksLike: LooksLikeCors): string {
  return `node_modules/expect-cors/docs/looks-like-cors.md#${looksLike}`
}

/** The pages about a failure code: this package's own, then MDN's where there is one, then the standard's section. */
export function docsFor(code: CorsFailureCode): readonly string[] {
  return [pageFor(code), ...DOCS[code]]
}
