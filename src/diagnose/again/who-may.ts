/** Why a page that should not may: because it is on a list, or because every page is; and the way to refuse it. */
import { getHeader } from '../../fetch/header-list.js'
import { quoted } from '../../text/shown.js'
import type { Case } from '../case.js'
import { differencesOf } from './differences.js'

/** Whether what is allowed is allowed to everybody, as asking again has shown. */
export function whoMay(found: Case): string {
  return differencesOf(found).allowsStrangers === true
    ? 'So the server allows whatever origin asks.'
    : 'So the server does not allow every origin: this one is on its list, or matches a pattern there.'
}

/** Why this origin is allowed, as a clause: one response does not tell a list from a server that repeats whatever it is sent; asking again does. */
export function whyAllowed(found: Case): string {
  const { allowsStrangers } = differencesOf(found)
  if (allowsStrangers === null)
    return "so it is on the server's list, matches a pattern there, or is repeated whatever it is"
  return allowsStrangers
    ? 'and an unknown origin is allowed as well, so the server repeats whatever origin asks'
    : "and an unknown origin is not allowed, so this one is on the server's list, or matches a pattern there"
}

/** How the server would refuse it. */
export function wayToRefuse(found: Case): string {
  const { allowsStrangers } = differencesOf(found)
  const origin = quoted(found.verdict.hop.origin)
  const value = getHeader(found.lines ?? [], 'access-control-allow-origin')
  const onList = `take ${origin} off the server's list, or narrow the pattern that it matches (from ^ to $, with its dots escaped)`
  const byList =
    'have the server look the origin up in a list, and send Access-Control-Allow-Origin only for one that is on it, with `Vary: Origin` always'
  if (value === '*') return `To refuse it, ${byList}, in place of \`*\`.`
  if (allowsStrangers === null)
    return `To refuse it, ${onList}; where it sends back any origin that asks, ${byList}.`
  return `To refuse it, ${allowsStrangers ? byList : onList}.`
}
