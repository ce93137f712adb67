import { containsHeader, type Header } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { shown, shownUrl, shownValue } from '../text/shown.js'
import type { Exchange } from '../verdict/journey.js'

/** An exchange as text, with the lines of one header marked, or their absence. */
export function formatHead({ request, response }: Exchange, header: string, found: boolean): string {
  const mark = found ? '→' : '✗'
  const text = ([name, value]: Header): string => `${shown(name)}: ${shownValue(name, value)}`
  const sent =
    request.url === ''
      ? []
      : [
          `> ${shown(request.method)} ${shownUrl(request.url)}`,
          ...request.headers
            .filter(([name]) => equalsIgnoringCase(name, 'origin'))
            .map((line) => `> ${text(line)}`),
        ]
  return [
    ...sent,
    `< ${response.status}`,
    ...response.headers.map((line) => `${equalsIgnoringCase(line[0], header) ? mark : '<'} ${text(line)}`),
    ...(containsHeader(response.headers, header) ? [] : [`✗ missing: ${header}`]),
  ].join('\n')
}
