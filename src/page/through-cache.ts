/** A request of a page on its way through the browser's HTTP cache: the steps of `fetch/`, with the network at hand. */
import { deviationsOf } from '../engines/profiles.js'
import type { Deviations } from '../fetch/deviations.js'
import type { FetchRequest } from '../fetch/fetch-request.js'
import type { Header } from '../fetch/header-list.js'
import { HttpCache } from '../fetch/http-cache.js'
import { httpCacheKey } from '../fetch/http-cache-key.js'
import { isReusable } from '../fetch/http-caching.js'
import {
  type CachedRequest,
  type CacheState,
  type Forwarded,
  httpNetworkOrCacheFetch,
  takeRevalidation,
  usesCache,
} from '../fetch/http-network-or-cache-fetch.js'
import { isRedirectStatus } from '../fetch/redirect.js'
import type { ResponseHead } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { startTimer } from '../subject/clock.js'
import { discardBody } from '../transport/transport.js'
import { KeptBody } from './kept-body.js'
import type { OpenResponse, PageState } from './page-fetch.js'

/** What is kept of a response beside its head. */
interface Content {
  readonly statusText: string
  /** As it came. */
  readonly opened: OpenResponse
  /** Of one that is stored. */
  kept?: KeptBody
}

/** The HTTP cache of a page's browser. */
export interface PageHttpCache {
  readonly stored: HttpCache<Content>
  /** Requests whose responses others wait for, by what they are kept under. */
  readonly underWay: Map<string, Promise<void>>
}

export function createHttpCache(now: () => number): PageHttpCache {
  return { stored: new HttpCache(now), underWay: new Map() }
}

/** A request that was served from the cache, or over the network. */
export interface CachedTrip {
  readonly sent: RequestHead
  readonly response: OpenResponse
  readonly cacheState: CacheState
  /** Is told, once it is known, whether the response was refused. */
  readonly settle: (refused: boolean) => void
}

/**
 * HTTP-network-or-cache fetch.
 * @param forward sends a request over the network
 * @param signal ends the request, also while it waits for another
 * @returns null for the network error of `only-if-cached`
 */
export async function throughCache(
  page: PageState,
  { stored: cache, underWay }: PageHttpCache,
  request: FetchRequest,
  head: RequestHead,
  forward: (head: RequestHead) => Promise<OpenResponse>,
  signal: AbortSignal,
): Promise<CachedTrip | null> {
  const deviations = deviationsOf(page.engine)
  const cached: CachedRequest = {
    request,
    head,
    varied: await variedHeaders(page, request, head, deviations),
    key: httpCacheKey(request, head, deviations),
  }
  const open = async (sent: RequestHead): Promise<Forwarded<Content>> => {
    const opened = await forward(sent)
    return {
      response: { status: opened.status, headers: opened.headers },
      content: { statusText: opened.statusText, opened },
    }
  }
  const steps = httpNetworkOrCacheFetch(cached, cache, deviations)
  // DEVIATION: another request may be about to fetch the response.
  const waits = deviations.httpCache.waitsForOthers && usesCache(cached, deviations)
  // Whoever finds none under way goes on in the same turn, so that the next one finds it.
  for (let other = underWay.get(cached.key); waits && other !== undefined && !signal.aborted; ) {
    await endOf(other, signal)
    other = underWay.get(cached.key)
  }
  let step = steps.next()
  const release = waits && step.done !== true ? hold(cached.key, underWay) : nothing
  try {
    while (step.done !== true) step = steps.next(await open(step.value))
  } catch (error) {
    release()
    throw error
  }
  const outcome = step.value
  if (outcome === null) return null
  const { response, content, stored, cacheState } = outcome
  const drop = (): void => {
    if (stored !== null) cache.drop(cached.key, stored)
  }
  if (stored !== null) {
    content.kept = new KeptBody(content.opened, drop)
    // What can only be had by `force-cache` may as well never end; nobody reads the body of a redirect.
    if (isReusable(stored, deviations) || isRedirectStatus(response.status)) content.kept.drain()
  }
  const { revalidation } = outcome
  if (revalidation !== null) {
    const run = (): void => revalidate(cached, () => open(revalidation), cache, deviations)
    // DEVIATION: the page comes first.
    if (deviations.httpCache.revalidationWaits) startTimer(run, IDLE).unref()
    else run()
  }
  const settle = (refused: boolean): void => {
    const what = isRedirectStatus(response.status) ? 'redirects' : 'responses'
    // DEVIATION: to the standard the cache keeps what is refused.
    if (refused && deviations.httpCache.dropsRefused === what) drop()
    release()
  }
  return { sent: outcome.head, response: openResponse(response, content, head.method), cacheState, settle }
}

/** In the background: the page has the stale response already, and hears of nothing that goes wrong. */
function revalidate(
  cached: CachedRequest,
  open: () => Promise<Forwarded<Content>>,
  cache: HttpCache<Content>,
  deviations: Deviations,
): void {
  const renew = (forwarded: Forwarded<Content>): void => {
    const renewed = takeRevalidation(cached, forwarded, cache, deviations)
    const { content } = forwarded
    if (renewed === null) {
      discardBody(content.opened.body)
      return
    }
    content.kept = new KeptBody(content.opened, () => cache.drop(cached.key, renewed))
    content.kept.drain()
  }
  open().then(renew, nothing)
}

const nothing = (): void => {}

/** Waits for another request, or for the end of one's own. */
async function endOf(other: Promise<void>, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController()
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { signal: waiting.signal })
  })
  await Promise.race([other, ended])
  waiting.abort()
}

/** Has others wait until what is returned is called. */
function hold(key: string, underWay: PageHttpCache['underWay']): () => void {
  let release = nothing
  const held = new Promise<void>((resolve) => {
    release = () => {
      if (underWay.get(key) === held) underWay.delete(key)
      resolve()
    }
  })
  underWay.set(key, held)
  return release
}

/** Milliseconds after which a page is taken to have what it waited for. */
const IDLE = 100

function openResponse({ status, headers }: ResponseHead, content: Content, method: string): OpenResponse {
  const { statusText, opened, kept } = content
  if (kept === undefined) return opened
  const isBodiless = method === 'HEAD' || (opened.body === null && opened.bytes === undefined)
  return { status, headers, statusText, body: isBodiless ? null : kept.stream() }
}

/** What `Vary` is about: the headers as they are sent, but perhaps for cookies. */
async function variedHeaders(
  page: PageState,
  request: FetchRequest,
  { headers }: RequestHead,
  { httpCache }: Deviations,
): Promise<readonly Header[]> {
  // DEVIATION: the cookies that there are, sent or not.
  if (!httpCache.variesOnUnsentCookies || !page.cookies.mayHaveAny) return headers
  const cookie = await page.cookies.header(request)
  const others = headers.filter(([name]) => name !== 'Cookie')
  return cookie === null ? others : [...others, ['Cookie', cookie]]
}
