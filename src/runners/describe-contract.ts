/** One test for each cell of a contract. */

import { type CheckContractOptions, checkCorsContract, planContract } from '../contract/check-contract.js'
import type { CorsContract } from '../contract/contract.js'
import type { CellPlace } from '../contract/contract-plan.js'
import type { ContractReport } from '../contract/contract-report.js'
import { type ContractTarget, ONLY_TARGET, readTargets } from '../contract/contract-targets.js'
import { cellMessage } from '../contract/report/assertion-texts.js'
import { cellName } from '../contract/report/matrix.js'
import { LONGEST_TIMEOUT } from '../subject/clock.js'
import { isEndpoint } from '../subject/endpoint.js'
import { hasMethods } from '../subject/shape.js'
import { shown } from '../text/shown.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'

/** How a contract is tested. */
export interface DescribeContractOptions extends Omit<CheckContractOptions, 'onProgress'> {
  /** What the tests stand under. @default 'CORS contract' */
  readonly name?: string | undefined
}

/** What is used of a runner. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown
  test(name: string, run: (...context: unknown[]) => Promise<void>, timeout: number): unknown
}

/**
 * Makes a test for each cell of a contract: each origin on each route, of each target. A cell that could not be judged fails.
 *
 * The first test that runs has all of them asked, so that what they share is sent once.
 *
 * @param contract what `defineCorsContract` or `loadCorsContract` returned
 * @param target an endpoint, or several by name; each may be a promise, of a URL that is known once a server listens
 * @param options those of `checkCorsContract`, and the `name` of the suite
 * @throws CorsUsageError for a contract with a mistake
 * @example
 * describeCorsContract(contract, app)
 * describeCorsContract(contract, { staging: 'https://staging.example.com', production: 'https://api.example.com' })
 */
export type DescribeCorsContract = (
  contract: CorsContract,
  target: ContractTarget,
  options?: DescribeContractOptions,
) => void

const WHERE = 'describeCorsContract()'

/** Makes the tests, without asking anything yet. @param caller whose caller is shown where a test fails */
export function describeContract(
  runner: TestRunner,
  caller: (...args: never[]) => unknown,
  ...[contract, target, { name = 'CORS contract', ...options } = {}]: Parameters<DescribeCorsContract>
): void {
  const names = namesOf(target)
  const plan = planContract(contract, names, options)
  const call = {}
  Error.captureStackTrace(call, caller)
  let report: Promise<ContractReport> | undefined

  const testsOf = (places: readonly CellPlace[]): void => {
    for (const place of places) {
      runner.test(
        cellName(place),
        async (...[context]) => {
          report ??= check(contract, target, options, pickedTests(context, names.length > 1))
          const { targets, cells } = await report
          const cell = cells.find((each) => isAt(each, place))
          if (cell?.outcome === 'held') return
          throw failed(
            cell === undefined ? `${cellName(place)} was not asked` : cellMessage(cell, { targets }),
            call,
          )
        },
        LONGEST_TIMEOUT,
      )
    }
  }

  runner.describe(name, () => {
    for (const { name: targetName, groups } of plan.targets) {
      const places = groups.flatMap(({ cells }) => cells.map(({ place }) => place))
      if (names.length === 1) testsOf(places)
      else runner.describe(shown(targetName), () => testsOf(places))
    }
  })
}

/** The names are known when tests are made, and what they stand for may be known later: a server's URL, once it listens. */
function namesOf(target: ContractTarget): string[] {
  if (isEndpoint(target) || isPromise(target)) return [ONLY_TARGET]
  if (typeof target !== 'object' || target === null || !Object.values(target).some(isPromise))
    return [...readTargets(target, WHERE).keys()]
  return Object.keys(target)
}

function isPromise(value: unknown): value is Promise<unknown> {
  return hasMethods(value, 'then') && !isEndpoint(value)
}

async function check(
  contract: CorsContract,
  target: ContractTarget,
  options: CheckContractOptions,
  picked: ReadonlySet<string> | undefined,
): Promise<ContractReport> {
  const targets = await settled(target)
  if (picked === undefined) return checkCorsContract(contract, Object.fromEntries(targets), options)
  const places = planContract(contract, [...targets.keys()], options).targets.flatMap(({ groups }) =>
    groups.flatMap(({ cells }) => cells.map(({ place }) => place)),
  )
  const own = places.filter((place) => picked.has(keyOf(place, targets.size > 1)))
  return checkCorsContract(
    contract,
    Object.fromEntries([...targets].filter(([name]) => own.some(({ target: of }) => of === name))),
    { ...options, only: [...new Set(own.map(({ route }) => route))] },
  )
}

/** Targets by name, once what promises stand for is known. @throws CorsUsageError for a promise of several targets, whose names tests need before */
async function settled(target: ContractTarget): Promise<ReadonlyMap<string, unknown>> {
  if (isPromise(target)) {
    const awaited = await target
    if (isEndpoint(awaited)) return readTargets(awaited, WHERE)
    throw new CorsUsageError(
      `${WHERE}: a promise stands for one endpoint, because tests are named before it settles; got one of ${describeValue(awaited)}. For several, write { staging: promise, … }`,
    )
  }
  if (isEndpoint(target) || typeof target !== 'object' || target === null) return readTargets(target, WHERE)
  const entries = Object.entries(target).map(
    async ([name, each]) => [name, isPromise(each) ? await each : each] as const,
  )
  return readTargets(Object.fromEntries(await Promise.all(entries)), WHERE)
}

/** What is used of a test of Vitest. */
interface Task {
  readonly type: string
  readonly name: string
  readonly mode: string
  readonly suite?: Task
  readonly tasks?: readonly Task[]
}

/**
 * Which of the tests will run, where the runner tells: with `-t` only their routes are asked. Undefined for all.
 */
function pickedTests(context: unknown, isNested: boolean): ReadonlySet<string> | undefined {
  const task = (context as { task?: Task } | undefined)?.task
  const suite = isNested ? task?.suite?.suite : task?.suite
  if (suite === undefined) return undefined
  const picked = (within: Task): string[] =>
    (within.tasks ?? []).flatMap((each) => {
      if (each.type !== 'test') return picked(each)
      return each.mode === 'skip' || each.mode === 'todo'
        ? []
        : [isNested ? `${within.name}\n${each.name}` : each.name]
    })
  return new Set(picked(suite))
}

function keyOf(place: CellPlace, isNested: boolean): string {
  return isNested ? `${shown(place.target)}\n${cellName(place)}` : cellName(place)
}

function isAt(cell: CellPlace, { target, route, status, origin }: CellPlace): boolean {
  return cell.target === target && cell.route === route && cell.status === status && cell.origin === origin
}

/** An error that shows where the contract is described. */
function failed(message: string, call: { readonly stack?: string }): Error {
  const error = new Error(message)
  const frames = call.stack?.slice(call.stack.indexOf('\n')) ?? ''
  error.stack = `Error: ${message}${frames}`
  return error
}
