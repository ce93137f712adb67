/** What Node's `Response` makes of what came over the wire. */
import type { Deviations } from '../fetch/deviations.js'
import { type Header, type HeaderList, headerLines, sortedOnce } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'

/**
 * The header lines as a script reads them: one per name, combined and decoded as the engine does.
 * @param names those that it may read, lower case, sorted; default: all of them
 */
export function scriptHeaderLines(
  lines: HeaderList,
  deviations: Deviations,
  names: readonly string[] = sortedOnce(lines.map(([name]) => byteLowercase(name))),
): Header[] {
  const read: Header[] = []
  for (const name of names) {
    const values = headerLines(lines, name)
    // DEVIATION: what is there twice is hidden.
    if (deviations.responses.hiddenWhereRepeated.has(name) && values.filter(isNotEmpty).length > 1) continue
    const combined = values.length > 1 ? combine(name, values, deviations) : (values[0] as string)
    read.push([name, deviations.responses.decodesAsUtf8 ? decodeUtf8(combined) : combined])
  }
  return read
}

function combine(name: string, values: readonly string[], deviations: Deviations): string {
  // DEVIATION: the first line counts.
  if (deviations.responses.firstLineCounts.has(name)) return values[0] as string
  // Firefox keeps the empty lines of this one, but for those at the beginning.
  // DEVIATION: the types are joined without a space.
  if (name === 'content-type' && deviations.responses.contentTypeSeparator !== ', ')
    return values
      .slice(values.findIndex((value) => value !== ''))
      .join(deviations.responses.contentTypeSeparator)
  // DEVIATION: empty lines are kept, but for those at the end.
  if (deviations.responses.keepsEmptyLinesOf.has(name)) return values.join(', ').trimEnd()
  return (deviations.responses.dropsEmptyLines ? values.filter(isNotEmpty) : values).join(', ')
}

const isNotEmpty = (value: string): boolean => value !== ''

/** Bytes that are no UTF-8 come out as those of U+FFFD. */
function decodeUtf8(bytes: string): string {
  if (!/[\u0080-\u00ff]/.test(bytes)) return bytes
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))
  return String.fromCharCode(...new TextEncoder().encode(text))
}
