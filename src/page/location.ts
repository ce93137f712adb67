/** Where a page, frame or worker is, and what origin that gives it. */
import type { Client } from '../fetch/fetch-request.js'
import { isSameOrigin } from '../fetch/origin.js'
import type { ReferrerPolicy } from '../fetch/referrer.js'
import { hasMembers } from '../subject/shape.js'
import { argument, shownUrl } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { createClient } from '../verdict/client.js'
import { registrableDomain } from './site.js'

/** Which kind of document or worker a page is. */
export type PageContext = 'window' | 'worker' | 'sandboxed-iframe'

/** Where a page is. */
export interface PageLocation {
  readonly url: string | URL
  /** A sandboxed frame has an opaque origin. Default `window`. */
  readonly context?: PageContext | undefined
}

const CONTEXTS: readonly unknown[] = [undefined, 'window', 'worker', 'sandboxed-iframe']

/** The page at a location. @throws CorsUsageError for one that no page can have; `site` names the call */
export function clientOfPage(location: string | URL | PageLocation, site: string): Client {
  if (location === 'null') return createClient('null')
  const { url, context } = readLocation(location, site)
  if (!URL.canParse(url)) throw noLocation(url, site)
  if (context === 'sandboxed-iframe') return createClient('null', url)
  const { origin, protocol, host } = new URL(url)
  if (protocol === 'file:') return createClient('null', url)
  // `about:blank`, `javascript:` and the like are nowhere.
  if (origin === 'null' && host === '') throw noLocation(url, site)
  const client = createClient(origin === 'null' ? `${protocol}//${host}` : origin, url)
  return context === 'worker' ? Object.assign(client, { worker: true }) : client
}

function noLocation(url: string, site: string): CorsUsageError {
  return new CorsUsageError(
    `${site} takes the page's absolute URL or its origin, such as 'https://app.example.com/orders'; got ${describeValue(url)}`,
  )
}

/**
 * A frame or worker of a page. `about:srcdoc`, `blob:` and `data:` URLs are those of what the page made itself.
 * @see https://html.spec.whatwg.org/multipage/browsers.html#determining-the-origin
 * @throws CorsUsageError for a location that none can have
 */
export function childClientAt(parent: Client, location: string | URL | PageLocation, site: string): Client {
  const read = readLocation(location, site)
  const madeOf = readMadeOf(read.url)
  if (madeOf === null) {
    const child = clientOfPage(resolved(location, parent, site), site)
    if (read.context === 'worker' && !isSameOrigin(parent.origin, child.origin)) {
      throw new CorsUsageError(
        `${site}: browsers make workers of their page's own origin alone, ${argument(parent.origin.serialized)}; got ${argument(shownUrl(child.url))}`,
      )
    }
    return Object.assign(child, { parent })
  }
  const isOpaque = madeOf === 'data' || read.context === 'sandboxed-iframe'
  const client = createClient(isOpaque ? 'null' : parent.origin.serialized, parent.url.href)
  return Object.assign(
    client,
    { parent, madeOf, secure: parent.secure },
    read.context === 'worker' ? { worker: true } : {},
  )
}

/**
 * A page with the policies of its document; what a page made itself has that page's.
 * @see https://html.spec.whatwg.org/multipage/browsers.html#determining-navigation-params-policy-container
 */
export function inDocument(client: Client, referrerPolicy: ReferrerPolicy | undefined): Client {
  const inherited = client.madeOf === undefined ? '' : (client.parent?.referrerPolicy ?? '')
  return Object.assign(client, { registrableDomain, referrerPolicy: referrerPolicy ?? inherited })
}

/** A location whose context is said beside it. */
export function inContext(
  location: string | URL | PageLocation,
  context: PageContext | undefined,
): string | URL | PageLocation {
  return context === undefined ? location : { url: hrefOf(location), context }
}

/** A location with its URL as seen from a page. */
export function resolved(
  location: string | URL | PageLocation,
  from: Client,
  site: string,
): string | PageLocation {
  if (location === 'null') return location
  const { url, context } = readLocation(location, site)
  return { url: URL.canParse(url, from.url.href) ? new URL(url, from.url).href : url, context }
}

function readMadeOf(url: string): Client['madeOf'] | null {
  if (/^about:srcdoc$/i.test(url)) return 'srcdoc'
  if (/^blob:/i.test(url)) return 'blob'
  return /^data:/i.test(url) ? 'data' : null
}

/** A location's URL, as it is given. */
export function hrefOf(location: string | URL | PageLocation): string {
  return String(isLocation(location) ? location.url : location)
}

/** A `URL` has other members. */
function isLocation(location: string | URL | PageLocation): location is PageLocation {
  return hasMembers(location) && 'url' in location && !('searchParams' in location)
}

function readLocation(
  location: string | URL | PageLocation,
  site: string,
): { readonly url: string; readonly context: PageContext | undefined } {
  const url = hrefOf(location)
  const context = isLocation(location) ? location.context : undefined
  if (!CONTEXTS.includes(context)) {
    throw new CorsUsageError(
      `${site}: context must be 'window', 'worker' or 'sandboxed-iframe'; got ${describeValue(context)}`,
    )
  }
  return { url, context }
}
