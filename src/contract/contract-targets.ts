/** What is checked, one endpoint or several by name, and what differs between them. */

import { isEndpoint } from '../subject/endpoint.js'
import { literal } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import type { ContractCell, ContractDrift } from './contract-report.js'

/** An endpoint (a URL, an app in this process, MSW handlers or server, what `endpoint()` returned), or several by name. */
export type ContractTarget = unknown

/** What a single endpoint is called. */
export const ONLY_TARGET = 'target'

/** Targets by name. @throws CorsUsageError for a value that is not an endpoint */
export function readTargets(target: ContractTarget, where: string): ReadonlyMap<string, unknown> {
  if (isEndpoint(target)) return new Map([[ONLY_TARGET, target]])
  if (!isPlain(target)) {
    throw new CorsUsageError(
      `${where} takes an endpoint (a URL, or an app in this process), or several by name, { staging: 'https://…' }; got ${describeValue(target)}`,
    )
  }
  const targets = new Map(Object.entries(target))
  if (targets.size === 0)
    throw new CorsUsageError(`${where} got no target: name at least one, { staging: 'https://…' }`)
  for (const [name, each] of targets) {
    if (!isEndpoint(each))
      throw new CorsUsageError(
        `${where}: the target ${literal(name)} must be a URL or an app in this process; got ${describeValue(each)}`,
      )
  }
  return targets
}

/** Whether a value is an object of the caller's own making, and not a response, a map or a list. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // An object of another realm, as in Jest, has another realm's prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The cells that have not the same outcome on every target that has them, in the order of the first target. */
export function driftOf(cells: readonly ContractCell[]): ContractDrift[] {
  if (cells.every(({ target }) => target === cells[0]?.target)) return []
  const byPlace = new Map<string, ContractCell[]>()
  for (const cell of cells) {
    const place = JSON.stringify([cell.route, cell.status, cell.origin])
    const same = byPlace.get(place)
    if (same === undefined) byPlace.set(place, [cell])
    else same.push(cell)
  }
  return [...byPlace.values()]
    .filter((same) => new Set(same.map(({ outcome }) => outcome)).size > 1)
    .map((same) => {
      const { route, origin, status } = same[0] as ContractCell
      const outcomes = Object.fromEntries(same.map(({ target, outcome }) => [target, outcome]))
      return { route, origin, ...(status === undefined ? {} : { status }), outcomes }
    })
}
