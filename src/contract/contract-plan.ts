/** What a check asks, worked out before anything is sent: pure. */

import { nearest } from '../text/nearest.js'
import { literal } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import type { ContractCell } from './contract-report.js'
import type { ResolvedContract, ResolvedRequest, ResolvedRoute } from './resolved.js'

/** What a cell is, before it is judged. */
export type CellPlace = Pick<ContractCell, 'target' | 'route' | 'origin' | 'expected' | 'status'>

/** One cell to judge. */
export interface PlannedCell {
  /** Its place in the report. */
  readonly index: number
  readonly place: CellPlace
}

/** The cells that are each other's control: one way to send a route's request, to one target. */
export interface PlannedGroup {
  readonly route: ResolvedRoute
  readonly request: ResolvedRequest
  /** The status that it must provoke; undefined where any will do, and where the request itself is not sent. */
  readonly status: number | undefined
  readonly cells: readonly PlannedCell[]
}

/** A target's part of a check. */
export interface PlannedTarget {
  readonly name: string
  /** Those of one path follow one another, so that what they share is kept for no longer than needed. */
  readonly groups: readonly PlannedGroup[]
}

/** All of a check. */
export interface ContractPlan {
  readonly targets: readonly PlannedTarget[]
  /** How many cells there are. */
  readonly cells: number
}

/** The column of a route that every origin may call: it is asked as random ones. */
export const ANY_ORIGIN = '*'

/**
 * Plans a check.
 * @param only the names of the routes to check
 * @throws CorsUsageError where nothing is left to judge
 */
export function planCheck(
  targets: readonly { readonly name: string; readonly contract: ResolvedContract }[],
  only?: readonly string[],
): ContractPlan {
  if (only !== undefined) checkOnly(only, targets)
  let cells = 0
  const planned = targets.map(({ name, contract }): PlannedTarget => {
    const groups: PlannedGroup[] = []
    for (const route of contract.routes) {
      if (only !== undefined && !only.includes(route.name)) continue
      for (const request of route.sends ? route.requests : route.requests.slice(0, 1)) {
        const group = planGroup(name, route, request, cells)
        cells += group.cells.length
        groups.push(group)
      }
    }
    return { name, groups: byPath(groups) }
  })
  const empty = planned.find(({ groups }) => groups.every((group) => group.cells.length === 0))
  if (empty !== undefined || targets.length === 0) {
    throw new CorsUsageError(
      `there is nothing to judge${empty === undefined ? '' : ` on ${literal(empty.name)}`}: the contract names no route with an origin to ask as`,
    )
  }
  return { targets: planned, cells }
}

function planGroup(
  target: string,
  route: ResolvedRoute,
  request: ResolvedRequest,
  first: number,
): PlannedGroup {
  const status = route.sends ? request.status : undefined
  const { allow, deny } = route
  const allowed = allow === '*' ? [ANY_ORIGIN] : [...new Set(allow.map(({ origin }) => origin))]
  const denied = [...new Set(deny.map(({ origin }) => origin))]
  const columns = [
    ...allowed.map((origin) => ({ origin, expected: 'allow' as const })),
    ...denied.map((origin) => ({ origin, expected: 'deny' as const })),
  ]
  const cells = columns.map(({ origin, expected }, at): PlannedCell => {
    const place = { target, route: route.name, origin, expected }
    return { index: first + at, place: status === undefined ? place : { ...place, status } }
  })
  return { route, request, status, cells }
}

/** In their order, but those of one path together. */
function byPath(groups: readonly PlannedGroup[]): PlannedGroup[] {
  const paths = new Map<string, PlannedGroup[]>()
  for (const group of groups) {
    const { path } = group.request
    const same = paths.get(path)
    if (same === undefined) paths.set(path, [group])
    else same.push(group)
  }
  return [...paths.values()].flat()
}

/** @throws CorsUsageError for a name that is no route's */
function checkOnly(
  only: readonly string[],
  targets: readonly { readonly contract: ResolvedContract }[],
): void {
  const known = [...new Set(targets.flatMap(({ contract }) => contract.routes.map(({ name }) => name)))]
  if (only.length === 0) throw new CorsUsageError('only must name at least one route; got none')
  for (const name of only) {
    if (known.includes(name)) continue
    const near = nearest(name, known)
    throw new CorsUsageError(
      `only: ${literal(name)} is not a route of the contract${near === undefined ? `; it has ${known.map(literal).join(', ')}` : `; did you mean ${literal(near)}?`}`,
    )
  }
}
