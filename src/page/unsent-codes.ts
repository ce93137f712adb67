import type { CorsFailureCode } from '../fetch/failure.js'

/** The refusals of the page's own API: `new Request()`, `open()`, `setRequestHeader()`. Nothing is sent. */
export const unsentCodes: ReadonlySet<CorsFailureCode> = new Set<CorsFailureCode>([
  'invalid-url',
  'url-with-credentials',
  'invalid-method',
  'forbidden-method',
  'method-in-no-cors-mode',
  'invalid-request-header',
  'only-if-cached-mode',
  'stream-body-unsupported',
  'stream-body-in-no-cors-mode',
  'body-with-get-or-head',
])
