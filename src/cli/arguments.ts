/** The arguments of `expect-cors explain`. */

import { type ServerName, serverNames } from '../diagnose/remedies/server-names.js'
import type { Profile } from '../engines/profiles.js'
import type { RequestCredentials } from '../fetch/fetch-request.js'
import type { Header } from '../fetch/header-list.js'
import { byteLowercase, isToken } from '../fetch/http-tokens.js'
import { isForbiddenRequestHeader } from '../fetch/request-headers.js'
import { literal } from '../text/shown.js'
import { CommandError } from './command-error.js'
import {
  bodyOf,
  choice,
  chosenEngines,
  ENGINE_USAGE,
  flag,
  headerOf,
  once,
  parseOptions,
  string,
  timeoutOf,
} from './option-values.js'

/** What `expect-cors explain` is asked to do. */
export interface ExplainArguments {
  readonly url: string
  readonly origin: string
  readonly method: string
  readonly headers: readonly Header[]
  readonly extraHeaders: readonly Header[]
  readonly credentials: RequestCredentials
  readonly body: string | Uint8Array<ArrayBuffer> | undefined
  /** Whether a method that changes state is really sent, and not judged by its preflight alone. */
  readonly send: boolean
  readonly engines: readonly Profile[]
  readonly server: ServerName | undefined
  readonly timeout: number
  readonly allowPrivate: boolean
  /** Whether a block is told apart by asking again, harmlessly. */
  readonly diagnose: boolean
  readonly json: boolean
}

/** What `expect-cors explain --message` is asked to do. */
export interface MessageArguments {
  /** What a console printed, or `-` for what is on standard input. */
  readonly message: string
  readonly json: boolean
}

const OPTIONS = {
  origin: string,
  method: string,
  header: string,
  'extra-header': string,
  credentials: string,
  body: string,
  engine: string,
  server: string,
  timeout: string,
  message: string,
  send: flag,
  'allow-private': flag,
  'no-diagnose': flag,
  json: flag,
} as const

export const EXPLAIN_USAGE = `Usage: expect-cors explain <url> --origin <origin> [options]

Sends what a page's browser would send, preflight and redirects included, and says what it makes of the responses.
Only GET and HEAD are sent themselves; any other method is judged by its preflight, unless --send.

  --origin <origin>             the page's origin, https://app.example.com, or null
  --method <method>             default GET
  --header 'Name: value'        what the page's script sets; may be repeated; name=@VARIABLE takes the value from the environment
  --extra-header 'Name: value'  sent with every request to the URL's own origin, preflights included, and not judged:
                                a staging gate's token; may be repeated
  --credentials <mode>          omit, same-origin (default) or include
  --body <text>                 sent as a string, which fetch calls text/plain unless a header says otherwise; @file sends a file's bytes
  --send                        really send a method that may change state, such as PUT, after its preflight
${ENGINE_USAGE}
  --server <server>             whose configuration the fix is written for; default: recognized by its responses
                                (${serverNames.join(', ')})
  --timeout <milliseconds>      for the whole journey; default 10000
  --allow-private               follow a redirect from a public address to this machine or a private network
  --no-diagnose                 do not ask again, harmlessly, what tells the cause of a block
  --json                        print plain data

       expect-cors explain --message <text>

Takes apart what a browser's console printed: whose it is, what it means, what to do, and the command that asks the
server. --message - reads standard input, as does expect-cors explain without arguments.

Exit code: 0 allowed in every engine asked (by its preflight, where the request was not sent), 1 blocked in one of them, 2 could not judge.
`

/** Reads the arguments after `explain`. @throws CommandError with one line that says what is wrong */
export function readExplainArguments(args: readonly string[]): ExplainArguments | MessageArguments {
  const { values, positionals } = parseOptions(args, OPTIONS)
  const message = once('message', values.message)
  if (message !== undefined) {
    const others = Object.keys(values).filter((name) => name !== 'message' && name !== 'json')
    if (others.length > 0 || positionals.length > 0)
      throw new CommandError(
        `--message asks no server: leave out ${others.length > 0 ? `--${others[0]}` : 'the URL'}, or leave out --message`,
      )
    return { message, json: values.json === true }
  }
  const [url, ...others] = positionals
  if (url === undefined)
    throw new CommandError(
      'explain takes a URL: expect-cors explain https://api.example.com/orders --origin https://app.example.com',
    )
  if (others.length > 0)
    throw new CommandError(
      `explain takes one URL; got ${urlWords(others[0] as string)} as well as ${urlWords(url)} (quote values that hold spaces)`,
    )
  const origin = once('origin', values.origin)
  if (origin === undefined)
    throw new CommandError(
      '--origin is missing: say where the page is, as in --origin https://app.example.com',
    )
  const body = once('body', values.body)
  return {
    url,
    origin,
    method: methodOf(once('method', values.method)),
    headers: (values.header ?? []).map((line) => settable(headerOf('header', line))),
    extraHeaders: (values['extra-header'] ?? []).map((line) => headerOf('extra-header', line)),
    credentials: choice('credentials', once('credentials', values.credentials) ?? 'same-origin', [
      'omit',
      'same-origin',
      'include',
    ]),
    body: body === undefined ? undefined : bodyOf(body),
    send: values.send === true,
    engines: chosenEngines(values.engine),
    server:
      values.server === undefined
        ? undefined
        : choice('server', once('server', values.server) as string, serverNames),
    timeout: timeoutOf(once('timeout', values.timeout) ?? '10000'),
    allowPrivate: values['allow-private'] === true,
    diagnose: values['no-diagnose'] !== true,
    json: values.json === true,
  }
}

/** What is not a URL may be the rest of a header's value. */
function urlWords(argument: string): string {
  return /^(?:https?:)?[\\/]/i.test(argument) ? literal(argument) : 'another argument'
}

function methodOf(method = 'GET'): string {
  if (isToken(method)) return method
  throw new CommandError(`--method must be an HTTP method such as PUT; got ${literal(method)}`)
}

/** A browser drops what no page may set, and what was asked about would be another request. */
function settable(header: Header): Header {
  const [name, value] = header
  if (!isForbiddenRequestHeader(name, value)) return header
  const way =
    byteLowercase(name) === 'origin'
      ? '--origin says where the page is'
      : '--extra-header sends it with every request, unjudged'
  throw new CommandError(`--header cannot set ${name}, which no page may set and a browser drops: ${way}`)
}
