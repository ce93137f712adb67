/** The events that an XHR's `upload` fires, in each engine's order. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import { isRedirectStatus } from '../fetch/redirect.js'
import type { Verdict } from '../verdict/verdict.js'

/** What an upload is of. */
export interface Upload {
  readonly hasListeners: boolean
  readonly hasBody: boolean
  /** Whether the URL needs no server. */
  readonly isLocal: boolean
  /** Whether method and headers need no preflight. */
  readonly isSimple: boolean
}

/** What `upload` fires at each stage. */
export interface UploadEvents {
  /** After `loadstart`. */
  readonly started: readonly string[]
  /** Once the body was sent and a response came. */
  done(timesSent: number): readonly string[]
  /** Before `error`, where the request was blocked. */
  failed(timesSent: number, verdict: Verdict): readonly string[]
  /** Before `error`, where no response came. */
  readonly broken: readonly string[]
}

const NONE: UploadEvents = { started: [], done: () => [], failed: () => [], broken: [] }
const FAILED = ['error', 'loadend']

/** @see https://xhr.spec.whatwg.org/#the-send()-method */
export function uploadEvents(
  engine: Profile,
  { hasListeners, hasBody, isLocal, isSimple }: Upload,
): UploadEvents {
  const {
    localUploadsAreSilent,
    refusedRedirectFailsUpload,
    resentUploadProgresses,
    blockedResponseFailsUpload,
    uploadWithoutBodyFails,
  } = deviationsOf(engine).xhrEvents
  // DEVIATION: no upload events where no server is asked.
  if (!hasListeners || (isLocal && localUploadsAreSilent)) return NONE
  if (!hasBody) {
    // DEVIATION: an upload without a body fails, too.
    return uploadWithoutBodyFails && !isSimple ? { ...NONE, failed: () => FAILED } : NONE
  }
  const done = (timesSent: number): readonly string[] => {
    if (isLocal) return []
    // DEVIATION: a body that is sent again progresses again.
    return ['progress', 'load', 'loadend', ...(resentUploadProgresses && timesSent > 1 ? ['progress'] : [])]
  }
  return {
    started: ['loadstart'],
    done,
    // DEVIATION: what was sent has arrived, unless a refused redirect or response makes a failure of it.
    failed: (timesSent, verdict) =>
      timesSent > 0 &&
      !blockedResponseFailsUpload &&
      !(refusedRedirectFailsUpload && isRefusedRedirect(verdict))
        ? done(timesSent)
        : FAILED,
    broken: FAILED,
  }
}

/** Whether a redirect was refused, or the preflight after it, but not for how its `Location` is written or for being one too many. */
export function isRefusedRedirect({ blockedAt, code, hop: { status } }: Verdict): boolean {
  if (blockedAt === 'preflight') return true
  if (code === 'redirect-invalid-location' || code === 'too-many-redirects') return false
  return status !== undefined && isRedirectStatus(status)
}
