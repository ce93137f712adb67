/** What the page's APIs make of a script's arguments before anything is fetched: `new Request()`, `XMLHttpRequest`, `EventSource`. */
import { extractBody, type RequestBody } from './body.js'
import type { Deviations } from './deviations.js'
import { createElementRequest, type ElementKind } from './element-request.js'
import type { CorsFailureCode, Failure } from './failure.js'
import {
  type Client,
  FetchRequest,
  type Initiator,
  includesCredentials,
  type RequestCache,
  type RequestCredentials,
  type RequestMode,
  type RequestRedirect,
} from './fetch-request.js'
import { containsHeader, getHeader, type Header } from './header-list.js'
import { byteLowercase, isHeaderValue, isToken, normalizeHeaderValue } from './http-tokens.js'
import { isCorsSafelistedMethod, isForbiddenMethod, normalizeMethod } from './methods.js'
import { parseMimeType, serializeMimeType } from './mime-type.js'
import { isHttpScheme } from './origin.js'
import { parsePageUrl } from './page-url.js'
import { parseReferrer, type ReferrerPolicy } from './referrer.js'
import {
  combineByName,
  isForbiddenRequestHeader,
  isNoCorsSafelistedRequestHeader,
  isNoCorsSafelistedRequestHeaderName,
} from './request-headers.js'

/** A script's arguments, whichever API they went to. */
export interface RequestArguments {
  /** One that has been parsed already is taken as it is. */
  readonly url: string | URL
  readonly method?: string | undefined
  readonly headers: readonly Header[]
  readonly credentials?: RequestCredentials | undefined
  readonly mode?: RequestMode | undefined
  readonly redirect?: RequestRedirect | undefined
  readonly cache?: RequestCache | undefined
  readonly referrer?: string | undefined
  readonly referrerPolicy?: ReferrerPolicy | undefined
  readonly keepalive?: boolean | undefined
  readonly body?: unknown
  readonly uploadListeners?: boolean | undefined
  readonly initiator?: Initiator | undefined
  /** What asks, where an element does: what it asks with is its own. */
  readonly element?: ElementKind | undefined
  /** The module that imports it. */
  readonly importer?: string | undefined
  /** The element's attribute. */
  readonly crossorigin?: string | null | undefined
  /** Whether it is asked for ahead of time, by a `<link rel="preload">`. */
  readonly preload?: boolean | undefined
}

/** Makes the request as its API does, each by its own section, or says why that throws. */
export function createRequest(
  client: Client,
  init: RequestArguments,
  deviations: Deviations,
): FetchRequest | Failure {
  const { element } = init
  if (element !== undefined) return createElementRequest(client, { ...init, element }, deviations)
  switch (init.initiator) {
    case 'xhr':
      return createXhrRequest(client, init, deviations)
    case 'eventsource':
      return createEventSourceRequest(client, init, deviations)
    case 'beacon':
      return createBeaconRequest(client, init, deviations)
    case 'form':
      return createFormRequest(client, init, deviations)
    default:
      return createFetchRequest(client, init, deviations)
  }
}

function refuse(
  code: CorsFailureCode,
  detail: { part?: string; header?: string; value?: string } = {},
): Failure {
  return { code, blockedAt: 'request', ...detail }
}

/**
 * The `Request` constructor.
 * TODO: steps 10, 11, 23 and 27 (window, integrity, priority), which no check of CORS looks at.
 * @see https://fetch.spec.whatwg.org/#dom-request
 */
function createFetchRequest(
  client: Client,
  init: RequestArguments,
  deviations: Deviations,
): FetchRequest | Failure {
  // 5.1-5.2. If parsedURL is failure, then throw. 5.3. If parsedURL includes credentials, then throw.
  const url = parsePageUrl(init.url, client, deviations)
  if (url === null) return refuse('invalid-url', { part: String(init.url) })
  if (includesCredentials(url)) return refuse('url-with-credentials')
  // 14. The referrer. If parsedReferrer is failure, then throw.
  const referrer = init.referrer === undefined ? 'client' : parseReferrer(init.referrer, client)
  if (referrer === null) return refuse('invalid-referrer', { part: String(init.referrer) })
  // 16-18. The mode. 21. If request's cache mode is "only-if-cached" and request's mode is not "same-origin", then throw.
  const mode = init.mode ?? 'cors'
  if (init.cache === 'only-if-cached' && mode !== 'same-origin')
    return refuse('only-if-cached-mode', { part: mode })
  // 25. The method. 32.1. If mode is "no-cors" and it is not a CORS-safelisted method, then throw.
  const method = checkMethod(init.method ?? 'GET')
  if (typeof method !== 'string') return method
  if (mode === 'no-cors' && !isCorsSafelistedMethod(method))
    return refuse('method-in-no-cors-mode', { part: method })

  // 33.5. Fill this's headers with headers.
  const filled = fillHeaders(init.headers, mode, deviations)
  if (!Array.isArray(filled)) return filled
  const headers = filled

  // 35. If there is a body and request's method is `GET` or `HEAD`, then throw.
  let body = sentBody(init.body)
  if (body !== null && (method === 'GET' || method === 'HEAD'))
    return refuse('body-with-get-or-head', { part: method })
  // https://fetch.spec.whatwg.org/#concept-bodyinit-extract step 10: if keepalive is true, then throw.
  if (body?.kind === 'stream' && init.keepalive === true && deviations.bodies.streams !== 'text')
    return refuse('stream-body-with-keepalive')
  // 39.2. If body's source is null and the mode is neither "same-origin" nor "cors", then throw.
  if (body?.kind === 'stream') {
    // DEVIATION: streams are refused, or are their string conversion.
    if (deviations.bodies.streams === 'refused') return refuse('stream-body-unsupported')
    if (deviations.bodies.streams === 'text') body = stringBody()
    else if (deviations.bodies.streams === 'stream' && mode === 'no-cors')
      return refuse('stream-body-in-no-cors-mode')
  }
  // 37.4. If type is non-null and there is no `Content-Type`, then append (`Content-Type`, type).
  if (body !== null && body.contentType !== null && !containsHeader(headers, 'content-type')) {
    appendBodyContentType(headers, normalizeHeaderValue(body.contentType), mode, deviations)
  }

  const request = new FetchRequest(client, url, method, headers, body, 'fetch')
  request.mode = mode
  request.credentials = init.credentials ?? 'same-origin'
  request.redirect = init.redirect ?? 'follow'
  request.cache = init.cache ?? 'default'
  // 14-15, 24.
  request.referrer = referrer
  request.referrerPolicy = init.referrerPolicy ?? ''
  request.keepalive = init.keepalive === true
  // 39.3. A body without a source sets the use-CORS-preflight flag.
  request.useCorsPreflight = body?.kind === 'stream'
  return request
}

/** What an API sends of a value: its string conversion, where that is not a body. */
function sentBody(value: unknown): RequestBody | null {
  const extracted = extractBody(value)
  return extracted === 'unknown' ? stringBody() : extracted
}

function stringBody(): RequestBody {
  return { kind: 'text', contentType: 'text/plain;charset=UTF-8' }
}

/** Step 25. @see https://fetch.spec.whatwg.org/#dom-request */
function checkMethod(method: string): string | Failure {
  if (isCorsSafelistedMethod(method)) return method
  if (!isToken(method)) return refuse('invalid-method', { part: method })
  if (isForbiddenMethod(method)) return refuse('forbidden-method', { part: method })
  return normalizeMethod(method)
}

/**
 * Fills a `Headers` object under the guard that belongs to the mode.
 * @see https://fetch.spec.whatwg.org/#concept-headers-append
 */
function fillHeaders(init: readonly Header[], mode: RequestMode, deviations: Deviations): Header[] | Failure {
  const headers: Header[] = []
  for (const line of init) {
    const name = line[0]
    // 1. Normalize value.
    const value = normalizeHeaderValue(line[1])
    // 2. If validating (name, value) for headers returns false, then return; or throw, where they are not a name and a value.
    if (!isToken(name)) return refuse('invalid-request-header', { header: name, value, part: 'name' })
    if (!isHeaderValue(value)) return refuse('invalid-request-header', { header: name, value, part: 'value' })
    if (isForbiddenRequestHeader(name, value, deviations)) continue
    // 3. If headers's guard is "request-no-cors": what is there already and value must be a no-CORS-safelisted request-header.
    if (mode === 'no-cors') {
      if (!isNoCorsSafelistedRequestHeaderName(name)) continue
      const present = getHeader(headers, name)
      const combined = present === null ? value : `${present}, ${value}`
      if (!isNoCorsSafelistedRequestHeader(name, combined, deviations)) continue
    }
    // 4. Append (name, value) to headers's header list.
    headers.push([name, value])
  }
  return headers
}

/** Step 37.4 under the guard of the mode. @see https://fetch.spec.whatwg.org/#concept-headers-append */
function appendBodyContentType(
  headers: Header[],
  contentType: string,
  mode: RequestMode,
  deviations: Deviations,
): void {
  // DEVIATION: in mode `no-cors` any type is kept.
  if (
    mode === 'no-cors' &&
    !deviations.bodies.noCorsKeepsContentType &&
    !isNoCorsSafelistedRequestHeader('content-type', contentType, deviations)
  ) {
    return
  }
  headers.push(['Content-Type', contentType])
}

/** `open()`, `setRequestHeader()` and `send()`. @see https://xhr.spec.whatwg.org/#the-send()-method */
function createXhrRequest(
  client: Client,
  init: RequestArguments,
  deviations: Deviations,
): FetchRequest | Failure {
  const method = checkMethod(init.method ?? 'GET')
  if (typeof method !== 'string') return method
  const url = parsePageUrl(init.url, client, deviations)
  if (url === null) return refuse('invalid-url', { part: String(init.url) })

  const author: Header[] = []
  for (const [name, rawValue] of init.headers) {
    const value = normalizeHeaderValue(rawValue)
    if (!isToken(name)) return refuse('invalid-request-header', { header: name, value, part: 'name' })
    if (!isHeaderValue(value)) return refuse('invalid-request-header', { header: name, value, part: 'value' })
    if (!isForbiddenRequestHeader(name, value, deviations)) author.push([name, value])
  }
  // setRequestHeader() combines, so that every name stands once.
  const headers = [...combineByName(author)]

  const body = method === 'GET' || method === 'HEAD' ? null : sentBody(init.body)
  if (body !== null) setXhrContentType(headers, body, client, deviations)

  const request = new FetchRequest(client, url, method, headers, body, 'xhr')
  request.history.authorHeaders = combineByName(author)
  request.credentials = init.credentials === 'include' ? 'include' : 'same-origin'
  if (init.uploadListeners === true) {
    // DEVIATION: without a body an upload listener makes no preflight needed.
    request.history.hasIdleUploadListener = body === null && deviations.bodies.uploadListenerNeedsBody
    request.useCorsPreflight = !request.history.hasIdleUploadListener
  }
  return request
}

/** The value of a charset parameter, without and with the quotes it may stand in. */
const CHARSET_VALUE = /(;\s*charset\s*=\s*"?)[^";\s]+/gi
const QUOTED_CHARSET_VALUE = /(;\s*charset\s*=\s*)("[^"]*"|[^",;\s]*)/gi
/** A MIME type of which every parameter has a name and a value. */
const STRICT_MIME_TYPE = /^\s*[^\s/;,="]+\/[^\s/;,="]+\s*(;\s*[^\s/;,="]+=([^\s/;,="]+|"([^"\\]|\\.)*")\s*)*$/

/** @see https://xhr.spec.whatwg.org/#the-send()-method step 4 */
function setXhrContentType(
  headers: Header[],
  body: RequestBody,
  { worker = false }: Client,
  deviations: Deviations,
): void {
  const index = headers.findIndex((line) => byteLowercase(line[0]) === 'content-type')
  const author = headers[index]
  // DEVIATION: in a worker types are left alone.
  const keepsCharset = worker && deviations.bodies.workerXhrKeepsCharset
  if (author !== undefined) {
    if (!keepsCharset) headers[index] = [author[0], rewriteCharset(author[1], body.kind, deviations)]
    return
  }
  const { kind, contentType } = body
  if (contentType === null || (kind === 'blob' && dropsBlobType(contentType, deviations))) return
  headers.push([
    'Content-Type',
    keepsCharset ? contentType.replace(/;charset=UTF-8$/, ';charset=utf-8') : contentType,
  ])
}

/** The type a page set, with the charset that its body is sent in. */
function rewriteCharset(value: string, kind: RequestBody['kind'], deviations: Deviations): string {
  const { xhrRewritesCharsetInPlace, xhrRewritesUrlEncodedCharset } = deviations.bodies
  if (kind !== 'text' && (kind !== 'urlencoded' || xhrRewritesUrlEncodedCharset === false)) return value
  // DEVIATION: in place, where the standard serializes the type anew.
  if (xhrRewritesCharsetInPlace) return value.replace(CHARSET_VALUE, '$1UTF-8')
  const mimeType = parseMimeType(value)
  if (mimeType === null) return value
  if (kind === 'urlencoded' && xhrRewritesUrlEncodedCharset === 'in-place') {
    return value.replace(QUOTED_CHARSET_VALUE, (whole: string, name: string, charset: string) =>
      charset.toLowerCase() === 'utf-8' ? whole : `${name}UTF-8`,
    )
  }
  const charset = mimeType.parameters.get('charset')
  if (charset === undefined || charset.toLowerCase() === 'utf-8') return value
  const parameters = new Map(mimeType.parameters).set('charset', 'UTF-8')
  return serializeMimeType({ ...mimeType, parameters })
}

/** DEVIATION: XHR drops the type of a blob that is not a MIME type. */
function dropsBlobType(type: string, { bodies: { xhrDropsInvalidBlobType } }: Deviations): boolean {
  if (xhrDropsInvalidBlobType === 'strict') return !STRICT_MIME_TYPE.test(type)
  return xhrDropsInvalidBlobType === 'lenient' && parseMimeType(type) === null
}

/** The `EventSource` constructor. @see https://html.spec.whatwg.org/multipage/server-sent-events.html#dom-eventsource */
function createEventSourceRequest(
  client: Client,
  init: RequestArguments,
  deviations: Deviations,
): FetchRequest | Failure {
  const url = parsePageUrl(init.url, client, deviations)
  if (url === null) return refuse('invalid-url', { part: String(init.url) })
  const request = new FetchRequest(
    client,
    url,
    'GET',
    [['Accept', 'text/event-stream'], ...init.headers],
    null,
    'eventsource',
  )
  request.unsafeRequest = false
  request.credentials = init.credentials === 'include' ? 'include' : 'same-origin'
  request.cache = 'no-store'
  return request
}

/** `navigator.sendBeacon()`. @see https://w3c.github.io/beacon/#sendbeacon-method */
function createBeaconRequest(
  client: Client,
  init: RequestArguments,
  deviations: Deviations,
): FetchRequest | Failure {
  // 3. Set parsedUrl to the result of the URL parser steps. If it fails, or its scheme is not "http" or "https", throw.
  const url = parsePageUrl(init.url, client, deviations)
  if (url === null) return refuse('invalid-url', { part: String(init.url) })
  if (!isHttpScheme(url.protocol.slice(0, -1))) return refuse('unsupported-scheme', { part: url.href })
  // 6.1. Set transmittedData and contentType to the result of extracting data's byte stream with the keepalive flag set.
  let body = sentBody(init.body)
  // DEVIATION: streams are refused, or are their string conversion.
  if (body?.kind === 'stream' && deviations.bodies.streams !== 'text')
    return refuse('stream-body-with-keepalive')
  if (body?.kind === 'stream') body = stringBody()
  // 6.3. If contentType is not null: set corsMode to "no-cors", and if it is not a CORS-safelisted request-header value, to "cors".
  const contentType = body?.contentType ?? null
  const headers: Header[] = contentType === null ? [] : [['Content-Type', normalizeHeaderValue(contentType)]]
  const isSimple =
    contentType === null || isNoCorsSafelistedRequestHeader('content-type', contentType, deviations)
  // 7.1. Let req be a new request.
  const request = new FetchRequest(client, url, 'POST', headers, body, 'beacon')
  request.mode = isSimple ? 'no-cors' : 'cors'
  request.credentials = 'include'
  request.keepalive = true
  return request
}

/** A form's submission to a frame. @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-as-entity-body */
function createFormRequest(
  client: Client,
  init: RequestArguments,
  deviations: Deviations,
): FetchRequest | Failure {
  const url = parsePageUrl(init.url, client, deviations)
  if (url === null) return refuse('invalid-url', { part: String(init.url) })
  const body = sentBody(init.body)
  const headers = [...init.headers]
  if (headers.length === 0 && body !== null && body.contentType !== null)
    headers.push(['Content-Type', body.contentType])
  const request = new FetchRequest(client, url, 'POST', headers, body, 'form')
  request.unsafeRequest = false
  request.destination = 'iframe'
  request.mode = 'navigate'
  request.credentials = 'include'
  request.referrerPolicy = init.referrerPolicy ?? ''
  return request
}
