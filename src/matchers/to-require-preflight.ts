import { diagnosis } from '../diagnose/diagnosis.js'
import type { RequestMode } from '../fetch/fetch-request.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import { isCorsSafelistedMethod } from '../fetch/methods.js'
import { checkLiveOptions, type LiveOptions } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { listed, shownUrl } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { createClient, ownOriginError } from '../verdict/client.js'
import type { CorsRequest } from '../verdict/cors-request.js'
import { judge } from '../verdict/evaluate-cors.js'
import { type WantedPreflight, wantedOf, wantedWords } from './assert/asked.js'
import { conclude } from './assert/conclude.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import { enginesOf, notOnResponse, resolveSubject } from './assert/subject-of.js'

/** The request that is asked about. */
export interface WantedPreflightNeed extends WantedPreflight {
  /** Default `cors`. */
  readonly mode?: RequestMode | undefined
  /** Whether an XHR has listeners on its `upload`. */
  readonly uploadListeners?: boolean | undefined
  /** Which API makes the request. Default `fetch`. */
  readonly initiator?: CorsRequest['initiator']
}

const NAME = 'toRequirePreflight'

const OWN_OPTIONS = ['mode', 'uploadListeners', 'initiator']

/**
 * Holds when a browser sends a preflight before that request. Nothing is sent.
 *
 * @param wanted the request; on a `Request` only the origin is needed, the rest is read from it
 * @throws CorsUsageError for a response, and for a request that no page can make
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 * @example expect('https://api.example.com/orders').toRequirePreflight({ origin: 'https://app.example.com', method: 'PUT' })
 */
export function toRequirePreflight(
  this: MatcherContext,
  received: unknown,
  wanted: WantedPreflightNeed,
): MatcherResult {
  const { origin, options } = wantedOf(NAME, wanted)
  checkLiveOptions(options, `${NAME}()`, OWN_OPTIONS)
  const { request, engines, isBodyUsed = false } = requestOf(received, wanted, options)
  const client = createClient(origin, undefined, false)
  const findings = enginesOf({ engines }).map((engine) => {
    const verdict = judge(engine, client, { request })
    if (verdict.outcome === 'blocked') {
      throw new CorsUsageError(
        `no page can make this request (${verdict.code} in ${engine}), so it is neither preflighted nor not`,
      )
    }
    return { engine, verdict, journey: verdict, holds: verdict.preflight.required }
  })
  if (isBodyUsed && findings.some(({ holds }) => !holds)) {
    throw new CorsUsageError(
      `${NAME} got a Request whose body has been read: whether it was a stream, which browsers preflight, can no longer be told. Assert before it is sent`,
    )
  }
  const required = findings.find(({ holds }) => holds)?.verdict
  return conclude(this, NAME, 'endpoint', {
    findings,
    words: (negated) => ({
      expected: `{ ${wantedWords(request)} }`,
      sentence: !negated
        ? `A browser sends ${request.method ?? 'GET'} without a preflight: the method and every header are CORS-safelisted.`
        : required === undefined
          ? ''
          : `A browser sends a preflight before it, because ${listed(diagnosis().whyPreflighted(required))}.`,
      explain: false,
      instead: false,
    }),
  })
}

interface Asked {
  readonly request: CorsRequest
  readonly engines: LiveOptions['engines']
  readonly isBodyUsed?: boolean
}

function requestOf(received: unknown, wanted: WantedPreflightNeed, options: LiveOptions): Asked {
  const { origin, method, headers, credentials, body, mode, uploadListeners, initiator } = wanted
  if (isRequest(received)) {
    if (new URL(received.url).origin === origin) {
      throw ownOriginError(shownUrl(received.url))
    }
    const request = {
      origin,
      url: received.url,
      method: method ?? received.method,
      headers: headers ?? received.headers,
      // Another body than a stream has left its Content-Type among the headers.
      body: body ?? (isStreamed(received) ? (received.body as ReadableStream) : undefined),
      mode: mode ?? modeOf(received),
      uploadListeners,
      initiator,
    }
    return { request, engines: wanted.engines, isBodyUsed: body === undefined && received.bodyUsed === true }
  }
  const subject = resolveSubject(NAME, received, options, origin, OWN_OPTIONS)
  if (subject.kind === 'response')
    throw notOnResponse(NAME, 'whether a request is preflighted does not depend on its answer')
  if (subject.kind === 'journey') {
    throw new CorsUsageError(
      `${NAME} takes an endpoint or a Request; a verdict says it itself: expect(verdict.preflight.required).toBe(true)`,
    )
  }
  const given = subject.options
  const request = {
    origin,
    url: subject.url.href,
    method: method ?? given.method,
    headers: headers ?? given.headers,
    credentials: credentials ?? given.credentials,
    body: body ?? given.body,
    mode,
    uploadListeners,
    initiator,
  }
  return { request, engines: given.engines }
}

interface RequestLike {
  readonly url: string
  readonly method: string
  readonly headers: HeadersLike
  readonly mode?: unknown
  readonly body?: unknown
  readonly bodyUsed?: unknown
  clone(): unknown
}

/**
 * Whether a `Request` was made with a stream. All bodies are streams once they are inside; but one that was a stream has no source, and without a source the
 * constructor refuses to make a no-cors request of it.
 * @see https://fetch.spec.whatwg.org/#dom-request step 39
 */
function isStreamed(request: RequestLike): boolean {
  if (request.body === null || request.body === undefined || request.bodyUsed === true) return false
  // What is not safelisted is preflighted whatever its body, and refused in no-cors for its method.
  if (!isCorsSafelistedMethod(request.method)) return false
  const RequestClass = request.constructor as new (input: unknown, init: object) => unknown
  try {
    new RequestClass(request.clone(), { mode: 'no-cors' })
    return false
  } catch {
    return true
  }
}

/** The mode a `Request` was made with; `navigate` and the like are no script's. */
function modeOf({ mode }: RequestLike): RequestMode | undefined {
  return mode === 'cors' || mode === 'no-cors' || mode === 'same-origin' ? mode : undefined
}

/** Recognised by shape, so that a Request of another realm counts. */
function isRequest(value: unknown): value is RequestLike {
  return (
    hasMembers(value) &&
    typeof value.url === 'string' &&
    URL.canParse(value.url) &&
    typeof value.method === 'string' &&
    typeof value.clone === 'function' &&
    hasMembers(value.headers) &&
    !('status' in value)
  )
}
