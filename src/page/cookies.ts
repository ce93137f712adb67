/** Cookies: which a page's request carries, and which of a response's are kept, as each engine's default policy has it. */
import type { Cookie, CookieJar } from 'tough-cookie'
import type { CookiePolicy } from '../engines/engine.js'
import { engineOf, type Profile } from '../engines/profiles.js'
import { type Client, type FetchRequest, topLevelOf } from '../fetch/fetch-request.js'
import { type HeaderList, headerLines } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import { isLoopbackHost } from '../fetch/mixed-content.js'
import { toughCookie } from './lazy-packages.js'
import { isSameSiteIgnoringScheme, registrableDomain, siteRelation } from './site.js'

/** Whether a response sets a cookie. */
export function setsCookies(headers: HeaderList): boolean {
  return headers.some(([name]) => byteLowercase(name) === 'set-cookie')
}

/** A new, empty jar. */
function createJar(): CookieJar {
  const { CookieJar: Jar, PrefixSecurityEnum } = toughCookie()
  return new Jar(undefined, {
    allowSpecialUseDomain: true,
    rejectPublicSuffixes: false,
    looseMode: true,
    prefixSecurity: PrefixSecurityEnum.STRICT,
  })
}

/** @see https://httpwg.org/http-extensions/draft-cutler-httpbis-partitioned-cookies.html */
function isPartitioned({ extensions }: Cookie): boolean {
  return extensions?.some((attribute) => attribute.toLowerCase() === 'partitioned') === true
}

/** How many are remembered. */
const MOST_HEADERS = 500

/** A page's cookies under its engine's policy. */
export class PageCookies {
  readonly #policy: CookiePolicy
  #jar: CookieJar | undefined
  /** Those of third parties, by the site of the top-level page. */
  readonly #partitions = new Map<string, CookieJar>()
  /** Whether others may put cookies into the jar, too. */
  #isShared: boolean
  /** The headers of requests by what they depend on, for as long as nothing is stored: pages ask for the same few URLs again and again. */
  readonly #headers = new Map<string, string | null>()

  constructor(engine: Profile, jar: CookieJar | undefined) {
    this.#policy = engineOf(engine).cookies
    this.#jar = jar
    this.#isShared = jar !== undefined
  }

  /** The jar, for others to look into and to fill. */
  get jar(): CookieJar {
    this.#isShared = true
    return this.#ownJar()
  }

  #ownJar(): CookieJar {
    this.#jar ??= createJar()
    return this.#jar
  }

  /** Whether there is a jar yet: nobody asked for it, and no response set a cookie, where there is none. */
  get mayHaveAny(): boolean {
    return this.#jar !== undefined || this.#partitions.size > 0
  }

  /** The `Cookie` header of a request that is about to leave, or null. */
  async header(request: FetchRequest): Promise<string | null> {
    const partition = this.#partitionOf(request)
    if (partition === null) return null
    const jar = this.#jarOf(partition)
    const sameSite = this.#isSameSite(request, this.#judgedUrls(request))
    const options = { sort: true, sameSiteContext: sameSite ? 'strict' : 'none' } as const
    const { href } = request.currentUrl
    const key = `${sameSite} ${partition} ${href}`
    const known = this.#isShared ? undefined : this.#headers.get(key)
    if (known !== undefined) return known
    // Where the store can, without the many turns of its promises.
    const cookies = jar.store.synchronous
      ? jar.getCookiesSync(href, options)
      : await jar.getCookies(href, options)
    const sent = cookies.filter(
      (cookie) => sameSite || !this.#policy.laxByDefault || cookie.sameSite === 'none',
    )
    const header = sent.length === 0 ? null : sent.map((cookie) => cookie.cookieString()).join('; ')
    if (!this.#isShared && sent.every((cookie) => cookie.TTL() === Number.POSITIVE_INFINITY)) {
      if (this.#headers.size === MOST_HEADERS) this.#headers.clear()
      this.#headers.set(key, header)
    }
    return header
  }

  /** Keeps the cookies a response sets, but those the policy refuses. */
  async store(request: FetchRequest, headers: HeaderList): Promise<void> {
    const lines = headerLines(headers, 'set-cookie')
    if (lines.length === 0) return
    const partition = this.#partitionOf(request)
    if (partition === null) return
    const jar = this.#jarOf(partition)
    const sameSite = this.#isSameSite(request, this.#judgedUrls(request))
    const url = request.currentUrl
    const secure = url.protocol === 'https:' || isLoopbackHost(url.hostname)
    const ownHost = url.hostname === request.client.url.hostname
    for (const line of lines) {
      const cookie = toughCookie().Cookie.parse(line, { loose: true })
      if (cookie === undefined) continue
      if (cookie.secure && !secure) continue
      if (cookie.sameSite === 'none' && !cookie.secure) continue
      if (this.#policy.partitionedNeedsSecure && !cookie.secure && isPartitioned(cookie)) continue
      // https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-storage-model step 4.
      if (cookie.key.length + cookie.value.length > this.#policy.largest) continue
      const effective = cookie.sameSite ?? (this.#policy.laxByDefault ? 'lax' : 'none')
      if (effective !== 'none' && !(sameSite && (ownHost || !this.#policy.sameSiteOnlyFromOwnHost))) continue
      // As text: the jar may be of another copy of tough-cookie, which knows only its own class.
      await jar.setCookie(line, url.href, {
        ignoreError: true,
        loose: true,
        sameSiteContext: sameSite ? 'strict' : 'none',
      })
      this.#headers.clear()
    }
  }

  /** The URLs that must all be same-site for `SameSite` cookies. */
  #judgedUrls({ client, urlList, currentUrl }: FetchRequest): readonly URL[] {
    const { countsRedirects } = this.#policy
    if (countsRedirects === 'never') return [currentUrl]
    return countsRedirects === 'but-own-host' && currentUrl.hostname === client.url.hostname
      ? [currentUrl]
      : urlList
  }

  /** Where the cookies of the request's current URL live: with all others, with third parties' under the site of the top-level page, or nowhere. */
  #partitionOf({ client, currentUrl }: FetchRequest): string | null {
    if (this.#policy.thirdParty === 'shared') return ''
    const top = topLevelOf(client)
    if (this.#isSameSiteAs(top, [currentUrl])) return ''
    if (this.#policy.thirdParty === 'none') return null
    return registrableDomain(top.url.hostname) ?? top.url.hostname
  }

  #jarOf(partition: string): CookieJar {
    if (partition === '') return this.#ownJar()
    let jar = this.#partitions.get(partition)
    if (jar === undefined) {
      jar = createJar()
      this.#partitions.set(partition, jar)
    }
    return jar
  }

  /** Whether URLs are of one site with the client, and with every page and frame around it. @see https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#name-document-based-requests */
  #isSameSite({ client }: FetchRequest, urls: readonly URL[]): boolean {
    for (let one: Client | undefined = client; one !== undefined; one = one.parent)
      if (!this.#isSameSiteAs(one, urls)) return false
    return true
  }

  #isSameSiteAs(client: Client, urls: readonly URL[]): boolean {
    if (client.origin.kind === 'opaque' && this.#policy.opaqueIsCrossSite) return false
    if (this.#policy.countsSchemeChanges && urls.some(({ protocol }) => protocol !== urls[0]?.protocol))
      return false
    return urls.every((url) => {
      if (!this.#policy.schemeful) return isSameSiteIgnoringScheme(client.url.hostname, url.hostname)
      return siteRelation(client.origin, url) !== 'cross-site'
    })
  }
}
