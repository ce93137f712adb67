import type { AskedAs } from '../diagnose/assertions/varies.js'
import { diagnosis } from '../diagnose/diagnosis.js'
import type { Judgment } from '../diagnose/judgment.js'
import { variesOnOrigin } from '../diagnose/vary.js'
import { getHeader } from '../fetch/header-list.js'
import { startsIgnoringCase } from '../fetch/http-tokens.js'
import { allowedHops, checkCachedMethod } from '../page/allowed-hops.js'
import { askAgainAs } from '../page/ask-again.js'
import { strangers } from '../page/strangers.js'
import { argument } from '../text/shown.js'
import type { Exchange } from '../verdict/verdict.js'
import { type OriginOptions, pageOf } from './assert/asked.js'
import { defineMatcher, refuseLiveOptions } from './assert/define-matcher.js'
import { urlOfResponse } from './assert/observed-response.js'

const NAME = 'toVaryOnOrigin'

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
export const toVaryOnOrigin = defineMatcher({
  name: NAME,
  question: (options?: OriginOptions) => pageOf(options),
  refusedOptions: { engines: 'caches read Vary alike, whoever asks' },
  onResponse(response, { origin }) {
    refuseLiveOptions(NAME, { origin })
    const request = { method: response.sentMethod ?? 'GET', url: urlOfResponse(response).href, headers: [] }
    const exchange: Exchange = { kind: 'request', request, response: response.head }
    const isConstant = getHeader(response.head.headers, 'access-control-allow-origin') === '*'
    return judged('', [{ who: '', exchange }], isConstant)
  },
  onEndpointNeeds: () => `an origin that it allows: ${NAME}({ origin: 'https://app.example.com' })`,
  async onEndpoint(endpoint, { origin }, { signal }) {
    checkCachedMethod(endpoint, NAME)
    const asked: AskedAs[] = []
    const [other = null] = strangers(endpoint, origin)
    let isConstant = true
    for (const hop of await allowedHops(endpoint, origin, signal, NAME)) {
      if (hop.kind === 'preflight') continue
      const own: AskedAs[] = [
        { who: `with Origin: ${getHeader(hop.request.headers, 'origin')}`, exchange: hop },
      ]
      for (const asking of [other, null]) {
        const exchange = await askAgainAs(endpoint, asking, hop.request, signal)
        own.push({ who: asking === null ? 'without an Origin' : `with Origin: ${asking}`, exchange })
      }
      isConstant &&= new Set(own.map(policyOf)).size === 1
      asked.push(...own)
    }
    return judged(`{ origin: ${argument(origin)} }`, asked, isConstant)
  },
})

/** What a response says to pages. */
function policyOf({ exchange }: AskedAs): string {
  const lines = exchange.response.headers.filter(([name]) => startsIgnoringCase(name, 'access-control-'))
  return JSON.stringify(lines)
}

function judged(expected: string, asked: readonly AskedAs[], isConstant: boolean): Judgment {
  const varies = ({ exchange }: AskedAs): boolean => variesOnOrigin(exchange.response.headers)
  return {
    findings: asked.map((each) => ({ engine: 'standard', holds: varies(each) })),
    words(negated) {
      const concerned = asked.filter((each) => varies(each) === negated)
      return { expected, ...diagnosis().varyWords(concerned, isConstant, negated) }
    },
  }
}
