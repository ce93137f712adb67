import { literal, shown } from './shown.js'

/** What a value is, in a few words for a message: never the contents of an object, which may be secret or long. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return value === '' ? 'the empty string' : `the string ${literal(value)}`
  if (typeof value === 'function')
    return value.name === '' ? 'a function' : `the function ${shown(String(value.name))}`
  if (typeof value !== 'object') return `the ${typeof value} ${shown(String(value))}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  const name: unknown = value.constructor?.name
  if (typeof name === 'string' && name !== '' && name !== 'Object') return `an object of class ${shown(name)}`
  const keys = Object.keys(value)
  return keys.length === 0
    ? 'an empty object'
    : `an object with ${keys
        .slice(0, 5)
        .map((key) => shown(key))
        .join(', ')}${keys.length > 5 ? ', …' : ''}`
}
