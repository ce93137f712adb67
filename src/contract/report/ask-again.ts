/** The line to paste under a cell: what asks it alone. */

import { isSecretHeader, REDACTED, redactUrl, variableFor } from '../../text/redact.js'
import { escapeControls } from '../../text/shown.js'
import type { ContractCell } from '../contract-report.js'

/**
 * The command that asks a cell's request alone. A secret's place is taken by a variable of the environment, which the command reads.
 *
 * @example
 * askAgain(cell) // npx expect-cors explain https://api.example.com/orders --origin https://app.example.com --header authorization=@AUTHORIZATION
 */
export function askAgain({ origin, request, exchanges = [] }: ContractCell): string | undefined {
  if (request === undefined) return undefined
  const { url, method, credentials, headers, extraHeaders } = request
  // Of other methods the command sends the preflight alone, unless it is told otherwise.
  const isSent = exchanges.flat().some(({ kind }) => kind === 'request')
  const isSafe = method === 'GET' || method === 'HEAD'
  return [
    'npx expect-cors explain',
    word(redactUrl(url)),
    `--origin ${word(origin)}`,
    ...(method === 'GET' ? [] : [`--method ${word(method)}`]),
    ...(isSent && !isSafe ? ['--send'] : []),
    ...(credentials === 'include' ? ['--credentials include'] : []),
    ...headers.map(([name, value]) =>
      isSecretHeader(name) || value.includes(REDACTED)
        ? `--header ${fromEnvironment(name)}`
        : `--header ${word(`${name}: ${value}`)}`,
    ),
    ...extraHeaders.map((name) => `--extra-header ${fromEnvironment(name)}`),
  ].join(' ')
}

/** `x-api-key=@X_API_KEY` */
function fromEnvironment(name: string): string {
  return word(`${name}=@${variableFor(name)}`)
}

/** An argument as a shell takes it. */
function word(text: string): string {
  const harmless = escapeControls(text)
  return /^[\w@%+=:,./-]+$/.test(harmless) ? harmless : `'${harmless.replaceAll("'", `'\\''`)}'`
}
