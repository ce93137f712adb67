/** Auditing a URL or an app: hostile origins, and what else is wrong with its policy. */

import { hiding, withTexts } from '../contract/without-secrets.js'
import { STRANGER } from '../diagnose/again/other-origins.js'
import { seeded } from '../page/strangers.js'
import { resolveEndpoint } from '../subject/endpoint.js'
import { grouped, listed, quoted, shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'
import { CorsNetworkError, isCorsNetworkError } from '../transport/network-error.js'
import { anySignal } from '../transport/transport.js'
import { HostileAudit } from './audit-hostile.js'
import { auditHygiene, hygieneRequests } from './audit-hygiene.js'
import { type AuditOptions, type BaselineEntry, checkAuditOptions } from './audit-options.js'
import { type AuditFinding, type AuditReport, type AuditUnjudged, auditSeverities } from './audit-report.js'
import { readBaseline, sift } from './baseline.js'
import { findingClasses } from './finding-classes.js'
import { type HostilePlan, hostileOrigins } from './hostile-origins.js'
import { isControl, mayAccess, whyNoControl, whyRefused } from './judge-origin.js'
import { refusalFindings } from './policy-hygiene.js'
import { type AskedOrigin, MOST_REQUESTS, RouteAsker, whyUnjudged } from './route-asker.js'
import { readTrusted, type TrustedOrigins } from './trusted-origins.js'

const WHERE = 'auditOrigins()'

/**
 * Asks as origins that must not get in, derived from those that may, as browsers would, and looks for what else is wrong with the policy. It sends only GET
 * and preflights, at most 40 requests to a route.
 *
 * @param target a URL, an app in this process, MSW handlers or server, or what `endpoint()` returned
 * @throws CorsUsageError where a trusted origin is not let in, and, as does CorsNetworkError, where nothing was found and something could not be judged:
 * no findings means clean
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 * @example
 * const { findings } = await auditOrigins(app, { trusted: ['https://app.example.com'], path: '/orders' })
 */
export async function auditOrigins(target: unknown, options: AuditOptions): Promise<AuditReport> {
  const report = await runAudit(target, options, { where: WHERE })
  if (report.outcome === 'unjudged') throw unjudgedError(report, WHERE)
  return report
}

/** What could not be judged, as an error. */
export function unjudgedError({ url, unjudged }: AuditReport, where: string): Error {
  const some = unjudged.slice(0, 5).map(({ explanation }) => `- ${explanation}`)
  const left = unjudged.length - some.length
  const message = [
    `${where} could not judge ${url}, and found nothing in what it could:`,
    ...some,
    ...(left > 0 ? [`- and ${grouped(left)} more`] : []),
  ].join('\n')
  return new CorsUsageError(message)
}

/** For whom an audit is made. */
interface AuditedFor {
  /** What it is called as, in messages. */
  readonly where: string
  /** Whether nothing matters but who is let in. */
  readonly only?: 'origins' | undefined
  /** Ends it, as the signal of the options does. */
  readonly signal?: AbortSignal | undefined
}

/** As {@link auditOrigins}, where what could not be judged is in the report. */
export async function runAudit(
  target: unknown,
  options: AuditOptions,
  { where, only, signal }: AuditedFor,
): Promise<AuditReport> {
  checkAuditOptions(options, where)
  const baseline = readBaseline(options.baseline, where)
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  const { asker, trusted, plan } = planAudit(
    target,
    { ...options, seed, signal: either(signal, options.signal) },
    where,
  )
  const { url, shownUrl } = asker.endpoint
  const origins = trusted.origins.map(({ origin }) => origin)
  const hide = hidingOf(asker, origins)
  return asker.during(async () => {
    const unjudged: AuditUnjudged[] = []
    const control = { where, only, hide, status: options.status }
    const { controls, refused, way } = await askControls(asker, origins, unjudged, control)
    const kept = only === 'origins' ? 0 : hygieneRequests(controls)
    // One is kept for a trusted origin's preflight, and one to ask as a trusted origin at the end.
    const reserve = kept + 1 + asker.cost
    const hostile = new HostileAudit(asker, origins, options.publicApi ?? false, reserve)
    hostile.way = way
    await hostile.askStrangers(plan)
    const trustedPreflight = await asker.ask(origins[0] as string, 'preflight').catch(() => undefined)
    const hygiene =
      only === 'origins'
        ? { findings: [], unjudged: [] }
        : await auditHygiene({ asker, controls, stranger: plan.strangers[0]?.origin ?? STRANGER })
    await hostile.askDerived(plan, asker.cost)
    await hostile.askOthers(plan)
    const found = [...hostile.findings(trustedPreflight), ...refused, ...hygiene.findings]
    unjudged.push(...hostile.unjudged, ...hygiene.unjudged, ...(await lostControl(asker, controls)))
    const sifted = sift(
      withTexts(withoutDoubles(bySeverity(found)), hide),
      only === 'origins' ? baseline.filter(isOfOrigins) : baseline,
      url.pathname,
    )
    return {
      outcome: sifted.findings.length > 0 ? 'findings' : unjudged.length > 0 ? 'unjudged' : 'clean',
      url: shownUrl,
      ...sifted,
      unjudged: withTexts(unjudged, hide),
      notes: notesOf(asker, hostile),
      requests: asker.requests,
      seed,
    }
  })
}

function either(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one === undefined || other === undefined ? (one ?? other) : anySignal([one, other])
}

/** What is asked of whom, and as whom, before anything is sent. */
export interface AuditPlan {
  readonly asker: RouteAsker
  readonly trusted: TrustedOrigins
  readonly plan: HostilePlan
}

/** Each of them is asked as, and something must be left for the others. */
const MOST_TRUSTED = 20

/** @throws CorsUsageError */
export function planAudit(target: unknown, options: AuditOptions, where: string): AuditPlan {
  const asker = new RouteAsker(target, options)
  const { url, inProcess } = asker.endpoint
  const trusted = readTrusted(options.trusted, options.path ?? url.pathname, where)
  if (trusted.origins.length > MOST_TRUSTED)
    throw new CorsUsageError(
      `${where}: ${trusted.origins.length} origins are trusted, and at most ${MOST_REQUESTS} requests go to a route: audit it with at most ${MOST_TRUSTED} of them at a time`,
    )
  for (const { origin } of trusted.origins)
    if (!inProcess) resolveEndpoint(target, options.path === undefined ? {} : { path: options.path }, origin)
  return { asker, trusted, plan: hostileOrigins(trusted, url.origin, options, seeded(options.seed ?? 0)) }
}

/** What hides the values that are sent along wherever a server repeats them. */
function hidingOf({ endpoint }: RouteAsker, origins: readonly string[]): (text: string) => string {
  const path = endpoint.url.pathname
  const { extraHeaders } = endpoint.options
  return hiding({ path, shownPath: path, secrets: [] }, extraHeaders, [
    endpoint.url.origin,
    ...origins,
    ...Object.keys(findingClasses),
    ...auditSeverities,
  ])
}

function isOfOrigins({ id }: BaselineEntry): boolean {
  return findingClasses[id].isOfOrigins === true
}

/** Those that are let in, and what keeps others out. */
interface Controls {
  readonly controls: readonly AskedOrigin[]
  readonly refused: readonly AuditFinding[]
  /** How others are asked: as a trusted origin gets anywhere. */
  readonly way: HostileAudit['way']
}

interface ControlOptions extends Pick<AuditedFor, 'where' | 'only'> {
  /** What hides the values that are sent along. */
  readonly hide: (text: string) => string
  /** What they get, where that is an error. */
  readonly status: number | undefined
}

/** Asks as every trusted origin. @throws CorsUsageError, CorsNetworkError where one is not let in, and what is sent to it does not show why */
async function askControls(
  asker: RouteAsker,
  trusted: readonly string[],
  unjudged: AuditUnjudged[],
  { where, only, hide, status }: ControlOptions,
): Promise<Controls> {
  const controls: AskedOrigin[] = []
  const refused: AuditFinding[] = []
  let way: HostileAudit['way'] = 'cookie'
  for (const origin of trusted) {
    let asked = await control(asker, origin, 'cookie', where, hide)
    // Without credentials, or where an unknown cookie is refused, it may be let in all the same.
    if (!isControl(asked) || whyNoControl(asked, status) !== undefined) {
      const plain = await control(asker, origin, 'plain', where, hide)
      if (isControl(plain) && (!isControl(asked) || whyNoControl(plain, status) === undefined)) {
        if (mayAccess(asked) === 'none' || whyNoControl(asked, status) !== undefined) way = 'plain'
        asked = plain
      } else if (!isControl(asked)) {
        const why = only === 'origins' ? [] : refusalFindings(plain.last, asker.endpoint.shownUrl)
        const explanation = hide(noControlText(asker, plain, where))
        if (why.length === 0) throw new CorsUsageError(explanation)
        refused.push(...why)
        unjudged.push({ origin, explanation })
        continue
      }
    }
    const explanation = whyNoControl(asked, status)
    if (explanation !== undefined) unjudged.push({ origin, explanation })
    controls.push(asked)
  }
  return { controls, refused, way }
}

/** One finding of each kind, the most serious: what is wrong with one response is wrong with the next. */
function withoutDoubles(findings: readonly AuditFinding[]): AuditFinding[] {
  return findings.filter(({ id }, at) => findings.findIndex((each) => each.id === id) === at)
}

async function control(
  asker: RouteAsker,
  origin: string,
  how: 'cookie' | 'plain',
  where: string,
  hide: (text: string) => string,
): Promise<AskedOrigin> {
  try {
    return await asker.ask(origin, how)
  } catch (error) {
    const url = asker.endpoint.shownUrl
    const message = hide(
      `${where}: ${url} could not be asked as ${shown(origin)}, which is trusted: ${whyUnjudged(error)}`,
    )
    throw isCorsNetworkError(error) ? new CorsNetworkError(message, { url }) : new CorsUsageError(message)
  }
}

function noControlText(asker: RouteAsker, asked: AskedOrigin, where: string): string {
  return `${where}: ${shown(asked.origin)} is trusted, but ${asker.endpoint.shownUrl} does not let it in, so that the refusal of others says nothing: ${whyRefused(asked.anonymous)}`
}

/** Whether a trusted origin is let in at the end as it was at the start: a limit or a firewall may have refused everybody in between. */
async function lostControl(asker: RouteAsker, controls: readonly AskedOrigin[]): Promise<AuditUnjudged[]> {
  const [first] = controls
  if (first === undefined) return []
  const { origin, how } = first
  const lost = (why: string): AuditUnjudged[] => [
    {
      origin,
      explanation: `${shown(origin)}, which is trusted, was let in at the start and not at the end, after ${asker.requests} requests: ${why}. What was refused in between may have been for another reason, such as a limit of requests or a firewall; { rate: '4/s' } asks slower.`,
    },
  ]
  try {
    const last = await asker.ask(origin, how, { again: true })
    if (!isControl(last)) return lost(whyRefused(how === 'plain' ? last.anonymous : last.credentialed))
    const [before, after] = [first.last.response.status, last.last.response.status]
    return before === after ? [] : lost(`status ${before} at the start, ${after} at the end`)
  } catch (error) {
    return lost(whyUnjudged(error))
  }
}

function notesOf(asker: RouteAsker, { left }: HostileAudit): string[] {
  return [
    ...(asker.bustsCaches
      ? [
          'A cache is in the path, which gives one origin what another got: each was asked at a URL of its own, by the parameter `expect-cors-fresh`.',
        ]
      : []),
    ...(left.length === 0
      ? []
      : [
          `${grouped(left.length)} more ${left.length === 1 ? 'origin was' : 'origins were'} not asked as, because at most ${MOST_REQUESTS} requests go to a route: ${listed(left.map(({ origin }) => quoted(origin)))}.`,
        ]),
  ]
}

/** The most serious first; those of one severity in the order of their kinds. */
function bySeverity(findings: readonly AuditFinding[]): AuditFinding[] {
  const kinds = Object.keys(findingClasses)
  const rank = ({ severity, id }: AuditFinding): number =>
    auditSeverities.indexOf(severity) * kinds.length + kinds.indexOf(id)
  return [...findings].sort((a, b) => rank(a) - rank(b))
}
