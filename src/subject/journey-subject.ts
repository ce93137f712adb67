/** A journey from `page.inspect()`, or a verdict from `evaluateCors()`. */
import type { Journey, Verdict } from '../verdict/verdict.js'
import { hasMembers } from './shape.js'

/** What was judged already. */
export interface JourneySubject {
  readonly kind: 'journey'
  readonly verdict: Verdict
  /** Absent where only a verdict was given. */
  readonly journey?: Journey
}

/** Reads a journey or a verdict; undefined for anything else. */
export function readJourney(value: unknown): JourneySubject | undefined {
  if (isVerdict(value)) return { kind: 'journey', verdict: value }
  if (!hasMembers(value) || !isVerdict(value.verdict) || !Array.isArray(value.exchanges)) return undefined
  return { kind: 'journey', verdict: value.verdict, journey: value as unknown as Journey }
}

const OUTCOMES = new Set<unknown>([
  'allowed',
  'blocked',
  'opaque',
  'incomplete',
  'prompt',
] satisfies Verdict['outcome'][])

function isVerdict(value: unknown): value is Verdict {
  return (
    hasMembers(value) &&
    OUTCOMES.has(value.outcome) &&
    typeof value.engine === 'string' &&
    hasMembers(value.preflight)
  )
}
