import { diagnosis } from '../diagnose/diagnosis.js'
import { getHeader } from '../fetch/header-list.js'
import { type EngineRun, enginesOf, requestTo, travelAll } from '../page/ask.js'
import { strangers } from '../page/strangers.js'
import type { LiveOptions } from '../subject/options.js'
import { CorsUsageError } from '../text/usage-error.js'
import { UNKNOWN_ORIGIN } from '../verdict/client.js'
import { defineMatcher } from './assert/define-matcher.js'
import { joinedLinesNote, judgeResponse } from './assert/observed-response.js'
import { readableIn } from './assert/readable-by.js'

const NAME = 'toAllowAnyOrigin'
const HEADER = 'access-control-allow-origin'

/**
 * Holds when every page may read the response without credentials. On a response: `Access-Control-Allow-Origin` is `*`. On an endpoint: two
 * random origins, cross-site to the endpoint and to each other, may both read it; a failure's message says whether by `*` or because the server sends back whatever origin asks.
 *
 * @param options how to ask an endpoint: `{ path, method, headers, … }`
 * @throws CorsUsageError for `.not` on a response: a server that sends back any origin looks there like one that allows only that one
 * @see https://fetch.spec.whatwg.org/#concept-cors-check
 * @example expect(response).toAllowAnyOrigin()
 * @example await expect(app).not.toAllowAnyOrigin()
 */
export const toAllowAnyOrigin = defineMatcher({
  name: NAME,
  question: (options?: LiveOptions) => ({ options }),
  check({ credentials }) {
    if (credentials === 'include') {
      throw new CorsUsageError(
        `${NAME} asks without credentials; to check that no origin may read with them, use .not.toAllowCredentialedOrigin('https://evil.example')`,
      )
    }
  },
  onResponse(response, _asked, negated) {
    if (negated) {
      throw new CorsUsageError(
        `.not.${NAME}() cannot be judged from one response: a server that sends back any origin that asks looks like one that allows only that one. Give expect the app or its URL: await expect(app).not.${NAME}()`,
      )
    }
    const value = getHeader(response.head.headers, HEADER)
    const { journey } = judgeResponse(response, { origin: UNKNOWN_ORIGIN })('standard')
    return {
      findings: [{ engine: 'standard', holds: value === '*', journey }],
      words: () => ({
        expected: '',
        notes: joinedLinesNote(response, journey.verdict.code),
        ...diagnosis().notAnyOriginWords(value),
      }),
    }
  },
  async onEndpoint(endpoint, _asked, { signal }) {
    const runs: (EngineRun & { readonly item: string })[] = []
    const notes = new Set<string>()
    for (const origin of strangers(endpoint).slice(0, 2)) {
      const request = requestTo(endpoint, origin, { credentials: 'omit' })
      const made = await travelAll(endpoint, request, enginesOf(endpoint.options), signal)
      for (const note of made.notes) notes.add(note)
      for (const run of made.runs) runs.push({ ...run, item: origin })
    }
    const findings = runs.map((run) => ({ ...readableIn(run), item: run.item }))
    return {
      findings,
      words: (negated) => ({
        expected: '',
        notes: [...notes],
        ...diagnosis().anyOriginWords(findings, endpoint.options.as, negated),
      }),
    }
  },
})
