/** How long a response's head may be. */
import type { HeaderList } from '../fetch/header-list.js'
import { type FailedRequest, toNetworkError } from './network-error.js'

/** As many bytes as Chromium reads. */
export const LONGEST_HEAD = 256 * 1024

/** Refuses a head that no server could have sent. @throws CorsNetworkError */
export function refuseLongHead(headers: HeaderList, request: FailedRequest): void {
  let bytes = 0
  for (const [name, value] of headers) bytes += name.length + value.length + ': \r\n'.length
  if (bytes <= LONGEST_HEAD) return
  throw toNetworkError({ code: 'HPE_HEADER_OVERFLOW', message: `${bytes} bytes of header lines` }, request)
}
