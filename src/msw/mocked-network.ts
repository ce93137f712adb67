/** Where the requests of an enforced page go: to the MSW server that listens, and what that lets pass to the network. */
import { getHeader } from '../fetch/header-list.js'
import { PreflightWithoutResponse } from '../page/cors-error.js'
import { whenMockBegins } from '../page/listening-mocks.js'
import { onServerSide, serverSide } from '../page/server-side.js'
import type { PageNetwork } from '../page/servers.js'
import { startTimer, stopTimer } from '../subject/clock.js'
import { argument, listed, row, shown, shownUrl } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { isNetworkMocked } from '../transport/mock-detection.js'
import { type SentBy, sendToMock, watchStrangers } from '../transport/mocked-request.js'
import { isCorsNetworkError } from '../transport/network-error.js'
import type { TransportRequest, TransportResponse } from '../transport/transport.js'
import { undiciTransport } from '../transport/undici-transport.js'
import { allowed, allowingPreflight } from './exempt-hosts.js'
import { type LeftBecause, type LeftPreflight, watchingPreflight } from './left-preflights.js'
import { sayingFirst } from './say-first.js'

/**
 * @param isExempt which servers are not judged
 * @param say tells the user of a preflight that the mock has no response to
 */
export function mockedNetwork(isExempt: (url: URL) => boolean, say: (message: string) => void): PageNetwork {
  const network = undiciTransport()
  return {
    // What nothing listens for is said by send(), which every caller waits for.
    check() {},
    async send(request) {
      const asked = preflighted(request)
      if (isExempt(new URL(request.url))) {
        if (asked !== undefined) return allowingPreflight(request)
        return allowed(request, await onServerSide(() => network.send(request)))
      }
      if (!isNetworkMocked()) throw nothingListens(request)
      return onServerSide(() =>
        asked === undefined ? sendToMock(request) : sendPreflight(request, asked, say),
      )
    },
    close: () => network.close(),
  }
}

/** The request that a preflight asks about. */
interface Asked {
  readonly method: string
  readonly headers: readonly string[]
}

function preflighted({ method, headers }: TransportRequest): Asked | undefined {
  if (method !== 'OPTIONS') return undefined
  const asked = getHeader(headers, 'access-control-request-method')
  if (asked === null) return undefined
  return { method: asked, headers: getHeader(headers, 'access-control-request-headers')?.split(',') ?? [] }
}

function nothingListens({ method, url }: TransportRequest): CorsUsageError {
  return new CorsUsageError(
    `enforceCors(): no MSW server is listening for ${shown(method)} ${shownUrl(url)}: call server.listen() before it is requested, and server.close() after the last test. A host that no mock is for is exempted with enforceCors({ allow: ['${shown(new URL(url).host)}'] })`,
  )
}

/** Milliseconds after which nobody is to wonder any longer. */
const LONG = 1000

/** @throws PreflightWithoutResponse where neither the mock nor what it lets it pass to responds */
async function sendPreflight(
  request: TransportRequest,
  asked: Asked,
  say: (message: string) => void,
): Promise<TransportResponse> {
  const left: LeftPreflight = {}
  // Not before the handlers were asked.
  const message = (): string => noResponse(request, asked, left.isTaken ? undefined : left.because)
  let isSaid = false
  const sayOnce = (): void => {
    if (!isSaid) say(message())
    isSaid = true
  }
  let passed = false
  let timer: ReturnType<typeof startTimer> | undefined
  const onPass = (): void => {
    passed = true
    timer = startTimer(sayOnce, LONG)
  }
  try {
    return await watchingPreflight(left, () => sayingFirst(sayOnce, () => sendToMock(request, onPass)))
  } catch (error) {
    if (request.signal?.aborted === true || !isCorsNetworkError(error)) throw error
    // A handler's own HttpResponse.error() is a response.
    if (!passed && !UNHANDLED.test(error.message)) throw error
    sayOnce()
    throw new PreflightWithoutResponse(message(), { cause: error })
  } finally {
    stopTimer(timer)
  }
}

/** MSW's `onUnhandledRequest: 'error'`; and what it throws itself, which reads like what a handler throws. */
const UNHANDLED = /Cannot bypass a request|the handler of a mock threw/

function noResponse(
  { url }: TransportRequest,
  { method, headers }: Asked,
  because: LeftBecause | undefined,
): string {
  const what = headers.length === 0 ? '' : ` with ${listed([row(headers.map(shown))])}`
  return `a browser asks OPTIONS ${shownUrl(url)} before this ${shown(method)}${what}, and the mock has no response for it: the request is never sent. ${wayOut(url, method, because)}`
}

function wayOut(url: string, method: string, because: LeftBecause | undefined): string {
  const options = handlerFor(url, 'options')
  if (because === undefined)
    return `Add a handler, ${options}, or have withCors(policy, handlers) from expect-cors/msw respond to preflights as an API with that policy would`
  if (because !== 'no-handler')
    return `The withCors() in use is for what is below its baseUrl ${shownUrl(because.notBelow)}, and this is not: fix the baseUrl, have a withCors(policy, handlers) of its own respond for this API, or add a handler, ${options}`
  const name = method.toLowerCase()
  const own = handlerFor(url, method === name.toUpperCase() && OF_HTTP.includes(name) ? name : 'all')
  return `withCors() responds to the preflights of its own handlers, and none of them takes ${shown(method)} ${shownUrl(url)}: have ${own} among them, in a test by server.use(...withCors(policy, [${own}]))`
}

/** MSW wants no query in it. */
function handlerFor(url: string, name: string): string {
  const { origin, pathname } = new URL(url)
  return `http.${name}(${argument(`${origin}${pathname}`)}, …)`
}

/** The methods that MSW's `http` has a function for. */
const OF_HTTP = ['get', 'head', 'post', 'put', 'delete', 'patch', 'options']

/**
 * Says once that a call of the file's went past the page to the mock: none of a page's APIs sent it.
 * @returns ends that
 */
export function sayWhatIsNotJudged(
  isExempt: (url: URL) => boolean,
  pageOrigin: string,
  isOver: () => boolean,
): () => void {
  const isSaid = new Set<SentBy>()
  const begin = (): (() => void) =>
    watchStrangers(({ method, url }, by) => {
      const { origin } = new URL(url)
      if (
        isSaid.has(by) ||
        isOver() ||
        serverSide() !== undefined ||
        origin === pageOrigin ||
        isExempt(new URL(url))
      )
        return
      isSaid.add(by)
      console.warn(`expect-cors: ${shown(method)} ${shownUrl(url)} went to the mock by ${pastThePage(by)}`)
    })
  let end = begin()
  const stop = whenMockBegins(() => {
    end()
    // Vitest does not tell of a file's end.
    if (isOver()) stop()
    else end = begin()
  })
  return () => {
    stop()
    end()
  }
}

function pastThePage(by: SentBy): string {
  if (by === 'node:http')
    return "node:http, past the page of enforceCors(), and was not judged. axios does so where it found no XMLHttpRequest when it was loaded: run the test in jsdom or happy-dom, or use axios.create({ adapter: 'fetch' })"
  return `the ${by} that a module has kept from before enforceCors(), past its page, and was not judged. Call enforceCors() before that module is loaded, at the top of a set-up file, or have it use globalThis.${by} at the time of the call`
}
