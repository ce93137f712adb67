/** Words for the failures of a preflight response: redirect, status, methods, headers. */
import { getHeader } from '../../fetch/header-list.js'
import { listed, quoted, shown, shownUrl } from '../../text/shown.js'
import { type BlockedCase, linesAtFault } from '../case.js'
import { evidenceOf } from '../evidence.js'
import { isOneEditApart, misspeltAs } from '../misspelt.js'
import { listedInAnotherCase, permittedHeaders, permittedMethods } from '../permission.js'
import { eitherOr } from './cause.js'
import { badStatusCauses } from './preflight-status.js'
import { whyHeaderUnsafe } from './why-preflight.js'
import { redirectAdvice } from './why-redirected.js'
import { hasHeader, orNothing, preflightWords } from './words.js'

/** The preflight got a status other than 200 to 299. */
export function preflightStatus(found: BlockedCase): string {
  const cause = eitherOr(badStatusCauses(found, evidenceOf(found)))
  return `${preflightWords(found)} gets status ${found.status ?? 0}, and a browser accepts only 200 to 299 before it sends ${shown(found.verdict.method)}: ${cause ?? ''}`
}

/** The preflight was redirected. */
export function preflightRedirect(found: BlockedCase): string {
  const { value } = found.verdict
  const from = found.verdict.hop.url
  const to = typeof value === 'string' && URL.canParse(value, from) ? new URL(value, from) : null
  const where = to === null ? '' : ` to ${shownUrl(to.href)}`
  return `${preflightWords(found)} is redirected${where} (status ${found.status ?? '3xx'}), and a browser never follows a redirect of a preflight${orNothing(
    to === null ? null : redirectAdvice({ from, to: to.href }, true),
  )}`
}

const METHODS = 'Access-Control-Allow-Methods'
const HEADERS = 'Access-Control-Allow-Headers'

/** A list element that is not a token. */
export function invalidList(found: BlockedCase): string {
  const { header = '', value, part = '' } = found.verdict
  return `The preflight response ${hasHeader(header, value ?? '')}, in which ${quoted(part)} is not a ${header === METHODS ? 'method' : 'header name'}${whyNoToken(part)}, and one such element spoils the whole list`
}

function whyNoToken(part: string): string {
  if (/^["'].*["']$/.test(part)) return ': leave out the quotes'
  if (/;/.test(part)) return ': separate with commas, not semicolons'
  if (/\s/.test(part)) return ': separate with commas, not spaces'
  const odd = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]/.exec(part)?.[0]
  return odd === undefined ? '' : `, because of the ${quoted(odd)} in it`
}

/** The method is not listed, or several are not. */
export function methodNotAllowed(found: BlockedCase): string {
  return `${refusedMethods(found)}${orNothing(refusedAsWell(found))}`
}

function refusedMethods(found: BlockedCase): string {
  const { value, method, part = method } = found.verdict
  const list = permittedMethods(found)
  const parts = list.missing.length > 1 ? list.missing : [part]
  const lead = `The preflight response does not allow ${named(parts, 'or')}`
  if (value === null || value === undefined) {
    const misspelt = found.lines === undefined ? undefined : misspeltAs(found.lines, METHODS)
    if (misspelt !== undefined)
      return `${lead}: it has ${quoted(misspelt)} where ${METHODS} should be, a name no browser knows`
    const allow = found.lines?.some(([name]) => name.toLowerCase() === 'allow') === true
    return `${lead}: it has no ${METHODS} header${allow ? ' (its `Allow` header is ignored)' : ''}`
  }
  const start = `${lead}: ${METHODS} is ${quoted(value)}`
  const otherCases = parts.flatMap((name) => {
    const listedAs = listedInAnotherCase(list, name)
    return listedAs === undefined ? [] : [caseAdvice(name, listedAs)]
  })
  if (otherCases.length > 0) {
    const rest = otherCases.length < parts.length ? `, which ${listsNone(parts)}; browsers` : ', and browsers'
    return `${start}${rest} compare methods byte for byte, upper and lower case included; ${otherCases.join('; ')}`
  }
  if (itemsOf(found, METHODS).includes('*'))
    return `${start}, and \`*\` does not count for a request with credentials, so it has to list ${named(parts)}`
  if (value === '') return `${lead}: ${METHODS} is empty`
  return `${start}, which ${listsNone(parts)}`
}

function caseAdvice(method: string, listedAs: string): string {
  if (method === method.toUpperCase()) return `list ${quoted(method)} instead of ${quoted(listedAs)}`
  return `browsers send ${quoted(method)} just as the page wrote it (only DELETE, GET, HEAD, OPTIONS, POST and PUT are put in upper case), so have the page write ${quoted(listedAs)}`
}

/** What the response refuses beside the method: a browser would say so only once the method is allowed. */
function refusedAsWell(found: BlockedCase): string | null {
  const { missing, state } = permittedHeaders(found)
  if (missing.length === 0 || state === 'unknown') return null
  const value = getHeader(found.lines ?? [], HEADERS)
  const what = value === null ? `there is no ${HEADERS}` : `${HEADERS} is ${quoted(value)}`
  return `it does not allow the request header${missing.length > 1 ? 's' : ''} ${named(missing, 'or')} either: ${what}`
}

/** A header is not listed, or several are not. */
export function headerNotAllowed(found: BlockedCase): string {
  const { value, part = '' } = found.verdict
  const { missing } = permittedHeaders(found)
  const parts = missing.length > 1 ? missing : [part]
  const lead = `The preflight response does not allow the request header${parts.length > 1 ? 's' : ''} ${named(parts, 'or')}`
  const why = orNothing(whyAsked(found, parts))
  if (value === null || value === undefined) {
    const misspelt = found.lines === undefined ? undefined : misspeltAs(found.lines, HEADERS)
    if (misspelt !== undefined)
      return `${lead}: it has ${quoted(misspelt)} where ${HEADERS} should be, a name no browser knows`
    return `${lead}: it has no ${HEADERS} header${why}`
  }
  const items = itemsOf(found, HEADERS)
  const start = `${lead}: ${HEADERS} is ${quoted(value)}`
  if (items.includes('*')) {
    if (!found.verdict.credentials)
      return `${start}, and \`*\` does not cover \`Authorization\`, which always has to be listed by name`
    return `${start}, and \`*\` does not count for a request with credentials, so it has to list ${named(parts)}`
  }
  if (value === '') return `${lead}: ${HEADERS} is empty${why}`
  const near = items.filter(
    (item) => !found.asked.headers.includes(item.toLowerCase()) && parts.some((name) => isNear(item, name)),
  )
  if (near.length > 0)
    return `${start}, and the ${named(near)} it lists ${near.length > 1 ? 'are' : 'is'} spelt differently`
  return `${start}, which ${listsNone(parts)}${why}`
}

/** `a`, `b` and `c`, as many as can be read. */
function named(names: readonly string[], conjunction = 'and'): string {
  return listed(names.map(quoted), conjunction)
}

function listsNone(names: readonly string[]): string {
  return names.length === 1 ? 'does not list it' : names.length === 2 ? 'lists neither' : 'lists none of them'
}

/** Why the browser asks for the headers at all; of several only where it is their values that make it ask. */
function whyAsked(found: BlockedCase, names: readonly string[]): string | null {
  const { reasons } = found.verdict.preflight
  const whys = names.flatMap((name) => {
    const reason = reasons.find((other) => other.kind === 'header' && other.name === name.toLowerCase())
    if (names.length > 1 && reason?.kind === 'header' && reason.reason === 'name') return []
    return whyHeaderUnsafe(found.verdict, name) ?? []
  })
  if (whys.length === 0) return null
  return `a browser asks for ${names.length > 1 && whys.length === names.length ? 'them' : names.length > 1 ? 'some of them' : 'it'} because ${listed(whys)}`
}

function itemsOf(found: BlockedCase, header: string): string[] {
  return linesAtFault(found, header)
    .flatMap((line) => line.split(','))
    .map((item) => item.trim())
}

function isNear(item: string, name: string): boolean {
  const a = item.toLowerCase()
  return a.replace(/[-_]/g, '') === name.replace(/[-_]/g, '') || (name.length > 4 && isOneEditApart(a, name))
}
