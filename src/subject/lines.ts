/** Header lines, out of whatever a client keeps them in. */
import { type Header, receivedLine } from '../fetch/header-list.js'
import { equalsIgnoringCase } from '../fetch/http-tokens.js'
import { call, hasMembers, hasMethods, type Members } from './shape.js'

/**
 * Reads header lines from a `Headers` object, a record, pairs, `{ name, value }` objects, or a flat list of names and values in
 * turn (`rawHeaders`), as strings or buffers; undefined for anything else.
 */
export function readLines(headers: unknown): Header[] | undefined {
  const lines = allLines(headers)
  // HTTP/2's `:status` and the like are no header lines.
  return lines?.some(isPseudo) === true ? lines.filter((line) => !isPseudo(line)) : lines
}

function isPseudo(line: Header): boolean {
  return line[0].startsWith(':')
}

function allLines(headers: unknown): Header[] | undefined {
  if (Array.isArray(headers)) return readList(headers)
  if (!hasMembers(headers) || typeof headers === 'function') return undefined
  if (hasMethods(headers, 'get') && Symbol.iterator in headers) return readHeadersObject(headers)
  // A subclass of AxiosHeaders and the like keeps its lines as own members.
  const lines: Header[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || value === null || typeof value === 'function') continue
    for (const item of Array.isArray(value) ? value : [value]) lines.push(receivedLine(name, text(item)))
  }
  return lines
}

function readList(list: readonly unknown[]): Header[] | undefined {
  const lines: Header[] = []
  if (list.every((item) => typeof item === 'string' || ArrayBuffer.isView(item))) {
    if (list.length % 2 !== 0) return undefined
    for (let i = 0; i < list.length; i += 2) lines.push(receivedLine(text(list[i]), text(list[i + 1])))
    return lines
  }
  for (const item of list) {
    if (Array.isArray(item) && item.length === 2) lines.push(receivedLine(text(item[0]), text(item[1])))
    else if (hasMembers(item) && typeof item.name === 'string')
      lines.push(receivedLine(item.name, text(item.value)))
    else return undefined
  }
  return lines
}

/** A Fetch `Headers` object has joined lines of the same name, except for Set-Cookie. */
function readHeadersObject(headers: Members): Header[] {
  const cookies = hasMethods(headers, 'getSetCookie')
    ? (call(headers, 'getSetCookie') as readonly string[])
    : undefined
  const lines: Header[] = []
  for (const [name, value] of headers as unknown as Iterable<[string, string]>) {
    if (cookies === undefined || !equalsIgnoringCase(name, 'set-cookie'))
      lines.push(receivedLine(name, text(value)))
  }
  for (const cookie of cookies ?? []) lines.push(receivedLine('set-cookie', cookie))
  return lines
}

/** One character per byte. */
function text(value: unknown): string {
  if (!ArrayBuffer.isView(value)) return String(value)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
}
