/** The events that an XHR's `upload` fires, in each engine's order. */
import type { Profile } from '../engines/profiles.js'

/** What had been sent when the request was blocked. */
export interface Sent {
  readonly preflight: boolean
  readonly request: boolean
}

/** What `upload` fires at each stage. */
export interface UploadEvents {
  /** After `loadstart`. */
  readonly started: readonly string[]
  /** Once the body was sent and an answer came. */
  readonly done: readonly string[]
  /** Before `error`, where the request was blocked. */
  failed(sent: Sent): readonly string[]
  /** Before `error`, where no answer came. */
  readonly broken: readonly string[]
}

const NONE: UploadEvents = { started: [], done: [], failed: () => [], broken: [] }
const SENT = ['progress', 'load', 'loadend']
const FAILED = ['error', 'loadend']

/** @see https://xhr.spec.whatwg.org/#the-send()-method */
export function uploadEvents(engine: Profile, hasListeners: boolean, hasBody: boolean): UploadEvents {
  if (!hasListeners) return NONE
  if (!hasBody) {
    // Chromium reports the failure of an upload that never was, where there was a preflight.
    return engine === 'chromium' ? { ...NONE, failed: ({ preflight }) => (preflight ? FAILED : []) } : NONE
  }
  return {
    started: ['loadstart'],
    done: SENT,
    // Firefox takes an upload whose answer is blocked for one that failed.
    failed: ({ request }) => (request && engine !== 'firefox' ? SENT : FAILED),
    broken: FAILED,
  }
}
