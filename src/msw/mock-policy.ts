/** What a mock is told of CORS: a policy for all of it, or a contract. */

import {
  type ApplyPolicy,
  applied,
  applyContract,
  OriginSet,
  type PolicyTerms,
} from '../contract/applied-policy.js'
import type { ContractOrigin, CorsContract } from '../contract/contract.js'
import { checkPageHeader, exposes, headerNames } from '../contract/header-rules.js'
import { contractError, Mistakes, Place } from '../contract/mistakes.js'
import { originMembers } from '../contract/origin-rules.js'
import { count, flag, isRecord, list, object, type Rule, refuseValue } from '../contract/rule.js'
import { isToken } from '../fetch/http-tokens.js'
import { isForbiddenMethod, normalizeMethod } from '../fetch/methods.js'
import { argument, literal } from '../text/shown.js'

/** The CORS policy of a whole API. What it does not name is not allowed. */
export interface MockPolicy {
  /** Exact origins, and patterns: `https://*.example.com`, `http://localhost:*`. `'*'` is any origin; with an empty list no page may call. */
  readonly allow: '*' | readonly ContractOrigin[]
  /** Methods that pages may use; `GET`, `HEAD` and `POST` need no permission. `['*']` is every method. @default [] */
  readonly methods?: readonly string[]
  /** Request headers that pages may set. `['*']` is every header but `authorization`. @default [] */
  readonly headers?: readonly string[]
  /** Whether pages may send cookies. @default false */
  readonly credentials?: boolean
  /** Response headers that a page's script may read. `['*']` is every header. @default [] */
  readonly exposes?: readonly string[]
  /** Seconds for which browsers may keep a preflight response. @default they keep it for 5 seconds */
  readonly maxAge?: number
}

const method: Rule = {
  schema: {},
  check(value, place) {
    if (typeof value !== 'string') return refuseValue(place, "a method such as 'PUT'", value)
    const usual = normalizeMethod(value)
    if (!isToken(value) || isForbiddenMethod(value))
      place.refuse(`names ${literal(value)}, which is not a method that a page may use`)
    else if (usual !== value)
      place.refuse(`names ${argument(value)}, which browsers send as ${usual}: write ${argument(usual)}`)
  },
}

/** A list, or all there is. */
function orAll(rule: Rule): Rule {
  return { ...rule, check: (value, place) => (isAll(value) ? undefined : rule.check(value, place)) }
}

function isAll(value: unknown): boolean {
  return Array.isArray(value) && value.length === 1 && value[0] === '*'
}

const policyRule = object(
  {
    allow: originMembers.allow,
    methods: orAll(
      list(method, {
        what: "a list of methods such as ['PUT', 'DELETE']",
        hint: (value) => (typeof value === 'string' ? `write [${argument(value)}]` : undefined),
      }),
    ),
    headers: orAll(
      headerNames("a list of request header names such as ['content-type']", (name, place) =>
        checkPageHeader(name, '', place),
      ),
    ),
    credentials: flag,
    exposes: orAll(exposes),
    maxAge: count('a whole number of seconds, such as 600'),
  } satisfies Record<keyof MockPolicy, Rule>,
  {
    what: "a contract, or a policy such as { allow: ['https://app.example.com'], methods: ['PUT'], headers: ['content-type'] }",
    required: { allow: "list the origins that may call, ['https://app.example.com']" },
  },
)

/**
 * Reads what a mock is told of CORS.
 * @throws CorsUsageError that tells every mistake
 */
export function readMockPolicy(
  given: CorsContract | MockPolicy,
  where: string,
  environment: string | undefined,
): ApplyPolicy {
  if (isRecord(given) && ('routes' in given || 'origins' in given))
    return applyContract(given as CorsContract, environment)
  checkMockPolicy(given, where, environment)
  const {
    allow,
    methods = [],
    headers = [],
    credentials = false,
    exposes: exposed = [],
    maxAge,
  } = given as MockPolicy
  const terms: PolicyTerms = { methods, headers, credentials, exposes: exposed, maxAge }
  const policy = { ...terms, allow: new OriginSet(allow) }
  return (_method, _path, origin) => applied([policy], origin)
}

function checkMockPolicy(given: unknown, where: string, environment: string | undefined): void {
  const mistakes = new Mistakes()
  const root = new Place(mistakes)
  const said = isRecord(given)
    ? Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    : given
  policyRule.check(said, root)
  if (isRecord(said) && said.credentials === true)
    for (const [key, value] of Object.entries(said))
      if (value === '*' || (Array.isArray(value) && value.includes('*')))
        root
          .at(key)
          .refuse("is '*' where credentials is true, and browsers take no * then: list what is allowed")
  if (environment !== undefined)
    root.at('environment').refuseKey('is an option for a contract; a policy has no environments')
  if (mistakes.all.length > 0) throw contractError(mistakes.all, { name: where, noun: 'policy' })
}
