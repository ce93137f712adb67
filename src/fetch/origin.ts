/** Origins: tuple and opaque, serialized, compared. */

/** A scheme, host and port. @see https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-tuple */
export interface TupleOrigin {
  readonly kind: 'tuple'
  /** Without the colon, lower case: `https`, `capacitor`. */
  readonly scheme: string
  /** As serialized in a URL: punycode, IPv6 in brackets. */
  readonly host: string
  /** Null for the scheme's default port. */
  readonly port: number | null
  /** The ASCII serialization: what the `Origin` header carries. */
  readonly serialized: string
}

/** An origin that equals no other, itself included once serialized: a sandboxed frame, a `data:` document.
 * @see https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque */
export interface OpaqueOrigin {
  readonly kind: 'opaque'
  readonly serialized: 'null'
}

/** @see https://html.spec.whatwg.org/multipage/browsers.html#concept-origin */
export type Origin = TupleOrigin | OpaqueOrigin

/** The opaque origin, which serializes to `null`. */
export const opaqueOrigin: OpaqueOrigin = { kind: 'opaque', serialized: 'null' }

/** The scheme's default port, or null. @see https://url.spec.whatwg.org/#default-port */
export function defaultPort(scheme: string): number | null {
  switch (scheme) {
    case 'http':
    case 'ws':
      return 80
    case 'https':
    case 'wss':
      return 443
    case 'ftp':
      return 21
    default:
      return null
  }
}

/** Whether a scheme is HTTP(S). @see https://fetch.spec.whatwg.org/#http-scheme */
export function isHttpScheme(scheme: string): boolean {
  return scheme === 'http' || scheme === 'https'
}

/** The ASCII serialization of a scheme, host and port. @see https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin */
export function serializeOrigin(scheme: string, host: string, port: number | null): string {
  return port === null || port === defaultPort(scheme) ? `${scheme}://${host}` : `${scheme}://${host}:${port}`
}

/** Why a string is not the serialization of an origin. */
export interface InvalidOrigin {
  readonly kind: 'invalid'
  /** Which part is at fault. */
  readonly reason:
    | 'empty'
    | 'wildcard'
    | 'no-scheme'
    | 'user-info'
    | 'path'
    | 'trailing-slash'
    | 'upper-case'
    | 'default-port'
    | 'port'
    | 'host'
    | 'whitespace'
    | 'file'
  /** The nearest canonical origin, where one can be told. */
  readonly canonical?: string
}

/** An origin that is its own serialization beyond doubt. The last label begins with a letter: no IPv4 address ends so. */
const SIMPLE_ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9_-]+\.)*[a-z][a-z0-9_-]*(?::[1-9][0-9]{0,4})?$/
const ANY_ORIGIN = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#\\]*)(.*)$/s

/**
 * Parses the serialization of an origin, strictly: what a browser would put into the `Origin` header and nothing else.
 * `null` is the opaque origin; any scheme is an origin (`capacitor://localhost`).
 *
 * @example parseOrigin('https://app.example.com') // { kind: 'tuple', scheme: 'https', host: 'app.example.com', port: null, … }
 * @example parseOrigin('https://app.example.com/') // { kind: 'invalid', reason: 'trailing-slash', canonical: 'https://app.example.com' }
 */
export function parseOrigin(input: string): Origin | InvalidOrigin {
  if (input === 'null') return opaqueOrigin
  if (SIMPLE_ORIGIN.test(input)) {
    const scheme = input.slice(0, input.indexOf(':'))
    const { host, port } = splitHostAndPort(input.slice(scheme.length + '://'.length))
    if (scheme !== 'file' && (port === null || (port <= 65535 && port !== defaultPort(scheme))))
      return tuple(scheme, host, port, input)
  }
  return parseUnusualOrigin(input)
}

/** The origin of what http(s) serves, as {@link parseOrigin} takes it; null for any other text. @see https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-tuple */
export function parseHttpOrigin(input: string): TupleOrigin | null {
  const origin = parseOrigin(input)
  const isHttp = origin.kind === 'tuple' && (origin.scheme === 'https' || origin.scheme === 'http')
  return isHttp && URL.canParse(input) ? origin : null
}

function tuple(scheme: string, host: string, port: number | null, serialized: string): TupleOrigin {
  return { kind: 'tuple', scheme, host, port, serialized }
}

function invalid(reason: InvalidOrigin['reason'], canonical?: string): InvalidOrigin {
  return canonical === undefined ? { kind: 'invalid', reason } : { kind: 'invalid', reason, canonical }
}

/** Everything that the fast path does not settle: IP addresses, odd hosts, and every reason to refuse. */
function parseUnusualOrigin(input: string): Origin | InvalidOrigin {
  if (input === '') return invalid('empty')
  if (input === '*') return invalid('wildcard')
  if (/\s/.test(input)) {
    const trimmed = input.trim()
    if (/\s/.test(trimmed)) return invalid('whitespace')
    const origin = parseOrigin(trimmed)
    return invalid('whitespace', origin.kind === 'invalid' ? origin.canonical : origin.serialized)
  }
  const match = ANY_ORIGIN.exec(input)
  if (match === null) {
    if (input.toLowerCase() === 'null') return invalid('upper-case', 'null')
    return invalid('no-scheme', canonicalOf(`https://${input}`))
  }
  const [, rawScheme = '', authority = '', rest = ''] = match
  const scheme = rawScheme.toLowerCase()
  const canonical = canonicalOf(input)
  if (scheme === 'file') return invalid('file', 'null')
  if (authority.includes('@')) return invalid('user-info', canonical)
  if (rest === '/') return invalid('trailing-slash', canonical)
  if (rest !== '') return invalid('path', canonical)
  if (canonical === undefined || canonical === 'null') return invalid(hasPort(authority) ? 'port' : 'host')
  if (canonical === input) {
    const parts = splitHostAndPort(authority)
    return tuple(scheme, parts.host, parts.port, input)
  }
  if (canonical === input.toLowerCase()) return invalid('upper-case', canonical)
  const { port } = splitHostAndPort(authority)
  if (port !== null && port === defaultPort(scheme)) return invalid('default-port', canonical)
  return invalid(
    authority.includes(':') && canonical.startsWith(`${scheme}://${splitHostAndPort(authority).host}`)
      ? 'port'
      : 'host',
    canonical,
  )
}

/** Whether there is a colon after the host, be that an IPv6 address in brackets or not. */
function hasPort(authority: string): boolean {
  const end = authority.startsWith('[') ? authority.indexOf(']') : 0
  return end !== -1 && authority.includes(':', end)
}

function splitHostAndPort(authority: string): { host: string; port: number | null } {
  const colon = authority.lastIndexOf(':')
  if (colon === -1 || authority.endsWith(']')) return { host: authority, port: null }
  const digits = authority.slice(colon + 1)
  return { host: authority.slice(0, colon), port: digits === '' ? null : Number(digits) }
}

/** The origin a URL parser sees in `input`; for schemes that the URL Standard knows no origin of, scheme and host. */
function canonicalOf(input: string): string | undefined {
  let url: URL
  try {
    url = new URL(input)
  } catch {
    return undefined
  }
  if (url.host === '') return undefined
  return url.origin !== 'null' ? url.origin : `${url.protocol}//${url.host.toLowerCase()}`
}

/**
 * The origin of a parsed URL. Non-special schemes (`capacitor:`) are opaque here as in the URL Standard; as a *page's* origin
 * they are said with {@link parseOrigin}.
 * @see https://url.spec.whatwg.org/#concept-url-origin
 */
export function originOfUrl(url: URL): Origin {
  const serialized = url.origin
  if (serialized === 'null') return opaqueOrigin
  // blob: URLs have the origin of the URL in their path.
  const source = url.protocol === 'blob:' ? new URL(serialized) : url
  return tuple(
    source.protocol.slice(0, -1),
    source.hostname,
    source.port === '' ? null : Number(source.port),
    serialized,
  )
}

/** Whether two origins are same origin. Two opaque origins never are, since each is its own.
 * @see https://html.spec.whatwg.org/multipage/browsers.html#same-origin */
export function isSameOrigin(a: Origin, b: Origin): boolean {
  return b.kind === 'tuple' && isOrigin(a, b.serialized)
}

/** The same where the other origin is at hand as it is serialized, such as that of a URL: `null` is none. */
export function isOrigin(origin: Origin, serialized: string): boolean {
  return origin.kind === 'tuple' && origin.serialized === serialized
}

/** Tells a host's registrable domain (`example.co.uk` for `app.example.co.uk`), or null where it has none (a public suffix, an IP). */
export type RegistrableDomain = (host: string) => string | null

/**
 * Whether two origins are schemefully same site: same scheme, and same registrable domain, or same host where one has none.
 * @see https://html.spec.whatwg.org/multipage/browsers.html#same-site
 */
export function isSchemefullySameSite(a: Origin, b: Origin, registrableDomain: RegistrableDomain): boolean {
  if (a.kind === 'opaque' || b.kind === 'opaque') return false
  return a.scheme === b.scheme && isSameSiteHost(a.host, b.host, registrableDomain)
}

/**
 * Whether two hosts share a registrable domain, or are the same host. Where nothing tells the domains, other hosts are other sites.
 * @see https://html.spec.whatwg.org/multipage/browsers.html#schemelessly-same-site
 */
export function isSameSiteHost(
  a: string,
  b: string,
  registrableDomain: RegistrableDomain | undefined,
): boolean {
  if (a === b) return true
  const domain = registrableDomain?.(a) ?? null
  return domain !== null && domain === registrableDomain?.(b)
}
