/** The words of `toKeepOriginsApartInCaches`, and of what an audit finds out about caches. */

import { defaultEngines, type Profile } from '../../engines/profiles.js'
import type { RequestCredentials } from '../../fetch/fetch-request.js'
import { getHeader, type HeaderList, headerLines } from '../../fetch/header-list.js'
import { argument, listed, quoted, shown } from '../../text/shown.js'
import { createClient } from '../../verdict/client.js'
import { judge } from '../../verdict/evaluate-cors.js'
import type { Exchange } from '../../verdict/verdict.js'
import { cacheSigns } from '../cache-signs.js'
import { consoleMessage } from '../console/index.js'
import { engineName, engineNames } from '../engines.js'
import { serversOf } from '../evidence.js'
import { exchangeText } from '../exchange.js'
import { cacheLines } from '../explain/why-cached.js'
import { aboutExchange } from '../first-line.js'
import type { Words } from '../judgment.js'
import { keptOnTheWay, targetedFields } from '../kept-on-the-way.js'
import type { Remedy, ServerName } from '../remedies/index.js'
import { cacheRemedy, varyRemedy } from '../remedies/vary-origin.js'
import { variesOnOrigin, varyWithOrigin } from '../vary.js'

/** What came back to a page, or to no page. */
export interface Served {
  /** null for a request without `Origin`. */
  readonly origin: string | null
  /** Whether it is an origin that nobody knows. */
  readonly isStranger: boolean
  readonly exchange: Exchange
}

/** What one was given where another had asked before. */
export interface Passed {
  readonly first: Served
  readonly given: Served
  /** What it gets where nobody has asked before. */
  readonly own: Served
  readonly isMixed: boolean
  /** Whether a cache is seen to have kept something. */
  readonly isHit: boolean
}

/** What was asked of one URL, and what came back. */
export interface CacheTrial {
  /** The page that is allowed, one that nobody knows, and no page, which sends no preflight: each by itself. */
  readonly asked: readonly [app: Served, ...others: Served[]]
  /** Whether all of them get the same policy. */
  readonly isConstant: boolean
  readonly passed: readonly Passed[]
  /** The response to a request that has a `Vary` of its own, with that name in it; null where none was sent. */
  readonly reflecting: { readonly name: string; readonly exchange: Exchange } | null
  /** The 304 that the page's browser gets where it has the response to no page; null where there is none. */
  readonly validated: Served | null
  /** What browsers' own caches mix up of it. */
  readonly browsers: readonly BrowserMix[]
}

/** A response that browsers give to a page that it was not meant for. */
export interface BrowserMix {
  /** To the page, and given to another origin of its site; or to no page, and given to the page. */
  readonly kept: Served
  readonly engines: readonly Profile[]
  /** Whether they have asked the server whether it is still good. */
  readonly isValidated: boolean
}

/** What caches mix up. */
export type CacheFinding =
  | { readonly kind: 'mixed'; readonly passed: Passed }
  | Unvaried
  | {
      readonly kind: 'validated'
      readonly engines: readonly Profile[]
      readonly stored: Served
      readonly validated: Served
      readonly own: Served
    }
  | { readonly kind: 'reflected-vary'; readonly name: string; readonly exchange: Exchange }
  | {
      readonly kind: 'clobbered-vary'
      readonly lost: readonly string[]
      readonly asked: Served
      readonly without: Served
    }

/** A response that nothing keeps a cache from giving to somebody else. */
export interface Unvaried {
  readonly kind: 'unvaried'
  readonly kept: Served
  /** Whose own response says something else. */
  readonly other: Served
  /** All whose responses lack `Vary: Origin`. */
  readonly lacking: readonly Served[]
  /** Those of them that a cache on the way may mix up. */
  readonly onTheWay: readonly Served[]
  /** What browsers make of that. */
  readonly browsers: readonly BrowserMix[]
  /** Whether a cache keeps one of them without a setting of its own. */
  readonly isFresh: boolean
}

/** How a page asks whose fate is told. */
export interface CacheWordsOptions {
  readonly credentials?: RequestCredentials | undefined
  /** Whose snippets to show. Default: the server that is known to have responded. */
  readonly server?: ServerName | undefined
}

/** What is said of findings; of none where an assertion was to fail. */
export function keptApartWords(
  findings: readonly CacheFinding[],
  trials: readonly CacheTrial[],
  options: CacheWordsOptions,
): Omit<Words, 'expected'> {
  const [first] = findings
  if (first === undefined) return nothingMixedWords(trials)
  // What one page is given of another's shows as much as what each is given of every other's.
  const told = findings.filter((finding, at) => finding.kind !== 'mixed' || at === 0)
  const [sentence = '', ...others] = told.map((finding) => cacheSentence(finding))
  const main = exchangesShown(first)
  return {
    about: aboutExchange((main[0] as Marked).exchange),
    sentence,
    notes: [...printed(first, options), ...others, FRESH_NOTE],
    exchanges: main.map(({ exchange, marked }) => exchangeText(exchange, { marked })),
    wayOut: wayOut(findings, options),
  }
}

const FRESH_NOTE =
  'Each was asked for with a new query parameter, `expect-cors-fresh`, so that nothing was read from, or added to, what caches hold for others.'

/** An exchange, and the header in it that matters. */
interface Marked {
  readonly exchange: Exchange
  readonly marked: string | undefined
}

/** The exchanges that show a finding. */
export function exchangesShown(finding: CacheFinding): readonly Marked[] {
  switch (finding.kind) {
    case 'mixed': {
      const { first, given } = finding.passed
      return [
        { exchange: first.exchange, marked: lackingVary(first) },
        { exchange: given.exchange, marked: ALLOW_ORIGIN },
      ]
    }
    case 'unvaried':
      return [
        { exchange: finding.kept.exchange, marked: 'Vary' },
        { exchange: finding.other.exchange, marked: lackingVary(finding.other) },
      ]
    case 'validated':
      return [
        { exchange: finding.stored.exchange, marked: 'ETag' },
        { exchange: finding.validated.exchange, marked: ALLOW_ORIGIN },
      ]
    case 'reflected-vary':
      return [{ exchange: finding.exchange, marked: 'Vary' }]
    case 'clobbered-vary':
      return [finding.without, finding.asked].map(({ exchange }) => ({ exchange, marked: 'Vary' }))
  }
}

function lackingVary({ exchange }: Served): string | undefined {
  return variesOnOrigin(exchange.response.headers) ? undefined : 'Vary'
}

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin'

/** A finding in a few sentences. */
export function cacheSentence(finding: CacheFinding): string {
  switch (finding.kind) {
    case 'mixed':
      return mixedSentence(finding.passed)
    case 'unvaried':
      return unvariedSentence(finding)
    case 'validated':
      return `The 304 for ${who(finding.own)} has ${allowedWords(finding.validated)}, so a browser that has kept the response to a request without an Origin, which has ${allowedWords(finding.stored)}, goes by that once it is told that it is still good: ${engineNames(finding.engines)} ${finding.engines.length === 1 ? 'refuses' : 'refuse'} it to the page.`
    case 'reflected-vary':
      return `The response repeats in its Vary what the request itself has as \`Vary\` (${quoted(finding.name)}): whoever fills a cache decides by what it tells requests apart.`
    case 'clobbered-vary':
      return `The response to ${who(finding.asked)} has Vary: ${varyOf(finding.asked)}, and the response to ${who(finding.without)} has Vary: ${varyOf(finding.without)}: the CORS rules take the place of ${listed(finding.lost.map(quoted))}, by which a cache does not tell responses apart any more.`
  }
}

function mixedSentence({ first, given, own }: Passed): string {
  const { headers } = given.exchange.response
  const signs = cacheSigns(headers)
  const by = signs === null ? '' : ` (${cacheLines(signs)})`
  const cause = variesOnOrigin(headers)
    ? `The response has Vary: ${argument(headerLines(headers, 'vary').join(', '))}, which this cache does not heed.`
    : headerLines(headers, 'vary').length === 0
      ? 'The response has no Vary header, so this cache has one response for every origin.'
      : `The response has Vary: ${argument(headerLines(headers, 'vary').join(', '))}, which does not name Origin, so this cache has one response for every origin.`
  return `A cache on the way${by} gave ${who(given)} what was meant for ${who(first)}: it has ${allowedWords(given)}, while the page's own response has ${allowedWords(own)}. ${cause}`
}

function unvariedSentence({ kept, other, lacking, onTheWay, browsers }: Unvaried): string {
  const vary = headerLines(kept.exchange.response.headers, 'vary')
  const names =
    vary.length === 0 ? 'no Vary header' : `Vary: ${argument(vary.join(', '))}, which does not name Origin`
  const others = lacking.filter((each) => each !== kept)
  const also = others.length === 0 ? '' : ` The same goes for the response to ${listed(others.map(who))}.`
  const own = other.origin === null ? "the other's" : "that page's"
  return `The response to ${who(kept)} has ${names}: ${onTheWay.length === 0 ? "a browser's own cache" : 'a cache'} may give it to ${who(other)}. It has ${allowedWords(kept)}; ${own} own has ${allowedWords(other)}.${also}${keeperWords(onTheWay, browsers)}`
}

/** Who keeps these responses, and for whom that goes wrong. */
function keeperWords(all: readonly Served[], browsers: readonly BrowserMix[]): string {
  const onTheWay = all.find(({ exchange }) => keptOnTheWay(exchange) === 'fresh')
  const fresh = onTheWay ?? browsers[0]?.kept
  if (fresh === undefined)
    return ' Nothing says for how long it may be kept, so a cache on the way goes by its own setting: Varnish keeps it for two minutes, CloudFront for a day.'
  const line = freshnessLine(fresh.exchange.response.headers)
  if (browsers.length === 0) return ` Caches on the way keep it by ${line}.`
  const places = browsers.map(({ kept, engines }) =>
    kept.origin === null
      ? `in ${engineNames(engines)} a page fails to fetch what it has loaded without CORS before (with an <img>, say)`
      : `in ${engineNames(engines)} the second of two origins of one site (another port or subdomain) fails`,
  )
  const who = onTheWay === undefined ? 'Browsers keep it' : 'Caches on the way and browsers keep it'
  return ` ${who} by ${line}: ${places.join('; ')}; no request is made.`
}

/** The line that makes a response fresh. */
function freshnessLine(headers: HeaderList): string {
  for (const name of [...targetedFields, 'Cache-Control', 'Expires', 'Last-Modified']) {
    const value = getHeader(headers, name)
    if (value !== null && (name !== 'Cache-Control' || /max-?age|stale-while/i.test(value)))
      return quoted(`${name}: ${value}`)
  }
  return 'its status'
}

/** What the console of the page prints that gets what was meant for another. */
function printed(finding: CacheFinding, { credentials }: CacheWordsOptions): string[] {
  const [page, given] = poisoned(finding) ?? []
  if (page === undefined || given === undefined || page.origin === null) return []
  const { origin } = page
  const { kind, response } = given.exchange
  const { method, url, headers } = given.exchange.request
  // Whatever headers its script sets, it is the response that decides here.
  const asks = getHeader(headers, 'access-control-request-headers')?.split(',') ?? []
  const request =
    kind === 'request'
      ? { origin, url, method, credentials }
      : {
          origin,
          url,
          method: getHeader(headers, 'access-control-request-method') ?? 'GET',
          headers: asks,
          credentials,
        }
  const [engine] = defaultEngines
  const verdict = judge(
    engine,
    createClient(origin, undefined, false),
    kind === 'request' ? { request, response } : { request, preflight: response },
  )
  const sent = { method, url, headers: [['Origin', origin]] as const }
  const text = consoleMessage({ verdict, exchanges: [{ kind, request: sent, response }] })
  return text === null ? [] : [`${engineName(engine)} prints there: ${text}`]
}

/** Who is given what. */
function poisoned(finding: CacheFinding): readonly [page: Served, given: Served] | null {
  switch (finding.kind) {
    case 'mixed':
      return [finding.passed.own, finding.passed.given]
    case 'unvaried':
      return [finding.other, finding.kept]
    case 'validated':
      return [finding.own, finding.stored]
    default:
      return null
  }
}

/** Who asked. */
function who({ origin, isStranger }: Served): string {
  if (isStranger) return 'a page of an unknown origin'
  return origin === null ? 'a request without an Origin' : `a page at ${shown(origin)}`
}

function allowedWords({ exchange }: Served): string {
  const { headers } = exchange.response
  const value = getHeader(headers, ALLOW_ORIGIN)
  return value === null ? `no ${ALLOW_ORIGIN}` : `${ALLOW_ORIGIN}: ${argument(value)}`
}

function varyOf({ exchange }: Served): string {
  return argument(headerLines(exchange.response.headers, 'vary').join(', '))
}

/** What is to be sent, and what is to heed it. */
function wayOut(findings: readonly CacheFinding[], { server }: CacheWordsOptions): string {
  return cacheFixes(findings, server)
    .map(({ for: place, title, snippet }) => {
      const head = place === 'server' || place === 'cache' ? title : `In ${place}: ${title}`
      return snippet === undefined ? head : `${head}\n${snippet.replace(/^(?=.)/gm, '  ')}`
    })
    .join('\n\n')
}

/** The fixes for findings, on the server first. */
function cacheFixes(findings: readonly CacheFinding[], server?: ServerName): Remedy[] {
  const fixes: Remedy[] = []
  const lacking = findings.flatMap((finding) => (finding.kind === 'unvaried' ? finding.lacking : []))
  const [first] = lacking
  if (first !== undefined) {
    const { headers } = first.exchange.response
    fixes.push({
      for: 'server',
      title: 'Send instead, with every response, also to requests without an Origin:',
      snippet: `Vary: ${shown(varyWithOrigin(headers))}`,
    })
    const names = server === undefined ? serversOf({ last: first.exchange, lines: headers }) : [server]
    const remedy = varyRemedy(names)
    if (remedy !== null) fixes.push(remedy)
  }
  const mixed = findings.find((finding) => finding.kind === 'mixed')
  if (mixed !== undefined)
    fixes.push(first === undefined ? cacheRemedy(mixed.passed.given.exchange.response.headers) : PURGE)
  for (const finding of findings) {
    const fix = ownFix(finding)
    if (fix !== null) fixes.push(fix)
  }
  return fixes
}

const PURGE: Remedy = { for: 'cache', title: 'Then purge what the cache on the way holds.' }

function ownFix(finding: CacheFinding): Remedy | null {
  switch (finding.kind) {
    case 'validated':
      return {
        for: 'server',
        title: 'Send the CORS headers with a 304 as well, or no validator (`ETag`, `Last-Modified`) at all.',
      }
    case 'reflected-vary':
      return {
        for: 'server',
        title:
          "Add to the response's own Vary; leave that of the request alone (Hono before 4.10.3 does this: update it).",
      }
    case 'clobbered-vary':
      return {
        for: 'server',
        title: `Add Origin to what is there: ${quoted(`Vary: ${[...finding.lost, 'Origin'].join(', ')}`)}.`,
      }
    default:
      return null
  }
}

/** What is said where nothing is mixed up. */
function nothingMixedWords(all: readonly CacheTrial[]): Omit<Words, 'expected'> {
  const trials = all.filter(({ asked: [{ exchange }] }) => exchange.kind === 'request')
  const [trial] = trials
  if (trial === undefined) return {}
  const [app] = trial.asked
  return {
    about: aboutExchange(app.exchange),
    sentence: trials.map(whyKeptApart).join('\n'),
    notes: [FRESH_NOTE],
    exchanges: trial.asked.map(({ exchange }) =>
      exchangeText(exchange, { marked: decisive(trial, exchange), mark: '→' }),
    ),
  }
}

/** The header that keeps a response from being mixed up. */
function decisive({ isConstant }: CacheTrial, { response: { headers } }: Exchange): string | undefined {
  const name = isConstant ? ALLOW_ORIGIN : variesOnOrigin(headers) ? 'Vary' : 'Cache-Control'
  return getHeader(headers, name) === null ? undefined : name
}

function whyKeptApart({ asked, isConstant, passed }: CacheTrial): string {
  const [app] = asked
  if (isConstant)
    return `There is nothing to keep apart: whoever asks gets ${allowedWords(app)}, so that one response will do for all.`
  const seen = passed.find(({ isHit }) => isHit)?.first.exchange.response.headers
  const signs = cacheSigns(seen ?? [])
  const cache = signs === null ? '' : ` A cache on the way (${cacheLines(signs)}) gave each its own.`
  const unkept = asked.filter(({ exchange }) => !variesOnOrigin(exchange.response.headers))
  if (unkept.length === 0) return `The responses to ${listed(asked.map(who))} all vary on the Origin.${cache}`
  const why = unkept.every(({ exchange }) => keptOnTheWay(exchange) === 'never')
    ? 'no cache keeps them'
    : 'no cache gives them out without asking the server'
  const value = getHeader(unkept[0]?.exchange.response.headers ?? [], 'cache-control')
  return `The responses differ by Origin and ${why}${value === null ? '' : `: ${quoted(`Cache-Control: ${value}`)}`}.${cache}`
}
