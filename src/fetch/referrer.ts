/** The Referrer Policy standard: what a request says of where it comes from. */
import type { Deviations } from './deviations.js'
import type { Client, FetchRequest } from './fetch-request.js'
import { extractHeaderListValues, type HeaderList } from './header-list.js'
import { isLoopbackHost, isPotentiallyTrustworthyUrl } from './mixed-content.js'
import { isOrigin, isSameSiteHost } from './origin.js'

/** Every referrer policy but the empty one. @see https://w3c.github.io/webappsec-referrer-policy/#referrer-policies */
export const referrerPolicies = [
  'no-referrer',
  'no-referrer-when-downgrade',
  'same-origin',
  'origin',
  'strict-origin',
  'origin-when-cross-origin',
  'strict-origin-when-cross-origin',
  'unsafe-url',
] as const

/** @see https://w3c.github.io/webappsec-referrer-policy/#enumdef-referrerpolicy */
export type ReferrerPolicy = '' | (typeof referrerPolicies)[number]

/** @see https://w3c.github.io/webappsec-referrer-policy/#default-referrer-policy */
const DEFAULT_POLICY = 'strict-origin-when-cross-origin'

const POLICIES: ReadonlySet<string> = new Set(referrerPolicies)

/** The policies that tell other origins more than the default one does. */
const LESS_RESTRICTED: ReadonlySet<ReferrerPolicy> = new Set([
  'no-referrer-when-downgrade',
  'origin-when-cross-origin',
  'unsafe-url',
])

/**
 * The policy that a response's `Referrer-Policy` names, empty for none.
 * @see https://w3c.github.io/webappsec-referrer-policy/#parse-referrer-policy-from-header
 */
export function parseReferrerPolicy(headers: HeaderList): ReferrerPolicy {
  // 1. Let policy-tokens be the result of extracting header list values given `Referrer-Policy`.
  const { values } = extractHeaderListValues(headers, 'referrer-policy')
  // 3-4. For each token, if it is a referrer policy, then set policy to it.
  const known =
    values === 'failure' ? [] : (values ?? []).filter((token) => POLICIES.has(token.toLowerCase()))
  return (known.at(-1)?.toLowerCase() ?? '') as ReferrerPolicy
}

/**
 * The referrer policy of a request at its current URL.
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 */
export function effectiveReferrerPolicy(
  request: FetchRequest,
  deviations: Deviations,
): Exclude<ReferrerPolicy, ''> {
  // 8. If request's referrer policy is the empty string, then set it to request's policy container's referrer policy.
  const policy = request.referrerPolicy || request.client.referrerPolicy || DEFAULT_POLICY
  // DEVIATION: another site is told no more than by default.
  const clamps = deviations.referrer.clampsAcrossSites && LESS_RESTRICTED.has(policy)
  return clamps && !isSameSite(request) ? DEFAULT_POLICY : policy
}

/** Whether the current URL is of the page's site, whatever the schemes. */
function isSameSite({ client, currentUrl }: FetchRequest): boolean {
  const page = client.origin.kind === 'tuple' ? client.origin.host : client.url.hostname
  return isSameSiteHost(page, currentUrl.hostname, client.registrableDomain)
}

/** The longest URL that is told. */
const LONGEST = 4096

/**
 * What a request says of where it comes from, null for nothing.
 * @see https://w3c.github.io/webappsec-referrer-policy/#determine-requests-referrer
 */
export function determineReferrer(request: FetchRequest, deviations: Deviations): string | null {
  // 1. Let policy be request's referrer policy.
  const policy = effectiveReferrerPolicy(request, deviations)
  // 3. Switch on request's referrer. 4-5. Strip it, whole and to its origin.
  const referrer = stripped(request, deviations)
  if (referrer === null) return null
  // 6. If the result of serializing referrerURL is a string whose length is greater than 4096, then set referrerURL to referrerOrigin.
  const { origin, short } = referrer
  const whole = referrer.whole.length > LONGEST ? short : referrer.whole
  const { currentUrl } = request
  const sameOrigin = origin === request.currentOrigin
  const downgrades = referrer.secure && !isTrustworthy(currentUrl, deviations)
  // 8. Execute the statements corresponding to the value of policy.
  switch (policy) {
    case 'no-referrer':
      return null
    case 'origin':
      return short
    case 'unsafe-url':
      return whole
    case 'strict-origin':
      return downgrades ? null : short
    case 'strict-origin-when-cross-origin':
      if (sameOrigin) return whole
      return downgrades ? null : short
    case 'same-origin':
      return sameOrigin ? whole : null
    case 'origin-when-cross-origin':
      return sameOrigin ? whole : short
    case 'no-referrer-when-downgrade':
      return downgrades ? null : whole
  }
}

function isTrustworthy(url: URL, deviations: Deviations): boolean {
  // DEVIATION: a loopback address over http is a downgrade.
  if (deviations.referrer.loopbackIsDowngrade && url.protocol === 'http:' && isLoopbackHost(url.hostname))
    return false
  return isPotentiallyTrustworthyUrl(url.protocol.slice(0, -1), url.hostname)
}

/** A URL as it may be told. */
interface Referrer {
  readonly origin: string
  /** Whether it is potentially trustworthy. */
  readonly secure: boolean
  readonly whole: string
  /** Its origin alone. */
  readonly short: string
}

/** The URL that a request comes from, stripped for use as a referrer. */
function stripped(request: FetchRequest, deviations: Deviations): Referrer | null {
  const { referrer, client, initiator } = request
  if (referrer === 'no-referrer') return null
  if (referrer !== 'client') return stripUrl(referrer)
  // "client": if document's origin is an opaque origin, then return no referrer.
  // DEVIATION: which pages without a tuple origin have a referrer.
  const { eventStreamReferrerIsOfDocuments, opaqueOriginsSendReferrer } = deviations.referrer
  const { blobPagesSendOrigin, srcdocHasNoReferrer } = deviations.referrer
  if (initiator === 'eventsource' && eventStreamReferrerIsOfDocuments) {
    if (client.worker === true) return null
  } else if (client.origin.kind === 'opaque' && !opaqueOriginsSendReferrer) return null
  const own = strippedClient(client)
  switch (client.madeOf) {
    // While document is an iframe srcdoc document, let document be its parent, whose URL the client's is.
    case 'srcdoc':
      return srcdocHasNoReferrer ? null : own
    case 'blob':
      return blobPagesSendOrigin && own !== null ? { ...own, whole: own.short } : null
    case 'data':
      return null
    default:
      return own
  }
}

const clients = new WeakMap<Client, Referrer | null>()

/** A page's URL, stripped once. */
function strippedClient(client: Client): Referrer | null {
  let known = clients.get(client)
  if (known === undefined) {
    known = client.nowhere === true ? null : stripUrl(client.url)
    clients.set(client, known)
  }
  return known
}

/** @see https://w3c.github.io/webappsec-referrer-policy/#strip-url */
function stripUrl(url: URL): Referrer | null {
  // 2. If url's scheme is a local scheme, then return no referrer. Neither do other schemes have one to tell.
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  // 3-5. Set url's username and password to the empty string and its fragment to null.
  const copy = new URL(url)
  copy.hash = ''
  copy.username = ''
  copy.password = ''
  const { origin, href } = copy
  const secure = isPotentiallyTrustworthyUrl(copy.protocol.slice(0, -1), copy.hostname)
  return { origin, secure, whole: href, short: `${origin}/` }
}

/**
 * What a request's init says of its referrer: the page's own where it names another origin; null for what is not a URL.
 * @see https://fetch.spec.whatwg.org/#dom-request step 14
 */
export function parseReferrer(referrer: string, client: Client): FetchRequest['referrer'] | null {
  // 14.2. If referrer is the empty string, then set request's referrer to "no-referrer".
  if (referrer === '') return 'no-referrer'
  // 14.3.1-2. Let parsedReferrer be the result of parsing referrer with baseURL; if it is failure, then throw.
  if (!URL.canParse(referrer, client.url.href)) return null
  const url = new URL(referrer, client.url)
  // 14.3.3. If its scheme is "about" and its path is "client", or it is of another origin, then set request's referrer to "client".
  const isClient = url.protocol === 'about:' && url.pathname === 'client'
  return isClient || !isOrigin(client.origin, url.origin) ? 'client' : url
}

/**
 * What a redirect says of the referrer of the request that follows it.
 * @see https://w3c.github.io/webappsec-referrer-policy/#set-requests-referrer-policy-on-redirect
 */
export function followReferrerPolicy(
  request: FetchRequest,
  headers: HeaderList,
  deviations: Deviations,
): void {
  // Main fetch, step 9, which has set request's referrer to what was told so far.
  const told = determineReferrer(request, deviations)
  const policy = effectiveReferrerPolicy(request, deviations)
  request.referrer = told === null ? 'no-referrer' : new URL(told)
  // 1-2. If policy is not the empty string, then set request's referrer policy to it.
  request.referrerPolicy = parseReferrerPolicy(headers) || policy
}
