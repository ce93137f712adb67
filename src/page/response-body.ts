/** What Node's `Response` makes of what came over the wire. */
import type { Deviations } from '../fetch/deviations.js'
import type { Header, HeaderList } from '../fetch/header-list.js'
import { byteLowercase } from '../fetch/http-tokens.js'

/** The header lines as a script reads them: one per name, combined and decoded as the engine does. */
export function scriptHeaderLines(lines: HeaderList, deviations: Deviations): Header[] {
  const byName = new Map<string, string[]>()
  for (const [name, value] of lines) {
    const key = byteLowercase(name)
    const values = byName.get(key)
    if (values === undefined) byName.set(key, [value])
    else values.push(value)
  }
  return [...byName.keys()].sort().flatMap((name): Header[] => {
    const values = byName.get(name) as string[]
    // DEVIATION: what is there twice is hidden.
    if (deviations.responses.hiddenWhereRepeated.has(name) && values.filter(isNotEmpty).length > 1) return []
    const combined = values.length > 1 ? combine(name, values, deviations) : (values[0] as string)
    return [[name, deviations.responses.decodesAsUtf8 ? decodeUtf8(combined) : combined]]
  })
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
