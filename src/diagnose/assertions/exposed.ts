/** The words of `toExposeHeader`. */
import { isForbiddenResponseHeaderName } from '../../fetch/exposed-headers.js'
import {
  containsHeader,
  extractHeaderListValues,
  getHeader,
  type HeaderList,
} from '../../fetch/header-list.js'
import { isToken } from '../../fetch/http-tokens.js'
import { argument, listed, row, shown } from '../../text/shown.js'
import type { Journey } from '../../verdict/verdict.js'
import { type Finding, itemsOf } from '../finding.js'
import type { Words } from '../judgment.js'
import { misspeltAs } from '../misspelt.js'
import type { SendInstead } from '../send-instead.js'

const EXPOSE = 'Access-Control-Expose-Headers'

/** What is said of headers that a script can read here, or of those that none can. */
export function exposedWords(
  findings: readonly Finding[],
  { verdict, exchanges }: Journey,
  negated: boolean,
): Omit<Words, 'expected'> {
  const headers = exchanges.at(-1)?.response.headers ?? []
  if (negated) {
    const held = itemsOf(findings.filter(({ holds }) => holds))
    return { sentence: `A script can read ${row(held.map(shown))} here: ${exposedBy(headers)}.` }
  }
  if (verdict.outcome !== 'allowed') return {}
  const missing = itemsOf(findings.filter(({ holds }) => !holds))
  return {
    sentence: whyNot(missing, headers, verdict.credentials),
    instead: exposeInstead(missing, headers, verdict.credentials),
  }
}

/** One sentence for each reason, with all the names it is true of. */
function whyNot(names: readonly string[], headers: HeaderList, credentials: boolean): string {
  const forbidden = names.filter(isForbiddenResponseHeaderName)
  const others = names.filter((name) => !isForbiddenResponseHeaderName(name))
  const absent = others.filter((name) => !containsHeader(headers, name))
  const hidden = others.filter((name) => containsHeader(headers, name))
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
    const wrong = misspeltAs(headers, EXPOSE)
    return wrong === undefined
      ? `there is no ${EXPOSE}, without which only Cache-Control, Content-Language, Content-Length, Content-Type, Expires, Last-Modified and Pragma are readable`
      : `${wrong} is misspelt, the header is called ${EXPOSE}`
  }
  const { invalid } = extractHeaderListValues(headers, EXPOSE)
  if (invalid !== undefined)
    return `${EXPOSE} is ${argument(value)}, which browsers ignore as a whole, because ${argument(invalid)} is not a valid header name`
  if (credentials && value.includes('*')) return `with credentials, \`*\` in ${EXPOSE} is not a wildcard`
  return `${EXPOSE} is ${argument(value)}, which does not name it`
}

function exposedBy(headers: HeaderList): string {
  const value = getHeader(headers, EXPOSE)
  return value === null ? 'it is one of the headers that need no exposing' : `${EXPOSE} is ${argument(value)}`
}

/** What is missing, added to what is listed already. */
export function exposeInstead(
  missing: readonly string[],
  headers: HeaderList,
  credentials: boolean,
): SendInstead | false {
  const fit = missing.filter((name) => containsHeader(headers, name) && !isForbiddenResponseHeaderName(name))
  if (fit.length === 0) return false
  const exposed = (getHeader(headers, EXPOSE) ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => isToken(name) && !(name === '*' && credentials))
  return { lines: [[EXPOSE, [...exposed, ...fit].join(', ')]] }
}
