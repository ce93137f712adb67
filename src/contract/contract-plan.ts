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

/** Who a route is asked as, and what must come of it: the same for most routes. */
type Column = Pick<CellPlace, 'origin' | 'expected'>

/** The cells that are each other's control: one way to send a route's request, to one target. */
export class PlannedGroup {
  readonly route: ResolvedRoute
  readonly request: ResolvedRequest
  /** The status that it must provoke; undefined where any will do, and where the request itself is not sent. */
  readonly status: number | undefined
  private readonly target: string
  private readonly columns: readonly Column[]
  private readonly first: number

  constructor(
    target: string,
    route: ResolvedRoute,
    request: ResolvedRequest,
    columns: readonly Column[],
    first: number,
  ) {
    this.target = target
    this.route = route
    this.request = request
    this.status = route.sends ? request.status : undefined
    this.columns = columns
    this.first = first
  }

  /** How many cells it has. */
  get size(): number {
    return this.columns.length
  }

  /** Made when they are asked for: of a large contract only those are there that are being judged. */
  get cells(): readonly PlannedCell[] {
    const { target, route, status, first } = this
    return this.columns.map(({ origin, expected }, at) => {
      const place =
        status === undefined
          ? { target, route: route.name, origin, expected }
          : { target, route: route.name, origin, expected, status }
      return { index: first + at, place }
    })
  }
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
  const known = new Map<string, readonly Column[]>()
  const sharedColumns = (route: ResolvedRoute): readonly Column[] => {
    const columns = columnsOf(route)
    const key = JSON.stringify(columns)
    const same = known.get(key) ?? columns
    known.set(key, same)
    return same
  }
  const planned = targets.map(({ name, contract }): PlannedTarget => {
    const groups: PlannedGroup[] = []
    for (const route of contract.routes) {
      if (only !== undefined && !only.includes(route.name)) continue
      const columns = sharedColumns(route)
      for (const request of route.sends ? route.requests : route.requests.slice(0, 1)) {
        const group = new PlannedGroup(name, route, request, columns, cells)
        cells += group.size
        groups.push(group)
      }
    }
    return { name, groups: byPath(groups) }
  })
  const empty = planned.find(({ groups }) => groups.every(({ size }) => size === 0))
  if (empty !== undefined || targets.length === 0) {
    throw new CorsUsageError(
      `there is nothing to judge${empty === undefined ? '' : ` on ${literal(empty.name)}`}: the contract names no route with an origin to ask as`,
    )
  }
  return { targets: planned, cells }
}

function columnsOf({ allow, deny }: ResolvedRoute): Column[] {
  const allowed = allow === '*' ? [ANY_ORIGIN] : [...new Set(allow.map(({ origin }) => origin))]
  const denied = [...new Set(deny.map(({ origin }) => origin))]
  return [
    ...allowed.map((origin) => ({ origin, expected: 'allow' as const })),
    ...denied.map((origin) => ({ origin, expected: 'deny' as const })),
  ]
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

/** @throws CorsUsageError for an unknown route */
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
