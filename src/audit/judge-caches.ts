/** What caches would mix up of what a server responds to several origins; nothing is sent here. */

import type { CacheFinding, CacheTrial, Served, Unvaried } from '../diagnose/assertions/kept-apart.js'
import { type Keeping, keptOnTheWay } from '../diagnose/kept-on-the-way.js'
import { corsPolicy, namesOrigin, varies, variesOnOrigin, varyNames } from '../diagnose/vary.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'

/** What is wrong, the worst first; empty where caches keep everybody's responses apart, or have nothing to keep apart. */
export function judgeCaches(trial: CacheTrial): CacheFinding[] {
  return [
    ...trial.passed.filter(({ isMixed }) => isMixed).map((passed) => ({ kind: 'mixed', passed }) as const),
    ...unvaried(trial),
    ...badlyValidated(trial),
    ...reflected(trial),
    ...clobbered(trial),
  ]
}

/** A response that a cache may give to somebody else, whose own is another. Told of one pair: the one that people meet first. */
function unvaried({ asked, isConstant, passed, browsers }: CacheTrial): Unvaried[] {
  if (isConstant) return []
  // Of a cache that has been seen to keep it, it is known what it does.
  const isKeptApart = (kept: Served): boolean =>
    passed.some(({ first, isHit, isMixed }) => first.origin === kept.origin && isHit && !isMixed)
  const mixes = browsers.filter(({ isValidated }) => !isValidated)
  const isMixedUp = (each: Served): boolean => !isKeptApart(each) && isGivenOut(keptOnTheWay(each.exchange))
  const lacking = [...asked]
    .sort((one, other) => rank(one) - rank(other))
    .filter(
      (each) =>
        !variesOnOrigin(each.exchange.response.headers) &&
        (mixes.some(({ kept }) => kept === each) || isMixedUp(each)),
    )
  const pairs = lacking.flatMap((kept) =>
    asked.filter((other) => policyOf(other) !== policyOf(kept)).map((other) => ({ kept, other })),
  )
  const [first] = pairs
  if (first === undefined) return []
  const isFresh = mixes.length > 0 || lacking.some(({ exchange }) => keptOnTheWay(exchange) === 'fresh')
  return [
    { kind: 'unvaried', ...first, lacking, isFresh, browsers: mixes, onTheWay: lacking.filter(isMixedUp) },
  ]
}

/** To no page first. */
function rank({ origin, isStranger }: Served): number {
  return origin === null ? 0 : isStranger ? 2 : 1
}

/** Whether a cache gives it out without asking the server. */
function isGivenOut(keeping: Keeping): boolean {
  return keeping === 'fresh' || keeping === 'unsaid'
}

/** A 304 that leaves a browser with the policy of the response it has, which was nobody's. */
function badlyValidated({ asked: [own], validated, browsers }: CacheTrial): CacheFinding[] {
  const mix = browsers.find(({ isValidated }) => isValidated)
  if (validated === null || mix === undefined) return []
  return [{ kind: 'validated', engines: mix.engines, stored: mix.kept, validated, own }]
}

function reflected({ reflecting }: CacheTrial): CacheFinding[] {
  if (reflecting === null) return []
  const { name, exchange } = reflecting
  return varies(exchange.response.headers, name) ? [{ kind: 'reflected-vary', name, exchange }] : []
}

/** What the response to a page does not name any more, and that to nobody does. */
function clobbered({ asked }: CacheTrial): CacheFinding[] {
  const [app] = asked
  const none = asked.find(({ origin }) => origin === null)
  if (none === undefined) return []
  const [own, others] = [app, none].map(({ exchange }) => varyNames(exchange.response.headers))
  if (
    own === undefined ||
    others === undefined ||
    own.includes('*') ||
    !namesOrigin(app.exchange.response.headers)
  )
    return []
  if (app.exchange.response.status !== none.exchange.response.status) return []
  if (keptOnTheWay(app.exchange) === 'never') return []
  const lost = others.filter((name) => name !== '*' && !own.some((each) => equalsIgnoringCase(each, name)))
  return lost.length === 0 ? [] : [{ kind: 'clobbered-vary', lost, asked: app, without: none }]
}

function policyOf({ exchange }: Served): string {
  return corsPolicy(exchange.response.headers)
}
