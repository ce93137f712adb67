/** Header lines that contradict each other: an answer that has such is none to some engines. */
import type { Deviations } from './deviations.js'
import type { Failure } from './failure.js'
import { type HeaderList, headerLines } from './header-list.js'

/** The header of which a response has two different lines that this engine does not put up with, or null. */
export function conflictingLines(
  headers: HeaderList,
  { responses: { conflictingLinesRefused } }: Deviations,
): (Pick<Failure, 'value'> & { readonly header: string }) | null {
  for (const header of conflictingLinesRefused) {
    const lines = headerLines(headers, header)
    if (lines.some((value) => value !== lines[0])) return { header, value: lines.join(', ') }
  }
  return null
}
