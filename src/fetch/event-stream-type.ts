/** The MIME type of a response, as far as an EventSource asks for it. */
import type { Deviations } from './deviations.js'
import { decodeAndSplit, type HeaderList, headerLines } from './header-list.js'
import { byteLowercase, isHttpTabOrSpace, stripEnds } from './http-tokens.js'
import { parseMimeType } from './mime-type.js'

/** An essence, and the charset that goes with it where one is named. */
export interface StreamType {
  readonly essence: string
  readonly charset: string | null
}

/**
 * Extracts the MIME type of a response; null for a failure.
 * @see https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
 */
export function eventStreamType(headers: HeaderList, deviations: Deviations): StreamType | null {
  let found: StreamType | null = null
  // DEVIATION: the first value counts, and where it ends.
  for (const value of candidates(headerLines(headers, 'content-type'), deviations.eventStreams.type)) {
    const type = readType(value, deviations.eventStreams.typeEndsAt)
    // 6.2. If temporaryMimeType is failure or its essence is "*/*", then continue.
    if (type === null || type.essence === '*/*') continue
    // 6.3-6.5. The last one counts; it takes over the charset of those before of its essence.
    if (found?.essence !== type.essence) found = type
    else if (type.charset !== null) found = type
  }
  return found
}

function candidates(lines: readonly string[], which: Deviations['eventStreams']['type']): readonly string[] {
  if (lines.length === 0) return lines
  switch (which) {
    case 'extracted':
      return decodeAndSplit(lines.join(', '))
    case 'first':
      return lines.join(', ').split(',', 1)
    case 'first-of-last-line':
      return (lines.at(-1) as string).split(',', 1)
  }
}

function readType(value: string, endsAt: RegExp | null): StreamType | null {
  if (endsAt === null) {
    const type = parseMimeType(value)
    return type === null ? null : { essence: type.essence, charset: type.parameters.get('charset') ?? null }
  }
  const text = stripEnds(value, isHttpTabOrSpace)
  const semicolon = text.indexOf(';')
  const named = semicolon === -1 ? text : text.slice(0, semicolon)
  const essence = byteLowercase(named.split(endsAt, 1)[0] as string)
  if (!essence.includes('/')) return null
  const charset =
    semicolon === -1 ? undefined : parseMimeType(`a/b${text.slice(semicolon)}`)?.parameters.get('charset')
  return { essence, charset: charset?.trim() ?? null }
}
