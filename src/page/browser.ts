/** What the pages of one browser share: `page.navigate` and `page.frame` open others in it. */
import type { Profile } from '../engines/profiles.js'
import { PreflightCache } from '../fetch/preflight-cache.js'
import { PageCookies } from './cookies.js'
import { PageLogins } from './logins.js'
import type { PageOptions } from './open-page.js'
import { Outliving } from './outliving.js'
import type { CallWatcher } from './page-fetch.js'
import { createNetwork, type PageNetwork } from './servers.js'
import { createHttpCache, type PageHttpCache } from './through-cache.js'

/** One browser, as its pages see it. Each page's state has the very same objects. */
export interface Browser {
  readonly engine: Profile
  readonly network: PageNetwork
  readonly cookies: PageCookies
  readonly logins: PageLogins
  readonly outliving: Outliving
  /** The CORS-preflight cache. */
  readonly cache: PreflightCache
  /** Undefined where it is not asked for. */
  readonly httpCache: PageHttpCache | undefined
  /** What https servers speak; http servers speak 1.1. */
  readonly httpVersion: '1.1' | '2'
  /** What leaves each of its pages and frames that are open. */
  readonly openPages: Set<() => void>
  /** Watches what is asked of those that are installed, instead of their `onBlocked`. */
  readonly watchInstalled?: (() => CallWatcher) | undefined
  /** Whether what they were installed for has ended. */
  readonly isOver?: (() => boolean) | undefined
}

/** Starts one for the first of its pages. */
export function openBrowser(
  options: PageOptions,
  pageOrigin: string,
  network = createNetwork(options, pageOrigin),
): Browser {
  const engine = options.engine ?? 'standard'
  const now = options.now ?? (() => Date.now())
  return {
    engine,
    network,
    cookies: new PageCookies(engine, options.cookies),
    logins: new PageLogins(engine, options.logins),
    outliving: new Outliving(),
    cache: new PreflightCache(now),
    httpCache: options.httpCache === true ? createHttpCache(now) : undefined,
    httpVersion: options.httpVersion ?? '2',
    openPages: new Set(),
  }
}
