/** What browsers' own caches make of responses: pages of each engine are given what the server has sent, and nothing more is sent to it. */

import type { BrowserMix, Served } from '../diagnose/assertions/kept-apart.js'
import { corsPolicy } from '../diagnose/vary.js'
import type { Profile } from '../engines/profiles.js'
import { noDeviations } from '../fetch/deviations.js'
import type { RequestCredentials } from '../fetch/fetch-request.js'
import { containsHeader, getHeader, type Header, type HeaderList } from '../fetch/header-list.js'
import { cacheDirectives } from '../fetch/http-caching.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { parseHttpOrigin, serializeOrigin } from '../fetch/origin.js'
import { isCorsError } from '../page/cors-error.js'
import { openPage, type Page } from '../page/open-page.js'
import { APP_HOSTS } from '../verdict/client.js'
import type { Exchange } from '../verdict/verdict.js'

/** What the server has sent. */
export interface Replayed {
  readonly app: Served
  readonly none: Served
  /** The 304 to the page, where it has the response to nobody's request; null where there is none. */
  readonly validated: Served | null
  readonly engines: readonly Profile[]
  readonly credentials: RequestCredentials | undefined
}

/** Which browsers give a page what was meant for another. */
export async function mixedInBrowsers(replayed: Replayed): Promise<BrowserMix[]> {
  const { app, none, engines } = replayed
  const mixes: BrowserMix[] = []
  for (const kept of [none, app].filter(mayBeKept)) {
    const mixing: Profile[] = []
    let isValidated = false
    for (const engine of engines) {
      const found = await replay(engine, kept, replayed)
      if (found === null) continue
      mixing.push(engine)
      isValidated ||= found.isValidated
    }
    if (mixing.length > 0) mixes.push({ kept, engines: mixing, isValidated })
  }
  return mixes
}

/** Whether there is anything by which a browser would keep it: most responses have nothing, and need no page to tell. */
function mayBeKept({ exchange: { response } }: Served): boolean {
  if (cacheDirectives(response.headers, noDeviations).has('no-store')) return false
  return response.status !== 200 || KEEPING.some((name) => containsHeader(response.headers, name))
}

const KEEPING = ['cache-control', 'etag', 'expires', 'last-modified']

/** A load that fills the cache, then the page's own: null where that gets what is its own. */
async function replay(
  engine: Profile,
  kept: Served,
  { app, none, validated, credentials = 'same-origin' }: Replayed,
): Promise<{ readonly isValidated: boolean } | null> {
  const origin = app.origin as string
  const sibling = kept === app ? siblingOf(origin) : origin
  const own = kept === app && sibling !== null ? asIfOf(sibling, app) : app.exchange
  if (
    sibling === null ||
    own === null ||
    corsPolicy(own.response.headers) === corsPolicy(kept.exchange.response.headers)
  )
    return null
  const url = new URL(app.exchange.request.url)
  // Over http pages on https get nothing, and where it will be deployed they do.
  const target = new URL(
    `${url.pathname}${url.search}`,
    `https://${APP_HOSTS[origin.endsWith(APP_HOSTS[0]) ? 1 : 0]}`,
  )
  let isValidated = false
  const server = ({ url: asked, headers, method }: Request): Response => {
    const who = headers.get('origin')
    if (method === 'OPTIONS' || asked !== target.href) return new Response(null, { headers: permissive(who) })
    if (who === null) return responseOf(none.exchange)
    const isConditional = headers.has('if-none-match') || headers.has('if-modified-since')
    if (who === origin && kept === none && isConditional && validated !== null) {
      isValidated = true
      return responseOf(validated.exchange)
    }
    return responseOf(who === origin ? app.exchange : own)
  }
  const page = openPage(origin, { engine, servers: { [target.origin]: server }, httpCache: true })
  try {
    if (kept === none) await load(page, target, { mode: 'no-cors', credentials: 'include' })
    else await load(page, target, { credentials })
    const next = kept === none ? page : page.navigate(sibling)
    const isRefused = await load(next, target, { credentials })
    return isRefused ? { isValidated } : null
  } finally {
    await page.close()
  }
}

/** Loads it to its end. @returns whether CORS refuses it */
async function load(page: Page, url: URL, init: RequestInit): Promise<boolean> {
  try {
    await (await page.fetch(url.href, init)).arrayBuffer()
    return false
  } catch (error) {
    if (isCorsError((error as Error).cause)) return true
    throw error
  }
}

/** Another origin of the same site. */
function siblingOf(origin: string): string | null {
  const parsed = parseHttpOrigin(origin)
  if (parsed === null) return null
  return serializeOrigin(parsed.scheme, parsed.host, parsed.port === 8443 ? 9443 : 8443)
}

/** What a page of another origin gets that is let in likewise; null where one response will do for all. */
function asIfOf(sibling: string, { origin, exchange }: Served): Exchange | null {
  const { headers } = exchange.response
  if (getHeader(headers, ALLOW_ORIGIN) !== origin) return null
  const own = headers.map(
    ([name, value]): Header => [name, equalsIgnoringCase(name, ALLOW_ORIGIN) ? sibling : value],
  )
  return { ...exchange, response: { ...exchange.response, headers: own } }
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin'

function responseOf({ response: { status, headers } }: Exchange): Response {
  const lines = headers
    .filter(isOfMessage)
    // Where a redirect leads is judged for itself.
    .map(([name, value]): [string, string] => [
      name,
      equalsIgnoringCase(name, 'location') ? '/elsewhere' : value,
    ])
  return new Response(null, { status, headers: lines })
}

/** Not of the connection, nor of a body that is not there. */
function isOfMessage([name]: HeaderList[number]): boolean {
  return !/^(?:connection|content-encoding|content-length|keep-alive|transfer-encoding)$/i.test(name)
}

/** For what is beside the point. */
function permissive(origin: string | null): Record<string, string> {
  return {
    [ALLOW_ORIGIN]: origin ?? '*',
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': 'HEAD',
  }
}
