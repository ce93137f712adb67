/** Under what a response is kept in the HTTP cache: the partition, the URL, and what else an engine keeps apart. */
import type { Deviations } from './deviations.js'
import { type Client, type FetchRequest, sendsCredentials, topLevelOf } from './fetch-request.js'
import { getHeader } from './header-list.js'
import { isSameSiteHost } from './origin.js'
import type { RequestHead } from './sent-headers.js'

/** @see https://fetch.spec.whatwg.org/#determine-the-http-cache-partition */
export function httpCacheKey(
  request: FetchRequest,
  { headers, url }: RequestHead,
  deviations: Deviations,
): string {
  const { separatesCredentials, separatesElementsOfOtherSites, separatesFrameDocuments, headIsServedBy } =
    deviations.httpCache
  const { destination, mode } = request
  return [
    partitionOf(request.client, deviations),
    // DEVIATION: requests with and without credentials are kept apart.
    separatesCredentials && sendsCredentials(request, deviations) ? 'credentials' : '',
    // DEVIATION: elements and scripts do not share what comes from other sites.
    separatesElementsOfOtherSites && destination !== '' && !isOfPagesSite(request) ? 'element' : '',
    // DEVIATION: frames' documents are kept for frames.
    separatesFrameDocuments && mode === 'navigate' ? 'document' : '',
    // DEVIATION: the response to a HEAD has its own place.
    request.method === 'HEAD' && headIsServedBy === 'head' ? 'HEAD' : '',
    // A part of a response is kept for itself.
    getHeader(headers, 'range') ?? '',
    url,
  ].join(' ')
}

/**
 * The network partition key.
 * @see https://fetch.spec.whatwg.org/#request-determine-the-network-partition-key
 */
function partitionOf(client: Client, { httpCache }: Deviations): string {
  const top = topLevelOf(client)
  // DEVIATION: the standard leaves it open whether a partition is more than a top-level site.
  switch (httpCache.partition) {
    case 'top-level-site':
      return siteOf(top)
    case 'top-level-domain':
      return domainOf(top)
    case 'frame-site':
      return `${siteOf(top)} ${frameSiteOf(client)}`
    case 'none':
      return ''
  }
}

/** A site; a sandboxed page is of that it was loaded from. @see https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site */
function siteOf(client: Client): string {
  return `${client.url.protocol}//${domainOf(client)}`
}

/** Whether a request's URL is of the same site as the top-level page, whatever the schemes. */
function isOfPagesSite({ client, currentUrl }: FetchRequest): boolean {
  const top = topLevelOf(client)
  return isSameSiteHost(top.url.hostname, currentUrl.hostname, top.registrableDomain)
}

function domainOf({ url, registrableDomain }: Client): string {
  return registrableDomain?.(url.hostname) ?? url.hostname
}

function frameSiteOf(client: Client): string {
  if (client.origin.kind !== 'opaque') return siteOf(client)
  let site = opaqueSites.get(client)
  if (site === undefined) {
    site = `null (${++opaqueSiteCount})`
    opaqueSites.set(client, site)
  }
  return site
}

/** An opaque origin's site is its own. */
const opaqueSites = new WeakMap<Client, string>()
let opaqueSiteCount = 0
