/** Endpoints: a URL or an app in this process, as the place a page's requests go to. */

import type { ServerName } from '../diagnose/remedies/server-names.js'
import type { Header } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { redactUrl } from '../text/redact.js'
import { literal, shownUrl } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { Transport } from '../transport/transport.js'
import { undiciTransport } from '../transport/undici-transport.js'
import { APP_HOSTS, ownOriginError } from '../verdict/client.js'
import { readApp } from './apps.js'
import { getConfiguration } from './configure.js'
import { checkLiveOptions, DEFAULT_TIMEOUT, type LiveOptions, readExtraHeaders } from './options.js'
import { hasMembers } from './shape.js'

/** A place that a page's requests go to. */
export interface EndpointSubject {
  readonly kind: 'endpoint'
  /** Where it is judged to be: `options.path` is appended below the endpoint's own path. */
  readonly url: URL
  /** {@link url} as it may be shown. */
  readonly shownUrl: string
  /** `URL`, `Express`, `Fastify`, …, for messages. */
  readonly name: string
  readonly transport: Transport
  /** Whose remedies fit it, where that is known otherwise than by its responses. */
  readonly server: ServerName | undefined
  /** Whether it is an app in this process. */
  readonly inProcess: boolean
  /** Whether it has something for such a request, where that can be seen without sending it. */
  readonly takes: ((method: string, url: string) => Promise<boolean>) | undefined
  /** Sent with every request to the endpoint's own origin, and to no other. */
  readonly extraHeaders: readonly Header[]
  /** Milliseconds for the whole journey. */
  readonly timeout: number
  /** Whether an https page is refused it, where its URL is http. */
  readonly mixedContent: boolean
  /** Those of the call, of `endpoint()` and of `configure()`, in that order. */
  readonly options: EndpointOptions
}

/** The options that are in force for an endpoint. */
interface EndpointOptions extends Omit<LiveOptions, 'extraHeaders' | 'timeout'> {
  readonly extraHeaders: readonly Header[]
  readonly timeout: number
}

const BRAND = Symbol.for('expect-cors.endpoint')

/** A subject with options. Made by {@link endpoint}. */
export interface Endpoint {
  readonly subject: unknown
  readonly options: LiveOptions
}

/**
 * Bundles an endpoint with options, which hold for every assertion on it; an assertion's own options win.
 *
 * @param subject a URL, an app in this process, `{ listener }` or `{ fetch }`
 * @throws CorsUsageError for a subject that is not an endpoint, and for invalid options
 * @example
 * const api = endpoint('https://staging.example.com', { extraHeaders: { 'X-Gate': gate }, timeout: 10_000 })
 * await expect(api).toAllowOrigin('https://app.example.com', { path: '/orders' })
 */
export function endpoint(subject: unknown, options: LiveOptions = {}): Endpoint {
  checkLiveOptions(options, 'endpoint()')
  const inner = endpointOf(subject)
  if (inner === undefined && !isUrl(subject) && readApp(subject) === undefined) {
    throw new CorsUsageError(
      `endpoint() takes a URL or an app in this process; got ${describeValue(subject)}`,
    )
  }
  const bundle: Endpoint = {
    subject: inner === undefined ? subject : inner.subject,
    options: inner === undefined ? options : merge(inner.options, options),
  }
  return Object.freeze(Object.defineProperty(bundle, BRAND, { value: true }))
}

function endpointOf(value: unknown): Endpoint | undefined {
  return hasMembers(value) && (value as { [BRAND]?: unknown })[BRAND] === true
    ? (value as unknown as Endpoint)
    : undefined
}

/** Whether a value is an endpoint, or is meant to be one. @throws CorsUsageError for a function that tells not what it is */
export function isEndpoint(value: unknown): boolean {
  return endpointOf(value) !== undefined || isUrl(value) || readApp(value) !== undefined
}

/**
 * Resolves an endpoint to where and how it is reached.
 *
 * @param received a URL, an app in this process, or what {@link endpoint} returned
 * @param options those of the assertion; others than {@link LiveOptions} are not looked at
 * @param pageOrigin the serialized origin of the page that asks
 * @throws CorsUsageError for a value that is not an endpoint, and for an endpoint of the page's own origin
 */
export function resolveEndpoint(
  received: unknown,
  options: LiveOptions = {},
  pageOrigin?: string,
): EndpointSubject {
  const bundle = endpointOf(received)
  const subject = bundle === undefined ? received : bundle.subject
  const own = bundle === undefined ? options : merge(bundle.options, options)
  const merged = inForce(own)
  const app = isUrl(subject) ? undefined : readApp(subject)
  if (app === undefined && !isUrl(subject)) {
    throw new CorsUsageError(`expected a URL or an app in this process; got ${describeValue(subject)}`)
  }
  if (app === undefined && own.baseUrl !== undefined) {
    throw new CorsUsageError(
      `baseUrl says where an app in this process is judged to be served; ${shownUrl(String(subject))} says so itself`,
    )
  }
  // A mock says itself which server it stands for.
  const known =
    app === undefined ? String(subject) : merged.baseUrl === undefined ? app.origin?.() : undefined
  const base = known === undefined ? new URL(merged.baseUrl ?? syntheticBase(pageOrigin)) : parseUrl(known)
  const url = below(base, merged.path)
  if (pageOrigin !== undefined && url.origin === pageOrigin) {
    throw ownOriginError(
      shownUrl(url),
      `Ask as another origin${app === undefined ? '' : ', or give the app another baseUrl'}`,
    )
  }
  return {
    kind: 'endpoint',
    url,
    shownUrl: redactUrl(url),
    name: app?.name ?? 'URL',
    transport: app?.transport ?? networkTransport(merged.dispatcher),
    server: app?.server,
    inProcess: app !== undefined,
    takes: app?.takes,
    extraHeaders: merged.extraHeaders,
    timeout: merged.timeout,
    mixedContent:
      merged.mixedContent ??
      !(known !== undefined && url.protocol === 'http:' && isLoopbackHost(url.hostname)),
    options: merged,
  }
}

const network = undiciTransport()

function networkTransport(dispatcher: unknown): Transport {
  return dispatcher === undefined ? network : undiciTransport({ dispatcher })
}

/** An app has no URL: it is judged as a site of its own, of the page's scheme so that mixed content has no part in it. */
function syntheticBase(pageOrigin = ''): string {
  const scheme = pageOrigin.startsWith('http:') ? 'http' : 'https'
  // A page may happen to be of that site itself.
  const isTaken = /^[^:]+:\/\/([^/]+\.)?expect-cors\.test(:\d+)?$/.test(pageOrigin)
  return `${scheme}://${APP_HOSTS[isTaken ? 1 : 0]}`
}

function isUrl(value: unknown): value is string | URL {
  return (
    typeof value === 'string' ||
    (hasMembers(value) &&
      typeof value.href === 'string' &&
      typeof value.origin === 'string' &&
      'searchParams' in value)
  )
}

/** @throws CorsUsageError for a URL that is not absolute, or not http(s) */
function parseUrl(text: string): URL {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const url = new URL(text)
    url.hash = ''
    return url
  }
  const given = literal(text)
  if (URL.canParse(text)) {
    throw new CorsUsageError(
      `${given} is not an http(s) URL: an endpoint must be one such as 'https://api.example.com/orders'`,
    )
  }
  throw new CorsUsageError(
    `${given} is ${/^https?:/i.test(text) ? 'not a valid URL' : 'a relative URL'}: an endpoint must be absolute, such as 'https://api.example.com/orders'`,
  )
}

/** Appends a path below a URL's own; both queries are kept. It never leaves the URL's origin. */
function below(base: URL, path: string | undefined): URL {
  const url = new URL(base)
  url.hash = ''
  if (path === undefined) return url
  const [, pathname = '', query = ''] = /^([^?#]*)(\?[^#]*)?/.exec(path) ?? []
  const root = url.pathname.replace(/\/$/, '')
  if (pathname !== '') url.pathname = `${root}/${pathname.replace(/^\//, '')}`
  if (!`${url.pathname}/`.startsWith(`${root}/`)) {
    throw new CorsUsageError(
      `path ${literal(path)} leads above the endpoint ${shownUrl(base)}: give that URL as the subject instead`,
    )
  }
  if (query.length > 1) url.search = url.search === '' ? query : `${url.search}&${query.slice(1)}`
  return url
}

function inForce(own: LiveOptions): EndpointOptions {
  const { engines, timeout, credentials, extraHeaders, mixedContent, diagnose, dispatcher, baseUrl } =
    getConfiguration()
  const all = merge(
    { engines, timeout, credentials, extraHeaders, mixedContent, diagnose, dispatcher, baseUrl },
    own,
  )
  return {
    ...all,
    extraHeaders: readExtraHeaders(all.extraHeaders, 'the options'),
    timeout: all.timeout ?? DEFAULT_TIMEOUT,
  }
}

/** The second wins; `extraHeaders` add up, by name. */
function merge(first: LiveOptions, second: LiveOptions): LiveOptions {
  const merged: Record<string, unknown> = {}
  for (const options of [first, second]) {
    for (const [name, value] of Object.entries(options)) if (value !== undefined) merged[name] = value
  }
  if (first.extraHeaders !== undefined && second.extraHeaders !== undefined) {
    const added = readExtraHeaders(second.extraHeaders, 'the options')
    const kept = readExtraHeaders(first.extraHeaders, 'the options').filter(
      ([name]) => !added.some(([other]) => equalsIgnoringCase(name, other)),
    )
    merged.extraHeaders = [...kept, ...added]
  }
  return merged
}
