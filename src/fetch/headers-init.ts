/** What users write for headers, read into header lines. */

import { errorMessage } from '../text/message.js'
import { isSecretHeader, REDACTED } from '../text/redact.js'
import { literal, row, shown } from '../text/shown.js'
import { describeValue } from '../text/usage-error.js'
import type { Header, HeaderList } from './header-list.js'
import { byteLowercase } from './http-tokens.js'

/**
 * Headers as a page's script gives them: pairs, a record, a `Headers` object, or names alone. A name alone stands for a value that
 * is not CORS-safelisted, so that the preflight asks for it. `undefined` is for a response's record alone, where Node's types have it.
 */
export type HeadersLike =
  | HeaderList
  | readonly string[]
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | number | undefined>>

/** Thrown for headers that cannot be read. */
export class HeadersInitError extends TypeError {
  constructor(message: string) {
    super(errorMessage(message))
  }
}

/**
 * Reads header lines from a list of pairs, a record, a `Headers` object, or names alone.
 * @throws HeadersInitError naming the entry that is neither, or the header whose value is not a string
 */
export function readHeaders(init: HeadersLike | undefined | null): Header[] {
  if (init === undefined || init === null) return []
  if (typeof init === 'string') {
    throw new HeadersInitError(
      `headers must be a record, pairs or a Headers object; got the string ${literal(init)}. Write [${literal(init)}] for a name alone.`,
    )
  }
  if (typeof init !== 'object' || isPromise(init)) {
    const got = typeof init === 'object' ? 'a promise: await it first' : describeValue(init)
    throw new HeadersInitError(`headers must be a record, pairs or a Headers object; got ${got}`)
  }
  const lines: Header[] = []
  if (typeof (init as Iterable<unknown>)[Symbol.iterator] === 'function') {
    for (const entry of init as Iterable<unknown>) lines.push(readEntry(entry))
    return lines
  }
  for (const name of Object.keys(init)) {
    const value = (init as Record<string, unknown>)[name]
    if (!Array.isArray(value)) lines.push([name, readValue(name, value)])
    else for (const item of value) lines.push([name, readValue(name, item)])
  }
  return lines
}

function isPromise(value: object): boolean {
  return 'then' in value && typeof value.then === 'function'
}

/** A value as text. What nobody means to send is refused: a browser would send `undefined` or `[object Object]`. */
function readValue(name: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value)
    default:
      throw new HeadersInitError(
        `the value of ${shown(name)} is ${describeValue(value)}: leave the header out, or give it a string`,
      )
  }
}

function readEntry(entry: unknown): Header {
  if (typeof entry === 'string') return [entry, unsafeValueFor(entry)]
  if (Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string')
    return typeof entry[1] === 'string'
      ? (entry as unknown as Header)
      : [entry[0], readValue(entry[0], entry[1])]
  throw new HeadersInitError(`a header must be a name or a [name, value] pair; got ${shownEntry(entry)}`)
}

function shownEntry(entry: unknown): string {
  if (!Array.isArray(entry)) return shownItem(entry)
  const [name, ...rest] = entry as unknown[]
  const isSecret = typeof name === 'string' && isSecretHeader(name)
  return `[${row([shownItem(name), ...rest.map((item) => (isSecret ? REDACTED : shownItem(item)))])}]`
}

function shownItem(item: unknown): string {
  if (typeof item === 'string') return literal(item)
  return typeof item === 'number' || typeof item === 'bigint' ? String(item) : describeValue(item)
}

/** A plausible value of that header that no engine safelists. */
export function unsafeValueFor(name: string): string {
  switch (byteLowercase(name)) {
    case 'content-type':
      return 'application/json'
    case 'accept':
    case 'accept-language':
    case 'content-language':
      return '(any)'
    case 'range':
      return 'bytes=-1'
    case 'authorization':
      return 'Bearer expect-cors'
    default:
      return 'expect-cors'
  }
}
