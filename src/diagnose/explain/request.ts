/** Words for what fails before anything is sent, and for what an EventSource or an element asks of a response. */

import { capitalized, quoted, shownUrl, shownValue } from '../../text/shown.js'
import type { BlockedCase } from '../case.js'
import { elementWords, hasHeader, requestWords, responseWords } from './words.js'

const url = (found: BlockedCase): string => shownUrl(found.verdict.hop.url)

export function sameOriginMode(found: BlockedCase): string {
  const { as, origin } = found.verdict
  if (as !== undefined) {
    const way =
      as === 'track'
        ? 'unless the <video> around it has a `crossorigin` attribute and the server allows it by CORS'
        : 'whatever the server sends'
    return `${capitalized(elementWords(as))} is loaded from the page's own origin only, ${way}, and ${url(found)} is not of the origin ${quoted(origin)}`
  }
  const where = found.blockedAt === 'redirect' ? `a redirect leads to ${url(found)}, which` : url(found)
  return `The page asked with \`mode: 'same-origin'\`, and ${where} is not of the origin ${quoted(found.verdict.origin)}: nothing the server sends can allow that`
}

export function noCorsRedirectMode(found: BlockedCase): string {
  return `The page asked with \`mode: 'no-cors'\` and \`redirect: '${found.verdict.part ?? 'error'}'\`, and \`no-cors\` goes only with \`redirect: 'follow'\``
}

export function unsupportedScheme(found: BlockedCase): string {
  if (found.verdict.part === 'blob:')
    return `${url(found)} stands for no blob: \`URL.createObjectURL\` did not make it, or it was revoked, or the method is not GET or the range not one of its bytes`
  return `${url(found)} has the scheme ${quoted(found.verdict.part ?? '')}, and pages can fetch only http and https (and \`data:\`, \`blob:\`)`
}

export function mixedContent(found: BlockedCase): string {
  const redirected = found.blockedAt === 'redirect' ? ', where a redirect led,' : ''
  return `The page was loaded over https and ${url(found)}${redirected} is http: browsers block that before CORS comes into play, so serve the API over https`
}

export function badPort(found: BlockedCase): string {
  return `Browsers refuse port ${found.verdict.part ?? ''} of ${url(found)}, which is reserved for another protocol: serve the API on another port`
}

export function streamNeedsHttp2(found: BlockedCase): string {
  return `The body of ${requestWords(found)} is a stream, which browsers send only over HTTP/2 or later, and the server speaks HTTP/1.1`
}

export function invalidUrl(found: BlockedCase): string {
  return `${quoted(found.verdict.part ?? found.verdict.url)} does not parse as a URL`
}

export function urlWithCredentials(found: BlockedCase): string {
  return `The URL ${url(found)} has a user name or password in it, and \`fetch\` refuses such a URL: send an \`Authorization\` header instead`
}

export function invalidMethod(found: BlockedCase): string {
  return `${quoted(found.verdict.part ?? '')} is not an HTTP method`
}

export function forbiddenMethod(found: BlockedCase): string {
  return `Browsers never let a page send ${quoted(found.verdict.part ?? '')} (CONNECT, TRACE and TRACK are forbidden), whatever the server allows`
}

export function methodInNoCorsMode(found: BlockedCase): string {
  return `The page asked with \`mode: 'no-cors'\`, which goes only with GET, HEAD and POST, and not with ${quoted(found.verdict.part ?? '')}: leave out the mode and let the server allow it by CORS`
}

export function invalidRequestHeader(found: BlockedCase): string {
  const { header = '', value, part } = found.verdict
  if (part === 'name') return `The page sets a header called ${quoted(header)}, which is not a header name`
  return `The page sets the header ${quoted(header)} to \`${shownValue(header, value ?? '')}\`, which is not a header value (no line breaks, no characters beyond U+00FF)`
}

export function onlyIfCachedMode(): string {
  return `The page asked with \`cache: 'only-if-cached'\`, which goes only with \`mode: 'same-origin'\``
}

export function invalidReferrer(found: BlockedCase): string {
  return `The page gave the referrer ${quoted(found.verdict.part ?? '')}, which is not a valid URL`
}

export function keepaliveQuota(found: BlockedCase): string {
  return `The page has ${found.verdict.part ?? 'more than 65536'} bytes under way in requests that outlive it (\`keepalive: true\`, beacons), and browsers send at most 65536 together`
}

export function streamBodyWithKeepalive(): string {
  return 'A request that outlives its page (`keepalive: true`, a beacon) cannot have a `ReadableStream` as its body'
}

export function notInHttpCache(): string {
  return "The page asked with `cache: 'only-if-cached'`, and nothing is cached: no request is sent"
}

export function proxyAuthenticationRequired(found: BlockedCase): string {
  return `The response to ${requestWords(found)} has status 407, which only a proxy may give: this browser takes it for a network error`
}

export function conflictingHeaderLines(found: BlockedCase): string {
  const { header = '', value } = found.verdict
  return `The response to ${requestWords(found)} has different ${header} lines: ${quoted(value ?? '')}. Browsers reject such a response (did two layers both add one?)`
}

export function streamBodyUnsupported(): string {
  return 'The body is a ReadableStream, and this browser cannot upload one: send a string, Blob, FormData or bytes'
}

export function streamBodyInNoCorsMode(): string {
  return "The body is a ReadableStream, which needs a preflight, and `mode: 'no-cors'` never sends one"
}

export function bodyWithGetOrHead(found: BlockedCase): string {
  return `A ${found.verdict.part ?? found.verdict.method} request cannot have a body: use another method, or put it into the URL`
}

export function eventStreamStatus(found: BlockedCase): string {
  return `The response to ${requestWords(found)} has status ${found.status ?? ''}, and an EventSource accepts only 200; CORS is not what fails here`
}

export function eventStreamContentType(found: BlockedCase): string {
  const { value } = found.verdict
  const has =
    value === null || value === undefined ? 'has no Content-Type' : `has Content-Type: ${quoted(value)}`
  return `The response to ${requestWords(found)} ${has}, and an EventSource accepts only \`text/event-stream\`; CORS is not what fails here`
}

/** CORP keeps from a page what it asks for without CORS. */
export function resourcePolicy(found: BlockedCase): string {
  const value = found.verdict.value ?? ''
  const who = value === 'same-site' ? 'pages of other sites' : 'pages of other origins'
  const how = found.verdict.as === undefined ? "without `mode: 'no-cors'`" : 'with a `crossorigin` attribute'
  return `${responseWords(found)} ${hasHeader('Cross-Origin-Resource-Policy', value)}, which keeps it from ${who} that ask for it without CORS: have the server say \`cross-origin\`, or allow the page by CORS and ask ${how}`
}

export function preloadedWithoutCors(found: BlockedCase): string {
  return `${url(found)} was preloaded without CORS, so this browser does not let ${elementOf(found)} with a \`crossorigin\` attribute have it, although it asks again and the server allows it: the <link rel="preload"> needs the same attribute`
}

export function elementStatus(found: BlockedCase): string {
  return `${responseWords(found)} is not one that ${elementOf(found)} loads from: it takes a status from 200 to 299; CORS is not what fails here`
}

export function elementContentType(found: BlockedCase): string {
  const { value } = found.verdict
  const has = typeof value === 'string' ? hasHeader('Content-Type', value) : 'has no Content-Type'
  return `${responseWords(found)} ${has}, which ${elementOf(found)} does not load from; CORS is not what fails here`
}

function elementOf({ verdict }: BlockedCase): string {
  return elementWords(verdict.as ?? 'fetch')
}
