/** A contract as a server applies it: what each request that it receives is granted. */

import { profiles } from '../engines/profiles.js'
import { getHeader } from '../fetch/header-list.js'
import { corsPreflightRequest } from '../verdict/evaluate-cors.js'
import type { ContractOrigin, CorsContract } from './contract.js'
import { checkContract } from './define-contract.js'
import { EffectiveContract, OriginEntry } from './effective.js'
import { pathExpression, splitRoute } from './notations.js'
import { resolveContract } from './resolve-contract.js'
import type { ResolvedRoute } from './resolved.js'

/** What a policy grants the pages that it allows. */
export interface PolicyTerms {
  readonly methods: readonly string[]
  /** Names of request headers. */
  readonly headers: readonly string[]
  readonly credentials: boolean
  readonly exposes: readonly string[]
  readonly maxAge: number | undefined
}

/** Who is granted what. */
export interface Policy extends PolicyTerms {
  readonly allow: OriginSet
}

/** What a server says of CORS to one request. */
export interface AppliedPolicy {
  /** Whether another origin may be told something else. */
  readonly varies: boolean
  /** The value of `Access-Control-Allow-Origin`, with the terms; undefined for an origin that is not allowed. */
  readonly grant: (PolicyTerms & { readonly origin: string }) | undefined
}

/** Applies a policy to a request; undefined for one that it says nothing of. @param origin null where the request has none */
export type ApplyPolicy = (method: string, path: string, origin: string | null) => AppliedPolicy | undefined

/** The origins of an `allow`. */
export class OriginSet {
  readonly isAny: boolean
  readonly #entries: readonly OriginEntry[]

  constructor(allow: '*' | readonly ContractOrigin[]) {
    this.isAny = allow === '*'
    this.#entries = allow === '*' ? [] : allow.map((entry) => new OriginEntry(entry))
  }

  has(origin: string | null): boolean {
    return this.isAny || (origin !== null && this.#entries.some((entry) => entry.covers(origin)))
  }
}

/** What the policies for a request grant it: the terms of those that allow its origin, together. */
export function applied(policies: readonly Policy[], origin: string | null): AppliedPolicy {
  const varies = policies.some(({ allow }) => !allow.isAny)
  const granting = policies.filter(({ allow }) => allow.has(origin))
  if (granting.length === 0) return { varies, grant: undefined }
  const all = <T>(listOf: (terms: Policy) => readonly T[]): T[] => [...new Set(granting.flatMap(listOf))]
  const ages = granting.flatMap(({ maxAge }) => maxAge ?? [])
  const isAny = granting.every(({ allow }) => allow.isAny)
  return {
    varies,
    grant: {
      origin: isAny || origin === null ? '*' : origin,
      methods: all(({ methods }) => methods),
      headers: all(({ headers }) => headers),
      credentials: granting.some(({ credentials }) => credentials),
      exposes: all(({ exposes }) => exposes),
      maxAge: ages.length === 0 ? undefined : Math.max(...ages),
    },
  }
}

/** A path of the contract, and the policy for what is asked there. */
interface Place {
  readonly method: string
  readonly path: RegExp
  readonly rank: string
  readonly policy: Policy
}

/**
 * The contract as a server that does no more than it applies it: to the route that a request is for, or else to those that provoke a status there.
 * @throws CorsUsageError for a contract with a mistake, and for an environment that it does not have
 */
export function applyContract(contract: CorsContract, environment?: string): ApplyPolicy {
  const { routes } = resolveContract(contract, environment)
  const effective = new EffectiveContract(checkContract(contract, { name: 'the contract' }), environment)
  const own: Place[] = []
  const provoked: Place[] = []
  for (const route of routes) {
    const policy = routePolicy(route, new OriginSet(effective.origins(route.name, 'allow')?.value ?? []))
    const { method, path } = splitRoute(route.name)
    own.push({ method, policy, ...pathExpression(path) })
    const statuses = route.sends ? Object.values(effective.said(route.name, 'statuses')?.value ?? {}) : []
    for (const { path: other } of statuses)
      if (other !== undefined) provoked.push({ method, policy, ...pathExpression(other) })
  }
  // What names a segment is more than a parameter for any.
  own.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
  return (method, path, origin) => {
    const isThere = (place: Place): boolean => place.method === method && place.path.test(path)
    const nearest = own.find(isThere)
    const places = nearest === undefined ? provoked.filter(isThere) : [nearest]
    return places.length === 0
      ? undefined
      : applied(
          places.map(({ policy }) => policy),
          origin,
        )
  }
}

function routePolicy(route: ResolvedRoute, allow: OriginSet): Policy {
  let headers: readonly string[] | undefined
  return {
    allow,
    methods: [route.method],
    /** Found with the first request. */
    get headers() {
      headers ??= unsafeNames(route)
      return headers
    },
    credentials: route.credentials === 'include',
    exposes: route.exposes,
    maxAge: route.maxAge,
  }
}

/** The headers that a preflight for a route asks for, in any engine. One that a page may send without asking is not granted for other values. */
function unsafeNames({ method, body, requests }: ResolvedRoute): string[] {
  const names = new Set<string>()
  for (const { headers } of requests)
    for (const engine of Object.keys(profiles) as (keyof typeof profiles)[]) {
      const request = { origin: 'https://page.example', url: 'https://api.example/', method, headers, body }
      const preflight = corsPreflightRequest(request, engine)
      const asked = preflight === null ? null : getHeader(preflight.headers, 'access-control-request-headers')
      for (const name of asked?.split(',') ?? []) names.add(name)
    }
  return [...names].sort()
}
