import { variesOnOrigin, varyWithOrigin } from '../diagnose/vary.js'
import { getHeader, type HeaderList, headerLines } from '../fetch/header-list.js'
import { startsIgnoringCase } from '../fetch/http-tokens.js'
import { normalizeMethod } from '../fetch/methods.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { argument, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'
import type { Exchange } from '../verdict/journey.js'
import { alsoAsymmetric } from './assert/asymmetric.js'
import { hintOf, type MatcherContext, type MatcherResult } from './assert/context.js'
import { diagnosis } from './assert/diagnosis.js'
import { askAgainAs, askLive, pageRequest, travelAll } from './assert/live.js'
import { urlOf } from './assert/observed-response.js'
import type { PreflightAnswerOptions } from './assert/permitted.js'
import { strangers } from './assert/strangers.js'
import { enginesOf, refuseJourney, refuseLiveOptions, resolveSubject } from './assert/subject-of.js'

const NAME = 'toVaryOnOrigin'
const ALLOW_ORIGIN = 'access-control-allow-origin'

/**
 * Holds when `Vary`, all its lines together, names `Origin` or is `*`, so that a cache keeps the responses to different origins apart. Literal in both forms: on a
 * policy that is the same for all it fails, and says that none is needed there.
 *
 * On an endpoint it asks three times, as the allowed origin, as another, and as none, each redirect too, and must hold for each: a server that adds `Vary` only
 * where it allows poisons caches too.
 *
 * @param options on an endpoint `{ origin, path? }`, with an origin that is allowed
 * @throws CorsUsageError for a method other than GET and HEAD, and for an origin that the server does not allow
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
 * @example expect(response).toVaryOnOrigin()
 * @example await expect(app).toVaryOnOrigin({ origin: 'https://app.example.com', path: '/orders' })
 */
export const toVaryOnOrigin = alsoAsymmetric(function toVaryOnOrigin(
  this: MatcherContext,
  received: unknown,
  options?: PreflightAnswerOptions,
): MatcherResult | Promise<MatcherResult> {
  const { origin, ...rest } = options ?? {}
  if (origin !== undefined) checkOrigin(origin)
  if (rest.engines !== undefined)
    throw new CorsUsageError(`${NAME} takes no option engines: caches read Vary alike, whoever asks`)
  const subject = resolveSubject(NAME, received, rest, origin)
  switch (subject.kind) {
    case 'response':
      refuseLiveOptions(NAME, options)
      return onResponse(this, subject)
    case 'endpoint':
      if (origin === undefined) {
        throw new CorsUsageError(
          `${NAME} on an endpoint needs an origin that it allows: ${NAME}({ origin: 'https://app.example.com' })`,
        )
      }
      return onEndpoint(this, subject, origin)
    default:
      return refuseJourney(NAME)
  }
})

/** What came back to one who asked. */
interface Asked {
  /** Who asked, in words. */
  readonly who: string
  readonly exchange: Exchange
}

function onResponse(context: MatcherContext, subject: ResponseSubject): MatcherResult {
  const request = { method: subject.sentMethod ?? 'GET', url: urlOf(subject).href, headers: [] }
  const { headers } = subject.head
  return concludeVary(context, {
    received: 'response',
    expected: '',
    asked: [{ who: '', exchange: { kind: 'request', request, response: subject.head } }],
    isConstant: getHeader(headers, ALLOW_ORIGIN) === '*',
  })
}

function onEndpoint(
  context: MatcherContext,
  endpoint: EndpointSubject,
  origin: string,
): Promise<MatcherResult> {
  const method = normalizeMethod(endpoint.options.method ?? 'GET')
  if (method !== 'GET' && method !== 'HEAD') {
    throw new CorsUsageError(
      `${NAME} asks three times, with GET or HEAD alone: those are what caches keep; got ${argument(method)}`,
    )
  }
  return askLive(context, NAME, endpoint, async (signal) => {
    const asked: Asked[] = []
    const [other = null] = strangers(endpoint, origin)
    let isConstant = true
    for (const hop of await allowedHops(endpoint, origin, signal)) {
      const own: Asked[] = [
        { who: `with Origin: ${getHeader(hop.request.headers, 'origin')}`, exchange: hop },
      ]
      for (const asking of [other, null]) {
        const exchange = await askAgainAs(endpoint, asking, hop.request, signal)
        own.push({ who: asking === null ? 'without an Origin' : `with Origin: ${asking}`, exchange })
      }
      isConstant &&= new Set(own.map(policyOf)).size === 1
      asked.push(...own)
    }
    return concludeVary(context, {
      received: 'endpoint',
      expected: `{ origin: ${argument(origin)} }`,
      asked,
      isConstant,
    })
  })
}

/** The requests of a page that may read what it asked for, redirects first. @throws CorsUsageError where it may not */
async function allowedHops(
  endpoint: EndpointSubject,
  origin: string,
  signal: AbortSignal,
): Promise<readonly Exchange[]> {
  const { options } = endpoint
  const { runs } = await travelAll(endpoint, pageRequest(options, origin), enginesOf(options), signal)
  const refused = runs.find(({ journey }) => journey.verdict.outcome !== 'allowed')?.journey
  if (refused !== undefined) {
    throw new CorsUsageError(
      `${NAME} needs an origin that the server allows, because a refusal may lack Vary for any reason; it refuses ${shown(origin)} here: ${diagnosis().explainCors(refused).explanation} (${refused.verdict.code})`,
    )
  }
  return (runs[0]?.journey.exchanges ?? []).filter(({ kind }) => kind === 'request')
}

/** What a response says to pages. */
function policyOf({ exchange }: Asked): string {
  const lines = exchange.response.headers.filter(([name]) => startsIgnoringCase(name, 'access-control-'))
  return JSON.stringify(lines)
}

interface VaryCase {
  readonly received: string
  readonly expected: string
  readonly asked: readonly Asked[]
  /** Whether whoever asks gets the same, so that no cache can mix anything up. */
  readonly isConstant: boolean
}

function concludeVary(context: MatcherContext, found: VaryCase): MatcherResult {
  const { received, expected, asked, isConstant } = found
  const varying = asked.filter(({ exchange }) => variesOnOrigin(exchange.response.headers))
  const fixed = asked.filter((each) => !varying.includes(each))
  const negated = context.isNot === true
  return {
    pass: negated ? varying.length > 0 : fixed.length === 0,
    message: () => {
      const concerned = negated ? varying : fixed
      const headers = concerned[0]?.exchange.response.headers ?? []
      const wayOut = isConstant
        ? noneNeeded(headers)
        : `Send instead:\n  Vary: ${shown(varyWithOrigin(headers))}`
      const mark = negated ? '→' : '✗'
      return diagnosis().failureMessage({
        hint: hintOf(context, NAME, received, expected),
        sentence: concerned.map((each) => sentence(each, negated, isConstant)).join('\n'),
        exchanges: concerned.map(({ exchange }) =>
          diagnosis().exchangeText(exchange, { marked: 'Vary', mark }),
        ),
        wayOut: negated ? undefined : wayOut,
      })
    },
  }
}

function sentence({ who, exchange }: Asked, varying: boolean, isConstant: boolean): string {
  const lines = headerLines(exchange.response.headers, 'vary')
  const response = who === '' ? 'The response' : `The response to a request ${who}`
  if (varying) return `${response} has Vary: ${argument(lines.join(', '))}, so it varies on the origin.`
  const vary =
    lines.length === 0
      ? 'has no Vary header'
      : `has Vary: ${argument(lines.join(', '))}, which does not name Origin`
  return `${response} ${vary}${isConstant ? '.' : ": a cache may give one origin's response to another."}`
}

function noneNeeded(headers: HeaderList): string {
  const value = getHeader(headers, ALLOW_ORIGIN) ?? ''
  return `No Vary is needed here: Access-Control-Allow-Origin is ${argument(value)} for every origin, so that caches have nothing to keep apart. Leave the assertion out, or assert .not.${NAME}.`
}
