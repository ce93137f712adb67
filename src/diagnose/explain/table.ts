/** Every failure code and who finds the words for it. */
import type { CorsFailureCode } from '../../fetch/failure.js'
import {
  allowOriginMismatch,
  invalidAllowCredentials,
  invalidAllowOrigin,
  missingAllowOrigin,
  multipleAllowOrigin,
  wildcardWithCredentials,
} from './allow-origin.js'
import {
  headerNotAllowed,
  invalidList,
  methodNotAllowed,
  preflightRedirect,
  preflightStatus,
} from './preflight.js'
import {
  redirectInvalidLocation,
  redirectModeError,
  redirectStreamBody,
  redirectToUnsupportedScheme,
  redirectWithCredentials,
  redirectWithCredentialsOutsideCors,
  tooManyRedirects,
} from './redirects.js'
import * as request from './request.js'
import type { Explain } from './words.js'

export const explainers: Readonly<Record<CorsFailureCode, Explain>> = {
  'missing-allow-origin': missingAllowOrigin,
  'multiple-allow-origin': multipleAllowOrigin,
  'invalid-allow-origin': invalidAllowOrigin,
  'allow-origin-mismatch': allowOriginMismatch,
  'wildcard-allow-origin-with-credentials': wildcardWithCredentials,
  'invalid-allow-credentials': invalidAllowCredentials,
  'preflight-redirect': preflightRedirect,
  'preflight-status': preflightStatus,
  'invalid-allow-methods': invalidList,
  'invalid-allow-headers': invalidList,
  'method-not-allowed': methodNotAllowed,
  'header-not-allowed': headerNotAllowed,
  'redirect-with-credentials': redirectWithCredentials,
  'redirect-with-credentials-outside-cors': redirectWithCredentialsOutsideCors,
  'redirect-to-unsupported-scheme': redirectToUnsupportedScheme,
  'redirect-invalid-location': redirectInvalidLocation,
  'redirect-mode-error': redirectModeError,
  'too-many-redirects': tooManyRedirects,
  'redirect-stream-body': redirectStreamBody,
  'same-origin-mode': request.sameOriginMode,
  'no-cors-redirect-mode': request.noCorsRedirectMode,
  'unsupported-scheme': request.unsupportedScheme,
  'mixed-content': request.mixedContent,
  'bad-port': request.badPort,
  'stream-needs-http2': request.streamNeedsHttp2,
  'invalid-url': request.invalidUrl,
  'url-with-credentials': request.urlWithCredentials,
  'invalid-method': request.invalidMethod,
  'forbidden-method': request.forbiddenMethod,
  'method-in-no-cors-mode': request.methodInNoCorsMode,
  'invalid-request-header': request.invalidRequestHeader,
  'only-if-cached-mode': request.onlyIfCachedMode,
  'stream-body-unsupported': request.streamBodyUnsupported,
  'stream-body-in-no-cors-mode': request.streamBodyInNoCorsMode,
  'body-with-get-or-head': request.bodyWithGetOrHead,
  'event-stream-status': request.eventStreamStatus,
  'event-stream-content-type': request.eventStreamContentType,
}
