/** Header lines, out of whatever a client keeps them in. */
import { type Header, receivedLine } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { call, hasMembers, hasMethods, type Members } from './shape.js'

/**
 * Reads header lines from a `Headers` object, a record or a `Map`, pairs, `{ name, value }` objects, or a flat list of names and values in
 * turn (`rawHeaders`), as strings or buffers; undefined for anything else.
 */
export function readLines(headers: unknown): Header[] | undefined {
  const lines = allLines(headers)
  // HTTP/2's `:status` and the like are not header lines.
  return lines?.some(isPseudo) === true ? lines.filter((line) => !isPseudo(line)) : lines
}

/** Whether it is a `Map`, which keeps what a `Headers` object joins. */
export function isMap(headers: unknown): boolean {
  return Object.prototype.toString.call(headers) === '[object Map]'
}

function isPseudo(line: Header): boolean {
  return line[0].startsWith(':')
}

function allLines(headers: unknown): Header[] | undefined {
  if (Array.isArray(headers)) return linesOf(pairsIn(headers))
  if (!hasMembers(headers) || typeof headers === 'function') return undefined
  if (!(Symbol.iterator in headers)) return isRecord(headers) ? linesOf(Object.entries(headers)) : undefined
  // Anything else to iterate over, such as `headers.entries()`, can be read only once, or holds no pairs.
  if (!hasMethods(headers, 'get')) return undefined
  // A Fetch `Headers` object has joined lines of the same name, except for Set-Cookie.
  const lines = linesOf(headers as unknown as Iterable<readonly [unknown, unknown]>)
  if (lines === undefined || !hasMethods(headers, 'getSetCookie')) return lines
  const cookies = call(headers, 'getSetCookie') as readonly string[]
  if (cookies.length === 0) return lines
  return [
    ...lines.filter(([name]) => !equalsIgnoringCase(name, 'set-cookie')),
    ...cookies.map((cookie) => receivedLine('set-cookie', cookie)),
  ]
}

/** Whether the members are the headers. What shows none of its own, such as a promise, is not an empty record, which would say that nothing was sent. */
function isRecord(headers: Members): boolean {
  if (Object.keys(headers).length > 0) return true
  const prototype = Object.getPrototypeOf(headers)
  // That of any realm's `{}` has none of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** The names and values of a list: flat, pairs, or objects; undefined where an item is none of them. */
function pairsIn(list: readonly unknown[]): (readonly [unknown, unknown])[] | undefined {
  const pairs: (readonly [unknown, unknown])[] = []
  if (list.every((item) => typeof item === 'string' || ArrayBuffer.isView(item))) {
    if (list.length % 2 !== 0) return undefined
    for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]])
    return pairs
  }
  for (const item of list) {
    if (Array.isArray(item) && item.length === 2) pairs.push([item[0], item[1]])
    else if (hasMembers(item) && typeof (item.name ?? item.key) === 'string')
      pairs.push([item.name ?? item.key, item.value])
    else return undefined
  }
  return pairs
}

/** A line for each value; undefined where one cannot be written as text. */
function linesOf(pairs: Iterable<readonly [unknown, unknown]> | undefined): Header[] | undefined {
  if (pairs === undefined) return undefined
  const lines: Header[] = []
  for (const [name, value] of pairs) {
    if (typeof name === 'string' && typeof value === 'string') {
      lines.push(receivedLine(name, value))
      continue
    }
    for (const item of Array.isArray(value) ? value : [value]) {
      // A subclass of AxiosHeaders and the like keeps methods beside its lines.
      if (item === undefined || item === null || typeof item === 'function') continue
      // Lambda@Edge writes { key, value }.
      const written = isText(item) ? item : hasMembers(item) && isText(item.value) ? item.value : undefined
      if (written === undefined || !isText(name)) return undefined
      lines.push(receivedLine(text(name), text(written)))
    }
  }
  return lines
}

function isText(value: unknown): boolean {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) || ArrayBuffer.isView(value)
}

/** One character per byte. */
function text(value: unknown): string {
  if (!ArrayBuffer.isView(value)) return String(value)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
}
