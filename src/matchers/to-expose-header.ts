import { diagnosis } from '../diagnose/diagnosis.js'
import type { Judgment } from '../diagnose/judgment.js'
import { byteLowercase, isToken } from '../fetch/http-tokens.js'
import { type EngineRun, enginesOf, requestTo, travelAll } from '../page/ask.js'
import { argument } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { namesOf, type OriginOptions, pageOf, quotedNames } from './assert/asked.js'
import { defineMatcher } from './assert/define-matcher.js'
import {
  judgedOrigin,
  judgeResponse,
  type NamelessFailure,
  namelessFailure,
  namelessWords,
} from './assert/observed-response.js'
import { checkJudged } from './assert/whole-journey.js'

const NAME = 'toExposeHeader'

/**
 * Holds when the headers are present on the response *and* a page's script can read them, all of them. With `.not`, none of them: a header that is
 * there but not readable counts as not exposed. Not credentialed unless said.
 *
 * @param names any case
 * @param options `{ origin, credentials }`; on an endpoint `origin` is needed
 * @see https://fetch.spec.whatwg.org/#http-access-control-expose-headers
 * @example expect(response).toExposeHeader('X-Total-Count')
 */
export const toExposeHeader = defineMatcher({
  name: NAME,
  noElements: 'it reads no headers',
  question(names: string | readonly string[], options?: OriginOptions) {
    const headers = namesOf(NAME, 'header name', names)
    for (const name of headers)
      if (!isToken(name)) throw new CorsUsageError(`${NAME}: ${argument(name)} is not a valid header name`)
    return { ...pageOf(options), names: headers }
  },
  optionsOnResponse: ['credentials', 'engines'],
  onResponse(response, { origin: said, options, names }, negated) {
    const origin = judgedOrigin(negated, response, said)
    const credentials = options.credentials ?? response.sentCredentials
    const judgeIn = judgeResponse(response, { origin, credentials })
    const runs = enginesOf(options).map(judgeIn)
    return judged(names, runs, [], namelessFailure(response, (runs[0] as EngineRun).journey.verdict))
  },
  onEndpointNeeds: () => `the page's origin: ${NAME}(…, { origin: 'https://app.example.com' })`,
  async onEndpoint(endpoint, { origin, names }, { negated, signal }) {
    const request = requestTo(endpoint, origin)
    const engines = enginesOf(endpoint.options)
    const { runs, notes } = await travelAll(endpoint, request, engines, signal, { refusalHolds: negated })
    return judged(names, runs, notes)
  },
  onJourney({ verdict, journey }, { names }) {
    if (journey === undefined) {
      throw new CorsUsageError(
        `${NAME} needs the response's headers, which a verdict alone does not hold: give expect the journey`,
      )
    }
    checkJudged(NAME, verdict)
    return judged(names, [{ engine: verdict.engine, journey }], [])
  },
})

function judged(
  names: readonly string[],
  runs: readonly EngineRun[],
  notes: readonly string[],
  nameless?: NamelessFailure,
): Judgment {
  const findings = names.flatMap((item) =>
    runs.map(({ engine, journey }) => ({
      engine,
      item,
      journey,
      holds: journey.verdict.exposedHeaders.includes(byteLowercase(item)),
    })),
  )
  return {
    findings,
    words: (negated) => ({
      expected: quotedNames(names),
      notes,
      ...(nameless === undefined || negated
        ? diagnosis().exposedWords(findings, (runs[0] as EngineRun).journey, negated)
        : namelessWords(nameless)),
    }),
  }
}
