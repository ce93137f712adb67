/** The headers a browser adds about where a request comes from: `Referer` and `Sec-Fetch-*`. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import type { Deviations } from '../fetch/deviations.js'
import { type FetchRequest, isDataWorker } from '../fetch/fetch-request.js'
import type { Header } from '../fetch/header-list.js'
import type { Send } from '../fetch/main-fetch.js'
import { isPotentiallyTrustworthyUrl } from '../fetch/mixed-content.js'
import { determineReferrer } from '../fetch/referrer.js'
import { isSameSiteIgnoringScheme, type SiteRelation, siteRelation } from './site.js'

/** The lines to add to a request that is about to leave, in the order browsers send them. */
export function browserHeaders({ phase, request }: Send, engine: Profile): Header[] {
  const lines: Header[] = []
  const url = request.currentUrl
  const mode = phase === 'preflight' ? 'cors' : request.mode
  const { elements } = deviationsOf(engine)
  // DEVIATION: a redirect that leaves an origin removes them.
  const areRemoved =
    elements.redirectsRemoveMetadata && phase === 'request' && mode === 'cors' && request.history.leftAnOrigin
  if (areRemoved) {
    // Only the referrer is left.
  } else if (isPotentiallyTrustworthyUrl(url.protocol.slice(0, -1), url.hostname)) {
    lines.push(
      ['Sec-Fetch-Mode', mode],
      ['Sec-Fetch-Site', secFetchSite(request, deviationsOf(engine))],
      ['Sec-Fetch-Dest', request.destination === '' ? 'empty' : request.destination],
    )
    // DEVIATION: a preflight says its mode to insecure servers, too.
  } else if (phase === 'preflight' && deviationsOf(engine).browserHeaders.preflightAlwaysSaysMode) {
    lines.push(['Sec-Fetch-Mode', mode])
  }
  // DEVIATION: a GET outside CORS has an `Origin` where its cookies are held back.
  if (
    phase === 'request' &&
    deviationsOf(engine).browserHeaders.heldBackCookiesShowOrigin &&
    holdsBackCookies(request)
  )
    lines.push(['Origin', 'null'])
  const referrer = determineReferrer(request, deviationsOf(engine))
  if (referrer !== null) lines.push(['Referer', referrer])
  return lines
}

/** Whether cookies of the page's site would go along if its origin were not opaque. @see https://privacycg.github.io/storage-access-headers/ */
function holdsBackCookies({ client, mode, method, credentials, currentUrl }: FetchRequest): boolean {
  return (
    client.origin.kind === 'opaque' &&
    mode === 'no-cors' &&
    (method === 'GET' || method === 'HEAD') &&
    credentials === 'include' &&
    currentUrl.protocol === 'https:' &&
    isSameSiteIgnoringScheme(client.url.hostname, currentUrl.hostname)
  )
}

/** The worst relation of all URLs of the request so far. @see https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header */
function secFetchSite(request: FetchRequest, deviations: Deviations): SiteRelation {
  const { client } = request
  // DEVIATION: a worker is where its page is.
  const actsForPage = isDataWorker(client) && deviations.sentHeaders.dataWorkersActForPage
  const { origin } = actsForPage ? (client.parent ?? client) : client
  let worst: SiteRelation = 'same-origin'
  for (const url of request.urlList) {
    const relation = siteRelation(origin, url)
    if (relation === 'cross-site') return relation
    if (relation === 'same-site') worst = relation
  }
  return worst
}
