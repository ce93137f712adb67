/** Header lines that contradict each other: an answer that has such is none to some engines. */
import type { Deviations } from './deviations.js'
import type { Failure } from './failure.js'
import { getHeader, type HeaderList } from './header-list.js'
import { byteLowercase } from './http-tokens.js'

/** The header of which a response has two different lines that this engine does not put up with, or null. */
export function conflictingLines(
  headers: HeaderList,
  { conflictingLinesRefused }: Deviations,
): (Pick<Failure, 'value'> & { readonly header: string }) | null {
  if (conflictingLinesRefused.size === 0) return null
  let seen: Map<string, string> | undefined
  for (const [spelling, value] of headers) {
    const name = byteLowercase(spelling)
    if (!conflictingLinesRefused.has(name)) continue
    seen ??= new Map()
    const first = seen.get(name)
    if (first === undefined) seen.set(name, value)
    else if (first !== value)
      return { header: USUAL_SPELLING[name] ?? spelling, value: getHeader(headers, name) }
  }
  return null
}

const USUAL_SPELLING: Readonly<Record<string, string>> = {
  'content-disposition': 'Content-Disposition',
  location: 'Location',
}
