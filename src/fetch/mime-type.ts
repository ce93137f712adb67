/** MIME types, as far as CORS looks at them: the essence decides, the parameters ride along. */
import type { HeaderNames } from './header-list.js'
import {
  byteLowercase,
  collectHttpQuotedString,
  isHttpWhitespace,
  isToken,
  stripEnd,
  stripEnds,
} from './http-tokens.js'

/** @see https://mimesniff.spec.whatwg.org/#mime-type-representation */
export interface MimeType {
  /** `type/subtype`, lower case. @see https://mimesniff.spec.whatwg.org/#mime-type-essence */
  readonly essence: string
  /** Parameter names are lower case; the first of a name wins. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Parses a MIME type; null for a failure. @see https://mimesniff.spec.whatwg.org/#parse-a-mime-type */
export function parseMimeType(value: string): MimeType | null {
  const essence = essenceText(value)
  const slash = essence.indexOf('/')
  if (slash === -1 || !isToken(essence.slice(0, slash)) || !isToken(essence.slice(slash + 1))) return null
  const semicolon = value.indexOf(';')
  const parameters =
    semicolon === -1
      ? new Map<string, string>()
      : parseParameters(stripEnd(value, isHttpWhitespace), semicolon + 1)
  return { essence: byteLowercase(essence), parameters }
}

/** What is the essence of a MIME type if it is one. White space around it goes; within it, it makes the type or the subtype no token. */
function essenceText(value: string): string {
  const semicolon = value.indexOf(';')
  return stripEnds(semicolon === -1 ? value : value.slice(0, semicolon), isHttpWhitespace)
}

/** Whether a value is a MIME type of one of these essences: since they are MIME types, what equals one needs no parsing. */
export function hasEssence(value: string, essences: HeaderNames): boolean {
  return essences.has(essenceText(value))
}

const QUOTED_STRING_TOKEN_CODE_POINTS = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

function parseParameters(input: string, start: number): Map<string, string> {
  const parameters = new Map<string, string>()
  let position = start
  while (position < input.length) {
    while (position < input.length && isHttpWhitespace(input.charCodeAt(position))) position++
    const nameStart = position
    while (position < input.length && input[position] !== ';' && input[position] !== '=') position++
    const name = byteLowercase(input.slice(nameStart, position))
    if (position >= input.length) break
    if (input[position] === ';') {
      position++
      continue
    }
    position++
    if (position >= input.length) break
    let value: string
    if (input[position] === '"') {
      const quoted = collectHttpQuotedString(input, position, true)
      value = quoted.value
      position = input.indexOf(';', quoted.end)
      if (position === -1) position = input.length
    } else {
      let end = input.indexOf(';', position)
      if (end === -1) end = input.length
      value = stripEnd(input.slice(position, end), isHttpWhitespace)
      position = end
      if (value === '') {
        position++
        continue
      }
    }
    if (isToken(name) && QUOTED_STRING_TOKEN_CODE_POINTS.test(value) && !parameters.has(name))
      parameters.set(name, value)
    position++
  }
  return parameters
}

/** @see https://mimesniff.spec.whatwg.org/#serialize-a-mime-type */
export function serializeMimeType(mimeType: MimeType): string {
  let out = mimeType.essence
  for (const [name, value] of mimeType.parameters) {
    out += `;${name}=${isToken(value) ? value : `"${value.replace(/(["\\])/g, '\\$1')}"`}`
  }
  return out
}
