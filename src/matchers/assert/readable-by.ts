/** Shared by the two matchers that ask whether a page may read a response, without and with credentials. */

import { diagnosis } from '../../diagnose/diagnosis.js'
import type { Finding } from '../../diagnose/finding.js'
import type { Judgment } from '../../diagnose/judgment.js'
import { type EngineRun, enginesOf, requestTo, travelAll } from '../../page/ask.js'
import type { LiveOptions } from '../../subject/options.js'
import { argument } from '../../text/shown.js'
import { checkOrigin } from '../../verdict/client.js'
import { defineMatcher, type Matcher } from './define-matcher.js'
import { checkSentOrigin, joinedLinesNote, judgeResponse, unknownOriginNote } from './observed-response.js'

/** The matcher for requests with these credentials. */
export function readableBy(
  name: string,
  credentials: 'omit' | 'include',
  check: (options: LiveOptions) => void,
): Matcher<[origin: string, options?: LiveOptions]> {
  return defineMatcher({
    name,
    question(origin: string, options?: LiveOptions) {
      checkOrigin(origin)
      return { origin, options }
    },
    check,
    optionsOnResponse: ['credentials', 'engines'],
    onResponse(response, { origin, options }, negated) {
      checkSentOrigin(negated, response, origin)
      const judgeIn = judgeResponse(response, { origin, credentials })
      const runs = enginesOf(options).map(judgeIn)
      return judged(runs, origin, () => [
        ...joinedLinesNote(response, runs[0]?.journey.verdict.code),
        ...(negated ? [] : unknownOriginNote(response, origin)),
      ])
    },
    async onEndpoint(endpoint, { origin }, { negated, signal }) {
      const request = requestTo(endpoint, origin, { credentials })
      const engines = enginesOf(endpoint.options)
      const { runs, notes } = await travelAll(endpoint, request, engines, signal, { refusalHolds: negated })
      return judged(runs.map(readableIn), origin, () => notes)
    },
  })

  function judged(
    runs: readonly (EngineRun & Finding)[],
    origin: string,
    notes: () => readonly string[],
  ): Judgment {
    return {
      asksWho: true,
      findings: runs,
      words: (negated, askedAgain = []) => ({
        expected: argument(origin),
        sentence: negated
          ? diagnosis().readableSentence(runs[0]?.journey, origin, credentials === 'include', askedAgain)
          : undefined,
        saysWho: true,
        notes: notes(),
      }),
    }
  }
}

/** Whether a page may read what it got in one engine. */
export function readableIn({ engine, journey }: EngineRun): Finding & EngineRun {
  return { engine, journey, holds: journey.verdict.outcome === 'allowed' }
}
