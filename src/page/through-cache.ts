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
  type Forwarded,
  httpNetworkOrCacheFetch,
  takeRevalidation,
} from '../fetch/http-network-or-cache-fetch.js'
import { isRedirectStatus } from '../fetch/redirect.js'
import type { ResponseHead } from '../fetch/response.js'
import type { RequestHead } from '../fetch/sent-headers.js'
import { startTimer } from '../subject/clock.js'
import { discardBody } from '../transport/transport.js'
import type { CacheState } from '../verdict/verdict.js'
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
export type PageHttpCache = HttpCache<Content>

export const createHttpCache = (now: () => number): PageHttpCache => new HttpCache(now)

/** A request that was answered from the cache, or over the network. */
export interface CachedTrip {
  readonly sent: RequestHead
  readonly response: OpenResponse
  readonly cacheState: CacheState
  /** Is told that the fetch ended in a refusal. */
  readonly refused: () => void
}

/**
 * HTTP-network-or-cache fetch.
 * @param forward sends a request over the network
 * @returns null for the network error of `only-if-cached`
 */
export async function throughCache(
  page: PageState,
  cache: PageHttpCache,
  request: FetchRequest,
  head: RequestHead,
  forward: (head: RequestHead) => Promise<OpenResponse>,
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
  let step = steps.next()
  while (step.done !== true) step = steps.next(await open(step.value))
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
  if (outcome.revalidation !== null) {
    const sent = outcome.revalidation
    const run = (): void => {
      open(sent).then(
        (forwarded) => {
          const renewed = takeRevalidation(cached, forwarded, cache, deviations)
          const { content: fresh } = forwarded
          if (renewed === null) discardBody(fresh.opened.body)
          else {
            fresh.kept = new KeptBody(fresh.opened, () => cache.drop(cached.key, renewed))
            fresh.kept.drain()
          }
        },
        () => {},
      )
    }
    // DEVIATION: the page comes first.
    if (deviations.httpCache.revalidationWaits) startTimer(run, IDLE).unref()
    else run()
  }
  const refused = (): void => {
    // DEVIATION: to the standard the cache keeps what is refused.
    if (deviations.httpCache.dropsRefused === (isRedirectStatus(response.status) ? 'redirects' : 'responses'))
      drop()
  }
  return { sent: outcome.head, response: openResponse(response, content, head.method), cacheState, refused }
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
