/** What it says when no valid HTTP answer came: an error, never a verdict. */
import { redactUrl } from '../text/redact.js'

const BRAND = Symbol.for('expect-cors.CorsNetworkError')

/**
 * Thrown when a request got no valid HTTP answer: nothing listens, TLS failed, time ran out, the answer was no HTTP. It says nothing
 * about CORS, so that no assertion holds or fails by it. `cause` is the error of the client. Recognised by brand, so that the two
 * builds of this package know each other's errors.
 */
export class CorsNetworkError extends Error {
  override readonly name = 'CorsNetworkError'
  readonly [BRAND] = true
  /** The URL asked for, redacted. */
  readonly url: string
  /** The client's error code: `ECONNREFUSED`, `HPE_INVALID_HEADER_TOKEN`, …. */
  readonly code: string | undefined

  constructor(message: string, details: { url: string; code?: string | undefined; cause?: unknown }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.url = details.url
    this.code = details.code
  }
}

/** Whether a value is a {@link CorsNetworkError} of any copy of this package. */
export function isCorsNetworkError(value: unknown): value is CorsNetworkError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true
}

/** The same error, of a request that a redirect led to. */
export function afterRedirect(
  error: CorsNetworkError,
  redirect: { readonly url: string; readonly status: number },
): CorsNetworkError {
  const from = `redirected there from ${redactUrl(redirect.url)} (${redirect.status})`
  const { message, url, code, cause } = error
  const said = message.replace(NO_ANSWER, `, ${from},${NO_ANSWER}`)
  return new CorsNetworkError(said === message ? `${message}; ${from}` : said, { url, code, cause })
}

const NO_ANSWER = ' got no answer'

/** The request an error is about. */
interface FailedRequest {
  readonly method: string
  readonly url: string
  readonly signal?: AbortSignal | undefined
}

/** Says in plain words why a request got no answer. */
export function toNetworkError(error: unknown, request: FailedRequest): CorsNetworkError {
  if (isCorsNetworkError(error)) return error
  const url = redactUrl(request.url)
  const cause = request.signal?.aborted === true ? (request.signal.reason ?? error) : error
  const root = rootOf(cause)
  const words = describe(root, request)
  return new CorsNetworkError(`${request.method} ${url}${NO_ANSWER}: ${words}`, {
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

function describe(error: ErrorLike, request: FailedRequest): string {
  const { host, hostname } = new URL(request.url)
  const code = codeOf(error)
  const message = typeof error.message === 'string' ? error.message : String(error.message)
  const said = code === undefined ? message : `${message} [${code}]`
  if (request.signal?.aborted === true) {
    return error.name === 'TimeoutError' ? `time ran out (${message})` : `it was aborted (${message})`
  }
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${host} (ECONNREFUSED); is the server started, and on this port?`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${hostname} could not be resolved (${code})`
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `the server closed the connection before it answered (${said})`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to ${host} (${code})`
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection to ${host} could be made in time (${code})`
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return `the server at ${host} stopped answering (${code})`
    case 'UND_MOCK_ERR_MOCK_NOT_MATCHED':
      return `the MockAgent has no answer for it: ${message}`
  }
  if (error.name === 'HTTPParserError' || /^(HPE_|UND_ERR_RES_)/.test(code ?? '')) {
    return `what came from ${host} is no valid HTTP/1.1 answer (${said})`
  }
  if (isTlsCode(code)) {
    return `the TLS connection to ${host} failed (${said}). Certificates are verified; for one of your own authority set NODE_EXTRA_CA_CERTS, or give a dispatcher: new Agent({ connect: { ca } })`
  }
  return said
}

function isTlsCode(code: string | undefined): boolean {
  return (
    code !== undefined &&
    /CERT|^ERR_(TLS|SSL)_|^UNABLE_TO_|^EPROTO$|SELF_SIGNED|^HOSTNAME_MISMATCH$/.test(code)
  )
}
