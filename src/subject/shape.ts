/** Values are told by their shape, never by `instanceof`: they may come from another copy of a library, or another realm. */

/** The members of anything. */
export type Members = Readonly<Record<string, unknown>>

/** Whether a value has members: an object or a function. */
export function hasMembers(value: unknown): value is Members {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

/** Whether a value has all of these methods. */
export function hasMethods(value: unknown, ...names: readonly string[]): value is Members {
  if (!hasMembers(value)) return false
  for (const name of names) if (typeof value[name] !== 'function') return false
  return true
}

/** The members of a member, or undefined where it has none. */
export function membersOf(value: Members, name: string): Members | undefined {
  const member = value[name]
  return hasMembers(member) ? member : undefined
}

/** Calls a method that {@link hasMethods} has found. */
export function call(value: Members, name: string, ...args: unknown[]): unknown {
  return (value[name] as (...args: unknown[]) => unknown).apply(value, args)
}

/** A string member, or undefined. */
export function stringOf(value: Members | undefined, name: string): string | undefined {
  const member = value?.[name]
  return typeof member === 'string' ? member : undefined
}

/** What a value is, in a few words for a message: never its contents, which may be secret or long. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string')
    return value === '' ? 'the empty string' : `the string ${JSON.stringify(value.slice(0, 60))}`
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`
  if (typeof value !== 'object') return `the ${typeof value} ${String(value)}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  const name: unknown = value.constructor?.name
  if (typeof name === 'string' && name !== '' && name !== 'Object') return `an object of class ${name}`
  const keys = Object.keys(value)
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ', …' : ''}`
}
