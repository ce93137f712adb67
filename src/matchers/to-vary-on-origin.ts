import { variesOnOrigin, varyWithOrigin } from '../diagnose/vary.js'
import { headerLines } from '../fetch/header-list.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import type { ResponseSubject } from '../subject/response-subject.js'
import { shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'
import type { Exchange } from '../verdict/journey.js'
import { hintOf, type MatcherContext, type MatcherResult } from './context.js'
import { formatHead } from './format-head.js'
import { askLive, askPlainly, checkCrossOrigin } from './live.js'
import type { PreflightAnswerOptions } from './permitted.js'
import { refuseJourney, refuseLiveOptions, resolveSubject } from './subject-of.js'
import { quoted } from './words.js'

const NAME = 'toVaryOnOrigin'

/**
 * Holds when `Vary`, all its lines together, names `Origin` or is `*`, so that a cache keeps the answers to different origins apart.
 *
 * On a response: whatever the policy. On an endpoint it asks three times, as the allowed origin, as another, and as none, and must hold for each: a server that
 * adds `Vary` only where it allows poisons caches too.
 *
 * @param options on an endpoint `{ origin, path? }`, with an origin that is allowed
 * @see https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
 * @example expect(response).toVaryOnOrigin()
 * @example await expect(app).toVaryOnOrigin({ origin: 'https://app.example.com', path: '/orders' })
 */
export function toVaryOnOrigin(
  this: MatcherContext,
  received: unknown,
  options?: PreflightAnswerOptions,
): MatcherResult | Promise<MatcherResult> {
  const { origin, ...rest } = options ?? {}
  if (origin !== undefined) checkOrigin(origin)
  for (const name of ['engines', 'headers', 'body', 'credentials'] as const) {
    if (rest[name] !== undefined)
      throw new CorsUsageError(`${NAME} takes no option ${name}: caches read Vary alike, whoever asks`)
  }
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
}

interface Answer {
  /** Who asked, in words. */
  readonly asked: string
  readonly exchange: Exchange
}

function onResponse(context: MatcherContext, subject: ResponseSubject): MatcherResult {
  const request = { method: subject.sentMethod ?? 'GET', url: subject.url ?? '', headers: [] }
  return concludeVary(context, 'response', '', [
    { asked: '', exchange: { kind: 'request', request, response: subject.head } },
  ])
}

/** An origin that no server allows on purpose. */
const OTHER_ORIGIN = 'https://other-origin.expect-cors.test'

function onEndpoint(
  context: MatcherContext,
  endpoint: EndpointSubject,
  origin: string,
): Promise<MatcherResult> {
  checkCrossOrigin(endpoint, origin)
  return askLive(context, NAME, endpoint, async (signal) => {
    const answers: Answer[] = []
    for (const asking of [origin, OTHER_ORIGIN, null]) {
      const exchange = await askPlainly(endpoint, asking, signal)
      answers.push({ asked: asking === null ? 'without an Origin' : `with Origin: ${asking}`, exchange })
    }
    return concludeVary(context, 'endpoint', `{ origin: ${quoted(origin)} }`, answers)
  })
}

function concludeVary(
  context: MatcherContext,
  received: string,
  expected: string,
  answers: readonly Answer[],
): MatcherResult {
  const varying = answers.filter(({ exchange }) => variesOnOrigin(exchange.response.headers))
  const fixed = answers.filter((answer) => !varying.includes(answer))
  const negated = context.isNot === true
  return {
    pass: negated ? varying.length > 0 : fixed.length === 0,
    message: () => {
      const concerned = negated ? varying : fixed
      return [
        hintOf(context, NAME, received, expected),
        concerned.map(({ asked, exchange }) => sentence(asked, exchange, negated)).join('\n'),
        concerned.map(({ exchange }) => formatHead(exchange, 'Vary', negated)).join('\n\n'),
        negated
          ? ''
          : `Send instead:\n  Vary: ${shown(varyWithOrigin(concerned[0]?.exchange.response.headers ?? []))}`,
      ]
        .filter((text) => text !== '')
        .join('\n\n')
    },
  }
}

function sentence(asked: string, { response }: Exchange, varying: boolean): string {
  const lines = headerLines(response.headers, 'vary')
  const who = asked === '' ? 'The response' : `The answer to a request ${asked}`
  if (varying) return `${who} has Vary: ${quoted(lines.join(', '))}, so it varies on the origin.`
  const vary =
    lines.length === 0
      ? 'has no Vary header'
      : `has Vary: ${quoted(lines.join(', '))}, which does not name Origin`
  return `${who} ${vary}: a cache may give one origin's answer to another.`
}
