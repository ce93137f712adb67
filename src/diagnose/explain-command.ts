/** The command that asks a request alone, to be pasted. */

import type { Header } from '../fetch/header-list.js'
import { isSecretHeader, REDACTED, redactUrl, variableFor } from '../text/redact.js'
import { escapeControls } from '../text/shown.js'

/** What the command asks. */
export interface AskedByCommand {
  readonly url: string
  readonly origin: string
  /** Default `GET`. */
  readonly method?: string | undefined
  readonly credentials?: string | undefined
  readonly headers?: readonly Header[]
  /** Names alone: their values are secrets. */
  readonly extraHeaders?: readonly string[]
  /** Whether a method that changes state is really to be sent. */
  readonly send?: boolean
}

/**
 * The command that asks a request alone. A secret's place is taken by a variable of the environment, which the command reads.
 *
 * @example
 * explainCommand({ url: 'https://api.example.com/orders', origin: 'https://app.example.com', headers: [['authorization', 'Bearer 1']] })
 * // npx expect-cors explain https://api.example.com/orders --origin https://app.example.com --header authorization=@AUTHORIZATION
 */
export function explainCommand(asked: AskedByCommand): string {
  const { url, origin, method = 'GET', credentials, headers = [], extraHeaders = [], send = false } = asked
  return [
    'npx expect-cors explain',
    word(redactUrl(url)),
    `--origin ${word(origin)}`,
    ...(method === 'GET' ? [] : [`--method ${word(method)}`]),
    ...(send ? ['--send'] : []),
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
