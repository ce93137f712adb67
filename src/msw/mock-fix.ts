/** What makes a mock allow what was blocked: a policy for `withCors`, to be pasted. */
import { getHeader } from '../fetch/header-list.js'
import { isCorsSafelistedMethod } from '../fetch/methods.js'
import type { CorsError } from '../page/cors-error.js'
import { argument } from '../text/shown.js'

/** Null where no CORS header would help, as with a stream's content type. */
export function mockFix({ journey, verdict }: CorsError): string | null {
  const { code, credentials, hop } = verdict
  if (code?.startsWith('event-stream')) return null
  const members = [`allow: ${hop.origin === 'null' ? "'*'" : list([hop.origin])}`]
  const preflight = journey.exchanges.find(({ kind }) => kind === 'preflight')
  if (preflight !== undefined) {
    const { headers } = preflight.request
    const method = getHeader(headers, 'access-control-request-method') ?? 'GET'
    const names = getHeader(headers, 'access-control-request-headers')?.split(/, */) ?? []
    if (!isCorsSafelistedMethod(method)) members.push(`methods: ${list([method])}`)
    if (names.length > 0) members.push(`headers: ${list(names)}`)
  }
  if (credentials) members.push('credentials: true')
  return `In the mock: give withCors(), from expect-cors/msw, a policy that allows this, and the API the same\n  setupServer(...withCors({ ${members.join(', ')} }, handlers))`
}

function list(items: readonly string[]): string {
  return `[${items.map((item) => argument(item)).join(', ')}]`
}
