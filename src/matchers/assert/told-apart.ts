/** An assertion on an endpoint that fails asks again, so that its message can tell the possible causes apart. One that passes asks nothing more. */

import type { Case } from '../../diagnose/case.js'
import { diagnosis } from '../../diagnose/diagnosis.js'
import type { Finding } from '../../diagnose/finding.js'
import type { Judgment } from '../../diagnose/judgment.js'
import { HeaderNames } from '../../fetch/header-list.js'
import { askAgain } from '../../page/ask-again.js'
import type { EndpointSubject } from '../../subject/endpoint.js'
import { sharedState } from '../../subject/shared-state.js'
import type { Exchange } from '../../verdict/verdict.js'
import { isPassed } from './conclude.js'
import type { MatcherContext } from './context.js'
import { describeCall } from './describe-call.js'

/** An assertion on an endpoint. */
interface Call {
  readonly context: MatcherContext
  /** The matcher's name. */
  readonly name: string
  readonly args: readonly unknown[]
}

interface Shared {
  /** What was asked again, by app, test and assertion. */
  askedAgain?: WeakMap<object, Map<string, AskedOnce>>
}

interface AskedOnce {
  /** What had been asked before and what came back, as far as it tells one failure from another. */
  readonly failure: string
  readonly asked: Promise<readonly Exchange[]>
}

/** As many assertions as one test may have under way together; older ones are over. */
const MOST_REMEMBERED = 200

/**
 * Adds to a judgment what was asked again, where the assertion fails and may ask: once in a test, however often the assertion is retried there.
 * @param spare aborted while there is still time to say what is known
 */
export async function toldApart(
  judgment: Judgment,
  call: Call,
  endpoint: EndpointSubject,
  spare: AbortSignal,
): Promise<Judgment> {
  const { context } = call
  const negated = context.isNot === true
  if (isPassed(judgment, negated) !== negated) return judgment
  if (endpoint.options.diagnose === false || context.poll === true) return judgment
  const found = diagnosis().caseToAskAbout(judgment, negated)
  if (found === null) return judgment
  const failure = JSON.stringify([found.verdict.code, found.exchanges.map(({ response }) => response.status)])
  const before = remembered(endpoint, keyOf(call, found), () => ({
    failure,
    asked: askAgain(endpoint, found, spare),
  }))
  // Asked about another failure, it would tell of that one.
  if (before.failure !== failure) return judgment
  const askedAgain = await before.asked
  if (askedAgain.length === 0) return judgment
  return {
    ...judgment,
    findings: judgment.findings.map((finding) => withRelated(finding, judgment.findings, askedAgain)),
    askedAgain,
  }
}

/** A finding that knows what else was asked of the server, for the others and again. */
function withRelated(finding: Finding, all: readonly Finding[], asked: readonly Exchange[]): Finding {
  const { journey } = finding
  if (journey === undefined || !('verdict' in journey)) return finding
  const others = all.flatMap((other) =>
    other.item !== finding.item && other.journey !== undefined && 'exchanges' in other.journey
      ? other.journey.exchanges
      : [],
  )
  return { ...finding, journey: { ...journey, related: [...others, ...asked] } }
}

function remembered(endpoint: EndpointSubject, key: string, ask: () => AskedOnce): AskedOnce {
  const shared = sharedState<Shared>()
  shared.askedAgain ??= new WeakMap()
  // All apps have the same URL; servers are told apart by theirs.
  const owner = endpoint.inProcess ? endpoint.transport : shared
  const all = shared.askedAgain.get(owner) ?? new Map<string, AskedOnce>()
  shared.askedAgain.set(owner, all)
  const before = all.get(key)
  if (before !== undefined) return before
  const [oldest] = all.keys()
  if (all.size >= MOST_REMEMBERED && oldest !== undefined) all.delete(oldest)
  const once = ask()
  all.set(key, once)
  return once
}

/** Whatever origin was chosen at random, it is the same assertion. */
function keyOf({ context, name, args }: Call, { exchanges }: Case): string {
  const asked = exchanges.map(({ request: { method, url, headers } }) => [
    method,
    url,
    headers.filter(([header]) => !OF_THE_ORIGIN.has(header)),
  ])
  return JSON.stringify([testOf(context), describeCall(context, name, args), asked])
}

const OF_THE_ORIGIN = new HeaderNames(['origin', 'referer'])

/** The test that asserts; Vitest's retries of one are the same. */
function testOf({ task, currentConcurrentTestName, currentTestName }: MatcherContext): string {
  return task?.id ?? currentConcurrentTestName?.() ?? currentTestName ?? ''
}
