/** The words of `toVaryOnOrigin`. */
import { getHeader, type HeaderList, headerLines } from '../../fetch/header-list.js'
import { argument, shown } from '../../text/shown.js'
import type { Exchange } from '../../verdict/verdict.js'
import { exchangeText } from '../exchange.js'
import { aboutExchange } from '../first-line.js'
import type { Words } from '../judgment.js'
import { varyWithOrigin } from '../vary.js'

/** What came back to one who asked. */
export interface AskedAs {
  /** Who asked, in words; empty where nobody says. */
  readonly who: string
  readonly exchange: Exchange
}

/**
 * What is said of responses that vary on the origin, or of those that do not.
 * @param isConstant whether whoever asks gets the same, so that no cache can mix anything up
 */
export function varyWords(
  concerned: readonly AskedAs[],
  isConstant: boolean,
  negated: boolean,
): Omit<Words, 'expected'> {
  const headers = concerned[0]?.exchange.response.headers ?? []
  const mark = negated ? '→' : '✗'
  const [first] = concerned
  return {
    about: first === undefined ? undefined : aboutExchange(first.exchange),
    sentence: concerned.map((each) => sentence(each, negated, isConstant)).join('\n'),
    exchanges: concerned.map(({ exchange }) => exchangeText(exchange, { marked: 'Vary', mark })),
    wayOut: negated
      ? undefined
      : isConstant
        ? noneNeeded(headers)
        : `Send instead:\n  Vary: ${shown(varyWithOrigin(headers))}`,
  }
}

function sentence({ who, exchange }: AskedAs, varying: boolean, isConstant: boolean): string {
  const lines = headerLines(exchange.response.headers, 'vary')
  const response = who === '' ? 'The response' : `The response to a request ${who}`
  if (varying) return `${response} has Vary: ${argument(lines.join(', '))}, so it varies on the origin.`
  const vary =
    lines.length === 0
      ? 'has no Vary header'
      : `has Vary: ${argument(lines.join(', '))}, which does not name Origin`
  return `${response} ${vary}${isConstant ? '.' : ": a cache may give one origin's response to another."}`
}

function noneNeeded(headers: HeaderList): string {
  const value = getHeader(headers, 'access-control-allow-origin') ?? ''
  return `No Vary is needed here: Access-Control-Allow-Origin is ${argument(value)} for every origin, so caches have nothing to keep apart. Leave the assertion out, or assert .not.toVaryOnOrigin.`
}
