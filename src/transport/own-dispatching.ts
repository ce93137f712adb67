/** Sends a request through a dispatcher of our own, and reads what it tells: half the work of undici's `request`, which makes a stream of each body. */
import type { Readable } from 'node:stream'
import { getHeader } from '../fetch/header-list.js'
import {
  type BodyReading,
  bytesOf,
  isBodiless,
  streamOf,
  toNodeBody,
  type UnreadBody,
  unreadResponse,
} from './bodies.js'
import { destinationOf, type OwnDispatching, type OwnHandler } from './dispatcher.js'
import { flatLines, readLines } from './dispatching.js'
import { toBodyError, toNetworkError } from './no-response.js'
import { realTimers } from './real-timers.js'
import type { TransportRequest, TransportResponse } from './transport.js'

/**
 * Sends a request through a dispatcher of our own.
 * @param origin where to connect to, if not to the URL's origin: the URL then only gives the path
 * @throws CorsNetworkError
 */
export async function dispatchToOwn(
  dispatcher: OwnDispatching,
  request: TransportRequest,
  origin?: string,
): Promise<TransportResponse> {
  const { method, url, headers, signal } = request
  if (signal?.aborted === true) throw toNetworkError(signal.reason, request)
  const destination = destinationOf(url)
  try {
    return await new Promise((resolve, reject) => {
      const Reader = request.headOnly === true ? HeadReader : BodyReader
      const body = toNodeBody(request.body)
      dispatcher.dispatch(
        {
          origin: origin ?? destination.origin,
          path: destination.path,
          method,
          headers: flatLines(headers),
          body,
        },
        new Reader(request, body, resolve, reject),
      )
    })
  } catch (error) {
    throw toNetworkError(error, request)
  }
}

/** What undici tells of a response. A class, because one is made for each request of a page or a contract. */
abstract class ResponseReader implements OwnHandler {
  protected readonly request: TransportRequest
  protected readonly resolve: (response: TransportResponse) => void
  protected readonly reject: (error: unknown) => void
  private readonly sent: Uint8Array | Readable | null
  private abort: ((reason: unknown) => void) | undefined

  constructor(
    request: TransportRequest,
    sent: ResponseReader['sent'],
    resolve: ResponseReader['resolve'],
    reject: ResponseReader['reject'],
  ) {
    this.request = request
    this.sent = sent
    this.resolve = resolve
    this.reject = reject
    if (request.signal !== undefined) listen(request.signal, this)
  }

  /** The signal has aborted. */
  aborted(): void {
    const { signal } = this.request
    this.onError(signal?.reason)
    this.abort?.(signal?.reason)
  }

  onConnect(abort: (reason: unknown) => void): void {
    const { signal } = this.request
    this.abort = abort
    if (signal?.aborted === true) abort(signal.reason)
  }

  onUpgrade(): void {
    this.cut()
  }

  onError(error: unknown): void {
    this.left()
    if (this.sent !== null && 'destroy' in this.sent) this.sent.on('error', ignore).destroy(error as Error)
    this.failed(error)
  }

  abstract onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, statusText: string): boolean
  abstract onData(chunk: Buffer): boolean
  abstract onComplete(): void

  /** What came until now is all. */
  protected abstract failed(error: unknown): void

  /** Nothing more is wanted. */
  protected cut(): void {
    this.abort?.(new Error('the rest of the body is not wanted'))
  }

  /** Its signal is of no concern any more. */
  protected left(): void {
    if (this.request.signal !== undefined) unlisten(this.request.signal, this)
  }
}

/** Bytes of a body that are read away, so that its connection can be used again: to open another is cheaper than to read on. */
const MOST_DRAINED = 131_072

/** Milliseconds that they may take. */
const LONGEST_DRAIN = 500

/** Wants the head only: the body is read away, or cut off where it is long or has no end. */
class HeadReader extends ResponseReader {
  private head: TransportResponse | undefined
  private size = 0
  private patience: ReturnType<typeof setTimeout> | undefined

  onHeaders(status: number, rawHeaders: Buffer[], _resume: () => void, statusText: string): boolean {
    if (status < 200) return true
    const headers = readLines(rawHeaders)
    this.head = { status, statusText, headers, body: null, httpVersion: '1.1' }
    if (getHeader(headers, 'content-type')?.startsWith('text/event-stream') === true) this.cut()
    else this.patience = realTimers.setTimeout(() => this.cut(), LONGEST_DRAIN)
    return true
  }

  onData(chunk: Buffer): boolean {
    this.size += chunk.length
    if (this.size > MOST_DRAINED) this.cut()
    return true
  }

  onComplete(): void {
    this.left()
    if (this.head !== undefined) this.resolve(this.head)
  }

  protected failed(error: unknown): void {
    // What becomes of the body says nothing about the head.
    if (this.head !== undefined) this.resolve(this.head)
    else this.reject(error)
  }

  protected override left(): void {
    realTimers.clearTimeout(this.patience)
    super.left()
  }
}

/** Bytes of a body that wait to be read, before its connection waits too: as many as undici's own streams hold. */
const MOST_HELD = 65_536

/** Wants the body too, which waits here until it is read. */
class BodyReader extends ResponseReader implements UnreadBody, BodyReading {
  private readonly chunks: Buffer[] = []
  private held = 0
  private isComplete = false
  private error: unknown
  private resume = ignore
  private wake = ignore

  onHeaders(status: number, rawHeaders: Buffer[], resume: () => void, statusText: string): boolean {
    if (status < 200) return true
    this.resume = resume
    const body = isBodiless(this.request.method, status) ? null : this
    this.resolve(unreadResponse({ status, statusText, headers: readLines(rawHeaders) }, body))
    return true
  }

  onData(chunk: Buffer): boolean {
    this.chunks.push(chunk)
    this.held += chunk.length
    this.wake()
    return this.held < MOST_HELD
  }

  onComplete(): void {
    this.isComplete = true
    if (this.chunks.length === 0) this.left()
    this.wake()
  }

  stream(): ReadableStream<Uint8Array> {
    return streamOf(() => this)
  }

  bytes(): Promise<Uint8Array> {
    return bytesOf(this)
  }

  async next(): Promise<Uint8Array | null> {
    for (;;) {
      if (this.error !== undefined) throw toBodyError(this.error, this.request)
      const chunk = this.chunks.shift()
      if (chunk !== undefined) {
        this.held -= chunk.length
        if (this.isComplete) this.onComplete()
        else this.resume()
        return chunk
      }
      if (this.isComplete) return null
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
  }

  cancel(): void {
    this.left()
    this.cut()
  }

  protected failed(error: unknown): void {
    this.error ??= error
    this.reject(error)
    this.wake()
  }
}

/** Those who read until their signal aborts: one that serves many requests is listened to once. */
const listening = new WeakMap<
  AbortSignal,
  { readonly readers: Set<ResponseReader>; readonly tell: () => void }
>()

function listen(signal: AbortSignal, reader: ResponseReader): void {
  let known = listening.get(signal)
  if (known === undefined) {
    const readers = new Set<ResponseReader>()
    const tell = (): void => {
      for (const each of [...readers]) each.aborted()
    }
    signal.addEventListener('abort', tell)
    known = { readers, tell }
    listening.set(signal, known)
  }
  known.readers.add(reader)
}

function unlisten(signal: AbortSignal, reader: ResponseReader): void {
  const known = listening.get(signal)
  if (known === undefined || !known.readers.delete(reader) || known.readers.size > 0) return
  // Those who want heads use their signals again and again. Of the others, one that combines several lives for as long as it is listened to.
  if (reader instanceof HeadReader) return
  signal.removeEventListener('abort', known.tell)
  listening.delete(signal)
}

function ignore(): void {}
