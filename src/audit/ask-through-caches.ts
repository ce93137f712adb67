/** Asking a URL as several origins, through whatever caches are on the way, so that it shows what one of them is given of another's. */

import { pause } from '../contract/pace.js'
import type { CacheTrial, Passed, Served } from '../diagnose/assertions/kept-apart.js'
import { cacheSigns } from '../diagnose/cache-signs.js'
import { keptOnTheWay } from '../diagnose/kept-on-the-way.js'
import { corsPolicy, variesOnOrigin } from '../diagnose/vary.js'
import { containsHeader, getHeader, type Header } from '../fetch/header-list.js'
import { equalsIgnoringCase, startsIgnoringCase } from '../fetch/http-tokens.js'
import { corsPreflightHeaders } from '../fetch/preflight.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { allowedHops, checkCachedMethod } from '../page/allowed-hops.js'
import { askOnce, enginesOf } from '../page/ask.js'
import { strangers } from '../page/strangers.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import { listed, quoted, shown, shownUrl } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { CorsNetworkError } from '../transport/network-error.js'
import type { Exchange } from '../verdict/verdict.js'
import { atFreshUrl } from './fresh-urls.js'
import { mixedInBrowsers } from './replay-in-browsers.js'

/** Who asks. */
export interface CacheAsking {
  /** What asks, as its errors name it. */
  readonly what: string
  /** A page's origin that the server allows. */
  readonly origin: string
  readonly signal: AbortSignal
}

interface CacheQuestion extends CacheAsking {
  /** An origin that the server does not know. */
  readonly stranger: string
}

/** What no cache has seen in a URL. Never from a seed, which another run has used; and counted, where a test has fixed what is random. */
function nonce(): string {
  nonces++
  return `${Math.random().toString(36).slice(2, 14)}${nonces}`
}

let nonces = 0

/**
 * Asks through caches at each hop of what a page of the origin may read.
 * @throws CorsUsageError for an origin that is not allowed, for methods that no cache keeps, and where a cache on the way shows nothing
 * @throws CorsNetworkError
 */
export async function askEachHop(endpoint: EndpointSubject, asking: CacheAsking): Promise<CacheTrial[]> {
  const { what, origin, signal } = asking
  checkCachedMethod(endpoint, what)
  const [stranger = 'null'] = strangers(endpoint, origin)
  const note = '. It was asked with a new query parameter, `expect-cors-fresh`'
  const hops = await allowedHops(atFreshUrl(endpoint, nonce(), what), origin, signal, what, note)
  for (const hop of hops) refuseParameterError(hop, what)
  const trials: CacheTrial[] = []
  for (const hop of hops) {
    const ask = hop.kind === 'preflight' ? askPreflightThroughCaches : askThroughCaches
    trials.push(await ask(endpoint, hop, { ...asking, stranger }))
  }
  return trials
}

/** Most caches keep no response to OPTIONS; of those that are set up to, some give a page another's. */
async function askPreflightThroughCaches(
  endpoint: EndpointSubject,
  own: Exchange,
  { origin, stranger, signal, what }: CacheQuestion,
): Promise<CacheTrial> {
  const app: Served = { origin, isStranger: false, exchange: own }
  const head = requestAs(own.request, stranger, [])
  const exchange = await askOnce(atFreshUrl(endpoint, nonce(), what), 'preflight', head, signal)
  const other: Served = { origin: stranger, isStranger: true, exchange }
  const isConstant = policyOf(app) === policyOf(other)
  const passed = isConstant
    ? []
    : [await passThroughCaches(endpoint, [other, app], { what, warmings: MOST_WARMINGS, signal })]
  return { asked: [app, other], isConstant, passed, reflecting: null, validated: null, browsers: [] }
}

/** So many times the same is asked for a cache to keep it: some keep a response only when it is asked for again. */
const MOST_WARMINGS = 3

/**
 * Asks for what a page of the origin got at one URL, all by itself and after others. Nothing is asked at the URL itself: each asking, or each run of
 * askings that are to meet in a cache, is at a fresh one.
 * @param own what that page got, at a fresh URL
 * @throws CorsUsageError, CorsNetworkError where that would show nothing
 */
async function askThroughCaches(
  endpoint: EndpointSubject,
  own: Exchange,
  question: CacheQuestion,
): Promise<CacheTrial> {
  const { origin, stranger, signal, what } = question
  const ask = async (
    fresh: EndpointSubject,
    as: string | null,
    added: readonly Header[] = [],
  ): Promise<Served> => {
    const request = requestAs(own.request, as, added)
    const exchange = await askOnce(fresh, 'request', request, signal)
    refuseBusy(exchange, own)
    return { origin: as, isStranger: as === stranger, exchange }
  }
  const fresh = (): EndpointSubject => atFreshUrl(endpoint, nonce(), what)

  const app: Served = { origin, isStranger: false, exchange: own }
  refuseStored(app, own, question)
  const other = await ask(fresh(), stranger)
  refuseStored(other, own, question)
  const place = fresh()
  const none = await ask(place, null)
  refuseStored(none, own, question)
  const isConstant = new Set([app, other, none].map(policyOf)).size === 1
  if (isConstant) await refuseDisguise(fresh, app, question)

  const pass = (first: Served, then: Served): Promise<Passed> =>
    passThroughCaches(endpoint, [first, then], { ...question, warmings: MOST_WARMINGS })
  const passed = isConstant ? [] : await Promise.all([pass(none, app), pass(other, app), pass(app, other)])
  const checked = isConstant ? null : await validated()
  const { options } = endpoint
  const trial: CacheTrial = {
    asked: [app, other, none],
    isConstant,
    passed,
    reflecting: await reflecting(),
    validated: checked,
    browsers: isConstant
      ? []
      : await mixedInBrowsers({
          app,
          none,
          validated: checked,
          engines: enginesOf(options),
          credentials: options.credentials,
        }),
  }
  refuseUnkept(trial, question)
  return trial

  /** Whether what a request says of `Vary` is said back. */
  async function reflecting(): Promise<CacheTrial['reflecting']> {
    const { exchange } = await ask(fresh(), origin, [['Vary', OWN_VARY]])
    return { name: OWN_VARY, exchange }
  }

  /** What the page gets where its browser has the response to nobody's request, and asks whether that is still good. */
  async function validated(): Promise<Served | null> {
    const { headers } = none.exchange.response
    const conditions = [
      ['If-None-Match', getHeader(headers, 'etag')],
      ['If-Modified-Since', getHeader(headers, 'last-modified')],
    ].filter((line): line is [string, string] => line[1] !== null)
    if (conditions.length === 0) return null
    const asked = await ask(place, origin, conditions)
    return asked.exchange.response.status === 304 ? asked : null
  }
}

/**
 * What one is given where another has been.
 * @param warmings how often the other asks at most
 * @throws CorsNetworkError where the server itself does not respond alike to the same request
 */
export async function passThroughCaches(
  endpoint: EndpointSubject,
  [first, then]: readonly [first: Served, then: Served],
  { what, warmings, signal }: Omit<CacheAsking, 'origin'> & { readonly warmings: number },
): Promise<Passed> {
  const ask = async (place: EndpointSubject, as: Served): Promise<Served> => {
    const exchange = await askOnce(
      place,
      then.exchange.kind,
      requestAs(then.exchange.request, as.origin, []),
      signal,
    )
    refuseBusy(exchange, then.exchange)
    return { ...as, exchange }
  }
  const fresh = (): EndpointSubject => atFreshUrl(endpoint, nonce(), what)
  const shared = fresh()
  const warming: Served[] = []
  while (warming.length < warmings && !warming.some(isHit)) warming.push(await ask(shared, first))
  const given = await ask(shared, then)
  const passed = { first: warming.at(-1) as Served, given, own: then }
  if (policyOf(given) === policyOf(then)) return { ...passed, isMixed: false, isHit: warming.some(isHit) }
  // The same once more, in both places: servers behind one address may differ.
  const again = await Promise.all([ask(fresh(), then), ask(shared, then)])
  const isMixed = [first, then, given].map(policyOf).join() === [given, ...again].map(policyOf).join()
  if (!isMixed) throw unstable(then, given)
  return { ...passed, isMixed: true, isHit: true }
}

function policyOf({ exchange }: Served): string {
  return corsPolicy(exchange.response.headers)
}

function isHit({ exchange }: Served): boolean {
  return cacheSigns(exchange.response.headers)?.isHit === true
}

/** The request as a page at another origin sends it, or no page. */
function requestAs(
  { method, url, headers }: RequestHead,
  origin: string | null,
  added: readonly Header[],
): RequestHead {
  const kept: Header[] = []
  for (const line of headers) {
    const [name] = line
    const saysPage = equalsIgnoringCase(name, 'origin') || equalsIgnoringCase(name, 'referer')
    if (origin === null && (saysPage || startsIgnoringCase(name, 'sec-fetch-'))) continue
    kept.push(
      saysPage ? [name, equalsIgnoringCase(name, 'origin') ? (origin as string) : `${origin}/`] : line,
    )
  }
  return { method, url, headers: [...kept, ...added] }
}

/** @throws CorsUsageError for an error that the new parameter may be the cause of: what comes without it is another response */
function refuseParameterError({ kind, request, response: { status } }: Exchange, what: string): void {
  if (kind === 'preflight' || (status !== 400 && status !== 422)) return
  throw new CorsUsageError(
    `${what} asks with a new query parameter, \`expect-cors-fresh\`, and ${shownUrl(request.url)} responds with ${status}: it may refuse parameters that it does not know. Have it overlook this one, or judge the header alone with toVaryOnOrigin`,
  )
}

/** Statuses of a server that has been asked too much, or has nobody behind it. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** @throws CorsNetworkError where the server has enough */
function refuseBusy({ request, response: { status } }: Exchange, own: Exchange): void {
  if (!BUSY.has(status) || own.response.status === status) return
  throw new CorsNetworkError(
    `${shownUrl(request.url)} responded with ${status} when it was asked again, which says nothing about caches`,
    { url: shownUrl(request.url) },
  )
}

/** @throws CorsUsageError where a cache had a response to what nobody has asked: what it goes by is not the URL, so that only what it holds for others could be judged */
function refuseStored({ exchange }: Served, own: Exchange, { what }: CacheQuestion): void {
  const signs = cacheSigns(exchange.response.headers)
  const isNewlyAged =
    containsHeader(exchange.response.headers, 'age') && !containsHeader(own.response.headers, 'age')
  if (signs?.isHit !== true && !isNewlyAged) return
  const lines = signs?.lines ?? [['Age', getHeader(exchange.response.headers, 'age') ?? '']]
  throw ignoresQuery(
    what,
    `had a response (${listed(lines.slice(0, 2).map(([name, value]) => quoted(`${name}: ${value}`)))}) to a URL that nobody has asked before`,
  )
}

function ignoresQuery(what: string, seen: string): CorsUsageError {
  return new CorsUsageError(
    `${what} asks at URLs with a new query parameter, so that it touches nothing that a cache holds for others; but a cache on the way ${seen}: it does not go by the query. Ask the app behind it, or have that cache keep responses apart by the parameter \`expect-cors-fresh\` too`,
  )
}

/**
 * A cache that does not go by the query, and does not say that it is there, gives everybody what it has: that looks like one policy for all. The server
 * itself tells origins apart where it responds to preflights; where it does not, what it sends has a new date.
 * @throws CorsUsageError
 */
async function refuseDisguise(
  fresh: () => EndpointSubject,
  { exchange }: Served,
  { origin, stranger, signal, what }: CacheQuestion,
): Promise<void> {
  const { request, response } = exchange
  const named = getHeader(response.headers, ALLOW_ORIGIN)
  if (named !== origin) return
  const { method, url } = request
  const forAll = `seems to have one response for all: whoever asks with ${shown(method)} gets ${quoted(`${ALLOW_ORIGIN}: ${named}`)}`
  const preflight = async (as: string): Promise<string | null> => {
    const headers = corsPreflightHeaders({ origin: as, credentials: false, method, unsafeHeaders: [] })
    const asked = await askOnce(fresh(), 'preflight', { method: 'OPTIONS', url, headers }, signal)
    return getHeader(asked.response.headers, ALLOW_ORIGIN)
  }
  const [own, others] = [await preflight(origin), await preflight(stranger)]
  if (own !== others) throw ignoresQuery(what, `${forAll}, while preflights tell the same origins apart`)
  const date = getHeader(response.headers, 'date')
  if (own !== null || date === null) return
  await pause(1100, signal)
  const later = await askOnce(fresh(), 'request', requestAs(request, stranger, []), signal)
  if (getHeader(later.response.headers, 'date') === date)
    throw ignoresQuery(what, `${forAll}, and has ${quoted(`Date: ${date}`)} whenever it is asked`)
}

/** Nobody varies on it. */
const OWN_VARY = 'X-Expect-Cors'

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin'

function unstable({ origin, exchange }: Served, given: Served): CorsNetworkError {
  const url = shownUrl(exchange.request.url)
  const who = origin === null ? 'no page' : shown(origin)
  return new CorsNetworkError(
    `${url} does not respond alike to the same request: ${who} got ${policyWords(exchange)}, then ${policyWords(given.exchange)}, so what a cache does cannot be told. Do several servers respond there, with different rules?`,
    { url },
  )
}

function policyWords({ response: { status, headers } }: Exchange): string {
  const value = getHeader(headers, ALLOW_ORIGIN)
  return `${status} ${value === null ? `without ${ALLOW_ORIGIN}` : `with ${quoted(`${ALLOW_ORIGIN}: ${value}`)}`}`
}

/** @throws CorsUsageError where a cache on the way kept nothing of what it may keep, so that nothing of it has been shown */
function refuseUnkept({ asked, passed, isConstant }: CacheTrial, { what }: CacheQuestion): void {
  if (isConstant || passed.some(({ isHit }) => isHit)) return
  const all = [...asked, ...passed.flatMap(({ first, given }) => [first, given])].map(
    ({ exchange }) => exchange,
  )
  const missed = all.find(({ response }) => saysMiss(response.headers))
  if (missed === undefined || !all.every(mayBeKept)) return
  // What would be mixed up is a finding all the same.
  if (!asked.every(({ exchange }) => variesOnOrigin(exchange.response.headers))) return
  const lines = cacheSigns(missed.response.headers)?.lines ?? []
  throw new CorsUsageError(
    `${what} cannot tell what the cache on the way does: it kept none of the responses (${listed(lines.slice(0, 2).map(([name, value]) => quoted(`${name}: ${value}`)))}), although their headers let it. It may leave out URLs with a query, and each asking has a new parameter \`expect-cors-fresh\`, so that it touches nothing that is held for others: have the cache keep those, or judge the header alone with toVaryOnOrigin`,
  )
}

/** Whether a cache says that it looked, and had nothing; one that says that it did not look keeps nothing at that URL. */
function saysMiss(headers: Exchange['response']['headers']): boolean {
  const signs = cacheSigns(headers)
  return (
    signs?.isHit === false &&
    !signs.lines.some(([, value]) => /bypass|dynamic|uncacheable|\bpass\b/i.test(value))
  )
}

/** Whether caches in use keep it: what is fresh, and neither somebody's own nor for somebody alone. */
function mayBeKept(exchange: Exchange): boolean {
  const { request, response } = exchange
  return (
    keptOnTheWay(exchange) === 'fresh' &&
    !containsHeader(response.headers, 'set-cookie') &&
    !['authorization', 'cookie'].some((name) => containsHeader(request.headers, name))
  )
}
