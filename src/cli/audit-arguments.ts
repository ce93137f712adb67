/** The arguments of `expect-cors audit`. */

import type { AuditOptions } from '../audit/audit-options.js'
import { parseOrigin } from '../fetch/origin.js'
import { literal } from '../text/shown.js'
import { CommandError } from './command-error.js'
import {
  chosenEngines,
  countOf,
  ENGINE_USAGE,
  extraHeadersOf,
  flag,
  formatOf,
  once,
  parseOptions,
  rateOf,
  string,
  timeoutOf,
} from './option-values.js'

const auditFormats = ['text', 'json', 'sarif'] as const
export type AuditFormat = (typeof auditFormats)[number]

/** What `expect-cors audit` is asked to do. */
export interface AuditArguments {
  readonly urls: readonly string[]
  /** Those who may read; undefined where a contract says it. */
  readonly trusted: readonly string[] | undefined
  /** The file of a contract. */
  readonly contract: string | undefined
  readonly options: Omit<AuditOptions, 'trusted' | 'path'>
  readonly dryRun: boolean
  readonly format: AuditFormat
  /** Where the report goes instead of standard output. */
  readonly output: string | undefined
}

const OPTIONS = {
  trusted: string,
  contract: string,
  header: string,
  'extra-header': string,
  'allow-subdomains': flag,
  'allow-ports': flag,
  'public-api': flag,
  thorough: flag,
  baseline: string,
  status: string,
  seed: string,
  rate: string,
  'dry-run': flag,
  format: string,
  output: string,
  engine: string,
  timeout: string,
} as const

export const AUDIT_USAGE = `Usage: expect-cors audit <url…> --trusted <origin…> [options]

Asks each URL as origins that must not get in, derived from those that may, as browsers would; and looks for what else is wrong with its policy.
Only GET, HEAD and preflights are sent, at most 40 to each URL, and nothing to any other host. For servers that you may test.

  --trusted <origin…>           who may read: https://app.example.com, a pattern such as 'https://*.preview.example.com';
                                several, or repeated. They are the control: each of them must be let in
  --contract <file>             instead: the allowed origins of a contract
  --allow-subdomains            every subdomain of the trusted origins' sites may read
  --allow-ports                 every port of their hosts may
  --public-api                  everybody may read without cookies
  --thorough                    ask with the special characters, too, that URL parsers let through
  --baseline <file>             findings that are accepted: a JSON list of { "id", "reason" }, with "path" or "origin"
  --status <status>             what the trusted origins get, where that is an error: 401, 404
  --header name=@VARIABLE       sent with every request, preflights included: a staging gate's token; a Cookie instead of the audit's own;
                                may be repeated; also 'Name: value', which others on this machine can see
  --rate <rate>                 the most requests sent to each URL: 4/s, 30/min
  --dry-run                     say what would be asked, and send nothing
  --format <format>             ${auditFormats.join(', ')}; default: by the ending of --output, or text
  --output <file>               write the report there, and only its outcome to the terminal
${ENGINE_USAGE}
  --timeout <milliseconds>      for each request; default 10000
  --seed <number>               repeats the same origins

Exit code: 0 nothing found, 1 findings, 2 could not judge.
`

/** Reads the arguments after `audit`. @throws CommandError with one line that says what is wrong */
export function readAuditArguments(args: readonly string[]): AuditArguments {
  const { values, positionals } = parseOptions(withTrusted(args), OPTIONS)
  if (positionals.length === 0)
    throw new CommandError(
      'audit takes a URL, before --trusted: expect-cors audit https://api.example.com/orders --trusted https://app.example.com',
    )
  const contract = once('contract', values.contract)
  const trusted = values.trusted?.flatMap((value) => value.split(',')).map((value) => value.trim())
  if (trusted === undefined && contract === undefined)
    throw new CommandError(
      '--trusted is missing: say who may read, as in --trusted https://app.example.com, or --contract cors.yaml',
    )
  if (trusted !== undefined && contract !== undefined)
    throw new CommandError('--contract says already who may read: leave out --trusted, or --contract')
  const output = once('output', values.output)
  const format = once('format', values.format)
  return {
    urls: [...new Set(positionals)],
    trusted,
    contract,
    options: {
      allowSubdomains: values['allow-subdomains'] === true,
      allowPorts: values['allow-ports'] === true,
      publicApi: values['public-api'] === true,
      thorough: values.thorough === true,
      baseline: once('baseline', values.baseline),
      status: countOf('status', once('status', values.status)),
      seed: countOf('seed', once('seed', values.seed), 0),
      rate: rateOf(once('rate', values.rate)),
      extraHeaders: extraHeadersOf(values),
      engines: values.engine === undefined ? undefined : chosenEngines(values.engine),
      timeout: timeoutOf(once('timeout', values.timeout) ?? '10000'),
    },
    dryRun: values['dry-run'] === true,
    format: formatOf(format, output, auditFormats, { sarif: 'sarif', json: 'json' }),
    output,
  }
}

/**
 * `--trusted a b` is `--trusted a --trusted b`, once the URLs have been said: what is an origin then is trusted, and never asked. Before them it is
 * an option like any other.
 */
function withTrusted(args: readonly string[]): string[] {
  const all: string[] = []
  const waiting = [...args]
  let hasUrl = false
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    all.push(arg)
    if (!arg.startsWith('-')) hasUrl = true
    else if (takesValue(arg)) all.push(...waiting.splice(0, 1))
    if (!hasUrl || !/^--trusted(=|$)/.test(arg)) continue
    while (waiting[0] !== undefined && isOriginLike(waiting[0]))
      all.push('--trusted', ...waiting.splice(0, 1))
  }
  return all
}

function takesValue(option: string): boolean {
  return (OPTIONS as Record<string, { type: string }>)[option.replace(/^--/, '')]?.type === 'string'
}

function isOriginLike(text: string): boolean {
  return text
    .split(',')
    .every((each) => /^[^*]*:\/\/[^/]*\*[^/]*$/.test(each) || parseOrigin(each).kind !== 'invalid')
}

/** A URL as it was given, where it is not one. @throws CommandError */
export function checkUrl(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url
  throw new CommandError(`${literal(url)} is not an http(s) URL: write https://api.example.com/orders`)
}
