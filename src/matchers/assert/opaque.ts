import { hintOf, type MatcherContext, type MatcherResult } from './context.js'
import { diagnosis } from './diagnosis.js'
import type { JourneyFinding } from './whole-journey.js'

/** An opaque response is neither readable nor blocked: both forms fail. Null where no engine's is. */
export function opaqueFailure(
  context: MatcherContext,
  name: string,
  received: string,
  expected: string,
  findings: readonly JourneyFinding[],
): MatcherResult | null {
  const opaque = findings.filter(({ verdict }) => verdict.outcome === 'opaque')
  if (opaque.length === 0) return null
  return {
    pass: context.isNot === true,
    message: () =>
      diagnosis().failureMessage({
        hint: hintOf(context, name, received, expected),
        sentence: `The response is opaque: the request went through, but the page cannot look into it, so it is neither allowed nor blocked. ${wayOut(opaque)}`,
        journeys: opaque,
      }),
  }
}

function wayOut(opaque: readonly JourneyFinding[]): string {
  const said = opaque.some(({ verdict }) => verdict.mode === 'no-cors')
    ? "mode: 'no-cors'"
    : "redirect: 'manual'"
  return `That is what ${said} is for: leave it out where the page is to read the response.`
}
