/** Asking an endpoint again what it was asked: as another page, and to tell the causes of a failure apart. */

import type { NextQuestion } from '../diagnose/again/next-question.js'
import type { BlockedCase, Case } from '../diagnose/case.js'
import { diagnosis } from '../diagnose/diagnosis.js'
import { type Header, type HeaderList, HeaderNames } from '../fetch/header-list.js'
import { startsIgnoringCase } from '../fetch/http-tokens.js'
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { corsPreflightHeaders } from '../fetch/preflight.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import { REDACTED } from '../text/redact.js'
import { installedDispatcher } from '../transport/global-dispatcher.js'
import { isNetworkMocked } from '../transport/mock-detection.js'
import type { Exchange } from '../verdict/verdict.js'
import { askOnce } from './ask.js'
import { refuseSelfRedirect } from './self-redirect.js'

/** Sends a request that was sent once more, as a page at another origin, or as no page; the response is taken as it is. */
export async function askAgainAs(
  endpoint: EndpointSubject,
  origin: string | null,
  { method, url, headers }: RequestHead,
  signal: AbortSignal,
): Promise<Exchange> {
  const asked = withOrigin(
    ofTheAssertion(headers).filter(([name]) => !OF_THE_PAGE.has(name)),
    origin,
  )
  const exchange = await askOnce(endpoint, 'request', { method, url, headers: asked }, signal)
  refuseSelfRedirect(exchange, endpoint)
  return exchange
}

/** What says which page a request is of. */
const OF_THE_PAGE = new HeaderNames([
  'origin',
  'referer',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
])

/**
 * Asks what tells the possible causes of a failure apart, one question after the other, and nothing that changes anything on the server. It ends where
 * the signal says so, and where the server cannot be asked any more; what is known by then is what there is.
 * @param isNear whether the server may be asked beyond the URL that it was asked for; by default an app in this process and one on this machine may
 */
export async function askAgain(
  endpoint: EndpointSubject,
  found: Case | BlockedCase,
  signal: AbortSignal,
  isNear = endpoint.inProcess || isLoopbackHost(endpoint.url.hostname),
): Promise<Exchange[]> {
  const asked: Exchange[] = []
  const { last } = found
  if (last === undefined) return asked
  // What a mock does not know, or not a second time, may go to the network, or fail the test.
  if (!endpoint.inProcess && isMockAgent(endpoint.options.dispatcher ?? installedDispatcher())) return asked
  const isMocked = !endpoint.inProcess && isNetworkMocked()
  const isOwn = new URL(last.request.url).origin === endpoint.url.origin
  const means = { isNear: isNear && isOwn && !isMocked, nonce: Math.random().toString(36).slice(2) }
  while (!signal.aborted) {
    const question = diagnosis().nextQuestion(found, asked, means)
    if (question === null) break
    if (isMocked && !found.exchanges.some(({ kind }) => kind === question.kind)) break
    try {
      asked.push(await askOnce(endpoint, question.kind, headOf(question, last), signal))
    } catch {
      // No time left, or nothing that could be asked.
      break
    }
  }
  return asked
}

/** Of whatever copy of undici. */
function isMockAgent(dispatcher: unknown): boolean {
  return /^Mock/.test((dispatcher as object | undefined)?.constructor.name ?? '')
}

/** The request that asks a question, with nothing more of the page than the offending request had. */
function headOf({ kind, method, headers, origin, url }: NextQuestion, { request }: Exchange): RequestHead {
  const kept = ofTheAssertion(request.headers)
  if (kind === 'preflight') {
    const unsafeHeaders = headers.map((name) => ({
      name,
      spelling: name,
      value: '',
      reason: 'name' as const,
    }))
    const site = kept.filter(([name]) => startsIgnoringCase(name, 'sec-fetch-'))
    const asked = corsPreflightHeaders({
      origin: origin ?? 'null',
      credentials: false,
      method,
      unsafeHeaders,
    })
    return { method: 'OPTIONS', url, headers: [...asked, ...site] }
  }
  // Elsewhere nobody has to know who asks.
  const dropped = url === request.url ? SAYS_PAGE : SAYS_PAGE_OR_USER
  return {
    method,
    url,
    headers: withOrigin(
      kept.filter(([name]) => !dropped.has(name)),
      origin,
    ),
  }
}

const SAYS_PAGE = new HeaderNames(['origin', 'referer'])
const SAYS_PAGE_OR_USER = new HeaderNames(['origin', 'referer', 'authorization', 'cookie'])

/** Without what goes along with every request to the endpoint, and is added where that is asked. */
function ofTheAssertion(headers: HeaderList): Header[] {
  return headers.filter(([, value]) => value !== REDACTED)
}

function withOrigin(headers: readonly Header[], origin: string | null): Header[] {
  return origin === null ? [...headers] : [...headers, ['Origin', origin]]
}
