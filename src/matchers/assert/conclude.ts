/** From what holds in each engine to a runner's pass or fail. */

import { existsSync } from 'node:fs'
import { diagnosis } from '../../diagnose/diagnosis.js'
import type { Judgment } from '../../diagnose/judgment.js'
import { getConfiguration } from '../../subject/configure.js'
import { callSite } from '../../text/call-site.js'
import { hintOf, type MatcherContext, type MatcherResult, paintOf } from './context.js'
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

let installed: boolean | undefined

/** Whether this code is installed: in a checkout of its own, messages are those of the projects that it is for. */
function isInstalled(): boolean {
  installed ??= /[\\/]node_modules[\\/]/.test(callSite().stack?.split('\n')[1] ?? '')
  return installed
}

/** Whether a page is a URL, or a file where the runner was started: a project may keep its packages elsewhere, or in archives. */
export function canOpen(page: string): boolean {
  return /^https?:/.test(page) || !isInstalled() || existsSync(page.replace(/#.*/, ''))
}
