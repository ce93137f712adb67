/** The arguments of `expect-cors explain`. */

import { parseArgs } from 'node:util'
import { type ServerName, serverNames } from '../diagnose/remedies/server-names.js'
import { defaultEngines, type Profile, profiles } from '../engines/profiles.js'
import type { RequestCredentials } from '../fetch/fetch-request.js'
import type { Header } from '../fetch/header-list.js'
import { byteLowercase, isHeaderValue, isToken, normalizeHeaderValue } from '../fetch/http-tokens.js'
import { isForbiddenRequestHeader } from '../fetch/request-headers.js'
import { nearest } from '../text/nearest.js'
import { literal } from '../text/shown.js'
import { CommandError } from './command-error.js'

/** What `expect-cors explain` is asked to do. */
export interface ExplainArguments {
  readonly url: string
  readonly origin: string
  readonly method: string
  readonly headers: readonly Header[]
  readonly extraHeaders: readonly Header[]
  readonly credentials: RequestCredentials
  readonly body: string | undefined
  readonly engines: readonly Profile[]
  readonly server: ServerName | undefined
  readonly timeout: number
  readonly allowPrivate: boolean
  readonly json: boolean
}

const string = { type: 'string', multiple: true } as const
const flag = { type: 'boolean' } as const

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
  'allow-private': flag,
  json: flag,
} as const

export const EXPLAIN_USAGE = `Usage: expect-cors explain <url> --origin <origin> [options]

Sends what a page's browser would send, preflight and redirects included, and says what it makes of the answers.

  --origin <origin>             the page's origin, https://app.example.com, or null
  --method <method>             default GET
  --header 'Name: value'        what the page's script sets; may be repeated
  --extra-header 'Name: value'  sent with every request to the URL's own origin, preflights included, and not judged:
                                a staging gate's token; may be repeated
  --credentials <mode>          omit, same-origin (default) or include
  --body <text>                 sent as a string, which fetch calls text/plain unless a header says otherwise
  --engine <engine>             chromium, firefox, webkit, webkitgtk or standard; may be repeated; default: the first three
  --server <server>             whose configuration the fix is written for; default: recognised by the answer
                                (${serverNames.join(', ')})
  --timeout <milliseconds>      for the whole journey; default 10000
  --allow-private               follow a redirect from a public address to this machine or a private network
  --json                        print plain data

Exit code: 0 allowed in every engine asked, 1 blocked in one of them, 2 could not judge.
`

/** Reads the arguments after `explain`. @throws CommandError with one line that says what is wrong */
export function readExplainArguments(args: readonly string[]): ExplainArguments {
  const { values, positionals } = parse(args)
  const [url, ...others] = positionals
  if (url === undefined)
    throw new CommandError(
      'explain takes a URL: expect-cors explain https://api.example.com/orders --origin https://app.example.com',
    )
  if (others.length > 0)
    throw new CommandError(
      `explain takes one URL; got ${urlWords(others[0] as string)} besides ${urlWords(url)} (quote values that hold spaces)`,
    )
  const origin = once('origin', values.origin)
  if (origin === undefined)
    throw new CommandError(
      '--origin is missing: say where the page is, as in --origin https://app.example.com',
    )
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
    body: once('body', values.body),
    engines: enginesOf(values.engine),
    server:
      values.server === undefined
        ? undefined
        : choice('server', once('server', values.server) as string, serverNames),
    timeout: timeoutOf(once('timeout', values.timeout)),
    allowPrivate: values['allow-private'] === true,
    json: values.json === true,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const unknown = /^Unknown option '([^']*)'/.exec(message)?.[1]
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== undefined) {
      const near = nearest(unknown.replace(/^-+/, ''), Object.keys(OPTIONS))
      throw new CommandError(
        `unknown option ${literal(unknown)}${near === undefined ? '' : `; did you mean --${near}?`}`,
      )
    }
    const lacking = /^Option '(--[a-z-]+)[^']*' (argument missing|argument is ambiguous)/.exec(message)?.[1]
    if (lacking !== undefined)
      throw new CommandError(`${lacking} takes a value (write ${lacking}=… for one that starts with a dash)`)
    throw new CommandError((message.split('\n')[0] ?? '').replace(/\. .*/, ''))
  }
}

/** What is not a URL may be the rest of a header's value. */
function urlWords(argument: string): string {
  return /^(?:https?:)?[\\/]/i.test(argument) ? literal(argument) : 'another argument'
}

function once(name: string, values: readonly string[] | undefined): string | undefined {
  if (values !== undefined && values.length > 1)
    throw new CommandError(`--${name} is given ${values.length} times, and is one value`)
  return values?.[0]
}

function choice<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((each) => each === value)
  if (found !== undefined) return found
  throw new CommandError(`--${name} must be one of ${choices.join(', ')}; got ${literal(value)}`)
}

function methodOf(method = 'GET'): string {
  if (isToken(method)) return method
  throw new CommandError(`--method must be an HTTP method such as PUT; got ${literal(method)}`)
}

/** The value is never shown: it may be a secret. */
function headerOf(option: string, line: string): Header {
  const colon = line.indexOf(':')
  const name = colon < 0 ? '' : line.slice(0, colon).trim()
  const value = normalizeHeaderValue(line.slice(colon + 1))
  if (colon < 0 || !isToken(name))
    throw new CommandError(
      `--${option} takes 'Name: value', as in --${option} 'Content-Type: application/json'`,
    )
  if (!isHeaderValue(value)) throw new CommandError(`--${option}: the value of ${name} is no header value`)
  return [name, value]
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

function enginesOf(values: readonly string[] | undefined): readonly Profile[] {
  if (values === undefined) return defaultEngines
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim())
  return [...new Set(names.map((name) => choice('engine', name, Object.keys(profiles) as Profile[])))]
}

function timeoutOf(value = '10000'): number {
  const milliseconds = /^\d+$/.test(value) ? Number(value) : 0
  if (milliseconds > 0 && milliseconds < 2 ** 31) return milliseconds
  throw new CommandError(`--timeout must be a positive number of milliseconds; got ${literal(value)}`)
}
