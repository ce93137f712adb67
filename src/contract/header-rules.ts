/** What a contract may say of headers. Their values may be secret, and are never shown. */

import { HeaderNames } from '../fetch/header-list.js'
import { byteLowercase, isHeaderValue, isToken } from '../fetch/http-tokens.js'
import { isForbiddenRequestHeader } from '../fetch/request-headers.js'
import { isSlip, nearest } from '../text/nearest.js'
import { argument, literal } from '../text/shown.js'
import { describeValue } from '../text/usage-error.js'
import type { Place } from './mistakes.js'
import { isRecord, type JsonSchema, list, named, type Rule, refuseValue, text } from './rule.js'

/** Names that are often misspelt. A header of one's own may be called anything else. */
const STANDARD_HEADERS = [
  'authorization',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'accept-language',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'last-modified',
  'retry-after',
]

/** @returns whether it is a name */
function checkHeaderName(name: string, place: Place): boolean {
  const lower = byteLowercase(name)
  if (!isToken(name)) {
    const parts = name.split(/[\s,;]+/).filter(isToken)
    const way = parts.length > 1 ? `; write each by itself: ${parts.map(argument).join(', ')}` : ''
    place.refuseKey(`names ${literal(name)}, which is not a valid header name${way}`)
    return false
  }
  const near = STANDARD_HEADERS.includes(lower) ? undefined : nearest(lower, STANDARD_HEADERS)
  if (near === undefined || !isSlip(lower, near)) return true
  place.refuseKey(`names ${argument(name)}, which is not a known header; did you mean ${argument(near)}?`)
  return false
}

const JUDGED = new HeaderNames(['origin', 'access-control-request-method', 'access-control-request-headers'])

/** A header that a page sets. */
export function checkPageHeader(name: string, value: string, place: Place): void {
  if (!checkHeaderName(name, place) || !isForbiddenRequestHeader(name, value)) return
  const lower = byteLowercase(name)
  const way = JUDGED.has(name)
    ? 'the browser sets it from the origin, the method and the headers of the route: leave it out'
    : lower === 'cookie'
      ? "the browser sends cookies where credentials is 'include'; to send one with every request, unjudged, write it in extraHeaders"
      : 'a browser drops it; to send it with every request, unjudged, write it in extraHeaders'
  place.refuseKey(`names ${argument(name)}, which no page may set: ${way}`)
}

function checkExtraHeader(name: string, _value: string, place: Place): void {
  if (checkHeaderName(name, place) && JUDGED.has(name))
    place.refuseKey(
      `names ${argument(name)}, which the origins, the method and the headers of the route decide; leave it out`,
    )
}

/** Values of headers may be secret, and are never shown. */
function checkHeaderValue(value: unknown, place: Place): void {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const each of values) {
    if (typeof each === 'string') {
      if (!isHeaderValue(each)) place.refuse(`is not a valid header value: ${valueProblem(each)}`)
    } else if (typeof each !== 'number')
      place.refuse(
        `must be a string${each === null ? '; for a value that does not matter, name the header in a list' : ''}; got ${describeValue(each)}`,
      )
  }
}

function valueProblem(value: string): string {
  if (/[\0\r\n]/.test(value)) return 'it has a line break or NUL in it; write it in one line'
  const wide = /[^\0-\xff]/u.exec(value)?.[0]
  if (wide !== undefined) return `it has ${argument(wide)} in it, which no header can carry; encode it`
  return 'it has white space at an end; leave that out'
}

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const headerValue: JsonSchema = {
  anyOf: [{ type: ['string', 'number'] }, { type: 'array', items: { type: ['string', 'number'] } }],
}

function headers(
  what: string,
  namesAlone: boolean,
  checkEach: (name: string, value: string, place: Place) => void,
): Rule {
  const pair: JsonSchema = {
    type: 'array',
    items: [{ type: 'string', pattern: HEADER_NAME.source }, { type: ['string', 'number'] }],
    minItems: 2,
    maxItems: 2,
  }
  const name: JsonSchema = { type: 'string', pattern: HEADER_NAME.source }
  return {
    schema: {
      anyOf: [
        { type: 'object', propertyNames: { pattern: HEADER_NAME.source }, additionalProperties: headerValue },
        { type: 'array', items: namesAlone ? { anyOf: [name, pair] } : pair },
      ],
    },
    check(value, place) {
      if (isRecord(value)) {
        for (const [key, member] of Object.entries(value)) {
          checkEach(key, String(member), place.at(key))
          checkHeaderValue(member, place.at(key))
        }
      } else if (Array.isArray(value)) {
        for (const [index, entry] of value.entries()) {
          const at = place.at(index)
          if (typeof entry === 'string' && namesAlone) checkEach(entry, '', at)
          else if (Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string') {
            checkEach(entry[0], String(entry[1]), at)
            checkHeaderValue(entry[1], at.at(1))
          } else if (typeof entry === 'string')
            at.refuse(
              'is a name alone, and extra headers are sent as they are: give it a value, { name: value }',
            )
          else refuseValue(at, 'a header name or a pair of name and value', entry)
        }
      } else if (typeof value === 'string')
        place.refuse(
          `must be ${what}; got a string: ${namesAlone ? 'write each name in a list' : 'write { name: value }'}`,
        )
      else refuseValue(place, what, value)
    },
  }
}

/** What a page sets. */
export const pageHeaders = named(
  'headers',
  headers('an object of header names and values, or a list of names', true, checkPageHeader),
)
/** What is sent besides. */
export const extraHeaders = named(
  'extraHeaders',
  headers('an object of header names and values', false, checkExtraHeader),
)

export function headerNames(what: string, check: (name: string, place: Place) => void): Rule {
  return list(text({ what: 'a header name', pattern: HEADER_NAME, check }), {
    what,
    hint: (value) => (typeof value === 'string' ? `write [${argument(value)}]` : undefined),
  })
}

/** What a page reads. */
export const exposes = headerNames(
  "a list of response header names such as ['x-total-count']",
  (name, place) => {
    if (name === '*')
      place.refuse("names '*', which is not a header: list those that a script must be able to read")
    else if (/^set-cookie2?$/i.test(name))
      place.refuse(`names ${argument(name)}, which no script may read; leave it out`)
    else checkHeaderName(name, place)
  },
)
