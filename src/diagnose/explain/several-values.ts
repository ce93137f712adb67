/** Why `Access-Control-Allow-Origin` holds several values. */
import type { PossibleCause } from './cause.js'

const DOUBLED: PossibleCause = {
  causes: ['doubled'],
  words: 'two layers, such as a proxy and the app behind it, both add it',
}

/** The possible causes, the likelier first. Many clients join lines of the same name, so that one line may have been two. */
export function severalValues(value: string): PossibleCause[] {
  const values = value.split(',').map((one) => one.trim())
  if (values.includes('*') || new Set(values).size < values.length) return [DOUBLED]
  return [
    {
      causes: ['misspelt'],
      words: 'the server lists every origin it allows, where it has to send just the one that asked',
    },
    DOUBLED,
  ]
}
