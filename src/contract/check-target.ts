/** Checking one target: its cells side by side, each group of them with its control. */

import type { Profile } from '../engines/profiles.js'
import { getHeader } from '../fetch/header-list.js'
import { type HeadersLike, readHeaders } from '../fetch/headers-init.js'
import { byteLowercase } from '../fetch/http-tokens.js'
import { isOkStatus } from '../fetch/redirect.js'
import { bodyBytes } from '../page/body-bytes.js'
import { strangers } from '../page/strangers.js'
import { type EndpointSubject, resolveEndpoint } from '../subject/endpoint.js'
import { redactUrl } from '../text/redact.js'
import { isCorsUsageError } from '../text/usage-error.js'
import { isCorsNetworkError } from '../transport/network-error.js'
import { type Transport, whileOpen } from '../transport/transport.js'
import { undiciTransport } from '../transport/undici-transport.js'
import { ANY_ORIGIN, type PlannedCell, type PlannedGroup, type PlannedTarget } from './contract-plan.js'
import type { ContractCell, ContractRequest } from './contract-report.js'
import {
  NotJudged,
  type RequestCount,
  type SendingLimits,
  type SharedRequests,
  sharedRequests,
  TargetSender,
} from './contract-sender.js'
import {
  noControlWords,
  noHandlerWords,
  noPlainControlWords,
  noRouteWords,
  noSafeControlWords,
} from './contract-words.js'
import { type CellFinding, judgeCell } from './judge-cell.js'
import { Pace } from './pace.js'
import { replaced } from './resolve-contract.js'
import { hiding, lineWithoutSecret } from './without-secrets.js'

/** What the checks of all targets of a run have in common. */
export interface TargetCheckOptions {
  readonly engines: readonly Profile[]
  readonly extraHeaders: HeadersLike | undefined
  readonly limits: SendingLimits
  readonly count: RequestCount
  readonly random: () => number
  readonly settle: (cell: PlannedCell, finding: SettledCell) => void
}

/** A finding, with what its control made of it. */
export interface SettledCell extends Omit<CellFinding, 'outcome'> {
  readonly outcome: ContractCell['outcome']
  readonly request?: ContractRequest | undefined
  /** Hides the secrets of what was asked. */
  readonly hide?: ((text: string) => string) | undefined
}

/** A group that is being judged. */
interface GroupRun {
  readonly group: PlannedGroup
  readonly cells: readonly PlannedCell[]
  readonly shared: SharedRequests
  readonly findings: (CellFinding | undefined)[]
  left: number
  endpoint: EndpointSubject | undefined
}

/** One cell that waits for its turn. */
interface Job {
  readonly run: GroupRun
  readonly at: number
}

const HELD: SettledCell = { outcome: 'held' }

/** Judges all cells of a target, and settles each. Never rejects for what a server does. */
export async function checkTarget(
  target: PlannedTarget,
  subject: unknown,
  options: TargetCheckOptions,
): Promise<void> {
  const check = new TargetCheck(subject, options)
  const jobs = jobsOf(target)
  const work = async (): Promise<void> => {
    for (let next = jobs.next(); next.done !== true; next = jobs.next()) await check.judge(next.value)
  }
  const { concurrency } = options.limits
  await whileOpen(check.transport, () => Promise.all(Array.from({ length: concurrency }, work)))
}

/** Cell by cell, in the order of the plan. What the groups of a path share lives as long as they do. */
function* jobsOf({ groups }: PlannedTarget): Generator<Job> {
  let path: string | undefined
  let shared = sharedRequests(false)
  for (const [index, group] of groups.entries()) {
    if (group.request.path !== path)
      shared = sharedRequests(group.request.path === groups[index + 1]?.request.path)
    path = group.request.path
    const { cells } = group
    const { length } = cells
    const run: GroupRun = {
      group,
      cells,
      shared,
      findings: new Array(length),
      left: length,
      endpoint: undefined,
    }
    for (let at = 0; at < length; at++) yield { run, at }
  }
}

class TargetCheck {
  readonly transport: Transport
  private readonly subject: unknown
  private readonly options: TargetCheckOptions
  private readonly sender: TargetSender
  private readonly paces = new Map<string, Pace>()

  constructor(subject: unknown, options: TargetCheckOptions) {
    this.subject = subject
    this.options = options
    this.sender = new TargetSender(options.limits, options.count)
    const { transport, inProcess, options: inForce } = resolveEndpoint(subject)
    const isNetwork = !inProcess && inForce.dispatcher === undefined
    this.transport = isNetwork ? undiciTransport({ connections: options.limits.concurrency }) : transport
  }

  async judge({ run, at }: Job): Promise<void> {
    const { place } = run.cells[at] as PlannedCell
    try {
      run.findings[at] = await this.find(run, place)
    } catch (error) {
      run.findings[at] = unjudged(error)
    }
    run.left--
    if (run.left === 0) await this.settle(run)
  }

  private async find(run: GroupRun, { origin, expected }: PlannedCell['place']): Promise<CellFinding> {
    const { group } = run
    const { engines, random, limits } = this.options
    const endpointAs = (page: string | undefined): EndpointSubject => this.endpoint(run, page)
    const origins =
      origin === ANY_ORIGIN ? strangers(endpointAs(undefined), undefined, random).slice(0, 2) : [origin]
    let worst: CellFinding | undefined
    for (const page of origins) {
      const askAgain = (): EndpointSubject => this.resolve({ group, shared: sharedRequests(false) }, page)
      const finding = await judgeCell({
        group,
        origin: page,
        expected,
        endpoint: endpointAs(page),
        askAgain,
        engines,
        signal: limits.signal,
      })
      if (finding.outcome === 'broken') return finding
      if (worst === undefined || finding.outcome === 'unjudged') worst = finding
    }
    return worst as CellFinding
  }

  /** The endpoint of a group, for a page at an origin. @throws CorsUsageError for a page of the endpoint's own origin */
  private endpoint(run: GroupRun, page: string | undefined): EndpointSubject {
    run.endpoint ??= this.resolve(run, undefined)
    const { inProcess, url } = run.endpoint
    // Where an app is judged to be depends on who asks.
    return page === undefined || !(inProcess || url.origin === page) ? run.endpoint : this.resolve(run, page)
  }

  private resolve(
    { group, shared }: Pick<GroupRun, 'group' | 'shared'>,
    page: string | undefined,
  ): EndpointSubject {
    const { route, request, status } = group
    const given = replaced(readHeaders(request.extraHeaders), this.options.extraHeaders)
    const endpoint = resolveEndpoint(this.subject, { path: request.path, extraHeaders: given }, page)
    const extraHeaders = endpoint.options.extraHeaders.filter(
      ([name]) => !request.without.includes(byteLowercase(name)),
    )
    const transport = this.sender.through(this.transport, {
      shared,
      status,
      pace: this.paceOf(route.name, route.rate),
    })
    return { ...endpoint, transport, extraHeaders, options: { ...endpoint.options, extraHeaders } }
  }

  private paceOf(route: string, rate: number | undefined): Pace | undefined {
    if (rate === undefined) return undefined
    let pace = this.paces.get(route)
    if (pace === undefined) {
      pace = new Pace(rate)
      this.paces.set(route, pace)
    }
    return pace
  }

  /** What its control makes of each finding of a group. */
  private async settle(run: GroupRun): Promise<void> {
    const { findings } = run
    const cells = run.cells.map((cell, at) => ({ cell, finding: findings[at] as CellFinding }))
    const noControl = cells.some(({ finding }) => finding.outcome === 'refused')
      ? await this.missingControl(run, cells)
      : undefined
    // Worked out once for all of those that were not held, of which there are none as a rule.
    let shown: Pick<SettledCell, 'request' | 'hide'> | undefined
    for (const { cell, finding } of cells) {
      const settled = settledAs(finding, noControl)
      if (settled.outcome === 'held') {
        this.options.settle(cell, settled)
        continue
      }
      shown ??= { request: this.shownRequest(run), hide: this.hidingOf(run) }
      this.options.settle(cell, { ...settled, ...shown })
    }
  }

  private hidingOf(run: GroupRun): (text: string) => string {
    const { url, options } = this.endpoint(run, undefined)
    const origins = run.group.cells.map(({ place }) => place.origin)
    return hiding(run.group.request, options.extraHeaders, [url.origin, ...origins])
  }

  /** What the cells of a group ask, where somebody else could ask it again. */
  private shownRequest(run: GroupRun): ContractRequest | undefined {
    const { url, inProcess, options } = this.endpoint(run, undefined)
    if (inProcess) return undefined
    const { route, request } = run.group
    return {
      url: redactUrl(url),
      method: route.method,
      credentials: route.credentials,
      headers: readHeaders(request.headers).map(lineWithoutSecret),
      extraHeaders: [...new Set(options.extraHeaders.map(([name]) => name))],
    }
  }

  /** Why the refusals of a group say nothing; undefined where they do. */
  private async missingControl(
    run: GroupRun,
    cells: readonly { readonly cell: PlannedCell; readonly finding: CellFinding }[],
  ): Promise<SettledCell | undefined> {
    const allowed = cells.filter(({ cell }) => cell.place.expected === 'allow')
    if (allowed.length === 0)
      return this.missingPlainControl(run).catch((error) => settledAs(unjudged(error), undefined))
    const isBroken = allowed.some(({ finding }) => finding.outcome === 'broken')
    const passed = allowed.filter(({ finding }) => finding.outcome === 'passed')
    const missing = passed.map(({ finding }) => finding.missing)
    if (!isBroken && missing.includes(undefined)) return undefined
    const [status] = missing
    if (!isBroken && status !== undefined) return unjudgedFor(noRouteWords(status))
    return unjudgedFor(noControlWords(run.group.route.name, isBroken))
  }

  /** Without an allowed origin: the request of no page at all must get its status. */
  private async missingPlainControl(run: GroupRun): Promise<SettledCell | undefined> {
    const { route, request, status } = run.group
    const endpoint = this.endpoint(run, undefined)
    const ask = async (method: string, lines: HeadersLike, body: unknown) => {
      const headers = [...readHeaders(lines), ...endpoint.options.extraHeaders]
      const bytes = await bodyBytes(body)
      return endpoint.transport.send({ method, url: endpoint.url.href, headers, body: bytes })
    }
    if (!route.sends && endpoint.takes !== undefined) {
      const isThere = await endpoint.takes(route.method, endpoint.url.href)
      return isThere ? undefined : unjudgedFor(noHandlerWords(route.method))
    }
    if (!route.sends) {
      const response = await ask('OPTIONS', [], null)
      const methods = getHeader(response.headers, 'allow')?.split(',') ?? []
      return methods.some((method) => method.trim() === route.method)
        ? undefined
        : unjudgedFor(noSafeControlWords(route.method))
    }
    const { status: got } = await ask(route.method, request.headers, route.body)
    const isMeant = status === undefined ? isOkStatus(got) : got === status
    return isMeant ? undefined : unjudgedFor(noPlainControlWords(status, got))
  }
}

/** What a cell's control makes of its finding. */
function settledAs(finding: CellFinding, noControl: SettledCell | undefined): SettledCell {
  switch (finding.outcome) {
    case 'passed':
      return HELD
    case 'refused':
      return noControl ?? HELD
    default:
      return { ...finding, outcome: finding.outcome }
  }
}

function unjudgedFor(explanation: string): SettledCell {
  return { outcome: 'unjudged', code: 'no-control', explanation }
}

/** What kept a cell from being judged. */
function unjudged(error: unknown): CellFinding {
  if (error instanceof NotJudged) return { outcome: 'unjudged', code: error.code, explanation: error.message }
  if (isCorsNetworkError(error))
    return { outcome: 'unjudged', code: 'network-error', explanation: error.message }
  if (isCorsUsageError(error)) return { outcome: 'unjudged', code: 'not-asked', explanation: error.message }
  throw error
}
