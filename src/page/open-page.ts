/** `openPage`: a simulated browser page. */
import type { CookieJar } from 'tough-cookie'
import type { Profile } from '../engines/profiles.js'
import type { CorsBody } from '../fetch/body.js'
import { type Client, includesCredentials } from '../fetch/fetch-request.js'
import { type Login, loginOfUrl } from '../fetch/http-authentication.js'
import { parseHttpOrigin } from '../fetch/origin.js'
import type { PreflightCache } from '../fetch/preflight-cache.js'
import { type ReferrerPolicy, referrerPolicies } from '../fetch/referrer.js'
import { checkNames, optionChecks } from '../subject/options.js'
import { hasMembers, hasMethods } from '../subject/shape.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { anySignal, expectManyListeners } from '../transport/transport.js'
import { checkEngine } from '../verdict/client.js'
import type { Journey } from '../verdict/verdict.js'
import { watchFor } from './audible.js'
import { sendBeacon } from './beacon.js'
import { type Browser, openBrowser } from './browser.js'
import { type CorsError, corsErrorOf } from './cors-error.js'
import { eventSourceClassOf, type PageEventSourceClass } from './event-source.js'
import { type FormFields, type FormOptions, postForm } from './form.js'
import { type InstalledName, installOn } from './install.js'
import { type ElementLoad, type LoadOptions, loadElement, type PreloadOptions, preload } from './load.js'
import {
  childClientAt,
  clientOfPage,
  hrefOf,
  inContext,
  inDocument,
  type PageContext,
  type PageLocation,
  resolved,
} from './location.js'
import { Leaving } from './outliving.js'
import { type CallWatcher, type PageState, pageFetch, send } from './page-fetch.js'
import { Preloads } from './preloads.js'
import {
  installedRequestClass,
  type PageHeadersClass,
  type PageRequest,
  type PageRequestClass,
  type PageRequestInit,
  type PageRequestInput,
  readCall,
  readFetchCall,
  requestClassOf,
} from './request-class.js'
import { classesOfScripts, createPageResponse } from './response-class.js'
import { onServerSide, serverSide } from './server-side.js'
import type { PageNetwork, Servers } from './servers.js'
import { type PageXMLHttpRequestClass, xmlHttpRequestClassOf } from './xml-http-request.js'

/** How a page behaves and where its requests go. */
export interface PageOptions {
  /** Whose behaviour. Default `standard`. */
  readonly engine?: Profile | undefined
  /** Origins that are served by an app in this process, by a local URL, or by MSW handlers; the page's own may be among them. */
  readonly servers?: Servers | undefined
  /**
   * Whether the origins that are not among `servers` are reached over the network; otherwise a request to one is a {@link CorsUsageError}.
   * Default: only where there are no `servers`, or a `dispatcher` says how.
   */
  readonly network?: boolean | undefined
  /** A dispatcher of undici that reaches the network. */
  readonly dispatcher?: unknown
  /** A jar of tough-cookie. Default: an empty one. */
  readonly cookies?: CookieJar | undefined
  /** Milliseconds for one request with all its hops. Default: none, as in a browser. */
  readonly timeout?: number | undefined
  /** Ends every request of the page. */
  readonly signal?: AbortSignal | undefined
  /**
   * The user names and passwords that the browser knows, by origin, as if the user had given them on a page of that origin before. Those in the page's URL
   * are known too. Default: none, so that a challenge makes the browser ask.
   */
  readonly logins?: Readonly<Record<string, Login>> | undefined
  /** The `Referrer-Policy` of the document. Default: that of browsers, `strict-origin-when-cross-origin`. */
  readonly referrerPolicy?: ReferrerPolicy | undefined
  /** What https servers speak; request streams need `2`. Default `2`. */
  readonly httpVersion?: '1.1' | '2' | undefined
  /**
   * Is told of each request that is blocked while the page is installed; see {@link Page.install}. Default: the console says it, as the engine's
   * would, with the reason.
   */
  readonly onBlocked?: ((error: CorsError) => void) | undefined
  /**
   * Whether the page has its engine's HTTP cache, keyed and partitioned as there: what it finds fresh is not asked for again, whoever asked for it
   * first, with or without CORS. Default false: every request reaches its server.
   */
  readonly httpCache?: boolean | undefined
  /** The clock of the caches, in milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/**
 * What another page of the same browser may have otherwise: {@link Page.navigate}, {@link Page.frame}. Default: as this page has it, except for the
 * policy, which is each document's own; `srcdoc` and `blob:` frames have their page's.
 */
export type NextPageOptions = Pick<PageOptions, 'timeout' | 'signal' | 'onBlocked' | 'referrerPolicy'>

/** Of a frame or worker: {@link Page.frame}. */
export interface FrameOptions extends NextPageOptions {
  /** What it is: `window` for a frame, the default. A location may say it as well. */
  readonly context?: PageContext | undefined
}

/** What became of a request: {@link Page.inspect}. */
export interface PageJourney extends Journey {
  /** What the script would get, where it gets anything. */
  readonly response?: Response
}

/** A class that goes where the global one is asked for, where the types of the project have one. */
type AsGlobal<Name extends string, Own> = typeof globalThis extends { [name in Name]: infer Global }
  ? Own & Global
  : Own

/** A simulated browser page. */
export interface Page {
  /** The page's URL. */
  readonly url: string
  /** Its serialized origin. */
  readonly origin: string
  readonly engine: Profile
  /**
   * `window.fetch`: filtered responses, and a `TypeError` with the engine's message where the browser blocks; its `cause` is a {@link CorsError}.
   * @see https://fetch.spec.whatwg.org/#fetch-method
   */
  readonly fetch: (input: PageRequestInput, init?: PageRequestInit) => Promise<Response>
  /**
   * What became of a request: every request and response in order, and the verdict. Never rejects for CORS.
   * @throws CorsNetworkError where no response came
   */
  readonly inspect: (input: PageRequestInput, init?: PageRequestInit) => Promise<PageJourney>
  /**
   * Loads what an element of the page asks for: an image, a script, a style sheet, a font, and so on. Resolves however it ends; a block is in `verdict`, and in
   * {@link Page.blocked}.
   *
   * @throws CorsNetworkError where no response came
   * @example
   * const { event, readable } = await page.load('https://cdn.example.com/logo.png', { as: 'image', crossorigin: 'anonymous' })
   */
  readonly load: (url: string | URL, options: LoadOptions) => Promise<ElementLoad>
  /**
   * Asks for something ahead of time, as `<link rel="preload">` and `rel="modulepreload"` do. The next request of the page that matches it, by whichever API,
   * is given its response.
   *
   * @throws CorsNetworkError where no response came
   * @example
   * await page.preload('https://cdn.example.com/inter.woff2', { as: 'font', crossorigin: 'anonymous' })
   */
  readonly preload: (url: string | URL, options: PreloadOptions) => Promise<ElementLoad>
  readonly XMLHttpRequest: AsGlobal<'XMLHttpRequest', PageXMLHttpRequestClass>
  readonly EventSource: AsGlobal<'EventSource', PageEventSourceClass>
  readonly Request: AsGlobal<'Request', PageRequestClass>
  readonly Headers: PageHeadersClass
  readonly Response: typeof Response
  /** Of tough-cookie; the browser's, so that its pages share it. */
  readonly cookies: CookieJar
  /** What was blocked so far, in order, whichever API asked. */
  readonly blocked: readonly CorsError[]
  /**
   * Puts the page's `fetch`, `XMLHttpRequest`, `EventSource` and `Request` in the place of a window's, so that code that calls the globals runs as in
   * this page. What servers in this process ask, mocks among them, goes out as before.
   *
   * Each request that is blocked is then said once on the console, or to `onBlocked`: code that swallows the error would hide it.
   *
   * @param target default `globalThis`
   * @returns takes back what is still the page's; what has been replaced since is left alone, returned by name and warned of. `close()` does so too
   * @throws CorsUsageError for a target that has no members, and once the page was closed
   * @example
   * const restore = openPage('https://app.example.com').install()
   * afterAll(restore)
   */
  install(target?: object): () => readonly InstalledName[]
  /**
   * Opens the next top-level document of the same browser: this page is left, as by {@link close}, and its cookies, its preflight cache and what else
   * a browser keeps are shared as the engine shares them. Of a frame: its next document, in the same page.
   *
   * @param location as of {@link openPage}; a relative URL resolves against this page's. Nothing is requested
   * @throws CorsUsageError for a location that no page can have, of a worker, and once the page was left
   * @example
   * const next = page.navigate('https://admin.example.com/')
   */
  navigate(location: string | URL | PageLocation, options?: NextPageOptions): Page
  /**
   * Opens a frame of this page, of whatever origin, or a worker of its own: it shares what the browser keeps as the engine lets it, and ends with its page.
   *
   * @param location as of {@link navigate}; `about:srcdoc`, or a `blob:` or `data:` URL for what the page makes itself
   * @throws CorsUsageError for a location that no frame can have, and once the page was left
   * @example
   * const frame = page.frame('https://widget.example.net/')
   * const worker = page.frame('/worker.js', { context: 'worker' })
   */
  frame(location: string | URL | PageLocation, options?: FrameOptions): Page
  /**
   * `navigator.sendBeacon`: whether it was queued. What is lost on the way still returned `true`: it is in {@link Page.blocked}.
   *
   * @throws TypeError for a URL that no beacon goes to, with the engine's message
   * @example
   * page.sendBeacon('https://api.example.com/log', new Blob(['{}'], { type: 'application/json' }))
   */
  readonly sendBeacon: (url: string | URL, data?: CorsBody) => boolean
  /**
   * Submits a form with the method POST to a frame: a navigation, in which CORS has no say, though its `Origin` may be refused.
   *
   * @example
   * const { exchanges } = await page.postForm('https://api.example.com/login', { name: 'me' })
   */
  readonly postForm: (url: string | URL, fields: FormFields, options?: FormOptions) => Promise<Journey>
  /** Ends what is under way. Of a top-level page: also closes its browser and the servers that it opened. */
  close(): Promise<void>
}

/**
 * Opens a simulated browser page, whose `fetch`, `XMLHttpRequest` and `EventSource` do what the named engine's do.
 *
 * @param location the page's URL or origin, `'null'` for an opaque origin, or `{ url, context }`
 * @throws CorsUsageError for a location that no page can have, and for invalid options
 * @example
 * const page = openPage('https://app.example.com/orders', { engine: 'chromium', servers: { 'https://api.example.com': app } })
 * const response = await page.fetch('https://api.example.com/orders', { credentials: 'include' })
 */
export function openPage(location: string | URL | PageLocation, options: PageOptions = {}): Page {
  checkOptions(options)
  checkEngine(options.engine ?? 'standard')
  const client = clientOfPage(location, 'openPage()')
  const browser = openBrowser(options, client.origin.serialized)
  visit(browser, location)
  return pageIn(browser, client, options)
}

/** A top-level page's user name and password are known once it is there. */
function visit({ logins }: Browser, location: string | URL | PageLocation): void {
  const url = URL.canParse(hrefOf(location)) ? new URL(hrefOf(location)) : null
  if (url === null || !includesCredentials(url)) return
  logins.visit(url, loginOfUrl(url))
}

/**
 * As {@link openPage}, for what reaches servers in a way of its own.
 * @param watchInstalled watches the calls of its pages that are installed, instead of `onBlocked`
 * @param cache what its browser remembers of preflights
 * @param isOver whether what it was installed for has ended, so that it no longer counts
 */
export function openPageOver(
  network: PageNetwork,
  watchInstalled: () => CallWatcher,
  location: string | URL | PageLocation,
  options: Pick<PageOptions, 'engine'>,
  cache: PreflightCache,
  isOver: () => boolean,
): Page {
  const client = clientOfPage(location, 'enforceCors()')
  const browser = {
    ...openBrowser(options, client.origin.serialized, network),
    cache,
    watchInstalled,
    isOver,
  }
  return pageIn(browser, client, {})
}

/** A page, frame or worker of a browser. @param embedder ends it, too */
function pageIn(browser: Browser, at: Client, options: NextPageOptions, embedder?: PageState): Page {
  const state = stateOf(browser, inDocument(at, options.referrerPolicy), options, embedder)
  const { client, leaving } = state
  const { engine, watchInstalled, isOver } = browser
  const installed = new Set<() => unknown>()
  const { Headers: PageHeaders, Response: PageResponse } = classesOfScripts()
  // Made when they are first asked for: most pages need one of them.
  let xhrClass: PageXMLHttpRequestClass | undefined
  let eventSourceClass: PageEventSourceClass | undefined
  let requestClass: PageRequestClass | undefined
  const leave = (isForNext = false): void => {
    for (const takeBack of installed) takeBack()
    browser.openPages.delete(leave)
    leaving.leave(isForNext)
  }
  browser.openPages.add(leave)
  const checkIsOpen = (member: string): void => {
    if (!leaving.isLeft) return
    throw new CorsUsageError(`page.${member}(): the page was closed; open another one with openPage()`)
  }
  return {
    url: client.page,
    origin: client.origin.serialized,
    engine,
    fetch: (input, init) =>
      kept(state, input, init, async () => {
        // Rejected at once.
        if (init?.signal?.aborted === true) return pageFetch(state, readCall(input, init))
        return pageFetch(state, await readFetchCall(input, init))
      }),
    inspect: (input, init) =>
      kept(state, input, init, async () => {
        const { request, signal } = await readFetchCall(input, init)
        const { journey, visible } = await send(state, request, signal)
        return visible === null ? journey : { ...journey, response: createPageResponse(visible) }
      }),
    load: (url, options) => loadElement(state, url, options),
    preload: (url, options) => preload(state, url, options),
    get XMLHttpRequest() {
      xhrClass ??= xmlHttpRequestClassOf(state)
      return xhrClass as Page['XMLHttpRequest']
    },
    get EventSource() {
      eventSourceClass ??= eventSourceClassOf(state)
      return eventSourceClass as Page['EventSource']
    },
    get Request() {
      requestClass ??= requestClassOf(client, engine)
      return requestClass as Page['Request']
    },
    Headers: PageHeaders,
    Response: PageResponse,
    sendBeacon(url, data) {
      checkIsOpen('sendBeacon')
      return sendBeacon(state, url, data)
    },
    postForm: (url, fields, options = {}) => postForm(state, url, fields, options),
    get cookies() {
      return state.cookies.jar
    },
    get blocked() {
      return state.blocked.map((journey) => corsErrorOf(journey))
    },
    install(target = globalThis) {
      checkIsOpen('install')
      const restore = installOn(
        target,
        standInsOf({ ...state, watch: watchInstalled ?? watchFor(options.onBlocked) }),
        isOver,
      )
      const takeBack = (): readonly InstalledName[] => {
        installed.delete(takeBack)
        return restore()
      }
      installed.add(takeBack)
      return takeBack
    },
    navigate(location, next = {}) {
      checkIsOpen('navigate')
      checkNextOptions(next, 'page.navigate()')
      if (client.worker === true)
        throw new CorsUsageError('page.navigate(): a worker does not navigate; its page does')
      const to = resolved(location, client, 'page.navigate()')
      const nextOptions = { ...options, referrerPolicy: undefined, ...next }
      if (embedder !== undefined) {
        const nextChild = childClientAt(embedder.client, to, 'page.navigate()')
        leave(true)
        return pageIn(browser, nextChild, nextOptions, embedder)
      }
      const nextClient = clientOfPage(to, 'page.navigate()')
      visit(browser, to)
      leave(true)
      return pageIn(browser, nextClient, nextOptions)
    },
    frame(location, next = {}) {
      checkIsOpen('frame')
      checkNextOptions(next, 'page.frame()', FRAME_OPTIONS)
      const { context, ...own } = next
      const child = childClientAt(client, inContext(location, context), 'page.frame()')
      return pageIn(browser, child, { ...options, referrerPolicy: undefined, ...own }, state)
    },
    async close() {
      leave()
      if (client.parent !== undefined) return
      for (const leaveOther of browser.openPages) leaveOther()
      await browser.outliving.end()
      await browser.network.close()
    },
  }
}

/** A page as nothing has been asked of it yet. */
function stateOf(
  browser: Browser,
  client: Client,
  options: NextPageOptions,
  embedder: PageState | undefined,
): PageState {
  const leaving = new Leaving(embedder?.leaving)
  const ends = [leaving.signal, embedder?.signal, options.signal].filter((signal) => signal !== undefined)
  const signal = ends.length === 1 ? leaving.signal : anySignal(ends)
  expectManyListeners(signal)
  return {
    client,
    timeout: options.timeout,
    signal,
    userSignal: options.signal,
    leaving,
    keepaliveBytes: 0,
    blocked: [],
    preloads: new Preloads(browser.engine),
    modules: new Set(),
    // Last: V8 takes a hundred times as long to add members behind a spread.
    ...browser,
  }
}

/** Has a browser that is closed wait for a call, from the call on, where it may outlive the page. */
function kept<T>(
  { outliving }: PageState,
  input: PageRequestInput,
  init: PageRequestInit | undefined,
  call: () => Promise<T>,
): Promise<T> {
  const called = call()
  if (saysKeepalive(input, init)) outliving.add(called)
  return called
}

/** Whether a call is to outlive its page; one that cannot be read has failed already. */
function saysKeepalive(input: PageRequestInput, init: PageRequestInit | undefined): boolean {
  try {
    const { keepalive = (input as Partial<PageRequest> | null | undefined)?.keepalive } = init ?? {}
    return Boolean(keepalive)
  } catch {
    return false
  }
}

/** What each global becomes while a page is installed. */
function standInsOf(page: PageState): Parameters<typeof installOn>[1] {
  return {
    fetch: (place) =>
      async function fetch(input: PageRequestInput, init?: PageRequestInit): Promise<Response> {
        const side = serverSide()
        if (side === undefined && place.isLive())
          return kept(page, input, init, () => watchedFetch(page, input, init))
        const next = side === undefined ? place.top() : undefined
        if (next !== undefined) return (next as Page['fetch'])(input, init)
        // Servers reach the mock that listens, and so does code that kept this from a page that is gone; what the mock lets pass comes by here once more.
        const asked = side === undefined ? place.present() : side === 'server' ? place.mocked() : undefined
        const theirs = (asked ?? place.first()) as Page['fetch']
        return onServerSide(() => theirs(input, init), 'passed')
      },
    XMLHttpRequest: () => xmlHttpRequestClassOf(page),
    EventSource: () => eventSourceClassOf(page),
    Request: (place) => installedRequestClass(page.client, page.engine, place),
  }
}

/** `fetch`, watched from its call on: reading its arguments may take time. */
async function watchedFetch(
  page: PageState,
  input: PageRequestInput,
  init: PageRequestInit | undefined,
): Promise<Response> {
  const watcher = page.watch?.()
  try {
    const isAborted = init?.signal?.aborted === true
    return await pageFetch(
      page,
      isAborted ? readCall(input, init) : await readFetchCall(input, init),
      watcher,
    )
  } finally {
    watcher?.ended()
  }
}

const OPTIONS: readonly string[] = [
  'engine',
  'servers',
  'network',
  'dispatcher',
  'cookies',
  'timeout',
  'signal',
  'logins',
  'referrerPolicy',
  'httpVersion',
  'httpCache',
  'onBlocked',
  'now',
] satisfies readonly (keyof PageOptions)[]

const NEXT_OPTIONS: readonly string[] = [
  'timeout',
  'signal',
  'onBlocked',
  'referrerPolicy',
] satisfies readonly (keyof NextPageOptions)[]

const FRAME_OPTIONS: readonly string[] = [...NEXT_OPTIONS, 'context' satisfies keyof FrameOptions]

/** What every page may be given. */
function checkNextOptions(
  options: NextPageOptions,
  site: string,
  names: readonly string[] = NEXT_OPTIONS,
): void {
  if (!hasMembers(options))
    throw new CorsUsageError(`${site} takes an object of options; got ${describeValue(options)}`)
  checkNames(options, names, site)
  const { timeout, signal, onBlocked, referrerPolicy } = options
  if (timeout !== undefined) optionChecks.timeout(timeout, site)
  if (signal !== undefined) optionChecks.signal(signal, site)
  checkFunctions({ onBlocked }, site)
  if (referrerPolicy !== undefined && referrerPolicy !== '' && !referrerPolicies.includes(referrerPolicy)) {
    throw new CorsUsageError(
      `${site}: referrerPolicy must be one of ${referrerPolicies.join(', ')}; got ${describeValue(referrerPolicy)}`,
    )
  }
}

function checkFunctions(options: Readonly<Record<string, unknown>>, site: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && typeof value !== 'function')
      throw new CorsUsageError(`${site}: ${name} must be a function; got ${describeValue(value)}`)
  }
}

/** A `Map` or a list has no members by origin. */
function isRecord(value: unknown): boolean {
  return hasMembers(value) && !(Symbol.iterator in value)
}

function checkLogins(logins: NonNullable<PageOptions['logins']>): void {
  const isLogin = ([origin, login]: [string, unknown]): boolean =>
    parseHttpOrigin(origin) !== null &&
    hasMembers(login) &&
    typeof login.username === 'string' &&
    typeof login.password === 'string'
  if (isRecord(logins) && Object.entries(logins).every(isLogin)) return
  throw new CorsUsageError(
    "openPage(): logins must map origins to what the user gave, { 'https://api.example.com': { username: 'me', password: '…' } }",
  )
}

function checkOptions(options: PageOptions): void {
  checkNextOptions(options, 'openPage()', OPTIONS)
  const { cookies, now, servers, network, httpCache, httpVersion } = options
  if (cookies !== undefined && !hasMethods(cookies, 'getCookies', 'setCookie')) {
    throw new CorsUsageError(
      `openPage(): cookies must be a jar of tough-cookie; got ${describeValue(cookies)}`,
    )
  }
  checkFunctions({ now }, 'openPage()')
  if (options.logins !== undefined) checkLogins(options.logins)
  for (const [name, value] of Object.entries({ network, httpCache })) {
    if (value !== undefined && typeof value !== 'boolean')
      throw new CorsUsageError(`openPage(): ${name} must be true or false; got ${describeValue(value)}`)
  }
  if (httpVersion !== undefined && httpVersion !== '1.1' && httpVersion !== '2') {
    throw new CorsUsageError(
      `openPage(): httpVersion must be '1.1' or '2'; got ${describeValue(httpVersion)}`,
    )
  }
  if (servers !== undefined && !isRecord(servers)) {
    throw new CorsUsageError(
      `openPage(): servers must map origins to what serves them, { 'https://api.example.com': app }; got ${describeValue(servers)}`,
    )
  }
}
