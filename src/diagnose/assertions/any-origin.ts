/** The words of `toAllowAnyOrigin`. */

import type { ElementKind } from '../../fetch/element-request.js'
import { getHeader } from '../../fetch/header-list.js'
import { argument } from '../../text/shown.js'
import type { Journey } from '../../verdict/verdict.js'
import { useWords } from '../explain/words.js'
import type { Words } from '../judgment.js'

/** What is said of a response that does not let every page in. @param value its `Access-Control-Allow-Origin` */
export function notAnyOriginWords(value: string | null): Omit<Words, 'expected'> {
  return {
    sentence:
      value === null
        ? 'The response has no Access-Control-Allow-Origin.'
        : `Access-Control-Allow-Origin is ${argument(value)}, not '*'.`,
    explain: false,
    instead: { lines: [['Access-Control-Allow-Origin', '*']] },
    anyOrigin: true,
  }
}

/** Whether a page at a random origin may read the response. */
interface AskedAtRandom {
  readonly item: string
  readonly holds: boolean
  readonly journey: Journey
}

/** What is said of a server that lets pages at random origins in, or not all of them. */
export function anyOriginWords(
  asked: readonly AskedAtRandom[],
  as: ElementKind | undefined,
  negated: boolean,
): Omit<Words, 'expected'> {
  const allowed = asked.find(({ holds }) => holds)?.item
  const refused = asked.find(({ holds }) => !holds)?.item
  const use = useWords({ as }, 'the response')
  return {
    sentence: !negated
      ? `A page at a random origin, ${refused}, may not ${use}.`
      : refused === undefined
        ? `A page at any origin may ${use}: ${howAllowed(asked)}.`
        : `A page at a random origin, ${allowed}, may ${use}, but not one at another, ${refused}.`,
    // Never the random origin: whoever asserts this wants all.
    anyOrigin: true,
  }
}

function howAllowed(asked: readonly AskedAtRandom[]): string {
  const isWildcard = asked.some(({ journey: { exchanges } }) => {
    const headers = exchanges.at(-1)?.response.headers ?? []
    return getHeader(headers, 'access-control-allow-origin') === '*'
  })
  return isWildcard
    ? "Access-Control-Allow-Origin is '*'"
    : 'the server sends back whatever origin asks (reflection)'
}
