/** Small wordings and checks that several matchers share. */

import { describeValue } from '../text/describe-value.js'
import { shown } from '../text/shown.js'
import { CorsUsageError } from '../text/usage-error.js'

/** A value as a message shows it: control characters escaped, cut in the middle. */
export function quoted(value: string): string {
  return `'${shown(value)}'`
}

/** Names as the first line shows them: one alone, several as a list. */
export function quotedNames(names: readonly string[]): string {
  const text = names.map(quoted).join(', ')
  return names.length === 1 ? text : `[${text}]`
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
