import type { Header } from '../fetch/header-list.js'
import { HeadersInitError, type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import { CorsUsageError } from '../text/usage-error.js'

/** Reads header lines. @throws CorsUsageError that says whose headers they are and which entry is neither a name nor a pair */
export function linesOf(headers: HeadersLike | undefined | null, whose: string): Header[] {
  try {
    return readHeaders(headers)
  } catch (error) {
    if (!(error instanceof HeadersInitError)) throw error
    throw new CorsUsageError(`the ${whose}'s headers: ${error.message}`)
  }
}
