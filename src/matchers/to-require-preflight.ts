import { diagnosis } from '../diagnose/diagnosis.js'
import type { RequestMode } from '../fetch/fetch-request.js'
import { enginesOf } from '../page/ask.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { RequestSubject } from '../subject/request-subject.js'
import { shownUrl } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { clientIgnoringMixedContent, ownOriginError } from '../verdict/client.js'
import type { CorsRequest } from '../verdict/cors-request.js'
import { judge } from '../verdict/evaluate-cors.js'
import { type WantedPreflight, wantedOf, wantedWords } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'

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

/**
 * Holds when a browser sends a preflight before that request. Nothing is sent.
 *
 * @param wanted the request; on a `Request` only the origin is needed, the rest is read from it
 * @throws CorsUsageError for a response, and for a request that no page can make
 * @see https://fetch.spec.whatwg.org/#concept-main-fetch
 * @example expect('https://api.example.com/orders').toRequirePreflight({ origin: 'https://app.example.com', method: 'PUT' })
 */
export const toRequirePreflight = defineMatcher({
  name: NAME,
  noElements: 'it asks without a preflight',
  ownOptions: ['mode', 'uploadListeners', 'initiator'],
  question: (wanted: WantedPreflightNeed) => wantedOf(NAME, wanted),
  onResponse: 'whether a request is preflighted does not depend on its response',
  onUnsent(given, { wanted }) {
    const request = given.kind === 'request' ? requestLike(given, wanted) : requestTo(given, wanted)
    const client = clientIgnoringMixedContent(wanted.origin)
    const findings = enginesOf(given.kind === 'request' ? wanted : given.options).map((engine) => {
      const verdict = judge(engine, client, { request })
      if (verdict.outcome === 'blocked') {
        throw new CorsUsageError(
          `no page can make this request (${verdict.code} in ${engine}), so it is neither preflighted nor not`,
        )
      }
      return { engine, verdict, journey: verdict, holds: verdict.preflight.required }
    })
    if (isBodyGone(given, wanted) && findings.some(({ holds }) => !holds)) {
      throw new CorsUsageError(
        `${NAME} got a Request whose body has been read: whether it was a stream, which browsers preflight, can no longer be told. Assert before it is sent`,
      )
    }
    const required = findings.find(({ holds }) => holds)?.verdict
    return {
      findings,
      words: (negated) => ({
        expected: `{ ${wantedWords(request)} }`,
        sentence: diagnosis().preflightNeedSentence(request.method ?? 'GET', required, negated),
        explain: false,
        instead: false,
      }),
    }
  },
  onJourney:
    'takes an endpoint or a Request; a verdict says it itself: expect(verdict.preflight.required).toBe(true)',
})

function requestLike(given: RequestSubject, wanted: WantedPreflightNeed): CorsRequest {
  const { origin, method, headers, body, mode, uploadListeners, initiator } = wanted
  if (new URL(given.url).origin === origin) throw ownOriginError(shownUrl(given.url))
  return {
    origin,
    url: given.url,
    method: method ?? given.method,
    headers: headers ?? given.headers,
    body: body ?? given.body,
    mode: mode ?? given.mode,
    uploadListeners,
    initiator,
  }
}

function requestTo({ url, options }: EndpointSubject, wanted: WantedPreflightNeed): CorsRequest {
  const { origin, mode, uploadListeners, initiator } = wanted
  const { method, headers, credentials, body } = options
  return { origin, url: url.href, method, headers, credentials, body, mode, uploadListeners, initiator }
}

/** Whether it was read, and nothing else is said of it. */
function isBodyGone(given: RequestSubject | EndpointSubject, { body }: WantedPreflightNeed): boolean {
  return given.kind === 'request' && given.isBodyUsed && body === undefined
}
