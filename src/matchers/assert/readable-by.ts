/** Shared by the two matchers that ask whether a page may read a response, without and with credentials. */

import { whyAllowed } from '../../diagnose/again/who-may.js'
import { caseOf } from '../../diagnose/case.js'
import { diagnosis } from '../../diagnose/diagnosis.js'
import type { Finding } from '../../diagnose/finding.js'
import type { Judgment } from '../../diagnose/judgment.js'
import { getHeader } from '../../fetch/header-list.js'
import { type EngineRun, enginesOf, requestTo, travelAll } from '../../page/ask.js'
import type { LiveOptions } from '../../subject/options.js'
import { argument, shown } from '../../text/shown.js'
import { checkOrigin } from '../../verdict/client.js'
import type { Exchange, Journey } from '../../verdict/verdict.js'
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
        sentence: negated ? heldSentence(runs[0]?.journey, origin, askedAgain) : undefined,
        saysWho: true,
        notes: notes(),
      }),
    }
  }

  function heldSentence(
    journey: Journey | undefined,
    origin: string,
    askedAgain: readonly Exchange[],
  ): string {
    const headers = journey?.exchanges.at(-1)?.response.headers ?? []
    const value = getHeader(headers, 'access-control-allow-origin')
    const how = credentials === 'include' ? ' with credentials' : ''
    const by = value === null ? '' : `: Access-Control-Allow-Origin is ${argument(value)}${why(value)}`
    const use = diagnosis().useWords(journey?.verdict ?? {}, 'this response')
    return `A page at ${shown(origin)} may ${use}${how}${by}.`

    function why(sent: string): string {
      if (sent === '*') return ', which lets every page in'
      if (sent !== origin || journey === undefined) return ''
      return `, ${whyAllowed({ ...caseOf(journey), related: askedAgain })}`
    }
  }
}

/** Whether a page may read what it got in one engine. */
export function readableIn({ engine, journey }: EngineRun): Finding & EngineRun {
  return { engine, journey, holds: journey.verdict.outcome === 'allowed' }
}
