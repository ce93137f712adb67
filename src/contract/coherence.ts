/** What a contract says in one place must go with what it says in another. */

import { byteLowercase } from '../fetch/http-tokens.js'
import { isSafeMethod } from '../fetch/methods.js'
import { argument, listed } from '../text/shown.js'
import type { ContractStatus, CorsContract } from './contract.js'
import { EffectiveContract, OriginEntry } from './effective.js'
import type { DocumentPath, Mistake, Place } from './mistakes.js'
import { parametersOf, routeShape, splitRoute } from './notations.js'
import { didYouMean, isRecord } from './rule.js'

/**
 * Adds what does not go together. What is already known to be wrong is left out of it, so that nothing is said of it twice, nor of what
 * hangs on it.
 * @param document a plain copy
 */
export function checkCoherence(document: unknown, mistakes: readonly Mistake[], root: Place): void {
  const wrong = new WrongPlaces(mistakes.map(({ path }) => path))
  const sound = without(document, wrong.paths)
  if (!isRecord(sound) || !isRecord(sound.routes)) return
  const contract = sound as unknown as CorsContract
  checkDuplicates(contract, root)
  const compared = new Set<string>()
  for (const environment of [undefined, ...Object.keys(contract.environments ?? {})]) {
    if (environment !== undefined) checkKnownRoutes(contract, environment, root)
    const effective = new EffectiveContract(contract, environment)
    for (const route of effective.routes) {
      const isUnsure = (key: string): boolean => wrong.isUnsure(environment, route, key)
      if (!isUnsure('origins')) {
        if (!isUnsure('credentials')) checkOpenness(effective, route, root)
        checkOrigins(effective, route, root, compared)
      }
      checkBody(effective, route, root)
      if (!isUnsure('params') && !isUnsure('statuses')) {
        checkParams(effective, route, root)
        if (!isUnsure('headers') && !isUnsure('extraHeaders')) checkStatuses(effective, route, root)
      }
    }
  }
}

/** Where something is wrong already. */
class WrongPlaces {
  readonly paths: readonly DocumentPath[]
  readonly #wrong = new Set<string>()
  /** What has something wrong in it. */
  readonly #around = new Set<string>()

  constructor(paths: readonly DocumentPath[]) {
    this.paths = paths
    for (const path of paths) {
      this.#wrong.add(JSON.stringify(path))
      for (let end = 0; end <= path.length; end++) this.#around.add(JSON.stringify(path.slice(0, end)))
    }
  }

  /** Whether something wrong has a say in what holds for a route; a single origin has not. */
  isUnsure(environment: string | undefined, route: string, key: string): boolean {
    if (this.paths.length === 0) return false
    const bases: DocumentPath[] = [[], ...(environment === undefined ? [] : [['environments', environment]])]
    return bases.some((base) =>
      key === 'origins'
        ? this.#isGone([...base, key, 'allow']) || this.#isGone([...base, 'routes', route, key, 'allow'])
        : this.#isTouched([...base, 'defaults', key]) || this.#isTouched([...base, 'routes', route, key]),
    )
  }

  #isGone(path: DocumentPath): boolean {
    return path.some((_, index) => this.#wrong.has(JSON.stringify(path.slice(0, index + 1))))
  }

  #isTouched(path: DocumentPath): boolean {
    return this.#around.has(JSON.stringify(path)) || this.#isGone(path)
  }
}

/** A copy without the values at these paths; a list keeps its places. */
function without(value: unknown, paths: readonly DocumentPath[]): unknown {
  if (paths.some((path) => path.length === 0)) return undefined
  const below = (key: string | number): DocumentPath[] =>
    paths.filter(([first]) => first === key).map((path) => path.slice(1))
  if (Array.isArray(value)) return value.map((item: unknown, index) => without(item, below(index)))
  if (!isRecord(value)) return value
  const members = Object.entries(value).map(([key, member]) => [key, without(member, below(key))] as const)
  return Object.fromEntries(members.filter(([, member]) => member !== undefined))
}

/** `/orders/:id` and `/orders/:orderId` are one route. */
function checkDuplicates(contract: CorsContract, root: Place): void {
  const known = new Map<string, string>()
  for (const name of Object.keys(contract.routes)) {
    const shape = routeShape(name)
    const first = known.get(shape)
    if (first === undefined) known.set(shape, name)
    else root.at('routes', name).refuseKey(`is the same route as ${argument(first)}; write it once`)
  }
}

function checkKnownRoutes(contract: CorsContract, environment: string, root: Place): void {
  const known = Object.keys(contract.routes)
  for (const name of Object.keys(contract.environments?.[environment]?.routes ?? {}))
    if (!known.includes(name))
      root
        .at('environments', environment, 'routes', name)
        .refuseKey(
          `is not a route of the contract${didYouMean(name, known) || ': an environment says what differs there, so name it in routes as well'}`,
        )
}

/** Browsers do not let any origin go with credentials. */
function checkOpenness(effective: EffectiveContract, route: string, root: Place): void {
  const allow = effective.origins(route, 'allow')
  if (allow?.value !== '*' || effective.said(route, 'credentials')?.value !== 'include') return
  root
    .at(...allow.path)
    .refuse(
      `is '*' where credentials is 'include'${allow.own ? '' : ` (${argument(route)})`}: a browser refuses * then, and a server that reflects every origin lets any page read as the user; name the origins, or set credentials: 'omit' on the route`,
    )
}

/** @param compared lists that have been compared: most routes share theirs */
function checkOrigins(effective: EffectiveContract, route: string, root: Place, compared: Set<string>): void {
  const allow = effective.origins(route, 'allow')
  const deny = effective.origins(route, 'deny')
  // What is nearer to the route than a denial is said instead of it.
  if (allow === undefined || deny === undefined || deny.distance > allow.distance) return
  const lists = JSON.stringify([allow.path, deny.path])
  if (compared.has(lists)) return
  compared.add(lists)
  if (allow.value === '*') {
    if (deny.value.length > 0)
      root.at(...deny.path).refuse("lists origins where allow is '*', any origin; leave one of them out")
    return
  }
  const allowed = allow.value.filter((entry) => entry !== undefined).map((entry) => new OriginEntry(entry))
  for (const [index, entry] of deny.value.entries()) {
    if (entry === undefined) continue
    const denied = new OriginEntry(entry)
    const origin = denied.origin((each) => allowed.some((other) => other.covers(each)))
    const by = origin === undefined ? allowed[0] : allowed.find((other) => other.covers(origin))
    if (by === undefined) continue
    const how =
      by.pattern === undefined ? 'is allowed as well' : `is matched by ${argument(by.text)}, which is allowed`
    const way =
      allow.path.length > deny.path.length || allow.distance === deny.distance
        ? 'leave it out of one of the lists'
        : `give the ${deny.own ? 'route' : 'environment'} its own allow, or leave it out`
    root.at(...deny.path, index).refuse(`: ${argument(origin ?? denied.text)} ${how}; ${way}`)
  }
}

function checkBody(effective: EffectiveContract, route: string, root: Place): void {
  const { method } = splitRoute(route)
  const body = effective.ofRoute(route, 'body')
  if (body !== undefined && (method === 'GET' || method === 'HEAD'))
    root.at(...body.path).refuse(`: a ${method} request has no body; write it in query, or leave it out`)
  const send = effective.ofRoute(route, 'send')
  if (send?.value === false && isSafeMethod(method))
    root
      .at(...send.path)
      .refuse(`is false, but ${method} changes nothing on a server, so it is always sent; leave it out`)
}

/** The path's parameters have a value each, in the route or wherever a status is provoked. */
function checkParams(effective: EffectiveContract, route: string, root: Place): void {
  const { path } = splitRoute(route)
  const params = effective.ofRoute(route, 'params')
  const names = parametersOf(path)
  if (params !== undefined) {
    checkNames(Object.keys(params.value), names, params.path, root)
    checkSegments(params.value, params.path, root)
  }
  const ways: ContractStatus[] = effective.isSent(route)
    ? Object.values(effective.said(route, 'statuses')?.value ?? {})
    : []
  const isGiven = (name: string): boolean =>
    Object.hasOwn(params?.value ?? {}, name) ||
    (ways.length > 0 && ways.every((how) => Object.hasOwn(how.params ?? {}, name) || how.path !== undefined))
  const missing = names.filter((name) => !isGiven(name))
  if (missing.length > 0)
    root
      .at('routes', route)
      .refuseKey(
        `has no value for ${listed(missing.map((name) => `:${name}`))}; write params: { ${missing.map((name) => `${name}: '1'`).join(', ')} }`,
      )
}

/** What a route says itself of its statuses. What defaults say is said to many routes, and left out where it does not apply. */
function checkStatuses(effective: EffectiveContract, route: string, root: Place): void {
  const statuses = effective.ofRoute(route, 'statuses')
  if (statuses === undefined) return
  const sent = [...effective.pageHeadersOf(route), ...effective.extraHeadersOf(route)].map(([name]) =>
    byteLowercase(name),
  )
  const given = Object.keys(effective.ofRoute(route, 'params')?.value ?? {})
  for (const [status, how] of Object.entries(statuses.value) as [string, ContractStatus][]) {
    const at = [...statuses.path, status]
    const own = Object.keys(how.params ?? {})
    checkNames(own, parametersOf(how.path ?? splitRoute(route).path), [...at, 'params'], root)
    checkSegments(how.params ?? {}, [...at, 'params'], root)
    const missing = parametersOf(how.path ?? '').filter(
      (name) => !given.includes(name) && !own.includes(name),
    )
    if (missing.length > 0)
      root
        .at(...at, 'path')
        .refuse(
          `has no value for ${listed(missing.map((name) => `:${name}`))}; write the path as it is asked for`,
        )
    for (const [index, name] of (how.without ?? []).entries())
      if (!sent.includes(byteLowercase(name)))
        root
          .at(...at, 'without', index)
          .refuse(
            `: ${argument(name)} is not a header that this route sends${didYouMean(name, sent) || '; name it in headers or extraHeaders, or leave it out'}`,
          )
  }
}

function checkNames(
  given: readonly string[],
  known: readonly string[],
  path: DocumentPath,
  root: Place,
): void {
  for (const name of given)
    if (!known.includes(name))
      root
        .at(...path, name)
        .refuseKey(
          `is not a parameter of the path${didYouMean(name, known) || (known.length === 0 ? ', which has none; leave it out' : `, which has ${listed(known.map((each) => `:${each}`))}`)}`,
        )
}

/** A value that would make another path of the route's. */
function checkSegments(
  params: Readonly<Record<string, string | number>>,
  path: DocumentPath,
  root: Place,
): void {
  for (const [name, value] of Object.entries(params)) {
    if (value === '') root.at(...path, name).refuse('is empty, which asks for another path; give it a value')
    if (value === '.' || value === '..')
      root
        .at(...path, name)
        .refuse(`is ${argument(value)}, which browsers resolve to another path; give it another value`)
  }
}
