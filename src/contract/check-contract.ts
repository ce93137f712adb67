/** Checking a contract: every origin on every route, on one target or on several. */

import type { Profile } from '../engines/profiles.js'
import type { HeadersLike } from '../fetch/headers-init.js'
import { type EngineRun, enginesOf } from '../page/ask.js'
import { seeded } from '../page/strangers.js'
import { LONGEST_TIMEOUT, startTimer, stopTimer } from '../subject/clock.js'
import { checkCallOptions, DEFAULT_TIMEOUT, type OwnCheck } from '../subject/options.js'
import { hasMembers } from '../subject/shape.js'
import { CorsUsageError, describeValue } from '../text/usage-error.js'
import { expectManyListeners } from '../transport/transport.js'
import { checkTarget, type SettledCell } from './check-target.js'
import type { CorsContract } from './contract.js'
import { type CellPlace, type ContractPlan, type PlannedCell, planCheck } from './contract-plan.js'
import type { ContractCell, ContractProgress, ContractReport } from './contract-report.js'
import type { RequestCount, SendingLimits } from './contract-sender.js'
import { type ContractTarget, driftOf, readTargets } from './contract-targets.js'
import { parseRate } from './notations.js'
import { environmentOf, resolveContract } from './resolve-contract.js'
import { exchangeWithoutSecrets, verdictWithoutSecrets, withTexts } from './without-secrets.js'

/** How a contract is checked. */
export interface CheckContractOptions {
  /** Which of the contract's environments holds for every target. Default: the one of the target's name, where there is one. */
  readonly environment?: string | undefined
  /** Checks these routes only, by their names: `'GET /orders'`. */
  readonly only?: string | readonly string[] | undefined
  /** At most so many requests to each target: `'4/s'`, `'30/min'`. */
  readonly rate?: string | undefined
  /** How many requests are under way at a time, to each target. @default 16 */
  readonly concurrency?: number | undefined
  /** How many requests may be sent, to all targets together; what is left then is not judged. */
  readonly maxRequests?: number | undefined
  /** Milliseconds for each request. @default 4000 */
  readonly timeout?: number | undefined
  /** Milliseconds for all of it; what is left then is not judged. */
  readonly deadline?: number | undefined
  /** Sent with every request to the targets, preflights included; never judged, never sent to another host, always redacted. */
  readonly extraHeaders?: HeadersLike | undefined
  /** @default ['chromium', 'firefox', 'webkit'] */
  readonly engines?: readonly Profile[] | undefined
  /** Ends the run: the report has what was judged until then. */
  readonly signal?: AbortSignal | undefined
  /** Chooses the origins that a route which allows any is asked as. @default a random one */
  readonly seed?: number | undefined
  /** Called with every cell that is judged. */
  readonly onProgress?: ((progress: ContractProgress) => void) | undefined
}

const WHERE = 'checkCorsContract()'
const DEFAULT_CONCURRENCY = 16
/** Of so many broken cells the report keeps the verdicts: a server that is all wrong must not fill the memory. */
const MOST_VERDICTS = 1000

/**
 * Holds a server, or several, to a contract: asks as every origin on every route, as browsers would.
 *
 * A method other than GET and HEAD is judged by its preflight alone, unless its route says `send: true`. A denied origin counts only where an
 * allowed one passed on the same route and status. What could not be judged is said to be unjudged, and is never held.
 *
 * @param target an endpoint (a URL, an app in this process, MSW handlers or server), or several by name
 * @throws CorsUsageError for an invalid contract, target or option; never for what a server does
 * @example
 * const report = await checkCorsContract(contract, { staging: 'https://staging.example.com', production: 'https://api.example.com' })
 * report.outcome // 'honored'
 */
export async function checkCorsContract(
  contract: CorsContract,
  target: ContractTarget,
  options: CheckContractOptions = {},
): Promise<ContractReport> {
  checkOptions(options)
  const subjects = readTargets(target, WHERE)
  const plan = planContract(contract, [...subjects.keys()], options)
  const run = new ContractRun(plan, subjects, options)
  return run.report()
}

/** What a check would ask, without asking. @throws CorsUsageError */
export function planContract(
  contract: CorsContract,
  targets: readonly string[],
  { environment, only }: Pick<CheckContractOptions, 'environment' | 'only'> = {},
): ContractPlan {
  const resolved = targets.map((name) => ({
    name,
    contract: resolveContract(contract, environment ?? environmentOf(contract, name)),
  }))
  return planCheck(resolved, typeof only === 'string' ? [only] : only)
}

class ContractRun {
  private readonly plan: ContractPlan
  private readonly subjects: ReadonlyMap<string, unknown>
  private readonly options: CheckContractOptions
  private readonly engines: readonly Profile[]
  private readonly limits: SendingLimits
  private readonly ending = new AbortController()
  private readonly count: RequestCount = { requests: 0 }
  private readonly cells: ContractCell[]
  private readonly random: () => number
  private judged = 0
  private broken = 0
  private unjudged = 0

  constructor(plan: ContractPlan, subjects: ReadonlyMap<string, unknown>, options: CheckContractOptions) {
    this.plan = plan
    this.subjects = subjects
    this.options = options
    this.engines = enginesOf(options)
    this.cells = new Array(plan.cells)
    this.random = options.seed === undefined ? Math.random : seeded(options.seed)
    this.limits = {
      timeout: options.timeout ?? DEFAULT_TIMEOUT,
      maxRequests: options.maxRequests ?? Number.POSITIVE_INFINITY,
      concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
      rate: options.rate === undefined ? undefined : parseRate(options.rate),
      signal: this.ending.signal,
    }
  }

  async report(): Promise<ContractReport> {
    const { signal, deadline } = this.options
    expectManyListeners(this.ending.signal)
    const end = (): void => this.ending.abort()
    if (signal?.aborted === true) end()
    signal?.addEventListener('abort', end, { once: true })
    const timer = deadline === undefined ? undefined : startTimer(end, deadline)
    try {
      await Promise.all(
        this.plan.targets.map((target) =>
          checkTarget(target, this.subjects.get(target.name), {
            engines: this.engines,
            extraHeaders: this.options.extraHeaders,
            limits: this.limits,
            count: this.count,
            random: this.random,
            settle: (cell, finding) => this.settle(cell, finding),
          }),
        ),
      )
    } finally {
      stopTimer(timer)
      signal?.removeEventListener('abort', end)
    }
    const { cells, broken, unjudged } = this
    return {
      outcome: broken > 0 ? 'broken' : unjudged > 0 ? 'unjudged' : 'honored',
      targets: this.plan.targets.map(({ name }) => name),
      cells,
      drift: driftOf(cells),
      requests: this.count.requests,
    }
  }

  private settle({ index, place }: PlannedCell, finding: SettledCell): void {
    const { outcome } = finding
    if (outcome === 'broken') this.broken++
    if (outcome === 'unjudged') this.unjudged++
    const cell = outcome === 'held' ? heldCell(place) : this.notHeld(place, finding)
    this.cells[index] = cell
    this.judged++
    this.options.onProgress?.({
      cell,
      judged: this.judged,
      cells: this.plan.cells,
      broken: this.broken,
      unjudged: this.unjudged,
      requests: this.count.requests,
    })
  }

  private notHeld(
    place: CellPlace,
    { outcome, code, header, explanation, runs, request, hide = (text) => text }: SettledCell,
  ): ContractCell {
    const keepsVerdicts = runs !== undefined && this.broken <= MOST_VERDICTS
    const shown = {
      ...(explanation === undefined ? {} : { explanation }),
      ...(keepsVerdicts ? journeysOf(runs) : {}),
      ...(request === undefined ? {} : { request }),
    }
    const why = {
      ...(code === undefined ? {} : { code }),
      ...(header === undefined ? {} : { header }),
    }
    return { ...place, outcome, ...why, ...withTexts(shown, hide) }
  }
}

/** Without spreading: most of a report's cells are held. */
function heldCell({ target, route, origin, expected, status }: CellPlace): ContractCell {
  const outcome = 'held'
  return status === undefined
    ? { target, route, origin, expected, outcome }
    : { target, route, origin, expected, status, outcome }
}

/** The verdicts and exchanges of a broken cell, as a report may show them. */
function journeysOf(runs: readonly EngineRun[]): Pick<ContractCell, 'verdicts' | 'exchanges'> {
  return {
    verdicts: runs.map(({ journey }) => verdictWithoutSecrets(journey.verdict)),
    exchanges: runs.map(({ journey }) => journey.exchanges.map(exchangeWithoutSecrets)),
  }
}

const isCount: OwnCheck[1] = (value) => Number.isInteger(value) && (value as number) > 0

/** What each option must be. */
const checks = {
  environment: ['the name of an environment', (value) => typeof value === 'string'],
  only: [
    "a route's name such as 'GET /orders', or a list of them",
    (value) => [value].flat().every((name) => typeof name === 'string'),
  ],
  rate: [
    "a rate such as '4/s' or '30/min'",
    (value) => typeof value === 'string' && parseRate(value) !== undefined,
  ],
  concurrency: ['a whole number above 0', isCount],
  maxRequests: ['a whole number above 0', isCount],
  deadline: [
    'a positive number of milliseconds',
    (value) => typeof value === 'number' && value > 0 && value <= LONGEST_TIMEOUT,
  ],
  seed: ['a whole number', (value) => Number.isInteger(value)],
  onProgress: ['a function', (value) => typeof value === 'function'],
} satisfies Record<string, OwnCheck>

/** @throws CorsUsageError for an unknown option, or one that is not of its type */
function checkOptions(options: unknown): void {
  if (!hasMembers(options) || Array.isArray(options))
    throw new CorsUsageError(`${WHERE}: the options must be an object; got ${describeValue(options)}`)
  const live = ['engines', 'timeout', 'extraHeaders', 'signal'] as const
  checkCallOptions(options, { own: checks, live }, WHERE)
}
