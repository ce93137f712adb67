/** `enforceCors`: the globals become those of a page, over the MSW server that is listening. */
import type { Profile } from '../engines/profiles.js'
import type { CorsError } from '../page/cors-error.js'
import { openPage, type Page } from '../page/open-page.js'

/** What `enforceCors` takes. */
export interface EnforceCorsOptions {
  /** Where the page is: its origin, or its URL. */
  readonly origin: string | URL
  /** Whose behaviour. Default `chromium`. */
  readonly engine?: Profile | undefined
}

/** What `enforceCors` put in place. */
export interface EnforcedCors {
  /** The page that the globals are those of. */
  readonly page: Page
  /** What was blocked so far, in order. */
  blocked(): readonly CorsError[]
  /** Gives the globals back. */
  restore(): void
}

/**
 * From now on `fetch`, `XMLHttpRequest` and `EventSource` do what they do in a page at `origin`, over the MSW server that is listening.
 *
 * @example
 * enforceCors({ origin: 'https://app.example.com' })
 */
export function enforceCors(options: EnforceCorsOptions): EnforcedCors {
  const { origin, engine = 'chromium' } = options
  const page = openPage(origin, { engine })
  const takeBack = page.install()
  return {
    page,
    blocked: () => page.blocked,
    restore() {
      takeBack()
      void page.close()
    },
  }
}
