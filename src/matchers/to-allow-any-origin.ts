import { containsHeader, getHeader } from '../fetch/header-list.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { LiveOptions } from '../subject/options.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { argument } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { alsoAsymmetric } from './assert/asymmetric.js'
import { conclude } from './assert/conclude.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import type { Finding } from './assert/finding.js'
import { askLive, pageRequest, travelAll } from './assert/live.js'
import { joinedLinesNote, judgeResponse, UNKNOWN_ORIGIN } from './assert/observed-response.js'
import { strangers } from './assert/strangers.js'
import { enginesOf, refuseJourney, refuseLiveOptions, resolveSubject } from './assert/subject-of.js'

const NAME = 'toAllowAnyOrigin'
const HEADER = 'access-control-allow-origin'

/**
 * Holds when every page may read the response without credentials. On a response: `Access-Control-Allow-Origin` is `*`. On an endpoint: two
 * random origins, cross-site to the endpoint and to each other, may both read it; a failure's message says whether by `*` or because the server sends back whatever origin asks.
 *
 * @throws CorsUsageError for `.not` on a response: a server that sends back any origin looks there like one that allows only that one
 * @see https://fetch.spec.whatwg.org/#concept-cors-check
 * @example expect(response).toAllowAnyOrigin()
 * @example await expect(app).not.toAllowAnyOrigin()
 */
export const toAllowAnyOrigin = alsoAsymmetric(function toAllowAnyOrigin(
  this: MatcherContext,
  received: unknown,
  options?: LiveOptions,
): MatcherResult | Promise<MatcherResult> {
  const subject = resolveSubject(NAME, received, options, undefined)
  if (options?.credentials === 'include') {
    throw new CorsUsageError(
      `${NAME} asks without credentials; whether a server lets every origin read with them, .not.toAllowCredentialedOrigin('https://evil.example') shows`,
    )
  }
  switch (subject.kind) {
    case 'response':
      refuseLiveOptions(NAME, options)
      return onResponse(this, subject)
    case 'endpoint':
      return onEndpoint(this, subject)
    default:
      return refuseJourney(NAME)
  }
})

function onResponse(context: MatcherContext, subject: ResponseSubject): MatcherResult {
  if (context.isNot === true) {
    throw new CorsUsageError(
      `.not.${NAME}() cannot be told from one response: a server that sends back any origin that asks looks like one that allows only that one. Give expect the app or its URL: await expect(app).not.${NAME}()`,
    )
  }
  const value = getHeader(subject.head.headers, HEADER)
  const journey = judgeResponse(subject, { origin: UNKNOWN_ORIGIN })('standard')
  return conclude(context, {
    name: NAME,
    received: 'response',
    expected: '',
    findings: [{ engine: 'standard', holds: value === '*', journey }],
    failed: () =>
      value === null
        ? 'The response has no Access-Control-Allow-Origin.'
        : `Access-Control-Allow-Origin is ${argument(value)}, not '*'.`,
    held: () => "Access-Control-Allow-Origin is '*'.",
    explain: false,
    notes: () => joinedLinesNote(subject, journey.verdict.code),
    instead: () => ({ lines: [['Access-Control-Allow-Origin', '*']] }),
    anyOrigin: true,
  })
}

function onEndpoint(context: MatcherContext, endpoint: EndpointSubject): Promise<MatcherResult> {
  const { options } = endpoint
  return askLive(context, NAME, endpoint, async (signal) => {
    const findings: Finding[] = []
    const values = new Set<string>()
    const notes: string[] = []
    for (const origin of strangers(endpoint).slice(0, 2)) {
      const request = { ...pageRequest(options, origin), credentials: 'omit' as const }
      const { runs, notes: said } = await travelAll(endpoint, request, enginesOf(options), signal)
      for (const note of said) if (!notes.includes(note)) notes.push(note)
      for (const { engine, journey } of runs) {
        findings.push({ engine, item: origin, journey, holds: journey.verdict.outcome === 'allowed' })
        const answer = journey.exchanges.at(-1)?.response.headers ?? []
        if (containsHeader(answer, HEADER)) values.add(getHeader(answer, HEADER) as string)
      }
    }
    const how = values.has('*')
      ? "Access-Control-Allow-Origin is '*'"
      : 'the server sends back whatever origin asks (reflection)'
    return conclude(context, {
      name: NAME,
      received: 'endpoint',
      expected: '',
      findings,
      failed: () =>
        `A page at a random origin, ${findings.find(({ holds }) => !holds)?.item}, may not read the response.`,
      held: () => {
        const refused = findings.find(({ holds }) => !holds)?.item
        if (refused === undefined) return `A page at any origin may read the response: ${how}.`
        return `A page at a random origin, ${findings.find(({ holds }) => holds)?.item}, may read the response, but not one at another, ${refused}.`
      },
      notes: () => notes,
      // Never the random origin: whoever asserts this wants all.
      anyOrigin: true,
    })
  })
}
