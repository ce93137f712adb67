import { isForbiddenResponseHeaderName } from '../fetch/exposed-headers.js'
import { containsHeader, extractHeaderListValues, getHeader, type HeaderList } from '../fetch/header-list.js'
import { byteLowercase, isToken } from '../fetch/http-tokens.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { LiveOptions } from '../subject/options.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { argument, listed, row, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'
import type { Journey } from '../verdict/journey.js'
import { alsoAsymmetric } from './assert/asymmetric.js'
import { conclude } from './assert/conclude.js'
import type { MatcherContext, MatcherResult } from './assert/context.js'
import { diagnosis } from './assert/diagnosis.js'
import type { Finding } from './assert/finding.js'
import { askLive, pageRequest, travelAll } from './assert/live.js'
import { namesOf, quotedNames } from './assert/names.js'
import {
  judgedOrigin,
  judgeResponse,
  type NamelessFailure,
  namelessFailure,
} from './assert/observed-response.js'
import type { PreflightAnswerOptions } from './assert/permitted.js'
import { enginesOf, refuseLiveOptions, resolveSubject } from './assert/subject-of.js'
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
export const toExposeHeader = alsoAsymmetric(function toExposeHeader(
  this: MatcherContext,
  received: unknown,
  names: string | readonly string[],
  options?: PreflightAnswerOptions,
): MatcherResult | Promise<MatcherResult> {
  const headers = namesOf(NAME, 'header name', names)
  for (const name of headers)
    if (!isToken(name)) throw new CorsUsageError(`${NAME}: ${argument(name)} is no header name`)
  const { origin, ...rest } = options ?? {}
  if (origin !== undefined) checkOrigin(origin)
  const subject = resolveSubject(NAME, received, rest, origin)
  switch (subject.kind) {
    case 'response':
      refuseLiveOptions(NAME, rest, ['credentials', 'engines'])
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
      checkJudged(NAME, verdict)
      return concludeExposed(
        this,
        'journey',
        headers,
        findingsOf(headers, [{ engine: verdict.engine, journey }]),
      )
    }
  }
})

function onResponse(
  context: MatcherContext,
  subject: ResponseSubject,
  names: readonly string[],
  said: string | undefined,
  options: LiveOptions,
): MatcherResult {
  const origin = judgedOrigin(context, subject, said)
  const credentials = (options.credentials ?? subject.sentCredentials) === 'include'
  const judgeIn = judgeResponse(subject, { origin, credentials })
  const runs = enginesOf(options).map((engine) => ({ engine, journey: judgeIn(engine) }))
  const nameless = namelessFailure(subject, (runs[0] as Run).journey.verdict)
  return concludeExposed(context, 'response', names, findingsOf(names, runs), nameless)
}

function onEndpoint(
  context: MatcherContext,
  endpoint: EndpointSubject,
  names: readonly string[],
  origin: string,
): Promise<MatcherResult> {
  const { options } = endpoint
  return askLive(context, NAME, endpoint, async (signal) => {
    const request = pageRequest(options, origin)
    const { runs, notes } = await travelAll(endpoint, request, enginesOf(options), signal, {
      refusalHolds: context.isNot === true,
    })
    return concludeExposed(context, 'endpoint', names, findingsOf(names, runs), undefined, notes)
  })
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
  nameless?: NamelessFailure,
  notes: readonly string[] = [],
): MatcherResult {
  const journey = findings[0]?.journey as Journey
  const { verdict } = journey
  const headers = journey.exchanges.at(-1)?.response.headers ?? []
  const missing = [...new Set(findings.flatMap(({ holds, item }) => (holds ? [] : (item ?? []))))]
  const readable = verdict.outcome === 'allowed'
  return conclude(context, {
    name: NAME,
    received,
    expected: quotedNames(names),
    findings,
    failed: () =>
      nameless?.sentence ?? (readable ? whyNot(missing, headers, verdict.credentials) : undefined),
    explain: nameless === undefined,
    notes: () => (nameless === undefined || context.isNot === true ? notes : [nameless.note]),
    held: () =>
      `A script can read ${row([...new Set(findings.flatMap(({ holds, item }) => (holds ? (item ?? []) : [])))].map(shown))} here: ${exposedBy(headers)}.`,
    instead: () => {
      if (nameless !== undefined) return false
      return readable ? exposeInstead(missing, headers, verdict.credentials) : undefined
    },
  })
}

const EXPOSE = 'Access-Control-Expose-Headers'

/** One sentence for each reason, with all the names it is true of. */
function whyNot(names: readonly string[], headers: HeaderList, credentials: boolean): string {
  const forbidden = names.filter(isForbiddenResponseHeaderName)
  const absent = names.filter((name) => !forbidden.includes(name) && !containsHeader(headers, name))
  const hidden = names.filter((name) => !forbidden.includes(name) && !absent.includes(name))
  return [
    forbidden.length === 0
      ? ''
      : `No script can ever read ${listed(forbidden)}: the Fetch Standard forbids it.`,
    absent.length === 0 ? '' : `The response has no header ${listed(absent)}.`,
    hidden.length === 0
      ? ''
      : `${listed(hidden)} ${hidden.length === 1 ? 'is' : 'are'} there, but no script can read ${hidden.length === 1 ? 'it' : 'them'}: ${whyHidden(headers, credentials)}.`,
  ]
    .filter((text) => text !== '')
    .join(' ')
}

function whyHidden(headers: HeaderList, credentials: boolean): string {
  const value = getHeader(headers, EXPOSE)
  if (value === null) {
    const wrong = diagnosis().misspeltAs(headers, EXPOSE)
    return wrong === undefined
      ? `there is no ${EXPOSE}, without which only Cache-Control, Content-Language, Content-Length, Content-Type, Expires, Last-Modified and Pragma are readable`
      : `${wrong} is misspelt, the header is called ${EXPOSE}`
  }
  const { invalid } = extractHeaderListValues(headers, EXPOSE)
  if (invalid !== undefined)
    return `${EXPOSE} is ${argument(value)}, which browsers ignore as a whole, for ${argument(invalid)} is no header name`
  if (credentials && value.includes('*')) return `with credentials, \`*\` in ${EXPOSE} is not a wildcard`
  return `${EXPOSE} is ${argument(value)}, which does not name it`
}

function exposedBy(headers: HeaderList): string {
  const value = getHeader(headers, EXPOSE)
  return value === null ? 'it is one of the headers that need no exposing' : `${EXPOSE} is ${argument(value)}`
}

/** What is missing, added to what is listed already. */
function exposeInstead(missing: readonly string[], headers: HeaderList, credentials: boolean) {
  const fit = missing.filter((name) => containsHeader(headers, name) && !isForbiddenResponseHeaderName(name))
  if (fit.length === 0) return false as const
  const exposed = (getHeader(headers, EXPOSE) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => isToken(name) && !(name === '*' && credentials))
  return { lines: [[EXPOSE, [...exposed, ...fit].join(', ')]] as const }
}
