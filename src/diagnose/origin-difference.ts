/** How two origins that ought to be equal differ, in words. */
import { listed, quoted } from '../text/shown.js'

const PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/@]*)@)?([^/:?#\\[\]]*|\[[^\]]*\])(?::([^/?#]*))?(.*)$/s

interface OriginParts {
  readonly scheme: string
  readonly userInfo: string | undefined
  readonly host: string
  readonly port: string | undefined
  readonly rest: string
}

function partsOf(origin: string): OriginParts | null {
  const match = PARTS.exec(origin)
  if (match === null) return null
  return {
    scheme: match[1] ?? '',
    userInfo: match[2],
    host: match[3] ?? '',
    port: match[4],
    rest: match[5] ?? '',
  }
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443', ws: '80', wss: '443' }

/**
 * What tells the value a server sent from the origin that asked, as a clause. Null where the two are too different to compare.
 *
 * @example originDifference('https://app.example.com', 'https://app.example.com/') // 'it ends in a slash, which an origin never has'
 * @example originDifference('https://app.example.com', 'http://app.example.com') // 'the scheme differs: `http` is not `https`'
 */
export function originDifference(origin: string, value: string): string | null {
  if (value === `${origin}/`) return 'it ends in a slash, which an origin never has'
  if (value !== origin && value.toLowerCase() === origin.toLowerCase()) {
    return 'it differs in upper and lower case, and browsers compare byte for byte'
  }
  const want = partsOf(origin)
  const got = partsOf(value)
  if (want === null || got === null) {
    return /^[^:/]+(:\d+)?$/.test(value) || value.startsWith('localhost:')
      ? 'it has no scheme such as `https://`'
      : null
  }
  const clauses = partDifferences(want, got)
  if (got.userInfo !== undefined) clauses.push('it contains a user name, which an origin never has')
  if (got.rest === '/') clauses.push('it ends in a slash, which an origin never has')
  else if (got.rest !== '')
    clauses.push(`it goes on with ${quoted(got.rest)}, and an origin ends after host and port`)
  return clauses.length === 0 ? null : clauses.join('; ')
}

/** Scheme, host and port: one that differs with its values, several by name. */
function partDifferences(want: OriginParts, got: OriginParts): string[] {
  const scheme = got.scheme.toLowerCase() !== want.scheme
  const host = got.host.toLowerCase() !== want.host
  const port = portDifference(want, got)
  const isPattern = got.host.includes('*')
  const parts = [scheme ? 'scheme' : '', host ? 'host' : '', port === null ? '' : 'port'].filter(
    (part) => part !== '',
  )
  if (parts.length > 1 && !isPattern) return [`${listed(parts)} differ`]
  const clauses: string[] = []
  if (scheme) clauses.push(`the scheme differs: ${quoted(got.scheme)} is not ${quoted(want.scheme)}`)
  if (host) clauses.push(hostDifference(want.host, got.host))
  if (port !== null) clauses.push(port)
  return clauses
}

function hostDifference(want: string, got: string): string {
  if (got.includes('*'))
    return `${quoted(got)} is a pattern, and browsers support no pattern other than a lone \`*\``
  if (got === `www.${want}` || want === `www.${got}`)
    return `the host differs: one has \`www.\`, the other does not`
  if (got === `${want}.`) return 'its host ends in a dot'
  return `the host differs: ${quoted(got)} is not ${quoted(want)}`
}

function portDifference(want: OriginParts, got: OriginParts): string | null {
  if (got.port === want.port) return null
  if (got.port === undefined) return `it lacks the port ${quoted(want.port ?? '')}`
  if (got.port === '') return 'it has a colon without a port'
  if (want.port === undefined) {
    const isDefault = DEFAULT_PORTS[got.scheme.toLowerCase()] === got.port
    return isDefault
      ? `it names the port ${quoted(got.port)}, which browsers leave out because it is the default`
      : `it names the port ${quoted(got.port)}, and the page's origin has none`
  }
  return `the port differs: ${quoted(got.port)} is not ${quoted(want.port)}`
}
