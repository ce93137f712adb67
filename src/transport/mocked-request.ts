/** What a mock that listens is shown of a request, and what it makes of it. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { METHODS } from 'node:http'
import type { Header } from '../fetch/header-list.js'
import { byteLowercase, equalsIgnoringCase, normalizeHeaderValue } from '../fetch/http-tokens.js'
import { shown } from '../text/shown.js'
import { refuseMockException } from './mock-exception.js'
import { nodeHttpTransport } from './node-http-transport.js'
import type { TransportRequest, TransportResponse } from './transport.js'

/** A request on its way to a mock. */
interface Sending {
  readonly method: string
  readonly headers: readonly Header[]
  readonly onPass: (() => void) | undefined
  /** Whether it has been announced: what handlers send themselves, they send from here too. */
  isAnnounced: boolean
}

/** Which request a mock is asked about: it tells of all that this process sends. */
const sending = new AsyncLocalStorage<Sending>()

/**
 * Sends through `node:http`, which reaches the mock.
 * @param onPass is called where the mock lets the request pass, before it goes out to the network
 * @throws CorsNetworkError
 */
export async function sendToMock(request: TransportRequest, onPass?: () => void): Promise<TransportResponse> {
  announceFirst()
  const { method, headers } = request
  const response = await sending.run({ method, headers, onPass, isAnnounced: false }, () =>
    nodeHttpTransport.send({ ...request, method: readableMethod(method) }),
  )
  return refuseMockException(response, request)
}

/** Mocks read requests with Node's parser, and respond to none that has a method which that does not know: `patch` in lower case. */
function readableMethod(method: string): string {
  if (METHODS.includes(method)) return method
  const upper = method.toUpperCase()
  return METHODS.includes(upper) ? upper : 'POST'
}

/** What announces requests: of `strict-event-emitter` up to `@mswjs/interceptors` 0.41 (MSW 2, nock 14), and of `rettime` from 0.42 on (MSW 3). */
interface Emitter {
  listeners(type: 'request'): readonly unknown[]
  prependListener?(type: 'request', listener: typeof prepare): unknown
  earlyOn?(type: 'request', listener: typeof prepare): unknown
}

interface Interceptor {
  readonly emitter?: Emitter
}

interface Scope {
  readonly [CLIENT_REQUESTS]?: Interceptor
  readonly __MSW_INTERCEPTORS_REGISTRY?: ReadonlyMap<symbol, Interceptor>
}

/** There while a mock of the first kind listens. */
const CLIENT_REQUESTS = Symbol.for('client-request-interceptor')
/** In the registry of the second kind. */
const NODE_REQUESTS = Symbol.for('node-http-request-source')

/** Where what `node:http` sends is announced to the mocks that listen. */
function emitters(): Emitter[] {
  const scope = globalThis as Scope
  const interceptors = [scope[CLIENT_REQUESTS], scope.__MSW_INTERCEPTORS_REGISTRY?.get(NODE_REQUESTS)]
  return interceptors.flatMap((interceptor) => interceptor?.emitter ?? [])
}

/** Has our listener called before all others; a mock that closes removes it with its own. */
function announceFirst(): void {
  for (const emitter of emitters()) listenFirst(emitter, prepare)
}

function listenFirst(emitter: Emitter, listener: typeof prepare): void {
  if (emitter.listeners('request').includes(listener)) return
  if (emitter.prependListener === undefined) emitter.earlyOn?.('request', listener)
  else emitter.prependListener('request', listener)
}

/** By what a request was sent. */
export type SentBy = 'node:http' | 'fetch' | 'XMLHttpRequest'

/** Globals that mocks of the first kind cover: what has kept one of them sends by it past any page. */
const COVERED: readonly { readonly key: symbol; readonly tell: typeof prepare }[] = [
  { key: Symbol.for('fetch-interceptor'), tell: (announced) => watch(announced, 'fetch') },
  { key: Symbol.for('xhr-interceptor'), tell: (announced) => watch(announced, 'XMLHttpRequest') },
]

type Stranger = (request: Request, by: SentBy) => void

const watchers = new Set<Stranger>()

/**
 * Has it called for each request that the mocks that listen now respond to, and that was not sent from here.
 * @returns takes it back
 */
export function watchStrangers(watcher: Stranger): () => void {
  watchers.add(watcher)
  announceFirst()
  for (const { key, tell } of COVERED) {
    const { emitter } = (globalThis as { [key: symbol]: Interceptor | undefined })[key] ?? {}
    if (emitter !== undefined) listenFirst(emitter, tell)
  }
  return () => void watchers.delete(watcher)
}

/** Tells of a request that somebody else sent. */
function watch({ request, controller }: Announcement, by: SentBy): void {
  const respond = controller?.respondWith
  if (watchers.size === 0 || request === undefined || controller === undefined || respond === undefined)
    return
  controller.respondWith = (response) => {
    for (const watcher of watchers) watcher(request, by)
    return respond.call(controller, response)
  }
}

interface Announcement {
  readonly request?: Request
  readonly controller?: {
    passthrough?: () => unknown
    errorWith?: (reason: Error) => unknown
    respondWith?: (response: unknown) => unknown
  }
}

/** Gives handlers what a server would get, and no more. */
function prepare(announced: Announcement): void {
  const { request, controller } = announced
  const sent = sending.getStore()
  if (request === undefined) return
  if (sent === undefined || sent.isAnnounced) {
    watch(announced, 'node:http')
    return
  }
  sent.isAnnounced = true
  const { method, headers: lines, onPass } = sent
  const { headers } = request
  // happy-dom's Request drops what browsers forbid scripts to set, and its Headers list names as they were written.
  const known = new Set(headers.keys())
  for (const name of new Set(lines.map(([each]) => byteLowercase(each)))) {
    if (known.has(name)) continue
    const values = lines.flatMap(([other, value]) => (equalsIgnoringCase(other, name) ? [value] : []))
    headers.delete(name)
    headers.set(name, normalizeHeaderValue(values.join(', ')))
  }
  // MSW has a cookie store of its own, which knows no rules: 2 adds to the header, and 3 to what handlers are given unless credentials are omitted.
  const append = headers.append
  Object.defineProperty(headers, 'append', {
    value: (name: string, value: string) => {
      if (!equalsIgnoringCase(String(name), 'cookie')) append.call(headers, name, value)
    },
    configurable: true,
  })
  Object.defineProperty(request, 'credentials', { value: 'omit', configurable: true })
  const isReadable = request.method === method
  if (!isReadable) Object.defineProperty(request, 'method', { value: method, configurable: true })
  const pass = controller?.passthrough
  if (controller === undefined || pass === undefined) return
  controller.passthrough = () => {
    onPass?.()
    if (isReadable || controller.errorWith === undefined) return pass.call(controller)
    return controller.errorWith(
      new Error(`the mock has no response for it, and cannot pass on ${shown(method)}`),
    )
  }
}
