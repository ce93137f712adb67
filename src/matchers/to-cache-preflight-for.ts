import { diagnosis } from '../diagnose/diagnosis.js'
import type { Judgment, Words } from '../diagnose/judgment.js'
import { deviationsOf, type Profile } from '../engines/profiles.js'
import { containsHeader, extractHeaderListValues } from '../fetch/header-list.js'
import { isToken } from '../fetch/http-tokens.js'
import { isForbiddenMethod, normalizeMethod } from '../fetch/methods.js'
import type { ResponseHead } from '../fetch/response.js'
import { enginesOf, requestTo } from '../page/ask.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { clientIgnoringMixedContent } from '../verdict/client.js'
import type { CorsRequest } from '../verdict/cors-request.js'
import { isPreflightCached } from '../verdict/preflight-cached.js'
import { type OriginOptions, pageOf, wantedWords } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'
import {
  checkPreflight,
  judgePreflightResponse,
  refuseUnknownPermission,
} from './assert/observed-preflight.js'
import {
  type JudgedRequest,
  type JudgeIn,
  judgeAs,
  judgedOrigin,
  namelessFailure,
  namelessWords,
  urlOfResponse,
} from './assert/observed-response.js'
import { type PreflightFinding, preflightAll, preflightFinding } from './assert/preflight-question.js'

const NAME = 'toCachePreflightFor'

/**
 * Holds when each engine caches the preflight response for at least that long, or for as long as that engine ever does (Chromium 7,200 s,
 * Firefox 86,400 s, WebKit 600 s). With `.not`: none does.
 *
 * @param seconds above 0
 * @param options on an endpoint `origin` is needed, and the method or headers that the preflight is for
 * @throws CorsUsageError for 0: a response is fresh for 0 seconds whatever it says
 * @see https://fetch.spec.whatwg.org/#http-access-control-max-age
 * @example expect(preflightResponse).toCachePreflightFor(600)
 */
export const toCachePreflightFor = defineMatcher({
  name: NAME,
  noElements: 'it asks without a preflight',
  question(seconds: number, options?: OriginOptions) {
    checkSeconds(seconds)
    return { ...pageOf(options), seconds }
  },
  optionsOnResponse: ['method', 'headers', 'credentials', 'engines'],
  onResponse(response, { origin: said, options, seconds }, negated) {
    const origin = judgedOrigin(negated, response, said)
    const engines = enginesOf(options)
    const { method, headers, credentials = response.sentCredentials } = options
    const isSaid = method !== undefined || headers !== undefined
    const permitted = isSaid
      ? { origin, method, headers, credentials }
      : permittedRequest(response, { origin, credentials }, engines)
    const request = permitted ?? { origin, method: 'PUT', credentials }
    const judgeIn = isSaid
      ? judgePreflightResponse(negated, response, request)
      : judgeChosen(negated, response, request, permitted !== undefined)
    const sent = { ...request, url: urlOfResponse(response).href }
    const found = engines.map((engine) => preflightFinding(engine, judgeIn(engine)))
    const verdict = found[0]?.journey.verdict
    const nameless = verdict === undefined ? undefined : namelessFailure(response, verdict)
    const isUseless =
      permitted === undefined && verdict?.code === 'method-not-allowed' && listsAnything(response.head)
    return judged(found, sent, seconds, () =>
      nameless !== undefined
        ? { ...namelessWords(nameless), ofEveryEngine: true }
        : isUseless
          ? diagnosis().nothingCachedWords()
          : undefined,
    )
  },
  onEndpointNeeds: ({ seconds }) =>
    `the page's origin: ${NAME}(${seconds}, { origin: 'https://app.example.com', method: 'PUT' })`,
  async onEndpoint(endpoint, { origin, seconds }, { signal }) {
    const { options } = endpoint
    const request = requestTo(endpoint, origin)
    const all = await preflightAll(endpoint, request, enginesOf(options), signal)
    const found = all.filter(({ preflighted }) => preflighted)
    if (found.length === 0) {
      throw new CorsUsageError(
        `no browser sends a preflight for ${wantedWords(options)}, so there is no response to cache: name the method or headers that need one, ${NAME}(${seconds}, { origin, method: 'PUT' })`,
      )
    }
    return judged(found, request, seconds)
  },
})

function checkSeconds(seconds: unknown): void {
  if (typeof seconds === 'number' && seconds > 0 && Number.isFinite(seconds)) return
  const hint =
    seconds === 0
      ? ': every response is fresh for 0 seconds; to assert that nothing is cached, write .not.toCachePreflightFor(1)'
      : ''
  throw new CorsUsageError(`${NAME} takes a number of seconds above 0; got ${describeValue(seconds)}${hint}`)
}

/**
 * The request that a response is judged for where none is said: the one its preflight asked for, where that is known; else one that it permits, by
 * its first method, or its first header, that every engine preflights. Undefined where it permits none.
 */
function permittedRequest(
  response: ResponseSubject,
  page: JudgedRequest,
  engines: readonly Profile[],
): JudgedRequest | undefined {
  const { asked, head } = response
  const methods = listedIn(head, 'access-control-allow-methods')
  const names = listedIn(head, 'access-control-allow-headers')
  const isWildcard = page.credentials !== 'include'
  const candidates: Pick<JudgedRequest, 'method' | 'headers'>[] = [
    ...(typeof asked?.method === 'string'
      ? [{ method: asked.method, headers: asked.headers.filter(isToken) }]
      : []),
    ...methods.filter((method) => method !== '*').map((method) => ({ method })),
    ...names.filter((name) => name !== '*').map((name) => ({ headers: [name] })),
    ...(isWildcard && methods.includes('*') ? [{ method: 'PUT' }] : []),
    ...(isWildcard && names.includes('*') ? [{ headers: ['x-expect-cors'] }] : []),
  ]
  return candidates
    .map((candidate) => ({ ...page, ...candidate }))
    .find((request) => {
      const { method = 'GET' } = request
      if (!isToken(method) || isForbiddenMethod(method) || normalizeMethod(method) !== method) return false
      const judgeIn = judgeAs(response, request, 'preflight')
      return engines.every((engine) => judgeIn(engine).verdict.preflight.required)
    })
}

function listedIn({ headers }: ResponseHead, name: string): readonly string[] {
  const { values } = extractHeaderListValues(headers, name)
  return Array.isArray(values) ? [...new Set(values)] : []
}

function listsAnything(head: ResponseHead): boolean {
  return ['access-control-allow-methods', 'access-control-allow-headers'].some(
    (name) => listedIn(head, name).length > 0,
  )
}

/** A request that was chosen to fit the response asserts nothing of what was asked; how long it is kept is there to be read, or is not. */
function judgeChosen(
  negated: boolean,
  response: ResponseSubject,
  request: JudgedRequest,
  permits: boolean,
): JudgeIn {
  checkPreflight(response)
  if (!permits || !containsHeader(response.head.headers, 'access-control-max-age'))
    refuseUnknownPermission(negated, response)
  return judgeAs(response, request, 'preflight')
}

function judged(
  found: readonly PreflightFinding[],
  request: CorsRequest,
  seconds: number,
  otherWords: () => Omit<Words, 'expected'> | undefined = () => undefined,
): Judgment {
  const findings = found.map(({ engine, journey }) => ({
    engine,
    journey,
    holds: isKept(engine, request, journey.exchanges[0]?.response, seconds),
  }))
  const passed = found.some((each) => each.passed)
  const headers = found[0]?.journey.exchanges[0]?.response.headers ?? []
  return {
    findings,
    words: (negated) => ({
      expected: String(seconds),
      ...((passed || negated ? undefined : otherWords()) ??
        diagnosis().cachedWords({ findings, seconds, headers, passed }, negated)),
    }),
  }
}

function isKept(
  engine: Profile,
  request: CorsRequest,
  response: ResponseHead | undefined,
  seconds: number,
): boolean {
  if (response === undefined) return false
  // An engine's own limit is as long as it ever keeps anything; a moment before the end it is still fresh.
  const wanted = Math.min(seconds, deviationsOf(engine).cache.maxAgeLimit) - 0.001
  return isPreflightCached(engine, clientIgnoringMixedContent(request.origin), request, response, wanted)
}
