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
