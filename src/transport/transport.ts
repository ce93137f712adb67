/** How a request leaves: one small interface, whether to the network or to an app in this process. */
import { setMaxListeners } from 'node:events'
import type { Header } from '../fetch/header-list.js'
import { type FailedRequest, toNetworkError } from './no-response.js'

/** A request as it is to go over the wire. Nothing is added but what HTTP itself needs: `Host`, `Content-Length`, `Connection`. */
export interface TransportRequest {
  /** Sent as it is written: `patch` stays `patch`. */
  readonly method: string
  /** An absolute http(s) URL. User info and fragment are not sent. */
  readonly url: string
  /** The header lines in the order they are sent, one character per byte. A `Host` among them wins over the URL's. */
  readonly headers: readonly Header[]
  /** A stream is sent chunked. */
  readonly body?: Uint8Array | ReadableStream<Uint8Array> | null | undefined
  /** Whether nobody reads the response's body, which may then be null and read away: its connection can be used again. */
  readonly headOnly?: boolean | undefined
  /** Ends the request, and the reading of the response's body. */
  readonly signal?: AbortSignal | undefined
}

/** A response as it came over the wire: not followed, not decompressed. */
export interface TransportResponse {
  readonly status: number
  readonly statusText: string
  /** Every line in the order it was received, duplicates kept, one character per byte. */
  readonly headers: readonly Header[]
  /**
   * The bytes as they were sent; null where the response cannot have any (HEAD, 204, 304).
   * Read it or cancel it: until then its connection stays in use.
   */
  readonly body: ReadableStream<Uint8Array> | null
  readonly httpVersion: '1.1' | '2'
  /** Reads all of the body, in the place of the stream and quicker; absent where there is no such way. */
  readonly bytes?: () => Promise<Uint8Array>
}

/** Sends requests. */
export interface Transport {
  /**
   * Sends one request and resolves with the head of its response. Redirects are responses like any other.
   * @throws CorsNetworkError where no valid HTTP response came
   */
  send(request: TransportRequest): Promise<TransportResponse>
  /** Says that several requests follow: what they need is kept between them, until as many `close` have come as `open`. */
  open?(): void
  /** Ends what {@link open} began; with the last, what this transport opened is closed. A later `send` opens it anew. */
  close(): Promise<void>
  /**
   * Whether the responses come from a Fetch `Headers` object, which has joined lines of the same name: two
   * `Access-Control-Allow-Origin` are one `a, b` here. Default false.
   */
  readonly joinsLines?: boolean
}

/** Keeps open what several requests need, for as long as they are sent. */
export async function whileOpen<T>(transport: Transport, send: () => Promise<T>): Promise<T> {
  transport.open?.()
  try {
    return await send()
  } finally {
    await transport.close()
  }
}

/** Lets go of a body that nobody reads, and waits for nothing: its owner may never say that it is done, may refuse, or may have locked it. */
export function discardBody(body: object | null | undefined): void {
  if (body === null || body === undefined) return
  // A stream of the web's or its reader; or a stream of Node's.
  const { cancel, destroy } = body as { cancel?: () => unknown; destroy?: () => unknown }
  try {
    const cancelled = typeof cancel === 'function' ? cancel.call(body) : destroy?.call(body)
    Promise.resolve(cancelled).catch(() => {})
  } catch {
    // What it throws says nothing of the response's head.
  }
}

/** What a signal follows lives as long as it does. */
const followed = new WeakMap<AbortSignal, readonly AbortSignal[]>()

/** `AbortSignal.any`, which does not hold what it follows: in Node a timeout that nobody else holds is collected, and never comes. */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const any = AbortSignal.any([...signals])
  followed.set(any, signals)
  return any
}

/**
 * What a sender makes of a request, or the end that its signal puts to it: neither a handler nor a client that is still connecting has to
 * listen to that.
 * @throws CorsNetworkError where the signal came first
 */
export async function untilAborted<T>(request: FailedRequest, run: () => Promise<T>): Promise<T> {
  const { signal } = request
  if (signal === undefined) return run()
  if (signal.aborted) throw toNetworkError(signal.reason, request)
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(toNetworkError(signal.reason, request))
    signal.addEventListener('abort', abort, { once: true })
    const settle =
      <V>(how: (value: V) => void) =>
      (value: V): void => {
        signal.removeEventListener('abort', abort)
        how(value)
      }
    run().then(settle(resolve), settle(reject))
  })
}

/** Every request listens to it; Node would warn of a leak. */
export function expectManyListeners(signal: AbortSignal): void {
  try {
    setMaxListeners(0, signal)
  } catch {
    // A test environment's own AbortSignal, which does not warn.
  }
}
