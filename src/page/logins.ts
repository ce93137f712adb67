/** User names and passwords that the browser knows: those it is given, those in its pages' URLs, and those that worked. */
import { deviationsOf, type Profile } from '../engines/profiles.js'
import { type Client, type FetchRequest, topLevelOf } from '../fetch/fetch-request.js'
import type { Login, Logins } from '../fetch/http-authentication.js'
import { registrableDomain } from './site.js'

interface KnownLogin {
  readonly origin: string
  /** Undefined where no server has named it. */
  readonly realm: string | undefined
  /** At and below which it is sent ahead of any challenge. */
  readonly folder: string
  /** The site of the pages that it is known to; undefined for all. */
  readonly partition: string | undefined
  readonly login: Login
}

/** The logins of a browser under its engine's policy. */
export class PageLogins implements Logins {
  readonly #partitioned: boolean
  readonly #known: KnownLogin[] = []

  constructor(engine: Profile, given: Readonly<Record<string, Login>> = {}) {
    this.#partitioned = deviationsOf(engine).login.partitioned
    for (const [origin, login] of Object.entries(given)) this.#give(new URL(origin), '/', login)
  }

  /** Takes those of a top-level page's URL: its navigation was challenged. */
  visit(url: URL, login: Login): void {
    this.#give(url, folderOf(url), login)
  }

  #give(url: URL, folder: string, login: Login): void {
    this.#known.unshift({ origin: url.origin, realm: undefined, folder, partition: this.#siteOf(url), login })
  }

  ahead(request: FetchRequest): Login | null {
    const { pathname } = request.currentUrl
    return this.#find(request, ({ folder }) => pathname.startsWith(folder))
  }

  loginFor(request: FetchRequest, realm: string): Login | null {
    return this.#find(request, (known) => known.realm === undefined || known.realm === realm)
  }

  remember(request: FetchRequest, realm: string, login: Login): void {
    const { currentUrl, client } = request
    const { origin } = currentUrl
    const partition = this.#partitionOf(client)
    this.#known.unshift({ origin, realm, folder: folderOf(currentUrl), partition, login })
  }

  #find({ client, currentOrigin }: FetchRequest, fits: (known: KnownLogin) => boolean): Login | null {
    const partition = this.#partitionOf(client)
    const found = this.#known.find(
      (known) => known.origin === currentOrigin && known.partition === partition && fits(known),
    )
    return found?.login ?? null
  }

  #partitionOf(client: Client): string | undefined {
    return this.#siteOf(topLevelOf(client).url)
  }

  #siteOf({ hostname }: URL): string | undefined {
    // DEVIATION: logins are known to pages of one site.
    return this.#partitioned ? (registrableDomain(hostname) ?? hostname) : undefined
  }
}

/** The path of a URL up to its last slash. @see https://httpwg.org/specs/rfc7617.html#reusing.credentials */
function folderOf({ pathname }: URL): string {
  return pathname.slice(0, pathname.lastIndexOf('/') + 1)
}
