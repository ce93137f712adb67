/** Words for the failures of a preflight's answer: redirect, status, methods, headers. */
import { isOneEditApart, misspeltAs } from '../misspelt.js'
import { type BlockedCase, linesAtFault } from '../subject.js'
import { quoted, shownUrl } from '../text.js'
import { preflightStatusCause } from './preflight-status.js'
import { whyHeaderUnsafe } from './why-preflight.js'
import { hasHeader, orNothing, preflightWords } from './words.js'

/** The preflight was answered with a status other than 200 to 299. */
export function preflightStatus(found: BlockedCase): string {
  const status = found.status ?? 0
  const cause = preflightStatusCause(status) ?? 'only 200 to 299 will do'
  return `${preflightWords(found)} is answered with status ${status}, and a browser accepts only 200 to 299 before it sends ${found.verdict.method}: ${cause}`
}

/** The preflight was answered with a redirect. */
export function preflightRedirect(found: BlockedCase): string {
  const { value } = found.verdict
  const from = found.verdict.hop.url
  const to = typeof value === 'string' && URL.canParse(value, from) ? new URL(value, from) : null
  const where = to === null ? '' : ` to ${shownUrl(to.href)}`
  return `${preflightWords(found)} is redirected${where} (status ${found.status ?? '3xx'}), and a browser never follows a redirect of a preflight${orNothing(
    to === null ? null : whyRedirected(new URL(from), to),
  )}`
}

function whyRedirected(from: URL, to: URL): string {
  if (
    /log-?in|sign-?in|auth|sso|oauth/i.test(`${to.host}${to.pathname}`) &&
    !/log-?in|sign-?in|auth/i.test(from.pathname)
  ) {
    return 'it leads to a login, so authentication runs before CORS, and preflights never carry credentials'
  }
  if (from.protocol === 'http:' && to.protocol === 'https:')
    return 'the server moves http to https: have the page ask https at once'
  if (to.pathname === `${from.pathname}/`)
    return 'the server adds a trailing slash: have the page ask for the URL with it, or answer both'
  if (from.pathname === `${to.pathname}/`)
    return 'the server drops the trailing slash: have the page ask for the URL without it, or answer both'
  if (from.host !== to.host) return 'the server moves to another host: have the page ask that host at once'
  return 'have the page ask for the final URL, or let the server answer OPTIONS before it redirects'
}

const METHODS = 'Access-Control-Allow-Methods'
const HEADERS = 'Access-Control-Allow-Headers'

/** A list element that is no token. */
export function invalidList(found: BlockedCase): string {
  const { header = '', value, part = '' } = found.verdict
  return `The preflight's answer ${hasHeader(header, value ?? '')}, in which ${quoted(part)} is not a ${header === METHODS ? 'method' : 'header name'}${whyNoToken(part)}, and one such element spoils the whole list`
}

function whyNoToken(part: string): string {
  if (/^["'].*["']$/.test(part)) return ': leave out the quotes'
  if (/;/.test(part)) return ': separate with commas, not semicolons'
  if (/\s/.test(part)) return ': separate with commas, not spaces'
  const odd = /[^!#$%&'*+\-.^_`|~A-Za-z0-9]/.exec(part)?.[0]
  return odd === undefined ? '' : `, because of the ${quoted(odd)} in it`
}

/** The method is not listed. */
export function methodNotAllowed(found: BlockedCase): string {
  const { value, method, part = method } = found.verdict
  const lead = `The preflight's answer does not allow ${quoted(part)}`
  if (value === null || value === undefined) {
    const misspelt = found.answer === undefined ? undefined : misspeltAs(found.answer, METHODS)
    if (misspelt !== undefined)
      return `${lead}: it has ${quoted(misspelt)} where ${METHODS} should be, a name no browser knows`
    const allow = found.answer?.some(([name]) => name.toLowerCase() === 'allow') === true
    return `${lead}: it has no ${METHODS} header${allow ? ' (the `Allow` it has is not looked at)' : ''}`
  }
  const items = itemsOf(found, METHODS)
  const start = `${lead}: ${METHODS} is ${quoted(value)}`
  const otherCase = items.find((item) => item !== part && item.toLowerCase() === part.toLowerCase())
  if (otherCase !== undefined)
    return `${start}, and browsers compare methods byte for byte, upper and lower case included${orNothing(caseAdvice(part, otherCase))}`
  if (items.includes('*'))
    return `${start}, and \`*\` does not count for a request with credentials, so it has to list ${quoted(part)}`
  if (value === '') return `${lead}: ${METHODS} is empty`
  return `${start}, which does not list it`
}

function caseAdvice(method: string, listedAs: string): string {
  if (method === method.toUpperCase()) return `list ${quoted(method)} instead of ${quoted(listedAs)}`
  return `browsers send \`${method}\` just as the page wrote it (only DELETE, GET, HEAD, OPTIONS, POST and PUT are put in upper case), so have the page write ${quoted(listedAs)}`
}

/** A header is not listed. */
export function headerNotAllowed(found: BlockedCase): string {
  const { value, part = '' } = found.verdict
  const lead = `The preflight's answer does not allow the request header ${quoted(part)}`
  const why = orNothing(whyAsked(found, part))
  if (value === null || value === undefined) {
    const misspelt = found.answer === undefined ? undefined : misspeltAs(found.answer, HEADERS)
    if (misspelt !== undefined)
      return `${lead}: it has ${quoted(misspelt)} where ${HEADERS} should be, a name no browser knows`
    return `${lead}: it has no ${HEADERS} header${why}`
  }
  const items = itemsOf(found, HEADERS)
  const start = `${lead}: ${HEADERS} is ${quoted(value)}`
  if (items.includes('*')) {
    if (!found.verdict.credentials)
      return `${start}, and \`*\` does not cover \`Authorization\`, which always has to be listed by name`
    return `${start}, and \`*\` does not count for a request with credentials, so it has to list ${quoted(part)}`
  }
  if (value === '') return `${lead}: ${HEADERS} is empty${why}`
  const near = items.find((item) => isNear(item, part))
  if (near !== undefined) return `${start}, and the ${quoted(near)} it lists is spelt differently`
  return `${start}, which does not list it${why}`
}

/** Why the browser asks for the header at all, where that is a surprise: it depends on the value, not on the name. */
function whyAsked(found: BlockedCase, name: string): string | null {
  const why = whyHeaderUnsafe(found.verdict, name)
  return why === null ? null : `a browser asks for it because ${why}`
}

function itemsOf(found: BlockedCase, header: string): string[] {
  return linesAtFault(found, header)
    .flatMap((line) => line.split(','))
    .map((item) => item.trim())
}

function isNear(item: string, name: string): boolean {
  const a = item.toLowerCase()
  return a.replace(/[-_]/g, '') === name.replace(/[-_]/g, '') || isOneEditApart(a, name)
}
