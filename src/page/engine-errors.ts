/** What each engine's script sees when a request fails: its error's name and message. */

import type { ScriptCall } from '../engines/engine.js'
import { engineOf, type Profile } from '../engines/profiles.js'
import { callCodes, type Failure } from '../fetch/failure.js'
import { shown, shownUrl, shownValue } from '../text/shown.js'
import type { CorsRequest } from '../verdict/cors-request.js'

/** A network error as a script sees it. */
export function networkError(engine: Profile, cause: unknown): TypeError {
  return new TypeError(engineOf(engine).errors.networkError, { cause })
}

const CALL_CODES: ReadonlySet<string> = new Set(callCodes)

/** Whether a refusal is thrown by the page's API itself, with a message of its own. */
export function isCallError({ code }: { readonly code?: Failure['code'] | undefined }): boolean {
  return code !== undefined && CALL_CODES.has(code)
}

/** The error that a script's own mistake makes the API throw. */
export function callError(
  engine: Profile,
  failure: Failure,
  site: ScriptCall,
  { method = 'GET', url, mode = 'cors' }: Pick<CorsRequest, 'method' | 'url' | 'mode'>,
  cause: unknown,
): Error {
  const { header, value, part } = failure
  const shownFailure: Failure = {
    ...failure,
    ...(header === undefined ? {} : { header: shown(header) }),
    ...(typeof value === 'string' ? { value: shownValue(header ?? '', value) } : {}),
    ...(part === undefined ? {} : { part: shown(part) }),
  }
  const message = engineOf(engine).errors.callError(shownFailure, site, {
    method: shown(method),
    url: shownUrl(url),
    mode,
  })
  if (failure.code !== 'stream-body-unsupported') return new TypeError(message, { cause })
  const error = new DOMException(message, 'NotSupportedError')
  Object.defineProperty(error, 'cause', { value: cause, configurable: true })
  return error
}

/** An event of a failure, with what no browser's event tells: why. */
export function withCause<Failed extends Event>(event: Failed, cause: unknown): Failed {
  return cause === undefined
    ? event
    : Object.defineProperty(event, 'cause', { value: cause, configurable: true })
}
