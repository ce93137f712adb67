/** `enforceCors`: the globals become those of a page, over the MSW server that is listening. */
import { diagnosis } from '../diagnose/diagnosis.js'
import type { Profile } from '../engines/profiles.js'
import { PreflightCache } from '../fetch/preflight-cache.js'
import { sayOnConsole } from '../page/audible.js'
import { type CorsError, isCorsError } from '../page/cors-error.js'
import type { PageLocation } from '../page/location.js'
import { openPageOver, type Page } from '../page/open-page.js'
import type { CallWatcher } from '../page/page-fetch.js'
import { checkNames } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { callSite, placeAt } from '../text/call-site.js'
import { argument } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { checkEngine } from '../verdict/client.js'
import { readAllow } from './exempt-hosts.js'
import { mockFix } from './mock-fix.js'
import { mockedNetwork, sayWhatIsNotJudged } from './mocked-network.js'
import { endOfScope, failOutsideTests, runningTest } from './running-test.js'

/** What `enforceCors` takes. */
export interface EnforceCorsOptions {
  /** Where the page is: its origin or URL, or `{ url, context }` as {@link openPage} takes it. */
  readonly origin: string | URL | PageLocation
  /** Whose behaviour. Default `chromium`. */
  readonly engine?: Profile | undefined
  /** Hosts that are not judged: `telemetry.example.com`, `*.example.net`, `localhost:3001`, or an origin. */
  readonly allow?: readonly string[] | undefined
  /** Whether a blocked request fails the test that made it, even if the code that made it swallows the error. Default false: the console says it. */
  readonly failOnBlocked?: boolean | undefined
}

/** What `enforceCors` put in place. */
export interface EnforcedCors {
  /** The page that the globals are those of. */
  readonly page: Page
  /** What was blocked so far, in order. Where the mock has no response for a preflight, the error's verdict is `incomplete`. */
  blocked(): readonly CorsError[]
  /** Gives the globals back before the running test or file ends. */
  restore(): void
}

/**
 * From now on `fetch`, `XMLHttpRequest` and `EventSource` do what they do in a page at `origin`, over the MSW server that is listening: preflights reach
 * its handlers, what a browser would block is rejected, and what it would hide is not there.
 *
 * Called in a test or `beforeEach` it holds for that test; in `beforeAll`, in a set-up file or at the top of a test file, for that file.
 *
 * @throws CorsUsageError for a location that no page can have, and for invalid options
 * @example
 * import { enforceCors } from 'expect-cors/msw'
 * beforeAll(() => server.listen())
 * enforceCors({ origin: 'https://app.example.com' })
 */
export function enforceCors(options: EnforceCorsOptions): EnforcedCors {
  checkOptions(options)
  const { origin, engine = 'chromium', allow, failOnBlocked = false } = options
  const end = endOfScope()
  const isExempt = readAllow(allow)
  const network = mockedNetwork(isExempt, (message) => console.error(`expect-cors: ${message}`))
  const preflights = new PreflightCache()
  const watch = perTest(failOnBlocked ? failTests : sayAll, () => preflights.clear())
  const page = openPageOver(network, watch, origin, { engine }, preflights, end.isOver)
  const takeBack = page.install()
  const stopWatching = sayWhatIsNotJudged(isExempt, page.origin, end.isOver)
  let isRestored = false
  const restore = (): void => {
    if (isRestored) return
    isRestored = true
    stopWatching()
    takeBack()
    void page.close()
  }
  end.atEnd(restore)
  return { page, blocked: () => page.blocked, restore }
}

/**
 * What one test was allowed must not let through what another may not do: it would pass after that one only.
 * @param forget is called before the first call of each test
 */
function perTest(watch: () => CallWatcher, forget: () => void): () => CallWatcher {
  let last: object | undefined
  return () => {
    const test = runningTest()
    if (test !== undefined && test !== last) forget()
    last = test ?? last
    return watch()
  }
}

/** That the mock has no response for a preflight is said as soon as it is known. */
const sayAll = (): CallWatcher => ({
  failed(error) {
    if (!isIncomplete(error)) sayOnConsole(error)
  },
  ended() {},
})

function isIncomplete(error: unknown): boolean {
  return isCorsError(error) && error.verdict.outcome === 'incomplete'
}

/** Has a call belong to the test that made it. */
function failTests(): CallWatcher {
  const test = runningTest()
  const site = callSite()
  let ended = (): void => {}
  test?.waitFor(
    new Promise((resolve) => {
      ended = resolve
    }),
  )
  return {
    failed(error) {
      const failure = new Error(isCorsError(error) ? messageOf(error) : error.message)
      failure.name = error.name
      placeAt(failure, site)
      if (test === undefined) failOutsideTests(failure)
      else test.fail(failure)
    },
    ended: () => ended(),
  }
}

function messageOf(error: CorsError): string {
  if (isIncomplete(error)) return error.message
  const { journey, verdict } = error
  return diagnosis().failureMessage({
    hint: `enforceCors({ origin: ${argument(verdict.origin)}, failOnBlocked: true })`,
    journeys: [{ engine: verdict.engine, journey }],
    unrecognized: mockFix(error),
  })
}

const OPTIONS = ['origin', 'engine', 'allow', 'failOnBlocked'] satisfies (keyof EnforceCorsOptions)[]

function checkOptions(options: EnforceCorsOptions): void {
  if (!hasMembers(options) || options.origin === undefined) {
    throw new CorsUsageError(
      `enforceCors() takes the page's origin, { origin: 'https://app.example.com' }; got ${describeValue(options)}`,
    )
  }
  checkNames(options, OPTIONS, 'enforceCors()')
  const { engine, failOnBlocked } = options
  if (engine !== undefined) checkEngine(engine)
  if (failOnBlocked !== undefined && typeof failOnBlocked !== 'boolean') {
    throw new CorsUsageError(
      `enforceCors(): failOnBlocked must be true or false; got ${describeValue(failOnBlocked)}`,
    )
  }
}
