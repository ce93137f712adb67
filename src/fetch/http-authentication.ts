/**
 * HTTP-network-or-cache fetch around what is sent: logins that the browser knows or asks for, and statuses after which it sends the same again.
 * A coroutine that does no I/O.
 */
import { bytesOf, percentDecode } from './data-url.js'
import type { Deviations } from './deviations.js'
import type { Failure, Prompt } from './failure.js'
import type { FetchContext } from './fetch-context.js'
import { type FetchRequest, includesCredentials, sendsCredentials } from './fetch-request.js'
import { containsHeader, headerLines } from './header-list.js'
import type { Send } from './main-fetch.js'
import { isSameSiteHost } from './origin.js'
import type { ResponseHead } from './response.js'

/** A user name and a password. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** The logins that a browser knows. @see https://fetch.spec.whatwg.org/#authentication-entry */
export interface Logins {
  /** The one to send ahead of any challenge. */
  ahead(request: FetchRequest): Login | null
  /** The one to respond to a challenge with. */
  loginFor(request: FetchRequest, realm: string): Login | null
  /** Keeps one that was used. */
  remember(request: FetchRequest, realm: string, login: Login): void
}

/** What a response to something that was sent comes to. */
type Received = ResponseHead | { readonly failure: Failure }

/**
 * Sends what is to be sent, and once more where the response asks for it: for a context that has logins.
 * @see https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
 */
export function* networkFetch(
  send: Send,
  context: FetchContext,
): Generator<Send, Received | Prompt, Received> {
  const { request, phase } = send
  const { deviations } = context
  const logins = context.logins as Logins
  if (phase === 'preflight') return yield* repeatedFetch(send, deviations)
  // 8.24.3. If there's an authentication entry for httpRequest, then set authorizationValue to it.
  // DEVIATION: a beacon goes without, and nobody is asked.
  if (request.initiator === 'beacon' && deviations.keepalive.beaconsHaveNoLogins)
    return yield* repeatedFetch(send, deviations)
  const ahead = sendsCredentials(request, deviations) ? logins.ahead(request) : null
  request.authorization = ahead === null || keepsOwn(request, deviations) ? null : basic(ahead)
  const response = yield* repeatedFetch(send, deviations)
  if (isEnd(response)) return response
  // 14. If response's status is 401, then:
  const realm = response.status === 401 ? challengedRealm(response) : null
  if (realm === null) return response
  const login = loginFor(realm, request, logins, deviations)
  if (login !== null) {
    request.authorization = basic(login)
    const second = yield* repeatedFetch(send, deviations)
    if (isEnd(second) || second.status !== 401) {
      logins.remember(request, realm, login)
      return second
    }
  }
  // 14.4.3. Let username and password be the result of prompting the end user.
  return asksUser(request, deviations) ? { failure: null, prompt: { realm } } : response
}

function isEnd(received: Received): received is { readonly failure: Failure } {
  return 'failure' in received
}

/** Step 16: sends the same once more where the server says so. */
function* repeatedFetch(send: Send, deviations: Deviations): Generator<Send, Received, Received> {
  const response = yield send
  if (isEnd(response)) return response
  const { status } = response
  // DEVIATION: after a 408, too.
  const repeats = status === 421 || (status === 408 && deviations.login.repeatsAfterTimeout)
  // A body without a source cannot be sent again.
  return repeats && send.request.body?.kind !== 'stream' ? yield send : response
}

/** The realm of a challenge that a user name and a password answer, or null. @see https://httpwg.org/specs/rfc9110.html#challenge.and.response */
function challengedRealm({ headers }: ResponseHead): string | null {
  const challenge = headerLines(headers, 'www-authenticate').find((line) => SCHEMES.test(line))
  if (challenge === undefined) return null
  const [, quoted, token] = /realm\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/i.exec(challenge) ?? []
  return quoted?.replace(/\\(.)/g, '$1') ?? token ?? ''
}

const SCHEMES = /(?:^|,)\s*(?:basic|digest)(?=[\s,]|$)/i

/** Whether the page's own `Authorization` goes out although a login is known. */
function keepsOwn(request: FetchRequest, deviations: Deviations): boolean {
  if (!containsHeader(request.headers, 'authorization')) return false
  // DEVIATION: at home the browser knows better.
  return !(deviations.login.knownReplacesOwn && request.responseTainting === 'basic')
}

function loginFor(
  realm: string,
  request: FetchRequest,
  logins: Logins,
  deviations: Deviations,
): Login | null {
  const url = request.urlList[0] as URL
  // 14.4.2. The URL's own, where the API lets a page give them.
  // DEVIATION: to another origin, too.
  const mayUseUrl =
    request.urlList.length === 1 &&
    ((request.responseTainting !== 'cors' && sendsCredentials(request, deviations)) ||
      deviations.login.urlIsForOtherOrigins)
  if (mayUseUrl && includesCredentials(url)) return loginOfUrl(url)
  if (!sendsCredentials(request, deviations) || containsHeader(request.headers, 'authorization')) return null
  const known = logins.loginFor(request, realm)
  return known === null || basic(known) === request.authorization ? null : known
}

/** Whether the user is asked: a script sees nothing until they answer. */
function asksUser(request: FetchRequest, deviations: Deviations): boolean {
  if (!sendsCredentials(request, deviations)) return false
  const { asksAcrossOrigins, asksAfterOwnAuthorization, asksForNoEventStream } = deviations.login
  // DEVIATION: what the page sent itself is the page's business.
  if (containsHeader(request.headers, 'authorization') && !asksAfterOwnAuthorization) return false
  // DEVIATION: nobody is asked for an event stream.
  if (request.initiator === 'eventsource' && asksForNoEventStream) return false
  if (request.destination === 'image' && !asksForImage(request, deviations)) return false
  switch (request.responseTainting) {
    case 'basic':
      return true
    case 'opaque':
      return asksAcrossOrigins !== 'never'
    case 'cors':
      // DEVIATION: to the standard CORS requests get the 401.
      return asksAcrossOrigins === 'always'
  }
}

/** The user name and password of a URL; any `%` may be in them. @see https://url.spec.whatwg.org/#string-percent-decode */
export function loginOfUrl({ username, password }: URL): Login {
  const decode = (text: string): string => new TextDecoder().decode(bytesOf(percentDecode(text)))
  return { username: decode(username), password: decode(password) }
}

function asksForImage(
  { client, currentUrl, responseTainting }: FetchRequest,
  { login }: Deviations,
): boolean {
  // DEVIATION: nobody is asked for images of others.
  switch (login.asksForImagesOf) {
    case 'anyone':
      return true
    case 'same-site':
      return isSameSiteHost(client.url.hostname, currentUrl.hostname, client.registrableDomain)
    case 'same-origin':
      return responseTainting === 'basic'
  }
}

/** @see https://httpwg.org/specs/rfc7617.html */
function basic({ username, password }: Login): string {
  return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(`${username}:${password}`)))}`
}
