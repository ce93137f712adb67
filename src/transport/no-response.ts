/** Why a request got no valid HTTP response, in plain words. */
import type { HeaderList } from '../fetch/header-list.js'
import { shown, shownUrl } from '../text/shown.js'
import { CorsNetworkError, isCorsNetworkError } from './network-error.js'

/** The same error, of a request that a redirect led to. */
export function afterRedirect(
  error: CorsNetworkError,
  redirect: { readonly url: string; readonly status: number },
): CorsNetworkError {
  const from = `redirected there from ${shownUrl(redirect.url)} (${redirect.status})`
  const { message, url, code, cause } = error
  const said = message.replace(NO_RESPONSE, `, ${from},${NO_RESPONSE}`)
  return new CorsNetworkError(said === message ? `${message}; ${from}` : said, { url, code, cause })
}

const NO_RESPONSE = ' got no response'

/** The request an error is about. */
export interface FailedRequest {
  readonly method: string
  readonly url: string
  readonly signal?: AbortSignal | undefined
}

/** The connection to a proxy of the environment failed. */
export class ProxyConnectError extends Error {
  /** Its URL, without user info. */
  readonly proxy: string

  constructor(proxy: URL, cause: unknown) {
    super('the proxy cannot be reached', { cause })
    this.proxy = proxy.origin
  }
}

/**
 * Says in plain words why a request got no response.
 * @param connectsToProxy whether the client connects to a proxy and nothing else
 */
export function toNetworkError(
  error: unknown,
  request: FailedRequest,
  connectsToProxy = false,
): CorsNetworkError {
  return networkError(error, request, connectsToProxy, false)
}

/** The same where the head of the response came, and its body broke off. */
export function toBodyError(
  error: unknown,
  request: FailedRequest,
  connectsToProxy = false,
): CorsNetworkError {
  return networkError(error, request, connectsToProxy, true)
}

function networkError(
  error: unknown,
  request: FailedRequest,
  connectsToProxy: boolean,
  hasHead: boolean,
): CorsNetworkError {
  if (isCorsNetworkError(error)) return error
  const url = shownUrl(request.url)
  const cause = request.signal?.aborted === true ? (request.signal.reason ?? error) : error
  const root = rootOf(cause)
  const proxy = proxyOf(cause) ?? (connectsToProxy ? placeOf(root) : undefined)
  const missing = hasHead ? ' got no full response' : NO_RESPONSE
  const said = describe(root, request, proxy, hasHead)
  return new CorsNetworkError(`${shown(request.method)} ${url}${missing}: ${said}`, {
    url,
    code: codeOf(root),
    cause,
  })
}

interface ErrorLike {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
  /** Where the system was to connect to, or which name it looked up. */
  readonly address?: unknown
  readonly port?: unknown
  readonly hostname?: unknown
  /** What undici's and Node's parsers could not read. */
  readonly data?: unknown
  readonly rawPacket?: unknown
}

/** The error that has a code: clients wrap it, and trying several addresses gives an aggregate. */
function rootOf(error: unknown): ErrorLike {
  let current = asError(error)
  for (let depth = 0; depth < 5; depth++) {
    const inner = Array.isArray(current.errors) ? current.errors[0] : current.cause
    if (typeof inner !== 'object' || inner === null) break
    if (codeOf(current) !== undefined && !Array.isArray(current.errors)) break
    current = inner
  }
  return current
}

function asError(error: unknown): ErrorLike {
  return typeof error === 'object' && error !== null ? error : { message: String(error) }
}

function codeOf(error: ErrorLike): string | undefined {
  return typeof error.code === 'string' ? error.code : undefined
}

function proxyOf(error: unknown): string | undefined {
  return error instanceof ProxyConnectError ? `${error.proxy} (HTTP_PROXY or HTTPS_PROXY)` : undefined
}

function placeOf({ address, port, hostname }: ErrorLike): string {
  if (typeof hostname === 'string') return hostname
  if (typeof address !== 'string') return 'of your dispatcher'
  return `at ${address.includes(':') ? `[${address}]` : address}${typeof port === 'number' ? `:${port}` : ''}`
}

/** @param proxy the proxy that the connection was to lead to */
function describe(
  error: ErrorLike,
  request: FailedRequest,
  proxy: string | undefined,
  hasHead: boolean,
): string {
  const { host, hostname } = new URL(request.url)
  const code = codeOf(error)
  const text = String(error.message)
  // OpenSSL's reason stands between its own file names.
  const message = shown(/SSL routines:[^:]*:([^:]+)/.exec(text)?.[1] ?? text)
  const said = code === undefined ? message : `${message} [${code}]`
  if (request.signal?.aborted === true) {
    return error.name === 'TimeoutError' ? `time ran out (${message})` : `it was aborted (${message})`
  }
  const place = proxy === undefined ? host : `the proxy ${proxy}`
  if (SWITCHED.test(text))
    return `the server at ${host} switched protocols (status 101), which the request had not asked for`
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${place} (ECONNREFUSED)${proxy === undefined ? '; is the server started, and on this port?' : ''}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${proxy === undefined ? hostname : `of ${place}`} could not be resolved (${code})`
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      if (message === 'bad response')
        return `the server at ${host} sent a response of status 100 that nobody asked for, which undici does not read (${said}); without a dispatcher of your own it is skipped`
      return `${proxy === undefined ? 'the server' : place} closed the connection before ${hasHead ? 'the body was complete' : 'it responded'} (${said})`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${place} (${code})`
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection to ${place} could be made in time (${code})`
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return `the server at ${host} stopped responding (${code})`
    case 'UND_MOCK_ERR_MOCK_NOT_MATCHED':
      return `the MockAgent has no response for it: ${message}`
    case 'UND_ERR_HEADERS_OVERFLOW':
    case 'HPE_HEADER_OVERFLOW':
      return `the head of the response is too long (${code}): up to 256 KiB are read, as in Chromium, and through a dispatcher of your own as much as its maxHeaderSize`
  }
  const refusal = /^Proxy response \((\d+)\)/.exec(message)?.[1]
  if (refusal !== undefined) {
    return `the proxy did not connect to ${host} but responded with status ${refusal}${refusal === '407' ? ': it requires a user name and a password in its URL' : ''}`
  }
  // undici's parser asserts that a status is at least 100.
  if (error.name === 'HTTPParserError' || /^(HPE_|UND_ERR_RES_|ERR_ASSERTION$)/.test(code ?? '')) {
    return isTlsAlert(error.data ?? error.rawPacket)
      ? `the port speaks https: ask https://${host}`
      : `what came from ${place} is not a valid HTTP/1.1 response (${said})`
  }
  return code !== undefined && TLS_CODE.test(code) ? describeTls(code, message, place) : said
}

/** What undici says of a 101, with an `Upgrade` header and without. */
const SWITCHED = /^bad upgrade$|\bassert\(upgrade\)/

/** What a server that switches protocols unasked comes to. */
export function switchedProtocols(): Error {
  return new Error('bad upgrade')
}

function isTlsAlert(packet: unknown): boolean {
  const text = ArrayBuffer.isView(packet)
    ? Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength).toString('latin1')
    : String(packet)
  return text.startsWith('\x15\x03')
}

const TLS_CODE =
  /CERT|^ERR_(?:TLS|SSL)_|^UNABLE_TO_|^EPROTO$|^CRL_|^INVALID_|^HOSTNAME_MISMATCH$|^UND_ERR_PRX_TLS$/

/** What to make of what OpenSSL and Node call a fault of TLS; the first that fits. */
const TLS_FAULTS: readonly (readonly [name: RegExp, advice: string])[] = [
  [
    /wrong version number|packet length too long/,
    'the port speaks http, or something else that is not TLS; write http:// instead of https://',
  ],
  [
    /no application protocol/,
    'the server speaks only HTTP/2; pass dispatcher: new Agent({ allowH2: true }), with the Agent of undici',
  ],
  [
    /alert (?:.* )?certificate|alert unknown ca/,
    'the server wants a client certificate that it trusts; pass dispatcher: new Agent({ connect: { cert, key } }), with the Agent of undici',
  ],
  [
    /self.signed|unable to (?:get|verify)|cert untrusted|invalid ca/,
    'certificates are verified; for one of your own authority set NODE_EXTRA_CA_CERTS, or pass dispatcher: new Agent({ connect: { ca } }), with the Agent of undici',
  ],
  [/altname|hostname mismatch/, 'its certificate is for other names'],
  [/cert has expired|cert not yet valid/, 'its certificate is not valid today'],
]

function describeTls(code: string, reason: string, place: string): string {
  const name = `${code} ${reason}`.toLowerCase().replaceAll('_', ' ')
  const advice = TLS_FAULTS.find(([fault]) => fault.test(name))?.[1]
  return `the TLS connection to ${place} failed (${reason} [${code}])${advice === undefined ? '' : `: ${advice}`}`
}

/** As many bytes of a response's head as Chromium reads. */
export const LONGEST_HEAD = 256 * 1024

/** Refuses a head that no server could have sent. @throws CorsNetworkError */
export function refuseLongHead(headers: HeaderList, request: FailedRequest): void {
  let bytes = 0
  for (const [name, value] of headers) bytes += name.length + value.length + ': \r\n'.length
  if (bytes <= LONGEST_HEAD) return
  throw toNetworkError({ code: 'HPE_HEADER_OVERFLOW', message: `${bytes} bytes of header lines` }, request)
}
