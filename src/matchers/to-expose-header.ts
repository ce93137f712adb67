import { misspeltAs } from '../diagnose/misspelt.js'
import { isForbiddenResponseHeaderName } from '../fetch/exposed-headers.js'
import { containsHeader, getHeader, type HeaderList } from '../fetch/header-list.js'
import { byteLowercase, isToken } from '../fetch/http-tokens.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { LiveOptions } from '../subject/options.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { checkOrigin } from '../verdict/client.js'
import type { Journey } from '../verdict/journey.js'
import { CorsUsageError } from '../verdict/usage-error.js'
import { conclude, type Finding } from './conclude.js'
import type { MatcherContext, MatcherResult } from './context.js'
import { scriptHeaders, travelAll, withinTime } from './live.js'
import { checkSentOrigin, judgeResponse, refuseUnasked } from './observed-answer.js'
import { live } from './pending.js'
import type { PreflightAnswerOptions } from './permitted.js'
import { originOfAnswer } from './preflight-question.js'
import { enginesOf, refuseLiveOptions, resolveSubject } from './subject-of.js'
import { namesOf, quoted } from './words.js'

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
export function toExposeHeader(
  this: MatcherContext,
  received: unknown,
  names: string | readonly string[],
  options?: PreflightAnswerOptions,
): MatcherResult | Promise<MatcherResult> {
  const headers = namesOf(NAME, 'header name', names)
  for (const name of headers)
    if (!isToken(name)) throw new CorsUsageError(`${NAME}: ${quoted(name)} is no header name`)
  const { origin, ...rest } = options ?? {}
  if (origin !== undefined) checkOrigin(origin)
  const subject = resolveSubject(NAME, received, rest, origin)
  switch (subject.kind) {
    case 'response':
      refuseLiveOptions(NAME, rest, ['credentials'])
      return onResponse(this, subject, headers, origin, rest)
    case 'endpoint':
      if (origin === undefined) {
        throw new CorsUsageError(
          `${NAME} on an endpoint needs the page's origin: ${NAME}(…, { origin: 'https://app.example.com' })`,
        )
      }
      return onEndpoint(this, subject, headers, origin)
    default: {
      const { verdict, journey } = subject
      if (journey === undefined) {
        throw new CorsUsageError(
          `${NAME} needs the response's headers, which a verdict alone does not hold: give expect the journey`,
        )
      }
      return concludeExposed(
        this,
        'journey',
        headers,
        findingsOf(headers, [{ engine: verdict.engine, journey }]),
      )
    }
  }
}

function onResponse(
  context: MatcherContext,
  subject: ResponseSubject,
  names: readonly string[],
  said: string | undefined,
  options: LiveOptions,
): MatcherResult {
  if (said !== undefined) checkSentOrigin(context, subject, said)
  else refuseUnasked(context, subject)
  const asked = { origin: originOfAnswer(subject, said), credentials: options.credentials === 'include' }
  const journey = judgeResponse(subject, asked, 'standard')
  return concludeExposed(context, 'response', names, findingsOf(names, [{ engine: 'standard', journey }]))
}

function onEndpoint(
  context: MatcherContext,
  endpoint: EndpointSubject,
  names: readonly string[],
  origin: string,
): Promise<MatcherResult> {
  const { options } = endpoint
  return live(context, NAME, (abandoned) =>
    withinTime(endpoint, [abandoned, options.signal], async (signal) => {
      const { method, headers, credentials, body } = options
      const request = { origin, method, ...scriptHeaders(headers), credentials, body }
      const { runs } = await travelAll(endpoint, request, enginesOf(options), signal)
      return concludeExposed(context, 'endpoint', names, findingsOf(names, runs))
    }),
  )
}

type Run = Pick<Finding, 'engine'> & { readonly journey: Journey }

function findingsOf(names: readonly string[], runs: readonly Run[]): Finding[] {
  return names.flatMap((name) =>
    runs.map(({ engine, journey }) => ({
      engine,
      item: name,
      journey,
      holds: journey.verdict.exposedHeaders.includes(byteLowercase(name)),
    })),
  )
}

function concludeExposed(
  context: MatcherContext,
  received: string,
  names: readonly string[],
  findings: readonly Finding[],
): MatcherResult {
  const journey = findings[0]?.journey as Journey
  const { verdict } = journey
  const headers = journey.exchanges.at(-1)?.response.headers ?? []
  const missing = [...new Set(findings.flatMap(({ holds, item }) => (holds ? [] : (item ?? []))))]
  const readable = verdict.outcome === 'allowed'
  return conclude(context, {
    name: NAME,
    received,
    expected: names.map(quoted).join(', '),
    findings,
    failed: () =>
      readable ? missing.map((name) => whyNot(name, headers, verdict.credentials)).join(' ') : undefined,
    held: () =>
      `A script can read ${[...new Set(findings.flatMap(({ holds, item }) => (holds ? (item ?? []) : [])))].join(', ')} here: ${exposedBy(headers)}.`,
    instead: () => (readable ? exposeInstead(missing, headers, verdict.credentials) : undefined),
  })
}

const EXPOSE = 'Access-Control-Expose-Headers'

function whyNot(name: string, headers: HeaderList, credentials: boolean): string {
  if (isForbiddenResponseHeaderName(name))
    return `No script can ever read ${name}: the Fetch Standard forbids it.`
  if (!containsHeader(headers, name)) return `The response has no header ${name}.`
  const value = getHeader(headers, EXPOSE)
  const wrong = value === null ? misspeltAs(headers, EXPOSE) : undefined
  if (wrong !== undefined)
    return `${name} is there, but no script can read it: ${wrong} is misspelt, the header is called ${EXPOSE}.`
  if (value === null)
    return `${name} is there, but no script can read it: there is no ${EXPOSE}, so only the safelisted headers can be read.`
  if (value === '*' && credentials) {
    return `${name} is there, but no script can read it: with credentials, \`*\` in ${EXPOSE} is not a wildcard.`
  }
  return `${name} is there, but no script can read it: ${EXPOSE} is ${quoted(value)}, which does not name it.`
}

function exposedBy(headers: HeaderList): string {
  const value = getHeader(headers, EXPOSE)
  return value === null ? 'it is one of the headers that need no exposing' : `${EXPOSE} is ${quoted(value)}`
}

/** What is missing, added to what is listed already. */
function exposeInstead(missing: readonly string[], headers: HeaderList, credentials: boolean) {
  const fit = missing.filter((name) => containsHeader(headers, name) && !isForbiddenResponseHeaderName(name))
  if (fit.length === 0) return false as const
  const listed = (getHeader(headers, EXPOSE) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => isToken(name) && !(name === '*' && credentials))
  return { lines: [[EXPOSE, [...listed, ...fit].join(', ')]] as const }
}
