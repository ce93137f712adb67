/** How options are read, and their values, for every command. */

import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseRate } from '../contract/notations.js'
import { defaultEngines, type Profile, profiles } from '../engines/profiles.js'
import type { Header } from '../fetch/header-list.js'
import { isHeaderValue, isToken, normalizeHeaderValue } from '../fetch/http-tokens.js'
import { nearest } from '../text/nearest.js'
import { literal } from '../text/shown.js'
import { CommandError } from './command-error.js'

/** The kinds of options: text, which may be given several times, and what is there or not. */
export const string = { type: 'string', multiple: true } as const
export const flag = { type: 'boolean' } as const

/** What was given. */
interface Given<Options> {
  readonly values: {
    readonly [Name in keyof Options]?: Options[Name] extends typeof string ? string[] : boolean
  }
  /** What is beside the options. */
  readonly positionals: readonly string[]
}

/** Options and what is beside them. @throws CommandError for an unknown option, or one that lacks its value */
export function parseOptions<Options extends Readonly<Record<string, typeof string | typeof flag>>>(
  args: readonly string[],
  options: Options,
): Given<Options> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true }) as Given<Options>
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const unknown = /^Unknown option '([^']*)'/.exec(message)?.[1]
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== undefined) {
      const near = nearest(unknown.replace(/^-+/, ''), Object.keys(options))
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

/** An option that is one value. @throws CommandError where it is given several times */
export function once(name: string, values: readonly string[] | undefined): string | undefined {
  if (values !== undefined && values.length > 1)
    throw new CommandError(`--${name} is given ${values.length} times, but takes one value`)
  return values?.[0]
}

/** One of a few words. @throws CommandError */
export function choice<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((each) => each === value)
  if (found !== undefined) return found
  throw new CommandError(`--${name} must be one of ${choices.join(', ')}; got ${literal(value)}`)
}

/** How a report is written: as `--format` says, or by the ending of its file; else as text. @throws CommandError */
export function formatOf<Format extends string>(
  format: string | undefined,
  file: string | undefined,
  formats: readonly Format[],
  endings: Readonly<Record<string, Format>>,
): Format | 'text' {
  if (format !== undefined) return choice('format', format, formats)
  const ending = /\.(\w+)$/.exec(file ?? '')?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(endings, ending) ? (endings[ending] as Format) : 'text'
}

/** What `--engine` takes, for the usage of each command that has it. */
export const ENGINE_USAGE = `  --engine <engine>             ${Object.keys(profiles).join(', ')}; may be repeated; default: ${defaultEngines.join(', ')}`

/** Engines, each once, whether in one value or in several. @throws CommandError */
export function chosenEngines(values: readonly string[] | undefined): readonly Profile[] {
  if (values === undefined) return defaultEngines
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim())
  return [...new Set(names.map((name) => choice('engine', name, Object.keys(profiles) as Profile[])))]
}

/** @throws CommandError for what is not a positive number of milliseconds that a timer can wait */
export function timeoutOf(value: string): number {
  const milliseconds = /^\d+$/.test(value) ? Number(value) : 0
  if (milliseconds > 0 && milliseconds < 2 ** 31) return milliseconds
  throw new CommandError(`--timeout must be a positive number of milliseconds; got ${literal(value)}`)
}

/** @throws CommandError for what is not a rate */
export function rateOf(value: string | undefined): string | undefined {
  if (value === undefined || parseRate(value) !== undefined) return value
  throw new CommandError(
    `--rate must be a number of requests per unit of time, such as 4/s or 30/min; got ${literal(value)}`,
  )
}

/** @throws CommandError for what is not a whole number, or too small a one */
export function countOf(name: string, value: string | undefined, least = 1): number | undefined {
  if (value === undefined) return undefined
  const count = /^\d+$/.test(value) ? Number(value) : -1
  if (count >= least && Number.isSafeInteger(count)) return count
  throw new CommandError(
    `--${name} must be a whole number${least > 0 ? ' above 0' : ''}; got ${literal(value)}`,
  )
}

/**
 * A header: `'Name: value'`, or `name=@VARIABLE` for a value that is kept in the environment, out of the shell's history and of process lists.
 * The value is never shown: it may be a secret.
 * @throws CommandError
 */
export function headerOf(option: string, text: string, env: NodeJS.ProcessEnv = process.env): Header {
  const variable = /^([^:=]+)=@(.*)$/s.exec(text)
  const line = /^([^:]*):(.*)$/s.exec(text)
  const name = (variable ?? line)?.[1]?.trim() ?? ''
  if (!isToken(name))
    throw new CommandError(
      `--${option} takes 'Name: value', as in --${option} 'Content-Type: application/json', or name=@VARIABLE for a value that is in the environment`,
    )
  const value = variable === null ? line?.[2] : fromEnvironment(option, name, variable[2] ?? '', env)
  const normalized = normalizeHeaderValue(value ?? '')
  if (!isHeaderValue(normalized))
    throw new CommandError(`--${option}: the value of ${name} is not a valid header value`)
  return [name, normalized]
}

/** What `--header` and `--extra-header`, which are the same, send with every request. @throws CommandError */
export function extraHeadersOf(values: {
  readonly header?: readonly string[]
  readonly 'extra-header'?: readonly string[]
}): Header[] {
  return (['header', 'extra-header'] as const).flatMap((option) =>
    (values[option] ?? []).map((text) => headerOf(option, text)),
  )
}

function fromEnvironment(option: string, header: string, name: string, env: NodeJS.ProcessEnv): string {
  if (!/^\w+$/.test(name))
    throw new CommandError(
      `--${option} ${header}=@… takes the name of an environment variable after the @, as in --${option} ${header}=@TOKEN`,
    )
  const value = env[name]
  if (value !== undefined && value !== '') return value
  throw new CommandError(
    `--${option} ${header}=@${name}: the environment variable ${name} is ${value === undefined ? 'not set' : 'empty'}`,
  )
}

/** A body: a text, or `@file` for what is in a file, text where it is text and bytes otherwise; `@@` begins a text that begins with `@`. @throws CommandError where the file cannot be read */
export function bodyOf(text: string): string | Uint8Array<ArrayBuffer> {
  if (text.startsWith('@@')) return text.slice(1)
  if (!text.startsWith('@')) return text
  const file = text.slice(1)
  try {
    const bytes = new Uint8Array(readFileSync(file))
    return isUtf8(bytes) ? new TextDecoder().decode(bytes) : bytes
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code ?? 'unknown error'})`
    throw new CommandError(`--body @${literal(file)}: ${why}; for text that begins with @ write @@`)
  }
}
