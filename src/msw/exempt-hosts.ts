/** Hosts that `enforceCors({ allow })` leaves alone: to a page, their servers allow everything. */
import { getHeader, type Header } from '../fetch/header-list.js'
import { byteLowercase, startsIgnoringCase } from '../fetch/http-tokens.js'
import { argument } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { TransportRequest, TransportResponse } from '../transport/transport.js'

type IsExempt = (url: URL) => boolean

/**
 * Reads `allow`.
 * @throws CorsUsageError for what names no host
 */
export function readAllow(allow: unknown): IsExempt {
  if (allow === undefined) return () => false
  if (!Array.isArray(allow)) {
    throw new CorsUsageError(
      `enforceCors(): allow must be a list of hosts such as ['telemetry.example.com', '*.example.net', 'localhost:3001']; got ${describeValue(allow)}`,
    )
  }
  const rules = allow.map(ruleOf)
  return (url) => rules.some((rule) => rule(url))
}

function ruleOf(host: unknown): IsExempt {
  if (typeof host !== 'string') throw noHost(describeValue(host))
  if (/^https?:\/\//i.test(host) && URL.canParse(host)) {
    const { origin, href } = new URL(host)
    if (href === `${origin}/`) return (url) => url.origin === origin
  }
  const bare = host.replace(/^\*\./, '')
  if (bare === '' || /[/*?#@\s]/.test(bare) || !URL.canParse(`http://${bare}`)) throw noHost(argument(host))
  // As a URL has it: in lower case, and in Punycode.
  const { hostname } = new URL(`http://${bare}`)
  const port = /:(\d+)$/.exec(bare)?.[1]
  return (url) =>
    (host.startsWith('*.') ? url.hostname.endsWith(`.${hostname}`) : url.hostname === hostname) &&
    (port === undefined || port === portOf(url))
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port
}

function noHost(shown: string): CorsUsageError {
  return new CorsUsageError(
    `enforceCors(): allow takes hosts such as 'telemetry.example.com', '*.example.net', 'localhost:3001', or origins; got ${shown}`,
  )
}

/** What an exempt server responds to a preflight, which it is never sent. */
export function allowingPreflight({ headers }: TransportRequest): TransportResponse {
  const lines: Header[] = allowingLines(headers)
  const method = getHeader(headers, 'access-control-request-method')
  const names = getHeader(headers, 'access-control-request-headers')
  if (method !== null) lines.push(['Access-Control-Allow-Methods', method])
  if (names !== null) lines.push(['Access-Control-Allow-Headers', names])
  return { status: 204, statusText: 'No Content', headers: lines, body: null, httpVersion: '1.1' }
}

/** The response of an exempt server, all of which a page may read. */
export function allowed(request: TransportRequest, response: TransportResponse): TransportResponse {
  const own = response.headers.filter(([name]) => !startsIgnoringCase(name, 'access-control-'))
  const names = [...new Set(own.map(([name]) => byteLowercase(name)))]
  const headers: Header[] = [...own, ...allowingLines(request.headers)]
  if (names.length > 0) headers.push(['Access-Control-Expose-Headers', names.join(', ')])
  // Not a copy: its body is read where it is asked for.
  return Object.assign(response, { headers })
}

function allowingLines(asked: TransportRequest['headers']): Header[] {
  const origin = getHeader(asked, 'origin')
  if (origin === null) return []
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Credentials', 'true'],
  ]
}
