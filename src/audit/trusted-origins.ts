/** Who may read: the origins that an audit takes as its control, and what is derived from. */

import type { ContractOrigin, CorsContract } from '../contract/contract.js'
import { checkContract } from '../contract/define-contract.js'
import { EffectiveContract, OriginEntry } from '../contract/effective.js'
import { splitRoute } from '../contract/notations.js'
import { parsePattern } from '../contract/origin-pattern.js'
import { hasMembers } from '../subject/shape.js'
import { argument } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { checkOrigin } from '../verdict/client.js'

export interface TrustedOrigin {
  /** To ask with. */
  readonly origin: string
  /** What a pattern such as `https://*.preview.example.com` has behind its wildcard: `preview.example.com`. */
  readonly below?: string
}

/** All of them. */
export interface TrustedOrigins {
  readonly origins: readonly TrustedOrigin[]
  covers(origin: string): boolean
}

const HINT = "write trusted: ['https://app.example.com']"

/**
 * @param trusted a list of origins and patterns, or a contract
 * @param path what is audited: the route of a contract at that path has its own origins
 * @throws CorsUsageError for what is not one, and for a contract that lets in everybody or nobody
 */
export function readTrusted(trusted: unknown, path: string | undefined, where: string): TrustedOrigins {
  const entries = Array.isArray(trusted)
    ? checkedList(trusted, where)
    : allowedBy(trusted, path, where).map((entry) => new OriginEntry(entry))
  if (entries.length === 0)
    throw new CorsUsageError(
      `${where}: trusted names no origin, and what nobody may read has no control: ${HINT}`,
    )
  const origins = new Map<string, TrustedOrigin>()
  for (const entry of entries) {
    const origin = entry.origin((each) => origins.has(each))
    if (origin === undefined || origins.has(origin)) continue
    const below = /^[^:]+:\/\/[^/:]*\*\.?([^/:]+)/.exec(entry.text)?.[1]
    origins.set(origin, below === undefined ? { origin } : { origin, below })
  }
  return {
    origins: [...origins.values()],
    covers: (origin) => entries.some((entry) => entry.covers(origin)),
  }
}

function checkedList(trusted: readonly unknown[], where: string): OriginEntry[] {
  return trusted.map((each) => {
    if (each === '*')
      throw new CorsUsageError(
        `${where}: trusted: '*' is everybody, so that nobody is left to keep out; for an API that everybody may read without cookies name an origin and write publicApi: true`,
      )
    if (typeof each === 'string' && each.includes('*')) {
      const pattern = parsePattern(each)
      if (typeof pattern === 'string')
        throw new CorsUsageError(`${where}: trusted: ${argument(each)} ${pattern}`)
    } else checkOrigin(each)
    return new OriginEntry(each as string)
  })
}

/** The origins that a contract allows: on the route of that path, or else in general. */
function allowedBy(contract: unknown, path: string | undefined, where: string): readonly ContractOrigin[] {
  if (!hasMembers(contract) || !hasMembers(contract.routes))
    throw new CorsUsageError(
      `${where}: trusted must be a list of origins, or a contract; got ${describeValue(contract)}; ${HINT}`,
    )
  const checked = checkContract(contract as unknown as CorsContract, { name: 'the contract' })
  const effective = new EffectiveContract(checked)
  const route = effective.routes.find((name) => isRouteOf(name, path))
  const allowed =
    (route === undefined ? undefined : effective.origins(route, 'allow')?.value) ?? effective.generalAllow()
  if (allowed === '*')
    throw new CorsUsageError(
      `${where}: the contract lets in any origin${route === undefined ? '' : ` on ${argument(route)}`}, so that nobody is left to keep out`,
    )
  return allowed
}

/** Whether a contract's route is what is audited: `GET /orders/:id` for `/orders/1`. */
function isRouteOf(name: string, path = ''): boolean {
  const route = splitRoute(name)
  if (route.method !== 'GET') return false
  const segments = (text: string): string[] => text.replace(/\?.*/s, '').split('/').filter(Boolean)
  const [wanted, given] = [segments(route.path), segments(path)]
  return (
    wanted.length === given.length &&
    wanted.every((segment, at) => segment.startsWith(':') || segment === given[at])
  )
}
