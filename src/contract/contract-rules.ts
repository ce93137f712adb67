/** What a contract may say, in one definition: it checks documents, and is their published JSON Schema. */

import { extractBody } from '../fetch/body.js'
import { HeaderNames } from '../fetch/header-list.js'
import { byteLowercase, isHeaderValue, isToken } from '../fetch/http-tokens.js'
import { isForbiddenMethod } from '../fetch/methods.js'
import { isForbiddenRequestHeader } from '../fetch/request-headers.js'
import { nearest } from '../text/nearest.js'
import { argument, literal } from '../text/shown.js'
import { describeValue, isCorsUsageError } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'
import type {
  ContractDefaults,
  ContractEnvironment,
  ContractOrigins,
  ContractRoute,
  ContractStatus,
  CorsContract,
} from './contract.js'
import type { Place } from './mistakes.js'
import { commonMethods, parseRate, RATE } from './notations.js'
import { parsePattern } from './origin-pattern.js'
import {
  choice,
  count,
  described,
  flag,
  isRecord,
  type JsonSchema,
  list,
  object,
  type Rule,
  record,
  refuseValue,
  text,
  urlValue,
} from './rule.js'

/** The rules that stand at several places, by the name they have in the schema. */
const shared: Record<string, Rule> = {}

function named(name: string, rule: Rule): Rule {
  shared[name] = rule
  return { ...rule, schema: { $ref: `#/definitions/${name}` } }
}

const ORIGIN = "an origin such as 'https://app.example.com', or a pattern such as 'https://*.example.com'"
/** What an origin or a pattern looks like; which hosts there are is the check's. */
const ORIGIN_TEXT =
  /^(?:null|(?!http:\/\/[^/]*:80$|https:\/\/[^/]*:443$|file:)[a-z][a-z0-9+.-]*:\/\/(?:\[[0-9a-f:.]+\]|[^\s/?#@:A-Z[\]\\]+)(?::(?:[1-9][0-9]{0,4}|\*))?)$/

/** @returns whether it is one */
function checkExact(value: unknown, place: Place): boolean {
  if (value === null)
    place.refuse(": null is not an origin; the opaque origin is the text 'null': write it in quotes")
  else if (typeof value !== 'string') refuseValue(place, ORIGIN, value)
  else {
    try {
      checkOrigin(value)
      return true
    } catch (error) {
      if (!isCorsUsageError(error)) throw error
      place.refuse(`: ${error.message}`)
    }
  }
  return false
}

function checkPattern(value: string, place: Place): void {
  const pattern = parsePattern(value)
  if (typeof pattern === 'string') place.refuse(`: ${argument(value)} ${pattern}`)
}

const originText: Rule = {
  schema: { type: 'string', pattern: ORIGIN_TEXT.source },
  check(value, place) {
    if (value === '*') {
      const { path } = place
      place.refuse(
        path.includes('deny')
          ? ": '*' is not an origin; to deny everybody write allow: []"
          : ": '*' is not an origin; for any origin write allow: '*', not in a list",
      )
    } else if (typeof value === 'string' && value.includes('*')) checkPattern(value, place)
    else checkExact(value, place)
  },
}

const patternWithExample = object(
  {
    pattern: described('What it matches: `https://*.example.com`, `http://localhost:*`.', {
      schema: { type: 'string', pattern: `^(?=.*\\*)${ORIGIN_TEXT.source.slice(1)}` },
      check(value, place) {
        if (typeof value === 'string' && value.includes('*')) checkPattern(value, place)
        else
          refuseValue(place, "a pattern such as 'https://*.example.com'", value, () =>
            typeof value === 'string' ? 'an origin without * stands in the list by itself' : undefined,
          )
      },
    }),
    example: described('The origin that stands for it.', {
      schema: { type: 'string', pattern: ORIGIN_TEXT.source.replaceAll('|\\*', '') },
      check: checkExact,
    }),
  },
  {
    what: 'a pattern with an example',
    required: {
      pattern: "write { pattern: 'https://*.example.com', example: 'https://x.example.com' }",
      example: 'an example is derived where the pattern stands alone, as a text',
    },
  },
)

const origin = named('origin', {
  schema: { anyOf: [originText.schema, patternWithExample.schema] },
  check(value, place) {
    if (!isRecord(value)) return originText.check(value, place)
    patternWithExample.check(value, place)
    const { pattern, example } = value
    if (typeof pattern !== 'string' || typeof example !== 'string') return
    const parsed = parsePattern(pattern)
    if (typeof parsed !== 'string' && !parsed.matches(example))
      place
        .at('example')
        .refuse(
          `: ${argument(example)} does not match ${argument(pattern)}; write one that does, such as ${argument(parsed.examples[0] as string)}`,
        )
  },
})

function originList(what: string, way: (value: string) => string): Rule {
  const each = list(origin, {
    what,
    hint: (value) => (typeof value === 'string' ? way(value) : undefined),
  })
  return {
    schema: { ...each.schema, uniqueItems: true },
    check(value, place) {
      each.check(value, place)
      if (!Array.isArray(value)) return
      const texts = value.map((item: unknown) => (isRecord(item) ? item.pattern : item))
      for (const [index, item] of texts.entries())
        if (typeof item === 'string' && texts.indexOf(item) < index)
          place.at(index).refuse(`: ${argument(item)} is listed twice; leave one out`)
    },
  }
}

const allowed = originList(
  "'*' for any origin, or a list of origins",
  (value) => `write [${argument(value)}]`,
)

const originMembers = {
  allow: described(
    'Who may call: exact origins and patterns, `https://*.example.com`, `http://localhost:*`. "*" is any origin; an empty list is none: no page may call.',
    {
      schema: { anyOf: [{ const: '*' }, allowed.schema] },
      check(value, place) {
        if (value !== '*') allowed.check(value, place)
      },
    },
  ),
  deny: described(
    "Who may not call. Default: a stranger's origin, and `null`.",
    originList('a list of origins', (value) =>
      value === '*' ? 'to deny everybody write allow: []' : `write [${argument(value)}]`,
    ),
  ),
} satisfies Record<keyof ContractOrigins, Rule>

const ORIGINS_OPTIONS = {
  what: "an object such as { allow: ['https://app.example.com'] }",
  hint: (value: unknown) =>
    Array.isArray(value) || typeof value === 'string' ? 'write { allow: … }' : undefined,
}
const origins = named('origins', object(originMembers, ORIGINS_OPTIONS))
const ownOrigins = object(originMembers, {
  ...ORIGINS_OPTIONS,
  required: { allow: 'list the origins that may call; an empty list is none' },
})

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
    place.refuseKey(`: ${literal(name)} is not a valid header name${way}`)
    return false
  }
  const near = STANDARD_HEADERS.includes(lower) ? undefined : nearest(lower, STANDARD_HEADERS)
  if (near === undefined || Math.abs(near.length - lower.length) > 2 || isOwn(lower, near)) return true
  place.refuseKey(`: ${argument(name)} is not a header that is known; did you mean ${argument(near)}?`)
  return false
}

/** Whether a name has a word of its own, so that it is not a slip. */
function isOwn(name: string, near: string): boolean {
  if (/^x-/.test(name)) return true
  let differences = Math.abs(name.length - near.length)
  for (let i = 0; i < Math.min(name.length, near.length); i++) {
    if (name[i] === near[i]) continue
    // What is left after a slip of one or two letters is the same again.
    const rest = near.slice(i)
    differences = [0, 1, 2].some((skip) => name.slice(i + skip).endsWith(rest.slice(2))) ? 1 : 9
    break
  }
  return differences > 2
}

const JUDGED = new HeaderNames(['origin', 'access-control-request-method', 'access-control-request-headers'])

function checkPageHeader(name: string, value: string, place: Place): void {
  if (!checkHeaderName(name, place) || !isForbiddenRequestHeader(name, value)) return
  const lower = byteLowercase(name)
  const way = JUDGED.has(name)
    ? 'the browser sets it from the origin, the method and the headers of the route: leave it out'
    : lower === 'cookie'
      ? "the browser sends cookies where credentials is 'include'; to send one with every request, unjudged, write it in extraHeaders"
      : 'a browser drops it; to send it with every request, unjudged, write it in extraHeaders'
  place.refuseKey(`: no page may set ${argument(name)}: ${way}`)
}

function checkExtraHeader(name: string, _value: string, place: Place): void {
  if (checkHeaderName(name, place) && JUDGED.has(name))
    place.refuseKey(
      `: ${argument(name)} is what the contract is about: the origins, the method and the headers of the route decide it`,
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
        `must be a text${each === null ? '; for a value that does not matter, name the header in a list' : ''}; got ${describeValue(each)}`,
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
      } else
        refuseValue(place, what, typeof value === 'string' ? undefined : value, () =>
          typeof value === 'string' ? 'a text is not a list of names: write each name in a list' : undefined,
        )
    },
  }
}

const pageHeaders = named(
  'headers',
  headers('an object of header names and values, or a list of names', true, checkPageHeader),
)
const extraHeaders = named(
  'extraHeaders',
  headers('an object of header names and values', false, checkExtraHeader),
)

function headerNames(what: string, check: (name: string, place: Place) => void): Rule {
  return list(text({ what: 'a header name', pattern: HEADER_NAME, check }), {
    what,
    hint: (value) => (typeof value === 'string' ? `write [${argument(value)}]` : undefined),
  })
}

const exposes = headerNames("a list of response header names such as ['x-total-count']", (name, place) => {
  if (name === '*') place.refuse(": '*' is not a header: name those that a script must be able to read")
  else if (/^set-cookie2?$/i.test(name)) place.refuse(`: no script may read ${argument(name)}: leave it out`)
  else checkHeaderName(name, place)
})

const urlValues = (what: string): Rule =>
  record({ what, keys: /^/, checkKey: () => undefined, value: urlValue })
const params = urlValues("an object of parameter names and values such as { id: '1' }")
const query = urlValues("an object of names and values such as { page: '2' }")

const PATH = /^\/(?!\/)[^\s?#*{}\\]*$/

/** What is wrong with a path, or undefined. */
function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return `must start with /: ${argument(`/${path}`)}`
  if (path.startsWith('//')) return 'must not start with //, which names another host'
  if (/\s/.test(path)) return 'has white space in it; write %20'
  if (path.includes('?')) return 'has a query in it; write it in query: { name: value }'
  if (path.includes('#')) return 'has a fragment, which no browser sends; leave it out'
  if (path.includes('\\')) return 'has a backslash in it; write /'
  const braces = /\{(\w+)\}/.exec(path)
  if (braces) return `has a parameter in braces; write ${argument(path.replace(/\{(\w+)\}/g, ':$1'))}`
  if (/[*{}]/.test(path))
    return 'has a wildcard; name one path that stands for all, or a parameter: /files/:name'
  if (/\/:\w+[(+]/.test(path)) return 'has an expression after a parameter; write the name alone, /:id'
  if (/\/\.\.?(?:\/|$)/.test(path))
    return 'has . or .. in it, which browsers resolve; write the path that they ask for'
  return undefined
}

/** A method in upper case, a blank, a path. */
const ROUTE = /^[A-Z0-9!#$%&'+.^_`|~-]+ \/(?!\/)[^\s?#*{}\\]*$/

function checkRouteName(name: string, place: Place): void {
  const problem = routeProblem(name)
  if (problem !== undefined) place.refuseKey(problem)
}

/** What is wrong with the name of a route, or undefined. */
function routeProblem(name: string): string | undefined {
  const [, method = '', path = ''] = /^(\S*)\s*(.*)$/s.exec(name) ?? []
  const upper = method.toUpperCase()
  if (method === '' || method.startsWith('/') || path === '') {
    const meant = commonMethods.includes(upper)
      ? `${upper} /orders`
      : `GET ${method.startsWith('/') ? method : '/orders'}`
    return `is not a route; write method and path, such as ${argument(meant)}`
  }
  if (!isToken(method)) return `: ${literal(method)} is not a valid method; write one such as GET`
  if (method !== upper) return `: a method is written in upper case; write ${argument(`${upper} ${path}`)}`
  if (isForbiddenMethod(method)) return `: no page may use ${method}; leave the route out`
  const near = commonMethods.includes(method) ? undefined : nearest(method, commonMethods)
  if (near !== undefined && isSlip(method, near))
    return `: ${method} is not a method that is known; did you mean ${argument(`${near} ${path}`)}?`
  const problem = pathProblem(path)
  if (problem !== undefined) return `: the path ${problem}`
  return name === `${method} ${path}`
    ? undefined
    : `: write one blank between method and path: ${argument(`${method} ${path}`)}`
}

/** Whether a method has the letters of another, one more or less, or some in another order. */
function isSlip(method: string, near: string): boolean {
  const sorted = (word: string): string => [...word].sort().join('')
  return (
    sorted(method) === sorted(near) ||
    [...near].some((_, i) => near.slice(0, i) + near.slice(i + 1) === method) ||
    [...method].some((_, i) => method.slice(0, i) + method.slice(i + 1) === near)
  )
}

const status: Rule = object(
  {
    without: described(
      'Names of request headers, `extraHeaders` too, that are left out.',
      headerNames("a list of request header names such as ['authorization']", (name, place) => {
        if (!isToken(name)) place.refuse(`: ${literal(name)} is not a valid header name`)
      }),
    ),
    params: described('Other values of the path parameters.', params),
    path: described("Instead of the route's path.", {
      schema: { type: 'string', pattern: PATH.source },
      check(value, place) {
        if (typeof value !== 'string') return refuseValue(place, "a path such as '/boom'", value)
        const problem = pathProblem(value)
        if (problem !== undefined) place.refuse(problem)
      },
    }),
    query: described('Added to the query, or instead of what it has.', query),
    headers: described('Added to the headers, or instead of those of the same name.', pageHeaders),
    extraHeaders: described(
      'Added to the extra headers, or instead of those of the same name.',
      extraHeaders,
    ),
  } satisfies Record<keyof ContractStatus, Rule>,
  {
    what: "an object that says how to provoke the status: {}, { without: ['authorization'] }",
    hint: (value) =>
      value === null || value === true ? 'where the plain request gets it, write {}' : undefined,
  },
)

const statuses = named(
  'statuses',
  record({
    what: "an object of statuses, each with how to provoke it, such as { 200: {}, 401: { without: ['authorization'] } }",
    keys: /^[2-5][0-9][0-9]$/,
    checkKey(key, place) {
      if (/^[2-5]\d\d$/.test(key)) return
      place.refuseKey(
        /^1\d\d$/.test(key)
          ? ': no script ever sees a status of 1xx; leave it out'
          : /^\dxx$/i.test(key)
            ? `: write each status by itself, ${key[0]}00 say`
            : `: ${argument(key)} is not a status; write a number such as 200`,
      )
    },
    value: status,
    hint: (value) => {
      if (Array.isArray(value)) return `write { ${value.map(String).join(': {}, ')}: {} }`
      return typeof value === 'number' ? `write { ${value}: {} }` : undefined
    },
  }),
)

const CREDENTIALS = ['omit', 'same-origin', 'include']

const defaultMembers = {
  credentials: described(
    'Whether pages send cookies. Default: omit.',
    choice(CREDENTIALS, (value) => {
      if (typeof value === 'boolean') return `write ${argument(value ? 'include' : 'omit')}`
      return value === null ? "write 'omit'" : undefined
    }),
  ),
  headers: described(
    "What a page's script sets: names and values, or names alone, each then taken to need a preflight.",
    pageHeaders,
  ),
  extraHeaders: described(
    'Sent with every request, never judged, always redacted: the token of a staging gate.',
    extraHeaders,
  ),
  exposes: described("Response headers that a page's script must be able to read.", exposes),
  maxAge: described(
    'Seconds for which browsers must be able to cache the preflight response.',
    count('a whole number of seconds, such as 600'),
  ),
  statuses: described(
    'The statuses that the policy must hold on, each with how to provoke it. Without them any status will do.',
    statuses,
  ),
  rate: described(
    'At most so many requests: `4/s`, `30/min`, `1000/h`.',
    text({
      what: "a number of requests and a time, such as '4/s', '30/min' or '1000/h'",
      pattern: RATE,
      check(value, place) {
        if (parseRate(value) === undefined)
          refuseValue(
            place,
            "a number of requests and a time, such as '4/s', '30/min' or '1000/h'",
            value,
            () => {
              const [, amount, unit] = /^(\d+)\s*(?:\/|per)\s*([smh])/i.exec(value) ?? []
              if (amount === undefined || Number(amount) === 0) return undefined
              return `write ${argument(`${amount}/${unit === 'm' || unit === 'M' ? 'min' : unit?.toLowerCase()}`)}`
            },
          )
      },
      hint: (value) =>
        typeof value === 'number' ? `write ${argument(`${value}/s`)} for so many a second` : undefined,
    }),
  ),
  send: described(
    'Whether a method that changes state is really sent, and not judged by its preflight alone. Default: false.',
    flag,
  ),
} satisfies Record<keyof ContractDefaults, Rule>

/** A contract is sent more than once: its bodies are such as can be. */
const body: Rule = {
  schema: { type: ['string', 'object', 'array', 'null'] },
  check(value, place) {
    if (isRecord(value) || Array.isArray(value)) {
      try {
        JSON.stringify(value)
      } catch (error) {
        place.refuse(`cannot be sent as JSON: ${(error as Error).message.split('\n')[0]}`)
      }
      return
    }
    const extracted = extractBody(value)
    if (extracted === 'unknown')
      refuseValue(
        place,
        'a text, an object or a list that is sent as JSON, or what fetch takes as a body',
        value,
      )
    else if (extracted?.kind === 'stream')
      place.refuse('is a stream, which can be sent only once; give a text or bytes')
  },
}

const routeMembers = {
  origins: described("Where they differ from the contract's.", origins),
  ...defaultMembers,
  params: described("Values of the path's parameters.", params),
  query: described('The query of its requests.', query),
  body: described(
    'The body of its requests: a text, or an object or a list that is sent as JSON with `content-type: application/json`.',
    body,
  ),
} satisfies Record<keyof ContractRoute, Rule>

const route = named(
  'route',
  object(routeMembers, { what: 'an object; write {} where all is as the defaults say' }),
)
const defaults = named('defaults', object(defaultMembers, { what: 'an object of what every route has' }))

const routes = (empty?: string): Rule =>
  record({
    what: "an object of routes such as { 'GET /orders': {} }",
    keys: ROUTE,
    checkKey: checkRouteName,
    value: route,
    hint: (value) => (Array.isArray(value) ? "each route is a key: { 'GET /orders': { … } }" : undefined),
    ...(empty === undefined ? {} : { empty }),
  })

const environment = object(
  {
    origins: described("Instead of the contract's.", origins),
    defaults: described("Instead of the contract's, each by itself.", defaults),
    routes: described('Instead of what the contract says of these routes, each by itself.', routes()),
  } satisfies Record<keyof ContractEnvironment, Rule>,
  { what: 'an object of what differs there' },
)

const contract = object(
  {
    $schema: described('The schema that an editor checks this file with.', {
      schema: { type: 'string' },
      check: (value, place) => {
        if (typeof value !== 'string') refuseValue(place, 'a text', value)
      },
    }),
    origins: described('Who may call, and who may not.', ownOrigins),
    defaults: described('What every route has unless it says otherwise.', defaults),
    routes: described(
      'By method and path: `PUT /orders/:id`.',
      routes("name at least one route, such as 'GET /orders': {}"),
    ),
    environments: described(
      'What differs, by the name of a target or of `environment`.',
      record({
        what: 'an object of environments by their names',
        keys: /^/,
        checkKey: () => undefined,
        value: environment,
      }),
    ),
  } satisfies Record<keyof CorsContract | '$schema', Rule>,
  {
    what: "an object such as { origins: { allow: ['https://app.example.com'] }, routes: { 'GET /orders': {} } }",
    required: {
      origins: "say who may call: { allow: ['https://app.example.com'] }",
      routes: "name the routes: { 'GET /orders': {} }",
    },
    // Where a YAML file keeps what its anchors are for.
    ignored: /^x-/,
  },
)

/** The rule that a whole document is checked with. */
export const contractRule: Rule = contract

/** The published schema. Draft 7 is what editors know. */
export function contractSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'CORS contract of expect-cors',
    description: "An API's CORS policy: every origin and route, declared once.",
    ...contract.schema,
    definitions: Object.fromEntries(Object.entries(shared).map(([name, { schema }]) => [name, schema])),
  }
}
