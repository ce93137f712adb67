/** Same site or not, with the public suffix list. */
import {
  isSameOrigin,
  isSameSiteHost,
  isSchemefullySameSite,
  type Origin,
  originOfUrl,
} from '../fetch/origin.js'
import { tldts } from './lazy-packages.js'

/** The registrable domain of a host, or null for a public suffix or an address. @see https://url.spec.whatwg.org/#host-registrable-domain */
export function registrableDomain(host: string): string | null {
  let domain = domains.get(host)
  if (domain === undefined) {
    domain = tldts().getDomain(host, { allowPrivateDomains: true, validateHostname: false })
    if (domains.size === MOST_HOSTS) domains.clear()
    domains.set(host, domain)
  }
  return domain
}

/** What was looked up before. */
const domains = new Map<string, string | null>()
const MOST_HOSTS = 1000

/** How a URL relates to an origin, as `Sec-Fetch-Site` says it. */
export type SiteRelation = 'same-origin' | 'same-site' | 'cross-site'

/** @see https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-set-site */
export function siteRelation(origin: Origin, url: URL): SiteRelation {
  const other = originOfUrl(url)
  if (isSameOrigin(origin, other)) return 'same-origin'
  return isSchemefullySameSite(origin, other, registrableDomain) ? 'same-site' : 'cross-site'
}

/** Whether two hosts share a registrable domain, whatever their schemes. */
export function isSameSiteIgnoringScheme(a: string, b: string): boolean {
  return isSameSiteHost(a, b, registrableDomain)
}
