/** Small wordings and checks that several matchers share. */

import { argument, row } from '../../text/shown.js'
import { CorsUsageError, describeValue } from '../../text/usage-error.js'

/** Names as the first line shows them: one alone, several as a list. */
export function quotedNames(names: readonly string[]): string {
  const [only = ''] = names
  return names.length === 1 ? argument(only) : `[${row(names.map(argument))}]`
}

/** A name or several, each once. @throws CorsUsageError for an empty list, or what is no string */
export function namesOf(matcher: string, what: string, value: string | readonly string[]): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const name of names) {
    if (typeof name === 'string' && name !== '') continue
    throw new CorsUsageError(`${matcher} takes a ${what} or a list of them; got ${describeValue(name)}`)
  }
  if (names.length === 0) throw new CorsUsageError(`${matcher} got an empty list: name at least one ${what}`)
  return [...new Set(names as readonly string[])]
}
