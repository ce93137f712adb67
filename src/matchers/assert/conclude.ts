/** From what holds in each engine to a runner's pass or fail. */

import { diagnosis } from '../../diagnose/diagnosis.js'
import type { Judgment } from '../../diagnose/judgment.js'
import { getConfiguration } from '../../subject/configure.js'
import { hintOf, type MatcherContext, type MatcherResult, paintOf } from './context.js'
import { canOpen } from './pages.js'
import { isWarned, warnOfStandard } from './warn.js'

/**
 * An assertion must hold in every engine asked, and its `.not` must in every one not hold; where they differ both forms fail.
 * @param received what was given to `expect`, in a word: `response`, `endpoint`, `journey`
 */
export function conclude(
  context: MatcherContext,
  name: string,
  received: string,
  judgment: Judgment,
): MatcherResult {
  const negated = context.isNot === true
  const { findings } = judgment
  const pass = isPassed(judgment, negated)
  if (pass && !negated && findings.some(isWarned)) warnOfStandard(name, findings)
  return {
    pass,
    message: () =>
      diagnosis().judgmentMessage(judgment, negated, {
        hint: (expected) => hintOf(context, name, received, expected),
        server: getConfiguration().server,
        paint: paintOf(context),
        canOpen,
      }),
  }
}

/** What a runner is told: `.not` turns it around. An opaque response satisfies neither form. */
export function isPassed({ findings, isOpaque = false }: Judgment, negated: boolean): boolean {
  return isOpaque ? negated : negated ? findings.some(isHeld) : findings.every(isHeld)
}

function isHeld({ holds }: { readonly holds: boolean }): boolean {
  return holds
}
