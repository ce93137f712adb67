/** What a contract may say, in one definition: it checks documents, and is their published JSON Schema. */

import { extractBody } from '../fetch/body.js'
import { isToken } from '../fetch/http-tokens.js'
import { argument, literal } from '../text/shown.js'
import type {
  ContractDefaults,
  ContractEnvironment,
  ContractRoute,
  ContractStatus,
  CorsContract,
} from './contract.js'
import { exposes, extraHeaders, headerNames, pageHeaders } from './header-rules.js'
import { parseRate, RATE } from './notations.js'
import { origin, origins, ownOrigins } from './origin-rules.js'
import { checkRouteName, PATH, pathProblem, ROUTE } from './route-name.js'
import {
  choice,
  count,
  described,
  flag,
  isRecord,
  type JsonSchema,
  named,
  object,
  type Rule,
  record,
  refuseValue,
  text,
  urlValue,
} from './rule.js'

const urlValues = (what: string): Rule =>
  record({ what, keys: /^/, checkKey: () => undefined, value: urlValue })
const params = urlValues("an object of parameter names and values such as { id: '1' }")
const query = urlValues("an object of names and values such as { page: '2' }")

const status: Rule = object(
  {
    without: described(
      'Names of request headers, `extraHeaders` too, that are left out.',
      headerNames("a list of request header names such as ['authorization']", (name, place) => {
        if (!isToken(name)) place.refuse(`names ${literal(name)}, which is not a valid header name`)
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
            ? `: write each status by itself, such as ${key[0]}00`
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
    'The maximum rate of requests: `4/s`, `30/min`, `1000/h`.',
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
        typeof value === 'number' ? `write ${argument(`${value}/s`)} for that many per second` : undefined,
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
        'a string, an object or a list that is sent as JSON, or what fetch takes as a body',
        value,
      )
    else if (extracted?.kind === 'stream')
      place.refuse('is a stream, which can be sent only once; give a string or bytes')
  },
}

const routeMembers = {
  origins: described("Where they differ from the contract's.", origins),
  ...defaultMembers,
  params: described("Values of the path's parameters.", params),
  query: described('The query of its requests.', query),
  body: described(
    'The body of its requests: a string, or an object or a list that is sent as JSON with `content-type: application/json`.',
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
    hint: (value) => (Array.isArray(value) ? "write { 'GET /orders': { … } }" : undefined),
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
        if (typeof value !== 'string') refuseValue(place, 'a string', value)
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

const SHARED = [origins, origin, pageHeaders, extraHeaders, statuses, defaults, route]

/** The published schema. Draft 7 is what editors know. */
export function contractSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'CORS contract of expect-cors',
    description: "An API's CORS policy: every origin and route, declared once.",
    ...contract.schema,
    definitions: Object.fromEntries(SHARED.map(({ name, definition }) => [name, definition])),
  }
}
