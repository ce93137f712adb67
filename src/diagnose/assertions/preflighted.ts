/** The words of matchers that ask about preflights: whether one is sent, succeeds, and what it permits. */
import type { Profile } from '../../engines/profiles.js'
import { isCorsSafelistedMethod } from '../../fetch/methods.js'
import { listed, shown } from '../../text/shown.js'
import type { Verdict } from '../../verdict/verdict.js'
import { engineNames } from '../engines.js'
import { whyPreflighted } from '../explain/why-preflight.js'

/** Of the negative of `toAllowPreflight`. @param wanted the request that it is for, in words */
export function preflightSucceedsSentence(wanted: string, origin: string): string {
  return `The preflight for ${wanted} from ${shown(origin)} succeeds.`
}

/** Of engines that have no say, because they ask for no permission. */
export function notAskedNote(engines: readonly Profile[], what: string): string {
  return `${engineNames(engines)} would send no preflight for ${what}, and ${engines.length === 1 ? 'was' : 'were'} not judged.`
}

/** Of the negative of `toAllowMethod`. */
export function methodsHeldSentence(methods: readonly string[]): string {
  const safelisted = methods.filter(isCorsSafelistedMethod)
  return safelisted.length > 0
    ? `CORS cannot refuse a safelisted method: ${listed(safelisted)} always holds.`
    : permittedSentence(methods)
}

/** Of the negative of `toAllowRequestHeader`. */
export function permittedSentence(names: readonly string[]): string {
  return `The preflight response permits ${listed(names.map(shown))}.`
}

/** Of `toRequirePreflight`. @param required the verdict of an engine that sends one */
export function preflightNeedSentence(
  method: string,
  required: Verdict | undefined,
  negated: boolean,
): string {
  if (!negated)
    return `A browser sends ${method} without a preflight: the method and every header are CORS-safelisted.`
  return required === undefined
    ? ''
    : `A browser sends a preflight before it, because ${listed(whyPreflighted(required))}.`
}
