/** Judging one cell by asking as its origin. */

import { diagnosis } from '../diagnose/diagnosis.js'
import { deviationsOf, type Profile } from '../engines/profiles.js'
import { containsHeader, type HeaderList } from '../fetch/header-list.js'
import { byteLowercase, startsIgnoringCase } from '../fetch/http-tokens.js'
import { isSafeMethod } from '../fetch/methods.js'
import { isOkStatus, isRedirectStatus } from '../fetch/redirect.js'
import type { ResponseHead } from '../fetch/response.js'
import { type EngineRun, travelAll } from '../page/ask.js'
import type { EndpointSubject } from '../subject/endpoint.js'
import { clientIgnoringMixedContent } from '../verdict/client.js'
import type { CorsRequest } from '../verdict/cors-request.js'
import { isPreflightCached } from '../verdict/preflight-cached.js'
import type { Exchange } from '../verdict/verdict.js'
import type { PlannedGroup } from './contract-plan.js'
import type { ContractCell } from './contract-report.js'
import { isBusyStatus, isGatewayStatus } from './contract-sender.js'
import {
  allowedWords,
  busyWords,
  gatewayWords,
  maxAgeWords,
  noPreflightWords,
  notExposedWords,
  statusWords,
  unsentWords,
} from './contract-words.js'

/** What asking as one origin came to. */
export interface CellFinding {
  /** `refused` is what a cell that expects `deny` wants, and counts with a control only. */
  readonly outcome: 'passed' | 'refused' | 'broken' | 'unjudged'
  readonly code?: NonNullable<ContractCell['code']>
  /** Of the response, where the code is about one. */
  readonly header?: string
  readonly explanation?: string
  /** One an engine, where it is broken. */
  readonly runs?: readonly EngineRun[]
  /** The status that says that nothing is at this path, where no status is declared. */
  readonly missing?: number
  /** Whether a denied origin met an error of the server, and may have caused it. */
  readonly isCrash?: boolean
}

const PASSED: CellFinding = { outcome: 'passed' }
const REFUSED: CellFinding = { outcome: 'refused' }

/** What one cell is asked with. */
export interface CellQuestion {
  readonly group: PlannedGroup
  readonly origin: string
  readonly expected: ContractCell['expected']
  readonly endpoint: EndpointSubject
  /** The endpoint, as it is asked what it has been asked before. */
  readonly askAgain: () => EndpointSubject
  readonly engines: readonly Profile[]
  readonly signal: AbortSignal
}

/** Asks as an origin, and judges what came. @throws CorsNetworkError, CorsUsageError, NotJudged */
export async function judgeCell(question: CellQuestion): Promise<CellFinding> {
  const { group, askAgain } = question
  const finding = await judgeOnce(question)
  if (finding.outcome !== 'unjudged' || finding.isCrash !== true || !isSafeMethod(group.route.method))
    return finding
  // Some servers throw an error at an origin they do not know. One that crashes for another reason does not do so each time.
  const again = await judgeOnce({ ...question, endpoint: askAgain() })
  return again.isCrash === true ? REFUSED : again
}

async function judgeOnce({
  group,
  origin,
  expected,
  endpoint,
  engines,
  signal,
}: CellQuestion): Promise<CellFinding> {
  const { route, request } = group
  const asked: CorsRequest = {
    origin,
    url: endpoint.url.href,
    method: route.method,
    headers: request.headers,
    credentials: route.credentials,
    body: route.body,
  }
  const { runs, notes } = await travelAll(endpoint, asked, engines, signal, {
    preflightOnly: !route.sends,
    refusalHolds: expected === 'deny' && route.sends,
    unsentCode: 'any',
  })
  const judge = expected === 'allow' ? judgeAllowed : judgeDenied
  const findings = runs.map((run) => judge(group, asked, run))
  const judged = findings.filter((finding) => finding !== UNASKED)
  const worst =
    judged.find(({ outcome }) => outcome === 'broken') ??
    judged.find(({ outcome }) => outcome === 'unjudged') ??
    judged[0]
  if (worst === undefined)
    return { outcome: 'unjudged', code: 'not-asked', explanation: noPreflightWords(route.method) }
  if (worst.outcome !== 'broken') return worst
  const { explanation = '' } = worst
  return { ...worst, explanation: [explanation, ...notes].join(' '), runs }
}

/** An engine that sends no preflight, where that is all that may be sent. */
const UNASKED: CellFinding = { outcome: 'unjudged' }

function judgeAllowed(group: PlannedGroup, asked: CorsRequest, run: EngineRun): CellFinding {
  const { verdict, exchanges } = run.journey
  const unjudged = notJudged(group, run)
  if (unjudged !== undefined) return unjudged
  if (verdict.outcome === 'blocked') {
    return {
      outcome: 'broken',
      ...codeOf(run),
      explanation: diagnosis().explainCors(run.journey).explanation,
    }
  }
  return (
    hiddenHeader(group, run) ??
    shortAge(group, asked, run.engine, exchanges[0]) ??
    passed(group, exchanges.at(-1))
  )
}

function passed({ status }: PlannedGroup, last: Exchange | undefined): CellFinding {
  const got = last?.response.status
  return last?.kind === 'request' && status === undefined && (got === 404 || got === 405)
    ? { ...PASSED, missing: got }
    : PASSED
}

function judgeDenied(group: PlannedGroup, _asked: CorsRequest, run: EngineRun): CellFinding {
  const { verdict, exchanges } = run.journey
  const isBlocked = verdict.outcome === 'blocked'
  const unjudged = notJudged(group, run)
  if (unjudged !== undefined) {
    const status = exchanges.at(-1)?.response.status ?? 0
    if (!isBlocked || unjudged.code !== 'unexpected-status') return unjudged
    if (status === 500) return { ...unjudged, isCrash: true }
    // A server may refuse an origin with a status of its own.
    if (status < 400 || status > 499 || status === 408) return unjudged
  }
  // What changes something has changed it, though nobody may read the response.
  if (!isBlocked || (!isSafeMethod(group.route.method) && passedPreflight(run)))
    return { outcome: 'broken', code: 'origin-allowed', explanation: allowedWords(run.journey) }
  return REFUSED
}

/** Why a run decides nothing, or undefined where it does. */
function notJudged({ route, status }: PlannedGroup, run: EngineRun): CellFinding | undefined {
  const { verdict, exchanges } = run.journey
  const last = exchanges.at(-1)
  if (last === undefined) {
    if (verdict.outcome !== 'blocked') return UNASKED
    const { explanation } = diagnosis().explainCors(run.journey)
    return { outcome: 'unjudged', ...codeOf(run), explanation: unsentWords(explanation) }
  }
  const got = last.response.status
  if (isBusyStatus(got) && got !== status)
    return isGatewayStatus(got)
      ? { outcome: 'unjudged', code: 'network-error', explanation: gatewayWords(got) }
      : { outcome: 'unjudged', code: 'rate-limited', explanation: busyWords(got) }
  // A preflight has a status of its own, and so has a redirect that is not followed.
  if (!route.sends || status === undefined || last.kind === 'preflight' || got === status) return undefined
  if (verdict.outcome === 'blocked' && isRedirectStatus(got)) return undefined
  return { outcome: 'unjudged', code: 'unexpected-status', explanation: statusWords(status, got) }
}

function codeOf({ journey }: EngineRun): Pick<CellFinding, 'code'> {
  const { code } = journey.verdict
  return code === undefined ? {} : { code }
}

function passedPreflight({ journey: { verdict } }: EngineRun): boolean {
  return verdict.preflight.required && verdict.blockedAt !== 'preflight'
}

/** A header that a script must be able to read: on an error only if it is there. */
function hiddenHeader({ route, status }: PlannedGroup, { journey }: EngineRun): CellFinding | undefined {
  const last = journey.exchanges.at(-1)
  if (route.exposes.length === 0 || last?.kind !== 'request') return undefined
  const isRequired = status === undefined || isOkStatus(status)
  const hidden = route.exposes.find((name) => {
    const isReadable = journey.verdict.exposedHeaders.includes(byteLowercase(name))
    return !isReadable && (isRequired || containsHeader(last.response.headers, name))
  })
  return hidden === undefined
    ? undefined
    : {
        outcome: 'broken',
        code: 'header-not-exposed',
        header: hidden,
        explanation: notExposedWords(hidden, containsHeader(last.response.headers, hidden)),
      }
}

/** A preflight response that an engine keeps for less long than it must be able to. */
function shortAge(
  group: PlannedGroup,
  asked: CorsRequest,
  engine: Profile,
  first: Exchange | undefined,
): CellFinding | undefined {
  const { maxAge } = group.route
  const { maxAgeLimit, opaqueOriginsShare } = deviationsOf(engine).cache
  // An engine's own limit is as long as it ever keeps anything; for an opaque origin that may be not at all.
  const limit = asked.origin === 'null' && opaqueOriginsShare === 'none' ? 0 : maxAgeLimit
  const wanted = Math.min(maxAge ?? 0, limit)
  if (wanted === 0 || first?.kind !== 'preflight' || isKept(group, wanted, asked, engine, first))
    return undefined
  return {
    outcome: 'broken',
    code: 'max-age-too-short',
    explanation: maxAgeWords(maxAge as number, first.response.headers),
  }
}

/** What was found of a group's preflight responses, by what they say: the same for every origin that gets the same. */
const ages = new WeakMap<PlannedGroup, Map<string, Map<Profile, boolean>>>()

function isKept(
  group: PlannedGroup,
  seconds: number,
  asked: CorsRequest,
  engine: Profile,
  { response }: Exchange,
): boolean {
  const known = agesOf(group, saidToOrigin(response, asked.origin))
  let isLong = known.get(engine)
  if (isLong === undefined) {
    // A moment before the end it is still fresh.
    const client = clientIgnoringMixedContent(asked.origin)
    isLong = isPreflightCached(engine, client, asked, response, seconds - 0.001)
    known.set(engine, isLong)
  }
  return isLong
}

function agesOf(group: PlannedGroup, text: string): Map<Profile, boolean> {
  let byText = ages.get(group)
  if (byText === undefined) {
    byText = new Map()
    ages.set(group, byText)
  }
  let byEngine = byText.get(text)
  if (byEngine === undefined) {
    byEngine = new Map()
    byText.set(text, byEngine)
  }
  return byEngine
}

const said = new WeakMap<HeaderList, string>()

/** What a preflight response says of CORS, with the origin itself left open. */
function saidToOrigin({ status, headers }: ResponseHead, origin: string): string {
  let text = said.get(headers)
  if (text === undefined) {
    text = String(status)
    for (const [name, value] of headers)
      if (startsIgnoringCase(name, 'access-control-'))
        text += `\n${name}: ${value === origin ? '(its own)' : value}`
    said.set(headers, text)
  }
  return text
}
