/** A contract written down from a running server, by asking it. */

import { isSafeMethod } from '../fetch/methods.js'
import { checkNames, optionChecks } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { argument } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { ContractOrigins, ContractRoute, CorsContract, RouteName } from './contract.js'
import { defineCorsContract } from './define-contract.js'
import { fillPath, splitRoute } from './notations.js'
import { type AskPolicyOptions, checkOrigins, PolicyAsker, type PolicyRequest } from './policy-asker.js'
import { recordedExposed, recordedMaxAge } from './recorded-headers.js'

/** What of a route is said beforehand. */
export type RecordedRoute = Pick<ContractRoute, 'headers' | 'params' | 'query'>

/** What is written down. */
export interface RecordContractOptions extends AskPolicyOptions {
  /** Whom to ask as: each of them is allowed or denied on each route. */
  readonly origins: readonly string[]
  /** The routes, by method and path, and what their requests are made of. */
  readonly routes: readonly RouteName[] | Readonly<Record<RouteName, RecordedRoute>>
}

const WHERE = 'recordCorsContract()'
/** Nobody's: whoever lets both in lets in anybody. */
const STRANGERS = ['https://stranger.example', 'https://stranger.test']

/**
 * Writes down what a server allows, so that others can be held to it, or the same one later. Methods other than GET and HEAD are asked for by
 * their preflights only.
 *
 * @param target a URL, an app in this process, MSW handlers or server, or what `endpoint()` returned
 * @returns a contract that this server honors now
 * @throws CorsNetworkError where the server does not respond; CorsUsageError for an invalid option, and for a route that nothing can be learned about
 * @example
 * const contract = await recordCorsContract('https://staging.example.com', {
 *   origins: ['https://app.example.com', 'https://evil.example'],
 *   routes: ['GET /orders', 'PUT /orders'],
 * })
 */
export async function recordCorsContract(
  target: unknown,
  options: RecordContractOptions,
): Promise<CorsContract> {
  checkOptions(options)
  const said = checkOrigins(options.origins, WHERE)
  const routes = routesOf(options.routes)
  const origins = [...new Set([...said, ...STRANGERS, 'null'])]
  const asker = new PolicyAsker(target, options)
  const found = await asker.during(async () => {
    const all: FoundRoute[] = []
    for (const [name, route] of routes) all.push(await recordRoute(asker, name, route, origins))
    return all
  })
  const general = mostCommon(found.flatMap(({ allow }) => (allow === '*' ? [] : [allow])))
  return defineCorsContract({
    origins: { allow: general, deny: deniedOf(said, general) },
    routes: Object.fromEntries(
      found.map(({ name, allow, route }) => [
        name,
        isSame(allow, general) ? route : { ...route, origins: originsOf(said, allow) },
      ]),
    ),
  })
}

/** A route as it was found. */
interface FoundRoute {
  readonly name: RouteName
  readonly allow: '*' | readonly string[]
  readonly route: ContractRoute
}

async function recordRoute(
  asker: PolicyAsker,
  name: RouteName,
  said: RecordedRoute,
  origins: readonly string[],
): Promise<FoundRoute> {
  const { method, path } = splitRoute(name)
  const { params = {}, query = {}, headers } = said
  const request: PolicyRequest = {
    path: fillPath(path, params, query),
    method,
    ...(headers === undefined ? {} : { headers }),
  }
  const sends = isSafeMethod(method)
  const asAll = async (credentials: 'omit' | 'include') =>
    Promise.all(
      origins.map(async (origin) => ({
        origin,
        response: await asker.ask({ ...request, credentials }, origin, !sends),
      })),
    )
  const plain = await asAll('omit')
  const allowed = plain.filter(({ response }) => response.allowed)
  const first = allowed[0]?.response
  if (!sends && first?.preflighted === false)
    throw untold(name, 'no browser sends a preflight for it, and the request itself is not sent')
  if (!sends && first === undefined)
    throw untold(name, 'none of the origins may send it, and a route that is not there looks the same')
  const isOpen = STRANGERS.every((origin) => allowed.some((each) => each.origin === origin))
  const withCredentials = (await asAll('include')).filter(({ response }) => response.allowed)
  const isCredentialed = !isOpen && allowed.length > 0 && withCredentials.length === allowed.length
  const statuses = sends
    ? await statusesOf(
        asker,
        request,
        allowed.map(({ response }) => response.response?.status),
      )
    : undefined
  const exposes =
    first === undefined
      ? []
      : recordedExposed(first).filter((each) =>
          allowed.every(({ response }) => response.exposed.includes(each)),
        )
  const maxAge = Math.min(...allowed.map(({ response }) => recordedMaxAge(response.preflight) ?? 0))
  return {
    name,
    allow: isOpen ? '*' : allowed.map(({ origin }) => origin),
    route: {
      ...said,
      ...(isCredentialed ? { credentials: 'include' as const } : {}),
      ...(exposes.length > 0 ? { exposes } : {}),
      ...(maxAge > 0 && Number.isFinite(maxAge) ? { maxAge } : {}),
      ...(statuses === undefined ? {} : { statuses }),
    },
  }
}

/** The status that all who are allowed get; where nobody is, the one that the request gets without a page. */
async function statusesOf(
  asker: PolicyAsker,
  request: PolicyRequest,
  got: readonly (number | undefined)[],
): Promise<Record<number, object> | undefined> {
  const statuses = new Set(got.length > 0 ? got : [await asker.plainStatus(request)])
  const [status] = statuses
  return statuses.size === 1 && status !== undefined ? { [status]: {} } : undefined
}

function untold(route: string, why: string): CorsUsageError {
  return new CorsUsageError(
    `${WHERE}: nothing can be learned about ${argument(route)}: ${why}. Leave it out, or name an origin or headers with which a browser sends a preflight`,
  )
}

function originsOf(said: readonly string[], allow: FoundRoute['allow']): ContractOrigins {
  return allow === '*' ? { allow } : { allow, deny: deniedOf(said, allow) }
}

/** Whoever was asked as and is not allowed: a stranger always, and pages without an origin. */
function deniedOf(said: readonly string[], allow: readonly string[]): string[] {
  const [stranger = ''] = STRANGERS
  return [...new Set([...said, stranger, 'null'])].filter((origin) => !allow.includes(origin))
}

function isSame(one: FoundRoute['allow'], other: readonly string[]): boolean {
  return one !== '*' && JSON.stringify(one) === JSON.stringify(other)
}

function mostCommon(lists: readonly (readonly string[])[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const list of lists) counts.set(JSON.stringify(list), (counts.get(JSON.stringify(list)) ?? 0) + 1)
  const [most] = [...counts].sort(([, one], [, other]) => other - one)
  return most === undefined ? [] : (JSON.parse(most[0]) as string[])
}

function routesOf(routes: unknown): [RouteName, RecordedRoute][] {
  const entries = Array.isArray(routes) ? routes.map((name) => [name, {}]) : Object.entries(routes ?? {})
  if (entries.length === 0)
    throw new CorsUsageError(`${WHERE}: routes must name at least one route, such as 'GET /orders'`)
  // Their names and what is said of them are checked as a contract's.
  const contract = defineCorsContract({ origins: { allow: [] }, routes: Object.fromEntries(entries) })
  return Object.entries(contract.routes) as [RouteName, RecordedRoute][]
}

/** @throws CorsUsageError */
function checkOptions(options: unknown): void {
  if (!hasMembers(options))
    throw new CorsUsageError(`${WHERE} needs { origins, routes }; got ${describeValue(options)}`)
  const { extraHeaders, engines, timeout, signal } = optionChecks
  const checks = { extraHeaders, engines, timeout, signal }
  checkNames(options, ['origins', 'routes', ...Object.keys(checks)], WHERE)
  for (const [name, check] of Object.entries(checks))
    if (options[name] !== undefined) check(options[name], WHERE)
}
