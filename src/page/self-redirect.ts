/** Redirects to the very URL that was asked: nothing has been judged there, whatever the verdict. */
import { changesMethodToGet } from '../fetch/http-redirect-fetch.js'
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { isRedirectStatus, locationUrl } from '../fetch/redirect.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import { shown, shownUrl } from '../text/shown.js'
import { CorsNetworkError } from '../transport/network-error.js'
import type { Exchange, Verdict } from '../verdict/verdict.js'

/** Where the assertion asks: an app in this process serves both schemes. */
type Asked = Pick<EndpointSubject, 'url' | 'inProcess'>

/**
 * Refuses a redirect to the URL asked, or to one that is told from it by its scheme only, where both schemes lead to the same server.
 * @throws CorsNetworkError
 */
export function refuseSelfRedirect(exchange: Exchange, asked?: Asked): void {
  const target = selfRedirect(exchange, asked)
  if (target !== null) throw notJudged(exchange, target, asked)
}

/**
 * Refuses it in the middle of a journey, where a browser would only ask the same again.
 * @throws CorsNetworkError
 */
export function refuseLoop(exchange: Exchange, asked: Asked): void {
  const { kind, request, response } = exchange
  // A POST that gets 303 See Other to its own URL asks something else next.
  if (kind === 'request' && changesMethodToGet(response.status, request.method)) return
  const target = selfRedirect(exchange, asked)
  if (target !== null && target.protocol === new URL(request.url).protocol)
    throw notJudged(exchange, target, asked)
}

/**
 * Refuses a journey that was blocked there, by the page's own redirect mode too: a server that forces https would not have redirected there.
 * @throws CorsNetworkError
 */
export function refuseEndInSelfRedirect(
  { outcome }: Verdict,
  exchanges: readonly Exchange[],
  asked?: Asked,
): void {
  const last = exchanges.at(-1)
  if (outcome === 'blocked' && last !== undefined) refuseSelfRedirect(last, asked)
}

/** Where a response redirects to, if that is where it came from; else null. */
function selfRedirect({ request, response }: Exchange, asked: Asked | undefined): URL | null {
  if (!isRedirectStatus(response.status)) return null
  const from = new URL(request.url)
  // As the most lenient engine reads several lines: whoever follows none of them is refused by its own verdict.
  const to = locationUrl(response.headers, from, 'equal')
  if (to === null || to === 'failure') return null
  if (from.pathname !== to.pathname || from.search !== to.search) return null
  const isSame = from.protocol === to.protocol ? from.host === to.host : areAlike(from, to, asked)
  return isSame ? to : null
}

/** Whether http and https lead to the same server. */
function areAlike(from: URL, to: URL, asked: Asked | undefined): boolean {
  if (from.hostname !== to.hostname || !/^https?:$/.test(to.protocol)) return false
  // One port speaks one of them.
  if (from.port !== '' && from.port === to.port) return true
  // On this machine http stands for the https of the deployed API.
  if (asked !== undefined && isLoopbackHost(from.hostname)) return true
  return asked?.inProcess === true && from.hostname === asked.url.hostname
}

function notJudged(
  { kind, request, response }: Exchange,
  target: URL,
  asked: Asked | undefined,
): CorsNetworkError {
  const from = new URL(request.url)
  const what = `${kind === 'preflight' ? 'the preflight for ' : `${shown(request.method)} `}${shownUrl(request.url)}`
  const where =
    from.protocol === target.protocol
      ? 'itself'
      : `itself over ${target.protocol.slice(0, -1)}, ${shownUrl(target.href)}`
  return new CorsNetworkError(
    `${what} was redirected (${response.status}) to ${where}, so nothing could be judged: ${wayOut(from, target, asked)}`,
    { url: shownUrl(request.url) },
  )
}

function wayOut(from: URL, target: URL, asked: Asked | undefined): string {
  if (asked === undefined) return 'a browser would keep asking forever'
  if (asked.inProcess) {
    return from.protocol === 'http:' && target.protocol === 'https:'
      ? `the app requires https; say that it is served over it, { baseUrl: '${target.origin}' }`
      : 'does the app recognize a secure request by something that is missing here? { extraHeaders } sends a header along'
  }
  return `does the server believe the request came over http? { extraHeaders: { 'X-Forwarded-Proto': 'https' } } says otherwise, where it trusts a proxy`
}
