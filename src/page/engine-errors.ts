/** What each engine's script sees when a request fails: its error's name and message. */

import type { Profile } from '../engines/profiles.js'
import { callCodes, type Failure } from '../fetch/failure.js'
import { shown, shownUrl, shownValue } from '../text/shown.js'

/** The message of the `TypeError` that `fetch` rejects with for any network error. */
const NETWORK_ERRORS: Readonly<Record<Profile, string>> = {
  standard: 'Failed to fetch',
  chromium: 'Failed to fetch',
  firefox: 'NetworkError when attempting to fetch resource.',
  webkit: 'Load failed',
  webkitgtk: 'Load failed',
}

/** A network error as a script sees it. */
export function networkError(engine: Profile, cause: unknown): TypeError {
  return new TypeError(NETWORK_ERRORS[engine], { cause })
}

/** Where a script's call failed. */
export type CallSite = 'fetch' | 'Request'

type Words = (failure: Failure, site: CallSite, what: { method: string; url: string; mode: string }) => string

const chromium: Words = (failure, site, { method, url }) => {
  const start =
    site === 'fetch' ? "Failed to execute 'fetch' on 'Window': " : "Failed to construct 'Request': "
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
    case 'only-if-cached-mode':
      return `${start}'only-if-cached' can be set only with 'same-origin' mode`
    case 'stream-body-in-no-cors-mode':
      return `${start}If request is made from ReadableStream, mode should be"same-origin" or "cors"`
    default:
      return `${start}Request with GET/HEAD method cannot have body.`
  }
}

const firefox: Words = (failure, site, { method, url, mode }) => {
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
    case 'only-if-cached-mode':
      return `${start}Request mode '${mode}' was used, but request cache mode 'only-if-cached' can only be used with request mode 'same-origin'.`
    default:
      return `${start}HEAD or GET Request cannot have a body.`
  }
}

const webkit: Words = (failure) => {
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
    case 'only-if-cached-mode':
      return 'only-if-cached cache option requires fetch mode to be same-origin.'
    case 'stream-body-unsupported':
      return 'ReadableStream uploading is not supported'
    default:
      return "Request has method 'GET' and cannot have a body"
  }
}

const words: Readonly<Record<Profile, Words>> = {
  standard: chromium,
  chromium,
  firefox,
  webkit,
  webkitgtk: webkit,
}

const CALL_CODES: ReadonlySet<string> = new Set(callCodes)

/** Whether a refusal is thrown by the page's API itself, with a message of its own. */
export function isCallError(failure: Failure): boolean {
  return CALL_CODES.has(failure.code)
}

/** The error that a script's own mistake makes the API throw. */
export function callError(
  engine: Profile,
  failure: Failure,
  site: CallSite,
  what: { method: string; url: string; mode: string },
  cause: unknown,
): Error {
  const { header, value, part } = failure
  const shownFailure: Failure = {
    ...failure,
    ...(header === undefined ? {} : { header: shown(header) }),
    ...(typeof value === 'string' ? { value: shownValue(header ?? '', value) } : {}),
    ...(part === undefined ? {} : { part: shown(part) }),
  }
  const message = words[engine](shownFailure, site, {
    method: shown(what.method),
    url: shownUrl(what.url),
    mode: what.mode,
  })
  if (failure.code !== 'stream-body-unsupported') return new TypeError(message, { cause })
  const error = new DOMException(message, 'NotSupportedError')
  Object.defineProperty(error, 'cause', { value: cause, configurable: true })
  return error
}
